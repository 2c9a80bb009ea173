/** A patrol log as a CSV file: each cell read or refused by row and column, nothing guessed. Pure: text in, visits and problems out. */
import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { AppError } from '../errors.ts';
import { type ActionKind, staffCategories, staffCategoryNames, type StaffCategory, wayRecordedNames, type WayRecorded, waysRecorded } from './contract.ts';
import { addDays } from './calendar.ts';
import { readLocalTime } from './localClock.ts';
import { columnsFor, findColumns, type HeadingProblem } from './visitCsvColumns.ts';
import type { HotspotFact, NewVisit } from './visits.ts';

export interface CsvProblem {
  /** As a spreadsheet counts: the headings are row 1. */
  readonly row: number;
  readonly column: string;
  readonly value: string;
  readonly message: string;
}

export interface ReadCsv {
  readonly visits: readonly NewVisit[];
  /** Row of each visit. */
  readonly rows: readonly number[];
  /** Ids that were made from what their row says, because it gives none. */
  readonly madeIds: ReadonlySet<string>;
  readonly problems: readonly (CsvProblem | HeadingProblem)[];
}

export interface CsvFacts {
  readonly hotspots: readonly HotspotFact[];
  readonly kinds: readonly ActionKind[];
}

/** The heading row of an empty file, for people to fill in. */
export function csvTemplate(kinds: readonly ActionKind[]): string {
  return `${columnsFor(kinds).map((column) => column.label).join(',')}\r\n`;
}

/** Reads a patrol log. Problems with the headings come alone, since no cell can be judged without its column. */
export function readVisitCsv(text: string, facts: CsvFacts): ReadCsv {
  const [headings = [], ...body] = cellsOf(text);
  const { columns, problems } = findColumns(headings, columnsFor(facts.kinds));
  if (problems.length > 0) return { visits: [], rows: [], madeIds: new Set(), problems };
  // A log has columns for a few kinds of action; the others need not be looked for in every row.
  const here = { ...facts, kinds: facts.kinds.filter(({ code }) => columns.has(`action ${code}`)) };
  const read = body.flatMap((cells, index) => (cells.every((cell) => cell.trim() === '') ? [] : [readRow(cells, index + 2, columns, here)]));
  const repeated = repeats(read);
  return {
    visits: read.map((row) => row.visit),
    rows: read.map((row) => row.row),
    madeIds: new Set(read.flatMap((row) => (row.idMade ? [row.visit.id] : []))),
    problems: read.length === 0 ? [{ row: 1, column: 'hotspot', value: '', message: 'The file has headings and no visits. Add a row for each visit.' }] : [...read.flatMap((row) => row.problems), ...repeated],
  };
}

function cellsOf(text: string): string[][] {
  const firstLine = text.slice(0, text.indexOf('\n') + 1 || text.length);
  const delimiter = !firstLine.includes(',') && firstLine.includes(';') ? ';' : ',';
  try {
    return parse(text, { bom: true, delimiter, relax_column_count: true, skip_empty_lines: false });
  } catch (error) {
    const { lines } = error as { lines?: number };
    throw new AppError(422, 'wrong_file', `The file is not CSV${lines ? `: line ${lines} cannot be parted into cells` : ''}. Check its quotation marks, or save the sheet as CSV again.`);
  }
}

interface RowRead {
  readonly row: number;
  readonly visit: NewVisit;
  readonly idMade: boolean;
  readonly problems: CsvProblem[];
}

function readRow(cells: readonly string[], row: number, columns: ReadonlyMap<string, { place: number; label: string }>, facts: CsvFacts): RowRead {
  const problems: CsvProblem[] = [];
  const cell = (key: string): string => (cells[columns.get(key)?.place ?? -1] ?? '').trim();
  const refuse = (key: string, message: string): undefined => {
    problems.push({ row, column: columns.get(key)?.label ?? key, value: cell(key), message });
    return undefined;
  };
  const times = readTimes(cell, refuse);
  const hotspot = findHotspot(cell('hotspot'), cell('date'), facts.hotspots) ?? refuse('hotspot', 'There is no such hotspot of yours. Write its name or id as on the hotspots page.');
  const staffCategory = readWord<StaffCategory>(cell('staff'), staffCategories, staffCategoryNames, 'warden') ?? refuse('staff', `Write one of: ${staffCategories.join(', ')}.`);
  const recordedHow = readWord<WayRecorded>(cell('recorded'), waysRecorded, wayRecordedNames, 'self_report') ?? refuse('recorded', `Write one of: ${waysRecorded.join(', ')}.`);
  const wardens = cell('wardens').split(/[;,|]/).map((one) => one.trim()).filter(Boolean);
  const content = {
    hotspotId: hotspot?.id ?? '',
    startedAt: iso(times?.from),
    endedAt: iso(times?.to),
    staffCategory: staffCategory ?? 'warden',
    persons: readWhole(cell('persons'), 1, 20) ?? refuse('persons', 'Write a whole number of persons from 1 to 20.') ?? 1,
    onFoot: readYes(cell('foot'), true) ?? refuse('foot', 'Write yes or no.') ?? true,
    extended: readYes(cell('extended'), false) ?? refuse('extended', 'Write yes or no.') ?? false,
    jointWithPolice: readYes(cell('joint'), false) ?? refuse('joint', 'Write yes or no.') ?? false,
    recordedHow: recordedHow ?? 'self_report',
    note: cell('note'),
    wardens,
    actions: readActions(cell, refuse, facts.kinds),
  };
  if (content.note.length > 500) refuse('note', `The note has ${content.note.length} characters. Keep it under 500.`);
  const id = readId(cell('id'), [content.hotspotId, content.startedAt, content.staffCategory, cell('patrol') || wardens.toSorted().join(' ')]) ?? refuse('id', 'This is not an id. Leave it blank, or give a UUID.') ?? '';
  if (cell('patrol').length > 40) refuse('patrol', 'Keep the reference under 41 characters.');
  return { row, problems, idMade: cell('id') === '', visit: { id, ...content, patrolReference: cell('patrol') || id } };
}

type Refuse = (key: string, message: string) => undefined;

/** An end before the start is on the next day: a visit over midnight. */
function readTimes(cell: (key: string) => string, refuse: Refuse): { from: number; to: number } | undefined {
  const date = isoDateOf(cell('date'));
  if (!date) return refuse('date', 'Write the day as 2023-10-02 or 02/10/2023.');
  const start = readLocalTime(`${date} ${cell('start')}`);
  const end = readLocalTime(`${date} ${cell('end')}`);
  if (!start.ok) refuse('start', /^\d/.test(cell('start')) ? start.why : 'Write the time the visit started as 18:05.');
  if (!end.ok) refuse('end', /^\d/.test(cell('end')) ? end.why : 'Write the time the visit ended as 18:20.');
  if (!start.ok || !end.ok) return undefined;
  if (end.instantMs > start.instantMs) return { from: start.instantMs, to: end.instantMs };
  const nextDay = readLocalTime(`${addDays(date, 1)} ${cell('end')}`);
  return nextDay.ok && end.instantMs < start.instantMs ? { from: start.instantMs, to: nextDay.instantMs } : refuse('end', 'The visit must end after it starts. Check both times.');
}

function isoDateOf(text: string): string | undefined {
  const british = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  const date = british ? `${british[3]}-${british[2]?.padStart(2, '0')}-${british[1]?.padStart(2, '0')}` : text;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(date) ? new Date(`${date}T00:00:00Z`) : undefined;
  return at && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date) ? date : undefined;
}

/** By id, or by name: of hotspots that had the name at different times, the one live that day. */
function findHotspot(text: string, day: string, hotspots: readonly HotspotFact[]): HotspotFact | undefined {
  const wanted = text.toLowerCase();
  const same = hotspots.filter((hotspot) => hotspot.id === wanted || hotspot.name.toLowerCase() === wanted);
  const date = isoDateOf(day) ?? '';
  return same.find((hotspot) => hotspot.liveFrom <= date && (hotspot.liveTo === null || date < hotspot.liveTo)) ?? same[0];
}

function readActions(cell: (key: string) => string, refuse: Refuse, kinds: readonly ActionKind[]): { code: string; n: number }[] {
  return kinds.flatMap(({ code }) => {
    const text = cell(`action ${code}`);
    if (text === '' || text === '0') return [];
    const n = readWhole(text, 0, 1000) ?? refuse(`action ${code}`, 'Write how many, as a whole number from 0 to 1,000, or leave it blank.');
    return n ? [{ code, n }] : [];
  });
}

function readWord<W extends string>(text: string, words: readonly W[], names: Readonly<Record<W, string>>, blank: W): W | undefined {
  if (text === '') return blank;
  const plain = text.toLowerCase().replace(/[\s-]+/g, '_');
  return words.find((word) => word === plain || names[word].toLowerCase() === text.toLowerCase());
}

function readWhole(text: string, least: number, most: number): number | undefined {
  const value = /^[0-9]{1,6}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

function readYes(text: string, blank: boolean): boolean | undefined {
  if (text === '') return blank;
  if (/^(yes|y|true|1)$/i.test(text)) return true;
  return /^(no|n|false|0)$/i.test(text) ? false : undefined;
}

/** A blank id is made from what the visit is, so that the same file sent twice is counted once. */
function readId(text: string, identity: readonly string[]): string | undefined {
  if (text !== '') return /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : undefined;
  const hex = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function repeats(read: readonly RowRead[]): CsvProblem[] {
  const first = new Map<string, number>();
  return read.flatMap(({ row, visit, problems }) => {
    const before = first.get(visit.id);
    if (before === undefined) first.set(visit.id, row);
    return before === undefined || problems.length > 0 ? [] : [{ row, column: 'hotspot', value: '', message: `This row repeats row ${before}: the same hotspot, start and patrol. Take one out.` }];
  });
}

const iso = (ms: number | undefined): string => (ms === undefined ? '' : new Date(ms).toISOString());

