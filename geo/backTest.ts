import { scoreAtArea } from './prediction.ts';
import type { ForecastScore } from './prediction.ts';

/** Makes a forecast a place from the counts of the training periods (places × periods, row by row) and their sums. */
export type Forecaster = (training: { sums: Float64Array; counts: Float64Array; periods: number }) => ArrayLike<number>;

/** What to test and on what. */
export interface BackTestInput {
  /** Incidents, places × periods, row by row. */
  counts: ArrayLike<number>;
  /** Equal periods, oldest first (months, as a rule). */
  periods: number;
  areasKm2: ArrayLike<number>;
  /** How many periods to learn from and how many to test on; 12 and 1 unless told. */
  trainPeriods?: number;
  testPeriods?: number;
  /** The share of the area chosen; 0.01 unless told. */
  areaShare?: number;
  /** The ways to choose, by name. */
  forecasters: Readonly<Record<string, Forecaster>>;
}

/** One round of the back-test: the first test period and each way's score. */
export interface BackTestRound {
  testStart: number;
  scores: Record<string, ForecastScore>;
}

/** All rounds, and each way's average; `chance` is what a blind choice of the same area catches on average. */
export interface BackTestResult {
  rounds: BackTestRound[];
  meanHitRate: Record<string, number>;
  meanPai: Record<string, number>;
  meanPei: Record<string, number>;
  chance: { hitRate: number; pai: 1 };
}

/** The yardstick every other way must beat: the busiest places of the training periods again ("last year's top N"). */
export const lastYearsTop: Forecaster = ({ sums }) => sums;

/**
 * Rolling back-test: learn from `trainPeriods`, choose a share of the area, see what the next `testPeriods` bring, move on by that much.
 * The `lastYearsTop` yardstick is always among the results. Throws when the counts do not fit or are too few for one round.
 */
export function rollingBackTest(input: BackTestInput): BackTestResult {
  const { counts, periods, areasKm2, trainPeriods = 12, testPeriods = 1, areaShare = 0.01 } = input;
  const places = areasKm2.length;
  if (counts.length !== places * periods) throw new RangeError(`${counts.length} counts are not ${periods} periods for ${places} places: give places × periods.`);
  if (!(trainPeriods >= 1 && testPeriods >= 1 && trainPeriods + testPeriods <= periods)) throw new RangeError(`${periods} periods are too few to learn from ${trainPeriods} and test on ${testPeriods}: give more months or shorter ones.`);
  const forecasters = { "last year's top": lastYearsTop, ...input.forecasters };
  const rounds: BackTestRound[] = [];
  for (let start = trainPeriods; start + testPeriods <= periods; start += testPeriods) {
    const training = sliceOf(counts, places, periods, start - trainPeriods, start);
    const observed = sliceOf(counts, places, periods, start, start + testPeriods).sums;
    const scores = Object.entries(forecasters).map(([name, forecast]) => [name, scoreAtArea({ predicted: forecast(training), observed, areasKm2 }, areaShare)] as const);
    rounds.push({ testStart: start, scores: Object.fromEntries(scores) });
  }
  return { rounds, ...averages(rounds, Object.keys(forecasters)), chance: { hitRate: areaShare, pai: 1 } };
}

function sliceOf(counts: ArrayLike<number>, places: number, periods: number, from: number, to: number): { sums: Float64Array; counts: Float64Array; periods: number } {
  const width = to - from;
  const part = Float64Array.from({ length: places * width }, (_, at) => counts[Math.floor(at / width) * periods + from + (at % width)] as number);
  const sums = Float64Array.from({ length: places }, (_, place) => part.subarray(place * width, (place + 1) * width).reduce((sum, count) => sum + count, 0));
  return { sums, counts: part, periods: width };
}

function averages(rounds: BackTestRound[], names: string[]): Pick<BackTestResult, 'meanHitRate' | 'meanPai' | 'meanPei'> {
  const mean = (pick: (score: ForecastScore) => number): Record<string, number> =>
    Object.fromEntries(names.map((name) => [name, rounds.reduce((sum, { scores }) => sum + pick(scores[name] as ForecastScore), 0) / rounds.length]));
  return { meanHitRate: mean(({ hitRate }) => hitRate), meanPai: mean(({ pai }) => pai), meanPei: mean(({ pei }) => pei) };
}
