import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accrualLegs, approvalLegs, awardLegs, budgetFault, claimLegs, legsFault, paymentLegs, periodsAfter, recoveryLegs, replay, tilePeriods, variationLegs, virementLegs } from '../../server/ledger/ledger.ts';

const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

describe('periods', () => {
  test('the pilot by quarters: a short first one', () => {
    expect(tilePeriods({ startsOn: '2023-07-03', endsOn: '2024-03-31' }, 'quarter')).toEqual([
      { startsOn: '2023-07-03', endsOn: '2023-09-30' }, { startsOn: '2023-10-01', endsOn: '2023-12-31' }, { startsOn: '2024-01-01', endsOn: '2024-03-31' },
    ]);
  });

  test('by months over a leap day, ending in the middle of one', () => {
    expect(tilePeriods({ startsOn: '2024-01-31', endsOn: '2024-03-15' }, 'month')).toEqual([
      { startsOn: '2024-01-31', endsOn: '2024-01-31' }, { startsOn: '2024-02-01', endsOn: '2024-02-29' }, { startsOn: '2024-03-01', endsOn: '2024-03-15' },
    ]);
  });

  test('with another last day keep what is up to the last that opened, and cut what comes after', () => {
    const period = (startsOn: string, endsOn: string, state: string) => ({ startsOn, endsOn, state });
    const periods = [period('2023-07-03', '2023-09-30', 'scheduled'), period('2023-10-01', '2023-11-15', 'open'), period('2023-11-16', '2023-12-31', 'scheduled')];
    const spans = (endsOn: string) => periodsAfter(periods, { startsOn: '2023-07-03', endsOn }, 'quarter').map((each) => `${each.startsOn} ${each.endsOn}`);
    expect(spans('2024-02-29')).toEqual(['2023-07-03 2023-09-30', '2023-10-01 2023-11-15', '2023-11-16 2023-12-31', '2024-01-01 2024-02-29']);
    expect(spans('2023-11-30')).toEqual(['2023-07-03 2023-09-30', '2023-10-01 2023-11-15', '2023-11-16 2023-11-30']);
    expect(spans('2023-11-15')).toEqual(['2023-07-03 2023-09-30', '2023-10-01 2023-11-15']);
    expect(periodsAfter([], { startsOn: '2023-07-03', endsOn: '2023-09-30' }, 'quarter')).toEqual([{ startsOn: '2023-07-03', endsOn: '2023-09-30' }]);
  });

  test('tile any span without gap or overlap', () => {
    const day = fc.integer({ min: 0, max: 20_000 }).map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
    fc.assert(fc.property(day, fc.integer({ min: 0, max: 1200 }), fc.constantFrom<'month' | 'quarter'>('month', 'quarter'), (startsOn, days, cut) => {
      const endsOn = new Date(Date.parse(startsOn) + days * 86_400_000).toISOString().slice(0, 10);
      const found = tilePeriods({ startsOn, endsOn }, cut);
      expect(found[0]?.startsOn).toBe(startsOn);
      expect(found.at(-1)?.endsOn).toBe(endsOn);
      expect(found.every((period) => period.endsOn >= period.startsOn)).toBe(true);
      expect(found.slice(1).map((period) => period.startsOn)).toEqual(found.slice(0, -1).map((period) => dayAfter(period.endsOn)));
    }));
  });

  test('a span that ends before it starts is refused', () => {
    expect(() => tilePeriods({ startsOn: '2024-01-02', endsOn: '2024-01-01' }, 'month')).toThrow('cannot end on 2024-01-01');
  });
});

describe('legs', () => {
  test('of each kind of journal are what section 2 says', () => {
    expect(awardLegs(100, [])).toEqual([{ kind: 'award', head: '', pence: -100 }, { kind: 'available', head: '', pence: 100 }]);
    expect(awardLegs(100, [{ head: 'wardens', budgetPence: 70 }, { head: 'vehicles', budgetPence: 30 }]).map(({ pence }) => pence)).toEqual([-100, 70, 30]);
    expect(claimLegs(3000)).toEqual([{ kind: 'available', head: '', pence: -3000 }, { kind: 'pending', head: '', pence: 3000 }]);
    expect(approvalLegs(2500, 500, 'wardens')).toEqual([{ kind: 'pending', head: 'wardens', pence: -3000 }, { kind: 'approved', head: 'wardens', pence: 2500 }, { kind: 'available', head: 'wardens', pence: 500 }]);
    expect(approvalLegs(0, 500)).toHaveLength(2);
    expect(paymentLegs(1)[1]).toEqual({ kind: 'paid', head: '', pence: 1 });
    expect(virementLegs(5, 'wardens', 'vehicles')).toEqual([{ kind: 'available', head: 'wardens', pence: -5 }, { kind: 'available', head: 'vehicles', pence: 5 }]);
  });

  test.each([
    ['claim', claimLegs(3)], ['approval', approvalLegs(3, 1)], ['payment', paymentLegs(3)], ['recovery', recoveryLegs(3)], ['accrual', accrualLegs(3)],
    ['virement', virementLegs(3, 'a', 'b')], ['variation', variationLegs(-3)], ['award', awardLegs(3, [])],
  ] as const)('a %s has nothing wrong', (kind, legs) => {
    expect(legsFault(kind, legs)).toBeUndefined();
  });

  test.each([
    ['claim', claimLegs(3).slice(1), 'at least two legs'],
    ['claim', [...claimLegs(3), ...claimLegs(2)], 'The account “available” is there twice. Give each account once, with the sum.'],
    ['claim', claimLegs(0), 'is £0.00. Leave it out.'],
    ['claim', [{ kind: 'available', head: '', pence: -3 }, { kind: 'pending', head: '', pence: 2 }], 'The legs add up to -1 pence, not to 0.'],
    ['claim', paymentLegs(3), 'A journal of the kind “claim” does not touch the account “approved”.'],
    ['accrual', accrualLegs(-3), 'To take one back, reverse it.'],
  ] as const)('a %s of %j is refused: %s', (kind, legs, words) => {
    expect(legsFault(kind, legs)).toContain(words);
  });
});

describe('budgets', () => {
  test('add up to the value', () => {
    expect(budgetFault(100, [{ head: 'wardens', budgetPence: 70 }, { head: 'vehicles', budgetPence: 30 }])).toBeUndefined();
    expect(budgetFault(100, [])).toBeUndefined();
    expect(budgetFault(100, [{ head: 'wardens', budgetPence: 70 }])).toBe('The budgets add up to 70 pence and the agreement’s value is 100 pence. Change a budget by 30 pence.');
    expect(budgetFault(2, [{ head: 'a', budgetPence: 1 }, { head: 'a', budgetPence: 1 }])).toContain('there twice');
    expect(budgetFault(0, [{ head: 'a', budgetPence: 0 }])).toContain('not over £0.00');
  });
});

test('a replay adds the entries of each account', () => {
  const journals = [{ entries: [{ accountId: 'a', amountPence: -5 }, { accountId: 'b', amountPence: 5 }] }, { entries: [{ accountId: 'b', amountPence: -2 }, { accountId: 'c', amountPence: 2 }] }];
  expect(Object.fromEntries(replay(journals))).toEqual({ a: -5, b: 3, c: 2 });
});
