/** A month's figures as a workbook: what stands on the cover, in the notes and in each table. The definition decides the columns. */
import type { Book, Cell, Column, ColumnKind, TableSheet } from '../spreadsheet.ts';
import { type Area, type Figure, monthlyDefinition, type MonthlyFigures, type ReportedField, type ReportedHotspot } from './contract.ts';
import { coverLines, definitionsSheet, leftOutSheet, lowMark, notesSheet, provisionalMark, revisedMark, sayDays, shorthand, shorthandSheet, sourcesSheet } from './workbookNotes.ts';
import type { FigureDifference } from './versionContract.ts';
import { differenceOf } from './versionDifference.ts';
import { sayPeriod } from './words.ts';

export interface BookOptions {
  readonly sha256: string;
  readonly monthEnded: boolean;
  readonly made: Date;
  /** Null or none where it was made now and not kept. */
  readonly version?: number | null;
  /** The version before, of which the sheet Revised says what differs. */
  readonly before?: { readonly version: number; readonly figures: MonthlyFigures } | undefined;
}

/** The workbook of a month's figures. */
export function returnBook(figures: MonthlyFigures, options: BookOptions): Book {
  return {
    title: `${figures.definition.code === monthlyDefinition ? 'Monitoring return' : figures.definition.name}: ${sayPeriod(figures)}`,
    subject: `${figures.definition.name}, version ${figures.definition.version}`,
    author: figures.organisation,
    made: options.made,
    cover: coverLines(figures, options),
    ...(figures.demonstration ? { mark: 'Demonstration data' } : {}),
    sheets: [...tableSheets(figures), ...(options.before ? [revisedSheet(figures, options.before)] : [])].map((sheet) => ({ ...sheet, title: options.monthEnded || !sheet.title.startsWith('Table') ? sheet.title : `${sheet.title} ${provisionalMark}`, about: aboutLines(figures, sheet.about) })),
  };
}

/** "monitoring-return-2023-10"; says which version it is, and when the data is made up. */
export function fileStem({ definition, month, lastMonth, demonstration }: MonthlyFigures, version: number | null = null): string {
  const name = definition.code === monthlyDefinition ? 'monitoring-return' : definition.code.replaceAll('_', '-');
  return `${name}-${month}${lastMonth ? `-to-${lastMonth}` : ''}${version === null ? '' : `-version-${version}`}${demonstration ? '-demonstration-data' : ''}`;
}

export const workbookName = (figures: MonthlyFigures, version: number | null = null): string => `${fileStem(figures, version)}.xlsx`;

function tableSheets(figures: MonthlyFigures): TableSheet[] {
  const split = figures.fields.filter((field) => isCounted(figures, field) && field.parts.length > 0);
  // A return of money alone has no hotspots, and a table has at least one row.
  const byHotspot = figures.hotspots.length === 0 ? [] : [hotspotsSheet(figures), summarySheet(figures), ...split.filter((field) => isOfHotspots(figures, field)).map((field, index) => partsSheet(figures, field, index + 3))];
  return [
    notesSheet(figures), shorthandSheet(), definitionsSheet(figures), ...byHotspot,
    totalsSheet(figures, byHotspot.length + 1), ...(figures.councils.length > 0 ? [councilsSheet(figures)] : []), sourcesSheet(figures), leftOutSheet(figures),
  ];
}

/** What was revised since the version before: one row a figure, in the unit of its field, so that a sum of the rows can be checked. */
function revisedSheet(figures: MonthlyFigures, before: NonNullable<BookOptions['before']>): TableSheet {
  const { figures: revised } = differenceOf(before.figures, figures);
  const side = (one: FigureDifference['from']): string => (one === null ? shorthand['not applicable'] : one.value === null ? shorthand[one.status === 'counted' ? 'not available' : one.status] : String(one.value));
  const none = [shorthand['not applicable'], 'No figure differs from the version before.', ...Array.from({ length: 5 }, () => shorthand['not applicable'])];
  return {
    name: 'Revised',
    title: `Figures revised since version ${before.version}`,
    about: ['One row a figure that differs from the version before, in the unit of its field; [z] where that version has no such figure.'],
    columns: ['Mark', 'Place', 'Figure', 'Part', 'Unit', `Version ${before.version}`, 'Now'].map((label): Column => ({ label, kind: 'text' })),
    rows: revised.length === 0 ? [none] : revised.map(({ area, name, part, unit, from, to }) => [revisedMark, area, name, part ?? 'All', unit, side(from), side(to)]),
  };
}

/** Every table says what period it covers and, when the data is made up, that it is. */
function aboutLines(figures: MonthlyFigures, lines: readonly string[]): string[] {
  const span = `Period: ${sayDays(figures)}. Source: ${figures.organisation}, patrol log and imported incidents.`;
  return [...(figures.demonstration ? ['Demonstration data: every figure here is made up.'] : []), ...lines, span];
}

const isOfHotspots = (figures: MonthlyFigures, { code }: ReportedField): boolean => figures.hotspots[0]?.figures.some(({ field }) => field === code) ?? false;
const isCounted = (figures: MonthlyFigures, field: ReportedField): boolean => figures.areas[0]?.figures.some((figure) => figure.field === field.code) ?? false;

export function kindOf(field: Pick<ReportedField, 'unit' | 'measure'>): ColumnKind {
  if (field.unit === 'person-minutes') return 'hours';
  if (field.unit === 'pence') return 'money';
  if (field.unit === 'per cent') return field.measure === 'incidentsChange' ? 'change' : 'percent';
  return field.unit === 'date' ? 'date' : field.unit === 'text' ? 'text' : 'count';
}

export const unitWords: Record<ColumnKind, string> = { text: 'text', count: 'number', hours: 'hours and minutes', percent: '%', change: '%', money: '£', date: 'date' };

export const heading = (field: ReportedField): string => (kindOf(field) === 'count' ? field.name : `${field.name} (${unitWords[kindOf(field)]})`);

/** A figure's cell: its value, or the shorthand for why there is none. */
export function cellOf(figure: Pick<Figure, 'value' | 'status'> | undefined): Cell {
  if (!figure || figure.value === null) return shorthand[figure && figure.status !== 'counted' ? figure.status : 'not available'];
  return figure.value;
}

/** A percentage of 0.0 that is not 0: what it is worked from says that there was something. */
function isLow(own: readonly Figure[], fields: readonly ReportedField[], { field, breakdown, value }: Figure): boolean {
  if (value !== 0) return false;
  const of = (measure: string): number | null => find(own, fields.find((one) => one.measure === measure)?.code ?? '', breakdown)?.value ?? null;
  const measure = fields.find(({ code }) => code === field)?.measure;
  if (measure === 'longVisitsShare') return (of('longVisits') ?? 0) > 0;
  const [now, before] = [of('incidents'), of('incidentsYearBefore')];
  return measure === 'incidentsChange' && now !== null && before !== null && now !== before;
}

/** A figure's cell among the others of its place. */
function cellAmong(own: readonly Figure[], fields: readonly ReportedField[], field: string, part: string | null): Cell {
  const figure = find(own, field, part);
  return figure && isLow(own, fields, figure) ? lowMark : cellOf(figure);
}

const find = (figures: readonly Figure[], field: string, part: string | null): Figure | undefined =>
  figures.find((figure) => figure.field === field && figure.breakdown === part);

const place: readonly Column[] = [{ label: 'Hotspot', kind: 'text' }, { label: 'Council', kind: 'text' }];

function placeCells(figures: MonthlyFigures, hotspot: ReportedHotspot): Cell[] {
  return [hotspot.name, councilName(figures, hotspot.councilCode)];
}

const councilName = (figures: MonthlyFigures, code: string): string => figures.councils.find((council) => council.code === code)?.name ?? code;

function hotspotsSheet(figures: MonthlyFigures): TableSheet {
  const dates = ['Live from', 'Last live day', 'Counted from', 'Counted to', 'Patrols counted from'];
  return {
    name: 'T1 Hotspots',
    title: `Table 1: hotspots live in ${sayPeriod(figures)}`,
    about: ['One row a hotspot. Figures cover its live days only: from "Counted from" to "Counted to".'],
    columns: [...place, { label: 'Council code', kind: 'text' }, { label: 'Ward code', kind: 'text' }, ...dates.map((label): Column => ({ label, kind: 'date' })), { label: 'Hotspot id', kind: 'text' }],
    rows: figures.hotspots.map((hotspot) => [
      ...placeCells(figures, hotspot), hotspot.councilCode, hotspot.wardCode ?? shorthand['not available'], hotspot.liveFrom,
      hotspot.liveTo === null ? shorthand['not applicable'] : dayBefore(hotspot.liveTo), hotspot.countedFrom, hotspot.countedTo,
      hotspot.patrolsFrom ?? shorthand['not started'], hotspot.id,
    ]),
  };
}

const dayBefore = (date: string): string => new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

function summarySheet(figures: MonthlyFigures): TableSheet {
  const first = figures.hotspots[0]?.figures ?? [];
  const fields = figures.fields.filter((field) => find(first, field.code, null));
  return {
    name: 'T2 Summary',
    title: `Table 2: every figure by hotspot, ${sayPeriod(figures)}`,
    about: ['Each figure is defined in the sheet Definitions. Totals are in their own sheet.'],
    columns: [...place, ...fields.map((field): Column => ({ label: heading(field), kind: kindOf(field) }))],
    rows: figures.hotspots.map((hotspot) => [...placeCells(figures, hotspot), ...fields.map((field) => cellAmong(hotspot.figures, figures.fields, field.code, null))]),
  };
}

/** One field by hotspot and by the parts of its breakdown. */
function partsSheet(figures: MonthlyFigures, field: ReportedField, number: number): TableSheet {
  const kind = kindOf(field);
  const bySource = field.breakdown === 'source';
  return {
    name: sheetName(number, field.name),
    title: `Table ${number}: ${field.name}, by hotspot and ${field.breakdown}, ${sayPeriod(figures)}`,
    about: [`Definition: ${field.definition} Unit: ${unitWords[kind]}.`],
    columns: [...place, { label: 'All', kind }, ...field.parts.map((part): Column => ({ label: part.name, kind })), ...(bySource ? [{ label: 'What was counted', kind: 'text' } as const] : [])],
    rows: figures.hotspots.map((hotspot) => {
      const all = find(hotspot.figures, field.code, null);
      const parts = field.parts.map((part) => cellAmong(hotspot.figures, figures.fields, field.code, part.code));
      return [...placeCells(figures, hotspot), cellAmong(hotspot.figures, figures.fields, field.code, null), ...parts, ...(bySource ? [all?.from ?? shorthand['not available']] : [])];
    }),
  };
}

/** A name that fits a tab: whole words, 31 characters at most. */
export function sheetName(number: number, name: string): string {
  let fitted = `T${number}`;
  for (const word of name.replace(/[[\]:*?/\\]/g, ' ').split(/\s+/)) {
    if (`${fitted} ${word}`.length > 31) break;
    fitted = `${fitted} ${word}`;
  }
  return fitted;
}

/** Every figure for all hotspots together and for each council; units differ by row, so each cell brings its own. */
function totalsSheet(figures: MonthlyFigures, number: number): TableSheet {
  const counts: readonly [string, (area: Area) => number][] = [['Live hotspots', (area) => area.hotspots], ['Live hotspots whose council has not started patrols', (area) => area.hotspotsNotStarted]];
  const lines = figures.fields.flatMap((field) => {
    const kind = kindOf(field);
    const parts = [{ code: null, name: 'All' }, ...field.parts];
    return isCounted(figures, field) ? parts.map((part) => [field.name, part.name, unitWords[kind], ...figures.areas.map((area) => totalCell(area, figures.fields, field, part.code))]) : [];
  });
  return {
    name: `T${number} Totals`,
    title: `Table ${number}: totals for all hotspots and by council, ${sayPeriod(figures)}`,
    about: ['A total is the sum of the rows of its table, except where its name says "each counted once"; percentages are worked from the totals.'],
    columns: [{ label: 'Figure', kind: 'text' }, { label: 'Part', kind: 'text' }, { label: 'Unit', kind: 'text' }, ...figures.areas.map((area): Column => ({ label: isProvisional(figures, area.councilCode) ? `${area.name} ${provisionalMark}` : area.name, kind: 'count' }))],
    rows: [...counts.map(([name, count]): Cell[] => [name, 'All', 'number', ...figures.areas.map(count)]), ...lines],
  };
}

function totalCell(area: Area, fields: readonly ReportedField[], field: ReportedField, part: string | null): Cell {
  const cell = cellAmong(area.figures, fields, field.code, part);
  return typeof cell === 'number' ? { value: cell, kind: kindOf(field) } : cell;
}

/** A council that calls its figures provisional; all together are so where one is. */
const isProvisional = ({ collected }: MonthlyFigures, council: string | null): boolean => collected?.texts.some(({ councilCode, kind, text }) => kind === 'finality' && text === 'provisional' && (council === null || councilCode === council)) ?? false;

function councilsSheet(figures: MonthlyFigures): TableSheet {
  return {
    name: 'Councils',
    title: 'Councils and the day their patrols started',
    about: ['A council that has not started has no patrol figures: that is not the same as 0.'],
    columns: [{ label: 'Council', kind: 'text' }, { label: 'Council code', kind: 'text' }, { label: 'Patrols started on', kind: 'date' }, { label: 'By the end of the month', kind: 'text' }],
    rows: figures.councils.map((council) => [council.name, council.code, council.patrolsStartedOn ?? shorthand['not available'], council.status]),
  };
}
