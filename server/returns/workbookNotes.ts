/** The words of a return's workbook: cover, notes, the key to the shorthand, definitions, sources and what was left out. */
import type { TableSheet } from '../spreadsheet.ts';
import type { MonthlyFigures, Status } from './contract.ts';
import { lastDayOf } from './deadline.ts';
import type { BookOptions } from './workbook.ts';
import { sayDate, sayMonth, sayPeriod } from './words.ts';

/** What stands in a cell that has no number. `[x]` and `[z]` are the Analysis Function's; `[ns]` is ours. */
export const shorthand: Record<Exclude<Status, 'counted'>, string> = { 'not available': '[x]', 'not applicable': '[z]', 'not started': '[ns]' };

/** Stands before each figure of the sheet Revised. */
export const revisedMark = '[r]';

/** Stands in a cell whose percentage is not 0 and was rounded to it. */
export const lowMark = '[low]';

/** Stands in a heading or a title over figures that are not final yet. */
export const provisionalMark = '[p]';

/** "1 to 31 October 2023", or "1 October to 31 December 2023". */
export function sayDays({ month, lastMonth = month }: Pick<MonthlyFigures, 'month' | 'lastMonth'>): string {
  return `${month === lastMonth ? '1' : sayDate(`${month}-01`)} to ${sayDate(lastDayOf(lastMonth))}`;
}

export function coverLines(figures: MonthlyFigures, { sha256, monthEnded, made, version }: BookOptions): string[] {
  const { definition } = figures;
  const councils = figures.areas.filter((area) => area.councilCode !== null).map((area) => area.name);
  return [
    figures.organisation,
    ...(figures.demonstration ? ['Demonstration data: every figure in this workbook is made up.'] : []),
    ...(monthEnded ? [] : [`Provisional: ${sayPeriod(figures)} had not ended when this was made.`]),
    `Period: ${sayDays(figures)}. Hotspots: ${figures.areas[0]?.hotspots ?? 0}, in ${councils.join(', ')}.`,
    ...(version === undefined || version === null ? [] : [`Version ${version} of this return, as it was kept.`]),
    `Definition: ${definition.name} (${definition.code}), version ${definition.version}. ${definition.basis}`,
    `SHA-256 of the figures: ${sha256}`,
    'The hash is taken from the canonical JSON of the figures (RFC 8785). The same figures made again have the same hash; this file’s own bytes differ each time it is written.',
    `Made on ${sayDate(made.toISOString().slice(0, 10))}.`,
    'A blank is not zero: 0 is a count of none. Cells without a number hold shorthand, explained in the sheet Shorthand.',
    'No data about any person is held in this workbook.',
  ];
}

const isCollected = ({ measure, formula }: MonthlyFigures['fields'][number]): boolean => measure !== null || formula !== undefined;

export function notesSheet(figures: MonthlyFigures): TableSheet {
  const notCollected = figures.fields.filter((field) => !isCollected(field)).map((field) => field.name);
  const notes = [
    'A visit belongs to the local day, by the clock in Britain, on which it began, and counts whole minutes of real time, also over a change of the clocks.',
    'Visits count on days on which the hotspot was live and its council had started patrols. What was left out is in the sheet Left out.',
    'A patrol that visits two hotspots counts once in each; "each counted once" counts it once.',
    'Incidents from different sources are added. An event that two bodies recorded is in both.',
    'Where a source gives months only, a hotspot that was live for part of the month is given the whole month, and so is the month a year before.',
    'Where a source gives days, a hotspot that was live for part of the month is compared with the same days a year before.',
    'Percentages are rounded to one decimal, and what a formula gives in other units to the whole unit, half away from zero. Everything else is exact.',
    `The rows behind every figure are served at the address in the sheet Definitions; add &hotspot= and a hotspot id, &council= and a council code, or &breakdown= and a part.`,
    ...(notCollected.length > 0 ? [`Fields of the definition that are not collected by this service: ${notCollected.join('; ')}.`] : []),
  ];
  return {
    name: 'Notes', title: 'Notes', about: ['How the figures were made.'],
    columns: [{ label: 'Note', kind: 'count' }, { label: 'Text', kind: 'text' }],
    rows: notes.map((text, index) => [index + 1, text]),
  };
}

/** The Analysis Function's list, and ours; the same key in every workbook, so that a reader learns it once. */
export function shorthandSheet(): TableSheet {
  const meanings: readonly [mark: string, meaning: string][] = [
    [shorthand['not available'], 'Not available: what it would be counted from has not been imported or recorded.'],
    [shorthand['not applicable'], 'Not applicable: there is nothing to take a percentage of, or the hotspot is still live.'],
    [shorthand['not started'], 'Not started: the council had not begun its patrols.'],
    ['[c]', 'Confidential: hidden so that nobody can be found by it. This workbook goes to the funder and hides nothing; published tables do.'],
    [lowMark, 'Low: not 0, and rounded to 0. Only percentages are rounded in this workbook.'],
    [provisionalMark, 'Provisional: stands in a title where the period had not ended, and in a heading where the council calls its figures provisional.'],
    [revisedMark, 'Revised: differs from the version before. A later version lists what was revised in its sheet Revised.'],
  ];
  return {
    name: 'Shorthand', title: 'Shorthand', about: ['What stands in a cell that has no number.'],
    columns: [{ label: 'Shorthand', kind: 'text' }, { label: 'Meaning', kind: 'text' }],
    rows: meanings.map(([mark, meaning]) => [mark, meaning]),
  };
}

export function definitionsSheet(figures: MonthlyFigures): TableSheet {
  const labels = ['Figure', 'Code', 'Unit', 'Breakdown', 'Definition', 'Formula', 'Basis', 'Collected', 'Rows'];
  return {
    name: 'Definitions', title: `Definitions: ${figures.definition.name}, version ${figures.definition.version}`, about: [figures.definition.basis],
    columns: labels.map((label) => ({ label, kind: 'text' })),
    rows: figures.fields.map((field) => [
      field.name, field.code, field.unit, field.breakdown, field.definition, field.formula ?? shorthand['not applicable'], field.basis, isCollected(field) ? 'yes' : 'no',
      figures.areas[0]?.figures.find((figure) => figure.field === field.code && figure.breakdown === null)?.rows ?? shorthand['not applicable'],
    ]),
  };
}

export function sourcesSheet(figures: MonthlyFigures): TableSheet {
  const yes = (held: boolean): string => (held ? 'imported' : shorthand['not available']);
  const labels = ['Source', 'Publisher', 'Licence', 'Times given to the', sayPeriod(figures), figures.lastMonth ? 'The same months a year before' : sayMonth(figures.yearBefore), 'Data'];
  const none = ['No source of incidents', ...labels.slice(1).map(() => shorthand['not available'])];
  return {
    name: 'Sources', title: 'Sources of incidents', about: ['Every source that had begun by the month, and whether the month and the same month a year before were imported.'],
    columns: labels.map((label) => ({ label, kind: 'text' })),
    rows: figures.sources.length === 0 ? [none] : figures.sources.map((source) => [
      source.name, source.publisher, source.licence, source.timePrecision, yes(source.imported), yes(source.importedYearBefore), source.demonstration ? 'demonstration' : 'real',
    ]),
  };
}

export function leftOutSheet(figures: MonthlyFigures): TableSheet {
  return {
    name: 'Left out', title: 'Rows of the month that are in no figure', about: ['Each reason, how many, and where the rows are served.'],
    columns: [{ label: 'Reason', kind: 'text' }, { label: 'Number', kind: 'count' }, { label: 'Rows', kind: 'text' }],
    rows: figures.leftOut.map(({ says, n, rows }) => [says, n, rows]),
  };
}
