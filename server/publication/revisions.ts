/**
 * A later version beside the ones published before: what was hidden must not become a difference of the two. Somebody who holds both supposes
 * that as little changed as what is printed allows; under that supposition every hidden count has to keep its range. Pure; the solver is handed in.
 */
import type { LinearModel, Solver } from '../patrols/solver.ts';

/** One table as it was printed: `12`, `<10`, `[c]`; a cell that was not printed at all is not in it. */
export interface PrintedTable {
  readonly texts: ReadonlyMap<string, string>;
  readonly sums: readonly { readonly total: string; readonly parts: readonly string[] }[];
  readonly threshold: number;
}

const far = 100_000;
const isHidden = (text: string | undefined): boolean => text === undefined || !/^\d+$/.test(text);

/** Cells that were printed and hidden. */
export const hiddenIn = ({ texts }: PrintedTable): string[] => [...texts].filter(([, text]) => isHidden(text)).map(([cell]) => cell);

const same = (one: PrintedTable, other: PrintedTable): boolean => one.texts.size === other.texts.size && [...one.texts].every(([cell, text]) => other.texts.get(cell) === text);

/**
 * Cells of either table that holding both gives away; none where both are printed alike. A cell hidden in one and shown in the other is given away,
 * since most likely it did not change; of the others, those that keep fewer values than `<10` stands for, less what was visibly revised. Where areas
 * differ (other wards, say) every hidden cell counts, since the two cannot be laid beside each other here.
 */
export function revealedBy(before: PrintedTable, after: PrintedTable, solver: Solver): string[] {
  if (same(before, after)) return [];
  const hidden = [...new Set([...hiddenIn(before), ...hiddenIn(after)])];
  if (hidden.length === 0) return [];
  const leaves = leavesOf(before);
  if (leaves.join('\n') !== leavesOf(after).join('\n')) return hidden;
  const turned = hidden.filter((cell) => isHidden(before.texts.get(cell)) !== isHidden(after.texts.get(cell)));
  if (turned.length > 0) return turned;
  const system = systemOf([before, after], leaves);
  const fewest = solve(system, solver, system.changes.map((column): readonly [number, number] => [column, -1]), far);
  if (!fewest) return hidden;
  const changed = Math.round(system.changes.reduce((sum, column) => sum + (fewest[column] ?? 0), 0));
  const enough = Math.max(Math.ceil(Math.min(before.threshold, after.threshold) / 2), Math.min(before.threshold, after.threshold) - 1 - changed);
  return pinned(system, hidden, { solver, changed, enough });
}

/** The finest cells: those that are no total. */
function leavesOf({ texts, sums }: PrintedTable): string[] {
  const totals = new Set(sums.map(({ total }) => total));
  return [...new Set([...texts.keys(), ...sums.flatMap(({ parts }) => parts)])].filter((cell) => !totals.has(cell)).sort();
}

interface System {
  /** Lower and upper bound of each column. */
  readonly bounds: (readonly [number, number])[];
  readonly rows: { readonly entries: readonly (readonly [column: number, value: number])[]; readonly equals: number }[];
  readonly columnOf: (table: number, cell: string) => number | undefined;
  /** By how much a finest cell went up or down. */
  readonly changes: number[];
}

function systemOf(tables: readonly [PrintedTable, PrintedTable], leaves: readonly string[]): System {
  const bounds: (readonly [number, number])[] = [];
  const places = tables.map(({ texts, sums, threshold }) => new Map([...new Set([...texts.keys(), ...sums.flatMap(({ total, parts }) => [total, ...parts])])].map((cell) => {
    const text = texts.get(cell);
    // What is shown is known; 0 is shown as 0, so what is hidden is at least 1; of what is not printed nothing is known.
    bounds.push(text === undefined ? [0, far] : !isHidden(text) ? [Number(text), Number(text)] : text.startsWith('<') ? [1, Math.min(threshold, Number(text.slice(1))) - 1] : [1, far]);
    return [cell, bounds.length - 1] as const;
  })));
  const columnOf = (table: number, cell: string): number | undefined => places[table]?.get(cell);
  const at = (table: number, cell: string, value: number): (readonly [number, number])[] => { const column = columnOf(table, cell); return column === undefined ? [] : [[column, value]]; };
  const rows: System['rows'] = tables.flatMap(({ sums }, table) => sums.map(({ total, parts }) => ({ entries: [...at(table, total, 1), ...parts.flatMap((part) => at(table, part, -1))], equals: 0 })));
  const changes: number[] = [];
  for (const cell of leaves) {
    bounds.push([0, far], [0, far]);
    const [up, down] = [bounds.length - 2, bounds.length - 1];
    changes.push(up, down);
    rows.push({ entries: [...at(1, cell, 1), ...at(0, cell, -1), [up, -1], [down, 1]], equals: 0 });
  }
  return { bounds, rows, columnOf, changes };
}

/** Whole numbers that agree with everything and weigh most; undefined where there are none. */
function solve(system: System, solver: Solver, weights: readonly (readonly [column: number, weight: number])[], mostChanged: number): Float64Array | undefined {
  const model = modelOf(system, weights, mostChanged);
  const linear = solver.solveLinear(model, 30);
  if (!linear) return undefined;
  if (linear.x.every((value) => Math.abs(value - Math.round(value)) < 1e-6)) return linear.x;
  return solver.solveWhole(model, new Int32Array(system.bounds.length).fill(1), { relativeGap: 0, absoluteGap: 0.5, nodes: 20_000, seconds: 30 }, null).x ?? undefined;
}

function modelOf({ bounds, rows, changes }: System, weights: readonly (readonly [number, number])[], mostChanged: number): LinearModel {
  const entries: (readonly [row: number, value: number])[][] = bounds.map(() => []);
  rows.forEach((row, nth) => row.entries.forEach(([column, value]) => entries[column]?.push([nth, value])));
  for (const column of changes) entries[column]?.push([rows.length, 1]);
  const cost = new Float64Array(bounds.length);
  for (const [column, weight] of weights) cost[column] = weight;
  const starts = [0];
  for (const each of entries) starts.push((starts.at(-1) ?? 0) + each.length);
  const equals = rows.map((row) => row.equals);
  return {
    cost, colLower: Float64Array.from(bounds, ([low]) => low), colUpper: Float64Array.from(bounds, ([, high]) => high),
    rowLower: Float64Array.from([...equals, 0]), rowUpper: Float64Array.from([...equals, mostChanged]),
    starts: Int32Array.from(starts), rows: Int32Array.from(entries.flat(), ([row]) => row), values: Float64Array.from(entries.flat(), ([, value]) => value),
  };
}

/** Hidden cells that keep fewer than `enough` values, in the version they were hidden in. */
function pinned(system: System, hidden: readonly string[], { solver, changed, enough }: { solver: Solver; changed: number; enough: number }): string[] {
  const open = hidden.flatMap((cell) => [0, 1].flatMap((table) => {
    const column = system.columnOf(table, cell);
    const [low, high] = (column === undefined ? undefined : system.bounds[column]) ?? [0, 0];
    return column !== undefined && low < high ? [{ cell, column }] : [];
  }));
  const seen = new Map<number, { low: number; high: number }>();
  const narrow = (column: number): boolean => { const range = seen.get(column); return range === undefined || range.high - range.low + 1 < enough; };
  const found = new Set<string>();
  for (const { cell, column } of open) {
    for (const direction of [1, -1]) {
      if (!narrow(column)) continue;
      const values = solve(system, solver, [[column, direction]], changed);
      // Every table found shows a possible value of every cell at once.
      if (values) for (const each of open) {
        const value = Math.round(values[each.column] ?? 0);
        const range = seen.get(each.column) ?? { low: value, high: value };
        seen.set(each.column, { low: Math.min(range.low, value), high: Math.max(range.high, value) });
      }
    }
    if (narrow(column)) found.add(cell);
  }
  return [...found];
}
