/** How sure a rank is: ranks over many worlds that the counts could have come from. Pure: counts and a seed in, ranks out. */
import { createRandom, type RandomStream } from '../../geo/random.ts';
import type { SmoothedRates } from '../../geo/smoothing.ts';

export interface RankInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * The 5th and 95th percentile of each place's rank over `draws` worlds. In each world a place's rate is drawn from what its count leaves
 * possible: gamma with shape m²/A + y and rate m/A + area (m the area's rate, A the variance between places; Marshall 1991, Clayton & Kaldor
 * 1987, Biometrics 43:671-681), and places are ranked by it. The same seed gives the same ranks. Undefined where chance explains all (A = 0)
 * or no draw is asked for.
 */
export function rankIntervals(counts: ArrayLike<number>, areasKm2: ArrayLike<number>, smoothed: Pick<SmoothedRates, 'mean' | 'between'>, options: { seed: number; draws: number }): RankInterval[] | undefined {
  const { mean, between } = smoothed;
  if (!(between > 0) || !(options.draws > 0)) return undefined;
  const random = createRandom(options.seed);
  const places = counts.length;
  const ranks = Array.from({ length: places }, () => new Int32Array(options.draws));
  const rates = new Float64Array(places);
  const order = Int32Array.from({ length: places }, (_, i) => i);
  for (let draw = 0; draw < options.draws; draw++) {
    for (let i = 0; i < places; i++) rates[i] = gammaDraw(random, (mean * mean) / between + (counts[i] as number)) / (mean / between + (areasKm2[i] as number));
    order.sort((a, b) => (rates[b] as number) - (rates[a] as number) || a - b);
    order.forEach((place, at) => ((ranks[place] as Int32Array)[draw] = at + 1));
  }
  const at = (share: number): number => Math.min(options.draws - 1, Math.max(0, Math.round(share * options.draws - 0.5)));
  return ranks.map((own) => {
    own.sort();
    return { low: own[at(0.05)] as number, high: own[at(0.95)] as number };
  });
}

/** A gamma variate of rate 1 (Marsaglia & Tsang 2000, ACM Transactions on Mathematical Software 26:363-372); a shape under 1 by the usual power of a uniform. */
function gammaDraw(random: RandomStream, shape: number): number {
  if (shape < 1) return gammaDraw(random, shape + 1) * Math.max(random.uniform(), Number.MIN_VALUE) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(Math.max(random.uniform(), Number.MIN_VALUE)) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
