import { gammaQuantile, logGamma } from './gamma.ts';
import { normalQuantile } from './normal.ts';

/** The two ends of a confidence interval. */
export interface Interval {
  lower: number;
  upper: number;
}

/**
 * Exact Poisson interval of a count (Garwood 1936): lower = χ²(α/2; 2k)/2, upper = χ²(1−α/2; 2k+2)/2; the lower end of 0 is 0.
 * A weighted count need not be whole. Throws on a count below 0.
 */
export function garwoodInterval(count: number, confidence = 0.95): Interval {
  return garwoodIntervals([count], confidence)[0] as Interval;
}

/** Garwood intervals of many counts, each different count worked out once. */
export function garwoodIntervals(counts: ArrayLike<number>, confidence = 0.95): Interval[] {
  const tail = (1 - confidence) / 2;
  const z = normalQuantile(1 - tail);
  const known = new Map<number, Interval>();
  return Array.from(counts, (count) => {
    if (!(count >= 0) || count === Infinity) throw new RangeError(`A count of ${count} has no interval: counts are 0 or more.`);
    const kept = known.get(count) ?? { lower: count === 0 ? 0 : gammaQuantile(count, tail, -z), upper: gammaQuantile(count + 1, 1 - tail, z) };
    known.set(count, kept);
    return kept;
  });
}

/** z of the change between two counts over equal periods: 2(√after − √before); act only when it is beyond ±3. */
export function poissonChangeZ(before: number, after: number): number {
  if (!(before >= 0) || !(after >= 0)) throw new RangeError(`A change from ${before} to ${after} cannot be tested: counts are 0 or more.`);
  return 2 * (Math.sqrt(after) - Math.sqrt(before));
}

/** The change in per cent, or undefined when the base is under 10 and a percentage would mislead. */
export function percentChange(before: number, after: number): number | undefined {
  return before < 10 ? undefined : (100 * (after - before)) / before;
}

/**
 * Two-sided p that two Poisson counts over these exposures have one rate: the E-test (Krishnamoorthy & Thomson 2004, J. Statistical Planning
 * and Inference 119:23-35). Exact sum over both counts under the pooled rate; 1 when both are 0.
 */
export function eTest(count1: number, count2: number, exposure1 = 1, exposure2 = 1): number {
  if (!(Number.isInteger(count1) && Number.isInteger(count2) && count1 >= 0 && count2 >= 0)) throw new RangeError(`The E-test needs whole counts of 0 or more, not ${count1} and ${count2}.`);
  if (!(exposure1 > 0 && exposure2 > 0)) throw new RangeError(`The E-test needs exposures above 0, not ${exposure1} and ${exposure2}.`);
  if (count1 + count2 === 0) return 1;
  const rate = (count1 + count2) / (exposure1 + exposure2);
  const first = poissonChances(rate * exposure1);
  const second = poissonChances(rate * exposure2);
  const distance = (x1: number, x2: number): number => {
    const variance = x1 / exposure1 ** 2 + x2 / exposure2 ** 2;
    return variance === 0 ? 0 : Math.abs(x1 / exposure1 - x2 / exposure2) / Math.sqrt(variance);
  };
  const observed = distance(count1, count2) * (1 - 1e-12);
  let p = 0;
  first.chances.forEach((chance1, i) => {
    second.chances.forEach((chance2, j) => {
      if (distance(first.from + i, second.from + j) >= observed) p += chance1 * chance2;
    });
  });
  return Math.min(1, p);
}

/** The chances of the counts that matter under a Poisson mean (all but about 10⁻¹⁵ of it), from the count `from` up. */
function poissonChances(mean: number): { from: number; chances: Float64Array } {
  const reach = 9 * Math.sqrt(mean) + 25;
  const from = Math.max(0, Math.floor(mean - reach));
  const chances = new Float64Array(Math.ceil(mean + reach) - from + 1);
  for (let i = 0; i < chances.length; i++) chances[i] = Math.exp((from + i) * Math.log(mean) - mean - logGamma(from + i + 1));
  return { from, chances };
}

/**
 * How much more counts vary than chance alone would make them, φ: Pearson's χ² over its degrees of freedom against place total × period
 * total / grand total, so seasons do not count as noise. `counts` is places × periods, row by row; only places with at least `leastMean`
 * a period take part, since χ² says nothing on smaller ones (Cleveland's resolution-9 cells by month: about 2). At least 1.
 */
export function overdispersion(counts: ArrayLike<number>, periods: number, leastMean = 1): number {
  const rows = busyRows(counts, periods, leastMean);
  const periodTotals = new Float64Array(periods);
  for (const { row } of rows) row.forEach((count, period) => (periodTotals[period] = (periodTotals[period] as number) + count));
  const total = periodTotals.reduce((sum, count) => sum + count, 0);
  let chiSquare = 0;
  for (const { row, sum } of rows) {
    row.forEach((count, period) => {
      const expected = (sum * (periodTotals[period] as number)) / total;
      if (expected > 0) chiSquare += (count - expected) ** 2 / expected;
    });
  }
  const freedom = (rows.length - 1) * (periodTotals.filter((count) => count > 0).length - 1);
  return freedom > 0 ? Math.max(1, chiSquare / freedom) : 1;
}

function busyRows(counts: ArrayLike<number>, periods: number, leastMean: number): { row: number[]; sum: number }[] {
  const places = counts.length / periods;
  if (!Number.isInteger(places)) throw new RangeError(`${counts.length} counts cannot be ${periods} periods for every place.`);
  return Array.from({ length: places }, (_, place) => {
    const row = Array.from({ length: periods }, (_unused, period) => counts[place * periods + period] as number);
    return { row, sum: row.reduce((sum, count) => sum + count, 0) };
  }).filter(({ sum }) => sum > 0 && sum >= leastMean * periods);
}
