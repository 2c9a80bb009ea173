/** When incidents happen in the week, decided from their times: by the local clock, per hour there was, small numbers hidden. */
import { localInstant } from '../../geo/clock.ts';
import { observedHours, weekProfile } from '../../geo/temporal.ts';
import type { HeldSource } from '../hotspots/incidentFilter.ts';
import { addMonths } from '../hotspots/months.ts';
import type { ProfileHour } from './contract.ts';

/** Changes whenever the same times would give other figures. */
export const profileVersion = 'profile-1';

/** Fewer incidents than this in an hour of the week and the hour is not shown. */
export const fewestShown = 5;

/** Incidents that share a start (and an end, where one is known); milliseconds UTC, null without a time. */
export interface TimeCount {
  readonly startMs: number | null;
  readonly endMs: number | null;
  readonly n: number;
}

export interface ProfileFigures {
  readonly n: number;
  readonly hours: ProfileHour[];
  readonly hidden: number;
  readonly withoutTime: number;
  readonly outsideSpan: number;
  readonly spans: number;
  readonly peak: { day: number; hour: number; rate: number; n: number } | null;
}

export type SourceLeftOut = Pick<HeldSource, 'code' | 'name'> & { readonly why: string };

/** Sources split into those that know the time of day and those that do not, with the sentence that says why not. */
export function sourcesByTime(sources: readonly HeldSource[]): { timed: HeldSource[]; leftOut: SourceLeftOut[] } {
  const timed = sources.filter((source) => source.timePrecision === 'minute');
  const leftOut = sources.filter((source) => source.timePrecision !== 'minute').map(({ code, name, timePrecision }) => ({ code, name, why: whyNoHours(name, timePrecision) }));
  return { timed, leftOut };
}

function whyNoHours(name: string, precision: HeldSource['timePrecision']): string {
  const rest = precision === 'month' ? 'and neither the day nor the hour, so any day or hour would be made up' : 'and not the hour, so any hour would be made up';
  return `${name} gives the ${precision} of each incident ${rest}.`;
}

/**
 * Day-of-week by hour profile over the months held (`YYYY-MM`, gaps allowed: hours of months without data are not counted as observed).
 * A span is shared out over its hours, spans over 24 hours are left out; hours of the week with under five incidents are hidden, and
 * where only one would be, the next smallest with it, so that it cannot be worked out from the total.
 */
export function decideProfile(times: readonly TimeCount[], months: readonly string[]): ProfileFigures {
  const timed = times.filter((time): time is TimeCount & { startMs: number } => time.startMs !== null);
  const incidents = { startMs: timed.map((time) => time.startMs), endMs: timed.map((time) => time.endMs ?? NaN), weights: timed.map((time) => time.n) };
  const sums = new Float64Array(168);
  const observed = new Float64Array(168);
  for (const [from, to] of stretches(months)) {
    const [fromMs, toMs] = [monthStartMs(from), monthStartMs(addMonths(to, 1))];
    add(sums, weekProfile(incidents, { fromMs, toMs, precision: 'minute' }).sums);
    add(observed, observedHours(fromMs, toMs));
  }
  const n = Math.round(sums.reduce((sum, value) => sum + value, 0));
  const all = timed.reduce((sum, time) => sum + time.n, 0);
  const hide = hiddenHours(sums);
  const hours = Array.from(sums, (sum, at): ProfileHour => ({
    day: Math.floor(at / 24), hour: at % 24, hoursObserved: observed[at] as number,
    n: hide.has(at) ? null : tidy(sum), rate: hide.has(at) || observed[at] === 0 ? null : tidy(sum / (observed[at] as number)),
  }));
  return {
    n, hours, hidden: hide.size, outsideSpan: all - n, peak: peakOf(hours),
    withoutTime: times.reduce((sum, time) => sum + (time.startMs === null ? time.n : 0), 0),
    spans: timed.reduce((sum, time) => sum + (time.endMs !== null && time.endMs > time.startMs ? time.n : 0), 0),
  };
}

/** Hours whose incidents, rounded off what sharing out leaves behind, are under the fewest shown. */
function hiddenHours(sums: Float64Array): Set<number> {
  const hide = new Set<number>();
  sums.forEach((sum, at) => sum < fewestShown - 1e-9 && hide.add(at));
  if (hide.size === 1) {
    const rest = Array.from(sums, (sum, at) => ({ sum, at })).filter(({ at }) => !hide.has(at)).sort((a, b) => a.sum - b.sum);
    if (rest[0]) hide.add(rest[0].at);
  }
  return hide;
}

function peakOf(hours: readonly ProfileHour[]): ProfileFigures['peak'] {
  let best: ProfileFigures['peak'] = null;
  for (const { day, hour, rate, n } of hours) if (rate !== null && n !== null && rate > (best?.rate ?? 0)) best = { day, hour, rate, n };
  return best;
}

/** The instant a month begins by the local clock. */
function monthStartMs(month: string): number {
  return localInstant(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1, 1)).utcMs;
}

/** First and last months of each unbroken run. */
function stretches(months: readonly string[]): [string, string][] {
  const runs: [string, string][] = [];
  for (const month of [...months].sort()) {
    const last = runs.at(-1);
    if (last && addMonths(last[1], 1) === month) last[1] = month;
    else runs.push([month, month]);
  }
  return runs;
}

function add(to: Float64Array, more: Float64Array): void {
  more.forEach((value, at) => (to[at] = (to[at] as number) + value));
}

/** Without what adding up shares leaves behind the ninth decimal. */
const tidy = (value: number): number => Math.round(value * 1e9) / 1e9;
