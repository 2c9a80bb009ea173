/** All points in one place, one point, none, points at 0, 0, a study area with a hole, a cell with no area, a period of nothing: a figure or a sentence, never a NaN. */
import { describe, expect, it } from 'vitest';
import { cellNeighbours } from '../../geo/cellNeighbours.ts';
import { type CellCover, cellOfPoint, countByCell, coverArea } from '../../geo/cells.ts';
import { surfaceContours } from '../../geo/contours.ts';
import { densityGrid, gridAround } from '../../geo/density.ts';
import { densityAtPlaces } from '../../geo/densityPlaces.ts';
import { exactlyEdgeCorrected } from '../../geo/edgeMass.ts';
import { analyseCells } from '../../geo/hotCells.ts';
import { localMoran } from '../../geo/moran.ts';
import { localMoranMoments } from '../../geo/moranMoments.ts';
import type { Kernel } from '../../geo/kernel.ts';
import { scoreAtArea } from '../../geo/prediction.ts';
import { empiricalBayesRates } from '../../geo/smoothing.ts';
import { tryPlaces } from '../../geo/trial.ts';

const ring = (west: number, south: number, east: number, north: number) => [[west, south], [east, south], [east, north], [west, north], [west, south]];
const area = { type: 'Polygon' as const, coordinates: [ring(-1.25, 54.6, -1.2, 54.63)] };
const holed = { type: 'Polygon' as const, coordinates: [ring(-1.25, 54.6, -1.2, 54.63), ring(-1.235, 54.61, -1.215, 54.62).toReversed()] };
const quartic: Kernel = { name: 'quartic', bandwidthMetres: 250 };
const kernels: Kernel[] = [quartic, { name: 'gaussian', bandwidthMetres: 100 }];
const repeated = (times: number, lng: number, lat: number): string[] => Array.from({ length: times }, () => cellOfPoint(lng, lat, 9));

/** Every array of numbers in an answer holds only finite ones. */
function finite(answer: object): void {
  const endless = Object.entries(answer).filter(([, value]) => (value instanceof Float64Array ? !value.every(Number.isFinite) : typeof value === 'number' && !Number.isFinite(value)));
  expect(endless.map(([key]) => key)).toEqual([]);
}

function analyse(cells: string[], cover: CellCover = coverArea(area, 9)) {
  const { counts, outside } = countByCell(cover, cells);
  const found = analyseCells({ cover, counts, windowMonths: 12 });
  finite(found);
  const neighbours = cellNeighbours(cover.cells, false);
  const { local } = localMoran(counts, neighbours, 9);
  finite({ local, ...localMoranMoments(counts, local, neighbours) });
  finite(scoreAtArea({ predicted: found.smoothedRates, observed: counts, areasKm2: cover.areasKm2 }, 0.05));
  const sum = (flags: Uint8Array): number => flags.reduce((total, flag) => total + flag, 0);
  return { outside, candidates: sum(found.candidate), hot: sum(found.hot), mean: found.meanRate };
}

describe('the analysis of cells', () => {
  it('takes all incidents in one place, one incident, none, and incidents at 0, 0', () => {
    expect(analyse(repeated(500, -1.225, 54.615))).toMatchObject({ outside: 0, candidates: 1 });
    expect(analyse(repeated(1, -1.225, 54.615))).toMatchObject({ outside: 0, candidates: 0 });
    expect(analyse([])).toEqual({ outside: 0, candidates: 0, hot: 0, mean: 0 });
    expect(analyse(repeated(20, 0, 0))).toEqual({ outside: 20, candidates: 0, hot: 0, mean: 0 });
  });

  it('never takes a single incident of a month for a candidate', () => {
    const cover = coverArea(area, 9);
    const { counts } = countByCell(cover, repeated(1, -1.225, 54.615));
    const found = analyseCells({ cover, counts, windowMonths: 1 });
    expect(found.minimumCount).toBe(5);
    expect(found.candidate.some((flag) => flag === 1)).toBe(false);
  });

  it('leaves out what lies in a hole of the area', () => {
    const [whole, rest] = [coverArea(area, 9, 'centre'), coverArea(holed, 9, 'centre')];
    expect(rest.cells.length).toBeLessThan(whole.cells.length);
    expect(analyse(repeated(30, -1.225, 54.615), rest)).toMatchObject({ outside: 30, candidates: 0 });
  });

  it('says what is wrong with a cell of no area that has incidents, and gives it 0 where it has none', () => {
    const cover = coverArea(area, 9);
    const areasKm2 = cover.areasKm2.slice();
    areasKm2[0] = 0;
    const counts = new Float64Array(cover.cells.length);
    counts[1] = 20;
    finite(analyseCells({ cover: { ...cover, areasKm2 }, counts, windowMonths: 12 }));
    counts[0] = 3;
    expect(() => analyseCells({ cover: { ...cover, areasKm2 }, counts, windowMonths: 12 })).toThrow('Place 0 has 3 incidents and an area or population of 0: leave it out or give its size.');
    expect(() => scoreAtArea({ predicted: counts, observed: counts, areasKm2 }, 0.1)).toThrow('areas above 0');
    expect(() => tryPlaces({ sets: [{ areaKm2: 0, hits: [1] }], counts: [1], periods: 1, areasKm2: [0] })).toThrow('choose at least one place with an area');
  });

  it('says what is wrong with an area of no cell', () => {
    expect(() => coverArea({ type: 'MultiPolygon', coordinates: [] }, 9)).toThrow('The area has no outline');
    expect(() => empiricalBayesRates([0, 0], [0, 0])).toThrow('No place has any area or population');
  });
});

describe('surfaces', () => {
  const grid = gridAround([450_000, 515_000, 452_000, 517_000], 50);
  const places = { x: Float64Array.of(451_000, 450_000), y: Float64Array.of(516_000, 515_000) };
  const withHole = { type: 'Polygon' as const, coordinates: [ring(450_000, 515_000, 452_000, 517_000), ring(450_800, 515_800, 451_200, 516_200).toReversed()] };
  const inputs = {
    'all in one place': { x: new Float64Array(300).fill(451_000), y: new Float64Array(300).fill(516_000) },
    'one point': { x: Float64Array.of(451_000), y: Float64Array.of(516_000) },
    none: { x: new Float64Array(), y: new Float64Array() },
    'points at 0, 0': { x: new Float64Array(5), y: new Float64Array(5) },
  };

  it.each(Object.entries(inputs))('of %s are finite everywhere, contours and edge corrections too', (_, points) => {
    for (const kernel of kernels) {
      for (const method of ['exact', 'binned'] as const) {
        const surface = densityGrid(points, grid, kernel, method);
        const corrected = exactlyEdgeCorrected(surface, withHole, grid, kernel);
        finite({ surface, corrected, at: densityAtPlaces(points, places, kernel, method) });
        for (const { shape } of surfaceContours(surface, grid, [10, 100])) expect(shape.coordinates.flat(3).every(Number.isFinite)).toBe(true);
      }
    }
  });
});
