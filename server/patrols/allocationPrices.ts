/**
 * Prices of what is scarce (money, a hotspot's share, wardens in a band), found by raising the price of what a plan would overuse and lowering
 * the rest: the subgradient method with Polyak's step (B. T. Polyak, Introduction to Optimization, 1987, section 5.3). They let the greedy
 * plan see that an evening's last warden is worth more than a morning's, and give a bound without a solver.
 */
import type { Problem } from './allocationModel.ts';

export interface Prices {
  /** Incidents that the scarce things one visit of each cell takes would prevent elsewhere. */
  readonly ofCell: Float64Array;
  /** No plan within the limits prevents more. */
  readonly bound: number;
  /** Incidents one more penny would prevent. */
  readonly gainPerPenny: number;
}

interface Scarce {
  /** Up to three rows of each cell, -1 where it has none: money, share, wardens. */
  readonly rowOf: Int32Array;
  /** What one visit takes of each of those rows, as a part of the row's limit. */
  readonly takes: Float64Array;
  readonly rows: number;
  /** Cells that share a shift's limit, each with at most `most` visits together. */
  readonly shifts: readonly { readonly cells: readonly number[]; readonly most: number }[];
}

const rowsPerCell = 3;

/** Prices after at most `rounds` rounds, from `gainPerPenny` as first price of money; `reached` is the gain of any plan, which the steps aim at. */
export function findPrices(problem: Problem, gainPerPenny: number, reached: number, rounds: number): Prices {
  const scarce = scarceOf(problem);
  const price = new Float64Array(scarce.rows);
  price[0] = gainPerPenny * problem.moneyPence;
  let best = { bound: Number.POSITIVE_INFINITY, price: price.slice() };
  let stride = 1;
  for (let round = 0, idle = 0; round < rounds && stride > 1e-3; round++) {
    const { value, slope } = dualAt(problem, scarce, price);
    idle = value < best.bound - 1e-9 ? 0 : idle + 1;
    if (idle === 0) best = { bound: value, price: price.slice() };
    if (idle >= 5) [stride, idle] = [stride / 2, 0];
    const length = slope.reduce((sum, part, row) => sum + ((price[row] ?? 0) > 0 || part > 0 ? part * part : 0), 0);
    if (length === 0 || value <= reached) break;
    const step = (stride * (value - reached)) / length;
    slope.forEach((part, row) => (price[row] = Math.max(0, (price[row] ?? 0) + step * part)));
  }
  return {
    ofCell: Float64Array.from(problem.cells, (_, cell) => priceOf(scarce, best.price, cell)),
    bound: best.bound,
    gainPerPenny: (best.price[0] ?? 0) / Math.max(1, problem.moneyPence),
  };
}

/** Rows numbered: money, then shares, then bands. */
function scarceOf(problem: Problem): Scarce {
  const bands = 1 + problem.hotspots.length;
  const rowOf = new Int32Array(problem.cells.length * rowsPerCell).fill(-1);
  const takes = new Float64Array(problem.cells.length * rowsPerCell);
  const shifts = new Map<number, { cells: number[]; most: number }>();
  problem.cells.forEach((cell, index) => {
    const set = (place: number, row: number, part: number): void => {
      rowOf[index * rowsPerCell + place] = row;
      takes[index * rowsPerCell + place] = part;
    };
    const minutes = problem.minutesAvailable?.[cell.band.index];
    set(0, 0, cell.costPence / Math.max(1, problem.moneyPence));
    set(1, 1 + cell.hotspot, cell.costPence / Math.max(1, problem.shareLimitPence[cell.hotspot] ?? 1));
    if (minutes !== undefined) set(2, bands + cell.band.index, cell.personMinutes / minutes);
    const key = cell.group >= 0 ? cell.group : -1 - index;
    const shift = shifts.get(key) ?? { cells: [], most: cell.group >= 0 ? problem.settings.maxPerShift : cell.max };
    shift.cells.push(index);
    shifts.set(key, shift);
  });
  return { rowOf, takes, rows: bands + problem.bands.length, shifts: [...shifts.values()] };
}

function priceOf(scarce: Scarce, price: Float64Array, cell: number): number {
  let sum = 0;
  for (let place = cell * rowsPerCell; place < (cell + 1) * rowsPerCell; place++) sum += (price[scarce.rowOf[place] ?? -1] ?? 0) * (scarce.takes[place] ?? 0);
  return sum;
}

/** The bound at some prices, and by how much of its limit each row is overused by the visits worth their price. */
function dualAt(problem: Problem, scarce: Scarce, price: Float64Array): { value: number; slope: Float64Array } {
  const slope = new Float64Array(scarce.rows).fill(-1);
  let value = price.reduce((sum, part) => sum + part, 0);
  for (const shift of scarce.shifts) {
    const next = shift.cells.map((cell) => ({ cell, visits: 0, dear: priceOf(scarce, price, cell) }));
    for (let visit = 0; visit < shift.most; visit++) {
      let best: (typeof next)[number] | null = null;
      let most = 0;
      for (const place of next) {
        const worth = (problem.cells[place.cell]?.gains[place.visits] ?? 0) - place.dear;
        if (worth > most) [best, most] = [place, worth];
      }
      if (!best) break;
      value += most;
      best.visits += 1;
      for (let place = best.cell * rowsPerCell; place < (best.cell + 1) * rowsPerCell; place++) {
        const row = scarce.rowOf[place] ?? -1;
        if (row >= 0) slope[row] = (slope[row] ?? 0) + (scarce.takes[place] ?? 0);
      }
    }
  }
  return { value, slope };
}
