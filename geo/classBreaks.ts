/** How a map's classes are cut: equal steps, equal numbers of places, or Jenks' natural breaks. */
export type BreakMethod = 'equal' | 'quantile' | 'jenks';

/**
 * The inner breaks of a map's classes, ascending and without repeats: `classes` classes need classes − 1 breaks, fewer when the values
 * cannot be told apart. A value belongs to the class above a break when it is equal to it. The same values always give the same breaks.
 */
export function classBreaks(values: ArrayLike<number>, classes: number, method: BreakMethod): number[] {
  if (!Number.isInteger(classes) || classes < 1) throw new RangeError(`A map of ${classes} classes cannot be drawn: give a whole number from 1.`);
  const sorted = Float64Array.from(Array.from(values).filter((value) => Number.isFinite(value))).sort();
  if (sorted.length === 0) return [];
  const breaks = method === 'equal' ? equalBreaks(sorted, classes) : method === 'quantile' ? quantileBreaks(sorted, classes) : jenksBreaks(sorted, classes);
  const least = sorted[0] as number;
  return [...new Set(breaks)].filter((value) => value > least).sort((a, b) => a - b);
}

/** The class of a value, from 0: how many breaks it reaches. */
export function classOf(value: number, breaks: readonly number[]): number {
  let at = 0;
  while (at < breaks.length && value >= (breaks[at] as number)) at++;
  return at;
}

/** Breaks rounded to so many significant figures for a legend, repeats dropped. */
export function roundBreaks(breaks: readonly number[], figures = 2): number[] {
  return [...new Set(breaks.map((value) => Number(value.toPrecision(figures))))];
}

function equalBreaks(sorted: Float64Array, classes: number): number[] {
  const least = sorted[0] as number;
  const step = ((sorted[sorted.length - 1] as number) - least) / classes;
  return step > 0 ? Array.from({ length: classes - 1 }, (_, i) => least + step * (i + 1)) : [];
}

/** Quantiles by linear interpolation between ranks (Hyndman & Fan 1996, type 7). */
function quantileBreaks(sorted: Float64Array, classes: number): number[] {
  return Array.from({ length: classes - 1 }, (_, i) => {
    const at = ((i + 1) / classes) * (sorted.length - 1);
    const low = sorted[Math.floor(at)] as number;
    return low + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] as number) - low);
  });
}

/**
 * Natural breaks: the cut with the least squared spread within classes (Fisher 1958, JASA 53:789-798), found exactly over the distinct values;
 * more than 1,000 of them are first gathered into 1,000 by rank.
 */
function jenksBreaks(sorted: Float64Array, classes: number): number[] {
  const { values, counts } = distinctValues(sorted, 1000);
  const n = values.length;
  const wanted = Math.min(classes, n);
  const [weight, sum, squares] = runningSums(values, counts);
  const spread = (from: number, to: number): number => {
    const w = (weight[to] as number) - (weight[from] as number);
    const s = (sum[to] as number) - (sum[from] as number);
    return (squares[to] as number) - (squares[from] as number) - (s * s) / w;
  };
  let best = Float64Array.from({ length: n + 1 }, (_, to) => (to === 0 ? 0 : spread(0, to)));
  const starts: Int32Array[] = [];
  for (let k = 1; k < wanted; k++) {
    const next = new Float64Array(n + 1).fill(Infinity);
    const start = new Int32Array(n + 1);
    for (let to = k + 1; to <= n; to++) {
      for (let from = k; from < to; from++) {
        const cost = (best[from] as number) + spread(from, to);
        if (cost < (next[to] as number)) {
          next[to] = cost;
          start[to] = from;
        }
      }
    }
    starts.push(start);
    best = next;
  }
  const breaks: number[] = [];
  for (let k = starts.length - 1, to = n; k >= 0; k--) {
    to = (starts[k] as Int32Array)[to] as number;
    breaks.push(values[to] as number);
  }
  return breaks;
}

function distinctValues(sorted: Float64Array, most: number): { values: number[]; counts: number[] } {
  const distinct = new Set(sorted).size;
  const values: number[] = [];
  const counts: number[] = [];
  const gathered = distinct > most ? most : sorted.length;
  let lastGroup = -1;
  sorted.forEach((value, i) => {
    const group = Math.floor((i * gathered) / sorted.length);
    const isNew = distinct > most ? group !== lastGroup && value !== values[values.length - 1] : value !== values[values.length - 1];
    if (isNew) {
      values.push(value);
      counts.push(1);
    } else counts[counts.length - 1] = (counts[counts.length - 1] as number) + 1;
    lastGroup = group;
  });
  return { values, counts };
}

function runningSums(values: number[], counts: number[]): [Float64Array, Float64Array, Float64Array] {
  const sums: [Float64Array, Float64Array, Float64Array] = [new Float64Array(values.length + 1), new Float64Array(values.length + 1), new Float64Array(values.length + 1)];
  values.forEach((value, i) => {
    const count = counts[i] as number;
    [count, count * value, count * value * value].forEach((part, k) => {
      const line = sums[k] as Float64Array;
      line[i + 1] = (line[i] as number) + part;
    });
  });
  return sums;
}
