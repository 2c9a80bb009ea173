import { gridDisk, latLngToCell } from 'h3-js';
import { cellNeighbours } from '../../geo/cellNeighbours.ts';
import { coverArea } from '../../geo/cells.ts';
import type { CellCover } from '../../geo/cells.ts';
import { densityGrid } from '../../geo/density.ts';
import type { GridSpec } from '../../geo/density.ts';
import { getisOrdStar } from '../../geo/getisOrd.ts';
import { analyseCells } from '../../geo/hotCells.ts';
import type { Kernel } from '../../geo/kernel.ts';
import { cellsOfPoint, rememberCells } from '../../geo/pointMemory.ts';
import { createRandom } from '../../geo/random.ts';
import type { PointArrays, PolygonShape } from '../../geo/shapes.ts';
import { plainDensity, plainGiStar } from './plainPeers.ts';

/** Medians of five runs in milliseconds; a key ending in `Reference` is a plain peer on the same input in the same call. */
export async function benchGeo(): Promise<Record<string, number>> {
  const figures = { ...benchCells(), ...benchDensity(), ...benchGrid() };
  return Promise.resolve(Object.fromEntries(Object.entries(figures).map(([key, ms]) => [key, Math.round(ms * 100) / 100])));
}

/** The median of five timed runs after one that is not counted. */
export function median(run: () => unknown): number {
  run();
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[2] ?? NaN;
}

const million = 1_000_000;

function scattered(count: number, west: number, south: number, width: number, height: number): PointArrays {
  const random = createRandom(count);
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    x[i] = west + width * random.uniform();
    y[i] = south + height * random.uniform();
  }
  return { x, y };
}

/** First-time points all differ; repeated ones are 8,700 snap points over and over, Cleveland's number of them. */
function benchCells(): Record<string, number> {
  const first = scattered(million, -1.45, 54.45, 0.6, 0.3);
  const snap = scattered(8_700, -1.45, 54.45, 0.6, 0.3);
  const place = rememberCells();
  const over = (points: PointArrays, work: (lng: number, lat: number) => unknown) => () => {
    for (let i = 0; i < million; i++) work(points.x[i % points.x.length] as number, points.y[i % points.x.length] as number);
  };
  const plain = (lng: number, lat: number) => [8, 9, 10].map((resolution) => latLngToCell(lat, lng, resolution));
  return {
    h3MillionMs: median(over(first, cellsOfPoint)),
    h3MillionMsReference: median(over(first, plain)),
    h3RepeatedMillionMs: median(over(snap, place)),
    h3RepeatedMillionMsReference: median(over(snap, plain)),
  };
}

/** Squares of 50 m over 25 by 15 km, and a million incidents on them. */
export const usualGrid: GridSpec = { west: 440_000, south: 510_000, cellMetres: 50, columns: 500, rows: 300 };
export const millionPoints = (): PointArrays => scattered(million, 440_000, 510_000, 25_000, 15_000);

/** About 150,000 resolution-9 cells of northern England with a few incidents each. */
export const largeCover = (): CellCover => coverArea(box(-2.4, 53.9, -1, 55.27), 9, 'centre');
export function largeCounts({ cells }: CellCover): Float64Array {
  const random = createRandom(150);
  return Float64Array.from(cells, () => random.poisson(0.3));
}

function benchDensity(): Record<string, number> {
  const quartic: Kernel = { name: 'quartic', bandwidthMetres: 250 };
  const wide: Kernel = { name: 'quartic', bandwidthMetres: 300 };
  const gaussian: Kernel = { name: 'gaussian', bandwidthMetres: 250 };
  const grid = usualGrid;
  const coarse: GridSpec = { ...grid, cellMetres: 100 };
  const many = millionPoints();
  const few = scattered(35_000, 440_000, 510_000, 50_000, 30_000);
  return {
    kdeBinnedMillionMs: median(() => densityGrid(many, grid, gaussian, 'binned')),
    kdeBinnedQuarticMillionMs: median(() => densityGrid(many, grid, quartic, 'binned')),
    kdeExactMillionMs: median(() => densityGrid(many, grid, quartic, 'exact')),
    kdeExactMillionMsReference: median(() => plainDensity(many, grid, quartic)),
    kdeExact35kMs: median(() => densityGrid(few, coarse, wide, 'exact')),
    kdeExact35kMsReference: median(() => plainDensity(few, coarse, wide)),
  };
}

/** About 150,000 resolution-9 cells of northern England, and a whole force of 6,900 from its outline to its ranking. */
function benchGrid(): Record<string, number> {
  const large = largeCover();
  const neighbours = cellNeighbours(large.cells);
  const counts = largeCounts(large);
  const rows = plainNeighbours(large);
  const force = box(-1.45, 54.46, -0.8, 54.75);
  return {
    neighbours150kMs: median(() => cellNeighbours(large.cells)),
    neighbours150kMsReference: median(() => plainNeighbours(large)),
    giStar150kMs: median(() => getisOrdStar(counts, neighbours)),
    giStar150kMsReference: median(() => plainGiStar([...counts], rows)),
    analysisForceMs: median(() => analyseForce(force)),
  };
}

function box(west: number, south: number, east: number, north: number): PolygonShape {
  return { type: 'Polygon', coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] };
}

function plainNeighbours({ cells, position }: CellCover): number[][] {
  return cells.map((cell) => gridDisk(cell, 1).flatMap((other) => position.get(other) ?? []));
}

function analyseForce(outline: PolygonShape): unknown {
  const cover = coverArea(outline, 9);
  const random = createRandom(9);
  const counts = Float64Array.from(cover.cells, () => random.poisson(random.uniform() < 0.03 ? 40 : 1));
  return analyseCells({ cover, counts, windowMonths: 12 });
}
