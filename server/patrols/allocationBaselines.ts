/** Two plain ways of planning, to compare the allocation with: they keep every limit and no promise. */
import type { AllocationInput } from './allocation.ts';
import { problemsOf } from './allocation.ts';
import { checkAllocationInput } from './allocationCheck.ts';
import type { Problem } from './allocationModel.ts';
import type { PlanState } from './allocationState.ts';
import { change, emptyState, gainOf, stopAt } from './allocationState.ts';
import type { Work } from './greedy.ts';
import { workOn } from './greedy.ts';

/**
 * Largest counts first: bands in the order of incidents expected, each visited as often as it may be before the next is looked at.
 * Keeps every limit and no promise; a comparison, not a plan.
 */
export function countsFirstPlan(work: Work): PlanState {
  const { problem, rows } = work;
  const state = emptyState(problem, rows);
  const byCount = problem.cells.map((_, index) => index).sort((a, b) => (problem.cells[b]?.expected ?? 0) - (problem.cells[a]?.expected ?? 0) || a - b);
  for (const cell of byCount) while (stopAt(problem, state, cell) === null) change(problem, rows, state, cell, 1);
  return state;
}

/** Equal shares: hotspots take turns, each taking the visit that would prevent most there, until nothing fits. */
export function equalSharesPlan(work: Work): PlanState {
  const { problem, rows } = work;
  const state = emptyState(problem, rows);
  for (let moved = true; moved;) {
    moved = false;
    for (let hotspot = 0; hotspot < problem.hotspots.length; hotspot++) {
      const best = bestHere(problem, state, hotspot);
      if (best < 0) continue;
      change(problem, rows, state, best, 1);
      moved = true;
    }
  }
  return state;
}

/** The cell of a hotspot where one more visit fits and gains most; -1 when none would gain. */
function bestHere(problem: Problem, state: PlanState, hotspot: number): number {
  let best = -1;
  let most = 0;
  for (let index = problem.cellStart[hotspot] ?? 0; index < (problem.cellStart[hotspot + 1] ?? 0); index++) {
    const gain = problem.cells[index]?.gains[state.counts[index] ?? 0] ?? 0;
    if (gain > most && stopAt(problem, state, index) === null) [best, most] = [index, gain];
  }
  return best;
}

/** What a baseline gives each agreement. */
export interface BaselinePlan {
  readonly agreementId: string;
  readonly visits: number;
  readonly spentPence: number;
  readonly objective: number;
}

/** Counts first for each agreement of a week; throws a RangeError for input that cannot be meant, as `allocate` does. */
export function countsFirst(input: AllocationInput): BaselinePlan[] {
  return baseline(input, countsFirstPlan);
}

/** Equal shares for each agreement of a week; throws a RangeError for input that cannot be meant, as `allocate` does. */
export function equalShares(input: AllocationInput): BaselinePlan[] {
  return baseline(input, equalSharesPlan);
}

function baseline(input: AllocationInput, plan: (work: Work) => PlanState): BaselinePlan[] {
  checkAllocationInput(input);
  return problemsOf(input).map((problem) => {
    const state = plan(workOn(problem));
    return {
      agreementId: problem.agreement.id,
      visits: state.counts.reduce((sum, count) => sum + count, 0),
      spentPence: state.spentPence,
      objective: gainOf(problem, state),
    };
  });
}
