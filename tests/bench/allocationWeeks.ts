/** 39 weeks of one council's money divided, in a process of its own: prints what it took and how much memory, as one line of JSON. */
import type { AllocationInput } from '../../server/patrols/allocation.ts';
import { horizon } from '../../server/patrols/allocationHorizon.ts';
import { addDays } from '../../server/patrols/calendar.ts';
import { madeUpWeek } from './allocation.ts';

/** Weeks of one council from July on, busier and quieter as the year goes. */
export function madeUpYear(weeks: number, seed = 7): AllocationInput[] {
  const made = madeUpWeek(seed, { councils: 1 });
  return Array.from({ length: weeks }, (_, index) => ({
    ...made, weekStart: addDays('2023-07-03', 7 * index), agreements: made.agreements.map((agreement) => ({ ...agreement, startsOn: '2023-07-01' })),
    hotspots: made.hotspots.map((place) => ({ ...place, liveFrom: '2023-07-01', expected: place.expected.map((value) => value * (1 + 0.5 * Math.sin(index / 6))) })),
  }));
}

if (process.argv[1]?.endsWith('allocationWeeks.ts')) {
  const weeks = madeUpYear(39);
  const from = performance.now();
  const { gap, leftPence, weeks: divided, betterBy } = await horizon(weeks, 'agreement-1', weeks.length * 500_000);
  const moneyPence = divided.reduce((sum, one) => sum + one.moneyPence, leftPence);
  console.log(JSON.stringify({ ms: performance.now() - from, mb: process.resourceUsage().maxRSS / 1024, weeks: divided.length, gap, betterBy, moneyPence }));
}
