/** What more or less money would prevent: the value of an agreement's week as a curve over budgets, from the linear bound. */
import type { AllocationAgreement, AllocationInput } from './allocation.ts';
import { problemsOf } from './allocation.ts';
import { checkAllocationInput } from './allocationCheck.ts';
import { linearOf } from './allocationLinear.ts';
import type { Problem } from './allocationModel.ts';
import { shareLimits } from './allocationModel.ts';
import { workOn } from './greedy.ts';
import { loadSolver } from './solver.ts';
import type { Solver } from './solver.ts';

export interface CurvePoint {
  readonly moneyPence: number;
  /** Incidents prevented by the best fractional plan. */
  readonly prevented: number;
  /** Points lost to promises that this money cannot keep, in fractions. */
  readonly pointsLost: number;
  /** Incidents the next £1,000 would prevent; null while promises are unmet, as it would go to them first. */
  readonly perThousandPounds: number | null;
}

/** A point with what a search over budgets needs: gain less the price of points lost, and its slope. */
export interface PricedPoint extends CurvePoint {
  readonly value: number;
  readonly slopePerPenny: number;
}

/** The value of one agreement's week for each budget (whole pence), in the order given; throws a RangeError for an agreement that is not in the input. */
export async function moneyValueCurve(input: AllocationInput, agreementId: string, budgetsPence: readonly number[]): Promise<CurvePoint[]> {
  checkAllocationInput(input);
  const agreement = input.agreements.find(({ id }) => id === agreementId);
  if (!agreement) throw new RangeError(`Agreement ${agreementId} is not in the week of ${input.weekStart}; give one of ${input.agreements.map(({ id }) => id).join(', ')}.`);
  const curve = curveOf(problemFor(input, agreement, Math.max(1, ...budgetsPence)), budgetsPence, await loadSolver());
  return curve.map(({ moneyPence, prevented, pointsLost, perThousandPounds }) => ({ moneyPence, prevented, pointsLost, perThousandPounds }));
}

/** The problem of one agreement with another sum of money for the week. */
export function problemFor(input: AllocationInput, agreement: AllocationAgreement, moneyPence: number): Problem {
  const [problem] = problemsOf({ ...input, agreements: [{ ...agreement, moneyPence }] });
  if (!problem) throw new RangeError(`Agreement ${agreement.id} has no week of ${input.weekStart}.`);
  return problem;
}

/** The curve of a problem; each budget is solved from where the last one ended, with the share limits it brings. */
export function curveOf(problem: Problem, budgetsPence: readonly number[], solver: Solver): PricedPoint[] {
  if (problem.cells.length === 0) return budgetsPence.map((moneyPence) => ({ moneyPence, prevented: 0, pointsLost: 0, perThousandPounds: 0, value: 0, slopePerPenny: 0 }));
  const price = pricePerPoint(problem);
  const linear = linearOf(workOn(problem), { ask: 'priced', price }, false);
  const visits = linear.columnCell.length;
  return solver.withSession(linear.model, (session) => budgetsPence.map((moneyPence) => {
    const limits = shareLimits(problem.settings, { ...problem.agreement, moneyPence }, problem.cells, problem.cellStart);
    session.setRowUpper(linear.moneyRow, moneyPence);
    linear.shareRows.forEach((row, hotspot) => session.setRowUpper(row, limits.shareLimitPence[hotspot] ?? 0));
    const answer = session.solve();
    if (!answer) throw new Error(`The solver found no value for ${moneyPence} pence in agreement ${problem.agreement.id}. Try again with other budgets.`);
    const pointsLost = problem.requirements.reduce((sum, promise, index) => sum + promise.penalty * (answer.x[visits + index] ?? 0), 0);
    const grows = linear.shareRows.reduce((sum, row, hotspot) => sum + Math.max(0, answer.rowDual[row] ?? 0) * (limits.shareSlope[hotspot] ?? 0), 0);
    const slopePerPenny = Math.max(0, answer.rowDual[linear.moneyRow] ?? 0) + grows;
    return {
      moneyPence, pointsLost, slopePerPenny,
      prevented: answer.objective + price * pointsLost,
      perThousandPounds: pointsLost > 1e-6 ? null : slopePerPenny * 100_000,
      value: answer.objective,
    };
  }));
}

/** Incidents one point counts for: more than any visit could gain with what keeping the promise costs. */
function pricePerPoint(problem: Problem): number {
  const costs = problem.cells.map((cell) => Math.max(1, cell.costPence));
  const largest = problem.cells.reduce((most, cell) => Math.max(most, cell.gains[0] ?? 0), 0);
  return 10 * Math.max(largest, 1e-3) * (Math.max(...costs) / Math.min(...costs));
}
