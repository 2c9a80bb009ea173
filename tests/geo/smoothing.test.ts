import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gammaBelow, logGamma } from '../../geo/gamma.ts';
import { eTest, garwoodInterval, garwoodIntervals, overdispersion, percentChange, poissonChangeZ } from '../../geo/smallNumbers.ts';
import { empiricalBayesRates } from '../../geo/smoothing.ts';
import { worstDifference } from './realData.ts';

describe('empirical-Bayes rates', () => {
  it('equal spdep`s EBest on seven places', () => {
    // R spdep 1.2.7 EBest(y, pop).
    const { estimates, mean, between } = empiricalBayesRates([2, 0, 5, 12, 1, 90, 40], [100, 40, 210, 600, 15, 900, 150]);
    expect(worstDifference(estimates, [0.0282113861323, 0.0228909801206, 0.0277580510116, 0.0215653094219, 0.0708819041223, 0.0995053569635, 0.246314708397])).toBeLessThan(1e-11);
    expect(between).toBeCloseTo(0.00419108488299, 12);
    expect(mean).toBeCloseTo(0.0744416873449, 12);
  });

  it('are the area`s rate everywhere when chance explains all of the spread', () => {
    expect([...empiricalBayesRates([5, 5, 5], [1, 1, 1]).estimates]).toEqual([5, 5, 5]);
    expect([...empiricalBayesRates([0, 0, 0], [1, 2, 3]).estimates]).toEqual([0, 0, 0]);
    expect(empiricalBayesRates([4, 6, 5, 5], [1, 1, 1, 1]).between).toBe(0);
  });

  it('lie between the place`s own rate and the area`s', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 50 })), { minLength: 1, maxLength: 30 }), (places) => {
        const { estimates, mean } = empiricalBayesRates(places.map(([count]) => count), places.map(([, size]) => size));
        places.forEach(([count, size], i) => {
          const [low, high] = [Math.min(mean, count / size), Math.max(mean, count / size)];
          expect(estimates[i]! >= low - 1e-9 && estimates[i]! <= high + 1e-9).toBe(true);
        });
      }),
    );
  });

  it('give a place of no size the area`s rate, and refuse incidents where there is no size', () => {
    expect(empiricalBayesRates([10, 0, 2], [2, 0, 2]).estimates[1]).toBe(3);
    expect(() => empiricalBayesRates([1, 3], [2, 0])).toThrow('Place 1 has 3 incidents and an area or population of 0');
    expect(() => empiricalBayesRates([0], [0])).toThrow('No place has any area or population');
    expect(() => empiricalBayesRates([1], [1, 2])).toThrow('There are 1 counts for 2 exposures');
    expect(() => empiricalBayesRates([NaN], [1])).toThrow('Place 0 has count NaN');
  });
});

describe('small numbers', () => {
  it('have Garwood`s interval', () => {
    // R: qchisq(c(.025,.975), 2*c(7,8))/2; for 0 the upper end is -ln 0.025; 1000 from scipy's chi2.ppf.
    const seven = garwoodInterval(7);
    expect(seven.lower).toBeCloseTo(2.814363052, 9);
    expect(seven.upper).toBeCloseTo(14.42267536, 8);
    expect(garwoodInterval(0)).toEqual({ lower: 0, upper: expect.closeTo(3.688879454113936, 10) });
    expect(garwoodInterval(1).lower).toBeCloseTo(0.025317807984289, 12);
    expect(garwoodInterval(1000).lower).toBeCloseTo(938.9730184076952, 8);
    expect(() => garwoodInterval(-1)).toThrow('A count of -1 has no interval');
  });

  it('have intervals that hold the count and grow with it', () => {
    const intervals = garwoodIntervals(Float64Array.from({ length: 300 }, (_, i) => i));
    intervals.forEach(({ lower, upper }, count) => {
      expect(lower <= count && upper > count).toBe(true);
      expect(gammaBelow(count + 1, upper)).toBeCloseTo(0.975, 10);
      expect(count === 0 || Math.abs(gammaBelow(count, lower) - 0.025) < 1e-10).toBe(true);
    });
  });

  it('have exact tests of change', () => {
    // Krishnamoorthy & Thomson's E-test of 6 against 2 over equal exposures.
    expect(eTest(6, 2)).toBeCloseTo(0.1748748, 7);
    expect(eTest(2, 6)).toBeCloseTo(eTest(6, 2), 12);
    expect(eTest(0, 0)).toBe(1);
    expect(eTest(200, 100, 2, 1)).toBeGreaterThan(0.9);
    expect(eTest(0, 12)).toBeLessThan(0.001);
    expect(() => eTest(1.5, 2)).toThrow('whole counts');
    expect(() => eTest(1, 2, 0, 1)).toThrow('exposures above 0');
  });

  it('change by z of Poisson counts, and in per cent only from a base of ten', () => {
    expect(poissonChangeZ(100, 144)).toBe(4);
    expect(poissonChangeZ(0, 0)).toBe(0);
    expect(percentChange(9, 3)).toBeUndefined();
    expect(percentChange(10, 3)).toBe(-70);
  });

  it('show overdispersion beyond places and seasons', () => {
    // Two places, three periods, each exactly place × season: no excess at all.
    expect(overdispersion([2, 4, 6, 1, 2, 3], 3)).toBe(1);
    // χ² of the 2 × 2 table 10, 0, 0, 10 is 20 on one degree of freedom.
    expect(overdispersion([10, 0, 0, 10], 2)).toBeCloseTo(20, 12);
    expect(overdispersion([0, 0, 0, 0], 2)).toBe(1);
    expect(() => overdispersion([1, 2, 3], 2)).toThrow('3 counts cannot be 2 periods');
  });

  it('rest on a gamma function good to twelve digits', () => {
    // Γ(½) = √π, Γ(5) = 24, ln Γ(100) = 359.1342053695754.
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 12);
    expect(logGamma(100)).toBeCloseTo(359.1342053695754, 10);
    expect(() => logGamma(0)).toThrow('not defined');
  });
});
