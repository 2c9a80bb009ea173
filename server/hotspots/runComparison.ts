/** Two analysis runs beside one another: what was asked differently, what data differed, which ranks moved and why. Pure. */
import type { Analysis, HotCell } from './contract.ts';
import type { ComparedCell, Comparison } from './runsContract.ts';
import { monthStretches } from './months.ts';
import { whole } from './words.ts';

export interface RunSide {
  readonly run: Analysis;
  readonly cells: readonly HotCell[];
}

/** |z| above this is more than chance (Poisson counts; one false alarm in 370). */
const telling = 3;

/** Compares the first run with the second; cells are matched by their H3 index, so runs with cells of different size have none in common and say so. */
export function compareRuns(first: RunSide, second: RunSide): Comparison {
  const notComparable = first.run.parameters.resolution === second.run.parameters.resolution ? null
    : `The first run has cells of resolution ${first.run.parameters.resolution} and the second of ${second.run.parameters.resolution}: no cell of one is a cell of the other. Compare runs with cells of the same size.`;
  const cells = notComparable ? [] : comparedCells(first, second);
  const counts = countsOf(cells);
  const same = first.run.hash === second.run.hash;
  return { same, says: wordsOf(first.run, second.run, same, counts, notComparable), notComparable, parameters: parameterRows(first.run, second.run), data: dataRows(first.run, second.run), cells, counts };
}

const parameterNames: Record<string, string> = {
  from: 'From', to: 'To', resolution: 'Resolution', councils: 'Councils', categories: 'Categories', sources: 'Sources', minimumPerYear: 'Least incidents a year',
  falseDiscoveryRate: 'False-discovery rate', seed: 'Seed', rankDraws: 'Draws behind rank intervals', fewest: 'Least incidents in all', weights: 'Weights', methodVersion: 'Method',
};

function parameterRows(first: Analysis, second: Analysis): Comparison['parameters'] {
  const [a, b]: Record<string, unknown>[] = [{ ...first.parameters, methodVersion: first.methodVersion }, { ...second.parameters, methodVersion: second.methodVersion }];
  const names = [...new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])];
  return names.map((name) => {
    const [one, other] = [written(a?.[name]), written(b?.[name])];
    return { name: parameterNames[name] ?? name, first: one, second: other, differs: one !== other };
  });
}

function written(value: unknown): string {
  if (value === undefined) return 'not set';
  if (Array.isArray(value)) return value.map((one) => (typeof one === 'object' ? JSON.stringify(one) : String(one))).join(', ');
  return String(value);
}

function dataRows(first: Analysis, second: Analysis): Comparison['data'] {
  const months = (run: Analysis) => new Map(run.dataVintage.months.map(({ source, month, importId }) => [`${source} ${month}`, importId]));
  const [a, b] = [months(first), months(second)];
  const missing = (from: Map<string, string>, to: Map<string, string>): string[] => bySource([...from.keys()].filter((key) => !to.has(key)));
  return { onlyFirst: missing(a, b), onlySecond: missing(b, a), cameAgain: bySource([...a].filter(([key, importId]) => b.has(key) && b.get(key) !== importId).map(([key]) => key)) };
}

/** `police 2023-01`, `police 2023-02` -> `police 2023-01 to 2023-02`. */
function bySource(keys: readonly string[]): string[] {
  const months = new Map<string, string[]>();
  for (const key of keys) {
    const [source, month] = [key.slice(0, -8), key.slice(-7)];
    months.set(source, [...(months.get(source) ?? []), month]);
  }
  return [...months].sort(([a], [b]) => (a < b ? -1 : 1)).map(([source, own]) => `${source} ${monthStretches(own)}`);
}

function comparedCells(first: RunSide, second: RunSide): ComparedCell[] {
  const others = new Map(second.cells.map((cell) => [cell.cell, cell]));
  const known = new Set(first.cells.map((cell) => cell.cell));
  const pairs = [...first.cells.map((cell) => [cell, others.get(cell.cell)] as const), ...second.cells.filter((cell) => !known.has(cell.cell)).map((cell) => [undefined, cell] as const)];
  return pairs.flatMap(([a, b]) => {
    const either = b ?? a;
    if (!either) return [];
    const { cell, place, council, ward } = either;
    const change = a && b ? changeZ(a.n, first.run.figures.months, b.n, second.run.figures.months) : null;
    return [{ cell, place, council, ward, first: sideOf(a), second: sideOf(b), moved: a && b ? a.rank - b.rank : null, z: change, why: whyOf(a, b, change, first.run, second.run) }];
  });
}

function sideOf(cell: HotCell | undefined): ComparedCell['first'] {
  return cell ? { rank: cell.rank, rankLow: cell.rankLow, rankHigh: cell.rankHigh, n: cell.n, rate: cell.rate, smoothedRate: cell.smoothedRate, candidate: cell.candidate } : null;
}

/** z = 2(√now − √before) of counts over equal spans (Freeman & Tukey 1950); over spans of m and k months (√(now/k) − √(before/m)) over its standard error ½√(1/k + 1/m), which is √2 less. */
function changeZ(before: number, monthsBefore: number, now: number, monthsNow: number): number {
  return (Math.sqrt(now / monthsNow) - Math.sqrt(before / monthsBefore)) / (0.5 * Math.sqrt(1 / monthsNow + 1 / monthsBefore));
}

function whyOf(a: HotCell | undefined, b: HotCell | undefined, change: number | null, first: Analysis, second: Analysis): string {
  if (a && !b) return second.parameters.councils.includes(a.councilCode) ? `No incident in the second run, ${whole(a.n)} in the first.` : `${a.council} is not in the second run.`;
  if (b && !a) return first.parameters.councils.includes(b.councilCode) ? `No incident in the first run, ${whole(b.n)} in the second.` : `${b.council} is not in the first run.`;
  if (!a || !b) return '';
  const counts = `${whole(a.n)} to ${whole(b.n)} incidents`;
  const z = change ?? 0;
  const count = a.n === b.n ? `The same count, ${whole(a.n)}.` : Math.abs(z) > telling ? `${counts}, ${z > 0 ? 'more' : 'fewer'} than chance explains (z ${z.toFixed(1)}).` : `${counts}, within chance (z ${z.toFixed(1)}).`;
  if (a.rank === b.rank) return count;
  const rank = a.n === b.n ? ' Its rank moved because other cells’ did.' : '';
  return `${count}${rank}${overlap(a, b) ? ' The two ranks’ intervals overlap.' : ''}`;
}

function overlap(a: HotCell, b: HotCell): boolean {
  return a.rankLow !== null && a.rankHigh !== null && b.rankLow !== null && b.rankHigh !== null && a.rankLow <= b.rankHigh && b.rankLow <= a.rankHigh;
}

function countsOf(cells: readonly ComparedCell[]): Comparison['counts'] {
  const count = (fits: (cell: ComparedCell) => boolean): number => cells.filter(fits).length;
  return {
    both: count((one) => one.first !== null && one.second !== null), onlyFirst: count((one) => one.second === null), onlySecond: count((one) => one.first === null),
    candidatesKept: count((one) => one.first?.candidate === true && one.second?.candidate === true),
    candidatesNew: count((one) => one.first?.candidate !== true && one.second?.candidate === true),
    candidatesDropped: count((one) => one.first?.candidate === true && one.second?.candidate !== true),
    toldApart: count((one) => one.z !== null && Math.abs(one.z) > telling),
  };
}

function wordsOf(first: Analysis, second: Analysis, same: boolean, counts: Comparison['counts'], notComparable: string | null): string {
  if (same) return 'Both runs have the same hash: the same parameters on the same data gave the same figures.';
  if (notComparable) return notComparable;
  return `${whole(first.figures.mapped)} incidents in the first run, ${whole(second.figures.mapped)} in the second. Of ${whole(counts.both)} cells in both, ${whole(counts.toldApart)} changed by more than chance explains. `
    + `Candidates: ${whole(counts.candidatesKept)} in both, ${whole(counts.candidatesNew)} only in the second, ${whole(counts.candidatesDropped)} only in the first.`;
}
