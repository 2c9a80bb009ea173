/** The edge of a density surface: what lies at sea is no empty land. */
import { describe, expect, test } from 'vitest';
import { toLngLat } from '../../geo/projection.ts';
import type { PolygonShape } from '../../geo/shapes.ts';
import { drawSurface, type PlacedCounts } from '../../server/hotspots/surface.ts';
import { makeStudyArea } from '../../server/hotspots/studyArea.ts';

/** A box in metres as an outline. */
function box(west: number, south: number, east: number, north: number): PolygonShape {
  const corners: [number, number][] = [[west, south], [east, south], [east, north], [west, north], [west, south]];
  return { type: 'Polygon', coordinates: [corners.map(([x, y]) => toLngLat(x, y))] };
}

/** One incident in the middle of every 50 m square of a box: 400 a km². */
function evenly(west: number, south: number, east: number, north: number): PlacedCounts {
  const [x, y]: [number[], number[]] = [[], []];
  for (let e = west + 25; e < east; e += 50) for (let n = south + 25; n < north; n += 50) {
    x.push(e);
    y.push(n);
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y), n: new Float64Array(x.length).fill(1) };
}

const options = { bandwidthMetres: 250, squareMetres: 50, months: 12 };
const land = [450_000, 520_000, 452_000, 522_000] as const;

function valueAt({ grid, values }: NonNullable<ReturnType<typeof drawSurface>>, x: number, y: number): number {
  return values[Math.floor((y - grid.south) / grid.cellMetres) * grid.columns + Math.floor((x - grid.west) / grid.cellMetres)] ?? NaN;
}

describe('the surface over even land', () => {
  const points = evenly(...land);
  const area = makeStudyArea({ known: [box(...land)], shown: [box(...land)], squareMetres: 50, reachMetres: 500 })!;
  const corrected = drawSurface(points, { ...options, area })!;

  test('is even up to the coast and its corners, and sinks there without the correction', () => {
    const middle = valueAt(corrected, 451_000, 521_000);
    expect(middle).toBeCloseTo(400, -1);
    const along = [[450_075, 521_000], [450_075, 520_075], [451_925, 521_925]].map(([x = NaN, y = NaN]) => valueAt(corrected, x, y) / middle);
    for (const share of along) expect(share).toBeCloseTo(1, 6);
    expect(valueAt(drawSurface(points, options)!, 450_075, 520_075)).toBeLessThan(0.65 * middle);
  });

  test('is nothing at sea', () => {
    const { grid, values } = corrected;
    const atSea = [...values].filter((_, at) => {
      const x = grid.west + ((at % grid.columns) + 0.5) * 50;
      const y = grid.south + (Math.floor(at / grid.columns) + 0.5) * 50;
      return x < 449_990 || y < 519_990 || x > 452_010 || y > 522_010;
    });
    expect(atSea.length).toBeGreaterThan(1000);
    expect(Math.max(...atSea)).toBe(0);
  });
});

test('across a land border the neighbour’s incidents count, and only the chosen side is shown', () => {
  const west = [450_000, 520_000, 451_000, 522_000] as const;
  const points = evenly(...land);
  const area = makeStudyArea({ known: [box(...land)], shown: [box(...west)], squareMetres: 50, reachMetres: 500 })!;
  const surface = drawSurface(points, { ...options, area })!;
  expect(valueAt(surface, 450_925, 521_025)).toBeCloseTo(400, -1);
  expect(valueAt(surface, 451_075, 521_025)).toBe(0);
  // With nothing beyond the border its own side sinks: the emptiness there is known.
  const alone = drawSurface(evenly(...west), { ...options, area })!;
  expect(valueAt(alone, 450_975, 521_025)).toBeLessThan(260);
});

test('without an outline there is no ground to correct for', () => {
  expect(makeStudyArea({ known: [], shown: [], squareMetres: 50, reachMetres: 500 })).toBeUndefined();
});
