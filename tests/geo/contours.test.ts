import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classBreaks, classOf, roundBreaks } from '../../geo/classBreaks.ts';
import { surfaceContours } from '../../geo/contours.ts';
import { densityGrid } from '../../geo/density.ts';
import { toGrid } from '../../geo/projection.ts';
import { isInside, ringArea } from '../../geo/shapes.ts';

const grid = { west: 450000, south: 515000, cellMetres: 50, columns: 40, rows: 30 };
const asMetres = (x: number, y: number): [number, number] => [x, y];
const hill = densityGrid({ x: Float64Array.of(451000), y: Float64Array.of(515750) }, grid, { name: 'quartic', bandwidthMetres: 400 }, 'exact');

describe('contours', () => {
  it('of one quartic hill are circles of the radius the formula gives', () => {
    const top = 3e6 / (Math.PI * 400 ** 2);
    const [low, high] = surfaceContours(hill, grid, [top / 2, top / 4], asMetres);
    // Height k of the top is reached at h·√(1 − √k).
    for (const [contour, share] of [[low!, 0.25], [high!, 0.5]] as const) {
      const radius = 400 * Math.sqrt(1 - Math.sqrt(share));
      const ring = contour.shape.coordinates[0]![0]!;
      for (const [x, y] of ring) expect(Math.hypot(x! - 451000, y! - 515750) / radius).toBeCloseTo(1, 1);
      expect(ringArea(ring) / (Math.PI * radius ** 2)).toBeCloseTo(1, 1);
      expect(ring[0]).toEqual(ring.at(-1));
    }
  });

  it('lie where the incident is, in WGS84 unless told otherwise', () => {
    const [contour] = surfaceContours(hill, grid, [1]);
    const [lng, lat] = contour!.shape.coordinates[0]![0]![0]!;
    const place = toGrid(lng!, lat!);
    expect(Math.hypot(place.easting - 451000, place.northing - 515750)).toBeLessThan(420);
  });

  it('turn outer rings anticlockwise and holes clockwise', () => {
    const ringed = hill.map((value) => (value > 5 ? 0 : value));
    const [contour] = surfaceContours(ringed, grid, [2], asMetres);
    const [outer, hole] = contour!.shape.coordinates[0]!;
    expect(ringArea(outer!)).toBeGreaterThan(0);
    expect(ringArea(hole!)).toBeLessThan(0);
    expect(isInside(contour!.shape, 451000, 515750)).toBe(false);
  });

  it('leave out levels nowhere reached, sort the rest, and refuse a surface that does not fit', () => {
    expect(surfaceContours(hill, grid, [1e9, 3, 1, 1], asMetres).map(({ level }) => level)).toEqual([1, 3]);
    expect(surfaceContours(new Float64Array(1200), grid, [1])).toEqual([]);
    expect(() => surfaceContours(new Float64Array(7), grid, [1])).toThrow('The surface has 7 values for 40 by 30 squares');
  });
});

describe('class breaks', () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

  it('are equal steps, quantiles, or Jenks` natural gaps', () => {
    expect(classBreaks(values, 3, 'equal')).toEqual([4, 7]);
    expect(classBreaks(values, 4, 'quantile')).toEqual([3.25, 5.5, 7.75]);
    expect(classBreaks([1, 2, 2, 3, 50, 51, 52, 200, 201], 3, 'jenks')).toEqual([50, 200]);
  });

  it('of Jenks leave the least spread within classes of all ways to cut', () => {
    expect.hasAssertions();
    const within = (list: number[], breaks: readonly number[]): number => {
      const groups = new Map<number, number[]>();
      for (const value of list) groups.set(classOf(value, breaks), [...(groups.get(classOf(value, breaks)) ?? []), value]);
      return [...groups.values()].reduce((total, group) => total + group.reduce((part, value) => part + (value - group.reduce((a, b) => a + b, 0) / group.length) ** 2, 0), 0);
    };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 4, maxLength: 14 }), (list) => {
        const distinct = [...new Set(list)];
        const all = distinct.flatMap((low) => distinct.map((high) => within(list, [Math.min(low, high), Math.max(low, high)])));
        expect(within(list, classBreaks(list, 3, 'jenks'))).toBeLessThanOrEqual(Math.min(...all) + 1e-9);
      }),
    );
  });

  it('are fewer where values cannot be told apart, and none for none', () => {
    expect(classBreaks([5, 5, 5], 4, 'quantile')).toEqual([]);
    expect(classBreaks([5, 5, 5], 4, 'jenks')).toEqual([]);
    expect(classBreaks([0, 0, 0, 0, 9], 4, 'quantile')).toEqual([]);
    expect(classBreaks([], 4, 'equal')).toEqual([]);
    expect(classBreaks([NaN, 1, 2], 2, 'jenks')).toEqual([2]);
    expect(() => classBreaks([1], 0, 'equal')).toThrow('A map of 0 classes');
  });

  it('are found for many distinct values, the same each time', () => {
    const many = Array.from({ length: 5000 }, (_, i) => Math.sin(i) * 100 + (i % 3) * 1000);
    const breaks = classBreaks(many, 3, 'jenks');
    expect(breaks).toEqual(classBreaks(many.toReversed(), 3, 'jenks'));
    expect(breaks[0]! > 100 && breaks[0]! < 900.1 && breaks[1]! > 1100 && breaks[1]! < 1900.1).toBe(true);
    expect(roundBreaks([0.0123, 0.0121, 456.7])).toEqual([0.012, 460]);
  });
});
