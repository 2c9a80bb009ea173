/** How a map's classes are cut: equal steps, equal numbers of places, or Jenks' natural breaks. */
export type BreakMethod = 'equal' | 'quantile' | 'jenks';

/**
 * The inner breaks of a map's classes, ascending and without repeats: `classes` classes need classes − 1 breaks, fewer when the values
 * cannot be told apart. A value belongs to the class above a break when it is equal to it. The same values always give the same breaks.
 */
export function classBreaks(values: ArrayLike<number>, classes: number, method: BreakMethod): number[] {
  if (!Number.isInteger(classes) || classes < 1) throw new RangeError(`A map of ${classes} classes cannot be drawn: give a whole number from 1.`);
  const sorted = Float64Array.from(values).filter((value) => Number.isFinite(value)).sort();
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

/** Neighbouring values taken together: the least of them, how many, their sum and the sum of their squares. */
interface Steps {
  least: number[];
  count: number[];
  sum: number[];
  squares: number[];
}

/**
 * Natural breaks: the cut with the least squared spread within classes (Fisher 1958, JASA 53:789-798), found exactly over the distinct values;
 * more than 512 of them may be cut only at the edges of 512 equal steps.
 */
function jenksBreaks(sorted: Float64Array, classes: number): number[] {
  const steps = distinctSteps(sorted, 512);
  const n = steps.least.length;
  const [weight, sum, squares] = [steps.count, steps.sum, steps.squares].map(runningSum) as [Float64Array, Float64Array, Float64Array];
  const spread = (from: number, to: number): number => {
    const s = (sum[to] as number) - (sum[from] as number);
    return (squares[to] as number) - (squares[from] as number) - (s * s) / ((weight[to] as number) - (weight[from] as number));
  };
  let best = Float64Array.from({ length: n + 1 }, (_, to) => (to === 0 ? 0 : spread(0, to)));
  const starts: Int32Array[] = [];
  for (let k = 1; k < Math.min(classes, n); k++) {
    const start = new Int32Array(n + 1);
    best = Float64Array.from(best, (_, to) => bestCut(best, spread, k, to, start));
    starts.push(start);
  }
  const breaks: number[] = [];
  for (let k = starts.length - 1, to = n; k >= 0; k--) {
    to = (starts[k] as Int32Array)[to] as number;
    breaks.push(steps.least[to] as number);
  }
  return breaks;
}

/** The least spread of the first `to` steps in k + 1 classes, where the last class begins noted in `start`. */
function bestCut(best: Float64Array, spread: (from: number, to: number) => number, k: number, to: number, start: Int32Array): number {
  let least = Infinity;
  for (let from = k; from < to; from++) {
    const cost = (best[from] as number) + spread(from, to);
    if (cost < least) {
      least = cost;
      start[to] = from;
    }
  }
  return least;
}

function distinctSteps(sorted: Float64Array, most: number): Steps {
  const [low, high] = [sorted[0] as number, sorted[sorted.length - 1] as number];
  let distinct = 1;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) distinct++;
  const stepOf = (value: number): number => (distinct > most ? Math.min(most - 1, Math.floor(((value - low) / (high - low)) * most)) : value);
  const steps: Steps = { least: [], count: [], sum: [], squares: [] };
  let last = NaN;
  for (const value of sorted) {
    if (stepOf(value) !== last) {
      steps.least.push(value);
      for (const list of [steps.count, steps.sum, steps.squares]) list.push(0);
      last = stepOf(value);
    }
    const at = steps.least.length - 1;
    steps.count[at] = (steps.count[at] as number) + 1;
    steps.sum[at] = (steps.sum[at] as number) + value;
    steps.squares[at] = (steps.squares[at] as number) + value * value;
  }
  return steps;
}

function runningSum(values: number[]): Float64Array {
  const sums = new Float64Array(values.length + 1);
  values.forEach((value, i) => {
    sums[i + 1] = (sums[i] as number) + value;
  });
  return sums;
}
