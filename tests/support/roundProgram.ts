/** The round as an integer program with big-M times, solved by HiGHS: another way to the same best value. */
import { loadSolver } from '../../server/patrols/solver.ts';
import type { RoundProblem } from '../../server/rounds/roundProblem.ts';

interface Row {
  readonly lower: number;
  readonly upper: number;
  readonly terms: readonly (readonly [column: number, value: number])[];
}

/** The most prize a round can have, proved. Columns: an arc from place to place, then the start of each stop. */
export async function roundByProgram({ stops, travel, startAt, endBy, apart }: RoundProblem): Promise<number> {
  const n = stops.length;
  const [start, end, width] = [n, n + 1, n + 2];
  const arcs = Array.from({ length: width }, (_, from) => Array.from({ length: width }, (_, to) => [from, to] as const)).flat()
    .filter(([from, to]) => from !== to && from !== end && to !== start && (from === start || to === end || stops[from]!.opens + stops[from]!.minutes + travel[from * width + to]! <= stops[to]!.closes));
  const column = new Map(arcs.map(([from, to], index) => [from * width + to, index]));
  const arc = (from: number, to: number): number => column.get(from * width + to)!;
  const time = (stop: number): number => arcs.length + stop;
  const into = (stop: number): (readonly [number, number])[] => arcs.filter(([, to]) => to === stop).map(([from]) => [arc(from, stop), 1] as const);
  const big = endBy + 400;
  const rows: Row[] = [
    { lower: 1, upper: 1, terms: arcs.filter(([from]) => from === start).map(([, to]) => [arc(start, to), 1] as const) },
    { lower: 1, upper: 1, terms: into(end) },
  ];
  for (let stop = 0; stop < n; stop++) {
    const { opens, closes, after } = stops[stop]!;
    const out = arcs.filter(([from]) => from === stop).map(([, to]) => [arc(stop, to), -1] as const);
    rows.push({ lower: 0, upper: 0, terms: [...into(stop), ...out] }, { lower: 0, upper: 1, terms: into(stop) });
    rows.push({ lower: 0, upper: Infinity, terms: [[time(stop), 1], ...into(stop).map(([each]) => [each, -opens] as const)] });
    rows.push({ lower: -Infinity, upper: big, terms: [[time(stop), 1], ...into(stop).map(([each]) => [each, big - closes] as const)] });
    if (after === undefined) continue;
    rows.push({ lower: -Infinity, upper: 0, terms: [...into(stop), ...into(after).map(([each]) => [each, -1] as const)] });
    rows.push({ lower: stops[after]!.minutes + apart - big, upper: Infinity, terms: [[time(stop), 1], [time(after), -1], ...into(stop).map(([each]) => [each, -big] as const)] });
  }
  for (const [from, to] of arcs) {
    const way = travel[from * width + to]! + (from < n ? stops[from]!.minutes : 0);
    const leaves: (readonly [number, number])[] = from < n ? [[time(from), 1]] : [];
    // time(to) >= time(from) + way where the arc is used; the round's end likewise. No larger number than needed, or the bound is weak.
    const latest = from < n ? stops[from]!.closes : startAt;
    const enough = latest + way;
    if (to < n) rows.push({ lower: -Infinity, upper: enough - way - (from < n ? 0 : startAt), terms: [...leaves, [time(to), -1], [arc(from, to), enough]] });
    else rows.push({ lower: -Infinity, upper: endBy - way - (from < n ? 0 : startAt) + enough, terms: [...leaves, [arc(from, to), enough]] });
  }
  const columns = arcs.length + n;
  const byColumn: [number, number][][] = Array.from({ length: columns }, () => []);
  rows.forEach(({ terms }, row) => {
    for (const [at, value] of terms) byColumn[at]!.push([row, value]);
  });
  const cost = Float64Array.from({ length: columns }, (_, at) => (at < arcs.length ? (stops[arcs[at]![1]]?.prize ?? 0) : 0));
  const upper = Float64Array.from({ length: columns }, (_, at) => (at < arcs.length ? 1 : big));
  const starts = new Int32Array(columns + 1);
  byColumn.forEach((entries, at) => {
    starts[at + 1] = starts[at]! + entries.length;
  });
  const entries = byColumn.flat();
  const solver = await loadSolver();
  const answer = solver.solveWhole({
    cost, colLower: new Float64Array(columns), colUpper: upper, rowLower: Float64Array.from(rows, (row) => row.lower), rowUpper: Float64Array.from(rows, (row) => row.upper),
    starts, rows: Int32Array.from(entries, ([row]) => row), values: Float64Array.from(entries, ([, value]) => value),
  }, Int32Array.from({ length: columns }, (_, at) => (at < arcs.length ? 1 : 0)), { relativeGap: 1e-6, nodes: 1_000_000, seconds: 60 }, null);
  if (!answer.x) throw new Error('The program has no round.');
  return cost.reduce((sum, each, at) => sum + each * Math.round(answer.x![at]!), 0);
}
