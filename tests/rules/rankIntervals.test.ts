import { describe, expect, test } from 'vitest';
import { empiricalBayesRates } from '../../geo/smoothing.ts';
import { rankIntervals } from '../../server/hotspots/rankIntervals.ts';

const areas = new Float64Array(40).fill(0.1);
const counts = Float64Array.from({ length: 40 }, (_, i) => (i === 0 ? 300 : i === 1 ? 120 : i % 3));
const smoothed = empiricalBayesRates(counts, areas);

describe('the interval of a rank', () => {
  test('is narrow for a place far above the rest and wide among equals', () => {
    const found = rankIntervals(counts, areas, smoothed, { seed: 1, draws: 200 })!;
    expect([found[0], found[1]]).toEqual([{ low: 1, high: 1 }, { low: 2, high: 2 }]);
    expect(found[5]!.high - found[5]!.low).toBeGreaterThan(15);
    for (const { low, high } of found) expect(low).toBeLessThanOrEqual(high);
  });

  test('comes out the same for the same seed, and not quite for another', () => {
    const with1 = rankIntervals(counts, areas, smoothed, { seed: 1, draws: 100 });
    expect(rankIntervals(counts, areas, smoothed, { seed: 1, draws: 100 })).toEqual(with1);
    expect(rankIntervals(counts, areas, smoothed, { seed: 2, draws: 100 })).not.toEqual(with1);
  });

  test('is not given where chance explains every difference, nor without draws', () => {
    const even = new Float64Array(40).fill(2);
    expect(rankIntervals(even, areas, empiricalBayesRates(even, areas), { seed: 1, draws: 100 })).toBeUndefined();
    expect(rankIntervals(counts, areas, smoothed, { seed: 1, draws: 0 })).toBeUndefined();
  });
});
