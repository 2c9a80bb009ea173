/** A week of a rota as a grid: a row a warden, a column a day. Changed by dragging, or by keys on the cell that has the focus. */
import type { DraftShift, RotaDraft } from '../../server/rota/draftContract.ts';
import { clockTime, hoursMinutes, shortDate } from '../format.ts';
import { html, nothing, type Content, type TemplateResult } from '../html.ts';
import { addDays, dayNames } from '../weeks.ts';
import { codesAt, type Place } from './rotaMoves.ts';

export interface RotaGridOptions {
  readonly draft: RotaDraft;
  /** Monday. */
  readonly week: string;
  readonly chosen: Place | null;
  readonly carried: Place | null;
  /** The cell that Tab reaches; the arrows go on from there. */
  readonly at: Place | null;
  readonly visit: (place: Place) => void;
  readonly choose: (place: Place) => void;
  readonly put: (place: Place, code: string | null) => void;
  readonly pickUp: (place: Place) => void;
  readonly drop: (from: Place, to: Place) => void;
  /** A cell has the focus, or something is dragged over it: with what is carried there, or null. */
  readonly over: (from: Place | null, to: Place) => void;
  readonly letGo: () => void;
}

const same = (a: Place | null, b: Place): boolean => a?.wardenId === b.wardenId && a.day === b.day;
const awayNames: Record<string, string> = { leave: 'Leave', absence: 'Absent', unavailable: 'Away' };
export const shiftTimes = ({ startsAt, endsAt }: Pick<DraftShift, 'startsAt' | 'endsAt'>): string => `${clockTime(startsAt)}–${clockTime(endsAt)}`;

/** What is dragged: a drag tells of it only when it is dropped. */
let dragged: Place | null = null;

export function rotaGrid(options: RotaGridOptions): TemplateResult {
  const { draft, week } = options;
  const days = Array.from({ length: 7 }, (_, index) => addDays(week, index));
  const held = new Set(draft.shifts.map(({ day }) => day));
  const first = draft.wardens.flatMap(({ id }) => days.filter((day) => held.has(day)).map((day) => ({ wardenId: id, day })));
  const stop = first.find((place) => same(options.at, place)) ?? first[0] ?? null;
  return html`<div class="weekgrid rota" role="region" tabindex="0" aria-label="Rota of the week from ${shortDate(week)}"><table class="weekgrid__table">
    <caption class="table__caption"><span class="table__name">Week from ${shortDate(week)}</span> <span class="table__about">wardens by day; local clock</span></caption>
    <thead><tr><th scope="col" class="weekgrid__place">Warden</th>${days.map((day, index) => html`<th scope="col">${dayNames[index]?.slice(0, 3)} ${Number(day.slice(8))}${draft.bankHolidays.includes(day) ? html`<span class="rota__holiday">bank holiday</span>` : nothing}</th>`)}
      <th scope="col" class="is-number">Week</th></tr></thead>
    <tbody>${draft.wardens.map((warden) => html`<tr><th scope="row" class="weekgrid__place">${warden.reference}</th>
      ${days.map((day) => cellOf(options, { wardenId: warden.id, day }, { held: held.has(day), stop }))}
      <td class="is-number">${hoursMinutes(minutesOf(draft, warden.id, days))}</td></tr>`)}</tbody>
    <tfoot>${shiftRows(draft, days)}</tfoot>
  </table></div>`;
}

function minutesOf({ shifts, cells }: RotaDraft, wardenId: string, days: readonly string[]): number {
  const own = new Set(cells.filter((cell) => cell.wardenId === wardenId).map(({ shiftId }) => shiftId));
  return shifts.filter(({ id, day }) => own.has(id) && days.includes(day)).reduce((sum, { minutes }) => sum + minutes, 0);
}

function cellOf(options: RotaGridOptions, place: Place, { held, stop }: { held: boolean; stop: Place | null }): TemplateResult {
  const { draft, chosen, carried } = options;
  if (!held) return html`<td class="rota__none"></td>`;
  const warden = draft.wardens.find(({ id }) => id === place.wardenId);
  const names = codesAt(draft, place).map((code) => draft.shifts.find((shift) => shift.day === place.day && shift.code === code)?.name ?? code);
  const breaches = draft.breaches.filter(({ wardenId, day }) => wardenId === place.wardenId && day === place.day);
  const away = warden?.away.find(({ day }) => day === place.day);
  const open = breaches.some(({ reason }) => reason === null);
  const says = [warden?.reference ?? '', shortDate(place.day), names.join(' and ') || 'no shift', away ? (awayNames[away.reason] ?? 'Away') : '', breaches.length > 0 ? `${breaches.length} ${breaches.length === 1 ? 'breach' : 'breaches'}` : ''].filter(Boolean).join(', ');
  return html`<td class="rota__cell ${names.length > 0 ? 'rota__cell--on' : ''} ${breaches.length > 0 ? (open ? 'rota__cell--breach' : 'rota__cell--allowed') : ''}">
    <div role="button" tabindex=${same(stop, place) ? '0' : '-1'} class="rota__button ${same(carried, place) ? 'is-carried' : ''}" id="cell-${place.wardenId}-${place.day}" aria-label=${says} aria-pressed=${same(chosen, place) ? 'true' : 'false'} draggable=${names.length > 0 ? 'true' : 'false'}
      @click=${() => options.choose(place)} @focus=${() => {
        options.visit(place);
        options.over(carried, place);
      }} @keydown=${(event: KeyboardEvent) => keyed(options, place, event)}
      @dragstart=${(event: DragEvent) => {
        dragged = place;
        event.dataTransfer?.setData('text/plain', JSON.stringify(place));
      }}
      @dragenter=${() => (dragged ? options.over(dragged, place) : undefined)} @dragover=${(event: DragEvent) => event.preventDefault()}
      @dragend=${() => {
        dragged = null;
        options.letGo();
      }}
      @drop=${(event: DragEvent) => dropped(options, place, event)}>${names.length > 0 ? names.join(', ') : away ? html`<span class="rota__away">${awayNames[away.reason] ?? 'Away'}</span>` : '·'}${breaches.length > 0 ? html`<span aria-hidden="true" class="rota__mark">!</span>` : nothing}</div></td>`;
}

function dropped({ drop }: RotaGridOptions, to: Place, event: DragEvent): void {
  event.preventDefault();
  const from: unknown = JSON.parse(event.dataTransfer?.getData('text/plain') || 'null');
  if (typeof from === 'object' && from !== null && 'wardenId' in from && 'day' in from) drop({ wardenId: String(from.wardenId), day: String(from.day) }, to);
}

/** Enter and space choose; arrows go from cell to cell; a digit puts the day's first, second… shift; Delete takes off; M picks up, and M again puts down; Escape lets go. */
function keyed(options: RotaGridOptions, place: Place, event: KeyboardEvent): void {
  const { draft, carried, put, pickUp, letGo, drop } = options;
  const shift = /^[1-9]$/.test(event.key) ? shiftsOn(draft, place.day)[Number(event.key) - 1] : undefined;
  const to = neighbour(options, place, event.key);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Enter' || event.key === ' ') options.choose(place);
  else if (to) document.getElementById(`cell-${to.wardenId}-${to.day}`)?.focus();
  else if (shift) put(place, shift.code);
  else if (event.key === 'Delete' || event.key === 'Backspace') put(place, null);
  else if (event.key.toLowerCase() === 'm' && carried) drop(carried, place);
  else if (event.key.toLowerCase() === 'm') pickUp(place);
  else if (event.key === 'Escape' && carried) letGo();
  else return;
  event.preventDefault();
}

function neighbour({ draft }: RotaGridOptions, { wardenId, day }: Place, key: string): Place | undefined {
  const row = draft.wardens.findIndex(({ id }) => id === wardenId);
  const step: Record<string, readonly [number, number]> = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const [rows, days] = step[key] ?? [];
  const warden = rows === undefined ? undefined : draft.wardens[row + rows];
  return warden && days !== undefined ? { wardenId: warden.id, day: addDays(day, days) } : undefined;
}

export const shiftsOn = ({ shifts }: Pick<RotaDraft, 'shifts'>, day: string): DraftShift[] => shifts.filter((shift) => shift.day === day);

/** How many of those wanted are on a shift, and how many too few or beside them. */
export function coverWords(on: number, wanted: number): { filled: string; short: string; more: string } {
  return { filled: `${Math.min(on, wanted)} of ${wanted}`, short: on < wanted ? `${wanted - on} short` : '', more: on > wanted ? `and ${on - wanted} more` : '' };
}

export function coverView(on: number, wanted: number): Content {
  const { filled, short, more } = coverWords(on, wanted);
  return html`${filled}${short ? html`<span class="rota__short">${short}</span>` : nothing}${more ? html`<span class="rota__more">${more}</span>` : nothing}`;
}

/** How many are on each shift of those wanted. */
function shiftRows(draft: RotaDraft, days: readonly string[]): Content {
  const codes = [...new Map(draft.shifts.map(({ code, name }) => [code, name]))];
  return codes.map(([code, name]) => html`<tr><th scope="row" class="weekgrid__place">${name}</th>${days.map((day) => {
    const shift = draft.shifts.find((each) => each.day === day && each.code === code);
    if (!shift) return html`<td></td>`;
    const on = draft.cells.filter(({ shiftId }) => shiftId === shift.id).length;
    return html`<td title="${shiftTimes(shift)}, ${hoursMinutes(shift.minutes)}">${coverView(on, shift.coverWanted)}</td>`;
  })}<td></td></tr>`);
}
