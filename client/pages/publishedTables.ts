/** Tables of figures that others published: entered as printed, added up again, flagged where they disagree, never corrected. */
import { z } from 'zod';
import {
  addPublishedTable, checkPublishedTable, columnMeaningNames, columnMeanings, listPublishedTables, rowKindNames, rowKinds, type ColumnMeaning, type RowKind,
} from '../../server/returns/publishedTablesContract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { navigate, type Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, shown, tag, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { flagList, printedTable } from './publishedTableView.ts';

type Listed = z.infer<typeof listPublishedTables.output>['tables'][number];
type Checked = z.infer<typeof checkPublishedTable.output>;

export const publishedTablesPage: Page = (root) => {
  let state: Loadable<readonly Listed[]> = loading;
  let read: { text: string; checked: Checked } | undefined;
  let tableId = crypto.randomUUID();
  const draw = (): void => render(frame({
    title: 'Published tables', width: 'wide', lead: 'Figures as others printed them, kept with their source. Parts are added up against totals, changes and percentages worked out again, rounded half away from zero to the places shown. What disagrees is said; nothing is corrected.',
  }, html`${shown(state, body, { what: 'published tables', retry: () => void start() })}`), root);
  const table = createTable<Listed>({
    caption: 'Published tables', rowId: (row) => row.id, redraw: draw,
    columns: [
      { key: 'title', label: 'Table', value: (row) => row.title, show: (row) => html`<a href="/published-tables/${row.id}">${row.title}</a>` },
      { key: 'source', label: 'Source', value: (row) => row.source }, { key: 'entered', label: 'Entered', kind: 'instant', value: (row) => row.enteredAt },
      { key: 'flags', label: 'Disagreements', kind: 'count', value: (row) => row.disagreements, show: (row) => (row.disagreements > 0 ? tag(String(row.disagreements), 'warning') : tag('none', 'good')) },
    ],
  });
  const reading = createForm({
    submit: 'Read and add up', redraw: draw,
    fields: [{ kind: 'textarea', name: 'text', label: 'Paste the table', hint: 'With its headings and a name in front of each row. From a sheet it comes with tabs; bars or commas do too. Leave a cell blank where nothing is printed', required: true, size: 'long' }],
    action: async (values) => {
      const { text } = z.object({ text: z.string() }).parse(values);
      read = { text, checked: await call(checkPublishedTable, { text }) };
      tableId = crypto.randomUUID();
      draw();
    },
  });
  const again = async (meanings: ColumnMeaning[], kinds: RowKind[]): Promise<void> => {
    if (!read) return;
    read = { ...read, checked: await call(checkPublishedTable, { text: read.text, meanings, kinds }) };
    draw();
  };
  const meanings = (): ColumnMeaning[] => read?.checked.columns.map(({ meaning }) => meaning) ?? [];
  const kinds = (): RowKind[] => read?.checked.rows.map(({ kind }) => kind) ?? [];
  const keeping = createForm({
    layout: 'grid', submit: 'Keep the table', redraw: draw,
    fields: [
      { kind: 'text', name: 'title', label: 'What the table is', required: true }, { kind: 'text', name: 'source', label: 'Published where and when', required: true }, { kind: 'text', name: 'address', label: 'Address' },
    ],
    action: async (values) => {
      const kept = await call(addPublishedTable, addPublishedTable.input.parse({ tableId, text: read?.text ?? '', meanings: meanings(), kinds: kinds(), ...values }));
      await navigate(`/published-tables/${kept.id}`);
    },
  });
  const choose = <T extends string>(label: string, value: T, all: readonly T[], names: Record<T, string>, chosen: (next: T) => void): Content => html`<label class="govuk-label meant"><span>${label}</span>
    <select class="govuk-select" @change=${(event: Event) => chosen(all.find((each) => each === (event.target as HTMLSelectElement).value) ?? value)}>${all.map((each) => html`<option value=${each} ?selected=${each === value}>${names[each]}</option>`)}</select></label>`;
  const readView = ({ checked }: { checked: Checked }): Content => html`
    ${section('As read', html`${printedTable(checked)}
      <details class="govuk-details"><summary class="govuk-details__summary">What each column and row is</summary><div class="govuk-details__text meanings">
        ${checked.columns.map((column, nth) => choose(`Column “${column.name}”`, column.meaning, columnMeanings, columnMeaningNames, (next) => void again(meanings().with(nth, next), kinds())))}
        ${checked.rows.map((row, nth) => choose(`Row “${row.label}”`, row.kind, rowKinds, rowKindNames, (next) => void again(meanings(), kinds().with(nth, next))))}</div></details>`)}
    ${section('What does not agree', flagList(checked))}
    ${section('Keep it', keeping.view())}`;
  const body = (rows: readonly Listed[]): Content => html`
    ${rows.length > 0 ? table.view(rows) : emptyView('No table was entered yet')}
    ${when(mayDo('enterPublishedTables'), () => section('Enter a table', html`${reading.view()}${read ? readView(read) : nothing}`))}`;
  const start = (): (() => void) => load(call(listPublishedTables, {}).then(({ tables }) => tables), (next) => {
    state = next;
    draw();
  });
  return start();
};
