/** What a forecast stands on: the facts known on a day, and the numbers it assumes. Money is pence, time is whole person-minutes, days are `YYYY-MM-DD`. Pure. */
import type { RateBand } from '../grants/contract.ts';
import { weekdayOf } from '../patrols/calendar.ts';

export const scenarios = ['low', 'central', 'high'] as const;
export type Scenario = (typeof scenarios)[number];
export type ByScenario<T> = Readonly<Record<Scenario, T>>;

export interface KnownWarden {
  readonly employedFrom: string;
  /** First day no longer employed. */
  readonly employedTo: string | null;
  readonly minutesPerWeek: number;
  /** The first day both vetted and trained; null where that is not recorded. */
  readonly clearedOn: string | null;
}

export interface KnownRate {
  readonly band: RateBand;
  readonly pencePerHour: number;
  readonly validFrom: string;
  /** First day it no longer holds. */
  readonly validTo: string | null;
}

/** Person-minutes of wardens in hotspots on a day, by the four-hour band (0 to 5) in which the visit began. */
export interface DeliveredMinutes {
  readonly on: string;
  readonly band: number;
  readonly minutes: number;
}

export interface LedgerKnown {
  readonly paidPence: number;
  readonly approvedPence: number;
  readonly claimedPence: number;
  readonly accruedPence: number;
  readonly atRiskPence: number;
  /** The last day that what is claimed or accrued covers; null while nothing is. */
  readonly coveredTo: string | null;
  /** What each day of effect added to all of those together. */
  readonly movements: readonly { readonly on: string; readonly pence: number }[];
}

/** The posts an agreement pays for, as a person entered them. */
export interface KnownPlan {
  readonly startsOn: string;
  readonly posts: number;
  readonly minutesPerWeek: number;
  /** When empty posts are expected to be filled; null where nobody says. */
  readonly filledOn: string | null;
}

export interface Assumed {
  readonly runRateWeeks: number;
  readonly leastWeeks: number;
  readonly spreadShare: number;
  readonly recruitWeeksCentral: number;
  readonly recruitWeeksHigh: number;
  readonly slipWeeksLow: number;
  readonly slipWeeksCentral: number;
  readonly slipWeeksHigh: number;
  readonly contractHours: number;
  readonly recordShare: number;
}

export interface ForecastInput {
  readonly agreementId: string;
  /** The last day whose facts are known. */
  readonly knownOn: string;
  /** First and last day of the agreement, both included. */
  readonly startsOn: string;
  readonly endsOn: string;
  readonly ceilingPence: number;
  /** Patrol hours for each paid hour. */
  readonly productiveRatio: number;
  /** cost: every contract hour is paid; hours: only hours delivered in hotspots are. */
  readonly basis: 'cost' | 'hours';
  /** The first day of patrols as far as it is known; may lie ahead. */
  readonly patrolsStart: string | null;
  readonly plan: KnownPlan | null;
  readonly wardens: readonly KnownWarden[];
  readonly rates: readonly KnownRate[];
  readonly bankHolidays: readonly string[];
  readonly delivered: readonly DeliveredMinutes[];
  readonly ledger: LedgerKnown;
  readonly commitments: readonly { readonly effectiveOn: string; readonly pence: number }[];
  readonly assumed: Assumed;
}

/** A forecast made after the agreement's last day stands on that day: nothing remains, and nobody is counted as in post beyond it. */
export function settled(input: ForecastInput): ForecastInput {
  return input.knownOn > input.endsOn ? { ...input, knownOn: input.endsOn } : input;
}

const inForce = (rate: KnownRate, on: string): boolean => rate.validFrom <= on && (rate.validTo === null || on < rate.validTo);

/** Pence an hour of the day band on a day: the one in force, else the last before it, else the first there is; 0 where none is agreed. */
export function dayRate(rates: readonly KnownRate[], on: string): number {
  const day = rates.filter(({ band }) => band === 'day').sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  return (day.find((rate) => inForce(rate, on)) ?? day.findLast((rate) => rate.validFrom <= on) ?? day[0])?.pencePerHour ?? 0;
}

/** Pence an hour on a day in a band of four hours (0 to 5): of the rates that apply the highest, as enhancements are not added up. */
export function rateAt(rates: readonly KnownRate[], bankHolidays: readonly string[], on: string, band: number): number {
  const weekday = weekdayOf(on);
  const applies: Readonly<Record<RateBand, boolean>> = { day: true, evening: band >= 4, night: band <= 1, saturday: weekday === 5, sunday: weekday === 6, bank_holiday: bankHolidays.includes(on) };
  return Math.max(dayRate(rates, on), ...rates.filter((rate) => applies[rate.band] && inForce(rate, on)).map(({ pencePerHour }) => pencePerHour));
}

/** What the mix of hours delivered cost over the day rate, 1 while there are none to tell. */
export function mixOverDayRate(input: Pick<ForecastInput, 'rates' | 'bankHolidays' | 'delivered'>): number {
  let paid = 0;
  let plain = 0;
  for (const { on, band, minutes } of input.delivered) {
    paid += minutes * rateAt(input.rates, input.bankHolidays, on, band);
    plain += minutes * dayRate(input.rates, on);
  }
  return plain > 0 ? paid / plain : 1;
}

/** Contract minutes a week of the wardens employed on a day. */
export function minutesInPost(wardens: readonly KnownWarden[], on: string): number {
  return wardens.filter((warden) => isInPost(warden, on)).reduce((sum, { minutesPerWeek }) => sum + minutesPerWeek, 0);
}

export function postsFilled(wardens: readonly KnownWarden[], on: string): number {
  return wardens.filter((warden) => isInPost(warden, on)).length;
}

const isInPost = ({ employedFrom, employedTo }: KnownWarden, on: string): boolean => employedFrom <= on && (employedTo === null || on < employedTo);
