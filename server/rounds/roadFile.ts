/** Road times as a CSV file: from, to, minutes; every cell read or refused by row and column. Pure. */
import { parse } from 'csv-parse/sync';
import { AppError, type FieldError } from '../errors.ts';

/** Minutes from one hotspot or base to another. */
export interface RoadTime {
  readonly fromId: string;
  readonly toId: string;
  readonly minutes: number;
}


const mostRows = 250_000;

/** The road times of a file; `places` gives ids by lower-case name. Throws one refusal that names every error. */
export function readRoads(fileName: string, text: string, places: ReadonlyMap<string, string>): RoadTime[] {
  const refuse = (why: string, errors: readonly FieldError[] = []): AppError => new AppError(422, 'roads_refused', `${fileName}: ${why}`, errors);
  let rows: string[][];
  try {
    rows = parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true, trim: true });
  } catch {
    throw refuse('the file is not CSV. Check its quotation marks, or save the sheet as CSV again.');
  }
  const [headings = [], ...body] = rows;
  const columns = ['from', 'to', 'minutes'].map((name) => headings.findIndex((heading) => heading.toLowerCase() === name));
  if (columns.includes(-1)) throw refuse('the first row must be headed from, to and minutes.');
  if (body.length === 0 || body.length > mostRows) throw refuse(`it has ${body.length} rows; between 1 and ${mostRows.toLocaleString('en-GB')} can be loaded.`);
  const problems: FieldError[] = [];
  const times = new Map<string, RoadTime>();
  for (const [at, cells] of body.entries()) {
    const [from = '', to = '', minutes = ''] = columns.map((column) => cells[column]);
    const add = (column: string, value: string, why: string): number => problems.push({ field: `row ${at + 2}, ${column}`, message: `Row ${at + 2}, column "${column}", "${value.slice(0, 60)}": ${why}` });
    const [fromId, toId] = [places.get(from.toLowerCase()), places.get(to.toLowerCase())];
    if (!fromId) add('from', from, 'there is no hotspot or base of this name. Correct it.');
    if (!toId) add('to', to, 'there is no hotspot or base of this name. Correct it.');
    if (!/^\d{1,3}(\.\d+)?$/.test(minutes) || Number(minutes) > 600) add('minutes', minutes, 'give minutes from 0 to 600.');
    else if (fromId && toId) {
      if (times.has(`${fromId} ${toId}`)) add('to', to, 'this way is given twice. Give it once.');
      times.set(`${fromId} ${toId}`, { fromId, toId, minutes: Number(minutes) });
    }
  }
  if (problems.length > 0) throw refuse(`${problems.length} ${problems.length === 1 ? 'error' : 'errors'}; nothing was loaded.`, problems.slice(0, 200));
  return [...times.values()];
}
