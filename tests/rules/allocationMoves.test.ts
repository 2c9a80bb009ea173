import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from '../../server/patrols/allocation.ts';
import { type MovingParty, moneyMoves } from '../../server/patrols/allocationMoves.ts';
import { varied } from '../../server/patrols/allocationVaried.ts';
import { agreement, flat, hotspot, noPromises, week } from './allocationWeeks.ts';

const party = (id: string, changes: Partial<MovingParty> = {}): MovingParty => ({
  agreementId: id, name: `Council ${id}`, weekPence: 100_000, weeksLeft: 10, mostGivesPence: 300_000, mostTakesPence: 300_000,
  curve: [{ moneyPence: 0, prevented: 0 }, { moneyPence: 100_000, prevented: 10 }, { moneyPence: 200_000, prevented: 12 }], ...changes,
});

describe('moving money to where it prevents most', () => {
  it('moves from the flat curve to the steep one as far as both may, and says what it brings', () => {
    // £3,000 over 10 weeks is £300 a week: 3 incidents a week lost at 0.01 a pound, 6 gained at 0.02.
    const steep = party('b', { curve: [{ moneyPence: 0, prevented: 0 }, { moneyPence: 100_000, prevented: 20 }, { moneyPence: 200_000, prevented: 40 }] });
    const moves = moneyMoves([party('a'), steep], 100_000);
    expect(moves.map(({ agreementId, pence }) => [agreementId, pence])).toEqual([['a', -300_000], ['b', 300_000]]);
    expect(moves[0]!.prevented).toBeCloseTo(-30, 9);
    expect(moves[1]!.prevented).toBeCloseTo(60, 9);
    expect(moves.map(({ because }) => because)).toEqual([
      'Council a gives £3,000.00: 10.00 incidents fewer prevented there for each £1,000. This is as much as it may give.',
      'Council b takes £3,000.00: 20.00 incidents more prevented there for each £1,000. This is as much as it may take.',
    ]);
  });

  it('moves nothing between equals, with one alone, or where too little would move', () => {
    expect(moneyMoves([party('a'), party('b')], 100_000)).toEqual([]);
    expect(moneyMoves([party('a')], 0)).toEqual([]);
    const steep = party('b', { curve: [{ moneyPence: 0, prevented: 0 }, { moneyPence: 200_000, prevented: 40 }] });
    expect(moneyMoves([party('a'), steep], 300_100)).toEqual([]);
    expect(moneyMoves([party('a', { weeksLeft: 0 }), steep], 100)).toEqual([]);
  });

  it('always adds up to nothing, stays within what each may give and take, and never prevents less', () => {
    const random = fc.array(fc.record({
      weekPence: fc.integer({ min: 0, max: 1_000_000 }), weeksLeft: fc.double({ min: 0, max: 40, noNaN: true }), gives: fc.integer({ min: 0, max: 5_000_000 }), takes: fc.integer({ min: 0, max: 5_000_000 }),
      gains: fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 3, maxLength: 6 }),
    }), { minLength: 2, maxLength: 6 });
    fc.assert(fc.property(random, (given) => {
      const parties = given.map(({ weekPence, weeksLeft, gives, takes, gains }, index): MovingParty => {
        const bending = gains.toSorted((a, b) => b - a);
        const curve = [0, ...bending].map((_, place) => ({ moneyPence: place * 200_000, prevented: bending.slice(0, place).reduce((sum, gain) => sum + gain, 0) }));
        return { agreementId: String(index), name: `C${index}`, weekPence, weeksLeft, mostGivesPence: Math.min(gives, Math.floor(weekPence * weeksLeft)), mostTakesPence: takes, curve };
      });
      const moves = moneyMoves(parties, 10_000);
      expect(moves.reduce((sum, { pence }) => sum + pence, 0)).toBe(0);
      expect(moves.reduce((sum, { prevented }) => sum + prevented, 0)).toBeGreaterThanOrEqual(0);
      for (const { agreementId, pence } of moves) {
        expect(-pence).toBeLessThanOrEqual(parties[Number(agreementId)]!.mostGivesPence);
        expect(pence).toBeLessThanOrEqual(parties[Number(agreementId)]!.mostTakesPence);
        expect(pence % 100 === 0 && Math.abs(pence) >= 10_000).toBe(true);
      }
    }), { seed: 33 });
  });
});

describe('a week with a slider moved', () => {
  const input = week([agreement()], [hotspot()], noPromises);
  const visitsOf = async (variation: Parameters<typeof varied>[1]): Promise<number> => (await allocate(varied(input, variation))).agreements[0]!.visits.length;

  it('has other money: £40.00 buys two visits of £20.00', async () => {
    expect(await visitsOf({ moneyPence: 4_000 })).toBe(2);
    expect(await visitsOf({ moneyPence: 1_999 })).toBe(0);
  });

  it('has other wardens: nobody gives none, one is no pair, two give one band 480 person-minutes', async () => {
    expect(await visitsOf({ wardens: 0 })).toBe(0);
    const one = varied(input, { wardens: 1, bands: [4] });
    expect(one.agreements[0]!.personMinutesAvailable!.slice(0, 6)).toEqual([0, 0, 0, 0, 240, 0]);
    expect(varied(input, { wardens: 2 }).agreements[0]!.personMinutesAvailable).toEqual(flat(480));
  });

  it('keeps visits to the hours asked for, and leaves the input as it was', async () => {
    const [plan] = (await allocate(varied(input, { bands: [4, 5] }))).agreements;
    expect(new Set(plan!.visits.map(({ band }) => band))).toEqual(new Set([4, 5]));
    expect(input.agreements[0]!.personMinutesAvailable).toBeNull();
    expect(varied(input, {})).toEqual(input);
    expect(varied(input, { minimumVisits: 7 }).settings.minimumVisitsPerWeek).toBe(7);
  });
});
