/** One step of the 80-20 curve: this share of places (the busiest first) holds this share of incidents; both 0 to 1. */
export interface ConcentrationPoint {
  placeShare: number;
  incidentShare: number;
}

/** How unevenly incidents fall on places. */
export interface Concentration {
  places: number;
  incidents: number;
  /** Gini coefficient, 0 even to near 1 all in one place. */
  gini: number;
  /** G′, the same against the most even spread that so few incidents allow. */
  giniSparse: number;
  /** The least share of places that holds half of the incidents. */
  shareForHalf: number;
  /** The curve from (0, 0) to (1, 1), at most `points` steps. */
  curve: ConcentrationPoint[];
}

/**
 * Concentration of incidents over places (one count each, places with none included): G = 2Σ i·x(i)/(nΣx) − (n+1)/n with x ascending, and
 * G′ = max(1, n/N)(G − 1) + 1 for fewer incidents than places (Bernasco & Steenbeek 2017, J. Quantitative Criminology 33:451-467).
 * No incidents give 0 throughout. Throws on no places or a count below 0.
 */
export function concentration(counts: ArrayLike<number>, points = 200): Concentration {
  const ascending = Float64Array.from(counts).sort();
  const n = ascending.length;
  if (n === 0) throw new RangeError('There are no places: concentration needs at least one, with 0 where nothing happened.');
  if (!((ascending[0] as number) >= 0 && Number.isFinite(ascending[n - 1] as number))) throw new RangeError('A place has a count that is below 0 or not a number: counts are 0 or more.');
  let total = 0;
  let ranked = 0;
  ascending.forEach((count, i) => {
    total += count;
    ranked += (i + 1) * count;
  });
  if (total === 0) return { places: n, incidents: 0, gini: 0, giniSparse: 0, shareForHalf: 0, curve: [] };
  const gini = (2 * ranked) / (n * total) - (n + 1) / n;
  const descending = ascending.reverse();
  return { places: n, incidents: total, gini, giniSparse: Math.max(1, n / total) * (gini - 1) + 1, shareForHalf: shareHolding(descending, total, 0.5), curve: curveOf(descending, total, points) };
}

function shareHolding(descending: Float64Array, total: number, share: number): number {
  let held = 0;
  let places = 0;
  while (held < share * total * (1 - 1e-12)) held += descending[places++] as number;
  return places / descending.length;
}

function curveOf(descending: Float64Array, total: number, points: number): ConcentrationPoint[] {
  const every = Math.max(1, Math.ceil(descending.length / points));
  const curve: ConcentrationPoint[] = [{ placeShare: 0, incidentShare: 0 }];
  let held = 0;
  descending.forEach((count, i) => {
    held += count;
    if ((i + 1) % every === 0 || i + 1 === descending.length) curve.push({ placeShare: (i + 1) / descending.length, incidentShare: i + 1 === descending.length ? 1 : held / total });
  });
  return curve;
}
