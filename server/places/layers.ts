/** Layers decided from published figures: classes, words, and what is missing. Pure. */

/** Deciles of England two by two, least deprived first, so that the darkest class is the most deprived. */
export const decileClasses: readonly string[] = ['Deciles 9 and 10 (least deprived)', 'Deciles 7 and 8', 'Deciles 5 and 6', 'Deciles 3 and 4', 'Deciles 1 and 2 (most deprived)'];

/** The class of a decile from 1 (most deprived) to 10. */
export const classOfDecile = (decile: number): number => 4 - Math.floor((decile - 1) / 2);

export interface AgeBand {
  readonly ageFrom: number;
  /** Null for an open end. */
  readonly ageTo: number | null;
  readonly persons: number;
}

/**
 * Persons from one age to another (both included) out of published bands; undefined without bands, and when a band lies across an end and
 * cannot be cut. A `to` of 120 takes the open band at the top.
 */
export function personsBetween(bands: readonly AgeBand[], from: number, to: number): number | undefined {
  if (bands.length === 0) return undefined;
  const limit = to >= 120 ? Infinity : to;
  let sum = 0;
  for (const { ageFrom, ageTo, persons } of bands) {
    const last = ageTo ?? Infinity;
    if (last < from || ageFrom > limit) continue;
    if (ageFrom < from || last > limit) return undefined;
    sum += persons;
  }
  return sum;
}

/** Rising class starts that hold about equal numbers of the values, the lowest first; fewer when values repeat. */
export function equalClasses(values: readonly number[], count = 5): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const starts = Array.from({ length: count }, (_, part) => sorted[Math.floor((part * sorted.length) / count)]).filter((value) => value !== undefined);
  return [...new Set(starts)];
}

/** The class a value falls in, by rising starts; the first also takes what is below it. */
export function classAmong(value: number, starts: readonly number[]): number {
  return Math.max(0, starts.findLastIndex((start) => value >= start));
}

/** Classes in words: `0 to under 50`, the last `200 or more`. */
export function classWords(starts: readonly number[], write: (value: number) => string): string[] {
  return starts.map((start, index) => {
    const next = starts[index + 1];
    return next === undefined ? `${write(start)} or more` : `${write(start)} to under ${write(next)}`;
  });
}
