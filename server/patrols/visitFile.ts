/** An uploaded patrol log: is it the right kind of file, and what is said of everything wrong in it. Pure. */
import { AppError } from '../errors.ts';
import type { CsvProblem } from './visitCsv.ts';
import type { VisitProblem } from './visits.ts';

const mostBytes = 20 * 1024 * 1024;
const cure = 'Save the sheet as "CSV UTF-8 (comma delimited)" and send that.';

/** Throws in words when a file is too large to be a patrol log; asked before it is read into memory. */
export function refuseTooLarge(fileName: string, bytes: number): void {
  if (bytes > mostBytes) throw new AppError(422, 'wrong_file', `${fileName}: the file is over 20 MB, too large for a patrol log. Split it by month.`);
}

/** The text of a file; throws in words for what is not CSV: empty, too large, a workbook or zip, not text, not UTF-8. */
export function textOf(fileName: string, bytes: Buffer): string {
  const refuse = (why: string): AppError => new AppError(422, 'wrong_file', `${fileName}: ${why}`);
  if (bytes.length === 0) throw refuse('the file is empty. Send a CSV file with headings and a row for each visit.');
  refuseTooLarge(fileName, bytes.length);
  if (bytes.subarray(0, 2).toString('latin1') === 'PK') throw refuse(`this is a workbook or a zip file, not CSV. ${cure}`);
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') throw refuse(`this is a PDF, not CSV. ${cure}`);
  if (bytes.includes(0)) throw refuse(`this is not text. ${cure}`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuse(`the text is not UTF-8. ${cure}`);
  }
}

/** Names of the fields of a visit as a patrol log heads its columns. */
const columnOf: Readonly<Record<string, string>> = {
  hotspotId: 'hotspot', startedAt: 'date', endedAt: 'end', wardens: 'wardens', patrolReference: 'patrol reference', actions: 'actions', id: 'id',
};

/** One refusal that names every error by row and column; nothing of the file was kept. */
export function sayCsvProblems(
  fileName: string,
  problems: readonly (CsvProblem | VisitProblem)[],
  conflicts: readonly { readonly index: number; readonly id: string }[] = [],
  rows: readonly number[] = [],
): AppError {
  const taken = conflicts.map(({ index, id }): CsvProblem => ({
    row: rows[index] ?? 0, column: 'id', value: id, message: 'A visit with this hotspot, start and patrol is recorded with other details. Correct this row to match it, or give it another patrol reference.',
  }));
  const placed = [...problems.map((problem) => ('row' in problem ? problem : atRow(problem, rows))), ...taken].sort((a, b) => a.row - b.row);
  const errors = placed.map(({ row, column, value, message }) => ({ field: `row ${row}, ${column}`, message: `Row ${row}, column "${column}"${value === '' ? '' : `, "${value}"`}: ${message}` }));
  const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
  return new AppError(422, 'visits_refused', `${fileName}: ${count}; nothing was recorded. Correct the rows named and send the file again.`, errors);
}

/** A problem of a visit as one of its row. */
export function atRow(problem: VisitProblem, rows: readonly number[]): CsvProblem {
  return { row: rows[problem.index] ?? 0, column: columnOf[problem.field] ?? problem.field, value: problem.value, message: problem.message };
}

/** What became of a log's rows, in one or two sentences: what was there before counts once. */
export function sayKept({ recorded, alreadyRecorded, withdrawnBefore }: { readonly recorded: number; readonly alreadyRecorded: number; readonly withdrawnBefore: number }): string {
  const visits = (n: number): string => (n === 1 ? '1 visit' : `${n.toLocaleString('en-GB')} visits`);
  const stand = alreadyRecorded - withdrawnBefore;
  return [
    `${visits(recorded)} recorded.`,
    ...(stand > 0 ? [`${visits(stand)} ${stand === 1 ? 'was' : 'were'} recorded before, from a phone, a page or this log, and ${stand === 1 ? 'is' : 'are'} counted once.`] : []),
    ...(withdrawnBefore > 0 ? [`${visits(withdrawnBefore)} ${withdrawnBefore === 1 ? 'was' : 'were'} withdrawn before and ${withdrawnBefore === 1 ? 'stays' : 'stay'} withdrawn.`] : []),
  ].join(' ');
}
