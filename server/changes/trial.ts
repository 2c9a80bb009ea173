/** A set tried on a year of data: what it would have caught, beside last year's top list, the rule a year earlier and chance. Pure. */
import { type CellCover, coverArea } from '../../geo/cells.ts';
import { type AreaShape, polygonsOf } from '../../geo/shapes.ts';
import { empiricalBayesRates } from '../../geo/smoothing.ts';
import { type TrialResult, tryPlaces } from '../../geo/trial.ts';
import type { CellMonth } from '../insight/figures.ts';
import type { TrialScore } from './contract.ts';

export interface TrialTask {
  readonly shapes: readonly AreaShape[];
  readonly resolution: number;
  readonly counts: readonly CellMonth[];
  /** Months tried on, and those learnt from (the same number before them, as far as held). */
  readonly months: readonly string[];
  readonly learnt: readonly string[];
  readonly proposed: readonly string[];
  /** The agreed set as it is: its area and its incidents, one entry a month tried on; null when there is none. */
  readonly agreed: { readonly places: number; readonly areaKm2: number; readonly hits: readonly number[] } | null;
  readonly draws: number;
  readonly seed: string;
}

export interface TrialAnswer {
  readonly n: number;
  readonly areaKm2: number;
  readonly scores: TrialScore[];
  /** Chosen cells that are not in the area any more. */
  readonly unknownCells: number;
}

export const setWords: Record<TrialScore['set'], { name: string; about: string }> = {
  proposed: { name: 'The proposed set', about: 'The candidates chosen, as they are' },
  agreed: { name: 'The agreed set', about: 'The hotspots as agreed today' },
  'last-year': { name: 'Last year’s top list', about: 'The busiest cells of the year before the months tried on, as much area as the proposed set' },
  rule: { name: 'The rule, a year earlier', about: 'The highest smoothed rates of the year before the months tried on, as much area: how such a choice does on months it has not seen' },
  chance: { name: 'Chance', about: 'What a blind choice of as much area catches on average' },
  hindsight: { name: 'Hindsight', about: 'The best any choice of as much area could have caught' },
};

/** Covers the area, counts by cell and month, and scores every set on the same months. Throws in words when no chosen cell is in the area. */
export function decideTrial(task: TrialTask): TrialAnswer {
  const cover = coverArea({ type: 'MultiPolygon', coordinates: task.shapes.flatMap((shape) => polygonsOf(shape)) }, task.resolution);
  const counts = countsOf(cover, task.counts, task.months);
  const proposed = cellSet(cover, task.proposed);
  const areaKm2 = sum(proposed.map((at) => cover.areasKm2[at] ?? 0));
  const sums = sumsOf(cover, task.counts, task.learnt);
  const learnt = task.learnt.length > 0;
  const chosen: { set: TrialScore['set']; members: number[] }[] = [
    { set: 'proposed', members: proposed },
    ...(learnt ? [{ set: 'last-year' as const, members: topOf(cover, sums, areaKm2) }, { set: 'rule' as const, members: topOf(cover, empiricalBayesRates(sums, cover.areasKm2).estimates, areaKm2) }] : []),
  ];
  const sets = chosen.map(({ members }) => ({ areaKm2: sum(members.map((at) => cover.areasKm2[at] ?? 0)), hits: hitsOf(members, counts, task.months.length) }));
  const all = task.agreed ? [...sets, task.agreed] : sets;
  const results = tryPlaces({ sets: all, counts, periods: task.months.length, areasKm2: cover.areasKm2, draws: task.draws, seed: task.seed });
  const named = [...chosen.map(({ set, members }) => ({ set, places: members.length })), ...(task.agreed ? [{ set: 'agreed' as const, places: task.agreed.places }] : [])];
  const scores = named.map(({ set, places }, k) => scoreOf(set, places, all[k]?.areaKm2 ?? 0, results[k] as TrialResult, results[0] as TrialResult));
  const n = sum(counts);
  return { n, areaKm2: sum(cover.areasKm2), scores: [...scores, ...yardsticks(scores[0] as TrialScore, n)], unknownCells: task.proposed.length - proposed.length };
}

function scoreOf(set: TrialScore['set'], places: number, areaKm2: number, { intervals, ...score }: TrialResult, first: TrialResult): TrialScore {
  const own = set === 'proposed';
  return {
    set, ...setWords[set], places, areaKm2, ...score,
    hitRateInterval: intervals?.hitRate ?? null, paiInterval: intervals?.pai ?? null, peiInterval: intervals?.pei ?? null,
    paiDifference: own ? null : score.pai - first.pai, paiDifferenceInterval: own ? null : (intervals?.paiDifference ?? null),
  };
}

/** Chance and hindsight for as much area as the proposed set has. */
function yardsticks(proposed: TrialScore, n: number): TrialScore[] {
  const best = proposed.pei > 0 ? proposed.hits / proposed.pei : 0;
  const row = (set: 'chance' | 'hindsight', hits: number): TrialScore => ({
    ...proposed, set, ...setWords[set], hits, hitRate: n > 0 ? hits / n : 0, pai: n > 0 ? hits / n / proposed.areaShare : 0, pei: best > 0 ? Math.min(1, hits / best) : 0,
    hitRateInterval: null, paiInterval: null, peiInterval: null, paiDifference: n > 0 ? hits / n / proposed.areaShare - proposed.pai : 0, paiDifferenceInterval: null,
  });
  return [row('chance', n * proposed.areaShare), ...(best > 0 ? [row('hindsight', best)] : [])];
}

/** The best cells by a value, as much area as wanted: the last one taken as a whole when it brings the area nearer. */
function topOf(cover: CellCover, values: ArrayLike<number>, areaKm2: number): number[] {
  const order = cover.cells.map((_, at) => at).sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
  const members: number[] = [];
  let left = areaKm2;
  for (const at of order) {
    const km2 = cover.areasKm2[at] ?? 0;
    if (members.length > 0 && km2 / 2 > left) break;
    members.push(at);
    left -= km2;
  }
  return members;
}

function cellSet(cover: CellCover, cells: readonly string[]): number[] {
  return [...new Set(cells)].flatMap((cell) => cover.position.get(cell) ?? []);
}

function countsOf(cover: CellCover, rows: readonly CellMonth[], months: readonly string[]): Float64Array {
  const column = new Map(months.map((month, k) => [month, k]));
  const counts = new Float64Array(cover.cells.length * months.length);
  for (const { cell, month, n } of rows) {
    const [at, k] = [cover.position.get(cell), column.get(month)];
    if (at !== undefined && k !== undefined) counts[at * months.length + k] = (counts[at * months.length + k] ?? 0) + n;
  }
  return counts;
}

function sumsOf(cover: CellCover, rows: readonly CellMonth[], months: readonly string[]): Float64Array {
  const wanted = new Set(months);
  const sums = new Float64Array(cover.cells.length);
  for (const { cell, month, n } of rows) {
    const at = cover.position.get(cell);
    if (at !== undefined && wanted.has(month)) sums[at] = (sums[at] ?? 0) + n;
  }
  return sums;
}

function hitsOf(members: readonly number[], counts: Float64Array, periods: number): Float64Array {
  return Float64Array.from({ length: periods }, (_, k) => sum(members.map((at) => counts[at * periods + k] ?? 0)));
}

const sum = (values: ArrayLike<number>): number => {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
};
