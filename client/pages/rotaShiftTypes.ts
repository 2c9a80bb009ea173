/** The shifts a council works, with their dates and the crews wanted. */
import { addShiftType, changeShiftType, type ShiftTypeRow } from '../../server/rota/contract.ts';
import { call } from '../api.ts';
import { createForm, type Field, type Values } from '../form.ts';
import { section } from '../frame.ts';
import { html, nothing, type Content } from '../html.ts';
import { mayDo } from '../session.ts';
import { emptyView } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { addDays, dayNames, today } from '../weeks.ts';

export interface ShiftTypesOptions {
  readonly redraw: () => void;
  /** Says what was done and loads the page again. */
  readonly done: (words: string) => Promise<void>;
}

const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const minuteOf = (text: unknown): number => {
  const [hours, minutes] = String(text).split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
};

export function shiftTypesOf({ redraw, done }: ShiftTypesOptions): { readonly view: (types: readonly ShiftTypeRow[]) => Content } {
  let changing: ShiftTypeRow | undefined;
  const change = (row: ShiftTypeRow): void => {
    changing = row;
    redraw();
    form.reset();
  };
  const table = createTable<ShiftTypeRow>({ caption: 'Shifts', rowId: (row) => row.id, redraw, tools: false, columns: columnsOf(change) });
  const form = createForm({
    layout: 'grid', submit: 'Keep shift', redraw, fields: () => fieldsOf(changing),
    action: async (values) => {
      const fields = toFields(values);
      if (changing) await call(changeShiftType, { id: changing.id, ...fields, reason: String(values['reason']) });
      else await call(addShiftType, { shiftTypeId: crypto.randomUUID(), ...fields });
      changing = undefined;
      await done(`Kept the shift ${fields.name}.`);
      form.reset();
    },
  });
  return {
    view: (types) => section('Shifts the council works', html`${types.length > 0 ? table.view(types) : emptyView('No shift is entered yet', 'A shift has a start, an end, and the crews wanted each day.')}
      ${mayDo('planRotas') ? html`<h3 class="govuk-heading-s">${changing ? `Change ${changing.name}` : 'Enter a shift'}</h3>${form.view()}` : nothing}`,
    { lead: 'An end at or before the start is on the next day. A night on which the clocks change lasts 9 or 7 hours by itself. What is published stays as it was.' }),
  };
}

function columnsOf(change: (row: ShiftTypeRow) => void): readonly Column<ShiftTypeRow>[] {
  return [
    { key: 'name', label: 'Shift', value: ({ name }) => name },
    { key: 'times', label: 'Times', value: ({ startMinute, endMinute }) => `${clock(startMinute)}–${clock(endMinute)}` },
    { key: 'crews', label: 'Crews from Monday to Sunday', value: ({ crews, crewSize }) => `${crews.join(', ')} of ${crewSize}` },
    { key: 'holiday', label: 'Bank holiday', value: ({ bankHolidayCrews }) => bankHolidayCrews, missing: 'as its weekday' },
    { key: 'break', label: 'Break', kind: 'minutes', value: ({ breakMinutes }) => breakMinutes },
    { key: 'from', label: 'From', kind: 'date', value: ({ validFrom }) => validFrom },
    { key: 'to', label: 'Last day', kind: 'date', value: ({ validTo }) => (validTo === null ? null : addDays(validTo, -1)), missing: 'no end set' },
    ...(mayDo('planRotas') ? [{ key: 'change', label: 'Change', bare: true, value: () => '', show: (row: ShiftTypeRow) => html`<button type="button" class="table__choose" aria-label="Change ${row.name}" @click=${() => change(row)}>Change</button>` }] : []),
  ];
}

function fieldsOf(row: ShiftTypeRow | undefined): Field[] {
  return [
    { kind: 'text', name: 'name', label: 'Name', value: row?.name, required: true, size: 'short' },
    { kind: 'text', name: 'code', label: 'Code', hint: 'Small letters, such as late', value: row?.code, required: true, size: 'short' },
    { kind: 'time', name: 'start', label: 'Starts at', value: clock(row?.startMinute ?? 840), required: true },
    { kind: 'time', name: 'end', label: 'Ends at', value: clock(row?.endMinute ?? 1320), required: true },
    ...dayNames.map((day, index): Field => ({ kind: 'number', name: `crews${index}`, label: `Crews on ${day}`, value: row?.crews[index] ?? 1, min: 0, max: 20, required: true })),
    { kind: 'number', name: 'bankHolidayCrews', label: 'Crews on a bank holiday', hint: 'As its weekday where left out', value: row?.bankHolidayCrews ?? undefined, min: 0, max: 20 },
    { kind: 'number', name: 'crewSize', label: 'Persons in a crew', value: row?.crewSize ?? 2, min: 1, max: 6, required: true },
    { kind: 'number', name: 'breakMinutes', label: 'Break', value: row?.breakMinutes ?? 30, unit: 'minutes', min: 0, max: 120, required: true },
    { kind: 'date', name: 'validFrom', label: 'First day', value: row?.validFrom ?? today(), required: true },
    { kind: 'date', name: 'lastDay', label: 'Last day', value: row?.validTo ? addDays(row.validTo, -1) : undefined },
    ...(row ? [{ kind: 'text', name: 'reason', label: 'Why', required: true } as const] : []),
  ];
}

function toFields(values: Values): Omit<ShiftTypeRow, 'id' | 'councilCode'> {
  return {
    name: String(values['name']), code: String(values['code']), startMinute: minuteOf(values['start']), endMinute: minuteOf(values['end']), crews: dayNames.map((_day, index) => Number(values[`crews${index}`])),
    bankHolidayCrews: values['bankHolidayCrews'] === undefined ? null : Number(values['bankHolidayCrews']), crewSize: Number(values['crewSize']), breakMinutes: Number(values['breakMinutes']),
    validFrom: String(values['validFrom']), validTo: values['lastDay'] === undefined ? null : addDays(String(values['lastDay']), 1),
  };
}
