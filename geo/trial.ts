import { createRandom } from './random.ts';
import type { Interval } from './smallNumbers.ts';

/** A set of places to try: how large it is, and what each period brought there. */
export interface TriedSet {
  areaKm2: number;
  /** Incidents caught, one entry a period. */
  hits: ArrayLike<number>;
}

/** What is tried, on what. */
export interface TrialInput {
  sets: readonly TriedSet[];
  /** Incidents, places × periods, row by row: all of the area's, since the best choice is made from them. */
  counts: ArrayLike<number>;
  periods: number;
  areasKm2: ArrayLike<number>;
  /** How often the periods are drawn again for the intervals; 399 unless told. */
  draws?: number;
  seed?: number | string;
}

/** One set's score over all periods, with its 95 % intervals; null where there are too few periods to draw from. */
export interface TrialResult {
  areaShare: number;
  hits: number;
  hitRate: number;
  pai: number;
  pei: number;
  intervals: { hitRate: Interval; pai: Interval; pei: Interval; /** Of this set's PAI less the first set's. */ paiDifference: Interval } | null;
}

/** Fewer periods than this say nothing about how much they vary. */
const fewestPeriods = 6;

/**
 * Scores sets of places on the same periods: hit rate n/N, PAI (Chainey, Tompson & Uhlig 2008) and PEI against the best choice of equal
 * area (Hunt 2016). Intervals by drawing whole periods with replacement (percentile bootstrap, Efron & Tibshirani 1993), every set on the
 * same draws, so that differences keep what the periods have in common. Nothing to catch gives 0 throughout and no interval.
 * Throws when lengths do not fit or a set has no area.
 */
export function tryPlaces(input: TrialInput): TrialResult[] {
  const { sets, periods, draws = 399, seed = 1 } = input;
  checkTrial(input);
  const area = sumOf(input.areasKm2);
  const busy = busyPlaces(input);
  const all = new Float64Array(periods).fill(1);
  const scored = scoreSets(sets, busy, all, area);
  if (periods < fewestPeriods || !(scored.total > 0)) return scored.scores.map((score) => ({ ...score, intervals: null }));
  const random = createRandom(seed);
  const drawn = Array.from({ length: draws }, () => {
    const times = new Float64Array(periods);
    for (let k = 0; k < periods; k++) {
      const period = Math.floor(random.uniform() * periods);
      times[period] = (times[period] as number) + 1;
    }
    return scoreSets(sets, busy, times, area);
  }).filter(({ total }) => total > 0);
  return scored.scores.map((score, k) => {
    const of = (pick: (scores: readonly Score[]) => number): Interval => percentiles(drawn.map(({ scores }) => pick(scores)));
    const own = (scores: readonly Score[]): Score => scores[k] as Score;
    return {
      ...score,
      intervals: { hitRate: of((scores) => own(scores).hitRate), pai: of((scores) => own(scores).pai), pei: of((scores) => own(scores).pei), paiDifference: of((scores) => own(scores).pai - (scores[0] as Score).pai) },
    };
  });
}

type Score = Omit<TrialResult, 'intervals'>;

function checkTrial({ sets, counts, periods, areasKm2 }: TrialInput): void {
  if (counts.length !== periods * areasKm2.length) throw new RangeError(`${counts.length} counts are not ${periods} periods for ${areasKm2.length} places: give places × periods.`);
  sets.forEach((set, k) => {
    if (set.hits.length !== periods) throw new RangeError(`Set ${k} has counts for ${set.hits.length} of ${periods} periods: give one a period.`);
    if (!(set.areaKm2 > 0)) throw new RangeError(`Set ${k} covers ${set.areaKm2} km²: choose at least one place with an area.`);
  });
}

interface Busy {
  /** Places with an incident in any period, and those with an area. */
  rows: { counts: Float64Array; areaKm2: number }[];
  totals: Float64Array;
}

function busyPlaces({ counts, periods, areasKm2 }: TrialInput): Busy {
  const totals = new Float64Array(periods);
  const rows: Busy['rows'] = [];
  for (let place = 0; place < areasKm2.length; place++) {
    const row = Float64Array.from({ length: periods }, (_, period) => counts[place * periods + period] as number);
    row.forEach((count, period) => (totals[period] = (totals[period] as number) + count));
    if ((areasKm2[place] as number) > 0 && row.some((count) => count > 0)) rows.push({ counts: row, areaKm2: areasKm2[place] as number });
  }
  return { rows, totals };
}

const weighted = (values: ArrayLike<number>, times: Float64Array): number => times.reduce((sum, weight, k) => sum + weight * (values[k] as number), 0);

function scoreSets(sets: readonly TriedSet[], { rows, totals }: Busy, times: Float64Array, area: number): { total: number; scores: Score[] } {
  const total = weighted(totals, times);
  const densest = rows.map((row) => ({ hits: weighted(row.counts, times), km2: row.areaKm2 })).sort((a, b) => b.hits / b.km2 - a.hits / a.km2);
  const scores = sets.map((set): Score => {
    const hits = weighted(set.hits, times);
    const areaShare = set.areaKm2 / area;
    const hitRate = total > 0 ? hits / total : 0;
    const most = bestOf(densest, set.areaKm2);
    return { areaShare, hits, hitRate, pai: hitRate / areaShare, pei: most > 0 ? Math.min(1, hits / most) : 0 };
  });
  return { total, scores };
}

/** The most any choice of so many km² could have caught: densest first, the last one in part. */
function bestOf(densest: readonly { hits: number; km2: number }[], km2: number): number {
  let [caught, left] = [0, km2];
  for (const place of densest) {
    if (place.km2 >= left) return caught + (place.hits * left) / place.km2;
    caught += place.hits;
    left -= place.km2;
  }
  return caught;
}

/** The 2.5th and 97.5th of a hundred. */
function percentiles(values: number[]): Interval {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))] ?? 0;
  return { lower: at(0.025), upper: at(0.975) };
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
}
