/** Benjamini-Hochberg adjusted p of every p (same order): the smallest false-discovery rate at which it would be called (JRSS B 1995, 57:289-300). */
export function adjustedPs(ps: Float64Array): Float64Array {
  const n = ps.length;
  const order = ascendingOrder(ps);
  const adjusted = new Float64Array(n);
  let least = 1;
  for (let rank = n; rank >= 1; rank--) {
    const at = order[rank - 1] ?? 0;
    const p = ps[at] ?? NaN;
    if (!(p >= 0 && p <= 1)) throw new RangeError(`p number ${at} is ${p}: every p lies between 0 and 1.`);
    least = Math.min(least, (p * n) / rank);
    adjusted[at] = least;
  }
  return adjusted;
}

/** Which places stay called at this false-discovery rate: the largest k with p(k) ≤ kα/n and all below it (1 called, 0 not). */
export function discoveries(ps: Float64Array, rate = 0.05): Uint8Array {
  return Uint8Array.from(adjustedPs(ps), (p) => (p <= rate ? 1 : 0));
}

/** Which called places have nothing of their own and owe it to their surroundings alone (1 neighbour only, 0 not). */
export function neighbourOnly(called: Uint8Array, counts: ArrayLike<number>): Uint8Array {
  return called.map((flag, i) => (flag === 1 && (counts[i] ?? 0) === 0 ? 1 : 0));
}

function ascendingOrder(values: Float64Array): Int32Array {
  const order = new Int32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
}
