/** A week as 42 bands: 7 days of 6 bands of 4 hours on the local clock, numbered from Monday 00:00. */
import { addDays, localInstant, localTime, londonZone, sayDate, weekDates, weekdayOf } from './calendar.ts';

export const daysPerWeek = 7;
export const bandsPerDay = 6;
export const bandsPerWeek = 42;
/** Minutes of a band on every day when the clocks do not change. */
export const usualBandMinutes = 240;

/** One band of one day, in real time. */
export interface Band {
  /** 0 to 41: day × 6 + band. */
  readonly index: number;
  /** 0 for Monday. */
  readonly day: number;
  readonly date: string;
  /** 0 for 00:00 to 04:00, 5 for 20:00 to 24:00. */
  readonly band: number;
  /** Milliseconds of UTC. */
  readonly startsAt: number;
  readonly endsAt: number;
  /** Real minutes: 240, or 180 and 300 in the first band of the days when the clocks change. */
  readonly minutes: number;
}

/** The index 0 to 41 of a day (0 Monday) and band (0 to 5). */
export function bandIndex(day: number, band: number): number {
  return day * bandsPerDay + band;
}

/** A band's hours as written on screens: `16:00 to 20:00`. */
export function sayBand(band: number): string {
  const hour = (value: number): string => `${String(value).padStart(2, '0')}:00`;
  return `${hour(band * 4)} to ${hour(band * 4 + 4)}`;
}

/** A band with its day: `Friday 6 October, 16:00 to 20:00`; throws a RangeError for a text that is not a date. */
export function sayDateAndBand(date: string, band: number): string {
  return `${sayDate(date)}, ${sayBand(band)}`;
}

/** The 42 bands of the week that starts on a Monday, with their real minutes; throws a RangeError for any other day. */
export function bandsOfWeek(weekStart: string, zone: string = londonZone): Band[] {
  return weekDates(weekStart).flatMap((date, day) =>
    Array.from({ length: bandsPerDay }, (_, band) => {
      const startsAt = localInstant(date, band * usualBandMinutes, zone);
      const endsAt = band === bandsPerDay - 1 ? localInstant(addDays(date, 1), 0, zone) : localInstant(date, (band + 1) * usualBandMinutes, zone);
      return { index: bandIndex(day, band), day, date, band, startsAt, endsAt, minutes: (endsAt - startsAt) / 60_000 };
    }),
  );
}

/** The local date, band and index in its week of an instant in milliseconds of UTC. */
export function bandAt(instantMs: number, zone: string = londonZone): { date: string; band: number; index: number } {
  const { date, minuteOfDay } = localTime(instantMs, zone);
  const band = Math.floor(minuteOfDay / usualBandMinutes);
  return { date, band, index: bandIndex(weekdayOf(date), band) };
}
