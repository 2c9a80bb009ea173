/** Small rotas with everything in them at once: short and long shifts, contracts that end, histories, shifts before and after, pairs, lapsed clearances, clock changes. */
import { createRandom, type RandomStream } from '../../geo/random.ts';
import { addDays, localInstant } from '../../server/patrols/calendar.ts';
import { type PairRule, type RotaProblem, type RotaWarden, usualRotaCaps, usualRotaRules, usualRotaWeights } from '../../server/rota/rotaProblem.ts';
import { datedShifts } from '../../server/rota/rotaShifts.ts';

const starts = ['2023-10-16', '2023-10-25', '2024-03-18', '2024-03-23', '2023-12-18', '2023-08-28'];

/** A problem from a seed; the same seed gives the same one. */
export function wildRota(seed: number): RotaProblem {
  const random = createRandom(`wild ${seed}`);
  const from = starts[random.integer(0, starts.length - 1)] ?? '2023-10-16';
  const days = random.integer(8, 28);
  const crewSize = random.integer(1, 2);
  const types = Array.from({ length: random.integer(1, 4) }, (_, at) => {
    const startMinute = random.integer(0, 47) * 30;
    const endMinute = (startMinute + random.integer(8, 22) * 30) % 1440;
    return { code: `kind${at}`, name: `Kind ${at}`, startMinute, endMinute, crews: Array.from({ length: 7 }, () => random.integer(0, 2)), bankHolidayCrews: random.integer(0, 1), crewSize, breakMinutes: 20 };
  });
  const wardens = Array.from({ length: random.integer(1, 9) }, (_, index) => wildWarden(random, index, from, days));
  return {
    from, days, usualShiftMinutes: 480, wardens, shifts: datedShifts(types, from, days, ['2023-12-25', '2023-12-26', '2024-01-01', '2024-03-29']), pairs: wildPairs(random, wardens),
    rules: usualRotaRules, weights: usualRotaWeights, seed, caps: { ...usualRotaCaps, seeds: 1, iterations: 400, seconds: 1000 },
  };
}

function wildWarden(random: RandomStream, index: number, from: string, days: number): RotaWarden {
  const some = (chance: number): boolean => random.uniform() < chance;
  const day = (): string => addDays(from, random.integer(-3, days + 3));
  const span = (longest: number) => {
    const start = day();
    return { from: start, to: addDays(start, random.integer(1, longest)) };
  };
  const worked = [-9, -8, -6, -5, -4, -2, -1, days, days + 1, days + 3].filter(() => some(0.25)).map((at) => {
    const date = addDays(from, at);
    const startsAt = localInstant(date, random.integer(6, 22) * 60);
    return { date, startsAt, endsAt: startsAt + random.integer(6, 9) * 3_600_000 };
  });
  const noted = worked.filter((shift, at) => at === 0 || shift.startsAt - (worked[at - 1]?.endsAt ?? 0) >= 660 * 60_000);
  return {
    id: `w${index}`, reference: `W${index}`, employed: { from: some(0.2) ? day() : '2023-01-01', to: some(0.2) ? day() : null },
    contracts: some(0.2) ? [{ from: '2023-01-01', to: addDays(from, 7), minutesPerWeek: 2220 }, { from: addDays(from, 7), to: null, minutesPerWeek: 1110 }] : [{ from: '2023-01-01', to: null, minutesPerWeek: random.integer(4, 10) * 240 }],
    noNights: some(0.2), optedOut: some(0.3) ? [{ from: '2023-01-01', to: null }] : [],
    clearances: ['vetting', 'training', 'accreditation'].map((kind) => ({ kind, from: some(0.15) ? day() : '2023-01-01', to: some(0.15) ? day() : null })),
    away: Array.from({ length: random.integer(0, 2) }, () => ({ ...span(9), reason: some(0.5) ? 'leave' as const : 'absence' as const, paid: some(0.7) })),
    unavailable: Array.from({ length: random.integer(0, 2) }, () => {
      const startsAt = localInstant(day(), random.integer(0, 23) * 60);
      return { startsAt, endsAt: startsAt + random.integer(1, 12) * 3_600_000 };
    }),
    preferences: Array.from({ length: random.integer(0, 4) }, () => ({ date: day(), type: some(0.5) ? null : `kind${random.integer(0, 3)}`, wish: some(0.5) ? 'desired' as const : 'undesired' as const })),
    worked: noted, history: Array.from({ length: random.integer(0, 16) }, () => ({ minutes: random.integer(20, 58) * 60, excludedDays: random.integer(0, 1) })),
  };
}

function wildPairs(random: RandomStream, wardens: readonly RotaWarden[]): PairRule[] {
  if (wardens.length < 2) return [];
  return Array.from({ length: random.integer(0, 2) }, () => {
    const first = random.integer(0, wardens.length - 1);
    const second = (first + random.integer(1, wardens.length - 1)) % wardens.length;
    return { kind: (['must', 'mustNot', 'shouldNot'] as const)[random.integer(0, 2)] ?? 'mustNot', first: `w${first}`, second: `w${second}` };
  });
}
