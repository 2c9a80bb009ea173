/** Why a visit of the plan is in no round, in words. Pure. */
import { sayBand } from '../patrols/bands.ts';
import type { PlannedLeg, RoundInputs } from './roundPlan.ts';

/** The reason a visit was left out: its hours, the way to it, its first visit, or the time there was. */
export function leftOutWhy({ visits, travel, places, shiftMinutes, rules }: RoundInputs, visit: number, legs: readonly PlannedLeg[]): string {
  const { opens, closes, place, band, nth } = visits[visit]!;
  const [from, to] = [Math.max(0, opens), Math.min(shiftMinutes, closes)];
  if (to - from < rules.stopMinutes) return `Its hours, ${sayBand(band)}, share less than ${rules.stopMinutes} minutes with the shift.`;
  const [there, back] = [travel[place]!, travel[place * places.length]!];
  const most = Math.floor(Math.min(rules.legMinutes, shiftMinutes) * rules.planShare);
  if (there + rules.stopMinutes + back > most) return `Too far: ${there} minutes there and ${back} back with ${rules.stopMinutes} at the stop are more than the ${most} that a leg is planned to.`;
  const sooner = visits.findIndex((other) => other.place === place && other.opens === opens && other.nth === nth - 1);
  const made = (index: number): boolean => legs.some(({ stops }) => stops.some((stop) => stop.visit === index));
  if (nth > 1 && sooner >= 0 && !made(sooner)) return 'Its first visit in these hours is in no round either.';
  if (nth > 1) return `No time left ${rules.apartMinutes} minutes after the visit before it, within ${sayBand(band)}.`;
  return `No time left: the crews’ legs are full with visits worth more in ${sayBand(band)} or on the way.`;
}
