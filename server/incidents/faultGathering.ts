/** Faults of one file: all are counted, the first thousand kept. */
import type { Fault } from '../places/fault.ts';

export interface FaultGathering {
  add(fault: Fault): void;
  readonly kept: readonly Fault[];
  readonly count: number;
}

const most = 1_000;

export function createGathering(first: readonly Fault[] = []): FaultGathering {
  const kept = first.slice(0, most);
  let count = first.length;
  return {
    add(fault) {
      count += 1;
      if (kept.length < most) kept.push(fault);
    },
    kept,
    get count() {
      return count;
    },
  };
}
