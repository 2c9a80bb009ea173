/** The thread's entry: a week planned, or bounded, away from the thread that answers requests. */
import type { Allocation, AllocationInput } from '../patrols/allocation.ts';
import { allocate, problemsOf } from '../patrols/allocation.ts';
import { linearOf } from '../patrols/allocationLinear.ts';
import { workOn } from '../patrols/greedy.ts';
import { loadSolver } from '../patrols/solver.ts';

export type AllocationTask = { readonly ask: 'plan'; readonly input: AllocationInput } | { readonly ask: 'bounds'; readonly input: AllocationInput };
export type AllocationAnswer = { readonly plan: Allocation } | { readonly bounds: readonly (number | null)[] };

export default async function runAllocationTask({ ask, input }: AllocationTask): Promise<AllocationAnswer> {
  if (ask === 'plan') return { plan: await allocate(input) };
  const solver = await loadSolver();
  return { bounds: problemsOf(input).map((problem) => solver.solveLinear(linearOf(workOn(problem), { ask: 'kept' }, true).model, problem.settings.timeLimitSeconds)?.objective ?? null) };
}
