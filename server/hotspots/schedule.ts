/** Which months the calendar owes an analysis. Pure: what is held and what was asked for in, months out. */
import { addMonths, firstDay, monthsBetween } from './months.ts';

export interface ScheduleState {
  readonly every: 'monthly' | 'quarterly' | 'off';
  /** Days after a month's end after which a source that stays away is not waited for. */
  readonly waitDays: number;
  readonly today: string;
  /** Months held by source, without made-up sources. */
  readonly held: readonly { readonly source: string; readonly month: string }[];
  /** Months asked for before, the latest first, with how their job stands and the run it left. */
  readonly asked: readonly { readonly month: string; readonly jobId: string; readonly tries: number; readonly state: string | null; readonly runId: string | null }[];
}

export interface DueMonth {
  readonly month: string;
  readonly tries: number;
}

/** After so many jobs that failed a person has to look. */
const mostTries = 3;

/**
 * The months due: those after the last one asked for whose data have come in, oldest first (only the latest when none was ever asked for),
 * and those whose job failed fewer than three times. A month's data have come in when every source that holds the month before holds it too,
 * or when the wait is over.
 */
export function decideDue(state: ScheduleState): DueMonth[] {
  if (state.every === 'off') return [];
  const again = state.asked.filter((one) => (one.state === 'failed' || one.state === null) && one.runId === null && one.tries < mostTries).map(({ month, tries }) => ({ month, tries: tries + 1 }));
  const ready = [...new Set(state.held.map((row) => row.month))].sort().filter((month) => isTurn(state, month) && hasCome(state, month));
  const last = state.asked[0]?.month;
  const fresh = last === undefined ? ready.slice(-1) : ready.filter((month) => month > last);
  return [...again, ...fresh.map((month) => ({ month, tries: 1 }))].sort((a, b) => (a.month < b.month ? -1 : 1));
}

const isTurn = ({ every }: ScheduleState, month: string): boolean => every === 'monthly' || Number(month.slice(5)) % 3 === 0;

function hasCome(state: ScheduleState, month: string): boolean {
  return missingSources(state, month).length === 0 || waited(state, month);
}

function missingSources({ held }: ScheduleState, month: string): string[] {
  const has = (source: string, one: string): boolean => held.some((row) => row.source === source && row.month === one);
  return [...new Set(held.map((row) => row.source))].filter((source) => has(source, addMonths(month, -1)) && !has(source, month));
}

function waited({ today, waitDays }: ScheduleState, month: string): boolean {
  const end = Date.parse(`${firstDay(addMonths(month, 1))}T00:00:00Z`);
  return Date.parse(`${today}T00:00:00Z`) - end >= waitDays * 86_400_000;
}

/** What the next analysis by the calendar waits for, in a sentence. */
export function scheduleWords(state: ScheduleState): string {
  if (state.every === 'off') return 'No analysis is made by the calendar.';
  const often = state.every === 'monthly' ? 'Each month' : 'Each quarter';
  const last = state.asked[0]?.month;
  const latest = [...new Set(state.held.map((row) => row.month))].sort().at(-1);
  if (!latest) return `${often} is analysed once its data have come in; none have yet (made-up data are not analysed by the calendar).`;
  const next = monthsBetween(addMonths(last ?? latest, last ? 1 : 0), addMonths(last ?? latest, 3)).find((month) => isTurn(state, month)) ?? latest;
  const missing = missingSources(state, next);
  const held = state.held.some((row) => row.month === next);
  return `${often} is analysed once its data have come in, looked for each night. Next: ${next}, ${!held ? 'for which nothing has been imported yet' : missing.length > 0 && !waited(state, next) ? `which waits for ${missing.join(', ')}` : 'which is due'}.`;
}
