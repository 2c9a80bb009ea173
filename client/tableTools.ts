/** What stands above and below a table's grid: filter, order on a phone, export, "show all". Used by table.ts only. */
import { count } from './format.ts';
import { html, nothing, type TemplateResult } from './html.ts';
import type { TableState } from './table.ts';

interface Tools {
  exportShown: () => void;
}

/** So few rows are seen at a glance: a box to filter them would only stand before them. */
const few = 5;

/** The filter box, the order (only shown where headings are hidden) and the export. */
export function tableTools<Row>(state: TableState<Row>, rows: number, tools: Tools): TemplateResult {
  const typed = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) state.words = event.target.value;
    state.options.redraw();
  };
  const filter = html`<div class="table__filter">
      <label class="table__label" for="${state.id}-filter">Filter ${state.options.caption.toLowerCase()}</label>
      <input class="govuk-input" id="${state.id}-filter" type="search" autocomplete="off" .value=${state.words} @input=${typed}>
    </div>`;
  return html`<div class="table__tools">
    ${rows > few || state.words !== '' ? html`${filter}${orderChoice(state)}` : nothing}
    <button type="button" class="govuk-button govuk-button--secondary table__export" @click=${tools.exportShown}>Export as CSV</button>
  </div>`;
}

function orderChoice<Row>(state: TableState<Row>): TemplateResult {
  const chosen = (event: Event): void => {
    if (!(event.target instanceof HTMLSelectElement)) return;
    const [key = '', way] = event.target.value.split(' ');
    state.sort = key === '' ? undefined : { key, down: way === 'down' };
    state.options.redraw();
  };
  const now = state.sort ? `${state.sort.key} ${state.sort.down ? 'down' : 'up'}` : '';
  const choices = state.options.columns.filter((column) => !column.bare).flatMap((column) => [
    { value: `${column.key} up`, label: `${column.label}, lowest first` },
    { value: `${column.key} down`, label: `${column.label}, highest first` },
  ]);
  return html`<div class="table__order">
    <label class="table__label" for="${state.id}-order">Order</label>
    <select class="govuk-select" id="${state.id}-order" @change=${chosen}>
      <option value="" ?selected=${now === ''}>As given</option>
      ${choices.map((choice) => html`<option value=${choice.value} ?selected=${choice.value === now}>${choice.label}</option>`)}
    </select>
  </div>`;
}

/** Says how many rows are drawn when not all are, and offers the rest. */
export function tableFoot<Row>(state: TableState<Row>, rows: number): TemplateResult | typeof nothing {
  if (rows <= state.limit) return nothing;
  const showAll = (): void => {
    state.limit = Infinity;
    state.options.redraw();
  };
  return html`<p class="table__more">The first ${count(state.limit)} of ${count(rows)} rows are drawn; totals and export cover all.
    <button type="button" class="link-button" @click=${showAll}>Show all ${count(rows)}</button></p>`;
}
