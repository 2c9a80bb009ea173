/** All that the seed of a draw decides: the rounds of a shift, and who walks them. Pure. */
import { canonicalHash } from '../canonical.ts';
import { type Crews, crewsOf } from './crews.ts';
import type { KeptInputs } from './drawInputs.ts';
import { drawsOf } from './roundDraw.ts';
import { planRounds, type ShiftPlan } from './roundPlan.ts';

/**
 * Raised whenever the same inputs and seed would give other rounds or crews, so that an auditor who repeats a draw knows whether the same
 * planner made it. A test holds some draws to what this version gives.
 */
export const plannerVersion = 1;

export interface DrawnShift {
  readonly plan: ShiftPlan;
  readonly crews: Crews;
  /** Of all that the seed decides. */
  readonly hash: string;
}

/** Rounds and crews for a seed, from what is kept of a draw. */
export function drawShift(kept: KeptInputs, seed: string): DrawnShift {
  const plan = planRounds(kept.inputs, seed);
  const crews = kept.crews ? crewsOf(kept.crews, drawsOf(seed)) : { crews: [], lacking: [], broken: [] };
  return { plan, crews, hash: canonicalHash(kept.crews ? { ...plan, crews: crews.crews } : plan) };
}
