import { describe, expect, test } from 'vitest';
import { meanInterval, wilson } from '../../server/insight/intervals.ts';

describe('intervals', () => {
  test('of a share are Wilson’s', () => {
    // Newcombe 1998, Statistics in Medicine 17:857-872, table I: 81 of 263 and 0 of 20.
    expect(wilson(81, 263).low).toBeCloseTo(0.2553, 4);
    expect(wilson(81, 263).high).toBeCloseTo(0.3662, 4);
    expect(wilson(0, 20).low).toBe(0);
    expect(wilson(0, 20).high).toBeCloseTo(0.1611, 4);
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });

  test('of a mean are Student’s, and none from one value', () => {
    // Mean 3, standard error √0.5; 2.776 of it to either side.
    const { mean, low, high } = meanInterval([1, 2, 3, 4, 5]);
    expect(mean).toBe(3);
    expect([low, high]).toEqual([expect.closeTo(3 - 2.776 * Math.sqrt(0.5), 9), expect.closeTo(3 + 2.776 * Math.sqrt(0.5), 9)]);
    expect(meanInterval([4])).toEqual({ mean: 4, low: null, high: null });
  });
});
