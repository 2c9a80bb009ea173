/** An agreement's money over many weeks: how much each week should have so that the whole horizon prevents most. */
import type { AllocationInput } from './allocation.ts';
import type { PricedPoint } from './allocationCurve.ts';
import { curveOf, problemFor } from './allocationCurve.ts';
import { checkAllocationInput } from './allocationCheck.ts';
import { gapOf } from './gain.ts';
import { loadSolver } from './solver.ts';

export interface Horizon {
  readonly weeks: readonly { readonly weekStart: string; readonly moneyPence: number; readonly prevented: number }[];
  readonly leftPence: number;
  /** Incidents prevented over all weeks with the money divided so. */
  readonly prevented: number;
  /** No division prevents more. */
  readonly bound: number;
  readonly gap: number;
  /** Incidents prevented when every week that can use money has the same, and how much better the division is, as a fraction of that. */
  readonly evenly: number;
  readonly betterBy: number;
}

interface Segment {
  readonly week: number;
  readonly pence: number;
  readonly value: number;
}

/** Budgets at which a week is valued, in even shares of the money. */
const parts = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5, 1.75, 2, 2.5, 3, 4, 6, 10];

/**
 * Divides `moneyPence` over weeks (one input each, all with the agreement): week by week values are curves that bend down, so the steepest
 * pieces of all curves are taken first. Values are linear bounds; each week's visits are then planned by `allocate` with its money.
 * Throws a RangeError for input that cannot be meant.
 */
export async function horizon(inputs: readonly AllocationInput[], agreementId: string, moneyPence: number): Promise<Horizon> {
  const solver = await loadSolver();
  const problems = inputs.map((input) => {
    checkAllocationInput(input);
    const agreement = input.agreements.find(({ id }) => id === agreementId);
    if (!agreement) throw new RangeError(`Agreement ${agreementId} is not in the week of ${input.weekStart}; give it in every week of the horizon.`);
    return { input, agreement };
  });
  const usable = problems.filter(({ input, agreement }) => problemFor(input, agreement, moneyPence).nothing === null).length;
  const even = Math.floor(moneyPence / Math.max(1, usable));
  const budgets = [...new Set(parts.map((part) => Math.min(moneyPence, Math.floor(part * even))))];
  const curves = problems.map(({ input, agreement }) => curveOf(problemFor(input, agreement, even), budgets, solver));
  return divide(inputs.map(({ weekStart }) => weekStart), curves, moneyPence, even);
}

function divide(weekStarts: readonly string[], curves: readonly (readonly PricedPoint[])[], moneyPence: number, even: number): Horizon {
  const segments = curves.flatMap((curve, week) => curve.slice(1).map((point, index): Segment => {
    const before = curve[index] ?? point;
    return { week, pence: point.moneyPence - before.moneyPence, value: point.value - before.value };
  })).filter((segment) => segment.value > 1e-12);
  segments.sort((a, b) => b.value / b.pence - a.value / a.pence || a.week - b.week);
  const money = weekStarts.map(() => 0);
  let left = moneyPence;
  let slope = 0;
  for (const segment of segments) {
    if (left === 0) break;
    const pence = Math.min(left, segment.pence);
    money[segment.week] = (money[segment.week] ?? 0) + pence;
    left -= pence;
    slope = left > 0 ? 0 : segment.value / segment.pence;
  }
  const sum = (value: (curve: readonly PricedPoint[], week: number) => number): number => curves.reduce((total, curve, week) => total + value(curve, week), 0);
  const prevented = sum((curve, week) => between(curve, money[week] ?? 0, (point) => point.prevented));
  const reached = sum((curve, week) => between(curve, money[week] ?? 0, (point) => point.value));
  const ceiling = slope * moneyPence + sum((curve) => mostAbove(curve, slope));
  const evenly = sum((curve) => between(curve, even, (point) => point.prevented));
  const bound = prevented + Math.max(0, ceiling - reached);
  return {
    weeks: weekStarts.map((weekStart, week) => ({ weekStart, moneyPence: money[week] ?? 0, prevented: between(curves[week] ?? [], money[week] ?? 0, (point) => point.prevented) })),
    leftPence: left,
    prevented, bound, gap: gapOf(prevented, bound), evenly,
    betterBy: evenly > 0 ? prevented / evenly - 1 : 0,
  };
}

/** A curve's value between two of its points, on the straight line that never lies above it. */
function between(curve: readonly PricedPoint[], pence: number, of: (point: PricedPoint) => number): number {
  const next = curve.findIndex((point) => point.moneyPence >= pence);
  const after = curve[next] ?? curve.at(-1);
  const before = curve[next - 1] ?? after;
  if (!after || !before) return 0;
  const width = after.moneyPence - before.moneyPence;
  return width <= 0 ? of(after) : of(before) + ((of(after) - of(before)) * (pence - before.moneyPence)) / width;
}

/** The most that value less `slope` a penny can be on a curve: where the tangents at its points meet, which never lies below it. */
function mostAbove(curve: readonly PricedPoint[], slope: number): number {
  return curve.reduce((most, point, index) => {
    const here = point.value - slope * point.moneyPence;
    const next = curve[index + 1];
    if (!next || point.slopePerPenny - next.slopePerPenny < 1e-15) return Math.max(most, here);
    const meet = (next.value - next.slopePerPenny * next.moneyPence - point.value + point.slopePerPenny * point.moneyPence) / (point.slopePerPenny - next.slopePerPenny);
    const at = Math.min(next.moneyPence, Math.max(point.moneyPence, meet));
    return Math.max(most, here, point.value + point.slopePerPenny * (at - point.moneyPence) - slope * at);
  }, 0);
}
