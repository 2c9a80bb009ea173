import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { densityAt, densityGrid, gridAround } from '../../geo/density.ts';
import type { GridSpec } from '../../geo/density.ts';
import { equalVarianceGaussian } from '../../geo/kernel.ts';
import type { Kernel } from '../../geo/kernel.ts';
import { createRandom } from '../../geo/random.ts';
import { dualDensity, edgeCorrected, massInside, studyMask } from '../../geo/studyMask.ts';
import { numberRows, orWhyNot, readRealData, realData, worstDifference } from './realData.ts';

const quartic: Kernel = { name: 'quartic', bandwidthMetres: 250 };
const gaussian: Kernel = { name: 'gaussian', bandwidthMetres: 250 };
const grid: GridSpec = { west: 1000, south: 2000, cellMetres: 50, columns: 80, rows: 60 };
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
const peak = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, value), 0);
const middles = (spec: GridSpec) => ({
  x: Float64Array.from({ length: spec.columns * spec.rows }, (_, at) => spec.west + ((at % spec.columns) + 0.5) * spec.cellMetres),
  y: Float64Array.from({ length: spec.columns * spec.rows }, (_, at) => spec.south + (Math.floor(at / spec.columns) + 0.5) * spec.cellMetres),
});
const scatter = (seed: number, count: number) => {
  const random = createRandom(seed);
  return { x: Float64Array.from({ length: count }, () => random.normal(3000, 500)), y: Float64Array.from({ length: count }, () => random.normal(3500, 400)) };
};

describe('density at points', () => {
  // Ten points worked with spatstat-free R: sum over d < 300 of 3/(pi h^2) (1 - d^2/h^2)^2 * 1e6.
  const ten = { x: Float64Array.of(100, 120, 140, 400, 420, 800, 810, 500, 900, 250), y: Float64Array.of(100, 110, 130, 420, 430, 800, 790, 100, 300, 700) };
  const places = { x: Float64Array.of(100, 130, 410, 805, 500, 0), y: Float64Array.of(100, 120, 425, 795, 500, 0) };

  it('equals the ten-point quartic reference', () => {
    const found = densityAt(ten, places, { name: 'quartic', bandwidthMetres: 300 });
    expect(worstDifference(found, [31.1321477777, 31.4324725004, 21.1617537386, 21.1970871184, 15.2089904528, 15.449818735])).toBeLessThan(1e-9);
  });

  it('equals the grid at the middles of its squares, both kernels, weights too', () => {
    const points = { ...scatter(5, 300), weights: Float64Array.from({ length: 300 }, (_, i) => i % 4) };
    for (const kernel of [quartic, gaussian]) expect(worstDifference(densityGrid(points, grid, kernel, 'exact'), densityAt(points, middles(grid), kernel))).toBeLessThan(1e-9);
  });
});

describe('a density surface', () => {
  it('integrates to the number of incidents away from edges', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double({ min: 2300, max: 3700, noNaN: true }), fc.double({ min: 3300, max: 3700, noNaN: true })), { minLength: 1, maxLength: 40 }), (list) => {
        const points = { x: Float64Array.from(list, ([x]) => x), y: Float64Array.from(list, ([, y]) => y) };
        for (const method of ['exact', 'binned'] as const) expect((sum(densityGrid(points, grid, quartic, method)) * 0.05 ** 2) / list.length).toBeCloseTo(1, 2);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    [150, 50],
    [250, 50],
    [400, 50],
    [300, 100],
    [90, 50],
  ])('is within a hundredth of the peak when binned: bandwidth %i m on squares of %i m', (bandwidthMetres, cellMetres) => {
    const spec = { ...grid, cellMetres, columns: 70, rows: 64 };
    for (const name of ['quartic', 'gaussian'] as const) {
      for (const points of [scatter(1, 4000), scatter(2, 30), { x: Float64Array.of(3000), y: Float64Array.of(3500) }, { x: Float64Array.of(3016, 3016), y: Float64Array.of(3532, 3532), weights: Float64Array.of(40, 2) }]) {
        const exact = densityGrid(points, spec, { name, bandwidthMetres }, 'exact');
        expect(worstDifference(densityGrid(points, spec, { name, bandwidthMetres }, 'binned'), exact)).toBeLessThan(0.01 * peak(exact));
      }
    }
  });

  it('counts incidents beyond the grid as far as they reach into it', () => {
    const beyond = { x: Float64Array.of(900), y: Float64Array.of(3000) };
    const exact = densityGrid(beyond, grid, quartic, 'exact');
    expect(peak(exact)).toBeGreaterThan(0);
    expect(worstDifference(densityGrid(beyond, grid, quartic, 'binned'), exact)).toBeLessThan(0.06 * peak(exact));
  });

  it('is zero with no incident, finite with one or all in one place, and with points at 0, 0', () => {
    const none = { x: new Float64Array(), y: new Float64Array() };
    for (const method of ['exact', 'binned'] as const) {
      expect(peak(densityGrid(none, grid, quartic, method))).toBe(0);
      const same = { x: new Float64Array(500).fill(3025), y: new Float64Array(500).fill(3025) };
      // 500 incidents on a square's middle: 500 · 3/(π·250²) · 10⁶ per km².
      expect(peak(densityGrid(same, grid, quartic, method)) / ((500 * 3e6) / (Math.PI * 62500))).toBeCloseTo(1, method === 'exact' ? 12 : 1);
      expect(peak(densityGrid({ x: Float64Array.of(0), y: Float64Array.of(0) }, grid, quartic, method))).toBe(0);
    }
  });

  it('draws the same Gaussian as a quartic of equal variance to about a tenth', () => {
    const points = scatter(3, 2000);
    const one = densityGrid(points, grid, quartic, 'exact');
    expect(worstDifference(densityGrid(points, grid, equalVarianceGaussian(250), 'exact'), one)).toBeLessThan(0.1 * peak(one));
  });

  it('says what is wrong with its input', () => {
    const point = { x: Float64Array.of(3000), y: Float64Array.of(3000) };
    expect(() => densityGrid(point, grid, { name: 'quartic', bandwidthMetres: 0 })).toThrow('A bandwidth of 0 m');
    expect(() => densityGrid(point, { ...grid, columns: 1e5, rows: 1e5 }, quartic)).toThrow('too large');
    expect(() => densityGrid(point, { ...grid, cellMetres: -1 }, quartic)).toThrow('squares of -1 m');
    for (const method of ['exact', 'binned'] as const) {
      expect(() => densityGrid({ x: Float64Array.of(NaN), y: Float64Array.of(3) }, grid, quartic, method)).toThrow('not a number');
      expect(() => densityGrid({ x: Float64Array.of(1, 2), y: Float64Array.of(3) }, grid, quartic, method)).toThrow('2 eastings, 1 northings');
    }
  });

  it('fits a grid around a box', () => {
    expect(gridAround([1010, 2020, 1190, 2110], 50)).toEqual({ west: 1000, south: 2000, cellMetres: 50, columns: 4, rows: 3 });
    expect(gridAround([5, 5, 5, 5], 50).columns).toBe(1);
  });
});

describe('the study area of a surface', () => {
  const area = { type: 'Polygon' as const, coordinates: [[[1000, 2000], [3000, 2000], [3000, 5000], [1000, 5000]], [[1500, 2500], [1500, 3500], [2500, 3500], [2500, 2500]]] };

  it('masks squares by their middles, the hole left out, shared edges never twice', () => {
    const mask = studyMask(area, grid);
    expect(mask.reduce((total, inside) => total + inside, 0)).toBe(40 * 60 - 20 * 20);
    const east = studyMask({ type: 'Polygon', coordinates: [[[3000, 2000], [5000, 2000], [5000, 5000], [3000, 5000]]] }, grid);
    const both = east.reduce((total, inside, at) => total + inside + mask[at]!, 0);
    expect(both).toBe(80 * 60 - 20 * 20);
  });

  it('has all of the kernel well inside and half of it at a straight edge', () => {
    const mask = studyMask({ type: 'Polygon', coordinates: [[[1000, 2000], [3000, 2000], [3000, 5000], [1000, 5000]]] }, grid);
    const inside = massInside(mask, grid, quartic);
    expect(inside[30 * 80 + 20]).toBeCloseTo(1, 12);
    expect((inside[30 * 80 + 39]! + inside[30 * 80 + 40]!) / 2).toBeCloseTo(0.5, 2);
  });

  it('keeps an even field even up to its edge once corrected', () => {
    const mask = studyMask(area, grid);
    const all = middles(grid);
    const kept = mask.reduce<number[]>((list, inside, at) => (inside ? [...list, at] : list), []);
    const points = { x: Float64Array.from(kept, (at) => all.x[at]!), y: Float64Array.from(kept, (at) => all.y[at]!) };
    const corrected = edgeCorrected(densityGrid(points, grid, quartic, 'exact'), mask, grid, quartic);
    for (const at of kept) expect(corrected[at]! / 400).toBeCloseTo(1, 1);
    expect(corrected[0 + 25 * 80 + 20]).toBe(0);
  });

  it('compares two surfaces as shares, masked where the base is thin', () => {
    const { ratios, shown } = dualDensity(Float64Array.of(2, 6, 0, 0), Float64Array.of(10, 10, 20, 0), 1);
    expect([...ratios]).toEqual([1, 3, 0, 0]);
    expect([...shown]).toEqual([1, 1, 1, 0]);
    expect([...dualDensity(Float64Array.of(0, 0), Float64Array.of(1, 1), 0).ratios]).toEqual([0, 0]);
    expect(() => dualDensity(Float64Array.of(1), Float64Array.of(0), 1)).toThrow('The base surface is empty');
  });
});

describe.runIf(realData)(`density against spatstat on real data${orWhyNot}`, () => {
  const read = () => {
    const reference = numberRows(readRealData('reference', 'kde_gaussian_sigma250_middlesbrough_asb2025_spatstat.csv'));
    const wanted = new Set(reference.map(([x, y]) => `${x} ${y}`));
    const counts = numberRows(readRealData('reference', 'asb_2025_snap_points_counts_27700.csv')).map(([, , n, x, y]) => [Math.round(x!), Math.round(y!), n!] as const);
    const inside = counts.filter(([x, y]) => wanted.has(`${x} ${y}`));
    return { reference, points: { x: Float64Array.from(inside, ([x]) => x), y: Float64Array.from(inside, ([, y]) => y), weights: Float64Array.from(inside, ([, , n]) => n) } };
  };

  it('is exact at every snap point of Middlesbrough to the printed figure', () => {
    const { reference, points } = read();
    const found = densityAt(points, { x: Float64Array.from(reference, ([x]) => x!), y: Float64Array.from(reference, ([, y]) => y!) }, gaussian);
    expect(reference).toHaveLength(1170);
    const relative = reference.map(([, , value], i) => found[i]! / (value! * 1e6));
    expect(worstDifference(relative, relative.map(() => 1))).toBeLessThan(1e-9);
  });

  it('is within 1 % of the peak of those figures when binned', () => {
    const { reference, points } = read();
    const top = reference[0]![2]! * 1e6;
    reference.filter((_, i) => i % 40 === 0).forEach(([x, y, value]) => {
      const around = { west: x! - 1025, south: y! - 1025, cellMetres: 50, columns: 41, rows: 41 };
      const found = densityGrid(points, around, gaussian, 'binned')[20 * 41 + 20]!;
      expect(Math.abs(found - value! * 1e6)).toBeLessThan(0.01 * top);
    });
  });
});
