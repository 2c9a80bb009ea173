/** The ground a density surface stands on: which squares belong to the study area, which are shown, and the edge correction between the two. */
import { type GridSpec, gridAround } from '../../geo/density.ts';
import { toGrid } from '../../geo/projection.ts';
import { type AreaShape, boundsOf, type LngLat, mapShape, type MultiPolygonShape, polygonsOf } from '../../geo/shapes.ts';
import { studyMask } from '../../geo/studyMask.ts';

/** A study area on its grid; the arrays are shared between threads, so an area is made once and never copied. */
export interface StudyArea {
  readonly grid: GridSpec;
  /** One byte a square: 1 where incidents are known, 0 at sea and beyond the area. */
  readonly known: Uint8Array;
  /** One byte a square: 1 where the surface is shown. */
  readonly shown: Uint8Array;
  /** How many known squares lie south-west of each corner, (columns + 1) × (rows + 1). */
  readonly sums: Int32Array;
}

export interface StudyAreaTask {
  /** WGS84 outlines of the councils whose incidents are known, and of those that are shown. */
  readonly known: readonly AreaShape[];
  readonly shown: readonly AreaShape[];
  readonly squareMetres: number;
  /** The widest bandwidth: known ground as far beyond what is shown is on the grid too. */
  readonly reachMetres: number;
}

/** More squares than this and the squares are doubled: a force area needs about half a million at 50 m. */
const mostSquares = 2_000_000;

/** The grid over the shown outlines with both masks; undefined without an outline. Squares are doubled where there would be over two million. */
export function makeStudyArea({ known, shown, squareMetres, reachMetres }: StudyAreaTask): StudyArea | undefined {
  const shownMetres = inMetres(shown);
  if (shownMetres.coordinates.length === 0) return undefined;
  const [west, south, east, north] = boundsOf(shownMetres);
  const grid = gridWithin([west - reachMetres, south - reachMetres, east + reachMetres, north + reachMetres], squareMetres);
  const knownMask = shared(studyMask(inMetres([...known, ...shown]), grid));
  return { grid, known: knownMask, shown: shared(studyMask(shownMetres, grid)), sums: cornerSums(knownMask, grid) };
}

function inMetres(shapes: readonly AreaShape[]): MultiPolygonShape {
  const metres = (lng: number, lat: number): LngLat => {
    const { easting, northing } = toGrid(lng, lat);
    return [easting, northing];
  };
  return mapShape({ type: 'MultiPolygon', coordinates: shapes.flatMap((shape) => polygonsOf(shape)) }, metres);
}

/** A grid over a box in metres, its squares doubled until they are few enough. */
export function gridWithin(box: readonly [number, number, number, number], squareMetres: number): GridSpec {
  let side = squareMetres;
  while (((box[2] - box[0]) / side) * ((box[3] - box[1]) / side) > mostSquares) side *= 2;
  return gridAround(box, side);
}

function shared(mask: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(mask.length));
  copy.set(mask);
  return copy;
}

function cornerSums(mask: Uint8Array, { columns, rows }: GridSpec): Int32Array {
  const stride = columns + 1;
  const sums = new Int32Array(new SharedArrayBuffer(4 * stride * (rows + 1)));
  for (let row = 0; row < rows; row++) {
    let line = 0;
    for (let column = 0; column < columns; column++) {
      line += mask[row * columns + column] as number;
      sums[(row + 1) * stride + column + 1] = (sums[row * stride + column + 1] as number) + line;
    }
  }
  return sums;
}

/**
 * Corrects a quartic surface in place at the edge of its study area (Diggle 1985): each value is divided by the kernel's mass inside, summed
 * over the squares within the bandwidth; squares that are not shown become 0. `values` holds one value a square of the area's grid.
 */
export function correctEdges(values: Float64Array, area: StudyArea, bandwidthMetres: number): void {
  const { grid: { columns, rows, cellMetres }, known, shown } = area;
  const taps = kernelTaps(bandwidthMetres / cellMetres);
  const side = 2 * taps.reach + 1;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      if (values[at] === 0) continue;
      if (shown[at] === 0) values[at] = 0;
      else if (knownAround(area, column, row, taps.reach) < side * side) values[at] = (values[at] as number) / massAround(known, columns, rows, column, row, taps);
    }
  }
}

interface Taps {
  readonly reach: number;
  /** The quartic's height at each offset, side × side, and their sum. */
  readonly weights: Float64Array;
  readonly whole: number;
}

function kernelTaps(bandwidth: number): Taps {
  const reach = Math.ceil(bandwidth);
  const side = 2 * reach + 1;
  const weights = new Float64Array(side * side);
  let whole = 0;
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const left = Math.max(0, 1 - (dx * dx + dy * dy) / (bandwidth * bandwidth));
      weights[(dy + reach) * side + dx + reach] = left * left;
      whole += left * left;
    }
  }
  return { reach, weights, whole };
}

function knownAround({ grid: { columns, rows }, sums }: StudyArea, column: number, row: number, reach: number): number {
  const stride = columns + 1;
  const [west, east] = [Math.max(0, column - reach), Math.min(columns, column + reach + 1)];
  const [south, north] = [Math.max(0, row - reach), Math.min(rows, row + reach + 1)];
  return (sums[north * stride + east] as number) - (sums[south * stride + east] as number) - (sums[north * stride + west] as number) + (sums[south * stride + west] as number);
}

/** The share of the kernel around a known square that lies on known squares: above 0, since its own square counts. */
function massAround(known: Uint8Array, columns: number, rows: number, column: number, row: number, { reach, weights, whole }: Taps): number {
  const side = 2 * reach + 1;
  let mass = 0;
  for (let y = Math.max(0, row - reach); y <= Math.min(rows - 1, row + reach); y++) {
    const line = (y - row + reach) * side + reach - column;
    const last = Math.min(columns - 1, column + reach);
    for (let x = Math.max(0, column - reach), at = y * columns + x; x <= last; x++, at++) if (known[at] === 1) mass += weights[line + x] as number;
  }
  return mass / whole;
}
