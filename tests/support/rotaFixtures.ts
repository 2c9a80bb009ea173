/** Made-up rotas of 28 days with early, late and night shifts, from a seed: part-time contracts, leave, wishes, people without nights or accreditation. */
import { createRandom, type RandomStream } from '../../geo/random.ts';
import { addDays } from '../../server/patrols/calendar.ts';
import { type PairRule, type RotaProblem, type RotaWarden, usualRotaCaps, usualRotaRules, usualRotaWeights } from '../../server/rota/rotaProblem.ts';
import { datedShifts, type ShiftType } from '../../server/rota/rotaShifts.ts';

/** A Monday; the last night of the 28 days is the one on which the clocks go back (28 to 29 October 2023 is the 27th). */
const from = '2023-10-02';
const days = 28;

/** A problem for `wardens` wardens; the same seed gives the same one. */
export function rotaFixture(seed: number, wardens: number, changes: Partial<RotaProblem> = {}): RotaProblem {
  const random = createRandom(`rota ${seed} ${wardens}`);
  const people = Array.from({ length: wardens }, (_, index) => wardenOf(random, index));
  const shiftsAWeek = people.reduce((sum, { contracts, away }) => sum + ((contracts[0]?.minutesPerWeek ?? 0) * (away.some(({ paid }) => paid) ? 0.75 : 1)) / 480, 0);
  return {
    from, days, usualShiftMinutes: 480, wardens: people,
    shifts: datedShifts(shiftTypes(random, (shiftsAWeek * 0.9) / 2), from, days),
    pairs: pairsOf(random, people), rules: usualRotaRules, weights: usualRotaWeights, seed, caps: usualRotaCaps, ...changes,
  };
}

/** `pairsPerWeek` pair-shifts spread over the week, more in the evening and at the weekend. */
function shiftTypes(random: RandomStream, pairsPerWeek: number): ShiftType[] {
  const dayShare = [0.12, 0.12, 0.13, 0.14, 0.17, 0.18, 0.14];
  const kinds = [
    { code: 'early', name: 'Early', startMinute: 360, endMinute: 840, share: 0.28 },
    { code: 'late', name: 'Late', startMinute: 840, endMinute: 1320, share: 0.44 },
    { code: 'night', name: 'Night', startMinute: 1320, endMinute: 360, share: 0.28 },
  ];
  return kinds.map(({ share, ...kind }) => ({
    ...kind, crews: dayShare.map((ofDay) => Math.max(0, Math.floor(pairsPerWeek * ofDay * share + random.uniform()))), bankHolidayCrews: null, crewSize: 2, breakMinutes: 30,
  }));
}

function wardenOf(random: RandomStream, index: number): RotaWarden {
  const always = { from: '2023-01-01', to: null };
  const leave = random.uniform() < 0.3 ? random.integer(0, 3) * 7 : null;
  const absent = random.uniform() < 0.15 ? random.integer(0, days - 1) : null;
  return {
    id: `w${String(index + 1).padStart(2, '0')}`, reference: `W${String(index + 1).padStart(2, '0')}`,
    employed: always, contracts: [{ ...always, minutesPerWeek: random.uniform() < 0.2 ? 1440 : 2220 }],
    noNights: random.uniform() < 0.15, optedOut: [],
    clearances: ['vetting', 'training', ...(random.uniform() < 0.6 ? ['accreditation'] : [])].map((kind) => ({ ...always, kind })),
    away: [
      ...(leave === null ? [] : [{ from: addDays(from, leave), to: addDays(from, leave + 7), reason: 'leave' as const, paid: true }]),
      ...(absent === null ? [] : [{ from: addDays(from, absent), to: addDays(from, absent + 1), reason: 'unavailable' as const, paid: false }]),
    ],
    unavailable: [], worked: [],
    history: Array.from({ length: 16 }, () => ({ minutes: random.integer(32, 42) * 60, excludedDays: 0 })),
    preferences: Array.from({ length: random.integer(0, 4) }, () => ({ date: addDays(from, random.integer(0, days - 1)), type: random.uniform() < 0.5 ? null : (['early', 'late', 'night'][random.integer(0, 2)] ?? null), wish: 'undesired' as const })),
  };
}

function pairsOf(random: RandomStream, people: readonly RotaWarden[]): PairRule[] {
  return Array.from({ length: Math.floor(people.length / 10) }, () => {
    const first = random.integer(0, people.length - 1);
    const second = (first + random.integer(1, people.length - 1)) % people.length;
    return { kind: random.uniform() < 0.7 ? 'mustNot' as const : 'shouldNot' as const, first: people[first]!.id, second: people[second]!.id };
  });
}
