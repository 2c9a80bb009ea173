/**
 * Rows that are typed into a table: budgets by head and period, targets, conditions. Keeps what was typed; says what is wrong in words.
 *
 *   const budgets = createRows({ caption: 'Budgets', add: 'Add a head', columns: [{ key: 'head', label: 'Head', kind: 'select', options }, { key: 'budget', label: 'Budget', kind: 'money', sum: true }], start, redraw: draw });
 *   ${budgets.view()}   …   const { rows, problems } = budgets.read();
 */
import { parsePounds, poundsText } from '../amount.ts';
import type { Option } from '../fields.ts';
import type { FieldProblem } from '../form.ts';
import { isRealDate } from '../formModel.ts';
import { money } from '../format.ts';
import { html, live, nothing, repeat, uniqueId, when, type Content } from '../html.ts';

export interface RowColumn {
  readonly key: string;
  readonly label: string;
  readonly kind: 'text' | 'money' | 'hours' | 'date' | 'select';
  readonly options?: readonly Option[];
  /** May be left blank. */
  readonly optional?: boolean;
  /** A total stands under it. */
  readonly sum?: boolean;
}

/** A row as it was typed, by column. */
export type TypedRow = Record<string, string>;
/** A row as it is meant: pence, minutes, days, text; blanks are undefined. */
export type ReadRow = Record<string, string | number | undefined>;

export interface RowsOptions {
  readonly caption: string;
  readonly columns: readonly RowColumn[];
  readonly start: readonly TypedRow[];
  /** The words on the button for one more row. */
  readonly add: string;
  readonly redraw: () => void;
  /** The name its problems have in the form's summary. */
  readonly field: string;
  readonly empty: string;
}

export interface Rows {
  readonly view: () => Content;
  readonly read: () => { rows: ReadRow[]; problems: FieldProblem[] };
}

export function createRows(options: RowsOptions): Rows {
  const { columns, redraw } = options;
  const id = uniqueId('rows');
  let rows: { key: string; typed: TypedRow }[] = options.start.map((typed) => ({ key: uniqueId('row'), typed: { ...typed } }));
  const add = (): void => {
    rows = [...rows, { key: uniqueId('row'), typed: Object.fromEntries(columns.map(({ key, kind, options: given }) => [key, kind === 'select' ? (given?.[0]?.value ?? '') : ''])) }];
    redraw();
  };
  const remove = (key: string): void => {
    rows = rows.filter((row) => row.key !== key);
    redraw();
  };
  const cell = (typed: TypedRow, column: RowColumn, nth: number): Content => {
    const label = `${column.label}, ${column.kind === 'select' ? `row ${nth + 1}` : nameOf(typed, columns, nth)}`;
    const set = (event: Event): void => {
      typed[column.key] = (event.target as HTMLInputElement | HTMLSelectElement).value;
      redraw();
    };
    if (column.kind === 'select') return html`<select class="govuk-select" aria-label=${label} @change=${set}>${(column.options ?? []).map(({ value, label: words }) => html`<option value=${value} ?selected=${typed[column.key] === value}>${words}</option>`)}</select>`;
    return html`<input class="govuk-input rows__${column.kind}" type=${column.kind === 'date' ? 'date' : 'text'} inputmode=${column.kind === 'money' || column.kind === 'hours' ? 'decimal' : nothing} autocomplete="off" aria-label=${label} .value=${live(typed[column.key] ?? '')} @change=${set}>`;
  };
  const total = (column: RowColumn): Content => {
    const amounts = rows.map(({ typed }) => parsePounds(typed[column.key] ?? '')).map((read) => (read.ok ? read.pence : 0));
    return column.sum ? money(amounts.reduce((sum, pence) => sum + pence, 0)) : nothing;
  };
  const grid = (): Content => html`<div class="rows__scroll" role="region" tabindex="0" aria-labelledby="${id}-caption">
    <table class="rows__grid"><caption id="${id}-caption">${options.caption}</caption>
      <thead><tr>${columns.map(({ label, kind }) => html`<th scope="col" class=${kind === 'money' ? 'is-number' : ''}>${label}</th>`)}<th scope="col"><span class="govuk-visually-hidden">Take out</span></th></tr></thead>
      <tbody>${repeat(rows, ({ key }) => key, ({ key, typed }, nth) => html`<tr>${columns.map((column) => html`<td data-label=${column.label}>${cell(typed, column, nth)}</td>`)}
        <td><button type="button" class="table__choose" aria-label="Take out ${nameOf(typed, columns, nth)}" @click=${() => remove(key)}>Take out</button></td></tr>`)}</tbody>
      ${when(columns.some(({ sum }) => sum), () => html`<tfoot><tr>${columns.map((column, nth) => (nth === 0 ? html`<th scope="row">Total</th>` : html`<td class="is-number" data-label=${column.sum ? column.label : nothing}>${total(column)}</td>`))}<td></td></tr></tfoot>`)}
    </table></div>`;
  return {
    view: () => html`<div class="rows">${rows.length > 0 ? grid() : html`<p class="rows__empty">${options.empty}</p>`}
      <button type="button" class="govuk-button govuk-button--secondary" @click=${add}>${options.add}</button></div>`,
    read: () => {
      const problems: FieldProblem[] = [];
      const read = rows.map(({ typed }, nth) => readRow(typed, columns, (column, why) => problems.push({ field: options.field, message: `${column.label}, ${nameOf(typed, columns, nth)}: ${why}` })));
      return { rows: read, problems };
    },
  };
}

/** What a row is called: its first cell, or its place. */
const nameOf = (typed: TypedRow, columns: readonly RowColumn[], nth: number): string => {
  const [first] = columns;
  const value = typed[first?.key ?? ''] ?? '';
  return (first?.options?.find((option) => option.value === value)?.label ?? value) || `row ${nth + 1}`;
};

function readRow(typed: TypedRow, columns: readonly RowColumn[], refuse: (column: RowColumn, why: string) => void): ReadRow {
  return Object.fromEntries(columns.map((column) => {
    const text = (typed[column.key] ?? '').trim();
    if (text === '') {
      if (!column.optional && column.kind !== 'select') refuse(column, 'it is blank. Enter it, or take the row out');
      return [column.key, column.kind === 'select' ? '' : undefined];
    }
    const read = readCell(column, text);
    if (typeof read === 'object') refuse(column, read.why);
    return [column.key, typeof read === 'object' ? undefined : read];
  }));
}

function readCell({ kind }: RowColumn, text: string): string | number | { why: string } {
  if (kind === 'money') {
    const read = parsePounds(text);
    return read.ok ? read.pence : { why: read.why };
  }
  if (kind === 'date') return isRealDate(text) ? text : { why: `"${text}" is not a date. Write it as YYYY-MM-DD` };
  if (kind !== 'hours') return text;
  const minutes = /^\d[\d,]*(\.\d{1,2})?$/.test(text) ? Number(text.replaceAll(',', '')) * 60 : Number.NaN;
  return Number.isNaN(minutes) || Math.abs(minutes - Math.round(minutes)) > 1e-6 ? { why: `"${text}" is not a number of hours in whole minutes, for example 1,000 or 7.5` } : Math.round(minutes);
}

/** Minutes as they stand in a field of hours: 450 -> "7.5". */
export const hoursText = (minutes: number): string => String(Number((minutes / 60).toFixed(2)));
/** Pence as they stand in a field, blank for nothing. */
export const amountText = (pence: number | undefined): string => (pence === undefined ? '' : poundsText(pence));
