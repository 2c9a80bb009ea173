/**
 * The table of the service: sort, filter, sum row, export of what is shown, rows linked to a map.
 *
 *   const table = createTable<Row>({
 *     caption: 'Hot cells', source: 'police.uk street files', period: period(from, to),
 *     rowId: (row) => row.cell, redraw: draw, onSelect: (id) => map.select(id),
 *     columns: [
 *       { key: 'name', label: 'Place', value: (row) => row.name },
 *       { key: 'count', label: 'Incidents', kind: 'count', value: (row) => row.count, sum: true },
 *       { key: 'paid', label: 'Paid', kind: 'money', value: (row) => row.paidPence, missing: notStarted },
 *     ],
 *   });
 *   render(html`${table.view(rows)}`, root);   // call again whenever rows change
 *
 * Make it once a page; it keeps its own sort, filter and selection.
 */
import { keepFile } from './api.ts';
import { csvFileName } from './csv.ts';
import { html, nothing, uniqueId, when, type Content, type TemplateResult } from './html.ts';
import { isDemonstration } from './session.ts';
import { aboutColumns, filterRows, sortRows, tableCsv, type ColumnModel, type Sort } from './tableModel.ts';
import { tableGrid } from './tableGrid.ts';
import { tableFoot, tableTools } from './tableTools.ts';

export type { ColumnKind } from './tableModel.ts';

export interface Column<Row> extends ColumnModel<Row> {
  /** Drawn instead of the written value, e.g. a link or a tag. Filter and export still use `value`. */
  show?: (row: Row) => Content;
  /** A longer heading for screen readers and the pointer: the unit or definition. */
  hint?: string;
}

export interface TableOptions<Row> {
  /** What the rows are. The caption adds n, period and source. */
  caption: string;
  columns: readonly Column<Row>[];
  rowId: (row: Row) => string;
  /** Draws the page again; called after a sort, a filter or a selection. */
  redraw: () => void;
  period?: string | (() => string);
  source?: string;
  sort?: Sort;
  /** Makes rows selectable by a button in the first cell and by a click; linked to the map by id. */
  onSelect?: (id: string | null) => void;
  /** False hides the filter box and the export, for a few rows. */
  tools?: boolean;
  /** Words for a table without rows. */
  empty?: string;
  /** On a phone: rows as cards (default), or the table scrolled sideways. */
  narrow?: 'cards' | 'scroll';
  /** What the rows are made from and how (see map/words.ts): written into every row of the export. */
  about?: () => readonly (readonly [name: string, value: string])[];
  /** Rows drawn at first, on a phone no more than twelve cards; the rest on request. Sum and export always cover all. */
  limit?: number;
}

export interface Table<Row> {
  view: (rows: readonly Row[]) => TemplateResult;
  /** Marks the row and brings it into view without calling `onSelect`; for clicks on a map. */
  select: (id: string | null) => void;
  readonly selected: string | null;
}

/** What the parts of a drawn table share. */
export interface TableState<Row> {
  readonly options: TableOptions<Row>;
  readonly id: string;
  sort: Sort | undefined;
  words: string;
  selected: string | null;
  limit: number;
}

/** Makes a table that keeps its own sort, filter and selection between draws. */
export function createTable<Row>(options: TableOptions<Row>): Table<Row> {
  const state: TableState<Row> = {
    options, id: uniqueId('table'), sort: options.sort, words: '', selected: null, limit: usualLimit(options),
  };
  return {
    view: (rows) => tableView(state, rows),
    select: (id) => {
      state.selected = id;
      options.redraw();
      if (id !== null) bringIntoView(state.id, id);
    },
    get selected() {
      return state.selected;
    },
  };
}

/** Cards on a phone are tall, so few are drawn at first: what follows the table must not lie a hundred screens below. */
function usualLimit<Row>(options: TableOptions<Row>): number {
  const wide = options.limit ?? 200;
  return options.narrow !== 'scroll' && window.matchMedia('(max-width: 39.9375em)').matches ? Math.min(wide, 12) : wide;
}

function bringIntoView(tableId: string, rowId: string): void {
  const row = [...document.querySelectorAll<HTMLElement>(`#${tableId} tbody tr`)].find((one) => one.dataset['row'] === rowId);
  row?.scrollIntoView({ block: 'nearest' });
}

/** The rows to draw: the first ones, stretched so that a selected row is among them. */
function drawnRows<Row>(state: TableState<Row>, rows: readonly Row[]): readonly Row[] {
  if (rows.length <= state.limit) return rows;
  const place = rows.findIndex((row) => state.options.rowId(row) === state.selected);
  return rows.slice(0, Math.max(state.limit, place + 1));
}

function tableView<Row>(state: TableState<Row>, all: readonly Row[]): TemplateResult {
  const { options } = state;
  const filtered = filterRows(all, options.columns, state.words);
  const rows = sortRows(filtered, options.columns, state.sort);
  const exportShown = (): void =>
    keepFile(new Blob([tableCsv(rows, [...options.columns, ...aboutColumns<Row>(options.about?.() ?? [])], isDemonstration())], { type: 'text/csv' }), csvFileName(options.caption, isDemonstration()));
  return html`<div class="table ${options.narrow === 'scroll' ? 'table--scroll' : 'table--cards'}" id=${state.id}>
    ${when(options.tools !== false && all.length > 0, () => tableTools(state, all.length, { exportShown }))}
    ${tableGrid(state, drawnRows(state, rows), { all: rows, total: all.length })}
    ${rows.length === 0 ? html`<p class="table__empty">${emptyWords(state, all.length)}</p>` : nothing}
    ${tableFoot(state, rows.length)}
  </div>`;
}

function emptyWords<Row>(state: TableState<Row>, total: number): string {
  return total === 0 ? (state.options.empty ?? 'There are no rows for these filters.') : `None of the ${total} rows has “${state.words}”. Clear the filter to see them.`;
}
