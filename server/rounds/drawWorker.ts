/** The thread's entry: the rounds of a shift drawn away from the thread that answers requests. */
import type { KeptInputs } from './drawInputs.ts';
import { type DrawnShift, drawShift } from './drawShift.ts';

export default function runDraw({ kept, seed }: { readonly kept: KeptInputs; readonly seed: string }): DrawnShift {
  return drawShift(kept, seed);
}
