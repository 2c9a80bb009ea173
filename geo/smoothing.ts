/** Rates pulled towards the area's own rate by how little each place can say alone. */
export interface SmoothedRates {
  /** The smoothed rate of each place, per unit of exposure. */
  estimates: Float64Array;
  /** m, the rate of the whole area. */
  mean: number;
  /** A, the variance between places once chance is taken out; 0 when chance explains all of it. */
  between: number;
}

/**
 * Global empirical-Bayes rates (Marshall 1991, Applied Statistics 40:283-294): m = Σy/Σn, s² = Σn_i(r_i − m)²/Σn_i, A = max(0, s² − m/n̄),
 * est_i = m + A/(A + m/n_i)·(r_i − m). `counts` are incidents, `exposures` what they are divided by (km², residents), one each a place.
 * A place with no exposure and no count takes m; A = 0 gives m everywhere. Throws on a count without exposure, or no exposure at all.
 */
export function empiricalBayesRates(counts: ArrayLike<number>, exposures: ArrayLike<number>): SmoothedRates {
  const { count, exposure } = checkedTotals(counts, exposures);
  const mean = count / exposure;
  let spread = 0;
  for (let i = 0; i < counts.length; i++) {
    const size = exposures[i] as number;
    if (size > 0) spread += size * ((counts[i] as number) / size - mean) ** 2;
  }
  const between = Math.max(0, spread / exposure - (mean * counts.length) / exposure);
  const estimates = new Float64Array(counts.length).fill(mean);
  if (between > 0) {
    for (let i = 0; i < counts.length; i++) {
      const size = exposures[i] as number;
      if (size > 0) estimates[i] = mean + (between / (between + mean / size)) * ((counts[i] as number) / size - mean);
    }
  }
  return { estimates, mean, between };
}

function checkedTotals(counts: ArrayLike<number>, exposures: ArrayLike<number>): { count: number; exposure: number } {
  if (counts.length !== exposures.length) throw new RangeError(`There are ${counts.length} counts for ${exposures.length} exposures: give one of each a place.`);
  let count = 0;
  let exposure = 0;
  for (let i = 0; i < counts.length; i++) {
    const y = counts[i] as number;
    const size = exposures[i] as number;
    if (!(y >= 0) || !(size >= 0)) throw new RangeError(`Place ${i} has count ${y} and exposure ${size}: both are 0 or more.`);
    if (size === 0 && y > 0) throw new RangeError(`Place ${i} has ${y} incidents and an area or population of 0: leave it out or give its size.`);
    count += y;
    exposure += size;
  }
  if (!(exposure > 0)) throw new RangeError('No place has any area or population: rates need something to divide by.');
  return { count, exposure };
}
