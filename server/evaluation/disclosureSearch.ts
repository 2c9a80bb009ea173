/**
 * Finds the cheapest change of published tables that gives one cell another value and breaks no sum: what has to be hidden for that value to
 * stay possible. A linear programme over moves up and down (Kelly, Golden and Assad 1992, “Cell suppression”), solved again in whole numbers
 * where it comes out in fractions. Pure: the solver is handed in.
 */
import type { LinearModel, Solver } from '../patrols/solver.ts';
import type { CellState } from './disclosure.ts';
import type { LinkedCells } from './disclosureTables.ts';

export interface Pattern {
  /** A value for every cell, sums kept. */
  readonly table: readonly number[];
  readonly cost: number;
}

/** Most a count is moved; far more than any threshold. */
const farthest = 1000;
/** Moving what is hidden already costs next to nothing, and saying less of a small count less than hiding another. */
const idle = 0.001;
const sayLess = 0.3;
const seconds = 20;

/** Makes a search for one set of tables; it answers undefined when the cell cannot have the value while zeros are shown. */
export function patternSearch({ values, totals, sums }: LinkedCells, threshold: number, solver: Solver): (states: readonly CellState[], cell: number, target: number) => Pattern | undefined {
  const moving = values.flatMap((value, cell) => (value > 0 ? [cell] : []));
  const matrix = matrixOf(moving, sums);
  // A total tells more than one of its parts, and a large count more than a small one.
  const worth = moving.map((cell) => 4 ** (totals[cell] ?? 0) * Math.log(1 + (values[cell] ?? 0)));
  return (states, cell, target) => {
    const model = { ...matrix, ...boundsOf({ moving, values, worth, states, threshold }, cell, target) };
    const x = solve(model, solver);
    if (!x) return undefined;
    const table = [...values];
    moving.forEach((at, nth) => (table[at] = (values[at] ?? 0) + Math.round((x[3 * nth] ?? 0) + (x[3 * nth + 1] ?? 0) - (x[3 * nth + 2] ?? 0))));
    return { table, cost: x.reduce((cost, amount, column) => cost - amount * (model.cost[column] ?? 0), 0) };
  };
}

function solve(model: LinearModel, solver: Solver): Float64Array | undefined {
  const answer = solver.solveLinear(model, seconds);
  if (!answer) return undefined;
  if (answer.x.every((amount) => Math.abs(amount - Math.round(amount)) < 1e-6)) return answer.x;
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
  readonly states: readonly CellState[];
  readonly threshold: number;
}

/** What each move costs and how far it may go, with one cell moved to its target. */
function boundsOf({ moving, values, worth, states, threshold }: Priced, target: number, wanted: number): Pick<LinearModel, 'cost' | 'colLower' | 'colUpper'> {
  const cost = new Float64Array(3 * moving.length);
  const colLower = new Float64Array(3 * moving.length);
  const colUpper = new Float64Array(3 * moving.length);
  moving.forEach((cell, nth) => {
    const [value, state, at] = [values[cell] ?? 0, states[cell], 3 * nth];
    const price = state === 'shown' ? (worth[nth] ?? 1) : idle;
    cost.set([-price, -sayLess, -price], at);
    colUpper.set([state === 'small' ? threshold - 1 - value : farthest, state === 'small' && cell !== target ? farthest : 0, value - 1], at);
    if (cell === target) {
      const move = wanted - value;
      colLower.set([Math.max(move, 0), 0, Math.max(-move, 0)], at);
      colUpper.set([Math.max(move, 0), 0, Math.max(-move, 0)], at);
    }
  });
  return { cost, colLower, colUpper };
}
