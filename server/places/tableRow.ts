/** What rows of published tables become, and how their texts are read. */
import { type Fault, faultAt } from './fault.ts';

export interface PopulationRow {
  readonly areaKind: 'lsoa' | 'council';
  readonly areaCode: string;
  readonly year: number;
  readonly ageFrom: number;
  /** The last age meant; null for "and over". */
  readonly ageTo: number | null;
  readonly persons: number;
}

export interface DeprivationRow {
  readonly lsoaCode: string;
  readonly indexYear: number;
  readonly measure: string;
  readonly score: number | null;
  readonly rank: number | null;
  readonly decile: number | null;
}

export interface LookupRow {
  readonly fromKind: string;
  readonly fromCode: string;
  readonly toKind: string;
  readonly toCode: string;
  readonly toName: string;
  readonly change: string | null;
}

export interface StatisticRows {
  readonly population: PopulationRow[];
  readonly deprivation: DeprivationRow[];
  readonly lookup: LookupRow[];
}

/** A row's texts by column, with what is needed to say where a fault stands. */
export interface TableRow {
  readonly row: number;
  text(column: string): string;
}

export interface Table {
  /** In words, for the report. */
  readonly says: string;
  /** What it says of its columns that are not kept, if there are any. */
  readonly note?: string;
  readonly publisher: 'ons' | 'mhclg';
  /** True for the header of such a table. */
  fits(header: readonly string[]): boolean;
  /** The rows one row of the file becomes, or what is wrong with it. `year` is the one in the file's name. */
  read(row: TableRow, header: readonly string[], year: number | null): Partial<StatisticRows> | Fault;
  /** True when the year stands in the file's name and nowhere in the file. */
  readonly needsYear?: boolean;
}

/** A whole number of zero or more, or the fault of what stands there instead. */
export function readCount(row: TableRow, column: string): number | Fault {
  const text = row.text(column);
  if (/^\d+$/.test(text)) return Number(text);
  return faultAt(row.row, column, text, 'A count is a whole number, zero or more.', 'Write it in digits alone, without commas.');
}

/** A number, null where the file leaves it out, or the fault of what stands there instead. */
export function readNumber(row: TableRow, column: string | undefined): number | null | Fault {
  if (column === undefined) return null;
  const text = row.text(column);
  if (text === '') return null;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return faultAt(row.row, column, text, 'A score is a number.', 'Write it in digits with a decimal point.');
}

/** An area's code as the Office for National Statistics gives it: a letter and eight digits. */
export function readCode(row: TableRow, column: string): string | Fault {
  const text = row.text(column);
  if (/^[EWSN]\d{8}$/.test(text)) return text;
  return faultAt(row.row, column, text, 'An area code is a letter and eight digits.', 'Correct it, for example E01011949.');
}
