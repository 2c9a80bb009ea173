/** A stream of repeatable random numbers: the same seed gives the same numbers on every machine. */
export interface RandomStream {
  /** The next number in [0, 1), 53 random bits. */
  uniform(): number;
  /** A whole number from `from` to `to`, both included. */
  integer(from: number, to: number): number;
  /** A draw from the normal distribution with this mean and standard deviation. */
  normal(mean?: number, deviation?: number): number;
  /** A count from the Poisson distribution with this mean (0 or more). */
  poisson(mean: number): number;
  /** Puts an array into random order in place and returns it. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T;
  /** An index drawn in proportion to the weights (none negative, not all 0). */
  pick(weights: ArrayLike<number>): number;
}

/**
 * A seeded stream: xoshiro128** (Blackman & Vigna 2018) filled from the seed by SplitMix32, so that near seeds give unlike streams.
 * The seed is any finite number or a text. Throws when the seed is NaN or infinite.
 */
export function createRandom(seed: number | string): RandomStream {
  const next = xoshiro128(seedState(seed));
  const uniform = (): number => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
  const normal = (mean = 0, deviation = 1): number => mean + deviation * polarNormal(uniform);
  return {
    uniform,
    normal,
    integer: (from, to) => uniformInteger(uniform, from, to),
    poisson: (mean) => poissonDraw(uniform, mean),
    shuffle: (items) => shuffleInPlace(uniform, items),
    pick: (weights) => weightedIndex(uniform, weights),
  };
}

/** A whole seed made from a text by FNV-1a, 32 bits: the same text always gives the same seed. */
export function seedFromText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function seedState(seed: number | string): Int32Array {
  const start = typeof seed === 'string' ? seedFromText(seed) : seed;
  if (!Number.isFinite(start)) throw new RangeError(`The random seed is ${start}: give a finite number or a text.`);
  // Both halves of the number's 64 bits take part, so 1, 1.5 and 2**32 + 1 are different seeds.
  const [low = 0, high = 0] = new Uint32Array(Float64Array.of(start).buffer);
  const state = new Int32Array(4);
  for (let i = 0; i < 4; i++) state[i] = mixed(mixed(low + Math.imul(i + 1, 0x9e3779b9)) + high);
  return state;
}

/** SplitMix32's mixing of 32 bits. */
function mixed(word: number): number {
  let bits = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return bits ^ (bits >>> 15);
}

function xoshiro128(state: Int32Array): () => number {
  let [a, b, c, d] = [state[0] ?? 0, state[1] ?? 0, state[2] ?? 0, state[3] ?? 0];
  return () => {
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
}

function uniformInteger(uniform: () => number, from: number, to: number): number {
  if (!Number.isInteger(from) || !Number.isInteger(to) || to < from) {
    throw new RangeError(`A random whole number from ${from} to ${to} cannot be drawn: give two whole numbers, the smaller first.`);
  }
  return from + Math.floor(uniform() * (to - from + 1));
}

/** Marsaglia's polar method; the second of each pair is thrown away so that a stream holds no hidden state. */
function polarNormal(uniform: () => number): number {
  for (;;) {
    const x = 2 * uniform() - 1;
    const y = 2 * uniform() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square);
  }
}

/** Inversion by multiplication (Knuth) in steps of at most 30, since Poisson counts add up; exact at every mean. */
function poissonDraw(uniform: () => number, mean: number): number {
  if (!(mean >= 0) || mean === Infinity) throw new RangeError(`A Poisson mean of ${mean} cannot be drawn from: give 0 or more.`);
  let count = 0;
  for (let left = mean; left > 0; left -= 30) {
    const limit = Math.exp(-Math.min(left, 30));
    for (let product = uniform(); product > limit; product *= uniform()) count++;
  }
  return count;
}

function shuffleInPlace<T extends { length: number; [index: number]: unknown }>(uniform: () => number, items: T): T {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    const kept = items[i];
    items[i] = items[j];
    items[j] = kept;
  }
  return items;
}

function weightedIndex(uniform: () => number, weights: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += checkedWeight(weights[i] ?? 0, i);
  if (!(total > 0)) throw new RangeError('Nothing can be picked: every weight is 0.');
  let left = uniform() * total;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0;
    if (weight > 0) last = i;
    left -= weight;
    if (left < 0 && weight > 0) return i;
  }
  return last;
}

function checkedWeight(weight: number, index: number): number {
  if (!(weight >= 0) || weight === Infinity) throw new RangeError(`Weight ${index} is ${weight}: weights are 0 or more.`);
  return weight;
}
