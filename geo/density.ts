import { binnedDensity } from './densityBinned.ts';
import { kernelAt, kernelReach } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import type { PointArrays } from './shapes.ts';

/**
 * A grid of squares in metres: square (column, row) is number row × columns + column, its middle at
 * west + (column + ½)·cellMetres, south + (row + ½)·cellMetres; row 0 is the southernmost.
 */
export interface GridSpec {
  west: number;
  south: number;
  cellMetres: number;
  columns: number;
  rows: number;
}

/** Incidents in metres; `weights` where one point stands for several incidents (or for less than one). */
export interface WeightedPoints extends PointArrays {
  readonly weights?: Float64Array | undefined;
}

/** `exact` sums every incident's hill; `binned` works from sums by square, within 1 % of the peak; `auto` is exact to 100,000 points. */
export type DensityMethod = 'exact' | 'binned' | 'auto';

/**
 * Incidents per km² at the middle of every square of a grid, by kernel density: 10⁶·Σ K(distance), zeros far from any incident.
 * Points in metres (those beyond the grid count as far as they reach). No points give zeros. Throws on a bandwidth or grid that cannot be.
 */
export function densityGrid(points: WeightedPoints, grid: GridSpec, kernel: Kernel, method: DensityMethod = 'auto'): Float64Array {
  checkGrid(grid);
  kernelReach(kernel);
  checkLengths(points);
  if (method === 'binned' || (method === 'auto' && points.x.length > 100_000)) return binnedDensity(points, grid, kernel);
  checkPoints(points);
  return kernel.name === 'quartic' ? exactQuartic(points, grid, kernel) : exactGaussian(points, grid, kernel);
}

/** The grid of squares that covers a box [west, south, east, north] in metres, its edges on whole multiples of the square. */
export function gridAround(box: readonly [number, number, number, number], cellMetres: number): GridSpec {
  const west = Math.floor(box[0] / cellMetres) * cellMetres;
  const south = Math.floor(box[1] / cellMetres) * cellMetres;
  const grid = { west, south, cellMetres, columns: Math.max(1, Math.ceil((box[2] - west) / cellMetres)), rows: Math.max(1, Math.ceil((box[3] - south) / cellMetres)) };
  checkGrid(grid);
  return grid;
}

/** Incidents per km² at chosen places (metres), summed exactly over all incidents within reach. */
export function densityAt(points: WeightedPoints, places: PointArrays, kernel: Kernel): Float64Array {
  checkLengths(points);
  checkPoints(points);
  const reach = kernelReach(kernel);
  const order = Int32Array.from(points.x, (_, i) => i).sort((a, b) => (points.y[a] as number) - (points.y[b] as number));
  const sortedY = Float64Array.from(order, (i) => points.y[i] as number);
  return Float64Array.from(places.x, (atX, place) => {
    const atY = places.y[place] as number;
    let sum = 0;
    for (let k = firstAtLeast(sortedY, atY - reach); k < order.length && (sortedY[k] as number) <= atY + reach; k++) {
      const i = order[k] as number;
      const dx = (points.x[i] as number) - atX;
      const dy = (sortedY[k] as number) - atY;
      if (dx * dx + dy * dy < reach * reach) sum += (points.weights ? (points.weights[i] as number) : 1) * kernelAt(kernel, dx * dx + dy * dy);
    }
    return sum * 1e6;
  });
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Works in units of squares: every point adds w·(1 − d²/h²)² to the squares within h; the constant is put on at the end. */
function exactQuartic(points: WeightedPoints, grid: GridSpec, kernel: Kernel): Float64Array {
  const { columns, rows } = grid;
  const out = new Float64Array(columns * rows);
  const reach = kernel.bandwidthMetres / grid.cellMetres;
  const inverse = 1 / (reach * reach);
  const scale = 1e6 * kernelAt(kernel, 0);
  const { x, y, weights } = points;
  for (let i = 0; i < x.length; i++) {
    const atX = ((x[i] as number) - grid.west) / grid.cellMetres - 0.5;
    const atY = ((y[i] as number) - grid.south) / grid.cellMetres - 0.5;
    const weight = weights ? (weights[i] as number) * scale : scale;
    const lastRow = Math.min(rows - 1, Math.floor(atY + reach));
    for (let row = Math.max(0, Math.ceil(atY - reach)); row <= lastRow; row++) {
      const dy = row - atY;
      const left = 1 - dy * dy * inverse;
      if (left <= 0) continue;
      const half = reach * Math.sqrt(left);
      const first = Math.max(0, Math.ceil(atX - half));
      const end = row * columns + Math.min(columns - 1, Math.floor(atX + half));
      let dx = first - atX;
      for (let at = row * columns + first; at <= end; at++, dx++) {
        const height = left - dx * dx * inverse;
        out[at] = (out[at] as number) + weight * height * height;
      }
    }
  }
  return out;
}

/** The Gaussian is the product of a row profile and a column profile, so each point needs only one exponential a row and a column. */
function exactGaussian(points: WeightedPoints, grid: GridSpec, kernel: Kernel): Float64Array {
  const { columns, rows } = grid;
  const out = new Float64Array(columns * rows);
  const reach = kernelReach(kernel) / grid.cellMetres;
  const spread = -0.5 * (grid.cellMetres / kernel.bandwidthMetres) ** 2;
  const scale = 1e6 * kernelAt(kernel, 0);
  const profile = new Float64Array(columns);
  for (let i = 0; i < points.x.length; i++) {
    const atX = ((points.x[i] as number) - grid.west) / grid.cellMetres - 0.5;
    const atY = ((points.y[i] as number) - grid.south) / grid.cellMetres - 0.5;
    const first = Math.max(0, Math.ceil(atX - reach));
    const last = Math.min(columns - 1, Math.floor(atX + reach));
    const weight = points.weights ? (points.weights[i] as number) * scale : scale;
    for (let column = first; column <= last; column++) profile[column] = weight * Math.exp(spread * (column - atX) ** 2);
    const lastRow = Math.min(rows - 1, Math.floor(atY + reach));
    for (let row = Math.max(0, Math.ceil(atY - reach)); row <= lastRow; row++) {
      const height = Math.exp(spread * (row - atY) ** 2);
      const base = row * columns;
      for (let column = first; column <= last; column++) out[base + column] = (out[base + column] as number) + height * (profile[column] as number);
    }
  }
  return out;
}

function checkGrid({ west, south, cellMetres, columns, rows }: GridSpec): void {
  if (!(cellMetres > 0 && Number.isFinite(west + south + cellMetres))) throw new RangeError(`A grid with squares of ${cellMetres} m from ${west}, ${south} cannot be drawn: give metres on the National Grid.`);
  if (!(Number.isInteger(columns) && Number.isInteger(rows) && columns > 0 && rows > 0)) throw new RangeError(`A grid of ${columns} by ${rows} squares cannot be drawn: give whole numbers above 0.`);
  if (columns * rows > 20_000_000) throw new RangeError(`A grid of ${columns} by ${rows} squares is too large: take larger squares, or a smaller area.`);
}

/** Batches of points of unequal length are refused at once. */
function checkLengths({ x, y, weights }: WeightedPoints): void {
  if (x.length !== y.length || (weights && weights.length !== x.length)) throw new RangeError(`The points have ${x.length} eastings, ${y.length} northings and ${weights?.length ?? x.length} weights: give as many of each.`);
}

function checkPoints({ x, y, weights }: WeightedPoints): void {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] as number) + (y[i] as number) + (weights ? (weights[i] as number) : 0);
  if (!Number.isFinite(sum)) throw new RangeError('A point has a coordinate or weight that is not a number: leave out incidents without a place before drawing a surface.');
}
