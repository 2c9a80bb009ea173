/** The rows of the hours page: lines, the visits behind them, refusals and decisions. */
import { rateBandNames } from '../../server/grants/contract.ts';
import { staffCategoryNames } from '../../server/patrols/contract.ts';
import type { CheckedVisit, HoursCheck, HoursCheckLine, HoursDecision, Refusal } from '../../server/claims/hoursContract.ts';
import { clockTime, count, money } from '../format.ts';
import { html } from '../html.ts';
import { tag } from '../states.ts';
import type { Column } from '../table.ts';

export type LineRow = HoursCheckLine & { index: number };
export type VisitRow = CheckedVisit & { paidMinutes: number; amountPence: number };
export type RefusalRow = Refusal;

export interface ReasonRow {
  reason: string;
  rows: number;
  minutes: number;
  share: number | null;
}

/** Refused minutes by reason, most first. */
export function reasonRows({ refused, totals }: HoursCheck): ReasonRow[] {
  const found = new Map<string, ReasonRow>();
  for (const { reason, minutes } of refused) {
    const row = found.get(reason) ?? { reason, rows: 0, minutes: 0, share: null };
    found.set(reason, { ...row, rows: row.rows + 1, minutes: row.minutes + minutes });
  }
  return [...found.values()].map((row) => ({ ...row, share: row.minutes / totals.recordedPersonMinutes })).sort((a, b) => b.minutes - a.minutes);
}

const visitsWords = ({ visits }: LineRow): string => (visits.length === 1 ? '1 visit' : `${count(visits.length)} visits`);

export const lineColumns = (open: (index: number) => void): readonly Column<LineRow>[] => [
  { key: 'band', label: 'Band', value: (row) => rateBandNames[row.band] },
  { key: 'head', label: 'Budget head', value: (row) => row.head || 'none' },
  { key: 'rate', label: 'An hour', kind: 'money', value: (row) => row.pencePerHour },
  { key: 'from', label: 'Rate from', kind: 'date', value: (row) => row.validFrom },
  { key: 'minutes', label: 'Person-hours', kind: 'minutes', value: (row) => row.minutes, sum: true },
  { key: 'amount', label: 'Amount', kind: 'money', value: (row) => row.amountPence, sum: true },
  { key: 'payable', label: 'Payable', kind: 'money', value: (row) => row.payablePence, sum: true },
  { key: 'open', label: 'Visits', bare: true, value: () => '', show: (row) => html`<button type="button" class="table__choose" aria-label="${visitsWords(row)} of ${rateBandNames[row.band]} at ${money(row.pencePerHour)}" @click=${() => open(row.index)}>${visitsWords(row)}</button>` },
];

const who = (wardens: readonly string[], persons: number): string => [...wardens, ...(persons > wardens.length ? [`${persons - wardens.length} not named`] : [])].join(', ');

export const visitColumns: readonly Column<VisitRow>[] = [
  { key: 'hotspot', label: 'Hotspot', value: (row) => row.hotspot },
  { key: 'start', label: 'Started', kind: 'instant', value: (row) => row.startedAt },
  { key: 'end', label: 'Ended', value: (row) => clockTime(row.endedAt) },
  { key: 'who', label: 'Who', value: (row) => who(row.wardens, row.persons) },
  { key: 'patrol', label: 'Patrol', value: (row) => (row.patrolReference === row.id ? 'its own' : row.patrolReference) },
  { key: 'minutes', label: 'Person-hours in the line', kind: 'minutes', value: (row) => row.paidMinutes, sum: true },
  { key: 'amount', label: 'Amount', kind: 'money', value: (row) => row.amountPence, sum: true },
];

export const clashColumns: readonly Column<CheckedVisit>[] = [
  { key: 'hotspot', label: 'Hotspot', value: (row) => row.hotspot },
  { key: 'start', label: 'Started', kind: 'instant', value: (row) => row.startedAt },
  { key: 'end', label: 'Ended', value: (row) => clockTime(row.endedAt) },
  { key: 'staff', label: 'Staff', value: (row) => staffCategoryNames[row.staffCategory] },
  { key: 'who', label: 'Who', value: (row) => who(row.wardens, row.persons) },
  { key: 'patrol', label: 'Patrol', value: (row) => (row.patrolReference === row.id ? 'its own' : row.patrolReference) },
];

const decisionKinds = { explained: 'info', accepted: 'good', declined: 'danger', corrected: 'plain' } as const;
export const decisionTag = ({ state }: HoursDecision) => tag(state, decisionKinds[state]);

export const refusalColumns = (open: (key: string) => void): readonly Column<RefusalRow>[] => [
  { key: 'day', label: 'Day', kind: 'date', value: (row) => row.day },
  { key: 'time', label: 'Time', value: (row) => `${clockTime(row.from)} to ${clockTime(row.to)}` },
  { key: 'hotspot', label: 'Hotspot', value: (row) => row.hotspot },
  { key: 'who', label: 'Who', value: (row) => row.wardenReference ?? (row.persons === 1 ? 'not named' : `${row.persons} persons`) },
  { key: 'minutes', label: 'Person-hours', kind: 'minutes', value: (row) => row.minutes, sum: true },
  { key: 'reason', label: 'Reason', value: (row) => row.reason },
  { key: 'says', label: 'Why', value: (row) => row.says },
  { key: 'state', label: 'State', value: (row) => row.decision?.state ?? 'open', show: (row) => (row.decision ? decisionTag(row.decision) : tag('open', 'warning')) },
  { key: 'open', label: 'Rows', bare: true, value: () => '', show: (row) => html`<button type="button" class="table__choose" aria-label="Open ${row.reason} of ${row.day}, ${clockTime(row.from)}" @click=${() => open(row.key)}>Open</button>` },
];

export const decisionColumns: readonly Column<HoursDecision>[] = [
  { key: 'day', label: 'Day', kind: 'date', value: (row) => row.day },
  { key: 'reason', label: 'Refused as', value: (row) => row.reason },
  { key: 'minutes', label: 'Person-hours', kind: 'minutes', value: (row) => row.minutes },
  { key: 'explanation', label: 'Explained', value: (row) => row.explanation },
  { key: 'explained', label: 'On', kind: 'instant', value: (row) => row.explainedAt },
  { key: 'state', label: 'State', value: (row) => row.state, show: decisionTag },
  { key: 'why', label: 'Decision', value: (row) => row.decidedWhy, missing: (row) => (row.state === 'corrected' ? 'not needed' : 'waits for a second person') },
  { key: 'decided', label: 'Decided', kind: 'instant', value: (row) => row.decidedAt, missing: 'not yet' },
];
