/** Splitting a hotspot by a straight line: slid on the map by its handle or arrow keys, or typed. */
import { splitHotspot } from '../../server/changes/contract.ts';
import type { HotspotDetail } from '../../server/hotspots/hotspotContract.ts';
import { call } from '../api.ts';
import type { Field } from '../fields.ts';
import { createForm, type Form } from '../form.ts';
import { type Cut, type CuttingLine, cuttingLine } from '../map/cutting.ts';
import { navigate } from '../router.ts';
import { type ChangeForm, type ChangePlace, fromField, reasonField } from './hotspotFields.ts';

const fields: readonly Field[] = [
  { kind: 'radios', name: 'line', label: 'The line runs', required: true, value: 'north-south', options: [{ value: 'north-south', label: 'from north to south: a west and an east part' }, { value: 'west-east', label: 'from west to east: a north and a south part' }] },
  { kind: 'number', name: 'offsetMetres', label: 'Beside the middle by', hint: 'East or north of it; less than 0 for west or south', unit: 'metres', value: 0 },
  { kind: 'text', name: 'one', label: 'Name of the west or north part', required: true },
  { kind: 'text', name: 'other', label: 'Name of the east or south part', required: true },
  fromField(), reasonField,
];

export function splitChange(hotspot: HotspotDetail): ChangeForm {
  let leave = (): void => undefined;
  return {
    name: 'split', label: 'Split', about: 'Drag the line’s handle on the map, press arrow keys on it, or type metres. The hotspot ends on the day, and two begin on it, each with a baseline of its own.',
    form: (place) => {
      leave = () => place.map.set('marks', null);
      return begin(hotspot, place);
    },
    leave: () => leave(),
  };
}

function begin(hotspot: HotspotDetail, { map, root, draw }: ChangePlace): Form {
  const cutting: CuttingLine = cuttingLine(hotspot.outline, (offset) => {
    const field = root.querySelector('input[name="offsetMetres"]');
    if (field instanceof HTMLInputElement) field.value = String(offset);
  });
  map.set('marks', cutting.layer);
  return createForm({
    fields, submit: 'Split hotspot', redraw: draw,
    changed: ({ line, offsetMetres }) => cutting.place(line as Cut, Number.isFinite(Number(offsetMetres ?? 0)) ? Number(offsetMetres ?? 0) : 0),
    action: async ({ one, other, ...values }) => {
      await call(splitHotspot, splitHotspot.input.parse({ id: hotspot.id, ...values, names: [one, other] }));
      await navigate(`/hotspots/${hotspot.id}`);
    },
  });
}
