/** The grid of a table: caption, headings that sort, rows, sum row. Used by table.ts only. */
import { count } from './format.ts';
import { html, ifDefined, nothing, repeat, when, type Content, type TemplateResult } from './html.ts';
import { cellText, isNumeric, sumWords } from './tableModel.ts';
import type { Column, TableState } from './table.ts';

interface Counted<Row> {
  all: readonly Row[];
  total: number;
}

/** Roles are written out because rows drawn as cards on a phone lose the ones a table has by itself. */
export function tableGrid<Row>(state: TableState<Row>, rows: readonly Row[], counted: Counted<Row>): TemplateResult {
  const { columns } = state.options;
  return html`<div class="table__scroll" role="region" tabindex="0" aria-labelledby="${state.id}-caption">
    <table class="table__grid" role="table">
      <caption class="table__caption" id="${state.id}-caption">${caption(state, counted)}</caption>
      <thead role="rowgroup"><tr role="row">${columns.map((column) => heading(state, column))}</tr></thead>
      <tbody role="rowgroup">${repeat(rows, state.options.rowId, (row) => bodyRow(state, row))}</tbody>
      ${when(counted.all.length > 0 && columns.some((column) => column.sum), () => sumRow(state, counted.all))}
    </table>
  </div>`;
}

function caption<Row>(state: TableState<Row>, { all, total }: Counted<Row>): Content {
  const { options } = state;
  const n = all.length === total ? `n = ${count(total)}` : `n = ${count(all.length)} of ${count(total)}`;
  const span = typeof options.period === 'function' ? options.period() : options.period;
  const rest = [n, span, options.source ? `source: ${options.source}` : undefined].filter(Boolean).join(' · ');
  return html`<span class="table__name">${options.caption}</span> <span class="table__about">${rest}</span>`;
}

function sortBy<Row>(state: TableState<Row>, column: Column<Row>): void {
  const same = state.sort?.key === column.key;
  state.sort = { key: column.key, down: same ? !state.sort?.down : isNumeric(column.kind) };
  state.options.redraw();
}

function heading<Row>(state: TableState<Row>, column: Column<Row>): TemplateResult {
  if (column.bare) return html`<th role="columnheader" scope="col"><span class="table__bare">${column.label}</span></th>`;
  const active = state.sort?.key === column.key ? state.sort : undefined;
  const order = active ? (active.down ? 'descending' : 'ascending') : undefined;
  const mark = active ? (active.down ? '▼' : '▲') : '↕';
  return html`<th role="columnheader" scope="col" class=${isNumeric(column.kind) ? 'is-number' : ''} aria-sort=${ifDefined(order)}>
    <button type="button" class="table__sort" title=${ifDefined(column.hint)} @click=${() => sortBy(state, column)}>
      <span>${column.label}</span><span class="table__mark ${active ? 'is-on' : ''}" aria-hidden="true">${mark}</span>
    </button></th>`;
}

function bodyRow<Row>(state: TableState<Row>, row: Row): TemplateResult {
  const rowId = state.options.rowId(row);
  const selected = state.selected === rowId;
  const choose = state.options.onSelect ? () => chooseRow(state, rowId) : undefined;
  return html`<tr role="row" data-row=${rowId} class="${selected ? 'is-selected' : ''} ${choose ? 'is-selectable' : ''}" @click=${choose ? (event: Event) => clickedRow(event, choose) : nothing}>
    ${state.options.columns.map((column, index) => bodyCell(column, row, index === 0, choose ? { selected, choose } : undefined))}
  </tr>`;
}

function chooseRow<Row>(state: TableState<Row>, rowId: string): void {
  state.selected = state.selected === rowId ? null : rowId;
  state.options.onSelect?.(state.selected);
  state.options.redraw();
}

/** A click on a link or button inside a row is meant for that link or button. */
function clickedRow(event: Event, choose: () => void): void {
  if (event.target instanceof Element && event.target.closest('a, button, input, select, label')) return;
  choose();
}

interface Choosing {
  selected: boolean;
  choose: () => void;
}

function bodyCell<Row>(column: Column<Row>, row: Row, first: boolean, choosing: Choosing | undefined): TemplateResult {
  const words = column.show ? column.show(row) : cellText(column, row);
  const missing = column.show === undefined && (column.value(row) ?? null) === null;
  const whole = column.kind === 'date' || column.kind === 'month' || column.kind === 'instant';
  const classes = `${isNumeric(column.kind) ? 'is-number' : ''} ${whole ? 'is-whole' : ''} ${missing ? 'is-missing' : ''}`;
  if (!first) return html`<td role="cell" data-label=${column.label} class=${classes}>${words}</td>`;
  return html`<th role="rowheader" scope="row" class=${classes} data-label=${column.label}>${choosing ? chooser(words, cellText(column, row), choosing, column.show !== undefined) : words}</th>`;
}

/** The row's own button; where the cell already holds a link, a small one beside it. */
function chooser(words: Content, text: string, { selected, choose }: Choosing, beside: boolean): Content {
  const pressed = selected ? 'true' : 'false';
  if (!beside) return html`<button type="button" class="table__choose" aria-pressed=${pressed} @click=${choose}>${words}</button>`;
  return html`<span class="table__first">${words}
    <button type="button" class="table__locate" aria-pressed=${pressed} aria-label="Select ${text}" title="Select this row" @click=${choose}>◎</button></span>`;
}

function sumRow<Row>(state: TableState<Row>, all: readonly Row[]): TemplateResult {
  return html`<tfoot role="rowgroup"><tr role="row">${state.options.columns.map((column, index) => {
    const label = `${column.label}, total`;
    const kind = isNumeric(column.kind) ? 'is-number' : '';
    if (index === 0) return html`<th role="rowheader" scope="row">Total</th>`;
    if (!column.sum) return html`<td role="cell" class="is-blank"></td>`;
    const { total, lacks } = sumWords(all, column);
    return html`<td role="cell" class=${kind} data-label=${label}><span>${total}${lacks ? html`<span class="table__short">${lacks}</span>` : nothing}</span></td>`;
  })}</tr></tfoot>`;
}
