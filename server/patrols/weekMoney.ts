/** The money and the hourly rates of one week, from an agreement's remaining money and its dated rates. */
import { bandsPerDay, bandsPerWeek } from './bands.ts';
import { addDays, daysBetween, weekDates } from './calendar.ts';

/**
 * Whole pence for the week that starts on a Monday: what is left, shared evenly over the agreement's remaining days, rounded down.
 * `startsOn` and `endsOn` are the agreement's first and last day; outside them 0. Throws a RangeError for a week that does not start on a Monday.
 */
export function rollingMoneyPence(leftPence: number, weekStart: string, startsOn: string, endsOn: string): number {
  const dates = weekDates(weekStart);
  const inForce = dates.filter((date) => date >= startsOn && date <= endsOn);
  const first = inForce[0];
  if (first === undefined || leftPence <= 0) return 0;
  return Math.floor((leftPence * inForce.length) / (daysBetween(first, endsOn) + 1));
}

/** A council's rate from one date to another; without bands, weekdays or bank holidays it is the plain rate. */
export interface DatedRate {
  readonly pencePerHour: number;
  /** First day. */
  readonly validFrom: string;
  /** Last day, included; null while no end is set. */
  readonly validTo: string | null;
  /** Bands (0 to 5) of an enhancement; left out for all. */
  readonly bands?: readonly number[];
  /** Weekdays (0 Monday to 6 Sunday) of an enhancement; left out for all. */
  readonly weekdays?: readonly number[];
  /** True for a rate that is paid on bank holidays only. */
  readonly bankHolidays?: boolean;
}

/**
 * The 42 rates of a week in pence an hour: of all that apply to a band the highest, as enhancements are not added up; null where none applies.
 * Throws a RangeError for a week that does not start on a Monday.
 */
export function ratesOfWeek(weekStart: string, rates: readonly DatedRate[], bankHolidays: readonly string[] = []): (number | null)[] {
  weekDates(weekStart);
  return Array.from({ length: bandsPerWeek }, (_, index) => {
    const day = Math.floor(index / bandsPerDay);
    const date = addDays(weekStart, day);
    const applying = rates.filter((rate) =>
      date >= rate.validFrom && (rate.validTo === null || date <= rate.validTo)
      && (rate.bands?.includes(index % bandsPerDay) ?? true) && (rate.weekdays?.includes(day) ?? true)
      && (!rate.bankHolidays || bankHolidays.includes(date)));
    return applying.length === 0 ? null : Math.max(...applying.map((rate) => rate.pencePerHour));
  });
}
