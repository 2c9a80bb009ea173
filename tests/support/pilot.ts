/**
 * The pilot of 2023/24 as published, and what a test has to add to it. Nothing here is chosen to reach a result; each number names where it comes from.
 *
 * Published: up to £1,000,000 for July 2023 to March 2024 (the Commissioner's equality impact assessment); patrols began in August in Middlesbrough and
 * Stockton, in October in Hartlepool, in December in Redcar and Cleveland; Hartlepool had four extra officers; 7,685 hours in the first full year;
 * £1,420,423 for 13,000 patrol hours in 2025/26, the only plan of this area with money and hours in one sentence; an expected underspend of £537,776.
 */
import { addDays, mondayOf } from '../../server/patrols/calendar.ts';
import { hartlepool, middlesbrough, redcar, stockton } from './patrols.ts';

/** Not published: the test's own split, four equal parts of the award. */
export const pilotCeilingPence = 25_000_000;
export const pilotSpan = { startsOn: '2023-07-01', endsOn: '2024-03-31' };
/** The months are published, the days are not: the first of the month, which makes the underspend smallest. */
export const pilotStarts: Readonly<Record<string, string>> = { [middlesbrough]: '2023-08-01', [stockton]: '2023-08-01', [hartlepool]: '2023-10-01', [redcar]: '2023-12-01' };
/** Published for Hartlepool; the other three are not and are taken to be like it. A post is the standard week of 37 hours. */
export const pilotPosts = 4;
export const contractMinutes = 37 * 60;
/** 7,685 hours a year over four councils and 52 weeks: 36 hours 57 minutes a week each, in whole minutes. */
export const weeklyMinutes = Math.round((7_685 * 60) / 52 / 4);
/** The same hours for each contract hour of 16 posts, to the three decimals an agreement holds: 0.250. */
export const productiveRatio = Math.round((7_685 / (4 * pilotPosts * 37 * 52)) * 1000) / 1000;
/** £1,420,423 ÷ 13,000 hours = £109.26, all that a patrol hour costs. */
export const pencePerPatrolHour = Math.round(142_042_300 / 13_000);
/** The October return: due on the tenth working day of November. */
export const octoberReturn = '2023-11-14';

/** Days with patrols of a council from its start to the last known day, with the minutes of each: a seventh of a week's, the rest on Mondays. */
export function pilotDays(start: string, last: string): { on: string; minutes: number }[] {
  const days: { on: string; minutes: number }[] = [];
  for (let on = start; on <= last; on = addDays(on, 1)) days.push({ on, minutes: Math.floor(weeklyMinutes / 7) + (on === mondayOf(on) ? weeklyMinutes % 7 : 0) });
  return days;
}
