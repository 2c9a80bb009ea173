/** An analysis decided: counts over a study area become ranked cells with their evidence. Pure: counts in, rows out. */
import { type CellCover, countByCell } from '../../geo/cells.ts';
import { analyseCells } from '../../geo/hotCells.ts';
import { empiricalBayesRates } from '../../geo/smoothing.ts';
import { canonicalHash } from '../canonical.ts';
import type { AnalysisFigures, AnalysisParameters } from './contract.ts';
import type { IncidentFilter } from './incidentFilter.ts';
import { type CellTotal, type CountedCell, mergeCells } from './mapView.ts';
import { commonestName } from './placeNames.ts';
import { countsOf, totalsOf } from './provenance.ts';
import { type RankInterval, rankIntervals } from './rankIntervals.ts';

/** Changes whenever the same counts would give other figures. */
export const methodVersion = 'hot-cells-2';

/** A cell's place names, wards and different points, from the incidents themselves. */
export interface CellDetail {
  readonly names: readonly { name: string; n: number }[];
  readonly wardCode: string | null;
  readonly points: number;
}

export interface AnalysisInput {
  readonly parameters: AnalysisParameters;
  readonly filter: IncidentFilter;
  readonly cover: CellCover;
  readonly cellTotals: readonly CellTotal[];
  readonly details: ReadonlyMap<string, CellDetail>;
  readonly generalNames: ReadonlySet<string>;
}

export interface RankedCell {
  readonly rank: number;
  readonly cell: string;
  readonly councilCode: string;
  readonly wardCode: string | null;
  readonly place: string;
  readonly n: number;
  readonly weighted: number;
  readonly areaKm2: number;
  readonly rate: number;
  readonly rateLow: number;
  readonly rateHigh: number;
  readonly smoothedRate: number;
  readonly z: number;
  readonly p: number;
  readonly falseDiscovery: boolean;
  readonly neighbourOnly: boolean;
  readonly candidate: boolean;
  readonly points: number;
  readonly rankLow: number | null;
  readonly rankHigh: number | null;
}

export interface Decided {
  readonly figures: AnalysisFigures;
  /** Cells with incidents, and cells flagged hot by their neighbours alone, by rank. */
  readonly cells: readonly RankedCell[];
  readonly hash: string;
}

/**
 * Ranks the cells of the study area by empirical-Bayes rate, with Gi*, false-discovery control, Garwood intervals and the candidate rule.
 * Incidents in a chosen council whose cell is not in the cover count as outside, so that in = mapped + outside + withoutPlace + excluded holds.
 * Weighted counts stand beside; intervals, Gi* and the candidate rule need whole incidents and never see them.
 * The hash covers parameters, method, study area and counts: what decides the result, whenever it was imported.
 */
export function decideAnalysis(input: AnalysisInput): Decided {
  const { parameters, filter, cover } = input;
  const counted = mergeCells(input.cellTotals, filter.councils);
  const { counts, outside } = countByCell(cover, counted.map((one) => one.cell), counted.map((one) => one.n));
  const found = analyseCells({
    cover, counts, windowMonths: filter.months.length, minimumPerYear: parameters.minimumPerYear, ...(parameters.fewest === undefined ? {} : { fewest: parameters.fewest }), falseDiscoveryRate: parameters.falseDiscoveryRate,
  });
  const totals = countsOf(totalsOf(input.cellTotals), filter.councils);
  const cells = rankedCells(input, counted, counts, found);
  const sum = (flags: Uint8Array): number => flags.reduce((total, flag) => total + flag, 0);
  const figures: AnalysisFigures = {
    in: totals.in, mapped: totals.mapped - outside, outside: totals.outside + outside, withoutPlace: totals.withoutPlace, excluded: totals.excluded,
    months: filter.months.length, missingMonths: [...filter.missingMonths],
    cells: cover.cells.length, cellsWithIncidents: counts.reduce((total, n) => total + (n > 0 ? 1 : 0), 0), areaKm2: found.areaKm2,
    meanRate: found.meanRate, minimumCount: found.minimumCount,
    hotCells: sum(found.hot), neighbourOnly: sum(found.neighbourOnly), candidates: sum(found.candidate),
  };
  const decidedBy = { parameters, methodVersion, months: filter.months, studyArea: canonicalHash(cover.cells), counts: counted.map(({ cell, n }) => [cell, n]), totals };
  return { figures, cells, hash: canonicalHash(decidedBy) };
}

/** Ranks of the cells with incidents over many worlds; cells without are not told apart from each other. */
function intervalsOf({ parameters, cover }: AnalysisInput, counts: Float64Array): ReadonlyMap<number, RankInterval> {
  const busy = [...counts.keys()].filter((index) => (counts[index] ?? 0) > 0);
  const at = (values: Float64Array) => Float64Array.from(busy, (index) => values[index] ?? 0);
  const found = rankIntervals(at(counts), at(cover.areasKm2), empiricalBayesRates(counts, cover.areasKm2), { seed: parameters.seed ?? 0, draws: parameters.rankDraws ?? 0 });
  return new Map(found?.map((interval, k) => [busy[k] ?? -1, interval]));
}

function rankedCells(input: AnalysisInput, counted: readonly CountedCell[], counts: Float64Array, found: ReturnType<typeof analyseCells>): RankedCell[] {
  const councils = new Map(counted.map((one) => [one.cell, one.councilCode]));
  const weights = new Map(counted.map((one) => [one.cell, one.weighted]));
  const intervals = intervalsOf(input, counts);
  const at = (values: Float64Array, index: number): number => values[index] ?? 0;
  return [...found.order].filter((index) => at(counts, index) > 0 || found.hot[index] === 1).map((index) => {
    const cell = input.cover.cells[index] ?? '';
    const detail = input.details.get(cell);
    return {
      rank: found.rank[index] ?? 0, cell, councilCode: councils.get(cell) ?? '', wardCode: detail?.wardCode ?? null,
      place: commonestName(detail?.names ?? [], input.generalNames), n: at(counts, index), weighted: weights.get(cell) ?? 0,
      areaKm2: at(input.cover.areasKm2, index),
      rate: at(found.rates, index), rateLow: at(found.lowerRates, index), rateHigh: at(found.upperRates, index), smoothedRate: at(found.smoothedRates, index),
      z: at(found.giStar, index), p: at(found.ps, index),
      falseDiscovery: found.hot[index] === 1, neighbourOnly: found.neighbourOnly[index] === 1, candidate: found.candidate[index] === 1,
      points: detail?.points ?? 0, rankLow: intervals.get(index)?.low ?? null, rankHigh: intervals.get(index)?.high ?? null,
    };
  });
}
