/** The thread's entry: a first draft made away from the thread that answers requests. */
import type { RotaProblem } from './rotaProblem.ts';
import { greedyRota, type RotaPlan } from './rotaSolve.ts';

export default function makeDraft(problem: RotaProblem): RotaPlan {
  return greedyRota(problem);
}
