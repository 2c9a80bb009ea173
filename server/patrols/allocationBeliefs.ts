/** The same week planned under both beliefs about what stays when the wardens leave, and what each plan is worth if the other belief is right. */
import type { AllocateOptions, Allocation, AllocationInput } from './allocation.ts';
import { allocate, defaultAllocationSettings, problemsOf } from './allocation.ts';

export interface BothBeliefs {
  /** The effect lasts for the settings' residual hours (the default's when those are 0). */
  readonly lasting: Allocation;
  /** The effect ends when the wardens leave. */
  readonly immediate: Allocation;
  /** Incidents the lasting plan prevents when the effect really ends at once, and the fraction lost against the plan made for that. */
  readonly lastingIfImmediate: { readonly objective: number; readonly loss: number };
  readonly immediateIfLasting: { readonly objective: number; readonly loss: number };
}

/** Plans a week twice, with and without residual effect, and values each plan under the other belief; throws as `allocate` does. */
export async function underBothBeliefs(input: AllocationInput, options: AllocateOptions = {}): Promise<BothBeliefs> {
  const residualHours = input.settings.residualHours > 0 ? input.settings.residualHours : defaultAllocationSettings.residualHours;
  const lastingInput = { ...input, settings: { ...input.settings, residualHours } };
  const immediateInput = { ...input, settings: { ...input.settings, residualHours: 0 } };
  const lasting = await allocate(lastingInput, options);
  const immediate = await allocate(immediateInput, options);
  return {
    lasting, immediate,
    lastingIfImmediate: compare(valueUnder(immediateInput, lasting), immediate.objective),
    immediateIfLasting: compare(valueUnder(lastingInput, immediate), lasting.objective),
  };
}

/** Incidents a plan prevents under the settings of an input for the same week. */
export function valueUnder(input: AllocationInput, plan: Allocation): number {
  const visits = new Map<string, number>();
  for (const visit of plan.agreements.flatMap((agreement) => agreement.visits)) {
    const key = `${visit.hotspotId} ${visit.date} ${visit.band}`;
    visits.set(key, (visits.get(key) ?? 0) + 1);
  }
  return problemsOf(input).reduce((total, problem) => total + problem.cells.reduce((sum, cell) => {
    const count = visits.get(`${problem.hotspots[cell.hotspot]?.id} ${cell.band.date} ${cell.band.band}`) ?? 0;
    return sum + cell.gains.slice(0, count).reduce((part, gain) => part + gain, 0);
  }, 0), 0);
}

function compare(objective: number, best: number): { objective: number; loss: number } {
  return { objective, loss: best > 0 ? Math.max(0, 1 - objective / best) : 0 };
}
