/** What stands beside a rota's grid: breaches with their regulation, what it costs, hours and averages, and the rosters worked out. */
import type { DraftBreach, DraftWarden, RotaDraft, RotaRun } from '../../server/rota/draftContract.ts';
import { decimal, percent, shortDate } from '../format.ts';
import { button, facts } from '../frame.ts';
import { html, nothing, type Content } from '../html.ts';
import { tag } from '../states.ts';
import type { Column } from '../table.ts';

export function breachColumns(explain: (breach: DraftBreach) => void): readonly Column<DraftBreach>[] {
  return [
    { key: 'day', label: 'Day', kind: 'date', value: ({ day }) => day },
    { key: 'sentence', label: 'What breaks', value: ({ sentence }) => sentence },
    { key: 'regulation', label: 'Regulation', value: ({ regulation }) => regulation },
    { key: 'reason', label: 'Why it stands', value: ({ reason }) => reason, missing: 'no reason yet', show: (row) => (row.reason === null ? tag('No reason yet', 'danger') : row.reason) },
    { key: 'explain', label: 'Exception', bare: true, value: () => '', show: (row) => html`<button type="button" class="table__choose" aria-label="${row.reason === null ? 'Say why it stands' : 'Change the reason'}: ${row.sentence}" @click=${() => explain(row)}>${row.reason === null ? 'Say why it stands' : 'Change the reason'}</button>` },
  ];
}

export const penaltyColumns: readonly Column<{ readonly row: number; readonly sentence: string; readonly cost: number }>[] = [
  { key: 'sentence', label: 'What counts', value: ({ sentence }) => sentence },
  { key: 'cost', label: 'Points', kind: 'decimal', digits: 0, value: ({ cost }) => cost, sum: true },
];

export const wardenColumns: readonly Column<DraftWarden>[] = [
  { key: 'reference', label: 'Warden', value: ({ reference }) => reference },
  { key: 'contract', label: 'Contract a week', kind: 'minutes', value: ({ contractMinutesPerWeek }) => contractMinutesPerWeek },
  { key: 'planned', label: 'Planned', kind: 'minutes', value: ({ plannedMinutes }) => plannedMinutes, sum: true },
  { key: 'owed', label: 'Owed', hint: 'A seventh of the contract each day, less leave', kind: 'minutes', value: ({ owedMinutes }) => Math.round(owedMinutes), sum: true },
  { key: 'average', label: 'Average week', hint: 'Hours a week over the weeks up to the end of the rota: at most 48 over 17 weeks without an opt-out', kind: 'minutes', value: ({ averageMinutes }) => Math.round(averageMinutes) },
  { key: 'weeks', label: 'Over', value: ({ averageWeeks }) => `${averageWeeks} of 17 weeks` },
  { key: 'terms', label: 'Terms', value: ({ noNights, optedOut }) => [noNights ? 'no nights' : '', optedOut ? 'opted out of 48 hours' : ''].filter(Boolean).join(', ') },
];

export function runColumns(take: (run: RotaRun) => void): readonly Column<RotaRun>[] {
  return [
    { key: 'made', label: 'Made', kind: 'instant', value: ({ madeAt }) => madeAt },
    { key: 'method', label: 'How', value: ({ method }) => method },
    { key: 'cost', label: 'Points', kind: 'decimal', digits: 0, value: ({ cost }) => cost },
    { key: 'bound', label: 'Bound', hint: 'No rota of this input has fewer points', kind: 'decimal', digits: 1, value: ({ bound }) => bound, missing: 'none' },
    { key: 'gap', label: 'From the bound', kind: 'percent', digits: 1, value: ({ gap }) => gap, missing: 'none' },
    { key: 'seed', label: 'Seed', value: ({ seed }) => seed },
    { key: 'input', label: 'Input', hint: 'First digits of the hash of wardens, shifts and rules', value: ({ inputSha256 }) => inputSha256.slice(0, 12) },
    { key: 'take', label: 'Draft', bare: true, value: () => '', show: (row) => html`<button type="button" class="table__choose" aria-label="Take as draft: ${decimal(row.cost, 0)} points, ${row.method}" @click=${() => take(row)}>Take as draft</button>` },
  ];
}

const fromNames: Record<string, string> = { greedy: 'first draft', solver: 'worked out', hand: 'changed by hand', published: 'as published' };

/** A place is filled once: whoever is on a shift beyond those wanted fills none, and is told apart. */
export function placesFact({ cells, shifts }: { readonly cells: readonly { shiftId: string }[]; readonly shifts: readonly { id: string; coverWanted: number }[] }): { label: string; value: string; note: string } {
  const wanted = shifts.reduce((sum, { coverWanted }) => sum + coverWanted, 0);
  const filled = shifts.reduce((sum, { id, coverWanted }) => sum + Math.min(coverWanted, cells.filter(({ shiftId }) => shiftId === id).length), 0);
  const beyond = cells.length - filled;
  return { label: 'Places filled', value: `${filled} of ${wanted}`, note: beyond === 0 ? 'Persons on shifts, of those wanted' : `and ${beyond} ${beyond === 1 ? 'person' : 'persons'} more than wanted, on shifts already full` };
}

export function draftFacts(draft: RotaDraft): Content {
  const open = draft.breaches.filter(({ reason }) => reason === null).length;
  return facts([
    { label: 'Breaches', value: String(draft.breaches.length), note: draft.breaches.length === 0 ? 'No rule is broken' : `${open} without a reason` },
    placesFact(draft),
    { label: 'Points', value: decimal(draft.cost, 0), note: draft.bound === null ? 'No bound for this input yet' : `At least ${decimal(draft.bound, 1)}: ${percent(draft.gap ?? 0)} above it` },
    { label: 'Draft', value: fromNames[draft.draftFrom] ?? draft.draftFrom, note: draft.rota.version === null ? 'Nothing published yet' : draft.asPublished ? `As version ${draft.rota.version}` : `Differs from version ${draft.rota.version}` },
  ]);
}

export function breachesAt(draft: RotaDraft, wardenId: string, day: string): Content {
  const here = draft.breaches.filter((breach) => breach.wardenId === wardenId && breach.day === day);
  return here.length === 0 ? nothing : html`<ul class="govuk-list govuk-list--bullet">${here.map(({ sentence, regulation }) => html`<li>${sentence} <em>${regulation}</em></li>`)}</ul>`;
}

export const weekButtons = (weeks: readonly string[], week: string, show: (week: string) => void): Content => html`<div class="rota__weeks" role="group" aria-label="Week">
  ${weeks.map((each) => html`<button type="button" class="rota__week" aria-pressed=${each === week ? 'true' : 'false'} @click=${() => show(each)}>${shortDate(each)}</button>`)}</div>`;

export const boardActions = (undo: (() => void) | null, solve: () => void): Content => html`<div class="govuk-button-group">${button('Undo', () => undo?.(), { disabled: undo === null })}${button('Work it out again', solve)}</div>`;
