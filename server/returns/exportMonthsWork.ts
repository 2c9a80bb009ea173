/** Many months of the monthly return in one workbook. Each month is counted, kept as plain cells and let go, so that three years fit in little memory. */
import type { Knex } from 'knex';
import type { Cell, Column } from '../spreadsheet.ts';
import { monthsBetween } from '../hotspots/months.ts';
import { AppError } from '../errors.ts';
import { valueAsked } from './answers.ts';
import type { Figure, MonthlyFigures, ReportedField, ReturnDefinition } from './contract.ts';
import { countMonth, monthlyFigures, type MonthOf } from './figures.ts';
import type { LoadedMonth } from './month.ts';
import { loadRowsOfMonths } from './queries.ts';
import { openMonth } from './returnWork.ts';
import { cellOf, heading, kindOf, sheetName, unitWords } from './workbook.ts';
import { definitionsSheet, notesSheet, shorthand, shorthandSheet } from './workbookNotes.ts';
import type { LongBook, LongSheet } from './workbookWriter.ts';
import { sayMonth } from './words.ts';

interface Line {
  readonly key: readonly string[];
  /** By the place of the figure among `Gathered.figures`. */
  readonly cells: Cell[];
}

interface Gathered {
  readonly fields: Map<string, ReportedField>;
  /** Field and part -> place; in the order they first came. */
  readonly places: Map<string, number>;
  readonly hotspots: Line[];
  readonly areas: Line[];
  readonly leftOut: (readonly [string, string, number])[];
  /** Month, version of the definition, hotspots. */
  readonly months: (readonly [string, string, number])[];
  last: { readonly loaded: LoadedMonth; readonly definition: ReturnDefinition } | undefined;
}

/** A figure as far as a cell shows it: of a hundred hotspots a month nobody reads the words and the address of rows. */
type CellFigure = Pick<Figure, 'field' | 'breakdown' | 'value' | 'status'>;

export interface MonthsAsked {
  readonly from: string;
  readonly to: string;
  readonly councils: readonly string[];
  readonly now: Date;
}

/** The workbook of the months from one to another; months without a live hotspot are left out and said. Throws what making a return throws when there is none. */
export async function monthsBook(db: Knex, { from, to, councils, now }: MonthsAsked): Promise<LongBook> {
  const gathered: Gathered = { fields: new Map(), places: new Map(), hotspots: [], areas: [], leftOut: [], months: [], last: undefined };
  const without: string[] = [];
  for (const months of stretches(monthsBetween(from, to))) {
    const rows = await loadRowsOfMonths(db, { from: months[0] ?? from, to: months.at(-1) ?? to, councils });
    for (const month of months) {
      try {
        gather(gathered, await openMonth(db, { month, councils, now, from: rows }));
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'no_live_hotspots') throw error;
        without.push(month);
      }
    }
  }
  if (!gathered.last || gathered.hotspots.length === 0) throw new AppError(404, 'no_live_hotspots', `No hotspot was live from ${sayMonth(from)} to ${sayMonth(to)}. Choose other months.`);
  return book(gathered, { last: monthlyFigures(gathered.last.loaded, gathered.last.definition), from, to, without, now });
}

/** Months whose incidents are loaded together: few enough to be held, many enough that points are not laid over outlines for each. */
const together = 6;
const stretches = (months: readonly string[]): string[][] => Array.from({ length: Math.ceil(months.length / together) }, (_, nth) => months.slice(nth * together, (nth + 1) * together));

function gather(to: Gathered, opened: NonNullable<Gathered['last']>): void {
  const figures: MonthOf<CellFigure> = countMonth(opened.loaded, opened.definition, (question) => {
    const { value, status } = valueAsked(question);
    return { field: question.field.code, breakdown: question.part, value, status };
  });
  const month = figures.month;
  for (const field of figures.fields) to.fields.set(field.code, merged(field, to.fields.get(field.code)));
  const councilName = new Map(figures.councils.map(({ code, name }) => [code, name]));
  for (const { name, councilCode, figures: given } of figures.hotspots) to.hotspots.push({ key: [month, name, councilName.get(councilCode) ?? councilCode], cells: cellsOf(to, given) });
  for (const { name, figures: given } of figures.areas) to.areas.push({ key: [month, name], cells: cellsOf(to, given) });
  for (const { says, n } of figures.leftOut) to.leftOut.push([month, says, n]);
  to.months.push([month, String(figures.definition.version), figures.hotspots.length]);
  to.last = opened;
}

/** Parts that a month of before had and this one has not stay. */
function merged(field: ReportedField, before: ReportedField | undefined): ReportedField {
  const parts = new Map([...(before?.parts ?? []), ...field.parts].map((part) => [part.code, part]));
  return { ...field, parts: [...parts.values()] };
}

function cellsOf({ places }: Gathered, figures: readonly CellFigure[]): Cell[] {
  const cells: Cell[] = [];
  for (const figure of figures) {
    const key = placeKey(figure.field, figure.breakdown);
    const place = places.get(key) ?? places.size;
    places.set(key, place);
    cells[place] = cellOf(figure);
  }
  return cells;
}

const placeKey = (field: string, part: string | null): string => `${field} ${part ?? ''}`;

interface BookFacts {
  readonly last: MonthlyFigures;
  readonly from: string;
  readonly to: string;
  readonly without: readonly string[];
  readonly now: Date;
}

function book(gathered: Gathered, { last, from, to, without, now }: BookFacts): LongBook {
  const span = from === to ? sayMonth(from) : `${sayMonth(from)} to ${sayMonth(to)}`;
  const mark = last.demonstration ? 'Demonstration data' : undefined;
  return {
    title: `Monitoring returns: ${span}`, subject: `${last.definition.name}, month by month`, author: last.organisation, made: now, ...(mark === undefined ? {} : { mark }),
    cover: [
      last.organisation, ...(mark === undefined ? [] : ['Demonstration data: every figure in this workbook is made up.']),
      `Period: ${span}. ${new Set(gathered.hotspots.map(({ key }) => key[1])).size} hotspots, ${gathered.months.length} months.`,
      ...(without.length > 0 ? [`No hotspot was live in: ${without.map(sayMonth).join(', ')}.`] : []),
      `Definition: ${last.definition.name} (${last.definition.code}). ${last.definition.basis}`,
      'The version of the definition each month was counted by is in the sheet Months. The hash of a month’s figures stands on the month’s own workbook.',
      'A blank is not zero: 0 is a count of none. Cells without a number hold shorthand, explained in the sheet Shorthand.', 'No data about any person is held in this workbook.',
    ],
    sheets: sheets(gathered, last, span).map((sheet) => ({ ...sheet, about: [...(mark === undefined ? [] : ['Demonstration data: every figure here is made up.']), ...sheet.about, `Period: ${span}. Source: ${last.organisation}, patrol log and imported incidents.`] })),
  };
}

const month: Column = { label: 'Month', kind: 'text' };
const place: readonly Column[] = [month, { label: 'Hotspot', kind: 'text' }, { label: 'Council', kind: 'text' }];

function sheets(gathered: Gathered, last: MonthlyFigures, span: string): LongSheet[] {
  const fields = [...gathered.fields.values()];
  const split = fields.filter(({ code, parts }) => parts.some((part) => gathered.places.has(placeKey(code, part.code))));
  const inHotspots = fields.filter(({ code }) => gathered.hotspots.some(({ cells }) => cells[gathered.places.get(placeKey(code, null)) ?? -1] !== undefined));
  const inAreas = fields.filter(({ code }) => gathered.places.has(placeKey(code, null)));
  const short = (sheet: ReturnType<typeof shorthandSheet>): LongSheet => ({ ...sheet, rowCount: sheet.rows.length });
  const all = (list: readonly ReportedField[]): readonly (readonly [string, Column])[] => list.map((field) => [placeKey(field.code, null), { label: heading(field), kind: kindOf(field) }]);
  return [
    short(notesSheet(last)), short(shorthandSheet()), short(definitionsSheet({ ...last, fields })),
    { name: 'Months', title: 'Months, with the version of the definition each was counted by', about: ['One row a month with a live hotspot.'], columns: [month, { label: 'Version of the definition', kind: 'text' }, { label: 'Live hotspots', kind: 'count' }], rows: gathered.months, rowCount: gathered.months.length },
    lines(gathered, gathered.hotspots, { name: 'T1 Hotspots by month', title: `Table 1: every figure by hotspot and month, ${span}`, about: ['Each figure is defined in the sheet Definitions.'] }, place, all(inHotspots)),
    ...split.map((field, index) => lines(gathered, gathered.hotspots, {
      name: sheetName(index + 2, field.name), title: `Table ${index + 2}: ${field.name}, by hotspot, month and ${field.breakdown}, ${span}`, about: [`Definition: ${field.definition} Unit: ${unitWords[kindOf(field)]}.`],
    }, place, [[placeKey(field.code, null), { label: 'All', kind: kindOf(field) }], ...field.parts.map((part): readonly [string, Column] => [placeKey(field.code, part.code), { label: part.name, kind: kindOf(field) }])])),
    lines(gathered, gathered.areas, { name: `T${split.length + 2} Totals by month`, title: `Table ${split.length + 2}: totals by month, for all hotspots and by council, ${span}`, about: ['A total is the sum of its hotspots, except where its name says "each counted once"; percentages are worked from the totals.'] }, [month, { label: 'Area', kind: 'text' }], all(inAreas)),
    { name: 'Left out', title: 'Rows that are in no figure, by month', about: ['Each reason and how many.'], columns: [month, { label: 'Reason', kind: 'text' }, { label: 'Number', kind: 'count' }], rows: gathered.leftOut, rowCount: gathered.leftOut.length },
  ];
}

function lines(gathered: Gathered, from: readonly Line[], named: Pick<LongSheet, 'name' | 'title' | 'about'>, key: readonly Column[], figures: readonly (readonly [string, Column])[]): LongSheet {
  const places = figures.map(([figure]) => gathered.places.get(figure) ?? -1);
  return {
    ...named, columns: [...key, ...figures.map(([, column]) => column)], rowCount: from.length,
    rows: { *[Symbol.iterator]() {
      for (const line of from) yield [...line.key, ...places.map((at) => line.cells[at] ?? shorthand['not applicable'])];
    } },
  };
}
