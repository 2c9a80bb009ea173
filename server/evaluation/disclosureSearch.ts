/**
 * Finds the cheapest change of published tables that gives one cell another value and breaks no sum: what has to be hidden for that value to
 * stay possible. A linear programme over moves up and down (Kelly, Golden and Assad 1992, “Cell suppression”), solved again in whole numbers
 * where it comes out in fractions. One programme serves every search over the same tables, each beginning where the last ended, and each is
 * rewarded for showing other hidden cells safe by the way: tables of a thousand cells take seconds. Pure: the solver is handed in.
 */
import type { LinearModel, LinearSession, Solver } from '../patrols/solver.ts';
import type { CellState } from './disclosure.ts';
import type { LinkedCells } from './disclosureTables.ts';

export interface Pattern {
  /** A value for every cell, sums kept. */
  readonly table: readonly number[];
  readonly cost: number;
}

/** What is known of the tables so far. */
export interface Known {
  readonly states: readonly CellState[];
  /** Least and greatest value of each cell among the tables found to agree with what is shown. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export type Find = (known: Known, cell: number, target: number) => Pattern | undefined;

/** Most a count is moved; far more than any threshold. */
const farthest = 1000;
/** Moving what is hidden already costs next to nothing, and saying less of a small count less than hiding another. */
const idle = 0.001;
const sayLess = 0.3;
/** Gained a unit where another hidden cell moves to what it has still to be seen at: too little to hide one more count for. */
const byTheWay = 0.02;
const seconds = 20;

/** Runs `use` with a search for one set of tables; the search answers undefined when the cell cannot have the value while zeros are shown. */
export function patternSearch<T>({ values, totals, sums }: LinkedCells, threshold: number, solver: Solver, use: (find: Find) => T): T {
  const moving = values.flatMap((value, cell) => (value > 0 ? [cell] : []));
  const model = { ...matrixOf(moving, sums), ...noMoves(3 * moving.length) };
  // A total tells more than one of its parts, and a large count more than a small one.
  const worth = moving.map((cell) => 4 ** (totals[cell] ?? 0) * Math.log(1 + (values[cell] ?? 0)));
  return solver.withSession(model, (session) => use((known, cell, target) => {
    const priced: Priced = { moving, values, worth, known, threshold, cell, target };
    const plain = movesOf(priced, 0);
    let x = solve(session, model, movesOf(priced, byTheWay));
    if (x && !isWhole(x)) x = solve(session, model, plain);
    // Whole numbers are mostly found among the counts that the fractions move and those hidden anyway, which are few.
    if (x && !isWhole(x)) x = solveWhole({ ...model, ...among(x, priced, plain) }, solver) ?? solveWhole({ ...model, ...plain }, solver);
    return x && patternOf(x, priced, plain.cost);
  }));
}

function patternOf(x: Float64Array, { moving, values }: Priced, price: Float64Array): Pattern {
  const table = [...values];
  moving.forEach((at, nth) => (table[at] = (values[at] ?? 0) + Math.round((x[3 * nth] ?? 0) + (x[3 * nth + 1] ?? 0) - (x[3 * nth + 2] ?? 0))));
  return { table, cost: x.reduce((cost, amount, column) => cost - Math.abs(amount) * (price[column] ?? 0), 0) };
}

type Moves = Pick<LinearModel, 'cost' | 'colLower' | 'colUpper'>;

const noMoves = (columns: number): Moves => ({ cost: new Float64Array(columns), colLower: new Float64Array(columns), colUpper: new Float64Array(columns) });

const isWhole = (x: Float64Array): boolean => x.every((amount) => Math.abs(amount - Math.round(amount)) < 1e-6);

/** The moves that gain most; undefined where there are none. `held` is what the session holds, and is brought up to date. */
function solve(session: LinearSession, held: Moves, { cost, colLower, colUpper }: Moves): Float64Array | undefined {
  for (let column = 0; column < cost.length; column += 1) {
    const [price = 0, lower = 0, upper = 0] = [cost[column], colLower[column], colUpper[column]];
    if (held.cost[column] !== price || held.colLower[column] !== lower || held.colUpper[column] !== upper) session.setColumn(column, price, lower, upper);
  }
  held.cost.set(cost);
  held.colLower.set(colLower);
  held.colUpper.set(colUpper);
  return session.solve()?.x;
}

/** The same moves, with counts that are shown and were not moved kept still. */
function among(x: Float64Array, { moving, known }: Priced, { cost, colLower, colUpper }: Moves): Moves {
  const upper = Float64Array.from(colUpper);
  moving.forEach((cell, nth) => {
    const at = 3 * nth;
    if (known.states[cell] === 'shown' && x.subarray(at, at + 3).every((amount) => Math.abs(amount) < 1e-6)) upper.fill(0, at, at + 3);
  });
  return { cost, colLower, colUpper: upper };
}

function solveWhole(model: LinearModel, solver: Solver): Float64Array | undefined {
  const whole = new Int32Array(model.cost.length).fill(1);
  return solver.solveWhole(model, whole, { relativeGap: 0.05, nodes: 10_000, seconds }, null).x ?? undefined;
}

/** Three columns a cell: up, up beyond the threshold, down. One row a sum: total less parts stays 0. */
function matrixOf(moving: readonly number[], sums: LinkedCells['sums']): Pick<LinearModel, 'starts' | 'rows' | 'values' | 'rowLower' | 'rowUpper'> {
  const entries = new Map(moving.map((cell) => [cell, [] as (readonly [row: number, sign: number])[]]));
  sums.forEach(({ total, parts }, row) => {
    entries.get(total)?.push([row, 1]);
    for (const part of parts) entries.get(part)?.push([row, -1]);
  });
  const starts = [0];
  const rows: number[] = [];
  const values: number[] = [];
  for (const cell of moving) {
    for (const direction of [1, 1, -1]) {
      for (const [row, sign] of entries.get(cell) ?? []) {
        rows.push(row);
        values.push(sign * direction);
      }
      starts.push(rows.length);
    }
  }
  const zeros = new Float64Array(sums.length);
  return { starts: Int32Array.from(starts), rows: Int32Array.from(rows), values: Float64Array.from(values), rowLower: zeros, rowUpper: zeros };
}

interface Priced {
  readonly moving: readonly number[];
  readonly values: readonly number[];
  readonly worth: readonly number[];
  readonly known: Known;
  readonly threshold: number;
  readonly cell: number;
  readonly target: number;
}

/** What each move costs and how far it may go, with one cell moved to its target and something gained where others go by the way. */
function movesOf({ moving, values, worth, known, threshold, cell: wanted, target }: Priced, gain: number): Moves {
  const { cost, colLower, colUpper } = noMoves(3 * moving.length);
  const rising = target > (values[wanted] ?? 0);
  moving.forEach((cell, nth) => {
    const [value, state, at] = [values[cell] ?? 0, known.states[cell], 3 * nth];
    const price = state === 'shown' ? (worth[nth] ?? 1) : idle;
    const move = target - value;
    if (cell === wanted) {
      cost.set([-price, -sayLess, -price], at);
      colLower.set([Math.max(move, 0), 0, Math.max(-move, 0)], at);
      colUpper.set([Math.max(move, 0), 0, Math.max(-move, 0)], at);
      return;
    }
    cost.set([-price, -sayLess, -price], at);
    colUpper.set([state === 'small' ? threshold - 1 - value : farthest, state === 'small' ? farthest : 0, value - 1], at);
    const way = state === 'small' && gain > 0 ? wayOf(known, cell, threshold, rising) : 0;
    // One column for both ways, or going up and down at once would gain.
    if (way !== 0) {
      cost[at] = way * gain;
      colLower[at] = 1 - value;
      colUpper[at + 2] = 0;
    }
  });
  return { cost, colLower, colUpper };
}

/** Where a hidden small count has still to be seen: 1 for up, -1 for down, 0 for neither. */
function wayOf({ low, high }: Known, cell: number, threshold: number, rising: boolean): -1 | 0 | 1 {
  const [up, down] = [(high[cell] ?? 0) < threshold - 1, (low[cell] ?? 0) > 1];
  if (up && down) return rising === (cell % 2 === 0) ? 1 : -1;
  return up ? 1 : down ? -1 : 0;
}
