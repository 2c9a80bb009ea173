import type { GridSpec } from './density.ts';

/**
 * The closed lines on which a surface (one value a grid square, at its middle) crosses a level, in grid metres, the high side on the left:
 * around a hill anticlockwise, around a hollow clockwise. Marching squares with linear interpolation (Lorensen & Cline 1987 in two dimensions);
 * a saddle is joined or cut by the mean of its four corners. Beyond the grid counts as below, so every line closes.
 */
export function isoRings(surface: Float64Array, grid: GridSpec, level: number): number[][][] {
  const lattice = { surface, grid, level, stride: grid.columns + 1 };
  const next = joinedEdges(lattice);
  const rings: number[][][] = [];
  for (const start of next.from) {
    const ring: number[][] = [];
    for (let edge = start; (next.to[edge] as number) > 0; ) {
      const onward = (next.to[edge] as number) - 1;
      next.to[edge] = 0;
      addCorner(ring, crossing(lattice, edge));
      edge = onward;
    }
    closeRing(ring);
    if (ring.length >= 4) rings.push(ring);
  }
  return rings;
}

interface Lattice {
  surface: Float64Array;
  grid: GridSpec;
  level: number;
  stride: number;
}

/** Where the line goes on from each edge: `to[edge]` is the next edge plus 1, or 0; `from` lists the edges in the order they were met. */
interface Joined {
  from: number[];
  to: Int32Array;
}

function joinedEdges(lattice: Lattice): Joined {
  const next = { from: [] as number[], to: new Int32Array(2 * (lattice.stride + 1) * (lattice.grid.rows + 2)) };
  for (let row = -1; row < lattice.grid.rows; row++) joinRow(lattice, row, next);
  return next;
}

/** For the squares between four middles, from left to right: which of the corners are high and where the line goes from edge to edge. */
function joinRow(lattice: Lattice, row: number, next: Joined): void {
  const { surface, grid, level } = lattice;
  const { columns, rows } = grid;
  const below = row * columns;
  const above = below + columns;
  const hasBelow = row >= 0;
  const hasAbove = row + 1 < rows;
  let left = 0;
  for (let column = -1; column < columns; column++) {
    const at = column + 1;
    const inGrid = at < columns;
    const right = (inGrid && hasBelow && (surface[below + at] as number) >= level ? 2 : 0) | (inGrid && hasAbove && (surface[above + at] as number) >= level ? 4 : 0);
    const corners = left | right;
    if (corners !== 0 && corners !== 15) join(lattice, column, row, corners, next);
    left = (right & 2 ? 1 : 0) | (right & 4 ? 8 : 0);
  }
}

/** Edges of a square in turn: 0 below, 1 right, 2 above, 3 left; each pair a line from edge to edge with the high corners on its left. */
const lines: readonly (readonly number[])[] = [[], [0, 3], [1, 0], [1, 3], [2, 1], [], [2, 0], [2, 3], [3, 2], [0, 2], [], [1, 2], [3, 1], [0, 1], [3, 0], []];

function join(lattice: Lattice, column: number, row: number, corners: number, next: Joined): void {
  const joined = corners === 5 || corners === 10 ? saddle(lattice, column, row, corners) : (lines[corners] as readonly number[]);
  for (let k = 0; k < joined.length; k += 2) {
    const from = edgeOf(lattice, column, row, joined[k] as number);
    next.from.push(from);
    next.to[from] = edgeOf(lattice, column, row, joined[k + 1] as number) + 1;
  }
}

/** Two high corners across from one another: one band when the mean is high, otherwise two separate corners. */
function saddle(lattice: Lattice, column: number, row: number, corners: number): readonly number[] {
  const mean = (valueAt(lattice, column, row) + valueAt(lattice, column + 1, row) + valueAt(lattice, column, row + 1) + valueAt(lattice, column + 1, row + 1)) / 4;
  const band = mean >= lattice.level;
  if (corners === 5) return band ? [0, 1, 2, 3] : [0, 3, 2, 1];
  return band ? [3, 0, 1, 2] : [1, 0, 3, 2];
}

/** Twice the number of the node at an edge's lower or left end, plus 1 for an upright edge. */
function edgeOf({ stride }: Lattice, column: number, row: number, side: number): number {
  const node = (row + 1 + (side === 2 ? 1 : 0)) * (stride + 1) + column + 1 + (side === 1 ? 1 : 0);
  return node * 2 + (side === 1 || side === 3 ? 1 : 0);
}

function valueAt({ surface, grid }: Lattice, column: number, row: number): number {
  const inGrid = column >= 0 && row >= 0 && column < grid.columns && row < grid.rows;
  return inGrid ? (surface[row * grid.columns + column] as number) : -Infinity;
}

/** Where the level is met between the two middles of an edge, in metres; half way where one of them lies beyond the grid. */
function crossing(lattice: Lattice, edge: number): number[] {
  const { grid, level, stride } = lattice;
  const upright = edge % 2;
  const node = (edge - upright) / 2;
  const column = (node % (stride + 1)) - 1;
  const row = Math.floor(node / (stride + 1)) - 1;
  const from = valueAt(lattice, column, row);
  const to = valueAt(lattice, column + 1 - upright, row + upright);
  const share = Number.isFinite(from) && Number.isFinite(to) ? (level - from) / (to - from) : 0.5;
  return [grid.west + (column + 0.5 + (upright ? 0 : share)) * grid.cellMetres, grid.south + (row + 0.5 + (upright ? share : 0)) * grid.cellMetres];
}

function addCorner(ring: number[][], corner: number[]): void {
  const last = ring[ring.length - 1];
  if (!last || last[0] !== corner[0] || last[1] !== corner[1]) ring.push(corner);
}

function closeRing(ring: number[][]): void {
  const [first] = ring;
  if (first) addCorner(ring, [...first]);
}
