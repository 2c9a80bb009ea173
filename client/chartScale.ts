/** Where things stand on a chart, and what it says in words: ticks, scales, bands, description. Pure. */

/** Round values from at or below `low` to at or above `high`, about `wanted` steps of 1, 2, 2.5 or 5 times a power of ten. */
export function niceTicks(low: number, high: number, wanted = 4): readonly number[] {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil((low === high ? low + span : high) / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Values as whole numbers stay whole: counts have no half incident on their axis. */
export function wholeTicks(low: number, high: number, wanted = 4): readonly number[] {
  const ticks = niceTicks(low, high, wanted);
  return ticks.every(Number.isInteger) ? ticks : niceTicks(low, Math.max(high, low + wanted), wanted).filter(Number.isInteger);
}

/** A linear scale: `scale(value)` in pixels. */
export function linear(domain: readonly [number, number], range: readonly [number, number]): (value: number) => number {
  const [low, high] = domain;
  const [start, end] = range;
  const span = high - low || 1;
  return (value) => start + ((value - low) / span) * (end - start);
}

/** Equal bands along an axis: the left edge of each, and their width without the gap. */
export function bands(count: number, range: readonly [number, number], gap = 0.25): { width: number; left: (index: number) => number; middle: (index: number) => number } {
  const whole = (range[1] - range[0]) / Math.max(1, count);
  const width = whole * (1 - gap);
  const left = (index: number): number => range[0] + index * whole + (whole - width) / 2;
  return { width, left, middle: (index) => left(index) + width / 2 };
}

/** Every how many labels one is written, so that labels about `each` pixels wide do not touch. */
export function labelStep(count: number, width: number, each: number): number {
  return Math.max(1, Math.ceil((count * each) / Math.max(1, width)));
}

/** The lowest and highest value of all series, with 0 in it; stacked ones are added up first. */
export function extent(series: readonly { values: readonly (number | null)[] }[], stacked: boolean): [number, number] {
  const length = Math.max(0, ...series.map((one) => one.values.length));
  const tops: number[] = [];
  for (let index = 0; index < length; index += 1) {
    const here = series.map((one) => one.values[index] ?? 0);
    if (stacked) tops.push(here.reduce((sum, value) => sum + value, 0));
    else tops.push(...here);
  }
  return [Math.min(0, ...tops), Math.max(0, ...tops)];
}

interface Described {
  labels: readonly string[];
  series: readonly { name: string; values: readonly (number | null)[] }[];
  write: (value: number) => string;
  alternative?: string;
}

/** A sentence with the span and the ends of each series, for the chart's description. */
export function describe(options: Described): string {
  if (options.alternative) return options.alternative;
  const parts = options.series.map((one) => {
    const known = one.values.flatMap((value, index) => (value === null ? [] : [{ value, label: options.labels[index] ?? '' }]));
    const first = known[0];
    const last = known.at(-1);
    if (!first || !last) return `${one.name}: no figures`;
    const high = known.reduce((best, point) => (point.value > best.value ? point : best), first);
    const low = known.reduce((best, point) => (point.value < best.value ? point : best), first);
    return `${one.name}: from ${options.write(first.value)} (${first.label}) to ${options.write(last.value)} (${last.label}), highest ${options.write(high.value)} (${high.label}), lowest ${options.write(low.value)} (${low.label})`;
  });
  return `${parts.join('. ')}. The figures follow as a table.`;
}
