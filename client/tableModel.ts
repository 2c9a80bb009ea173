/** What a table does with its rows, apart from drawing them: write a cell, sort, filter, sum, export. Pure. */
import { csvText, type CsvValue } from './csv.ts';
import { poundsText } from './amount.ts';
import { change, count, decimal, hoursMinutes, money, month, notAvailable, percent, shortDate, shortInstant } from './format.ts';

/** How a column's value is written, aligned and exported. `minutes` are person-minutes, `money` pence. */
export type ColumnKind = 'text' | 'count' | 'decimal' | 'money' | 'minutes' | 'percent' | 'change' | 'date' | 'month' | 'instant';

export type Cell = string | number | null | undefined;

export interface ColumnModel<Row> {
  /** Unique in the table, and stable: kept in the address as the sort key. */
  key: string;
  label: string;
  kind?: ColumnKind;
  /** What is sorted, summed and exported; null when not known. */
  value: (row: Row) => Cell;
  /** Decimals for `decimal`, `percent` and `change`; 1 unless told. */
  digits?: number;
  /** Words for null; "not available" unless told, e.g. `notStarted`. */
  missing?: string | ((row: Row) => string);
  /** True puts the total in the sum row. Sum counts, money and minutes only: rates and percentages do not add up. */
  sum?: boolean;
  /** True for a column of buttons: it is not sorted, filtered or exported. */
  bare?: boolean;
}

export interface Sort {
  key: string;
  down: boolean;
}

const numeric: ReadonlySet<ColumnKind> = new Set(['count', 'decimal', 'money', 'minutes', 'percent', 'change']);

export function isNumeric(kind: ColumnKind | undefined): boolean {
  return kind !== undefined && numeric.has(kind);
}

function writeNumber(kind: ColumnKind, value: number, digits: number): string {
  if (kind === 'money') return money(value);
  if (kind === 'minutes') return hoursMinutes(value);
  if (kind === 'percent') return percent(value, digits);
  if (kind === 'change') return change(value, digits);
  if (kind === 'decimal') return decimal(value, digits);
  return count(value);
}

function writeText(kind: ColumnKind, value: string): string {
  if (kind === 'date') return shortDate(value);
  if (kind === 'month') return month(value);
  if (kind === 'instant') return shortInstant(value);
  return value;
}

/** A cell's value in words, as it stands on the screen. */
export function cellText<Row>(column: ColumnModel<Row>, row: Row): string {
  const value = column.value(row);
  if (value === null || value === undefined) return typeof column.missing === 'function' ? column.missing(row) : (column.missing ?? notAvailable);
  const kind = column.kind ?? 'text';
  return typeof value === 'number' ? writeNumber(kind, value, column.digits ?? 1) : writeText(kind, value);
}

const collator = new Intl.Collator('en-GB', { numeric: true, sensitivity: 'base' });

function compare(a: Exclude<Cell, null | undefined>, b: Exclude<Cell, null | undefined>): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
}

/** Rows in the order of a column; what is not known stays last in both directions; equal rows keep their order. */
export function sortRows<Row>(rows: readonly Row[], columns: readonly ColumnModel<Row>[], sort: Sort | undefined): readonly Row[] {
  const column = columns.find((one) => one.key === sort?.key);
  if (!sort || !column) return rows;
  const keyed = rows.map((row) => ({ row, value: column.value(row) }));
  keyed.sort((a, b) => {
    const aMissing = a.value === null || a.value === undefined;
    const bMissing = b.value === null || b.value === undefined;
    if (aMissing || bMissing) return Number(aMissing) - Number(bMissing);
    return sort.down ? compare(b.value as string | number, a.value as string | number) : compare(a.value as string | number, b.value as string | number);
  });
  return keyed.map((one) => one.row);
}

/** Rows whose cells together hold every word of `words`, whatever the case. */
export function filterRows<Row>(rows: readonly Row[], columns: readonly ColumnModel<Row>[], words: string): readonly Row[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return rows;
  return rows.filter((row) => {
    const text = columns.filter((column) => !column.bare).map((column) => cellText(column, row)).join(' ').toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

export interface Sum {
  total: number;
  /** Rows whose value is not known and is therefore not in the total. */
  missing: number;
}

/** The total of a column over the rows given. */
export function sumColumn<Row>(rows: readonly Row[], column: ColumnModel<Row>): Sum {
  let total = 0;
  let missing = 0;
  for (const row of rows) {
    const value = column.value(row);
    if (typeof value === 'number') total += value;
    else missing += 1;
  }
  return { total, missing };
}

/** A total in words, "1,234", and what it lacks, "without 2 rows"; "not available" when no row has a value. */
export function sumWords<Row>(rows: readonly Row[], column: ColumnModel<Row>): { total: string; lacks: string | undefined } {
  const { total, missing } = sumColumn(rows, column);
  if (rows.length > 0 && missing === rows.length) return { total: notAvailable, lacks: undefined };
  const lacks = missing === 0 ? undefined : `without ${count(missing)} ${missing === 1 ? 'row' : 'rows'}`;
  return { total: writeNumber(column.kind ?? 'count', total, column.digits ?? 1), lacks };
}

function csvHeading<Row>(column: ColumnModel<Row>): string {
  const units: Partial<Record<ColumnKind, string>> = { money: 'pounds', minutes: 'minutes', percent: 'per cent', change: 'per cent' };
  const unit = units[column.kind ?? 'text'];
  return unit ? `${column.label} (${unit})` : column.label;
}

function csvCell<Row>(column: ColumnModel<Row>, row: Row): CsvValue {
  const value = column.value(row);
  if (typeof value !== 'number') return value ?? cellText(column, row);
  if (column.kind === 'money') return Number(poundsText(value));
  if (column.kind === 'percent' || column.kind === 'change') return Number((value * 100).toFixed(column.digits ?? 1));
  // Four decimals are more than any screen shows and fewer than a division leaves behind.
  return column.kind === 'decimal' ? Number(value.toFixed(Math.max(4, column.digits ?? 1))) : value;
}

/** The rows as the text of a CSV file: figures as figures with the unit in the heading, unknowns in words. */
export function tableCsv<Row>(rows: readonly Row[], all: readonly ColumnModel<Row>[], demonstration = false): string {
  const columns = all.filter((column) => !column.bare);
  const heading = columns.map(csvHeading);
  const body = rows.map((row) => columns.map((column) => csvCell(column, row)));
  if (!demonstration) return csvText([heading, ...body]);
  return csvText([[...heading, 'Note'], ...body.map((row) => [...row, 'demonstration data'])]);
}

/** Columns that say the same in every row, so that a row quoted alone still says what it is from. */
export function aboutColumns<Row>(about: readonly (readonly [name: string, value: string])[]): ColumnModel<Row>[] {
  return about.map(([label, value]) => ({ key: `about ${label}`, label, value: () => value }));
}
