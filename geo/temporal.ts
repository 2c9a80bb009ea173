import { hourOfWeek, londonOffset, nextFullHour } from './clock.ts';
import type { ClockOffset } from './clock.ts';

/** How finely a source knows when something happened. */
export type TimePrecision = 'minute' | 'hour' | 'day' | 'month';

/** Incidents with times: instants in milliseconds UTC; `endMs` where only a span is known (NaN or absent: a single moment). */
export interface TimedIncidents {
  startMs: ArrayLike<number>;
  endMs?: ArrayLike<number>;
  weights?: ArrayLike<number>;
}

/** When incidents happen in the local week; 168 entries, Monday 00:00 first. */
export interface WeekProfile {
  /** Incidents by hour of the week; a span is shared out over it. */
  sums: Float64Array;
  /** Hours of each kind there were in the period, the longer and shorter days of clock changes included. */
  hoursObserved: Float64Array;
  /** Incidents per hour observed. */
  rates: Float64Array;
  /** 1 where an entry holds fewer than five incidents and must not be shown. */
  hidden: Uint8Array;
  /** Incidents in the profile. */
  n: number;
  /** Incidents left out: outside the period, ending before they begin, or with a span longer than allowed. */
  leftOut: number;
}

/** What a profile covers and by which clock. */
export interface ProfileOptions {
  fromMs: number;
  toMs: number;
  precision: TimePrecision;
  offset?: ClockOffset;
  /** Spans longer than this say nothing about the hour and are left out; 24 unless told. */
  longestSpanHours?: number;
}

const hourMs = 3_600_000;
const fewest = 5;

/**
 * Day-of-week by hour profile by the local clock, safe over clock changes, spans shared out aoristically (weight = overlap/duration;
 * Ratcliffe 2000, Int. J. Geographical Information Science 14:669-679). Throws for sources that know no hour.
 */
export function weekProfile(incidents: TimedIncidents, options: ProfileOptions): WeekProfile {
  const { fromMs, toMs, precision, offset = londonOffset, longestSpanHours = 24 } = options;
  if (precision === 'month' || precision === 'day') throw new Error(`This source knows the ${precision} of an incident and not the hour: no profile by hour can be drawn from it.`);
  const hoursObserved = observedHours(fromMs, toMs, offset);
  const sums = new Float64Array(168);
  let n = 0;
  for (let i = 0; i < incidents.startMs.length; i++) {
    const start = incidents.startMs[i] as number;
    const end = spanEnd(start, incidents.endMs?.[i]);
    if (!(start >= fromMs && start < toMs && end >= start && end - start <= longestSpanHours * hourMs)) continue;
    shareOut(start, end, (incidents.weights?.[i] as number | undefined) ?? 1, offset, sums);
    n++;
  }
  return {
    sums,
    hoursObserved,
    n,
    leftOut: incidents.startMs.length - n,
    rates: sums.map((sum, hour) => ((hoursObserved[hour] as number) > 0 ? sum / (hoursObserved[hour] as number) : 0)),
    hidden: Uint8Array.from(sums, (sum) => (sum < fewest ? 1 : 0)),
  };
}

function spanEnd(start: number, end: number | undefined): number {
  return end === undefined || Number.isNaN(end) ? start : end;
}

/** Adds one incident's weight to the hours of the week its span overlaps, in proportion to the overlap; a single moment to its own hour. */
export function shareOut(startMs: number, endMs: number, weight: number, offset: ClockOffset, sums: Float64Array): void {
  const add = (at: number, share: number): void => {
    const hour = hourOfWeek(at, offset);
    sums[hour] = (sums[hour] as number) + weight * share;
  };
  if (endMs === startMs) return add(startMs, 1);
  for (let at = startMs; at < endMs; ) {
    const next = Math.min(endMs, nextFullHour(at, offset));
    add(at, (next - at) / (endMs - startMs));
    at = next;
  }
}

/** How many hours of each hour of the local week lie in a period (part hours in part): 168 entries; throws when it ends before it begins. */
export function observedHours(fromMs: number, toMs: number, offset: ClockOffset = londonOffset): Float64Array {
  if (!(toMs > fromMs) || toMs - fromMs > 50 * 366 * 24 * hourMs) throw new RangeError(`A period from ${fromMs} to ${toMs} cannot be profiled: give a start and a later end, at most 50 years on.`);
  const hours = new Float64Array(168);
  for (let at = fromMs; at < toMs; ) {
    const next = Math.min(toMs, nextFullHour(at, offset));
    const hour = hourOfWeek(at, offset);
    hours[hour] = (hours[hour] as number) + (next - at) / hourMs;
    at = next;
  }
  return hours;
}

/** A month's count: `month` as 2023-07. */
export interface MonthCount {
  month: string;
  count: number;
}

/**
 * Seasonal index by calendar month, January first: each month's count over its year's monthly mean, averaged over the whole years given;
 * 1 is an average month. Part years are left out. Undefined when there is no whole year with an incident.
 */
export function seasonalIndex(months: readonly MonthCount[]): number[] | undefined {
  const years = new Map<string, number[]>();
  for (const { month, count } of months) {
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new RangeError(`"${month}" is not a month: write it as 2023-07.`);
    const year = years.get(month.slice(0, 4)) ?? Array.from({ length: 12 }, () => NaN);
    year[Number(month.slice(5)) - 1] = count;
    years.set(month.slice(0, 4), year);
  }
  const whole = [...years.values()].map((year) => ({ year, mean: year.reduce((sum, count) => sum + count, 0) / 12 })).filter(({ mean }) => mean > 0);
  if (whole.length === 0) return undefined;
  return Array.from({ length: 12 }, (_, at) => whole.reduce((sum, { year, mean }) => sum + (year[at] as number) / mean, 0) / whole.length);
}
