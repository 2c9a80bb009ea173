/** Which amounts whole visits can add up to: a limit between two of them is as good as the lower one. */

/** Above this limit the sums lie so dense that only the common divisor is used. */
const densest = 1_000_000;

/**
 * A function that lowers a limit to the largest sum that any number of the given amounts (whole, 0 or more) can reach.
 * Sums are taken without regard to how often each amount may be used, so no plan is lost.
 */
export function tightener(amounts: readonly number[]): (limit: number) => number {
  const distinct = [...new Set(amounts)].filter((amount) => amount > 0);
  if (distinct.length === 0) return (limit) => Math.floor(limit);
  const divisor = distinct.reduce(commonDivisor);
  const steps = distinct.map((amount) => amount / divisor);
  let best = new Int32Array(0);
  return (limit) => {
    const units = Math.floor(limit / divisor);
    if (units > densest) return units * divisor;
    if (units >= best.length) best = largestSums(steps, Math.max(units, Math.min(densest, best.length * 2)));
    return (best[units] ?? 0) * divisor;
  };
}

/** For each limit from 0 the largest sum not above it. */
function largestSums(steps: readonly number[], limit: number): Int32Array<ArrayBuffer> {
  const reached = new Uint8Array(limit + 1);
  const best = new Int32Array(limit + 1);
  reached[0] = 1;
  let last = 0;
  for (let sum = 0; sum <= limit; sum++) {
    if (reached[sum]) {
      last = sum;
      for (const step of steps) if (sum + step <= limit) reached[sum + step] = 1;
    }
    best[sum] = last;
  }
  return best;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
