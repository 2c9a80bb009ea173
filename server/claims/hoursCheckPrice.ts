/** Minutes to be paid -> lines of a claim: the highest rate that applies each minute of local time, rounded once a line. Pure. */
import { bandsOfRate } from '../grants/weekPlan.ts';
import type { Rate, RateBand } from '../grants/contract.ts';
import { weekdayOf } from '../patrols/calendar.ts';
import type { HoursInput, Minute, Slot } from './hoursCheckInput.ts';
import { grouped, minuteMs } from './hoursCheckInput.ts';
import { penceOfMinutes, splitPence } from './hoursCheckSplit.ts';

/** One line of a claim: minutes of one head, band and rate. */
export interface HoursLine {
  readonly head: string;
  readonly band: RateBand;
  readonly pencePerHour: number;
  /** The first day of the rate; of two rates of one amount the earlier. */
  readonly validFrom: string;
  /** Person-minutes. */
  readonly minutes: number;
  /** Minutes × pence an hour ÷ 60, half up, once. */
  readonly amountPence: number;
  /** What of it fits under the agreement's value; the cut is shared by the largest remainder. */
  readonly payablePence: number;
  /** Whose minutes, in order of time; the amounts are shares by the largest remainder and add up to the line's. */
  readonly visits: readonly { readonly visitId: string; readonly minutes: number; readonly amountPence: number }[];
}

/** Minutes of one person on one visit at one rate, without a gap. */
export interface PaidSpan {
  readonly person: string;
  readonly visitId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly band: RateBand;
  readonly pencePerHour: number;
  /** The first day of the rate. */
  readonly validFrom: string;
  /** Their day, for the shift of a later claim. */
  readonly day: string;
}

/** Of equal rates the more particular names the band. */
const particular: readonly RateBand[] = ['bank_holiday', 'sunday', 'saturday', 'night', 'evening', 'day'];

/** The highest rate that applies at each local day and hour, or undefined where none does. */
export function pricer({ rates, bankHolidays }: Pick<HoursInput, 'rates' | 'bankHolidays'>): (minute: Minute) => Rate | undefined {
  const known = new Map<string, Rate | undefined>();
  const find = ({ day, hour }: Minute): Rate | undefined => rates
    .filter((rate) => day >= rate.validFrom && (rate.validTo === null || day < rate.validTo) && applies(rate.band, day, hour, bankHolidays))
    .toSorted((a, b) => b.pencePerHour - a.pencePerHour || particular.indexOf(a.band) - particular.indexOf(b.band))[0];
  return (minute) => {
    const key = `${minute.day} ${minute.hour}`;
    if (!known.has(key)) known.set(key, find(minute));
    return known.get(key);
  };
}

function applies(band: RateBand, day: string, hour: number, bankHolidays: readonly string[]): boolean {
  const { bands, weekdays, bankHolidays: onHolidays } = bandsOfRate[band];
  return (bands?.includes(Math.floor(hour / 4)) ?? true) && (weekdays?.includes(weekdayOf(day)) ?? true) && (!onHolidays || bankHolidays.includes(day));
}

/** The minutes of slots without a finding, joined while person, visit, rate and day stay the same. */
export function spansOf(slots: readonly Slot[], price: (minute: Minute) => Rate | undefined): PaidSpan[] {
  const spans: PaidSpan[] = [];
  for (const { visit, person, minutes, findings } of slots) {
    for (const [index, minute] of minutes.entries()) {
      const rate = findings[index] === null ? price(minute) : undefined;
      if (!rate) continue;
      const last = spans.at(-1);
      const next = { person, visitId: visit.id, fromMs: minute.at, toMs: minute.at + minuteMs, band: rate.band, pencePerHour: rate.pencePerHour, validFrom: rate.validFrom, day: minute.day };
      const joins = last?.person === person && last.visitId === visit.id && last.toMs === minute.at && last.band === rate.band && last.pencePerHour === rate.pencePerHour && last.day === minute.day;
      if (joins) spans[spans.length - 1] = { ...last, toMs: next.toMs };
      else spans.push(next);
    }
  }
  return spans;
}

/** One line for each band and rate, capped at what is left. */
export function linesOf(spans: readonly PaidSpan[], input: HoursInput): HoursLine[] {
  const groups = [...grouped(spans, ({ band, pencePerHour }) => `${band} ${pencePerHour}`).values()].toSorted(byBandAndRate);
  const lines = groups.flatMap((group) => (group[0] ? [lineOf(group, group[0], input)] : []));
  const total = lines.reduce((sum, { amountPence }) => sum + amountPence, 0);
  if (input.leftPence === null || total <= input.leftPence) return lines;
  const payable = splitPence(Math.max(0, input.leftPence), lines.map(({ amountPence }) => amountPence));
  return lines.map((line, index) => ({ ...line, payablePence: payable[index] ?? 0 }));
}

function byBandAndRate([a]: readonly PaidSpan[], [b]: readonly PaidSpan[]): number {
  return a && b ? particular.indexOf(b.band) - particular.indexOf(a.band) || a.pencePerHour - b.pencePerHour : 0;
}

function lineOf(spans: readonly PaidSpan[], { band, pencePerHour }: PaidSpan, { agreement }: HoursInput): HoursLine {
  const byVisit = new Map<string, number>();
  for (const { visitId, fromMs, toMs } of spans) byVisit.set(visitId, (byVisit.get(visitId) ?? 0) + (toMs - fromMs) / minuteMs);
  const weights = [...byVisit.values()];
  const minutes = weights.reduce((sum, each) => sum + each, 0);
  const amountPence = penceOfMinutes(minutes, pencePerHour);
  const parts = splitPence(amountPence, weights);
  const visits = [...byVisit].map(([visitId, own], index) => ({ visitId, minutes: own, amountPence: parts[index] ?? 0 }));
  const validFrom = spans.map((span) => span.validFrom).sort()[0] ?? '';
  return { head: agreement.head, band, pencePerHour, validFrom, minutes, amountPence, payablePence: amountPence, visits };
}
