import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellCentre, coverArea } from '../../geo/cells.ts';
import { densityAt, densityGrid } from '../../geo/density.ts';
import { densityAtCells, densityAtPlaces } from '../../geo/densityPlaces.ts';
import type { Kernel } from '../../geo/kernel.ts';
import { toGrid } from '../../geo/projection.ts';
import { createRandom } from '../../geo/random.ts';
import { numberRows, orWhyNot, readRealData, realData, worstDifference } from './realData.ts';

const quartic: Kernel = { name: 'quartic', bandwidthMetres: 250 };
const kernels: Kernel[] = [quartic, { name: 'quartic', bandwidthMetres: 150 }, { name: 'gaussian', bandwidthMetres: 250 }];
const peak = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, value), 0);

describe('binned density at places', () => {
  it('is within a hundredth of the peak of the exact one, wherever a single incident lies and wherever it is looked at', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100, noNaN: true }), fc.double({ min: 0, max: 100, noNaN: true }), fc.constantFrom(...kernels), (x, y, kernel) => {
        const point = { x: Float64Array.of(x), y: Float64Array.of(y) };
        const places = { x: Float64Array.from({ length: 200 }, (_, k) => 4.1 * k - 360), y: Float64Array.from({ length: 200 }, (_, k) => 350 - 3.3 * k) };
        const exact = densityAt(point, places, kernel);
        expect(worstDifference(densityAtPlaces(point, places, kernel, 'binned'), exact)).toBeLessThan(0.01 * densityAt(point, point, kernel)[0]!);
      }),
      { numRuns: 60 },
    );
  });

  it('is exact by itself to 100,000 incidents, empty without places, and 0 without incidents', () => {
    const random = createRandom(4);
    const points = { x: Float64Array.from({ length: 500 }, () => random.normal(0, 300)), y: Float64Array.from({ length: 500 }, () => random.normal(0, 300)) };
    expect([...densityAtPlaces(points, points, quartic)]).toEqual([...densityAt(points, points, quartic)]);
    expect(densityAtPlaces(points, { x: new Float64Array(), y: new Float64Array() }, quartic)).toHaveLength(0);
    for (const method of ['exact', 'binned'] as const) expect([...densityAtPlaces({ x: new Float64Array(), y: new Float64Array() }, { x: Float64Array.of(1), y: Float64Array.of(1) }, quartic, method)]).toEqual([0]);
  });

  it('takes weights, and places too far apart for a lattice', () => {
    const points = { x: Float64Array.of(0, 40, 5e6), y: Float64Array.of(0, 10, 5e6), weights: Float64Array.of(3, 0.5, 2) };
    const places = { x: Float64Array.of(10, 5e6), y: Float64Array.of(0, 5e6) };
    expect([...densityAtPlaces(points, places, quartic, 'binned')]).toEqual([...densityAt(points, places, quartic)]);
    const near = { x: Float64Array.of(10), y: Float64Array.of(0) };
    const exact = densityAt(points, near, quartic)[0]!;
    expect(Math.abs(densityAtPlaces(points, near, quartic, 'binned')[0]! - exact)).toBeLessThan(0.01 * exact);
  });
});

describe('the usual surface', () => {
  it('is within a hundredth of the peak for one incident anywhere between squares', () => {
    const grid = { west: 0, south: 0, cellMetres: 50, columns: 15, rows: 15 };
    let worst = 0;
    for (let u = 0; u < 50; u += 3.125) {
      for (let v = 0; v < 50; v += 3.125) {
        const point = { x: Float64Array.of(350 + u), y: Float64Array.of(350 + v) };
        worst = Math.max(worst, worstDifference(densityGrid(point, grid, quartic, 'binned'), densityGrid(point, grid, quartic, 'exact')));
      }
    }
    // The height of one incident's hill: 3/(π·250²) per m².
    expect(worst / ((3 * 1e6) / (Math.PI * 62_500))).toBeLessThan(0.009);
  });

  it('holds more incidents at one place than a whole number of 32 bits has parts', () => {
    const grid = { west: 0, south: 0, cellMetres: 50, columns: 5, rows: 5 };
    const million = { x: new Float64Array(1_200_000).fill(125), y: new Float64Array(1_200_000).fill(125) };
    for (const kernel of kernels) {
      const one = densityGrid({ x: Float64Array.of(125), y: Float64Array.of(125) }, grid, kernel, 'exact')[12]!;
      expect(densityGrid(million, grid, kernel, 'binned')[12]! / (1_200_000 * one)).toBeCloseTo(1, 1);
    }
  });
});

describe.runIf(realData)(`binned density on real data${orWhyNot}`, () => {
  const points = () => {
    const rows = numberRows(readRealData('reference', 'asb_2025_snap_points_counts_27700.csv'));
    return { x: Float64Array.from(rows, (row) => Math.round(row[3]!)), y: Float64Array.from(rows, (row) => Math.round(row[4]!)), weights: Float64Array.from(rows, (row) => row[2]!) };
  };

  it('is within 1 % of the peak of spatstat’s figures at every snap point of Middlesbrough', () => {
    const reference = numberRows(readRealData('reference', 'kde_gaussian_sigma250_middlesbrough_asb2025_spatstat.csv'));
    const wanted = new Set(reference.map(([x, y]) => `${x} ${y}`));
    const all = points();
    const inside = [...all.x.keys()].filter((i) => wanted.has(`${all.x[i]} ${all.y[i]}`));
    const own = { x: Float64Array.from(inside, (i) => all.x[i]!), y: Float64Array.from(inside, (i) => all.y[i]!), weights: Float64Array.from(inside, (i) => all.weights[i]!) };
    const found = densityAtPlaces(own, { x: Float64Array.from(reference, ([x]) => x!), y: Float64Array.from(reference, ([, y]) => y!) }, { name: 'gaussian', bandwidthMetres: 250 }, 'binned');
    const published = Float64Array.from(reference, ([, , value]) => value! * 1e6);
    expect(worstDifference(found, published)).toBeLessThan(0.01 * peak(published));
  });

  it('is within 1 % of the peak of the exact one at the middles of H3 cells', () => {
    const cells = coverArea({ type: 'Polygon', coordinates: [[[-1.3, 54.5], [-1.15, 54.5], [-1.15, 54.6], [-1.3, 54.6], [-1.3, 54.5]]] }, 9).cells;
    const all = points();
    const exact = densityAtCells(all, cells, quartic, 'exact');
    expect(worstDifference(densityAtCells(all, cells, quartic, 'binned'), exact)).toBeLessThan(0.01 * peak(exact));
    const { easting, northing } = toGrid(...cellCentre(cells[40]!));
    expect(exact[40]).toBe(densityAt(all, { x: Float64Array.of(easting), y: Float64Array.of(northing) }, quartic)[0]);
  });
});
