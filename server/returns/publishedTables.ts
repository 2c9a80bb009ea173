/** A published table added up again: every figure that the others on the page contradict, in words. It flags and never corrects. Pure. */
import type { ColumnMeaning, Flag, PublishedRow } from './publishedTablesContract.ts';
import { add, less, type Printed, ratio, readPrinted, rounded, same, type Shown, signed, sum, write } from './publishedTablesNumbers.ts';
import type { ReadTable } from './publishedTablesReading.ts';

export interface Checked {
  /** How many comparisons were made. */
  readonly checks: number;
  readonly flags: readonly Flag[];
}

interface Cell {
  readonly row: PublishedRow;
  readonly text: string;
  readonly read: Printed;
}

const countable: readonly ColumnMeaning[] = ['figure', 'before', 'after', 'whole', 'population'];

/**
 * Adds a table up again as printed: parts against totals, totals against each other, a year to date against its period, changes and percentages against
 * their pair, shares against their whole, rates against their population. Percentages are rounded half away from zero to the places shown.
 */
export function checkTable(table: ReadTable): Checked {
  const grid = table.columns.map((_, index) => table.rows.map((row): Cell => ({ row, text: row.cells[index] ?? '', read: readPrinted(row.cells[index] ?? '') })));
  const found: (Flag | undefined)[] = [];
  table.columns.forEach(({ name, meaning }, index) => {
    const cells = grid[index] ?? [];
    if (meaning !== 'left alone') found.push(...cells.filter(({ read }) => read.is === 'unread').map((cell) => unread(cell, name)));
    if (countable.includes(meaning)) found.push(...checkSums(cells, name));
    // The nearest such column to the left, or else the first to the right.
    const near = (wanted: readonly ColumnMeaning[]): readonly Cell[] | undefined => {
      const left = table.columns.findLastIndex((column, nth) => nth < index && wanted.includes(column.meaning));
      return grid[left >= 0 ? left : table.columns.findIndex((column) => wanted.includes(column.meaning))];
    };
    if (meaning === 'change' || meaning === 'percent change') found.push(...pairs(cells, near(['before']), near(['after']), name, meaning));
    if (meaning === 'share') found.push(...shares(cells, near(['figure', 'after']), near(['whole']), name));
    if (meaning === 'rate') found.push(...rates(cells, near(['figure', 'after']), near(['population']), name));
  });
  return { checks: found.filter((each) => each === undefined || each.level !== 'to know').length, flags: found.filter((each) => each !== undefined) };
}

const number = ({ read }: Cell): Shown | undefined => (read.is === 'number' ? read.value : undefined);

const unread = ({ row, text }: Cell, column: string): Flag => ({
  level: 'to know', check: 'unread', row: row.label, column, printed: text, found: null, gap: null,
  says: `“${text}” (${row.label}, ${column}) is not a figure as printed, so it was not checked.`,
});

/** Parts against each total, totals against the first, the year to date against each total. */
function checkSums(cells: readonly Cell[], column: string): (Flag | undefined)[] {
  const of = (kind: PublishedRow['kind']): Cell[] => cells.filter(({ row, read }) => row.kind === kind && read.is !== 'unread');
  const totals = of('total').flatMap((cell) => number(cell) ?? []);
  const parts = of('part');
  const found: (Flag | undefined)[] = [];
  of('total').filter((cell) => number(cell) !== undefined).forEach((cell, nth) => {
    const value = number(cell)!;
    if (parts.length > 0) found.push(addsUp(parts, cell, value, column));
    const first = totals[0];
    if (nth > 0 && first) found.push(same(first, value) ? undefined : twoTotals(of('total')[0]!, cell, less(value, first), column));
  });
  for (const cell of of('year to date')) {
    const value = number(cell);
    if (value) for (const total of of('total')) found.push(yearToDate(cell, value, total, column));
  }
  return found;
}

function addsUp(parts: readonly Cell[], total: Cell, value: Shown, column: string): Flag | undefined {
  const base = { row: total.row.label, column, printed: total.text };
  const blank = parts.find(({ read }) => read.is === 'blank');
  if (blank) return { ...base, level: 'to know', check: 'parts', found: null, gap: null, says: `${column}: there is no figure for “${blank.row.label}”, and blank is not zero, so the parts were not added up.` };
  const shown = sum(parts.flatMap((cell) => number(cell) ?? []));
  const hidden = parts.flatMap(({ read }) => (read.is === 'hidden' ? [read] : []));
  if (hidden.length > 0) return hiddenParts(hidden, less(value, shown), base);
  if (same(shown, value)) return undefined;
  const gap = less(shown, value);
  return { ...base, level: 'disagrees', check: 'parts', found: write(shown), gap: signed(gap), says: `${column}: the parts add up to ${write(shown)} and “${total.row.label}” says ${total.text} (${signed(gap)}).` };
}

function hiddenParts(hidden: readonly { below: number | null }[], rest: Shown, base: { row: string; column: string; printed: string }): Flag {
  const said = { ...base, check: 'hidden', found: write(rest), gap: null };
  const many = `${base.column}: ${hidden.length} hidden ${hidden.length === 1 ? 'figure is' : 'figures together are'} ${write(rest)}`;
  const most = hidden.every(({ below }) => below !== null) ? { units: hidden.reduce((all, { below }) => all + BigInt((below ?? 1) - 1), 0n), places: 0 } : undefined;
  if (rest.units < 0n || (most && less(rest, most).units > 0n)) return { ...said, level: 'disagrees', says: `${many} by the total “${base.row}”, which they cannot be.` };
  if (hidden.length === 1) return { ...said, level: 'discloses', says: `${many}: anybody can work it out from the total “${base.row}”.` };
  return { ...said, level: 'to know', says: `${many}, by the total “${base.row}”.` };
}

function twoTotals(first: Cell, other: Cell, gap: Shown, column: string): Flag {
  return {
    level: 'disagrees', check: 'two totals', row: other.row.label, column, printed: other.text, found: first.text, gap: signed(gap),
    says: `${column}: “${first.row.label}” says ${first.text} and “${other.row.label}” says ${other.text} for the same thing (${signed(gap)}).`,
  };
}

function yearToDate(cell: Cell, value: Shown, total: Cell, column: string): Flag | undefined {
  const period = number(total);
  if (!period) return undefined;
  const gap = less(value, period);
  const base = { level: 'disagrees' as const, check: 'year to date', row: cell.row.label, column, printed: cell.text, found: total.text, gap: signed(gap) };
  if (gap.units < 0n) return { ...base, says: `${column}: “${cell.row.label}” says ${cell.text}, less than “${total.row.label}”, ${total.text}, which is part of it.` };
  if (gap.units === 0n) return { ...base, says: `${column}: “${cell.row.label}” equals “${total.row.label}”, ${total.text}. It can only in the first period of a year, or where nothing was counted before.` };
  return undefined;
}

/** Printed changes against the pair before them. */
function pairs(cells: readonly Cell[], before: readonly Cell[] | undefined, after: readonly Cell[] | undefined, column: string, meaning: 'change' | 'percent change'): (Flag | undefined)[] {
  return cells.flatMap((cell, nth) => {
    const [printed, from, to] = [number(cell), before?.[nth] && number(before[nth]), after?.[nth] && number(after[nth])];
    if (!printed || !from || !to) return [];
    const difference = less(to, from);
    const found = meaning === 'change' ? rounded(difference, printed.places) : ratio(difference, from, 100, printed.places);
    const how = `${write(from)} to ${write(to)}`;
    return [compare(cell, printed, found, { column, check: meaning, of: `${how} is`, unit: meaning === 'change' ? '' : '%', none: `${how}: there is no percentage of 0` })];
  });
}

function shares(cells: readonly Cell[], figures: readonly Cell[] | undefined, wholes: readonly Cell[] | undefined, column: string): (Flag | undefined)[] {
  const totals = figures?.filter(({ row }) => row.kind === 'total').flatMap((cell) => number(cell) ?? []) ?? [];
  const parts = figures?.filter(({ row }) => row.kind === 'part') ?? [];
  const added = parts.length > 0 && parts.every((cell) => number(cell)) ? parts.map((cell) => number(cell)!).reduce(add) : undefined;
  return cells.flatMap((cell, nth) => {
    const [printed, figure] = [number(cell), figures?.[nth] && number(figures[nth])];
    const whole = (wholes?.[nth] && number(wholes[nth])) ?? totals[0] ?? added;
    if (!printed || !figure || !whole || cell.row.kind === 'year to date') return [];
    return [compare(cell, printed, ratio(figure, whole, 100, printed.places), { column, check: 'share', of: `${write(figure)} of ${write(whole)} is`, unit: '%', none: 'there is no share of 0' })];
  });
}

function rates(cells: readonly Cell[], figures: readonly Cell[] | undefined, populations: readonly Cell[] | undefined, column: string): (Flag | undefined)[] {
  return cells.flatMap((cell, nth) => {
    const [printed, figure, population] = [number(cell), figures?.[nth] && number(figures[nth]), populations?.[nth] && number(populations[nth])];
    if (!printed) return [];
    if (!figure || !population) return [{ level: 'to know' as const, check: 'rate', row: cell.row.label, column, printed: cell.text, found: null, gap: null, says: `${column}, ${cell.row.label}: a rate needs its population and the year of it. Give them in a column, or the rate stands unchecked.` }];
    return [compare(cell, printed, ratio(figure, population, 1000, printed.places), { column, check: 'rate', of: `${write(figure)} among ${write(population)} is`, unit: ' per 1,000', none: 'there is no rate among nobody' })];
  });
}

function compare({ row, text }: Cell, printed: Shown, found: Shown | undefined, say: { column: string; check: string; of: string; unit: string; none: string }): Flag | undefined {
  if (found && same(found, printed)) return undefined;
  const base = { level: 'disagrees' as const, check: say.check, row: row.label, column: say.column, printed: text };
  if (!found) return { ...base, found: null, gap: null, says: `${row.label}: ${say.none}, and “${text}” is printed.` };
  return { ...base, found: write(found), gap: signed(less(found, printed)), says: `${row.label}: ${say.of} ${say.check.endsWith('change') ? signed(found) : write(found)}${say.unit}, and “${text}” is printed under ${say.column}.` };
}
