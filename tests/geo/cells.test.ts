import fc from 'fast-check';
import { cellArea, cellToBoundary, latLngToCell, polygonToCellsExperimental } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { cellAreaKm2, cellCentre, cellOfPoint, cellRing, countByCell, coverArea, coverOfCells } from '../../geo/cells.ts';
import { cellId, numberOfId } from '../../geo/cellNumber.ts';
import { pointCellsInto } from '../../geo/pointCells.ts';
import { rememberCells, rememberPoints } from '../../geo/pointMemory.ts';
import { toGrid, toLngLat } from '../../geo/projection.ts';
import { createRandom } from '../../geo/random.ts';
import { isInside } from '../../geo/shapes.ts';
import type { PolygonShape } from '../../geo/shapes.ts';

const square = (west: number, south: number, side: number): number[][] => [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]];
/** A square of about 6 by 11 km in Teesside with a square hole. */
const holed: PolygonShape = { type: 'Polygon', coordinates: [square(-1.3, 54.5, 0.1), square(-1.27, 54.53, 0.04)] };

describe('a point`s cell', () => {
  it('is the one h3-js gives, at every resolution, over Britain and over the whole globe', () => {
    const random = createRandom(9);
    const out = new Float64Array(3);
    const wrong: string[] = [];
    for (let k = 0; k < 30_000; k++) {
      const inBritain = k % 2 === 0;
      const lng = inBritain ? -8 + 10 * random.uniform() : 360 * random.uniform() - 180;
      const lat = inBritain ? 50 + 10 * random.uniform() : (Math.asin(2 * random.uniform() - 1) * 180) / Math.PI;
      const resolutions = k % 3 === 0 ? [1 + (k % 7), 4, 7] : [8, 9, 10];
      pointCellsInto(lng, lat, resolutions, out, 0);
      resolutions.forEach((resolution, i) => {
        if (cellId(out[i]!, resolution) !== latLngToCell(lat, lng, resolution)) wrong.push(`${lng}, ${lat} at ${resolution}`);
      });
    }
    expect(wrong).toEqual([]);
  });

  it('is right at and around H3`s pentagons, where the lattice is broken', () => {
    for (const [lat, lng] of [[58.28, 10.54], [64.7, -10.54], [50.1, -143.48], [-58.28, -169.46]] as const) {
      for (let k = 0; k < 200; k++) {
        const [dx, dy] = [Math.sin(k) * 0.003 * k, Math.cos(k * 1.7) * 0.002 * k];
        expect(cellOfPoint(lng + dx, lat + dy, 9)).toBe(latLngToCell(lat + dy, lng + dx, 9));
      }
    }
  });

  it('has a number that sorts and turns back into its id', () => {
    fc.assert(
      fc.property(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -90, max: 90, noNaN: true }), fc.integer({ min: 1, max: 10 }), (lng, lat, resolution) => {
        const id = latLngToCell(lat, lng, resolution);
        expect(cellId(numberOfId(id), resolution)).toBe(id);
      }),
    );
    expect(numberOfId('nonsense')).toBeNaN();
  });

  it('is refused with a sentence off the globe', () => {
    expect(() => cellOfPoint(-1.2, 5460, 9)).toThrow('The point -1.2, 5460 (longitude, latitude) is not on the globe');
  });
});

describe('remembered points', () => {
  it('place a point on whole metres and in the cells of that rounded place', () => {
    const place = rememberPoints();
    const [lng, lat] = [-1.241874, 54.521066];
    const found = place(lng, lat);
    expect([found.easting, found.northing]).toEqual([449171, 514239]);
    const rounded = toLngLat(449171, 514239);
    expect([found.cell8, found.cell9, found.cell10]).toEqual([8, 9, 10].map((resolution) => latLngToCell(rounded[1], rounded[0], resolution)));
    expect(place(lng, lat)).toBe(found);
  });

  it('give the same answers when the memory is too small for the points', () => {
    const [small, large] = [rememberCells(5), rememberCells(5000)];
    const random = createRandom(3);
    const points = Array.from({ length: 60 }, () => [-1.3 + 0.1 * random.uniform(), 54.5 + 0.1 * random.uniform()] as const);
    for (let k = 0; k < 600; k++) {
      const [lng, lat] = points[random.integer(0, 59)]!;
      expect(small(lng, lat)).toEqual(large(lng, lat));
    }
  });
});

describe('a cell', () => {
  it('has its own area, well under the published mean in Cleveland', () => {
    const cell = cellOfPoint(-1.23, 54.57, 9);
    expect(cellAreaKm2(cell)).toBeCloseTo(0.0912, 3);
    expect(cellAreaKm2(cell) / 0.1053325).toBeLessThan(0.88);
  });

  it('has a closed ring of [lng, lat] around its middle', () => {
    const cell = cellOfPoint(-1.23, 54.57, 9);
    const ring = cellRing(cell);
    expect(ring).toHaveLength(7);
    expect(ring[0]).toEqual(ring[6]);
    expect(isInside({ type: 'Polygon', coordinates: [ring] }, ...cellCentre(cell))).toBe(true);
    expect(ring[0]).toEqual(cellToBoundary(cell, true)[0]);
  });

  it('must be a cell', () => {
    expect(() => cellRing('89195da49a7fff')).toThrow('"89195da49a7fff" is not an H3 cell');
  });
});

describe('the cover of an area', () => {
  it.each([[8, 'centre'], [9, 'centre'], [10, 'centre'], [8, 'touching'], [9, 'touching'], [10, 'touching']] as const)('is h3-js`s own at resolution %i, %s, hole left out', (resolution, rule) => {
    const cover = coverArea(holed, resolution, rule);
    const theirs = polygonToCellsExperimental(holed.coordinates, resolution, rule === 'centre' ? 'containmentCenter' : 'containmentOverlapping', true).sort();
    expect(cover.cells).toEqual(theirs);
    for (let i = 0; i < cover.cells.length; i += 50) expect(cover.areasKm2[i]! / cellArea(cover.cells[i]!, 'km2')).toBeCloseTo(1, 7);
  });

  it('leaves the hole out', () => {
    const inHole = cellOfPoint(-1.25, 54.55, 9);
    expect(coverArea(holed, 9).position.has(inHole)).toBe(false);
    expect(coverArea({ type: 'Polygon', coordinates: [holed.coordinates[0]!] }, 9).position.has(inHole)).toBe(true);
  });

  it('has areas that add up to the area itself, to within its edge cells', () => {
    const corners = holed.coordinates[0]!.map(([lng, lat]) => toGrid(lng!, lat!));
    const wide = Math.hypot(corners[1]!.easting - corners[0]!.easting, corners[1]!.northing - corners[0]!.northing);
    const high = Math.hypot(corners[3]!.easting - corners[0]!.easting, corners[3]!.northing - corners[0]!.northing);
    const whole = coverArea({ type: 'Polygon', coordinates: [holed.coordinates[0]!] }, 10, 'centre').areasKm2.reduce((sum, area) => sum + area, 0);
    expect(whole / ((wide * high) / 1e6)).toBeCloseTo(1, 1);
  });

  it('falls back to h3-js across a face of the icosahedron and still agrees', () => {
    const wide: PolygonShape = { type: 'Polygon', coordinates: [square(9, 57, 3)] };
    expect(coverArea(wide, 5, 'centre').cells).toEqual(polygonToCellsExperimental(wide.coordinates, 5, 'containmentCenter', true).sort());
  });

  it('refuses an area without outline, without cell, or with a corner that is not a place', () => {
    expect(() => coverArea({ type: 'MultiPolygon', coordinates: [] }, 9)).toThrow('The area has no outline');
    expect(() => coverArea({ type: 'Polygon', coordinates: [square(-1.2, 54.5, 1e-6)] }, 8, 'centre')).toThrow('The area holds no cell at resolution 8');
    expect(coverArea({ type: 'Polygon', coordinates: [square(-1.2, 54.5, 1e-6)] }, 8).cells).toHaveLength(1);
    expect(() => coverArea({ type: 'Polygon', coordinates: [[[0, 0], [NaN, 1], [1, 1]]] }, 9)).toThrow('The area has a corner at NaN, 1');
  });

  it('can be made of given cells, of one resolution only', () => {
    const [a, b] = [cellOfPoint(-1.23, 54.57, 9), cellOfPoint(-1.21, 54.57, 9)];
    expect(coverOfCells([b, a, b]).cells).toEqual([a, b].sort());
    expect(() => coverOfCells([a, cellOfPoint(-1.23, 54.57, 8)])).toThrow('a cover has one resolution');
    expect(() => coverOfCells([])).toThrow('"" is not an H3 cell');
  });
});

describe('counts by cell', () => {
  it('lose nothing: in = counted + outside', () => {
    const cover = coverArea(holed, 9);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double({ min: -1.32, max: -1.18, noNaN: true }), fc.double({ min: 54.48, max: 54.62, noNaN: true })), { maxLength: 200 }), (points) => {
        const { counts, outside } = countByCell(cover, points.map(([lng, lat]) => cellOfPoint(lng, lat, 9)));
        expect(counts.reduce((sum, count) => sum + count, 0) + outside).toBe(points.length);
      }),
    );
    expect(countByCell(cover, []).counts.every((count) => count === 0)).toBe(true);
  });
});
