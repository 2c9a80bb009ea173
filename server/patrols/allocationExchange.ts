/** Filling a plan and making it better by small exchanges, each kept only when the plan gains and no promise is broken. */
import type { PlanState } from './allocationState.ts';
import { change, copyState, pointsOf, stopAt } from './allocationState.ts';
import type { Work } from './greedy.ts';

/** Adds the visit with most gain per penny that fits, again and again; never in the cell `except`. Returns the cells added to. */
export function fill(work: Work, state: PlanState, except: number): number[] {
  const added: number[] = [];
  const { cells, ordinals } = work.order;
  if (work.problem.moneyPence - state.spentPence < work.cheapestPence) return added;
  for (let column = 0; column < cells.length; column++) {
    const cell = cells[column] ?? 0;
    if (cell === except || state.counts[cell] !== ordinals[column] || stopAt(work.problem, state, cell) !== null) continue;
    change(work.problem, work.rows, state, cell, 1);
    added.push(cell);
  }
  return added;
}

/** Tries to give up each visit, least worthwhile first, for better ones; keeps what gains without breaking a promise, at most `passes` times over. */
export function exchange(work: Work, state: PlanState, passes: number): void {
  const { problem, rows } = work;
  const last = (index: number): number => (problem.cells[index]?.gains[(state.counts[index] ?? 0) - 1] ?? 0) / Math.max(1, problem.cells[index]?.costPence ?? 1);
  const points = pointsOf(problem, rows, state);
  for (let pass = 0, moved = true; pass < passes && moved; pass++) {
    moved = false;
    const given = problem.cells.map((_, index) => index).filter((index) => (state.counts[index] ?? 0) > 0).sort((a, b) => last(a) - last(b) || a - b);
    for (const cell of given) moved = exchangeOne(work, state, cell, points) || moved;
  }
}

function exchangeOne(work: Work, state: PlanState, cell: number, points: number): boolean {
  const { problem, rows } = work;
  const before = state.gain;
  change(problem, rows, state, cell, -1);
  const added = [...addLargest(work, state, cell), ...fill(work, state, cell)];
  if (state.gain > before + 1e-9 && pointsOf(problem, rows, state) <= points) return true;
  for (const back of added.toReversed()) change(problem, rows, state, back, -1);
  change(problem, rows, state, cell, 1);
  return false;
}

/** Adds the one visit with the largest gain that fits, whatever it costs: what a little money left over is best used for. */
function addLargest(work: Work, state: PlanState, except: number): number[] {
  const { problem } = work;
  let best = -1;
  let most = 0;
  problem.cells.forEach((cell, index) => {
    const gain = cell.gains[state.counts[index] ?? 0] ?? 0;
    if (index !== except && gain > most && stopAt(problem, state, index) === null) [best, most] = [index, gain];
  });
  if (best < 0) return [];
  change(problem, work.rows, state, best, 1);
  return [best];
}

/**
 * Trades visits for better ones of the same hotspot or band even where that overspends, at `gainPerPenny` for the extra pence, then gives up
 * the least worthwhile visits until the money fits again. Returns a new plan, better or not.
 */
export function tradeUp(work: Work, from: PlanState, gainPerPenny: number): PlanState {
  const { problem, rows } = work;
  const state = copyState(from);
  for (let pass = 0, moved = true; pass < 3 && moved; pass++) {
    moved = false;
    for (let cell = 0; cell < problem.cells.length; cell++) {
      if ((state.counts[cell] ?? 0) > 0) moved = tradeOne(work, state, cell, gainPerPenny) || moved;
    }
  }
  if (!giveUpUntilPaid(work, state)) return from;
  fill(work, state, -1);
  exchange(work, state, 2);
  return pointsOf(problem, rows, state) <= pointsOf(problem, rows, from) ? state : from;
}

function tradeOne(work: Work, state: PlanState, index: number, gainPerPenny: number): boolean {
  const { problem, rows } = work;
  const cell = problem.cells[index];
  if (!cell) return false;
  const points = pointsOf(problem, rows, state);
  const given = (cell.gains[(state.counts[index] ?? 0) - 1] ?? 0) - gainPerPenny * cell.costPence;
  change(problem, rows, state, index, -1);
  const candidates: { place: number; worth: number }[] = [];
  const consider = (place: number): void => {
    const other = problem.cells[place];
    if (!other || place === index) return;
    const worth = (other.gains[state.counts[place] ?? 0] ?? 0) - gainPerPenny * other.costPence - given;
    if (worth > 1e-9) candidates.push({ place, worth });
  };
  for (let place = problem.cellStart[cell.hotspot] ?? 0; place < (problem.cellStart[cell.hotspot + 1] ?? 0); place++) consider(place);
  if (problem.minutesAvailable) {
    problem.cells.forEach((other, place) => (other.band === cell.band && other.hotspot !== cell.hotspot ? consider(place) : undefined));
  }
  candidates.sort((a, b) => b.worth - a.worth || a.place - b.place);
  for (const { place } of candidates) {
    const stop = stopAt(problem, state, place);
    if (stop !== null && stop !== 'money') continue;
    change(problem, rows, state, place, 1);
    if (pointsOf(problem, rows, state) <= points) return true;
    change(problem, rows, state, place, -1);
  }
  change(problem, rows, state, index, 1);
  return false;
}

/** Takes away the visits with least gain per penny that no promise needs, until the money fits; false when it cannot. */
export function giveUpUntilPaid(work: Work, state: PlanState): boolean {
  const { problem, rows } = work;
  while (state.spentPence > problem.moneyPence) {
    let worst = -1;
    let least = Number.POSITIVE_INFINITY;
    problem.cells.forEach((cell, index) => {
      const count = state.counts[index] ?? 0;
      const ratio = (cell.gains[count - 1] ?? 0) / Math.max(1, cell.costPence);
      if (count === 0 || ratio >= least || (rows.ofCell[index] ?? []).some((row) => (state.rowVisits[row] ?? 0) <= (rows.wanted[row] ?? 0))) return;
      [worst, least] = [index, ratio];
    });
    if (worst < 0) return false;
    change(problem, rows, state, worst, -1);
  }
  return true;
}
