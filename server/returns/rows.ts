/** Finds the figure an address of rows asks for, in a month that was loaded. */
import type { FigureRows, ReturnDefinition } from './contract.ts';
import { answer, toFigureRows, type Which } from './answers.ts';
import { fieldNamed, isForAreas, partsOf } from './fields.ts';
import { leftOutReasons, type LeftOutReason } from './figures.ts';
import { type LoadedMonth, sortMonth, type SortedMonth } from './month.ts';
import { toActionRow, toVisitRow } from './rowShapes.ts';

export interface RowsAsked {
  readonly figure: string;
  readonly breakdown?: string | undefined;
  readonly hotspot?: string | undefined;
  readonly council?: string | undefined;
  readonly version?: number | undefined;
}

/** The rows behind one figure; a text that names what the month does not have when there is no such figure. */
export function rowsOf(loaded: LoadedMonth, definition: ReturnDefinition, asked: RowsAsked): FigureRows | string {
  const sorted = sortMonth(loaded);
  if (asked.figure in leftOutReasons) return leftOutRows(loaded.month, sorted, asked.figure as LeftOutReason);
  const field = fieldNamed(asked.figure, definition.fields);
  if (!field) return `figure ${asked.figure}`;
  if (isForAreas(field, definition.fields) && asked.hotspot !== undefined) return `figure ${asked.figure} for one hotspot: it is given for areas only`;
  if (asked.breakdown !== undefined && !partsOf(field, loaded).some((part) => part.code === asked.breakdown)) return `breakdown ${asked.breakdown} of ${asked.figure}`;
  const hotspots = sorted.hotspots.filter(({ id, councilCode }) => (asked.hotspot ?? id) === id && (asked.council ?? councilCode) === councilCode);
  const hasAgreement = asked.hotspot === undefined && loaded.agreements.some(({ councilCode }) => (asked.council ?? councilCode) === councilCode);
  if (hotspots.length === 0 && !hasAgreement) return asked.hotspot === undefined ? 'council with hotspots in this month' : 'hotspot in this month';
  const where = { ...(asked.hotspot === undefined ? {} : { hotspot: asked.hotspot }), ...(asked.council === undefined ? {} : { council: asked.council }) };
  const which: Which = { definition: definition.code, ...(asked.version === undefined ? {} : { version: asked.version }) };
  const { month, sources, agreements, amounts } = loaded;
  const question = { month, field, part: asked.breakdown ?? null, hotspots, sources, agreements, amounts, fields: definition.fields, where, which };
  return toFigureRows(question, answer(question));
}

function leftOutRows(month: string, { leftOut }: SortedMonth, figure: LeftOutReason): FigureRows {
  const rows = {
    left_out_not_live: () => leftOut.notLive.map((visit) => toVisitRow(visit, 1)),
    left_out_not_started: () => leftOut.notStarted.map((visit) => toVisitRow(visit, 1)),
    left_out_without_police: () => leftOut.withoutPolice.map(toActionRow),
  }[figure]();
  const total = rows.reduce((sum, row) => sum + row.amount, 0);
  return {
    month, figure, name: leftOutReasons[figure], definition: `${leftOutReasons[figure]}. Not counted in any figure.`, unit: 'count', breakdown: null,
    hotspot: null, council: null, value: total, status: 'counted', why: null, from: 'rows of the month', total, of: null, rows, formula: null, terms: [],
  };
}
