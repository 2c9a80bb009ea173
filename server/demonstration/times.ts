/** When demonstration incidents happen: the seasons of a year, the days of a week and the hours of a day, kind by kind. */
import type { RandomStream } from '../../geo/random.ts';
import { addDays, localInstant, weekdayOf } from '../patrols/calendar.ts';

/** January to December against the average month: police.uk anti-social behaviour in Cleveland, 2023 to 2025. */
export const seasonalIndex: readonly number[] = [0.69, 0.91, 1.06, 1.17, 1.22, 1.21, 1.09, 1.19, 0.99, 1.04, 0.78, 0.65];

/** Shares of a day's hours (24, from midnight) and of a week's days (7, Monday first), as weights. */
export interface WeekProfile {
  readonly hours: readonly number[];
  readonly days: readonly number[];
}

const evening = [2, 1, 1, 0, 0, 0, 0, 1, 1, 2, 3, 3, 4, 4, 5, 7, 9, 11, 12, 13, 12, 10, 6, 4];

/** Invented, after the profiles councils describe: youths in the evening, vehicles Wednesday, Thursday and Sunday from 13:00 to 19:00, noise at night. */
export const weekProfiles = {
  evening: { hours: evening, days: [1, 1, 1.05, 1.05, 1.3, 1.3, 1] },
  vehicles: { hours: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 5, 12, 13, 13, 12, 11, 9, 4, 2, 1, 1, 0], days: [0.6, 0.6, 1.8, 1.7, 0.7, 0.8, 1.8] },
  night: { hours: [10, 8, 6, 3, 1, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 4, 5, 6, 9, 12, 13], days: [0.8, 0.7, 0.8, 0.9, 1.3, 1.8, 1.2] },
  dusk: { hours: [2, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 6, 9, 12, 13, 13, 12, 9, 5, 3], days: [1, 1, 1, 1, 1.1, 1.2, 1.1] },
  morning: { hours: [0, 0, 0, 0, 0, 1, 3, 6, 10, 12, 11, 9, 7, 6, 6, 5, 4, 3, 2, 1, 1, 0, 0, 0], days: [1.5, 1.1, 1, 1, 1, 0.7, 0.6] },
} as const satisfies Record<string, WeekProfile>;

/** The first days of the months from one to another, both included, as `YYYY-MM-01`. */
export function monthsFrom(first: string, last: string): string[] {
  const months: string[] = [];
  for (let month = first; month <= last; month = nextMonth(month)) months.push(month);
  return months;
}

/** The first day of the month after the one a date lies in. */
export function nextMonth(date: string): string {
  return `${addDays(`${date.slice(0, 7)}-28`, 4).slice(0, 7)}-01`;
}

/** The index of the season a date lies in. */
export function seasonOf(date: string): number {
  return seasonalIndex[Number(date.slice(5, 7)) - 1] ?? 1;
}

/** A way to draw moments of one month that follow a profile on the local clock; instants in milliseconds of UTC, whole minutes. */
export function drawerOfMoments(month: string, profile: WeekProfile, random: RandomStream): () => number {
  const days = daysOf(month);
  const dayWeights = days.map((day) => profile.days[weekdayOf(day)] ?? 0);
  const midnights = days.map((day) => localInstant(day, 0));
  const plain = days.map((_, index) => (midnights[index + 1] ?? localInstant(nextMonth(month), 0)) - (midnights[index] ?? 0) === 86_400_000);
  return () => {
    const index = random.pick(dayWeights);
    const minute = random.pick(profile.hours) * 60 + random.integer(0, 59);
    // Asking the calendar costs time, and only two days of a year have a clock change.
    return plain[index] ? (midnights[index] ?? 0) + minute * 60_000 : localInstant(days[index] ?? month, minute);
  };
}

function daysOf(month: string): string[] {
  const end = nextMonth(month);
  const days: string[] = [];
  for (let day = month; day < end; day = addDays(day, 1)) days.push(day);
  return days;
}
