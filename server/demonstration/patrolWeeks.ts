/** Which weeks of the demonstration have a plan of their own, which plan the others go by, and what patrols cost. Pure. */
import { addDays, localTime, mondayOf } from '../patrols/calendar.ts';
import { type DemonstrationAgreement, demonstrationFund, patrolStarts, penceAt } from './grant.ts';
import { monthsFrom, nextMonth } from './times.ts';
import type { DemonstrationVisit } from './visits.ts';

/** Weeks (Mondays) with an allocation: all of October 2023, when the return is looked at, and one or two in every other month. */
export const allocatedWeeks: readonly string[] = [
  '2023-08-14', '2023-08-21', '2023-09-11', '2023-10-02', '2023-10-09', '2023-10-16', '2023-10-23', '2023-10-30', '2023-11-20', '2023-12-04', '2024-01-08', '2024-02-05', '2024-03-04',
];

/** Travel and writing up, which are paid and no part of a visit. */
const overheadMinutes = 9;

/** First days of the months with patrols. */
export function patrolMonths(): string[] {
  const first = Object.values(patrolStarts()).sort()[0] ?? demonstrationFund.startsOn;
  return monthsFrom(`${first.slice(0, 7)}-01`, `${demonstrationFund.endsOn.slice(0, 7)}-01`);
}

/** The Mondays in a month (its first day). */
export function mondaysOf(month: string): string[] {
  const mondays: string[] = [];
  for (let monday = mondayOf(addDays(month, 6)); monday < nextMonth(month); monday = addDays(monday, 7)) mondays.push(monday);
  return mondays;
}

/** The week whose plan a week goes by: its own when it was allocated, else the latest before it, else the first there is. */
export function planWeekOf(week: string): string {
  return allocatedWeeks.findLast((allocated) => allocated <= week) ?? allocatedWeeks[0] ?? week;
}

/** What the wardens' hours of visits cost, in whole pence: time there and overhead, at the rate of the hour, over the productive ratio. */
export function costOf(agreement: DemonstrationAgreement, visits: readonly DemonstrationVisit[]): number {
  const pence = visits.filter(({ staffCategory }) => staffCategory === 'warden').reduce((sum, { startedAt, endedAt, persons }) => {
    const { date, minuteOfDay } = localTime(startedAt);
    const paidHours = (persons * ((endedAt - startedAt) / 60_000 + overheadMinutes)) / 60 / agreement.productiveRatio;
    return sum + paidHours * penceAt(agreement, date, Math.floor(minuteOfDay / 240));
  }, 0);
  return Math.round(pence);
}
