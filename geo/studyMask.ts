import { binnedDensity } from './densityBinned.ts';
import type { GridSpec } from './density.ts';
import type { Kernel } from './kernel.ts';
import { polygonsOf } from './shapes.ts';
import type { AreaShape } from './shapes.ts';

/**
 * Which grid squares have their middle inside a study area given in grid metres (1 inside, 0 outside; holes left out): one byte a square,
 * half-open, so areas that share an edge never share a square.
 */
export function studyMask(areaMetres: AreaShape, grid: GridSpec): Uint8Array {
  const mask = new Uint8Array(grid.columns * grid.rows);
  for (const rings of polygonsOf(areaMetres)) {
    rowCrossings(rings, grid).forEach((crossings, row) => fillRow(crossings, grid, row, mask));
  }
  return mask;
}

function fillRow(crossings: number[], grid: GridSpec, row: number, mask: Uint8Array): void {
  crossings.sort((a, b) => a - b);
  const column = (x: number): number => Math.min(grid.columns, Math.max(0, Math.ceil((x - grid.west) / grid.cellMetres - 0.5)));
  for (let k = 0; k + 1 < crossings.length; k += 2) mask.fill(1, row * grid.columns + column(crossings[k] as number), row * grid.columns + column(crossings[k + 1] as number));
}

/** Where the rings cross the middle line of each row of the grid; every side is looked at once, for the rows it spans. */
function rowCrossings(rings: number[][][], grid: GridSpec): number[][] {
  const found: number[][] = Array.from({ length: grid.rows }, () => []);
  const firstRow = (y: number): number => Math.max(0, Math.floor((y - grid.south) / grid.cellMetres - 0.5));
  for (const ring of rings) {
    let [lastX = NaN, lastY = NaN] = ring[ring.length - 1] ?? [];
    for (const [x = NaN, atY = NaN] of ring) {
      const until = Math.min(grid.rows - 1, firstRow(Math.max(lastY, atY)) + 1);
      for (let row = firstRow(Math.min(lastY, atY)); row <= until; row++) {
        const y = grid.south + (row + 0.5) * grid.cellMetres;
        if (atY > y !== lastY > y) (found[row] as number[]).push(x + ((y - atY) * (lastX - x)) / (lastY - atY));
      }
      lastX = x;
      lastY = atY;
    }
  }
  return found;
}

/**
 * How much of the kernel's mass around each square lies inside the study area, 0 to 1 (1 well inside): the divisor of the edge correction.
 * `mask` is one byte a square; what lies beyond the grid counts as outside.
 */
export function massInside(mask: Uint8Array, grid: GridSpec, kernel: Kernel): Float64Array {
  const middles = { x: new Float64Array(mask.length), y: new Float64Array(mask.length), weights: Float64Array.from(mask) };
  for (let at = 0; at < mask.length; at++) {
    middles.x[at] = grid.west + ((at % grid.columns) + 0.5) * grid.cellMetres;
    middles.y[at] = grid.south + (Math.floor(at / grid.columns) + 0.5) * grid.cellMetres;
  }
  const inside = binnedDensity(middles, grid, kernel);
  const whole = wholeMass(grid, kernel);
  return inside.map((value) => Math.min(1, value / whole));
}

/** What `massInside` would sum to with squares on every side: the kernel added up over an unbounded grid, near 10⁶ / square². */
function wholeMass(grid: GridSpec, kernel: Kernel): number {
  const reach = Math.ceil((kernel.name === 'quartic' ? 1 : 5) * (kernel.bandwidthMetres / grid.cellMetres)) + 1;
  const side = 2 * reach + 1;
  const block = { west: 0, south: 0, cellMetres: grid.cellMetres, columns: side, rows: side };
  const middle = (at: number): number => (at + 0.5) * grid.cellMetres;
  const x = Float64Array.from({ length: side * side }, (_, at) => middle(at % side));
  const y = Float64Array.from({ length: side * side }, (_, at) => middle(Math.floor(at / side)));
  return binnedDensity({ x, y }, block, kernel)[reach * side + reach] as number;
}

/**
 * A surface corrected at the edge of its study area: each value divided by the kernel's mass inside, squares outside the area set to 0.
 * Use it at a coast, where nothing can happen beyond; at a land border bring the neighbour's incidents instead.
 */
export function edgeCorrected(surface: Float64Array, mask: Uint8Array, grid: GridSpec, kernel: Kernel): Float64Array {
  const inside = massInside(mask, grid, kernel);
  return surface.map((value, at) => (mask[at] === 1 && (inside[at] as number) > 0 ? value / (inside[at] as number) : 0));
}

/**
 * Dual density: how many times its share of the base each square has (1 = as the base), both surfaces brought to unit mass over the same
 * kernel and grid. NaN never: squares whose base density is under `floor` (per km²) are masked as undefined in `shown` (0) and hold 0.
 * Residents are a poor base in a town centre, where few sleep and many meet: say so beside the map.
 */
export function dualDensity(surface: Float64Array, base: Float64Array, floor: number): { ratios: Float64Array; shown: Uint8Array } {
  if (surface.length !== base.length) throw new RangeError(`The two surfaces have ${surface.length} and ${base.length} squares: draw both on one grid.`);
  const total = surface.reduce((sum, value) => sum + value, 0);
  const baseTotal = base.reduce((sum, value) => sum + value, 0);
  if (!(baseTotal > 0)) throw new RangeError('The base surface is empty: there is nothing to compare with.');
  const shown = Uint8Array.from(base, (value) => (value >= floor && value > 0 ? 1 : 0));
  const ratios = Float64Array.from(surface, (value, at) => (shown[at] === 1 && total > 0 ? value / total / ((base[at] as number) / baseTotal) : 0));
  return { ratios, shown };
}
