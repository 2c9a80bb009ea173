/** What choosing places by a forecast caught. */
export interface ForecastScore {
  /** Places chosen and their share of the area. */
  places: number;
  areaShare: number;
  /** Incidents caught, and their share of all (n/N). */
  hits: number;
  hitRate: number;
  /** Predictive accuracy index, (n/N)/(a/A) (Chainey, Tompson & Uhlig 2008); 0 when there was nothing to catch. */
  pai: number;
  /** PAI over the PAI of the best choice of the same area (Hunt 2016), 0 to 1; 0 when there was nothing to catch. */
  pei: number;
  /** Search efficiency rate: incidents caught per km² chosen (Bowers, Johnson & Pease 2004). */
  ser: number;
}

/** A forecast and what then happened: one entry a place in each; areas in km². */
export interface Forecast {
  predicted: ArrayLike<number>;
  observed: ArrayLike<number>;
  areasKm2: ArrayLike<number>;
}

/** Scores after choosing the best 1, 2, 3 … places of a forecast, ties taken worst first, so that a tie can never flatter it. */
export function forecastScores(forecast: Forecast): ForecastScore[] {
  return scoresAlong(forecast, choiceOrder(forecast));
}

/** The score of the forecast's best places within a share of the area (0.01 = 1 %), at least one place. */
export function scoreAtArea(forecast: Forecast, areaShare: number): ForecastScore {
  if (!(areaShare > 0 && areaShare <= 1)) throw new RangeError(`A share of ${areaShare} of the area cannot be chosen: give more than 0 and at most 1.`);
  const scores = forecastScores(forecast);
  return scores.findLast((score) => score.areaShare <= areaShare * (1 + 1e-12)) ?? (scores[0] as ForecastScore);
}

/** Places by falling forecast; within a tie those with the fewest incidents per km² first, then by index. */
function choiceOrder({ predicted, observed, areasKm2 }: Forecast): Int32Array {
  const n = predicted.length;
  if (n === 0 || observed.length !== n || areasKm2.length !== n) throw new RangeError(`A forecast of ${n} places cannot be scored against ${observed.length} counts and ${areasKm2.length} areas: give one of each a place.`);
  for (let i = 0; i < n; i++) {
    if (!((areasKm2[i] as number) > 0 && (observed[i] as number) >= 0) || Number.isNaN(predicted[i])) throw new RangeError(`Place ${i} has forecast ${predicted[i]}, count ${observed[i]} and area ${areasKm2[i]} km²: a score needs numbers, counts of 0 or more and areas above 0.`);
  }
  const density = (i: number): number => (observed[i] as number) / (areasKm2[i] as number);
  return Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => (predicted[b] as number) - (predicted[a] as number) || density(a) - density(b) || a - b);
}

function scoresAlong({ observed, areasKm2 }: Forecast, order: Int32Array): ForecastScore[] {
  const sum = (values: ArrayLike<number>): number => order.reduce((total, i) => total + (values[i] as number), 0);
  const [all, area] = [sum(observed), sum(areasKm2)];
  const best = bestWithin({ observed, areasKm2 }, order);
  let hits = 0;
  let chosen = 0;
  return Array.from(order, (place, i) => {
    hits += observed[place] as number;
    chosen += areasKm2[place] as number;
    const hitRate = all > 0 ? hits / all : 0;
    const most = best(chosen);
    return { places: i + 1, areaShare: chosen / area, hits, hitRate, pai: hitRate / (chosen / area), pei: most > 0 ? Math.min(1, hits / most) : 0, ser: hits / chosen };
  });
}

/** The most incidents any choice of so many km² could have caught: densest places first, the last one in part. Ask for growing areas. */
function bestWithin({ observed, areasKm2 }: Omit<Forecast, 'predicted'>, places: Int32Array): (km2: number) => number {
  const density = (i: number): number => (observed[i] as number) / (areasKm2[i] as number);
  const densest = places.toSorted((a, b) => density(b) - density(a));
  let next = 0;
  let caught = 0;
  let used = 0;
  return (km2) => {
    while (next < densest.length && used + (areasKm2[densest[next] as number] as number) <= km2 * (1 + 1e-12)) {
      caught += observed[densest[next] as number] as number;
      used += areasKm2[densest[next] as number] as number;
      next++;
    }
    const part = next < densest.length ? Math.max(0, km2 - used) * density(densest[next] as number) : 0;
    return caught + part;
  };
}
