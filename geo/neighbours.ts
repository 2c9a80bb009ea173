/**
 * Who touches whom, in compressed rows: the neighbours of i are `targets[offsets[i]] .. targets[offsets[i + 1] - 1]`.
 * `includesSelf` says whether each row holds i itself (Gi* and local rates need it, Gi and local Moran must not have it).
 */
export interface Adjacency {
  offsets: Int32Array;
  targets: Int32Array;
  includesSelf: boolean;
}

/**
 * Queen neighbours (sharing an edge or a corner) of the squares of a grid, row by row: square (column, row) is number row × columns + column.
 * `present` (one byte a square) leaves squares out; those keep an empty row.
 */
export function queenNeighbours(columns: number, rows: number, includeSelf = true, present?: Uint8Array): Adjacency {
  const offsets = new Int32Array(columns * rows + 1);
  const targets = new Int32Array(columns * rows * 9);
  let end = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const self = row * columns + column;
      if (!present || present[self]) end = addQueenRow(self, column, row, columns, rows, includeSelf, present, targets, end);
      offsets[self + 1] = end;
    }
  }
  return { offsets, targets: targets.slice(0, end), includesSelf: includeSelf };
}

function addQueenRow(self: number, column: number, row: number, columns: number, rows: number, includeSelf: boolean, present: Uint8Array | undefined, targets: Int32Array, from: number): number {
  let end = from;
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
      const other = y * columns + x;
      if ((includeSelf || other !== self) && (!present || present[other])) targets[end++] = other;
    }
  }
  return end;
}

/** Points no more than `distance` apart (same units as the points), by a hash of squares; for irregular points and published examples. */
export function distanceNeighbours(x: ArrayLike<number>, y: ArrayLike<number>, distance: number, includeSelf = true): Adjacency {
  if (!(distance > 0)) throw new RangeError(`Neighbours within ${distance} cannot be found: give a distance above 0.`);
  const squares = new Map<string, number[]>();
  const square = (value: number): number => Math.floor(value / distance);
  for (let i = 0; i < x.length; i++) {
    const key = `${square(x[i] ?? NaN)} ${square(y[i] ?? NaN)}`;
    squares.set(key, [...(squares.get(key) ?? []), i]);
  }
  const rows = Array.from(x as ArrayLike<number>, (atX, i) => {
    const atY = y[i] ?? NaN;
    const near = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].flatMap((dy) => squares.get(`${square(atX) + dx} ${square(atY) + dy}`) ?? []));
    return near.filter((j) => (includeSelf || j !== i) && Math.hypot((x[j] ?? NaN) - atX, (y[j] ?? NaN) - atY) <= distance).sort((a, b) => a - b);
  });
  return adjacencyOfRows(rows, includeSelf);
}

/** Compressed rows from lists of neighbours, kept in the order given. */
export function adjacencyOfRows(rows: readonly (readonly number[])[], includesSelf: boolean): Adjacency {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + row.length;
  });
  return { offsets, targets: Int32Array.from(rows.flat()), includesSelf };
}
