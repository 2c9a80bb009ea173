/** The chance that a standard normal value lies further from 0 than |z|: two-sided p, to 12 digits; 1 at z = 0. */
export function twoSidedP(z: number): number {
  return complementaryError(Math.abs(z) / Math.SQRT2);
}

/** Two-sided p of every z (Float64Array of the same length). */
export function twoSidedPs(zs: Float64Array): Float64Array {
  const ps = new Float64Array(zs.length);
  for (let i = 0; i < zs.length; i++) ps[i] = twoSidedP(zs[i] ?? NaN);
  return ps;
}

/** The chance that a standard normal value lies below z. */
export function normalBelow(z: number): number {
  return z < 0 ? complementaryError(-z / Math.SQRT2) / 2 : 1 - complementaryError(z / Math.SQRT2) / 2;
}

/** The z that a standard normal value lies below with this chance (0 < chance < 1), by bisection then Newton's rule. */
export function normalQuantile(chance: number): number {
  if (!(chance > 0 && chance < 1)) throw new RangeError(`A chance of ${chance} has no normal quantile: give a number between 0 and 1.`);
  let low = -40;
  let high = 40;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * erfc(x) for x ≥ 0: below 2.2 from the series of erf (Abramowitz & Stegun 7.1.6), above it from the continued fraction 7.1.14
 * read from its far end; both to about 14 digits.
 */
function complementaryError(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 27) return 0;
  const square = x * x;
  if (x < 2.2) {
    let term = x;
    let sum = x;
    for (let k = 1; term > sum * 1e-17 && k < 100; k++) {
      term *= (2 * square) / (2 * k + 1);
      sum += term;
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-square) * sum;
  }
  let fraction = x;
  for (let k = 60; k >= 1; k--) fraction = x + k / 2 / fraction;
  return Math.exp(-square) / (Math.sqrt(Math.PI) * fraction);
}
