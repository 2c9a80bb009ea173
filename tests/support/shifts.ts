/** A shift of eight hours with visits of a made-up plan around its base. */
import { createRandom } from '../../geo/random.ts';
import type { RoundInputs, RoundRules } from '../../server/rounds/roundPlan.ts';
import { travelTable } from '../../server/rounds/roundTravel.ts';

export const usualRoundRules: RoundRules = {
  legMinutes: 225, planShare: 0.9, stopMinutes: 15, apartMinutes: 60, breakMinutes: 30, startShiftMinutes: 20, unvisitedBonus: 0.5, nearBestShare: 0.95, tries: 300, starts: 48,
};
export const usualTravelRules = { walkKmh: 4.8, vehicleKmh: 20, detour: 1.3, vehicleMinutes: 2 };

/** From 14:00 to 22:00, unless told otherwise: bands 12 to 16, 16 to 20 and 20 to 24 o'clock. */
export function shiftOf(seed: number, given: { hotspots?: number; crews?: number; spread?: number; shiftMinutes?: number } = {}): RoundInputs {
  const random = createRandom(seed);
  const { hotspots = 6, crews = 1, spread = 2500, shiftMinutes = 480 } = given;
  const places = [[0, 0] as const, ...Array.from({ length: hotspots }, () => [spread * (random.uniform() - 0.5), spread * (random.uniform() - 0.5)] as const)];
  const visits = Array.from({ length: hotspots }, (_, at) => at + 1).flatMap((place) => [-120, 120, 360].flatMap((opens, third) => {
    const many = random.pick([4, 5, 2]);
    return Array.from({ length: many }, (_, nth) => ({
      hotspotId: `h${place}`, place, day: 5, band: 3 + third, nth: nth + 1, opens, closes: opens + 240, worth: (0.2 + random.uniform()) * 0.6 ** nth, unvisitedDays: random.integer(0, 6),
    }));
  }));
  const { minutes } = travelTable(places.map(([easting, northing], at) => ({ id: String(at), easting, northing })), 'walk', usualTravelRules, new Map());
  return { shiftMinutes, crews, visits, travel: minutes, places, rules: usualRoundRules };
}
