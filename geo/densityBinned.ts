import type { GridSpec, WeightedPoints } from './density.ts';
import { kernelAt } from './kernel.ts';
import type { Kernel } from './kernel.ts';

/** Squares of incidents with a border wide enough that the kernel never leaves them; `cut` of them to a side of an output square. */
interface Bins {
  west: number;
  south: number;
  step: number;
  cut: number;
  border: number;
  columns: number;
  rows: number;
}

/**
 * Density per km² from sums by square instead of point by point: within 1 % of the peak of the exact surface, and far faster for many points.
 * Every square keeps its incidents' number, mean place and spread (six sums); these are handed to the nine squares around it as a
 * second-order expansion, and one pass of the kernel over the squares gives the surface.
 */
export function binnedDensity(points: WeightedPoints, grid: GridSpec, kernel: Kernel): Float64Array {
  const bins = binsFor(grid, kernel);
  const mass = spreadSums(squareSums(points, bins), bins);
  return kernel.name === 'quartic' ? convolveDisc(mass, bins, grid, kernel) : convolveTwice(mass, bins, grid, kernel);
}

function binReach(kernel: Kernel): number {
  return kernel.name === 'quartic' ? kernel.bandwidthMetres : 4.5 * kernel.bandwidthMetres;
}

/** The expansion needs squares of at most a fifth of the quartic's bandwidth (half the Gaussian's); larger ones are cut into an odd number. */
function binsFor(grid: GridSpec, kernel: Kernel): Bins {
  const widest = kernel.bandwidthMetres / (kernel.name === 'quartic' ? 5 : 2);
  const least = Math.ceil(grid.cellMetres / widest - 1e-9);
  const cut = least % 2 === 0 ? least + 1 : Math.max(1, least);
  const step = grid.cellMetres / cut;
  const border = Math.ceil(binReach(kernel) / step) + 2;
  return { step, cut, border, west: grid.west - border * step, south: grid.south - border * step, columns: grid.columns * cut + 2 * border, rows: grid.rows * cut + 2 * border };
}

/** Per square: Σw, Σwu, Σwv, Σwu², Σwv², Σwuv, with (u, v) the place within the square from −½ to ½. */
function squareSums(points: WeightedPoints, bins: Bins): Float64Array {
  const { columns, rows, west, south } = bins;
  const { x, y, weights } = points;
  const sums = new Float64Array(columns * rows * 6);
  const inverse = 1 / bins.step;
  for (let i = 0; i < x.length; i++) {
    const atX = ((x[i] as number) - west) * inverse;
    const atY = ((y[i] as number) - south) * inverse;
    if (!(atX >= 1 && atY >= 1 && atX < columns - 1 && atY < rows - 1)) continue;
    const column = Math.trunc(atX);
    const row = Math.trunc(atY);
    const weight = weights ? (weights[i] as number) : 1;
    const u = atX - column - 0.5;
    const v = atY - row - 0.5;
    const at = (row * columns + column) * 6;
    sums[at] = (sums[at] as number) + weight;
    sums[at + 1] = (sums[at + 1] as number) + weight * u;
    sums[at + 2] = (sums[at + 2] as number) + weight * v;
    sums[at + 3] = (sums[at + 3] as number) + weight * u * u;
    sums[at + 4] = (sums[at + 4] as number) + weight * v * v;
    sums[at + 5] = (sums[at + 5] as number) + weight * u * v;
  }
  return sums;
}

/** Weights on the middles of the squares that have the same sums up to second order as the incidents themselves. */
function spreadSums(sums: Float64Array, { columns, rows }: Bins): Float64Array {
  const mass = new Float64Array(columns * rows);
  const add = (at: number, amount: number): void => {
    mass[at] = (mass[at] as number) + amount;
  };
  for (let at = columns; at < columns * (rows - 1); at++) {
    const count = sums[at * 6] as number;
    if (count === 0) continue;
    const [u, v] = [(sums[at * 6 + 1] as number) / 2, (sums[at * 6 + 2] as number) / 2];
    const [uu, vv] = [(sums[at * 6 + 3] as number) / 2, (sums[at * 6 + 4] as number) / 2];
    const uv = (sums[at * 6 + 5] as number) / 4;
    add(at, count - 2 * uu - 2 * vv);
    add(at - 1, uu - u);
    add(at + 1, uu + u);
    add(at - columns, vv - v);
    add(at + columns, vv + v);
    add(at - columns - 1, uv);
    add(at + columns + 1, uv);
    add(at - columns + 1, -uv);
    add(at + columns - 1, -uv);
  }
  return mass;
}

/** The quartic over the squares, a pair of rows above and below at a time, since the kernel is the same on both sides. */
function convolveDisc(mass: Float64Array, bins: Bins, grid: GridSpec, kernel: Kernel): Float64Array {
  const reach = kernel.bandwidthMetres / bins.step;
  const out = new Float64Array(grid.columns * grid.rows);
  const pair = new Float64Array(bins.columns);
  for (let dy = 0; dy < reach; dy++) {
    const half = Math.ceil(Math.sqrt(reach * reach - dy * dy)) - 1;
    const taps = Float64Array.from({ length: half + 1 }, (_, dx) => 1e6 * kernelAt(kernel, (dx * dx + dy * dy) * bins.step * bins.step));
    for (let row = 0; row < grid.rows; row++) {
      const middle = row * bins.cut + (bins.cut >> 1) + bins.border;
      addRows(mass, pair, (middle - dy) * bins.columns, dy === 0 ? -1 : (middle + dy) * bins.columns);
      addTaps(pair, taps, out, row * grid.columns, grid.columns, bins);
    }
  }
  return out;
}

function addRows(mass: Float64Array, pair: Float64Array, below: number, above: number): void {
  if (above < 0) pair.set(mass.subarray(below, below + pair.length));
  else for (let c = 0; c < pair.length; c++) pair[c] = (mass[below + c] as number) + (mass[above + c] as number);
}

function addTaps(line: Float64Array, taps: Float64Array, out: Float64Array, at: number, columns: number, { cut, border }: Bins): void {
  const start = (cut >> 1) + border;
  for (let column = 0; column < columns; column++) {
    const middle = start + column * cut;
    let sum = (taps[0] as number) * (line[middle] as number);
    for (let dx = 1; dx < taps.length; dx++) sum += (taps[dx] as number) * ((line[middle - dx] as number) + (line[middle + dx] as number));
    out[at + column] = (out[at + column] as number) + sum;
  }
}

/** The Gaussian over the squares: along every row, then along every column. */
function convolveTwice(mass: Float64Array, bins: Bins, grid: GridSpec, kernel: Kernel): Float64Array {
  const half = Math.ceil(binReach(kernel) / bins.step);
  const spread = -0.5 * (bins.step / kernel.bandwidthMetres) ** 2;
  const taps = Float64Array.from({ length: half + 1 }, (_, d) => Math.exp(spread * d * d));
  const along = new Float64Array(grid.columns * bins.rows);
  for (let row = 0; row < bins.rows; row++) addTaps(mass.subarray(row * bins.columns, (row + 1) * bins.columns), taps, along, row * grid.columns, grid.columns, bins);
  const out = new Float64Array(grid.columns * grid.rows);
  const scale = 1e6 * kernelAt(kernel, 0);
  for (let row = 0; row < grid.rows; row++) {
    const middle = row * bins.cut + (bins.cut >> 1) + bins.border;
    for (let d = 0; d <= half; d++) addLine(along, out, row, middle, d, scale * (taps[d] as number), grid.columns);
  }
  return out;
}

function addLine(along: Float64Array, out: Float64Array, row: number, middle: number, d: number, tap: number, columns: number): void {
  const to = row * columns;
  const below = (middle - d) * columns;
  const above = (middle + d) * columns;
  if (d === 0) for (let c = 0; c < columns; c++) out[to + c] = (out[to + c] as number) + tap * (along[below + c] as number);
  else for (let c = 0; c < columns; c++) out[to + c] = (out[to + c] as number) + tap * ((along[below + c] as number) + (along[above + c] as number));
}
