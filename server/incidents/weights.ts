/** Weights of sources by month, and the dates a new one takes. Pure. */

export interface DatedWeight {
  readonly source: string;
  readonly weight: number;
  /** First day of a month. */
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly reason: string;
}

/** The weights that touch the months of a period (`YYYY-MM`, both included), by source and date; a source without one counts 1. */
export function weightsWithin(weights: readonly DatedWeight[], period: { from: string; to: string }, sources: readonly string[]): DatedWeight[] {
  return weights
    .filter(({ source, validFrom, validTo }) => sources.includes(source) && validFrom.slice(0, 7) <= period.to && (validTo === null || validTo.slice(0, 7) > period.from))
    .sort((a, b) => (a.source === b.source ? (a.validFrom < b.validFrom ? -1 : 1) : a.source < b.source ? -1 : 1));
}

/** True when no figure of these would differ from the plain count. */
export const weighNothing = (weights: readonly { readonly weight: number }[]): boolean => weights.every(({ weight }) => weight === 1);

export interface Placement {
  /** The weight in force at the new one's first day: it ends there, or goes when it begins on the same day. */
  readonly ends: DatedWeight | undefined;
  readonly validTo: string | null;
}

/** Where a new weight from `validFrom` on fits among a source's others: the one before ends, the next one keeps its first day. */
export function placeWeight(known: readonly DatedWeight[], validFrom: string): Placement {
  const ends = known.find((one) => one.validFrom <= validFrom && (one.validTo === null || one.validTo > validFrom));
  const next = known.map((one) => one.validFrom).filter((day) => day > validFrom).sort()[0] ?? null;
  return { ends, validTo: ends ? ends.validTo : next };
}
