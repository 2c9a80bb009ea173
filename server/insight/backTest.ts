/** A rolling back-test decided: month by month, what would have been marked beforehand and what then happened there. */
import { cellNeighbours } from '../../geo/cellNeighbours.ts';
import type { CellCover } from '../../geo/cells.ts';
import { getisOrdStar } from '../../geo/getisOrd.ts';
import { type ForecastScore, scoreAtArea } from '../../geo/prediction.ts';
import { empiricalBayesRates } from '../../geo/smoothing.ts';
import { meanInterval, wilson } from './intervals.ts';
import { addMonths, monthsBetween, monthStretches } from '../hotspots/months.ts';
import type { BackTestMonth, Way, WayScore } from './contract.ts';

/** Changes whenever the same counts would give other figures. */
export const backTestVersion = 'back-test-1';

export const wayNames: Record<Way, { name: string; about: string }> = {
  smoothed: { name: 'Smoothed rate', about: 'Highest empirical-Bayes rate over the months before: the rank the service uses' },
  plain: { name: 'Plain count', about: 'Most incidents over the months before' },
  'gi-star': { name: 'Gi*', about: 'Highest Gi* over the months before' },
  'last-year': { name: 'Last year’s top list', about: 'Most incidents over the months before the first month tested, the list kept for a year' },
  chance: { name: 'Chance', about: 'What a blind choice of the same area catches on average' },
  hindsight: { name: 'Hindsight', about: 'The best that any choice of the same area could have caught, known only afterwards' },
};

export interface BackTestTask {
  /** Months to test, all of them, with data or without. */
  readonly months: readonly string[];
  /** Months every chosen source was imported for. */
  readonly held: ReadonlySet<string>;
  readonly trainMonths: number;
  readonly areaShare: number;
}

export interface BackTestFigures {
  readonly months: BackTestMonth[];
  readonly skipped: { month: string; why: string }[];
  readonly means: { way: Way; name: string; about: string; hitRate: number; pai: number; pei: number; ser: number; hitRateLow: number | null; hitRateHigh: number | null; less: number; lessLow: number | null; lessHigh: number | null }[];
}

/**
 * Tests each month on the months before it. `monthCounts` gives a month's incidents by cell of the cover. A month without data, without
 * incidents, or with a gap in the months to learn from is skipped with the reason. Ties are taken worst first.
 */
export function decideBackTest(cover: CellCover, monthCounts: (month: string) => Float64Array, task: BackTestTask): BackTestFigures {
  const neighbours = cellNeighbours(cover.cells);
  const learn = rememberLast((first: string) => sumOf(cover.cells.length, monthsBetween(first, addMonths(first, task.trainMonths - 1)).map(monthCounts)));
  const skipped: BackTestFigures['skipped'] = [];
  const months: BackTestMonth[] = [];
  let listMade: string | undefined;
  for (const month of task.months) {
    const why = whySkipped(month, monthCounts, task);
    if (why) {
      skipped.push({ month, why });
      continue;
    }
    if (!listMade || month >= addMonths(listMade, 12)) listMade = month;
    const first = addMonths(month, -task.trainMonths);
    const sums = learn(first);
    const observed = monthCounts(month);
    const forecasts = {
      smoothed: empiricalBayesRates(sums, cover.areasKm2).estimates, plain: sums, 'gi-star': getisOrdStar(sums, neighbours),
      'last-year': learn(addMonths(listMade, -task.trainMonths)),
    };
    months.push({
      month, n: total(observed), learntFrom: first, learntTo: addMonths(month, -1), learntOn: total(sums),
      scores: scoresOf(forecasts, observed, cover.areasKm2, task.areaShare),
    });
  }
  return { months, skipped, means: meansOf(months) };
}

function whySkipped(month: string, monthCounts: (month: string) => Float64Array, { held, trainMonths }: BackTestTask): string | undefined {
  if (!held.has(month)) return 'no data for the month';
  const missing = monthsBetween(addMonths(month, -trainMonths), addMonths(month, -1)).filter((one) => !held.has(one));
  if (missing.length > 0) return `no data to learn from for ${monthStretches(missing)}`;
  return total(monthCounts(month)) === 0 ? 'no incidents in the month' : undefined;
}

function scoresOf(forecasts: Record<'smoothed' | 'plain' | 'gi-star' | 'last-year', Float64Array>, observed: Float64Array, areasKm2: Float64Array, areaShare: number): WayScore[] {
  const score = (predicted: Float64Array): ForecastScore => scoreAtArea({ predicted, observed, areasKm2 }, areaShare);
  const n = total(observed);
  const scores = Object.entries(forecasts).map(([way, predicted]) => written(way as Way, score(predicted), n));
  const hindsight = score(observed.map((count, i) => count / (areasKm2[i] as number)));
  return [...scores, written('chance', blind(hindsight, n), n), written('hindsight', hindsight, n)];
}

function written(way: Way, { places, ...rest }: ForecastScore, n: number): WayScore {
  const { low, high } = wilson(rest.hits, n);
  return { way, name: wayNames[way].name, cells: places, ...rest, hitRateLow: low, hitRateHigh: high };
}

/** A blind choice of as large an area: it catches the area's share of the incidents on average. */
function blind(best: ForecastScore, incidents: number): ForecastScore {
  const hits = incidents * best.areaShare;
  return { ...best, hits, hitRate: best.areaShare, pai: 1, pei: best.hits > 0 ? Math.min(1, (hits / best.hits) * best.pei) : 0, ser: best.hits > 0 ? (best.ser * hits) / best.hits : 0 };
}

function meansOf(months: readonly BackTestMonth[]): BackTestFigures['means'] {
  const ways = months[0]?.scores.map((score) => score.way) ?? [];
  const smoothed = months.flatMap((month) => month.scores.filter((score) => score.way === 'smoothed'));
  return ways.map((way) => {
    const scores = months.flatMap((month) => month.scores.filter((score) => score.way === way));
    const mean = (pick: (score: WayScore) => number): number => scores.reduce((sum, score) => sum + pick(score), 0) / scores.length;
    const differences = scores.map((score, at) => score.hitRate - (smoothed[at]?.hitRate ?? NaN));
    const [own, less] = [meanInterval(scores.map((score) => score.hitRate)), meanInterval(differences)];
    return {
      way, ...wayNames[way], hitRate: mean((one) => one.hitRate), hitRateLow: own.low, hitRateHigh: own.high, less: less.mean, lessLow: less.low, lessHigh: less.high, pai: mean((one) => one.pai), pei: mean((one) => one.pei), ser: mean((one) => one.ser),
    };
  });
}

function sumOf(cells: number, months: readonly Float64Array[]): Float64Array {
  const sums = new Float64Array(cells);
  for (const counts of months) counts.forEach((count, i) => (sums[i] = (sums[i] as number) + count));
  return sums;
}

const total = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count, 0);

function rememberLast(make: (key: string) => Float64Array): (key: string) => Float64Array {
  const known = new Map<string, Float64Array>();
  return (key) => {
    const value = known.get(key) ?? make(key);
    known.set(key, value);
    return value;
  };
}
