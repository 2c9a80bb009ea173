import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localMoran } from '../../geo/moran.ts';
import { adjacencyOfRows, queenNeighbours } from '../../geo/neighbours.ts';
import { emergingCells, emergingClass, mannKendall } from '../../geo/persistence.ts';

const flat = mannKendall(Array.from({ length: 12 }, () => 1));
const rising = mannKendall([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
const falling = mannKendall([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);

describe('Mann-Kendall', () => {
  it('equals the worked example with a tie', () => {
    // R Kendall::MannKendall: S 18, variance 43.3333, and z, p with continuity correction.
    const test = mannKendall([1, 3, 2, 5, 6, 6, 9]);
    expect(test.s).toBe(18);
    expect(test.variance).toBeCloseTo(43.3333333333, 9);
    expect(test.z).toBeCloseTo(2.582485386, 9);
    expect(test.p).toBeCloseTo(0.009809151646, 11);
  });

  it('turns with the series and is nothing for one without spread', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 0, maxLength: 20 }), (series) => {
        const [there, back] = [mannKendall(series), mannKendall(series.toReversed())];
        expect(there.s + back.s).toBe(0);
        expect(there.p).toBeCloseTo(back.p, 12);
        expect(Number.isFinite(there.z)).toBe(true);
      }),
    );
    expect(flat).toMatchObject({ s: 0, z: 0, p: 1 });
    expect(() => mannKendall([1, NaN])).toThrow('not a number');
  });
});

describe('the pattern of a hot cell', () => {
  const states = (text: string): number[] => [...text].map((letter) => (letter === 'h' ? 1 : letter === 'c' ? -1 : 0));

  it.each([
    ['...........h', flat, 'new'],
    ['.........hhh', flat, 'consecutive'],
    ['hhhhhhhhhhhh', rising, 'intensifying'],
    ['hhhhhhhhhhhh', flat, 'persistent'],
    ['hhhhhhhhhhhh', falling, 'diminishing'],
    ['.h..h....h.h', flat, 'sporadic'],
    ['.h..h..c.h.h', flat, 'oscillating'],
    ['hhhhhhhhhhh.', flat, 'historical'],
    ['hh..........', flat, 'none'],
    ['............', flat, 'none'],
    ['h.hhhhhhhhhh', rising, 'intensifying'],
  ] as const)('%s is %s', (text, trend, name) => {
    expect(emergingClass(states(text), trend)).toBe(name);
  });

  it('is found from counts: one square hot throughout, one newly hot', () => {
    const [columns, rows, periods] = [24, 24, 12];
    const counts = new Float64Array(columns * rows * periods);
    for (let period = 0; period < periods; period++) counts[(2 * columns + 2) * periods + period] = 50;
    counts[(9 * columns + 9) * periods + periods - 1] = 50;
    const { classes, hotPeriods } = emergingCells(counts, periods, queenNeighbours(columns, rows));
    expect(hotPeriods[2 * columns + 2]).toBe(12);
    expect(classes[2 * columns + 2]).toBe('persistent');
    expect(classes[9 * columns + 9]).toBe('new');
    expect(classes[6 * columns + 1]).toBe('none');
  });

  it('is none anywhere in a constant field, and refused for fewer than ten periods', () => {
    const grid = queenNeighbours(3, 3);
    expect(new Set(emergingCells(new Float64Array(90).fill(4), 10, grid).classes)).toEqual(new Set(['none']));
    expect(() => emergingCells(new Float64Array(81), 9, grid)).toThrow('9 periods are too few');
    expect(() => emergingCells(new Float64Array(80), 10, grid)).toThrow('80 counts are not 10 periods for 9 places');
  });
});

describe('local Moran', () => {
  it('equals four squares worked by hand', () => {
    // Values 1 2 3 6 in a row: mean 3, deviations −2 −1 0 3, m₂ = 14/4; I = (z/m₂) × the mean of the neighbours' deviations.
    const line = adjacencyOfRows([[1], [0, 2], [1, 3], [2]], false);
    const { local, global, quadrants } = localMoran([1, 2, 3, 6], line);
    expect([...local]).toEqual([expect.closeTo(2 / 3.5, 12), expect.closeTo(1 / 3.5, 12), 0, 0]);
    expect(global).toBeCloseTo(3 / 3.5 / 4, 12);
    expect(quadrants).toEqual(['low-low', 'low-low', 'high-high', 'high-high']);
  });

  it('finds a planted cluster, the same with the same seed', () => {
    const values = Array.from({ length: 144 }, (_, i) => (i % 12 < 3 && i < 36 ? 20 : i % 2));
    const found = localMoran(values, queenNeighbours(12, 12, false), 199, 'seed');
    expect(found.quadrants[13]).toBe('high-high');
    expect(found.ps[13]).toBe(1 / 200);
    expect([...found.ps]).toEqual([...localMoran(values, queenNeighbours(12, 12, false), 199, 'seed').ps]);
  });

  it('is 0 with p 1 in a constant field and for places without neighbours', () => {
    const grid = queenNeighbours(3, 3, false);
    const even = localMoran(new Float64Array(9).fill(2), grid);
    expect([even.global, ...even.local, ...even.ps]).toEqual([0, ...new Float64Array(9), ...new Float64Array(9).fill(1)]);
    expect(localMoran([1, 5], adjacencyOfRows([[], []], false)).ps).toEqual(Float64Array.of(1, 1));
    expect(localMoran([], adjacencyOfRows([], false)).global).toBe(0);
    expect(() => localMoran([1], adjacencyOfRows([[0]], true))).toThrow('without self');
  });
});
