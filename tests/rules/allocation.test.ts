import { describe, expect, it } from 'vitest';
import type { AgreementPlan, AllocationInput } from '../../server/patrols/allocation.ts';
import { allocate } from '../../server/patrols/allocation.ts';
import { countsFirst, equalShares } from '../../server/patrols/allocationBaselines.ts';
import { agreement, brokenLimits, flat, hotspot, inBands, noPromises, visitedBy, week } from './allocationWeeks.ts';

/** Friday 16:00 to 20:00. */
const fridayEvening = 28;

async function planOf(input: AllocationInput): Promise<AgreementPlan> {
  const { agreements } = await allocate(input);
  return agreements[0]!;
}

describe('a plan small enough for paper', () => {
  const input = week(
    [agreement({ moneyPence: 5_000, ratesPencePerHour: inBands<number | null>([fridayEvening], 2_000, null) })],
    [hotspot({ expected: inBands([fridayEvening], 2, 0) })],
    noPromises,
  );

  it('buys the two visits that £50.00 pays for, and says what they prevent', async () => {
    const plan = await planOf(input);
    expect(plan.visits.map(({ date, band, ordinal, costPence, personMinutes }) => ({ date, band, ordinal, costPence, personMinutes }))).toEqual([
      { date: '2023-10-06', band: 4, ordinal: 1, costPence: 2_000, personMinutes: 48 },
      { date: '2023-10-06', band: 4, ordinal: 2, costPence: 2_000, personMinutes: 48 },
    ]);
    expect(plan.hours).toEqual([{ hotspotId: 'h1', date: '2023-10-06', band: 4, visits: 2, visitMinutes: 30, personMinutes: 96 }]);
    expect([plan.spentPence, plan.leftPence]).toEqual([4_000, 1_000]);
    expect(plan.objective).toBeCloseTo(0.270139, 6);
    expect(plan.objectiveRange.low).toBeCloseTo(0.1350695, 6);
    expect(plan.objectiveRange.high).toBeCloseTo(0.4052085, 6);
    expect(plan.bound).toBeCloseTo(0.270139, 6);
    expect(plan.gap).toBeLessThan(1e-9);
    // The third visit would prevent 0.055868 for £20.00.
    expect(plan.shadowPricePerThousandPounds).toBeCloseTo(2.793421, 5);
    expect(plan.reason).toBeNull();
  });

  it('explains each visit in a sentence', async () => {
    const plan = await planOf(input);
    expect(plan.visits[0]?.why).toBe(
      "Friday 6 October, 16:00 to 20:00: 2.00 incidents expected; visit 1 prevents 0.172 for £20.00 (8.60 prevented per £1,000). One more here: the week's money is used.",
    );
    expect(plan.binding).toEqual(['The money binds: the £10.00 left is less than the next visit costs.']);
  });

  it('goes first where a pound prevents most: a dear busy band against a cheap quiet one', async () => {
    // Busy: 0.172087 for £30.00, quiet: 0.129065 for £20.00. Money for one of them.
    const rates = inBands<number | null>([fridayEvening], 3_000, null);
    rates[2] = 2_000;
    const expected = inBands([fridayEvening], 2, 0);
    expected[2] = 1.5;
    const plan = await planOf(week([agreement({ moneyPence: 2_999, ratesPencePerHour: rates })], [hotspot({ expected })], noPromises));
    expect(plan.visits.map(({ date, band, costPence }) => ({ date, band, costPence }))).toEqual([{ date: '2023-10-02', band: 2, costPence: 2_000 }]);
    // With £30.00 the dear one prevents more than the cheap one alone.
    const richer = await planOf(week([agreement({ moneyPence: 3_000, ratesPencePerHour: rates })], [hotspot({ expected })], noPromises));
    expect(richer.visits.map(({ date, costPence }) => ({ date, costPence }))).toEqual([{ date: '2023-10-06', costPence: 3_000 }]);
  });

  it('gives a shift no more than three visits', async () => {
    const evening = [fridayEvening, fridayEvening + 1];
    const plan = await planOf(week([agreement({ ratesPencePerHour: inBands<number | null>(evening, 2_000, null) })], [hotspot({ expected: inBands(evening, 2, 0) })], noPromises));
    expect(plan.visits).toHaveLength(3);
    expect(plan.visits[0]?.why).toContain('One more here: a shift has at most 3 visits to one hotspot.');
  });

  it('sends no pair where the rota has 95 person-minutes twice, one where it has 95, two where it has 96', async () => {
    const minutes = inBands([fridayEvening], 95, 0);
    minutes[4] = 96;
    minutes[10] = 47;
    const plan = await planOf(week([agreement({ personMinutesAvailable: minutes })], [hotspot()], noPromises));
    expect(plan.hours.map(({ date, visits }) => ({ date, visits }))).toEqual([{ date: '2023-10-02', visits: 2 }, { date: '2023-10-06', visits: 1 }]);
    expect(plan.binding).toEqual(['The rota has no more wardens in 2 bands of the week.']);
  });

  it('holds each of 14 hotspots to 15 % of the money, though one has all the incidents that count', async () => {
    const places = Array.from({ length: 14 }, (_, index) => hotspot({ id: `h${String(index).padStart(2, '0')}`, expected: flat(index === 5 ? 9 : 0.1) }));
    const plan = await planOf(week([agreement()], places, noPromises));
    // 15 % of £1,000.00 is £150.00: seven visits of £20.00.
    expect(plan.visits.filter((visit) => visit.hotspotId === 'h05')).toHaveLength(7);
    expect(plan.visits.find((visit) => visit.hotspotId === 'h05')?.why).toContain("would pass its share of the week's money, £150.00");
  });

  it('lets each of four hotspots have up to twice its equal share', async () => {
    const places = ['a', 'b', 'c', 'd'].map((id) => hotspot({ id, expected: flat(id === 'c' ? 9 : 0.1) }));
    const plan = await planOf(week([agreement({ moneyPence: 40_000 })], places, noPromises));
    expect(plan.visits.filter((visit) => visit.hotspotId === 'c')).toHaveLength(10);
  });
});

describe('promises', () => {
  it('gives each hotspot two visits before a busy one gets a third', async () => {
    const places = ['a', 'b', 'c'].map((id) => hotspot({ id, expected: flat(id === 'b' ? 5 : 0.1) }));
    const plan = await planOf(week([agreement({ moneyPence: 14_000 })], places));
    expect(['a', 'b', 'c'].map((id) => plan.visits.filter((visit) => visit.hotspotId === id).length)).toEqual([2, 3, 2]);
    expect(plan.shortfalls).toEqual([]);
    expect(plan.visits[0]?.why).toContain('Chosen to keep the minimum of 2 visits this week.');
  });

  it('lists the hotspot that loses when money is short: the one where visits prevent least', async () => {
    const places = ['a', 'b', 'c'].map((id) => hotspot({ id, expected: flat(id === 'b' ? 0.1 : 1) }));
    const plan = await planOf(week([agreement({ moneyPence: 11_000 })], places));
    expect(plan.visits).toHaveLength(5);
    expect(plan.shortfalls).toEqual([{
      hotspotId: 'b', rule: 'minimum', wanted: 2, got: 1,
      why: "The week's £110.00 does not reach: it keeps the promises to other hotspots first where that costs least or prevents most.",
    }]);
    expect(plan.gap).toBeLessThan(0.001);
  });

  it('leaves no hotspot four days running without a visit, though all incidents are at the weekend', async () => {
    const weekend = Array.from({ length: 12 }, (_, index) => 30 + index);
    const plan = await planOf(week([agreement({ moneyPence: 4_000 })], [hotspot({ expected: inBands(weekend, 3, 0) })]));
    const dates = plan.visits.map((visit) => visit.date);
    expect(dates).toHaveLength(2);
    expect(dates).toContain('2023-10-05');
    expect(plan.shortfalls).toEqual([]);
  });

  it('counts the days since the last visit before the week', async () => {
    const saturday = Array.from({ length: 6 }, (_, index) => 30 + index);
    const base = { expected: inBands(saturday, 3, 0) };
    const plan = await planOf(week([agreement({ moneyPence: 8_000 })], [hotspot({ ...base, lastVisitOn: '2023-09-28' })]));
    expect(plan.visits.map((visit) => visit.date)).toContain('2023-10-02');
    const later = await planOf(week([agreement({ moneyPence: 8_000 })], [hotspot({ ...base, lastVisitOn: '2023-10-01' })]));
    expect(later.visits.map((visit) => visit.date)).not.toContain('2023-10-02');
  });

  it('says how long a hotspot is left when the rota has nobody on most days', async () => {
    const plan = await planOf(week([agreement({ personMinutesAvailable: inBands([40], 480, 0) })], [hotspot({ lastVisitOn: '2023-09-29' })]));
    expect(plan.shortfalls).toEqual([{
      hotspotId: 'h1', rule: 'gap', wanted: 3, got: 8, why: 'No band on the days in question has both a rate and enough wardens on the rota.',
    }]);
  });

  it('keeps the floor of a ward, and says when it cannot', async () => {
    const places = ['a', 'b', 'c'].map((id) => hotspot({ id, expected: flat(id === 'c' ? 5 : 0.1) }));
    const floors = [{ name: 'Ward 7', hotspotIds: ['a', 'b'], minimumVisits: 3 }];
    const kept = await planOf(week([agreement({ moneyPence: 10_000, floors })], places, noPromises));
    expect(kept.visits.filter((visit) => visit.hotspotId !== 'c')).toHaveLength(3);
    const short = await planOf(week([agreement({ moneyPence: 4_000, floors })], places, noPromises));
    expect(short.shortfalls).toMatchObject([{ hotspotId: null, rule: 'floor', wanted: 3, got: 2 }]);
  });
});

describe('when nothing can be given', () => {
  const cases: [string, AllocationInput, string, string][] = [
    ['no money', week([agreement({ moneyPence: 0 })], [hotspot()]), 'no-money', 'No money is left in the agreement for this week.'],
    ['a start in December', week([agreement({ startsOn: '2023-12-01' })], [hotspot()]), 'agreement-not-started', 'The agreement starts on 2023-12-01, after this week.'],
    ['an agreement that ended', week([agreement({ endsOn: '2023-10-01' })], [hotspot()]), 'agreement-ended', 'The agreement ended on 2023-10-01, before this week.'],
    ['no hotspot', week([agreement()], []), 'no-live-hotspot', 'No hotspot of this agreement is live this week. Adopt one, or check the live dates.'],
    ['a retired hotspot', week([agreement()], [hotspot({ liveTo: '2023-10-01' })]), 'no-live-hotspot', 'No hotspot of this agreement is live this week. Adopt one, or check the live dates.'],
    ['no wardens', week([agreement({ personMinutesAvailable: flat(0) })], [hotspot()]), 'no-wardens', 'The rota has no band this week with enough wardens for a visit.'],
    ['no rate', week([agreement({ ratesPencePerHour: flat(null) })], [hotspot()]), 'no-rate', 'No hourly rate is agreed for any day of this week. Enter one with its dates.'],
    ['money for less than one visit', week([agreement({ moneyPence: 1_999 })], [hotspot()]), 'money-below-one-visit', 'The cheapest visit costs £20.00; the week has £19.99.'],
    ['no incidents and no promise', week([agreement()], [hotspot({ expected: flat(0) })], noPromises), 'nothing-expected', 'No visit would prevent anything: no incidents are expected and no minimum is set.'],
  ];

  it.each(cases)('says so: %s', async (_, input, code, text) => {
    const plan = await planOf(input);
    expect(plan.reason).toEqual({ code, text });
    expect([plan.visits.length, plan.spentPence, plan.objective, plan.bound, plan.gap]).toEqual([0, 0, 0, 0, 0]);
    expect(plan.leftPence).toBe(input.agreements[0]!.moneyPence);
  });

  it('still lists the promises that no money breaks, and what the first £1,000 would prevent', async () => {
    const plan = await planOf(week([agreement({ moneyPence: 0 })], [hotspot()]));
    expect(plan.shortfalls.map(({ rule, wanted, got }) => ({ rule, wanted, got }))).toEqual([{ rule: 'minimum', wanted: 2, got: 0 }, { rule: 'gap', wanted: 3, got: 7 }]);
    // One incident a band: the first visit prevents 0.086043 for £20.00.
    expect(plan.shadowPricePerThousandPounds).toBeCloseTo(4.302172, 5);
  });

  it('plans the other councils all the same', async () => {
    const all = await allocate(week([agreement(), agreement({ id: 'B', startsOn: '2023-12-01' })], [hotspot(), hotspot({ id: 'h2', agreementId: 'B' })]));
    expect(all.agreements.map((plan) => plan.reason?.code ?? 'planned')).toEqual(['planned', 'agreement-not-started']);
    expect(all.gap).toBeLessThan(0.01);
  });
});

describe('dates inside the week', () => {
  it('begins on the Friday an agreement starts, with its minimum in proportion', async () => {
    const plan = await planOf(week([agreement({ startsOn: '2023-12-01', moneyPence: 30_000 })], [hotspot()], {}, '2023-11-27'));
    expect([...new Set(plan.visits.map((visit) => visit.date))]).toEqual(['2023-12-01', '2023-12-02', '2023-12-03']);
    // Three of seven days: a minimum of one visit.
    const poor = await planOf(week([agreement({ startsOn: '2023-12-01', moneyPence: 2_000 })], [hotspot()], {}, '2023-11-27'));
    expect(poor.shortfalls).toEqual([]);
  });

  it('ends with the day a hotspot is retired', async () => {
    const plan = await planOf(week([agreement()], [hotspot({ liveTo: '2023-10-04' }), hotspot({ id: 'h2' })]));
    const dates = plan.visits.filter((visit) => visit.hotspotId === 'h1').map((visit) => visit.date);
    expect(dates.toSorted().at(-1)).toBe('2023-10-04');
    expect(plan.visits.some((visit) => visit.hotspotId === 'h2' && visit.date > '2023-10-04')).toBe(true);
  });

  it('pays the new rate from the Wednesday it changes, to the penny', async () => {
    const rates = Array.from({ length: 42 }, (_, index) => (index < 12 ? 1_950 : 2_035));
    const plan = await planOf(week([agreement({ ratesPencePerHour: rates, productiveRatio: 0.7, moneyPence: 60_000 })], [hotspot()], noPromises));
    // 48 minutes at £19.50 ÷ 0.7 is £22.2857…, at £20.35 ÷ 0.7 is £23.2571…
    expect(new Set(plan.visits.map(({ date, costPence }) => `${date < '2023-10-04'} ${costPence}`))).toEqual(new Set(['true 2229', 'false 2326']));
    expect(plan.spentPence).toBe(plan.visits.filter((visit) => visit.date < '2023-10-04').length * 2_229 + plan.visits.filter((visit) => visit.date >= '2023-10-04').length * 2_326);
    expect(plan.spentPence).toBeLessThanOrEqual(60_000);
  });

  it('counts real hours in the nights the clocks change', async () => {
    const sundayNight = [36];
    const night = { ratesPencePerHour: inBands<number | null>(sundayNight, 2_000, null) };
    const place = hotspot({ expected: inBands(sundayNight, 4, 0) });
    const back = await planOf(week([agreement(night)], [place], { ...noPromises, maxPerShift: 4 }, '2023-10-23'));
    expect(back.visits.map(({ expected }) => expected)).toEqual([5, 5, 5, 5]);
    const forward = await planOf(week([agreement(night)], [place], { ...noPromises, maxPerShift: 4 }, '2024-03-25'));
    expect(forward.visits.map(({ date, expected }) => ({ date, expected }))).toEqual([1, 2, 3].map(() => ({ date: '2024-03-31', expected: 3 })));
    // κ = 2.25 ÷ 3 = 0.75: 3 × 0.2 × (1 − e^−2.25).
    expect(forward.objective).toBeCloseTo(0.536760, 6);
  });
});

describe('comparisons and input', () => {
  it('counts first fills the busiest band before it looks at the next; equal shares take turns', () => {
    const input = week([agreement({ moneyPence: 8_000 })], [hotspot({ expected: inBands([4], 3, 0.5) }), hotspot({ id: 'h2', expected: inBands([4], 2, 0.5) })]);
    expect(countsFirst(input)).toMatchObject([{ agreementId: 'A', visits: 4, spentPence: 8_000 }]);
    expect(equalShares(input)).toMatchObject([{ agreementId: 'A', visits: 4, spentPence: 8_000 }]);
    // 3, then 1 of the second: 0.6·(1 − e^−1.6875) + 0.4·(1 − e^−0.5625); two each: 0.6·(1 − e^−1.125) + 0.4·(1 − e^−1.125).
    expect(countsFirst(input)[0]?.objective).toBeCloseTo(0.661098, 6);
    expect(equalShares(input)[0]?.objective).toBeCloseTo(0.675348, 6);
  });

  it('gives the same plan whatever the order hotspots come in, with and without the solver', async () => {
    const places = ['c', 'a', 'b'].map((id, index) => hotspot({ id, expected: Array.from({ length: 42 }, (_, band) => ((band * 7 + index * 3) % 5) / 2) }));
    for (const method of ['best', 'greedy'] as const) {
      const one = await allocate(week([agreement({ moneyPence: 31_000 })], places), { method });
      expect(await allocate(week([agreement({ moneyPence: 31_000 })], places.toReversed()), { method })).toEqual(one);
      expect(brokenLimits(week([agreement({ moneyPence: 31_000 })], places), agreement({ moneyPence: 31_000 }), visitedBy(one.agreements[0]!))).toEqual([]);
    }
  });

  it.each<[string, AllocationInput]>([
    ['A week starts on a Monday; 2023-10-03 is a Tuesday. Use 2023-10-02.', week([agreement()], [hotspot()], {}, '2023-10-03')],
    ['Agreement A: money for the week is 10.5; give a whole number, 0 pence or more.', week([agreement({ moneyPence: 10.5 })], [])],
    ['Agreement A: money for the week is -1; give a whole number, 0 pence or more.', week([agreement({ moneyPence: -1 })], [])],
    ['Agreement A: the productive ratio is 0; give patrol hours per paid hour, over 0 and at most 1.', week([agreement({ productiveRatio: 0 })], [])],
    ['Agreement A: rates has 3 values; give 42', week([agreement({ ratesPencePerHour: [1, 2, 3] })], [])],
    ['Agreement A is given twice', week([agreement(), agreement()], [])],
    ['Hotspot h1 names agreement B, which is not in the list', week([agreement()], [hotspot({ agreementId: 'B' })])],
    ['Hotspot h1: expected incidents of band 2 are NaN', week([agreement()], [hotspot({ expected: inBands([2], Number.NaN, 1) })])],
    ['Hotspot h1 is live to 2023-07-01, before it is live from 2023-08-01', week([agreement()], [hotspot({ liveTo: '2023-07-01' })])],
    ['Hotspot h1: the last visit before the week is dated 2023-10-02; give a day before 2023-10-02.', week([agreement()], [hotspot({ lastVisitOn: '2023-10-02' })])],
    ['Setting maxShare is 0', week([agreement()], [], { maxShare: 0 })],
    ['Setting effect is 0.3, 0.2, 0.1', week([agreement()], [], { effect: { low: 0.3, central: 0.2, high: 0.1 } })],
    ['Setting shifts is [[0,1],[1]]', week([agreement()], [], { shifts: [[0, 1], [1]] })],
  ])('refuses input that cannot be meant: %s', async (message, input) => {
    await expect(allocate(input)).rejects.toThrow(message);
  });
});
