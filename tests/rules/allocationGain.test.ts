import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultAllocationSettings as settings } from '../../server/patrols/allocation.ts';
import { coverage, expectedIncidents, gapOf, personMinutesPerVisit, visitCostPence, visitGain, visitsThatFit } from '../../server/patrols/gain.ts';
import { tightener } from '../../server/patrols/allocationReach.ts';
import { ratesOfWeek, rollingMoneyPence } from '../../server/patrols/weekMoney.ts';

describe('the gain of a visit', () => {
  it('covers 0.5625 of a band with two hours of residual effect and 0.0625 without', () => {
    expect(coverage(settings)).toBe(0.5625);
    expect(coverage({ ...settings, residualHours: 0 })).toBe(0.0625);
    expect(coverage(settings, 180)).toBe(0.75);
    expect(coverage(settings, 300)).toBeCloseTo(0.45, 12);
  });

  it('falls from visit to visit, and together never passes what is expected times the effect', () => {
    // 2 × 0.2 × (1 − e^−0.5625), then × (e^−0.5625 − e^−1.125), with 30 decimals outside this code, to six places.
    expect(visitGain(2, 0.2, 0.5625, 1)).toBeCloseTo(0.172087, 6);
    expect(visitGain(2, 0.2, 0.5625, 2)).toBeCloseTo(0.098052, 6);
    expect(visitGain(2, 0.2, 0.5625, 3)).toBeCloseTo(0.055868, 6);
    expect(visitGain(2, 0.2, 0.0625, 1)).toBeCloseTo(0.024235, 6);
    fc.assert(fc.property(fc.double({ min: 0, max: 50, noNaN: true }), fc.double({ min: 0.01, max: 3, noNaN: true }), (expected, kappa) => {
      const gains = [1, 2, 3, 4].map((ordinal) => visitGain(expected, 0.2, kappa, ordinal));
      gains.slice(1).forEach((gain, before) => expect(gain).toBeLessThanOrEqual(gains[before]!));
      expect(gains.reduce((sum, gain) => sum + gain, 0)).toBeLessThanOrEqual(expected * 0.2 + 1e-12);
    }));
  });

  it('lets four visits an hour apart into a usual band and three into the short one', () => {
    expect(visitsThatFit(settings, 240)).toBe(4);
    expect(visitsThatFit(settings, 180)).toBe(3);
    expect(visitsThatFit(settings, 239)).toBe(3);
  });
});

describe('the cost of a visit', () => {
  it('is person-minutes at the rate over the productive ratio, rounded once, half up', () => {
    expect(personMinutesPerVisit(settings)).toBe(48);
    expect(personMinutesPerVisit(settings, 1)).toBe(24);
    expect(visitCostPence(48, 2_000, 0.8)).toBe(2_000);
    expect(visitCostPence(48, 1_999, 0.75)).toBe(2_132);
    expect(visitCostPence(30, 101, 1)).toBe(51);
    expect(visitCostPence(30, 99, 1)).toBe(50);
    // 48 × 2,325 ÷ 60 ÷ 0.6 is exactly 3,100; and 36 × 1,001 ÷ 60 ÷ 0.6 is exactly 1,001.
    expect(visitCostPence(48, 2_325, 0.6)).toBe(3_100);
    expect(visitCostPence(36, 1_001, 0.6)).toBe(1_001);
  });

  it('is the nearest whole penny for any rate, ratio and crew', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 10_000 }), (minutes, rate, tenThousandths) => {
      const cost = BigInt(visitCostPence(minutes, rate, tenThousandths / 10_000));
      const twice = 2n * BigInt(minutes) * BigInt(rate) * 10_000n;
      const unit = 60n * BigInt(tenThousandths);
      expect(twice - 2n * cost * unit >= -unit && twice - 2n * cost * unit < unit).toBe(true);
    }));
  });
});

describe('expected incidents', () => {
  const evening = Array.from({ length: 42 }, (_, index) => (index === 28 ? 10 : 0));
  const morning = Array.from({ length: 42 }, (_, index) => (index === 2 ? 5 : 0));

  it("draws a hotspot's own hours towards its council's by 34 weeks", () => {
    const half = expectedIncidents(6, evening, morning, 34);
    expect(half.expected[28]).toBeCloseTo(3, 12);
    expect(half.expected[2]).toBeCloseTo(3, 12);
    expect(half.says).toBe("Hours from this hotspot's own 34 weeks (weight 0.50), drawn towards the council's.");
    expect(expectedIncidents(6, evening, morning, 102).expected[28]).toBeCloseTo(4.5, 12);
  });

  it('takes the profile of a source with times, or a flat one, and says so', () => {
    expect(expectedIncidents(6, null, morning, 52)).toMatchObject({ profile: 'council', says: "This hotspot's source gives no times: the hours are those of the council's sources that have them." });
    const flat = expectedIncidents(42, null, null, 52);
    expect(flat.profile).toBe('flat');
    expect(flat.expected[17]).toBeCloseTo(1, 12);
    expect(flat.says).toContain('the hours are not evidence');
    expect(expectedIncidents(6, morning.map(() => 0), morning, 52).profile).toBe('council');
  });

  it('keeps the weekly count and refuses other profiles', () => {
    fc.assert(fc.property(fc.array(fc.nat(20), { minLength: 42, maxLength: 42 }), fc.nat(100), fc.nat(200), (profile, count, weeks) => {
      expect(expectedIncidents(count, profile, evening, weeks).expected.reduce((sum, value) => sum + value, 0)).toBeCloseTo(count, 9);
    }));
    expect(() => expectedIncidents(6, [1, 2], null, 10)).toThrow('The hotspot band profile has 2 values; give 42');
    expect(() => expectedIncidents(-1, null, null, 10)).toThrow('The weekly count is -1');
  });
});

describe("the week's money and rates", () => {
  it('divides what is left over the days left', () => {
    expect(rollingMoneyPence(2_600_000, '2023-10-02', '2023-08-01', '2024-03-31')).toBe(100_000);
    // From Friday 1 December: 3 of the 122 days left.
    expect(rollingMoneyPence(1_220_000, '2023-11-27', '2023-12-01', '2024-03-31')).toBe(30_000);
    expect(rollingMoneyPence(99, '2024-03-25', '2023-08-01', '2024-03-31')).toBe(99);
    expect(rollingMoneyPence(1_000, '2023-10-02', '2023-12-01', '2024-03-31')).toBe(0);
    expect(rollingMoneyPence(-5, '2023-10-02', '2023-08-01', '2024-03-31')).toBe(0);
  });

  it('never gives away more than is left, over all weeks to the end', () => {
    fc.assert(fc.property(fc.nat(1_000_000_000), (total) => {
      let left = total;
      for (let week = '2023-07-31'; week <= '2024-03-31'; week = mondayAfter(week)) left -= rollingMoneyPence(left, week, '2023-08-03', '2024-03-31');
      expect(left).toBe(0);
    }), { numRuns: 20 });
  });

  it('takes the highest rate that applies, changes it on a Wednesday, and knows where none is agreed', () => {
    const rates = ratesOfWeek('2023-10-02', [
      { pencePerHour: 2_000, validFrom: '2023-08-01', validTo: '2023-10-03' },
      { pencePerHour: 2_150, validFrom: '2023-10-04', validTo: '2023-10-07' },
      { pencePerHour: 2_600, validFrom: '2023-08-01', validTo: '2023-10-07', bands: [0, 1, 5] },
      { pencePerHour: 2_400, validFrom: '2023-08-01', validTo: '2023-10-07', weekdays: [5, 6] },
      { pencePerHour: 4_000, validFrom: '2023-08-01', validTo: null, bankHolidays: true },
    ], ['2023-10-06']);
    expect(rates.slice(6, 18)).toEqual([2_600, 2_600, 2_000, 2_000, 2_000, 2_600, 2_600, 2_600, 2_150, 2_150, 2_150, 2_600]);
    expect(rates.slice(24, 30)).toEqual([4_000, 4_000, 4_000, 4_000, 4_000, 4_000]);
    expect(rates.slice(30, 36)).toEqual([2_600, 2_600, 2_400, 2_400, 2_400, 2_600]);
    expect(rates.slice(36)).toEqual([null, null, null, null, null, null]);
  });
});

describe('the gap and what limits reach', () => {
  it('is a fraction of the bound, and 0 when there is nothing to gain', () => {
    expect(gapOf(9.9, 10)).toBeCloseTo(0.01, 12);
    expect(gapOf(0, 0)).toBe(0);
    expect(gapOf(10.000001, 10)).toBe(0);
  });

  it('lowers a limit to a sum of whole visits and never below one that fits', () => {
    const reach = tightener([3_000, 4_500]);
    expect([2_999, 3_000, 7_499, 7_500, 10_400].map(reach)).toEqual([0, 3_000, 6_000, 7_500, 9_000]);
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }), fc.nat(400), fc.array(fc.nat(5), { minLength: 4, maxLength: 4 }), (amounts, limit, counts) => {
      const sum = amounts.reduce((total, amount, index) => total + amount * (counts[index] ?? 0), 0);
      const reached = tightener(amounts)(limit);
      expect(reached).toBeLessThanOrEqual(limit);
      expect(sum > limit || reached >= sum).toBe(true);
    }));
  });
});

function mondayAfter(week: string): string {
  return new Date(Date.parse(`${week}T00:00:00Z`) + 7 * 86_400_000).toISOString().slice(0, 10);
}
