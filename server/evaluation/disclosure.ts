/**
 * Which counts are shown. Counts from 1 to under the threshold are hidden as `<10`, and as many more as `[c]` until nobody can work a hidden
 * one out from totals or from a table beside it. Pure: the solver is handed in.
 *
 * A hidden cell is safe when whole-number tables exist that agree with everything shown and differ widely in that cell; the search below
 * constructs them, so each is its own proof. Somebody who subtracts knows that 0 is shown as 0, so that a hidden cell is at least 1, and that
 * `<10` is at most 9. `[c]` says nothing: it stands for small and large numbers alike.
 */
import type { Solver } from '../patrols/solver.ts';
import { type Find, type Pattern, patternSearch } from './disclosureSearch.ts';
import { type CountTable, type LinkedCells, linkTables } from './disclosureTables.ts';

/** `small`: shown as `<10`. `other`: shown as `[c]`. */
export type CellState = 'shown' | 'small' | 'other';

export interface ShownCell {
  /** Null where it is hidden. */
  readonly value: number | null;
  /** What is printed: `12`, `<10` or `[c]`. */
  readonly text: string;
}

export interface Disclosed {
  /** What to print for each cell by its key (see `cellKey`). */
  readonly cells: ReadonlyMap<string, ShownCell>;
  readonly hiddenSmall: number;
  readonly hiddenToProtect: number;
}

/** The sign for a count hidden so that another cannot be worked out, as the Analysis Function's guidance has it. */
export const hiddenSign = '[c]';

interface Search {
  readonly linked: LinkedCells;
  readonly states: CellState[];
  /** Least and greatest value of each cell among the tables found to agree with what is shown. */
  readonly low: number[];
  readonly high: number[];
  readonly threshold: number;
  readonly find: Find;
}

/**
 * Hides small counts of tables published beside each other, and what would give them away.
 * @param threshold counts from 1 to `threshold - 1` are hidden.
 * @param keepHidden keys of cells that an earlier version hid, which stay hidden.
 * @throws RangeError when the tables contradict each other, or the solver gives up.
 */
export function disclose(tables: readonly CountTable[], threshold: number, solver: Solver, keepHidden: ReadonlySet<string> = new Set()): Disclosed {
  const linked = linkTables(tables);
  const { values } = linked;
  const states = values.map((value, cell): CellState => (value === 0 ? 'shown' : value < threshold ? 'small' : keepHidden.has(linked.keys[cell] ?? '') ? 'other' : 'shown'));
  return patternSearch(linked, threshold, solver, (find) => {
    const search: Search = { linked, states, low: [...values], high: [...values], threshold, find };
    for (let open = unsafe(search); open !== undefined; open = unsafe(search)) protect(search, open);
    return printed(search);
  });
}

/** The first hidden cell that could still be pinned down: small ones first, then what was hidden for them. */
function unsafe({ states, low, high, threshold }: Search): number | undefined {
  const small = states.findIndex((state, cell) => state === 'small' && (low[cell]! > 1 || high[cell]! < threshold - 1));
  if (small >= 0) return small;
  const other = states.findIndex((state, cell) => state === 'other' && high[cell]! - low[cell]! < threshold - 2);
  return other >= 0 ? other : undefined;
}

function protect(search: Search, cell: number): void {
  const { states, low, high, threshold } = search;
  if (states[cell] === 'small') {
    const pattern = search.find(search, cell, low[cell]! > 1 ? 1 : threshold - 1);
    // Its own sign gives it away (a total of two hidden counts is at least 2): say less of it.
    if (pattern) take(search, pattern);
    else states[cell] = 'other';
    return;
  }
  const ways = [low[cell]! + threshold - 2, high[cell]! - threshold + 2].filter((target) => target >= 1).flatMap((target) => search.find(search, cell, target) ?? []);
  const [first, second] = ways;
  if (!first) throw new RangeError(`The cell “${search.linked.keys[cell]}” could not be protected in the time allowed. Publish fewer breakdowns beside each other.`);
  take(search, second && second.cost < first.cost ? second : first);
}

/** Hides what the pattern moves and keeps the table it stands for. */
function take({ linked, states, low, high, threshold }: Search, { table }: Pattern): void {
  table.forEach((value, cell) => {
    if ((states[cell] === 'shown' && value !== linked.values[cell]) || (states[cell] === 'small' && value >= threshold)) states[cell] = 'other';
    low[cell] = Math.min(low[cell]!, value);
    high[cell] = Math.max(high[cell]!, value);
  });
}

function printed({ linked, states, threshold }: Search): Disclosed {
  const text = (state: CellState, value: number): string => (state === 'shown' ? String(value) : state === 'small' ? `<${threshold}` : hiddenSign);
  const hidden = (wanted: CellState): number => states.filter((state) => state === wanted).length;
  return {
    cells: new Map(linked.keys.map((key, cell) => {
      const [state, value] = [states[cell] ?? 'shown', linked.values[cell] ?? 0];
      return [key, { value: state === 'shown' ? value : null, text: text(state, value) }];
    })),
    hiddenSmall: hidden('small'), hiddenToProtect: hidden('other'),
  };
}
