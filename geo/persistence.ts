import { adjustedPs } from './falseDiscovery.ts';
import { getisOrdStar } from './getisOrd.ts';
import type { Adjacency } from './neighbours.ts';
import { twoSidedP, twoSidedPs } from './normal.ts';

/** A trend test: S, its variance with ties, z with continuity correction and two-sided p. */
export interface TrendTest {
  s: number;
  variance: number;
  z: number;
  p: number;
}

/** Mann-Kendall's test for a trend in equal periods, oldest first, ties allowed (Kendall 1975); no spread gives z = 0 and p = 1. */
export function mannKendall(values: ArrayLike<number>): TrendTest {
  const n = values.length;
  let s = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) s += Math.sign((values[j] as number) - (values[i] as number));
  if (Number.isNaN(s)) throw new RangeError('The series holds a value that is not a number: a trend needs one number a period.');
  const tied = new Map<number, number>();
  for (let i = 0; i < n; i++) tied.set(values[i] as number, (tied.get(values[i] as number) ?? 0) + 1);
  const ties = [...tied.values()].reduce((sum, t) => sum + t * (t - 1) * (2 * t + 5), 0);
  const variance = (n * (n - 1) * (2 * n + 5) - ties) / 18;
  const z = variance > 0 ? (s - Math.sign(s)) / Math.sqrt(variance) : 0;
  return { s, variance, z, p: twoSidedP(z) };
}

/** What a hot place has been over the periods, in Esri's words; `none` where no pattern fits. */
export type EmergingClass = 'new' | 'consecutive' | 'intensifying' | 'persistent' | 'diminishing' | 'sporadic' | 'oscillating' | 'historical' | 'none';

/** The places' classes and what they rest on, in how many periods each was hot. */
export interface EmergingCells {
  classes: EmergingClass[];
  hotPeriods: Int32Array;
  trends: TrendTest[];
}

/** Fewest equal periods a pattern may be read from. */
const fewestPeriods = 10;

/**
 * Emerging hot cells: Gi* with Benjamini-Hochberg in each period, Mann-Kendall on each place's z, classes as Esri defines them for its
 * emerging hot spot tool (pro.arcgis.com, "How Emerging Hot Spot Analysis works"). `counts` is places × periods, row by row, oldest first.
 * Throws with fewer than ten periods.
 */
export function emergingCells(counts: ArrayLike<number>, periods: number, neighbours: Adjacency, falseDiscoveryRate = 0.05): EmergingCells {
  const places = neighbours.offsets.length - 1;
  if (periods < fewestPeriods) throw new RangeError(`${periods} periods are too few to speak of a pattern: give at least ${fewestPeriods} equal ones.`);
  if (counts.length !== places * periods) throw new RangeError(`${counts.length} counts are not ${periods} periods for ${places} places: give places × periods.`);
  const zs = new Float64Array(places * periods);
  const states = new Int8Array(places * periods);
  for (let period = 0; period < periods; period++) {
    const z = getisOrdStar(Float64Array.from({ length: places }, (_, place) => counts[place * periods + period] as number), neighbours);
    const adjusted = adjustedPs(twoSidedPs(z));
    z.forEach((value, place) => {
      zs[place * periods + period] = value;
      states[place * periods + period] = (adjusted[place] as number) <= falseDiscoveryRate ? Math.sign(value) : 0;
    });
  }
  const rowsOf = <T extends Float64Array | Int8Array>(list: T, place: number): T => list.subarray(place * periods, (place + 1) * periods) as T;
  const trends = Array.from({ length: places }, (_, place) => mannKendall(rowsOf(zs, place)));
  return {
    trends,
    classes: trends.map((trend, place) => emergingClass(rowsOf(states, place), trend)),
    hotPeriods: Int32Array.from(trends, (_, place) => rowsOf(states, place).reduce((sum, state) => sum + (state === 1 ? 1 : 0), 0)),
  };
}

/** The class of one place from its states (1 hot, −1 cold, 0 neither; oldest first) and the trend of its z. */
export function emergingClass(states: ArrayLike<number>, trend: TrendTest): EmergingClass {
  const list = Array.from(states);
  const hot = list.filter((state) => state === 1).length;
  const mostly = hot >= 0.9 * list.length;
  const hotNow = list[list.length - 1] === 1;
  if (!hotNow) return mostly && hot > 0 ? 'historical' : 'none';
  if (mostly) return trend.p < 0.05 ? (trend.s > 0 ? 'intensifying' : 'diminishing') : 'persistent';
  const run = list.length - 1 - list.findLastIndex((state) => state !== 1);
  if (run === hot) return run === 1 ? 'new' : 'consecutive';
  return list.includes(-1) ? 'oscillating' : 'sporadic';
}
