import { fieldMoments } from './getisOrd.ts';
import type { Adjacency } from './neighbours.ts';
import { createRandom } from './random.ts';

/** Where a place lies against the mean, and its neighbours: high among high, low among low, or an outlier. */
export type MoranQuadrant = 'high-high' | 'low-low' | 'high-low' | 'low-high';

/** Local and global Moran's I; one entry a place in every array. */
export interface LocalMoran {
  /** I_i = (z_i/m₂)·Σ_j w_ij z_j with weights summing to 1 a row, z the deviation from the mean and m₂ = Σz²/n. */
  local: Float64Array;
  /** One-sided pseudo p by conditional permutation, (1 + as extreme)/(permutations + 1). */
  ps: Float64Array;
  quadrants: MoranQuadrant[];
  /** The mean of the local values: Moran's I of the whole field. */
  global: number;
}

/**
 * Local Moran's I (Anselin 1995, Geographical Analysis 27:93-115) with conditional permutation: the place stays, its neighbours are drawn
 * from all others without repeats. `neighbours` without self. A constant field gives I = 0 and p = 1; a place without neighbours too.
 */
export function localMoran(values: ArrayLike<number>, neighbours: Adjacency, permutations = 999, seed: number | string = 1): LocalMoran {
  if (neighbours.includesSelf) throw new Error('Local Moran leaves each place out of its own neighbourhood: build the neighbours without self.');
  const n = neighbours.offsets.length - 1;
  if (values.length !== n) throw new RangeError(`There are ${values.length} values for ${n} places: give one value a place.`);
  const { mean, deviation } = fieldMoments(values);
  const z = Float64Array.from(values, (value) => (deviation > 0 ? (value - mean) / deviation : 0));
  const lags = Float64Array.from(z, (_, i) => meanOver(z, neighbours.targets.subarray(neighbours.offsets[i], neighbours.offsets[i + 1])));
  const local = z.map((value, i) => value * (lags[i] as number));
  return {
    local,
    ps: deviation > 0 ? permutationPs(z, lags, neighbours, permutations, seed) : new Float64Array(n).fill(1),
    quadrants: Array.from(z, (value, i): MoranQuadrant => `${value >= 0 ? 'high' : 'low'}-${(lags[i] as number) >= 0 ? 'high' : 'low'}`),
    global: n > 0 ? local.reduce((sum, value) => sum + value, 0) / n : 0,
  };
}

function meanOver(z: Float64Array, members: Int32Array): number {
  let sum = 0;
  for (const member of members) sum += z[member] as number;
  return members.length > 0 ? sum / members.length : 0;
}

/** How often as many others drawn at random lie at least as far to the observed side: the tail the observed mean lies in. */
function permutationPs(z: Float64Array, lags: Float64Array, { offsets }: Adjacency, permutations: number, seed: number | string): Float64Array {
  const random = createRandom(seed);
  const n = z.length;
  const pool = Int32Array.from({ length: n }, (_, i) => i);
  return Float64Array.from(z, (_, i) => {
    const size = (offsets[i + 1] as number) - (offsets[i] as number);
    if (size === 0 || n < 2) return 1;
    let larger = 0;
    for (let round = 0; round < permutations; round++) if (drawnMean(z, i, Math.min(size, n - 1), pool, random.uniform) >= (lags[i] as number)) larger++;
    return (1 + Math.min(larger, permutations - larger)) / (permutations + 1);
  });
}

/** The mean of `size` distinct places other than `self`: the start of a Fisher-Yates shuffle, carried on over the same pool. */
function drawnMean(z: Float64Array, self: number, size: number, pool: Int32Array, uniform: () => number): number {
  let sum = 0;
  let drawn = 0;
  for (let k = 0; drawn < size; k++) {
    const pick = k + Math.floor(uniform() * (pool.length - k));
    const place = pool[pick] as number;
    pool[pick] = pool[k] as number;
    pool[k] = place;
    if (place !== self) {
      sum += z[place] as number;
      drawn++;
    }
  }
  return sum / size;
}
