import type { GridSpec, WeightedPoints } from './density.ts';
import { readMass, shareMass } from './densityNodes.ts';
import type { SharedMass } from './densityNodes.ts';
import { kernelAt } from './kernel.ts';
import type { Kernel } from './kernel.ts';

/** The quartic five squares wide, as the service draws it (250 m on squares of 50 m), has a way of its own: three times as fast. */
export function isUsual(grid: GridSpec, kernel: Kernel): boolean {
  return kernel.name === 'quartic' && Math.abs(kernel.bandwidthMetres / grid.cellMetres - 5) < 1e-9;
}

/** Nodes beyond the outermost squares: of the fine lattice (half a square apart), and of the coarse one (a square apart). */
const fineBorder = 20;
const coarseBorder = 7;
/** Where a fine node half way between coarse ones puts its mass: six-point Lagrange weights, which keep its moments to the fifth. */
const near = 150 / 256;
const far = -25 / 256;
const farther = 3 / 256;

/**
 * (1 − d²/25)² at whole distances (by steps along and up), made so that, after sharing and gathering, no incident anywhere between nodes is
 * more than 0.67 % of the peak from its exact hill: least worst error over 81 places, checked on 289 (see the test of binned surfaces).
 */
const taps: readonly (readonly number[])[] = [
  [1.003801, 0.926388, 0.706392, 0.415895, 0.125025, -0.005155, 0.006495],
  [0.926388, 0.851613, 0.639535, 0.366088, 0.097613, -0.006168, 0.005889],
  [0.706392, 0.639535, 0.46435, 0.233906, 0.035997, -0.003595, 0.002708],
  [0.415895, 0.366088, 0.233906, 0.07355, -0.005176, 0.004177],
  [0.125025, 0.097613, 0.035997, -0.005176, 0.003567, 0.005806],
  [-0.005155, -0.006168, -0.003595, 0.004177, 0.005806],
  [0.006495, 0.005889, 0.002708],
];

/** Density per km² of the usual kernel: mass on nodes half a square apart, gathered to nodes a square apart, then the hill by whole steps. */
export function usualDensity(points: WeightedPoints, grid: GridSpec, kernel: Kernel): Float64Array {
  const step = grid.cellMetres / 2;
  const lattice = {
    step, west: grid.west + grid.cellMetres / 2 - fineBorder * step, south: grid.south + grid.cellMetres / 2 - fineBorder * step,
    columns: 2 * grid.columns - 1 + 2 * fineBorder, rows: 2 * grid.rows - 1 + 2 * fineBorder,
  };
  const columns = grid.columns + 2 * coarseBorder;
  const rows = grid.rows + 2 * coarseBorder;
  const gathered = gatherRows(gatherColumns(shareMass(points, lattice), lattice.columns, lattice.rows, columns), columns, rows);
  return hills(gathered, columns, grid, 1e6 * kernelAt(kernel, 0));
}

/** Fine columns to coarse ones, row by row. */
function gatherColumns(shared: SharedMass, fineColumns: number, fineRows: number, columns: number): Float64Array {
  const out = new Float64Array(columns * fineRows);
  const line = new Float64Array(fineColumns);
  for (let row = 0; row < fineRows; row++) {
    readMass(shared, row * fineColumns, line);
    const to = row * columns;
    for (let c = 0, at = fineBorder - 2 * coarseBorder; c < columns; c++, at += 2) {
      out[to + c] = (line[at] as number) + near * ((line[at - 1] as number) + (line[at + 1] as number)) + far * ((line[at - 3] as number) + (line[at + 3] as number)) + farther * ((line[at - 5] as number) + (line[at + 5] as number));
    }
  }
  return out;
}

/** Fine rows to coarse ones. */
function gatherRows(mass: Float64Array, columns: number, rows: number): Float64Array {
  const out = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    let at = (2 * row + fineBorder - 2 * coarseBorder) * columns;
    for (let to = row * columns; to < (row + 1) * columns; to++, at++) {
      out[to] = (mass[at] as number) + near * ((mass[at - columns] as number) + (mass[at + columns] as number))
        + far * ((mass[at - 3 * columns] as number) + (mass[at + 3 * columns] as number)) + farther * ((mass[at - 5 * columns] as number) + (mass[at + 5 * columns] as number));
    }
  }
  return out;
}

/** The taps over the coarse nodes, a row below and the row above at a time. */
function hills(mass: Float64Array, columns: number, grid: GridSpec, scale: number): Float64Array {
  const out = new Float64Array(grid.columns * grid.rows);
  const line = new Float64Array(columns);
  for (let row = 0; row < grid.rows; row++) {
    const middle = (row + coarseBorder) * columns;
    for (let dy = 0; dy < taps.length; dy++) {
      const [below, above, share] = [middle - dy * columns, middle + dy * columns, dy === 0 ? scale / 2 : scale];
      for (let c = 0; c < columns; c++) line[c] = share * ((mass[below + c] as number) + (mass[above + c] as number));
      addLine(line, taps[dy] as readonly number[], out, row * grid.columns, grid.columns);
    }
  }
  return out;
}

/**
 * One line of nodes put on one row of squares, two at a time since they share all nodes but two; the taps and the nodes stand in names of their
 * own, since looking them up costs as much as using them.
 */
function addLine(line: Float64Array, row: readonly number[], out: Float64Array, to: number, squares: number): void {
  const [t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0, t6 = 0] = row;
  for (let c = 0, at = coarseBorder; c < squares; c += 2, at += 2) {
    const a5 = line[at - 5] as number;
    const a4 = line[at - 4] as number;
    const a3 = line[at - 3] as number;
    const a2 = line[at - 2] as number;
    const a1 = line[at - 1] as number;
    const middle = line[at] as number;
    const b1 = line[at + 1] as number;
    const b2 = line[at + 2] as number;
    const b3 = line[at + 3] as number;
    const b4 = line[at + 4] as number;
    const b5 = line[at + 5] as number;
    const b6 = line[at + 6] as number;
    out[to + c] = (out[to + c] as number) + t0 * middle + t1 * (a1 + b1) + t2 * (a2 + b2) + t3 * (a3 + b3) + t4 * (a4 + b4) + t5 * (a5 + b5) + t6 * ((line[at - 6] as number) + b6);
    if (c + 1 === squares) return;
    out[to + c + 1] = (out[to + c + 1] as number) + t0 * b1 + t1 * (middle + b2) + t2 * (a1 + b3) + t3 * (a2 + b4) + t4 * (a3 + b5) + t5 * (a4 + b6) + t6 * (a5 + (line[at + 7] as number));
  }
}
