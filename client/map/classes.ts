/** Class breaks for coloured areas, in figures and in words. Pure: no Leaflet, no DOM. */
import { decimal } from '../format.ts';

export interface MapClass {
  /** Lowest value in the class. */
  from: number;
  /** The next class's lowest value; null for the last one. */
  below: number | null;
  colour: string;
  /** "12 to under 30" */
  range: string;
  /** "12 to under 30 incidents per km²" */
  words: string;
}

/** Light to dark, so that it stays in order in grey and for every kind of colour vision. */
export const sequence = ['#fbe6b9', '#f6b56d', '#e57c58', '#b4406a', '#641a63'] as const;

export interface ClassOptions {
  unit: string;
  /** At most five. */
  count?: number;
}

/** Two leading digits, so that legends read "12 to under 30" and not "11.8342 to under 29.701". */
function rounded(value: number): number {
  if (value === 0) return 0;
  const step = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  return Number((Math.floor(value / step) * step).toPrecision(2));
}

function figure(value: number): string {
  return decimal(value, value >= 10 || Number.isInteger(value) ? 0 : value >= 1 ? 1 : 2);
}

function rangeWords(from: number, below: number | null): string {
  return below === null ? `${figure(from)} or more` : `${figure(from)} to under ${figure(below)}`;
}

/**
 * Classes holding about equal numbers of the values above 0, breaks rounded to two digits; fewer classes when values repeat.
 * The first class starts at the lowest value above 0 (rounded down).
 */
export function classesOf(values: readonly number[], options: ClassOptions): readonly MapClass[] {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  const wanted = Math.min(options.count ?? sequence.length, sequence.length);
  const breaks = new Set<number>();
  for (let part = 0; part < wanted && sorted.length > 0; part += 1) breaks.add(rounded(sorted[Math.floor((part * sorted.length) / wanted)] ?? 0));
  return classesAt([...breaks].sort((a, b) => a - b), options.unit);
}

/** Classes at breaks given by hand, e.g. the same ones for two maps side by side. */
export function classesAt(breaks: readonly number[], unit: string): readonly MapClass[] {
  return breaks.map((from, index) => {
    const below = breaks[index + 1] ?? null;
    const shade = breaks.length === 1 ? 2 : Math.round((index * (sequence.length - 1)) / (breaks.length - 1));
    const range = rangeWords(from, below);
    return { from, below, colour: sequence[shade] ?? sequence[0], range, words: `${range} ${unit}` };
  });
}

/** The class a value falls in; undefined below the first one, and for values that are not known. */
export function classFor(value: number | null, classes: readonly MapClass[]): MapClass | undefined {
  if (value === null) return undefined;
  return classes.findLast((one) => value >= one.from);
}
