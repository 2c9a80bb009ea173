import { fieldMoments } from './getisOrd.ts';
import type { Adjacency } from './neighbours.ts';
import { twoSidedPs } from './normal.ts';

/** What local Moran's I of each place would be on average and how much it would vary by chance; z and its two-sided p by the normal curve. */
export interface LocalMoranMoments {
  expected: Float64Array;
  variance: Float64Array;
  z: Float64Array;
  ps: Float64Array;
}

/**
 * Mean and variance of local Moran's I as published, beside the permutation p of `localMoran`; weights sum to 1 a row.
 * `total`: over all ways to lay the values out (Anselin 1995, Geographical Analysis 27:93-115, eq. 13): E = −w_i/(n−1),
 * Var = w_i(2)·(n−b₂)/(n−1) + (w_i² − w_i(2))·(2b₂−n)/((n−1)(n−2)) − E², b₂ = m₄/m₂².
 * `conditional`: the place's own value stays (Sokal, Oden & Thomson 1998, Geographical Analysis 30:331-354):
 * E = −(z_i²/m₂)·w_i/(n−1), Var = (z_i/m₂)²·(n/(n−2))·(w_i(2) − w_i²/(n−1))·(m₂ − z_i²/(n−1)).
 * A wide tail makes the normal p too small where few neighbours count: the permutation p is the one to quote.
 * A constant field, places without neighbours and fewer than three places give variance 0, z 0 and p 1.
 */
export function localMoranMoments(values: ArrayLike<number>, local: Float64Array, { offsets }: Adjacency, kind: 'total' | 'conditional' = 'conditional'): LocalMoranMoments {
  const n = offsets.length - 1;
  if (values.length !== n || local.length !== n) throw new RangeError(`There are ${values.length} values and ${local.length} local figures for ${n} places: give one of each a place.`);
  const { mean, deviation } = fieldMoments(values);
  const m2 = deviation * deviation;
  const kurtosis = m2 > 0 ? averageOf(values, (value) => (value - mean) ** 4) / (m2 * m2) : 0;
  const expected = new Float64Array(n);
  const variance = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const size = (offsets[i + 1] as number) - (offsets[i] as number);
    if (size === 0 || n < 3 || m2 === 0) continue;
    const own = ((values[i] as number) - mean) ** 2;
    const moments = kind === 'total' ? totalMoments(n, 1 / size, kurtosis) : conditionalMoments(n, 1 / size, own, m2);
    expected[i] = moments.expected;
    variance[i] = Math.max(0, moments.variance);
  }
  const z = Float64Array.from(local, (value, i) => ((variance[i] as number) > 0 ? (value - (expected[i] as number)) / Math.sqrt(variance[i] as number) : 0));
  return { expected, variance, z, ps: twoSidedPs(z) };
}

/** `squares` is the sum of the squared weights of a row; the weights themselves sum to 1. */
function totalMoments(n: number, squares: number, kurtosis: number): { expected: number; variance: number } {
  const expected = -1 / (n - 1);
  return { expected, variance: (squares * (n - kurtosis)) / (n - 1) + ((1 - squares) * (2 * kurtosis - n)) / ((n - 1) * (n - 2)) - expected * expected };
}

function conditionalMoments(n: number, squares: number, own: number, m2: number): { expected: number; variance: number } {
  return { expected: -own / (m2 * (n - 1)), variance: (own / (m2 * m2)) * (n / (n - 2)) * (squares - 1 / (n - 1)) * (m2 - own / (n - 1)) };
}

function averageOf(values: ArrayLike<number>, of: (value: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += of(values[i] as number);
  return sum / values.length;
}
