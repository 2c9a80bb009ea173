/** The plan without a solver: greedy by gain per pound, always there, and where every better plan begins. */
import type { Problem } from './allocationModel.ts';
import type { PlanState, RequirementRows } from './allocationState.ts';
import type { Prices } from './allocationPrices.ts';
import { findPrices } from './allocationPrices.ts';
import { change, emptyState, isBetter, pointsOf, rowsOf, stopAt } from './allocationState.ts';
import { exchange, fill, giveUpUntilPaid, tradeUp } from './allocationExchange.ts';

/** A problem with what every way of planning needs worked out once. */
export interface Work {
  readonly problem: Problem;
  readonly rows: RequirementRows;
  readonly order: Order;
  readonly cheapestPence: number;
}

/** Possible visits, most worthwhile first: their cells and their ordinals from 0. */
interface Order {
  readonly cells: Int32Array;
  readonly ordinals: Int32Array;
  readonly worth: (gain: number, cell: number) => number;
}

export interface GreedyPlan {
  readonly state: PlanState;
  readonly prices: Prices;
}

const pricingRounds = 150;

/** Numbers the promises and sorts the possible visits of a problem by gain per penny. */
export function workOn(problem: Problem): Work {
  return {
    problem,
    rows: rowsOf(problem),
    order: orderBy(problem, (gain, cell) => gain / Math.max(1, problem.cells[cell]?.costPence ?? 1)),
    cheapestPence: problem.cells.reduce((least, cell) => Math.min(least, cell.costPence), Number.POSITIVE_INFINITY),
  };
}

/** Every visit that would prevent something, most worthwhile first; equal ones keep the order of hotspot, day and band. */
function orderBy(problem: Problem, worth: (gain: number, cell: number) => number): Order {
  const columns: { cell: number; ordinal: number; worth: number }[] = [];
  problem.cells.forEach((cell, index) => {
    cell.gains.forEach((gain, ordinal) => {
      if (gain > 0) columns.push({ cell: index, ordinal, worth: worth(gain, index) });
    });
  });
  columns.sort((a, b) => b.worth - a.worth || a.cell - b.cell || a.ordinal - b.ordinal);
  return { cells: Int32Array.from(columns, (column) => column.cell), ordinals: Int32Array.from(columns, (column) => column.ordinal), worth };
}

/**
 * The greedy plan: the promises first, then the visit with most gain per penny that still fits, then small exchanges.
 * It is begun in several ways and the best kept: by plain pence; where that breaks a promise also by promises per penny; and with what else
 * is scarce priced in, promises before or after the rest.
 */
export function greedyPlan(work: Work): GreedyPlan {
  const { problem, rows } = work;
  let best = keepAndFill(work, emptyState(problem, rows), 'gain');
  const offer = (plan: PlanState): void => {
    if (isBetter(problem, rows, plan, best)) best = plan;
  };
  if (pointsOf(problem, rows, best) > 0) offer(keepAndFill(work, emptyState(problem, rows), 'thrift'));
  const prices = findPrices(problem, best.gain / Math.max(1, best.spentPence) / 2, best.gain, pricingRounds);
  const priced = { ...work, order: orderBy(problem, (gain, cell) => gain - (prices.ofCell[cell] ?? 0)) };
  offer(keepAndFill(priced, emptyState(problem, rows), 'gain'));
  offer(fillFirst(priced));
  exchange(work, best, 4);
  offer(tradeUp(work, best, prices.gainPerPenny));
  return { state: best, prices };
}

/** Completes a plan already begun: promises, then the best visits that fit, then exchanges. Changes and returns the state. */
export function complete(work: Work, state: PlanState): PlanState {
  exchange(work, keepAndFill(work, state, 'gain'), 4);
  return state;
}

function keepAndFill(work: Work, state: PlanState, way: 'gain' | 'thrift'): PlanState {
  meetPromises(work, state, way, false);
  fill(work, state, -1);
  return state;
}

/** The other way round: the most worthwhile visits first, then the promises where wardens are still free, paid for by the least worthwhile. */
function fillFirst(work: Work): PlanState {
  const state = emptyState(work.problem, work.rows);
  fill(work, state, -1);
  meetPromises(work, state, 'gain', true);
  if (!giveUpUntilPaid(work, state)) return emptyState(work.problem, work.rows);
  return keepAndFill(work, state, 'gain');
}

/** Adds visits that bring an unmet promise nearer, best first, until all are met or nothing fits; `onCredit` lets them pass the money. */
function meetPromises(work: Work, state: PlanState, way: 'gain' | 'thrift', onCredit: boolean): void {
  const { problem, rows } = work;
  const out = new Uint8Array(problem.cells.length);
  for (;;) {
    let best = -1;
    let bestScore = Number.NEGATIVE_INFINITY;
    let bestWorth = Number.NEGATIVE_INFINITY;
    problem.cells.forEach((cell, index) => {
      if (out[index]) return;
      const helps = unmetRows(rows, state, index);
      if (helps === 0) return;
      const worth = work.order.worth(cell.gains[state.counts[index] ?? 0] ?? 0, index);
      const score = way === 'gain' ? worth : helps / Math.max(1, cell.costPence);
      if (score < bestScore || (score === bestScore && worth <= bestWorth)) return;
      const stop = stopAt(problem, state, index);
      if (stop !== null && !(onCredit && stop === 'money')) {
        out[index] = 1;
        return;
      }
      [best, bestScore, bestWorth] = [index, score, worth];
    });
    if (best < 0) return;
    change(problem, rows, state, best, 1);
  }
}

function unmetRows(rows: RequirementRows, state: PlanState, cell: number): number {
  let unmet = 0;
  for (const row of rows.ofCell[cell] ?? []) if ((state.rowVisits[row] ?? 0) < (rows.wanted[row] ?? 0)) unmet += 1;
  return unmet;
}
