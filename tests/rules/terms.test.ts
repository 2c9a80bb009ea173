/** The terms' rules: what may be signed, what differs, how money is spread, and which state follows which. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agreementStates } from '../../server/grants/contract.ts';
import type { Version } from '../../server/terms/contract.ts';
import { goesBack, isSigned, moveFaults, nextStates, type Readiness } from '../../server/terms/lifeCycle.ts';
import { cutOf, differences, laidAgain, pounds, spread, termsFaults, type TermsSaid, versionLegs } from '../../server/terms/terms.ts';
import { furtherDifferences, varied } from '../../server/terms/variation.ts';

const heads = [{ head: 'Wardens', budgetPence: 70_000, tolerancePence: 0, profile: [] }, { head: 'Vehicles', budgetPence: 30_000, tolerancePence: 0, profile: [] }];
const said: TermsSaid = { ceilingPence: 100_000, endsOn: '2024-03-31', productiveRatio: 0.5, paymentBasis: 'cost', overheadsAgreed: false, overheadsPercent: null, heads, targets: [], hotspotIds: [] };
const known = [{ name: '', needsAgreement: false }, { name: 'Wardens', needsAgreement: false }, { name: 'Vehicles', needsAgreement: false }, { name: 'Overheads', needsAgreement: true }];
const faults = (given: Partial<TermsSaid>): string[] => termsFaults({ ...said, ...given }, '2023-07-03', known).map(({ field, message }) => `${field}: ${message}`);
const line = (head: string, budgetPence: number, more: Partial<TermsSaid['heads'][number]> = {}): TermsSaid['heads'][number] => ({ head, budgetPence, tolerancePence: 0, profile: [], ...more });

describe('terms', () => {
  test('that add up have no fault', () => expect(faults({})).toEqual([]));

  test.each<[string, Partial<TermsSaid>, string]>([
    ['budgets over the value', { ceilingPence: 99_999 }, 'heads: The budgets add up to £1,000.00 and the agreement’s value is £999.99. Change a budget by −£0.01.'],
    ['a head twice', { heads: [line('Wardens', 50_000), line('Wardens', 50_000)] }, 'heads: The head “Wardens” is there twice. Give each head once.'],
    ['an unknown head', { heads: [line('Boats', 100_000)] }, 'heads: “Boats” is no budget head in use on this day. Use one of: Wardens, Vehicles, Overheads; or add it to the list first.'],
    ['a budget of nothing', { heads: [line('Wardens', 100_000), line('Vehicles', 0)] }, 'heads: The budget of “Vehicles” is not over £0.00. Enter an amount, or leave the head out.'],
    ['a tolerance below zero', { heads: [line('', 100_000, { tolerancePence: -1 })] }, 'heads: The tolerance of “not under a head” is below £0.00. Enter £0.00 or more.'],
    ['overheads not agreed', { heads: [line('Wardens', 90_000), line('Overheads', 10_000)] }, 'heads: Overheads are in the budget and the agreement does not allow them. Say that they are agreed, or take them out.'],
    ['overheads over their percentage', { overheadsAgreed: true, overheadsPercent: 11.1, heads: [line('Wardens', 90_000), line('Overheads', 10_000)] }, 'heads: Overheads of £100.00 pass 11.1 % of the other heads, £99.90. Lower them.'],
    ['an end before the start', { endsOn: '2023-07-03' }, 'endsOn: The last day, 2023-07-03, must be after the first, 2023-07-03. Give a later one.'],
    ['a profile outside', { heads: [line('Wardens', 100_000, { profile: [{ startsOn: '2024-04-01', amountPence: 100_000 }] })] }, 'heads: “Wardens” has an amount for 2024-04-01, outside the agreement. Give one from 2023-07-03 to 2024-03-31.'],
    ['a profile that adds up to less', { heads: [line('Wardens', 100_000, { profile: [{ startsOn: '2023-07-03', amountPence: 99_999 }] })] }, 'heads: The periods of “Wardens” add up to £999.99, its budget is £1,000.00. Change a period by £0.01.'],
    ['two targets on a day', { targets: [{ startsOn: '2023-07-03', endsOn: '2023-09-30', personMinutes: 60 }, { startsOn: '2023-09-30', endsOn: '2023-12-31', personMinutes: 60 }] }, 'targets: Two targets hold on 2023-09-30. End the first before it.'],
    ['a target past the end', { targets: [{ startsOn: '2023-07-03', endsOn: '2024-04-01', personMinutes: 60 }] }, 'targets: The target from 2023-07-03 to 2024-04-01 is not within the agreement, 2023-07-03 to 2024-03-31. Change its days.'],
  ])('with %s are refused in words', (_name, given, sentence) => expect(faults(given)).toEqual([sentence]));

  test('without a percentage overheads have no cap', () => expect(faults({ overheadsAgreed: true, heads: [line('Wardens', 1), line('Overheads', 99_999)] })).toEqual([]));

  test('a percentage is taken half up, to the penny', () => {
    // 12.5 % of 90,004 pence is 11,250.5.
    const of = (overheads: number): string[] => faults({ ceilingPence: 90_004 + overheads, overheadsAgreed: true, overheadsPercent: 12.5, heads: [line('Wardens', 90_004), line('Overheads', overheads)] });
    expect(of(11_251)).toEqual([]);
    expect(of(11_252)).toHaveLength(1);
  });
});

test('what differs is told by field, head, target and hotspot', () => {
  const after: TermsSaid = { ...said, ceilingPence: 120_000, paymentBasis: 'hours', heads: [line('Wardens', 90_000), line('Training', 30_000)], targets: [{ startsOn: '2023-07-03', endsOn: '2024-03-31', personMinutes: 600 }], hotspotIds: ['h1'] };
  expect(differences(said, after)).toEqual([
    { field: 'ceiling', of: '', from: 100_000, to: 120_000 }, { field: 'paymentBasis', of: '', from: 'cost', to: 'hours' },
    { field: 'budget', of: 'Training', from: null, to: 30_000 }, { field: 'tolerance', of: 'Training', from: null, to: 0 },
    { field: 'budget', of: 'Vehicles', from: 30_000, to: null }, { field: 'tolerance', of: 'Vehicles', from: 0, to: null }, { field: 'budget', of: 'Wardens', from: 70_000, to: 90_000 },
    { field: 'target', of: '2023-07-03', from: null, to: 600 }, { field: 'hotspot', of: 'h1', from: null, to: 'named' },
  ]);
  expect(differences(said, { ...said })).toEqual([]);
});

describe('money over periods', () => {
  test('goes by weight with the largest remainder, ties to the earlier', () => {
    expect(spread(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(spread(300_000, [90, 92, 91])).toEqual([98_901, 101_099, 100_000]);
    expect(spread(5, [0, 0])).toEqual([3, 2]);
    expect(() => spread(5, [])).toThrow('£0.05 cannot be spread over no periods. Give at least one.');
  });

  test('adds up, and no part is further than a penny from its share', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 24 }), (pence, weights) => {
      const parts = spread(pence, weights);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(pence);
      parts.forEach((part, index) => expect(Math.abs(part - (pence * (total > 0 ? (weights[index] ?? 0) / total : 1 / weights.length)))).toBeLessThan(1));
    }));
  });

  const periods = [{ startsOn: '2023-07-03', endsOn: '2023-09-30' }, { startsOn: '2023-10-01', endsOn: '2023-12-31' }, { startsOn: '2024-01-01', endsOn: '2024-03-31' }];
  test('laid again keeps the past and spreads the rest', () => {
    const before = [{ startsOn: '2023-07-03', amountPence: 10 }, { startsOn: '2023-10-01', amountPence: 500 }];
    expect(laidAgain(before, 193, periods, '2023-10-01').map(({ amountPence }) => amountPence)).toEqual([10, 92, 91]);
    expect(laidAgain(before, 193, periods, '2023-12-31').map(({ amountPence }) => amountPence)).toEqual([10, 92, 91]);
    // The past alone passes the budget: all of it by days again.
    expect(laidAgain(before, 273, periods, '2024-01-01').map(({ amountPence }) => amountPence)).toEqual([90, 92, 91]);
    expect(laidAgain([], 273, periods, '2024-04-01').map(({ amountPence }) => amountPence)).toEqual([90, 92, 91]);
  });

  test('the cut of periods is read from them', () => {
    expect(cutOf(periods)).toBe('quarter');
    expect(cutOf([{ startsOn: '2023-07-03', endsOn: '2023-07-31' }, { startsOn: '2023-08-01', endsOn: '2023-08-31' }])).toBe('month');
    expect(cutOf([{ startsOn: '2023-07-03', endsOn: '2023-07-31' }])).toBe('quarter');
    expect(cutOf([])).toBe('quarter');
  });
});

test('the journal of a version brings each head to its budget and carries the difference', () => {
  const legs = (given: Record<string, number>, wanted: Record<string, number>) => versionLegs(new Map(Object.entries(given)), Object.entries(wanted).map(([head, budgetPence]) => ({ head, budgetPence }))).map(({ kind, head, pence }) => [kind, head, pence]);
  expect(legs({ Wardens: 70, Vehicles: 30 }, { Wardens: 90, Training: 20 })).toEqual([['award', '', -10], ['available', 'Training', 20], ['available', 'Vehicles', -30], ['available', 'Wardens', 20]]);
  expect(legs({ Wardens: 70, Vehicles: 30 }, { Wardens: 60, Vehicles: 40 })).toEqual([['available', 'Vehicles', 10], ['available', 'Wardens', -10]]);
  expect(legs({ Wardens: 70 }, { Wardens: 70 })).toEqual([]);
});

test('pounds in a sentence', () => expect([0, 5, 123_456, -100_000_000].map(pounds)).toEqual(['£0.00', '£0.05', '£1,234.56', '−£1,000,000.00']));

describe('a variation', () => {
  const base: Version = {
    ...said, heads: [...heads], targets: [], hotspotIds: [], id: 'v1', agreementId: 'a', number: 1, variationId: null, effectiveFrom: '2023-07-03', purpose: 'Patrols', schedules: [{ title: 'Payment', says: 'In arrears' }],
    difference: [], reason: 'x', sourceKind: 'signed', sourceId: 'a', createdAt: '2023-07-03T00:00:00Z',
  };

  test('changes what it gives and keeps the rest; a changed end or lone head has its profile laid again', () => {
    expect(varied(base, { productiveRatio: 0.4 })).toMatchObject({ ceilingPence: 100_000, productiveRatio: 0.4, heads, purpose: 'Patrols' });
    const alone = { ...base, heads: [line('', 100_000, { profile: [{ startsOn: '2023-07-03', amountPence: 100_000 }] })] };
    expect(varied(alone, { ceilingPence: 150_000 }).heads).toEqual([line('', 150_000)]);
    expect(varied(alone, { endsOn: '2024-06-30' }).heads).toEqual([line('', 100_000)]);
    expect(varied(alone, { purpose: 'Both' }).heads).toEqual(alone.heads);
    expect(varied({ ...base, overheadsAgreed: true, overheadsPercent: 5 }, { overheadsAgreed: false }).overheadsPercent).toBeNull();
  });

  test('tells rates against those in force on its day, conditions, purpose and schedules', () => {
    const rates = [{ band: 'day' as const, pencePerHour: 2000, validFrom: '2023-07-03', validTo: '2023-10-01' }, { band: 'day' as const, pencePerHour: 2100, validFrom: '2023-10-01', validTo: null }];
    const of = (changes: Parameters<typeof furtherDifferences>[1], on: string) => furtherDifferences(base, changes, { rates, conditions: [{ id: 'c1', what: 'Briefing pack' }], on });
    expect(of({ rates: [{ band: 'day', pencePerHour: 2100 }] }, '2023-09-30')).toEqual([{ field: 'rate', of: 'day', from: 2000, to: 2100 }]);
    expect(of({ rates: [{ band: 'day', pencePerHour: 2100 }] }, '2023-10-01')).toEqual([]);
    expect(of({ conditions: { add: [], end: ['c1'] }, purpose: 'Patrols', schedules: [] }, '2023-10-01')).toEqual([{ field: 'condition', of: 'Briefing pack', from: 'in force', to: null }, { field: 'schedules', of: 'Payment', from: 'In arrears', to: null }]);
  });
});

describe('the life of an agreement', () => {
  const ready: Readiness = { termsFaults: [], hasVersion: false, variationUnderWay: false, signatories: [{ party: 'council', title: 'S151', signedOn: '2023-07-01' }, { party: 'office', title: 'CFO', signedOn: '2023-07-01' }] };

  test('goes through each state in order, and back only before it is signed', () => {
    const allowed = agreementStates.flatMap((from) => agreementStates.filter((to) => moveFaults(from, to, ready).length === 0).map((to) => `${from} -> ${to}`));
    expect(allowed).toEqual(['draft -> in legal', 'in legal -> draft', 'in legal -> sent', 'sent -> draft', 'sent -> signed', 'signed -> live', 'signed -> live at risk', 'live -> live at risk', 'live -> closing', 'live at risk -> live', 'live at risk -> closing', 'closing -> closed']);
    expect(agreementStates.filter((from) => nextStates(from).some((to) => goesBack(from, to)))).toEqual(['in legal', 'sent']);
    expect(agreementStates.filter(isSigned)).toEqual(['signed', 'live', 'live at risk', 'closing', 'closed']);
  });

  test('is signed by both on terms that add up', () => {
    expect(moveFaults('sent', 'signed', { ...ready, termsFaults: ['The budgets do not add up.'], signatories: [] })).toEqual(['The budgets do not add up.', 'Nobody is named to sign for the council. Enter a signatory, by title.', 'Nobody is named to sign for the Commissioner’s office. Enter a signatory, by title.']);
    expect(moveFaults('live', 'closing', { ...ready, variationUnderWay: true })).toEqual(['A variation is under way. Settle or withdraw it first.']);
    expect(moveFaults('closed', 'live', ready)).toEqual(['An agreement that is closed does not become live. It stays so.']);
  });
});
