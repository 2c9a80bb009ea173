import type { Adjacency } from './neighbours.ts';

/** What the whole study area's values come to: mean and standard deviation over n, zeros included. */
export interface FieldMoments {
  mean: number;
  deviation: number;
}

/**
 * Gi* of every place (Ord & Getis 1995, Geographical Analysis 27:286-306, binary weights with self):
 * z_i = (Σ_j x_j − x̄W_i) / (s √((nW_i − W_i²)/(n−1))), x̄ = Σx/n, s = √(Σx²/n − x̄²).
 * `values` holds one number a place (zeros included), `neighbours` a row for each, self in it; the answer is a z a place.
 * A constant field, a single place and a place whose row is the whole area give 0, never NaN. Throws when lengths differ or self is left out.
 */
export function getisOrdStar(values: ArrayLike<number>, neighbours: Adjacency): Float64Array {
  if (!neighbours.includesSelf) throw new Error('Gi* counts each place among its own neighbours: build the neighbours with self.');
  const n = checkedLength(values, neighbours);
  const x = values instanceof Float64Array ? values : Float64Array.from(values);
  const { mean, deviation } = fieldMoments(x);
  const { offsets, targets } = neighbours;
  const z = new Float64Array(n);
  if (deviation === 0) return z;
  const scale = spreadByCount(n, deviation);
  let from = 0;
  for (let i = 0; i < n; i++) {
    const to = offsets[i + 1] as number;
    const weight = to - from;
    // Nearly every cell has six neighbours and itself: written out, the seven are read at once.
    const sum = weight === 7 ? sumOfSeven(x, targets, from) : sumOf(x, targets, from, to);
    z[i] = (sum - mean * weight) * scale(weight);
    from = to;
  }
  return z;
}

function sumOfSeven(x: Float64Array, targets: Int32Array, from: number): number {
  return (x[targets[from] as number] as number) + (x[targets[from + 1] as number] as number) + (x[targets[from + 2] as number] as number) + (x[targets[from + 3] as number] as number)
    + (x[targets[from + 4] as number] as number) + (x[targets[from + 5] as number] as number) + (x[targets[from + 6] as number] as number);
}

function sumOf(x: Float64Array, targets: Int32Array, from: number, to: number): number {
  let sum = 0;
  for (let k = from; k < to; k++) sum += x[targets[k] as number] as number;
  return sum;
}

/**
 * Gi of every place: as Gi* but each place left out of its own sum, mean and deviation (Ord & Getis 1995), for neighbours without self.
 * Places whose surroundings are constant give 0.
 */
export function getisOrd(values: ArrayLike<number>, neighbours: Adjacency): Float64Array {
  if (neighbours.includesSelf) throw new Error('Gi leaves each place out of its own neighbourhood: build the neighbours without self.');
  const n = checkedLength(values, neighbours);
  const { offsets, targets } = neighbours;
  let total = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    total += values[i] as number;
    squares += (values[i] as number) ** 2;
  }
  const z = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const own = values[i] as number;
    const weight = (offsets[i + 1] as number) - (offsets[i] as number);
    let sum = 0;
    for (let k = offsets[i] as number; k < (offsets[i + 1] as number); k++) sum += values[targets[k] as number] as number;
    const mean = (total - own) / (n - 1);
    const variance = (squares - own * own) / (n - 1) - mean * mean;
    const spread = (variance * ((n - 1) * weight - weight * weight)) / (n - 2);
    z[i] = spread > 1e-12 * mean * mean ? (sum - mean * weight) / Math.sqrt(spread) : 0;
  }
  return z;
}

/** Mean and standard deviation (divided by n) of a field; a deviation lost in rounding is given as exactly 0. */
export function fieldMoments(values: ArrayLike<number>): FieldMoments {
  const n = values.length;
  let total = 0;
  for (let i = 0; i < n; i++) total += values[i] as number;
  const mean = total / Math.max(1, n);
  let squares = 0;
  for (let i = 0; i < n; i++) squares += ((values[i] as number) - mean) * ((values[i] as number) - mean);
  const deviation = Math.sqrt(squares / Math.max(1, n));
  if (!Number.isFinite(deviation)) throw new RangeError('The field holds a value that is not a number: every place needs a count, 0 where nothing happened.');
  return { mean, deviation: deviation <= 1e-13 * Math.abs(mean) ? 0 : deviation };
}

/** 1 / (s √((nW − W²)/(n−1))) by neighbourhood size W, worked out once a size; 0 where the row is the whole area. */
function spreadByCount(n: number, deviation: number): (weight: number) => number {
  const known: number[] = [];
  return (weight) => {
    const kept = known[weight];
    if (kept !== undefined) return kept;
    const spread = n > 1 ? deviation * Math.sqrt((n * weight - weight * weight) / (n - 1)) : 0;
    return (known[weight] = spread > 0 ? 1 / spread : 0);
  };
}

function checkedLength(values: ArrayLike<number>, neighbours: Adjacency): number {
  const rows = neighbours.offsets.length - 1;
  if (rows !== values.length) throw new RangeError(`There are ${values.length} values for ${rows} places: give one value a place, 0 where nothing happened.`);
  return rows;
}
