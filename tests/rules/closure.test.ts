/** What is left at the end and what becomes of it, on paper. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closureFaults, headsOf, keepUntil, lengthOf, releaseLegs, type Proposed, type RetentionRule } from '../../server/closure/closure.ts';

const head = (name: string, unspentPence: number) => ({ head: name, unspentPence });

describe('what is given back', () => {
  test('is all that is unspent, head by head, in one journal that sums to nothing', () => {
    expect(releaseLegs([head('Vehicles', 2_500), head('Wardens', 1_000)], 0)).toEqual([
      { kind: 'award', head: '', pence: 3_500 }, { kind: 'available', head: 'Vehicles', pence: -2_500 }, { kind: 'available', head: 'Wardens', pence: -1_000 },
    ]);
  });

  test('leaves what is carried under the heads with money left, by the largest remainder', () => {
    // 100 of 3,500 stay: 71.43 and 28.57.
    expect(releaseLegs([head('Vehicles', 2_500), head('Wardens', 1_000)], 100)).toEqual([
      { kind: 'award', head: '', pence: 3_400 }, { kind: 'available', head: 'Vehicles', pence: -2_429 }, { kind: 'available', head: 'Wardens', pence: -971 },
    ]);
  });

  test('settles a head over its budget from the others', () => {
    expect(releaseLegs([head('Vehicles', 500), head('Wardens', -500)], 0)).toEqual([{ kind: 'available', head: 'Vehicles', pence: -500 }, { kind: 'available', head: 'Wardens', pence: 500 }]);
  });

  test('is nothing when nothing is left, or all is carried', () => {
    expect(releaseLegs([head('', 0)], 0)).toEqual([]);
    expect(releaseLegs([head('', 700)], 700)).toEqual([]);
    expect(() => releaseLegs([head('', 700)], 701)).toThrow('701 pence cannot be carried over: 700 are left.');
  });

  test('whatever the heads, the journal sums to nothing and what is carried is what is left', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -5_000, max: 1_000_000 }), { minLength: 1, maxLength: 6 }), fc.nat(100), (unspent, share) => {
      const left = unspent.reduce((sum, each) => sum + each, 0);
      fc.pre(left >= 0);
      const carried = Math.floor((left * share) / 100);
      const legs = releaseLegs(unspent.map((each, index) => head(`H${index}`, each)), carried);
      expect(legs.reduce((sum, { pence }) => sum + pence, 0)).toBe(0);
      const after = left + legs.filter(({ kind }) => kind === 'available').reduce((sum, { pence }) => sum + pence, 0);
      expect(after).toBe(carried);
    }));
  });
});

test('each head at the end: its budget is what is paid, open and unspent', () => {
  const accounts = [['award', '', -1_000], ['available', 'Wardens', 250], ['paid', 'Wardens', 700], ['pending', 'Wardens', 30], ['at risk', 'Wardens', 20]] as const;
  expect(headsOf(accounts.map(([kind, name, balancePence]) => ({ kind, head: name, balancePence })))).toEqual([{ head: 'Wardens', budgetPence: 1_000, paidPence: 700, openPence: 50, unspentPence: 250 }]);
});

describe('a decision is refused in words', () => {
  const faults = (given: Partial<Proposed>): string[] => closureFaults({ decision: 'discontinue', state: 'closing', carriedPence: 0, hasVariation: false, figures: { unspentPence: 100, openPence: 0 }, items: [], ...given });
  test.each([
    [{}, []],
    [{ state: 'live' as const }, ['The agreement is not closing yet. Move it to “closing” on its terms first, so that nothing new begins.']],
    [{ carriedPence: 1 }, ['Money is carried over only by an approved variation. Name it, or carry nothing.', 'An agreement that is discontinued carries nothing over.']],
    [{ items: [{ what: 'Claim 2 is query', blocks: true, exception: null }] }, ['1 item of the checklist is open: Claim 2 is query.']],
    [{ items: [{ what: 'A radio', blocks: false, exception: 'Lost in use' }] }, []],
    [{ decision: 'continue' as const, state: 'live' as const, items: [{ what: 'Claim 2 is query', blocks: true, exception: null }] }, []],
    [{ decision: 'continue' as const, carriedPence: 101, hasVariation: true }, ['More is carried over than is left. Carry less.']],
    [{ decision: 'amend' as const }, ['An agreement is amended by an approved variation. Name it.']],
    [{ decision: 'continue' as const, state: 'closed' as const }, ['An agreement that is closed is not reconciled.']],
  ])('%j', (given, said) => expect(faults(given)).toEqual(said));
});

describe('records are kept', () => {
  const rule = (given: Partial<RetentionRule>): RetentionRule => ({ kind: 'x', name: 'x', base: 'end of the agreement', keepYears: 6, keepDays: null, source: 'x', ...given });
  test('from the agreement’s end, its financial year’s end, or each record’s own day', () => {
    expect(keepUntil(rule({}), '2024-03-31')).toBe('2030-03-31');
    expect(keepUntil(rule({ base: 'end of the financial year' }), '2023-12-31')).toBe('2030-03-31');
    expect(keepUntil(rule({ base: 'end of the financial year' }), '2024-03-31')).toBe('2030-03-31');
    expect(keepUntil(rule({}), '2024-02-29')).toBe('2030-02-28');
    expect(keepUntil(rule({ keepYears: null, keepDays: 30 }), '2024-03-31')).toBe('2024-04-30');
    expect(keepUntil(rule({ base: 'day it was recorded', keepYears: null, keepDays: 30 }), '2024-03-31')).toBeNull();
    expect([lengthOf(rule({})), lengthOf(rule({ keepYears: 1 })), lengthOf(rule({ keepYears: null, keepDays: 30 }))]).toEqual(['6 years', '1 year', '30 days']);
  });
});
