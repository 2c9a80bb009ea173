/** One published table: as printed, each cell in question marked, and every disagreement in words. */
import { getPublishedTable, type Flag, type PublishedTable } from '../../server/returns/publishedTablesContract.ts';
import { call } from '../api.ts';
import { shortInstant } from '../format.ts';
import { details, frame, section } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { load, loading, note, shown, tag, type Loadable } from '../states.ts';

type Shown = Pick<PublishedTable, 'columns' | 'rows' | 'flags' | 'checks'>;

/** The table as it was printed; a cell that a flag is about says so in words for those who do not see the mark. */
export function printedTable({ columns, rows, flags }: Shown): Content {
  const flagged = (row: string, column: string): boolean => flags.some((flag) => flag.level !== 'to know' && flag.row === row && flag.column === column);
  return html`<div class="table__scroll printed__scroll" tabindex="0" role="region" aria-label="The table as printed"><table class="govuk-table printed"><thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header">As printed</th>${columns.map(({ name }) => html`<th scope="col" class="govuk-table__header govuk-table__header--numeric">${name}</th>`)}</tr></thead>
    <tbody class="govuk-table__body">${rows.map((row) => html`<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">${row.label}${row.kind === 'part' ? nothing : html` <span class="printed__kind">${row.kind === 'alone' ? 'on its own' : row.kind}</span>`}</th>
      ${row.cells.map((cell, nth) => html`<td class="govuk-table__cell govuk-table__cell--numeric">${cell}${flagged(row.label, columns[nth]?.name ?? '') ? html` <span class="printed__flag"><span aria-hidden="true">!</span><span class="govuk-visually-hidden">does not agree</span></span>` : nothing}</td>`)}</tr>`)}</tbody></table></div>`;
}

const looks: Record<Flag['level'], 'warning' | 'danger' | 'plain'> = { disagrees: 'warning', discloses: 'danger', 'to know': 'plain' };

export function flagList({ flags, checks }: Shown): Content {
  const agreed = checks - flags.filter(({ level }) => level !== 'to know').length;
  return html`<p>${checks} ${checks === 1 ? 'comparison' : 'comparisons'}, ${agreed} of them agree.</p>
    ${flags.length === 0 ? note('good', checks > 0 ? 'Everything that can be compared agrees.' : 'There is nothing in it to compare.') : html`<ul class="reasons">${flags.map((flag) => html`<li>${tag(flag.level, looks[flag.level])} ${flag.says}</li>`)}</ul>`}`;
}

export const publishedTablePage: Page = (root, params) => {
  let state: Loadable<PublishedTable> = loading;
  const draw = (): void => render(frame({ title: state.at === 'ready' ? state.value.title : 'Published table', caption: 'As printed, not corrected', breadcrumbs: [{ label: 'Published tables', href: '/published-tables' }] }, shown(state, body, { what: 'the table', retry: () => void start() })), root);
  const body = (table: PublishedTable): Content => html`${details([['Source', table.source], ...(table.address ? [['Address', table.address] as const] : []), ['Entered', shortInstant(table.enteredAt)]])}
    ${printedTable(table)}${section('What does not agree', flagList(table))}`;
  const start = (): (() => void) => load(call(getPublishedTable, { id: params['id'] ?? '' }), (next) => {
    state = next;
    draw();
  });
  return start();
};
