/** Moving a hotspot: by the handle on the map, by arrow keys or buttons, or by typing metres; the server says what speaks against it. */
import { moveHotspot, previewMove } from '../../server/changes/contract.ts';
import type { HotspotDetail } from '../../server/hotspots/hotspotContract.ts';
import { call } from '../api.ts';
import { createForm, type Form } from '../form.ts';
import { button } from '../frame.ts';
import { html, nothing, type Content } from '../html.ts';
import { type MovingOutline, movingOutline } from '../map/moving.ts';
import { navigate } from '../router.ts';
import { note } from '../states.ts';
import { type ChangeForm, type ChangePlace, fromField, reasonField } from './hotspotFields.ts';

interface State {
  east: number;
  north: number;
  problem: string | null;
  moving: MovingOutline | undefined;
  /** Counts what was asked, so that a late answer says nothing of a newer place. */
  asked: number;
  place: ChangePlace | undefined;
}

const stepMetres = 25;

export function moveChange(hotspot: HotspotDetail): ChangeForm {
  const state: State = { east: 0, north: 0, problem: null, moving: undefined, asked: 0, place: undefined };
  return {
    name: 'move', label: 'Move', about: 'Drag the handle on the map, press arrow keys on it, use the buttons, or type metres. The outline before keeps its days; the moved one gets a baseline of its own.',
    form: (place) => begin(hotspot, state, place),
    beside: () => stepButtons(hotspot, state),
    leave: () => state.place?.map.set('marks', null),
  };
}

function begin(hotspot: HotspotDetail, state: State, place: ChangePlace): Form {
  Object.assign(state, { east: 0, north: 0, problem: null, place });
  state.moving = movingOutline(hotspot.outline, { moved: (east, north) => moved(hotspot, state, east, north, 'map') });
  place.map.set('marks', state.moving.layer);
  return createForm({
    fields: [
      { kind: 'number', name: 'eastMetres', label: 'East by', hint: 'Less than 0 for west', unit: 'metres', value: 0, required: true },
      { kind: 'number', name: 'northMetres', label: 'North by', hint: 'Less than 0 for south', unit: 'metres', value: 0, required: true },
      fromField(), reasonField,
    ],
    submit: 'Move hotspot', redraw: place.draw,
    changed: ({ eastMetres, northMetres }) => moved(hotspot, state, Number(eastMetres ?? 0), Number(northMetres ?? 0), 'fields'),
    action: async (values) => {
      await call(moveHotspot, moveHotspot.input.parse({ id: hotspot.id, ...values }));
      await navigate(`/hotspots/${hotspot.id}`);
    },
  });
}

/** Map and fields say the same; then the server is asked. */
function moved(hotspot: HotspotDetail, state: State, east: number, north: number, by: 'map' | 'fields' | 'buttons'): void {
  if (!Number.isFinite(east) || !Number.isFinite(north) || (east === state.east && north === state.north)) return;
  Object.assign(state, { east, north });
  if (by !== 'map') state.moving?.place(east, north);
  if (by !== 'fields') {
    type(state, 'eastMetres', east);
    type(state, 'northMetres', north);
  }
  void ask(hotspot, state);
}

function type(state: State, name: string, value: number): void {
  const field = state.place?.root.querySelector(`input[name="${name}"]`);
  if (field instanceof HTMLInputElement) field.value = String(value);
}

async function ask(hotspot: HotspotDetail, state: State): Promise<void> {
  const asked = ++state.asked;
  const answer = await call(previewMove, { id: hotspot.id, eastMetres: state.east, northMetres: state.north }).catch(() => undefined);
  if (asked !== state.asked || !answer) return;
  state.problem = answer.problem;
  state.place?.draw();
}

function stepButtons(hotspot: HotspotDetail, state: State): Content {
  const by = (label: string, east: number, north: number): Content => button(label, () => moved(hotspot, state, state.east + east, state.north + north, 'buttons'));
  return html`<p id="move-by">Move by ${stepMetres} metres to the</p><div class="govuk-button-group" role="group" aria-labelledby="move-by">
      ${by('West', -stepMetres, 0)}${by('North', 0, stepMetres)}${by('South', 0, -stepMetres)}${by('East', stepMetres, 0)}
    </div>
    <div aria-live="polite">${state.problem ? note('warning', state.problem) : nothing}</div>`;
}
