/** A patrol log as councils keep it, from .csv or .xlsx, told in the same way as a return: tier, cell, message, cure. Pure. */
import { csvField } from '../csv.ts';
import { type CsvFacts, type CsvProblem, type ReadCsv, readVisitCsv } from '../patrols/visitCsv.ts';
import { atRow } from '../patrols/visitFile.ts';
import type { VisitProblem } from '../patrols/visits.ts';
import { localDay } from '../patrols/visits.ts';
import { dateOfSerial, type Grid, type ReadCell } from '../spreadsheetPlaces.ts';
import type { Found } from './uploadIssues.ts';
import { sayMonth } from './words.ts';

/** The heading of the column a marked-up copy of a CSV file has; read again, it is left out. */
export const toCorrect = 'To correct';

export interface ReadLog {
  readonly found: readonly Found[];
  readonly visits: ReadCsv['visits'];
  readonly madeIds: ReadCsv['madeIds'];
  /** The row of the file of each visit, from 1. */
  readonly rows: readonly number[];
  readonly headings: readonly string[];
}

const sheetName = 'Patrol log';

/** The first sheet that looks like a log: one of its first rows names hotspot and date. */
export function logGrid(grids: readonly Grid[]): { grid: Grid; header: number } | undefined {
  for (const grid of grids.filter(({ hidden }) => !hidden)) {
    const header = grid.rows.slice(0, 12).findIndex((cells) => {
      const words = cells.map((cell) => String(cell?.value ?? '').toLowerCase());
      return words.some((word) => word.includes('hotspot')) && words.some((word) => word.includes('date') || word === 'day');
    });
    if (header >= 0) return { grid, header };
  }
  const first = grids.find(({ hidden }) => !hidden);
  return first && { grid: first, header: 0 };
}

/** A sheet's rows as the text of a CSV file: days and times as people write them. */
export function textOfGrid(grid: Grid, header: number): string {
  const headings = grid.rows[header] ?? [];
  const width = headings.length;
  return `${grid.rows.slice(header).map((cells) => Array.from({ length: width }, (_, column) => csvField(textOf(cells[column]))).join(',')).join('\r\n')}\r\n`;
}

function textOf(cell: ReadCell | undefined): string {
  if (!cell || cell.value === null) return '';
  if (typeof cell.value !== 'number') return typeof cell.value === 'boolean' ? (cell.value ? 'yes' : 'no') : cell.value.trim();
  if (cell.kind === 'date') return dateOfSerial(cell.value) ?? String(cell.value);
  if (cell.kind !== 'time') return String(cell.value);
  const minutes = Math.round((cell.value % 1) * 1440) % 1440;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Reads a log's text; every problem at its cell. Headings that cannot be placed come alone, since no cell can be judged without its column. */
export function readLog(text: string, facts: CsvFacts, { month, firstRow }: { month: string; firstRow: number }): ReadLog {
  const read = readVisitCsv(withoutCorrections(text), facts);
  const headings = (text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? '').split(text.includes(',') ? ',' : ';').map((heading) => heading.replace(/^"|"$/g, '').trim());
  const place = placer(headings);
  const shift = firstRow - 1;
  const found = read.problems.map((problem): Found => {
    const tier = problem.row === 1 ? 1 : 2;
    return { ...place(problem, shift), tier, rule: tier === 1 ? 'column' : 'cell' };
  });
  const outside = found.length > 0 ? [] : read.visits.flatMap((visit, index): Found[] => {
    const day = localDay(visit.startedAt);
    if (day.startsWith(month)) return [];
    const problem = { row: read.rows[index] ?? 0, column: 'date', value: day, message: `The visit is not of ${sayMonth(month)}. Send it with the log of ${sayMonth(day.slice(0, 7))}, or correct the day.` };
    return [{ ...place(problem, shift), tier: 3, rule: 'month' }];
  });
  return { found: [...found, ...outside], visits: read.visits, madeIds: read.madeIds, rows: read.rows.map((row) => row + shift), headings };
}

/** A column that an earlier copy was given is not part of the log. */
function withoutCorrections(text: string): string {
  const [heading = ''] = text.split(/\r?\n/, 1);
  return heading.trimEnd().endsWith(`,${toCorrect}`) ? text.replace(heading, heading.trimEnd().slice(0, -toCorrect.length)) : text;
}

type Placed = Omit<Found, 'tier' | 'rule'>;

/** A problem of a row and a heading as a finding at a cell; its last sentences are the cure. */
function placer(headings: readonly string[]): (problem: CsvProblem, shift: number) => Placed {
  const columns = new Map(headings.map((heading, index) => [heading.toLowerCase(), index]));
  return ({ row, column, value, message }, shift) => {
    const [says, cure] = parted(message);
    return { severity: 'error', sheet: sheetName, section: sheetName, row: row - 1 + shift, column: columns.get(column.toLowerCase()) ?? 0, given: value, message: says, cure };
  };
}

function parted(message: string): [message: string, cure: string] {
  const end = /[.?] (?=[A-Z"])/.exec(message);
  return end ? [message.slice(0, end.index + 1), message.slice(end.index + 2)] : ['This cannot be read.', message];
}

/** What the record refuses of visits that could be read: each at its row. */
export function refusedVisits(log: ReadLog, problems: readonly VisitProblem[], conflicts: readonly { readonly index: number; readonly id: string }[]): Found[] {
  const place = placer(log.headings);
  const taken = conflicts.map(({ index, id }): CsvProblem => ({ row: log.rows[index] ?? 0, column: 'id', value: id, message: 'A visit with this hotspot, start and patrol is recorded with other details. Correct this row to match it, or give it another patrol reference.' }));
  return [...problems.map((problem) => atRow(problem, log.rows)), ...taken].map((problem) => ({ ...place(problem, 0), tier: 3, rule: 'record' }));
}
