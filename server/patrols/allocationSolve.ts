/** From a problem to its plan: greedy always; with a solver the linear bound, the plan rounded from it and, while a gap is left, branch and bound. */
import type { AllocationMethod } from './allocation.ts';
import type { LinearProblem, Question } from './allocationLinear.ts';
import { linearOf, startOf, visitsOf } from './allocationLinear.ts';
import type { Problem } from './allocationModel.ts';
import type { Prices } from './allocationPrices.ts';
import type { PlanState } from './allocationState.ts';
import { change, emptyState, gainOf, isBetter, pointsOf, stopAt } from './allocationState.ts';
import { gapOf } from './gain.ts';
import type { Work } from './greedy.ts';
import { complete, greedyPlan, workOn } from './greedy.ts';
import type { LinearAnswer, Solver } from './solver.ts';

export interface SolvedPlan {
  readonly work: Work;
  readonly state: PlanState;
  readonly objective: number;
  readonly bound: number;
  readonly lpBound: number;
  readonly method: AllocationMethod;
  /** Incidents one more penny would prevent. */
  readonly gainPerPenny: number;
}

/** What the solver's fractions may lack of a whole visit. */
const nearlyWhole = 1e-4;

/** The best plan found for a problem and the proof of how good it is; without a solver the greedy plan and a looser bound. */
export function solveProblem(problem: Problem, solver: Solver | null): SolvedPlan {
  const work = workOn(problem);
  const { state: greedy, prices } = greedyPlan(work);
  if (!solver) return withoutSolver(work, greedy, prices);
  const fewest = pointsOf(problem, work.rows, greedy) === 0 ? greedy : fewestPoints(work, greedy, solver);
  const question: Question = questionOf(pointsOf(problem, work.rows, fewest));
  const linear = linearOf(work, question, true);
  const answer = solver.solveLinear(linear.model, problem.settings.timeLimitSeconds);
  if (!answer) return withoutSolver(work, fewest, prices);
  return improve(work, question, linear, answer, fewest === greedy ? 'greedy' : 'milp', fewest, solver);
}

function questionOf(points: number): Question {
  return points === 0 ? { ask: 'kept' } : { ask: 'capped', points };
}

function improve(work: Work, question: Question, linear: LinearProblem, answer: LinearAnswer, method: AllocationMethod, first: PlanState, solver: Solver): SolvedPlan {
  const { problem } = work;
  const lpBound = answer.objective;
  let best = { state: first, method };
  const offer = (state: PlanState, by: AllocationMethod): void => {
    if (isBetter(problem, work.rows, state, best.state)) best = { state, method: by };
  };
  offer(complete(work, rounded(work, linear, answer.x)), 'rounding');
  let bound = lpBound;
  if (gapOf(best.state.gain, bound) > problem.settings.targetGap) {
    const start = startOf(work, linear, best.state);
    const whole = solver.solveWhole(linear.model, wholeColumns(linear), limitsOf(problem), start);
    if (whole.x) offer(complete(work, rounded(work, linear, whole.x)), 'milp');
    if (Number.isFinite(whole.bound)) bound = Math.min(bound, whole.bound);
  }
  const objective = gainOf(problem, best.state);
  const gainPerPenny = linear.counted ? marginalAsGiven(work, question, solver) : marginalGain(problem, linear, answer);
  return { work, ...best, objective, bound: Math.max(bound, objective), lpBound: Math.max(lpBound, objective), gainPerPenny };
}

function limitsOf(problem: Problem) {
  return { relativeGap: problem.settings.targetGap, nodes: problem.settings.maxNodes, seconds: problem.settings.timeLimitSeconds, seed: problem.settings.seed, startsNearBest: true };
}

function wholeColumns(linear: LinearProblem): Int32Array {
  return new Int32Array(linear.model.cost.length).fill(1);
}

/** A plan that loses the fewest points; the greedy one when it is proved to. */
function fewestPoints(work: Work, greedy: PlanState, solver: Solver): PlanState {
  const linear = linearOf(work, { ask: 'fewest' }, true);
  const limits = limitsOf(work.problem);
  const answer = solver.solveLinear(linear.model, limits.seconds);
  if (answer && Math.ceil(-answer.objective - nearlyWhole) >= pointsOf(work.problem, work.rows, greedy)) return greedy;
  const whole = solver.solveWhole(linear.model, wholeColumns(linear), { ...limits, relativeGap: 0, absoluteGap: 1 - nearlyWhole }, startOf(work, linear, greedy));
  if (!whole.x) return greedy;
  const plan = complete(work, rounded(work, linear, whole.x));
  return isBetter(work.problem, work.rows, plan, greedy) ? plan : greedy;
}

/** The whole visits of a fractional plan, each added only where it fits. */
function rounded(work: Work, linear: LinearProblem, values: Float64Array): PlanState {
  const state = emptyState(work.problem, work.rows);
  visitsOf(work.problem, linear, values).forEach((visits, cell) => {
    for (let visit = 1; visit <= visits + nearlyWhole && stopAt(work.problem, state, cell) === null; visit++) change(work.problem, work.rows, state, cell, 1);
  });
  return state;
}

/** What one more penny is worth: the money row's price, and the share rows' as far as they grow with the money. */
function marginalGain(problem: Problem, linear: LinearProblem, answer: LinearAnswer): number {
  const shares = linear.shareRows.reduce((sum, row, hotspot) => sum + Math.max(0, answer.rowDual[row] ?? 0) * (problem.shareSlope[hotspot] ?? 0), 0);
  return Math.max(0, answer.rowDual[linear.moneyRow] ?? 0) + shares;
}

/** The same from the limits as they were given, for weeks with so little money that whole visits hide what a pound is worth. */
function marginalAsGiven(work: Work, question: Question, solver: Solver): number {
  const linear = linearOf(work, question, false);
  const answer = solver.solveLinear(linear.model, work.problem.settings.timeLimitSeconds);
  return answer ? marginalGain(work.problem, linear, answer) : 0;
}

/** The greedy plan with the bound its prices prove; promises are left out of that bound, which makes it looser. */
function withoutSolver(work: Work, state: PlanState, prices: Prices): SolvedPlan {
  const objective = gainOf(work.problem, state);
  const bound = Math.max(prices.bound, objective);
  return { work, state, objective, bound, lpBound: bound, method: 'greedy', gainPerPenny: prices.gainPerPenny };
}
