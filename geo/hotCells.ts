import type { CellCover } from './cells.ts';
import { adjustedPs, neighbourOnly } from './falseDiscovery.ts';
import { getisOrdStar } from './getisOrd.ts';
import { cellNeighbours } from './cellNeighbours.ts';
import type { Adjacency } from './neighbours.ts';
import { twoSidedPs } from './normal.ts';
import { garwoodIntervals } from './smallNumbers.ts';
import { empiricalBayesRates } from './smoothing.ts';

/** What the analysis of one area and period starts from. */
export interface CellAnalysisInput {
  cover: CellCover;
  /** Incidents in the window for each cell of the cover, zeros included (weighted counts allowed). */
  counts: ArrayLike<number>;
  /** Length of the window in months: rates are given per year and the minimum is scaled to it. */
  windowMonths: number;
  /** Incidents a year a candidate needs; 12 unless told. A window under a year asks for its share of them, but never for under `fewest`. */
  minimumPerYear?: number;
  /** One incident of one month may lie above a quiet area's mean: fewer than this are no pattern, however short the window; 5 unless told. */
  fewest?: number;
  /** False-discovery rate of the hot flag; 0.05 unless told. */
  falseDiscoveryRate?: number;
  /** Neighbours with self, when they are already known for this cover. */
  neighbours?: Adjacency;
}

/** One entry a cell in every array, in the order of the cover. Rates are incidents per km² per year. */
export interface CellAnalysis {
  total: number;
  areaKm2: number;
  /** The whole area's rate. */
  meanRate: number;
  /** Incidents in the window a candidate needs at least. */
  minimumCount: number;
  rates: Float64Array;
  smoothedRates: Float64Array;
  /** Garwood's 95 % interval of the count, as rates. */
  lowerRates: Float64Array;
  upperRates: Float64Array;
  giStar: Float64Array;
  ps: Float64Array;
  adjustedPs: Float64Array;
  /** 1 where Gi* is high and survives false-discovery control. */
  hot: Uint8Array;
  /** 1 where a hot cell has no incident of its own. */
  neighbourOnly: Uint8Array;
  /** 1 where the count reaches the minimum and the interval's lower end lies above the area's rate. */
  candidate: Uint8Array;
  /** Cells from highest to lowest smoothed rate (indices into the cover); ties by count, then by id. */
  order: Int32Array;
  /** Each cell's place in that order, from 1. */
  rank: Int32Array;
  neighbours: Adjacency;
}

/**
 * The whole analysis of an area: rates by each cell's own area, Gi* with Benjamini-Hochberg, empirical-Bayes rates and rank, Garwood
 * intervals and the candidate rule. An area with no incident gives zeros and no hot cell or candidate. Throws when counts and cells differ
 * in number, a count is negative or not a number, or a cell has incidents and no area.
 */
export function analyseCells(input: CellAnalysisInput): CellAnalysis {
  const { cover, windowMonths, minimumPerYear = 12, fewest = 5, falseDiscoveryRate = 0.05 } = input;
  const counts = checkedCounts(input);
  const perYear = 12 / windowMonths;
  const minimumCount = Math.max(minimumPerYear / perYear, Math.min(minimumPerYear, fewest));
  const neighbours = input.neighbours ?? cellNeighbours(cover.cells);
  const smoothed = empiricalBayesRates(counts, cover.areasKm2);
  const giStar = getisOrdStar(counts, neighbours);
  const ps = twoSidedPs(giStar);
  const adjusted = adjustedPs(ps);
  const hot = Uint8Array.from(adjusted, (p, i) => (p <= falseDiscoveryRate && (giStar[i] as number) > 0 ? 1 : 0));
  const bounds = garwoodIntervals(counts);
  const rate = (count: number, i: number): number => ((cover.areasKm2[i] as number) > 0 ? (count * perYear) / (cover.areasKm2[i] as number) : 0);
  const lowerRates = Float64Array.from(bounds, ({ lower }, i) => rate(lower, i));
  const smoothedRates = smoothed.estimates.map((estimate) => estimate * perYear);
  const meanRate = smoothed.mean * perYear;
  const order = rankingOrder(smoothedRates, counts);
  return {
    total: counts.reduce((sum, count) => sum + count, 0),
    areaKm2: cover.areasKm2.reduce((sum, area) => sum + area, 0),
    meanRate,
    minimumCount,
    rates: counts.map(rate),
    smoothedRates,
    lowerRates,
    upperRates: Float64Array.from(bounds, ({ upper }, i) => rate(upper, i)),
    giStar,
    ps,
    adjustedPs: adjusted,
    hot,
    neighbourOnly: neighbourOnly(hot, counts),
    candidate: Uint8Array.from(counts, (count, i) => (count >= minimumCount && (lowerRates[i] as number) > meanRate ? 1 : 0)),
    order,
    rank: ranksOf(order),
    neighbours,
  };
}

function checkedCounts({ cover, counts, windowMonths }: CellAnalysisInput): Float64Array {
  if (counts.length !== cover.cells.length) throw new RangeError(`There are ${counts.length} counts for ${cover.cells.length} cells: give one a cell, 0 where nothing happened.`);
  if (!(windowMonths > 0)) throw new RangeError(`A window of ${windowMonths} months cannot be analysed: give at least one month.`);
  return Float64Array.from(counts);
}

/** Places by falling rate; ties by falling count, then by their own order. */
function rankingOrder(rates: Float64Array, counts: Float64Array): Int32Array {
  const order = Int32Array.from(rates, (_, i) => i);
  return order.sort((a, b) => (rates[b] as number) - (rates[a] as number) || (counts[b] as number) - (counts[a] as number) || a - b);
}

function ranksOf(order: Int32Array): Int32Array {
  const ranks = new Int32Array(order.length);
  order.forEach((cell, place) => {
    ranks[cell] = place + 1;
  });
  return ranks;
}
