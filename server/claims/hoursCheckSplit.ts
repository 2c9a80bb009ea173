/** Splits that leave nothing over, and the one place where hours become pence. Pure. */

/**
 * Whole pence of whole minutes at pence an hour, rounded half up once.
 * `penceOfMinutes(61, 2000)` is 2033. Exact while minutes × pence stays below 2^52.
 */
export function penceOfMinutes(minutes: number, pencePerHour: number): number {
  return Math.floor((2 * minutes * pencePerHour + 60) / 120);
}

/**
 * Splits whole pence in proportion to weights (whole, not negative) by the largest remainder: parts are whole and sum to the total;
 * of equal remainders the earlier takes the penny. Without any weight every part is 0. Throws a RangeError for a total below zero.
 */
export function splitPence(totalPence: number, weights: readonly number[]): number[] {
  if (totalPence < 0) throw new RangeError(`${totalPence} pence cannot be split. Split an amount of 0 or more.`);
  const all = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (all === 0n) return weights.map(() => 0);
  const shares = weights.map((weight, index) => {
    const exact = BigInt(totalPence) * BigInt(weight);
    return { index, whole: Number(exact / all), rest: exact % all };
  });
  let left = totalPence - shares.reduce((sum, { whole }) => sum + whole, 0);
  const parts = shares.map(({ whole }) => whole);
  for (const { index } of shares.toSorted((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))) {
    if (left === 0) break;
    parts[index] = (parts[index] ?? 0) + 1;
    left -= 1;
  }
  return parts;
}
