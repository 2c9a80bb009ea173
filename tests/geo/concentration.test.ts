import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concentration } from '../../geo/concentration.ts';

describe('concentration', () => {
  it('equals the worked Gini coefficients, plain and for sparse data', () => {
    // Ten places: 20 incidents (no correction), 8 incidents (fewer than places).
    const full = concentration([10, 8, 2, 0, 0, 0, 0, 0, 0, 0]);
    expect([full.gini, full.giniSparse]).toEqual([expect.closeTo(0.78, 12), expect.closeTo(0.78, 12)]);
    const sparse = concentration([5, 2, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect([sparse.gini, sparse.giniSparse]).toEqual([expect.closeTo(0.8, 12), expect.closeTo(0.75, 12)]);
  });

  it('finds the least share of places that holds half', () => {
    expect(concentration([10, 8, 2, 0, 0, 0, 0, 0, 0, 0]).shareForHalf).toBe(0.1);
    expect(concentration([1, 1, 1, 1]).shareForHalf).toBe(0.5);
  });

  it('draws a curve from nothing to everything, rising and bent upwards', () => {
    const { curve } = concentration([10, 8, 2, 0]);
    expect(curve).toEqual([
      { placeShare: 0, incidentShare: 0 },
      { placeShare: 0.25, incidentShare: 0.5 },
      { placeShare: 0.5, incidentShare: 0.9 },
      { placeShare: 0.75, incidentShare: 1 },
      { placeShare: 1, incidentShare: 1 },
    ]);
    expect(concentration(Array.from({ length: 6900 }, (_, i) => i % 7)).curve.length).toBeLessThanOrEqual(201);
  });

  it('is 0 for even counts, never above 1, and the same for any order and scale', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 40 }), fc.integer({ min: 2, max: 9 }), (counts, factor) => {
        const { gini } = concentration(counts);
        expect(gini >= -1e-12 && gini < 1).toBe(true);
        expect(concentration(counts.toReversed()).gini).toBeCloseTo(gini, 12);
        expect(concentration(counts.map((count) => count * factor)).gini).toBeCloseTo(gini, 12);
        expect(concentration(counts.map(() => factor)).gini).toBeCloseTo(0, 12);
      }),
    );
  });

  it('has a value for no incident and a sentence for no place', () => {
    expect(concentration([0, 0, 0])).toEqual({ places: 3, incidents: 0, gini: 0, giniSparse: 0, shareForHalf: 0, curve: [] });
    expect(() => concentration([])).toThrow('There are no places');
    expect(() => concentration([1, -1])).toThrow('below 0 or not a number');
    expect(() => concentration([1, NaN])).toThrow('below 0 or not a number');
  });
});
