/** The months, or other periods, there is something to report on: what is in, what is missing, when it is due, what was kept. */
import { z } from 'zod';
import { listReturns, monthlyDefinition, type BoardMonth } from '../../server/returns/contract.ts';
import { listDefinitions } from '../../server/returns/definitionContract.ts';
import { getReturnMonths } from '../../server/returns/exportContract.ts';
import { call, download } from '../api.ts';
import { createForm } from '../form.ts';
import { count, month, notAvailable } from '../format.ts';
import { frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { readAddress, type Page } from '../router.ts';
import { emptyView, load, loading, shown, tag, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';

const asked = z.object({ definition: z.string().optional().catch(undefined) });
type Board = z.output<typeof listReturns.output>;
interface Screen extends Board {
  /** Every return by its code, the monthly one first. */
  readonly returns: readonly (readonly [code: string, name: string])[];
}

async function ask(definition: string | undefined): Promise<Screen> {
  const [board, { definitions }] = await Promise.all([call(listReturns, definition ? { definition } : {}), call(listDefinitions, {})]);
  // Newest versions stand first, so the oldest is written over by none.
  const names = new Map(definitions.toReversed().map(({ code, name }) => [code, name]));
  const returns = [...names].sort(([a], [b]) => Number(b === monthlyDefinition) - Number(a === monthlyDefinition));
  return { ...board, returns };
}

export const returnsPage: Page = (root) => {
  const { definition } = readAddress(asked);
  let board: Loadable<Screen> = loading;
  const table = createTable<BoardMonth>({ caption: 'Returns', rowId: (row) => row.month, redraw: () => draw(), columns: columnsOf(definition), limit: 60 });
  const many = createForm({
    layout: 'row', submit: 'Download the months', redraw: () => draw(),
    fields: [{ kind: 'month', name: 'from', label: 'From', required: true }, { kind: 'month', name: 'to', label: 'To', required: true }],
    action: async ({ from, to }) => download(getReturnMonths, { from: String(from), to: String(to) }, `monitoring-returns-${String(from)}-to-${String(to)}.xlsx`),
  });
  const draw = (): void => render(frame({ title: 'Returns', lead: 'Each return is counted anew from visits, actions, incidents and the ledger until a version is kept.' },
    shown(board, (screen) => html`${tabs(screen)}${screen.months.length > 0 ? table.view(screen.months) : emptyView('Nothing to report on yet', 'A month appears here once a hotspot is live in it.')}
      ${when(definition === undefined && screen.months.length > 0, () => section('Many months in one workbook', many.view(), { lead: 'Every figure by hotspot and month, up to 60 months.' }))}`, { what: 'returns', retry: start })), root);
  const start = (): (() => void) => load(ask(definition), (next) => {
    board = next;
    draw();
  });
  return start();
};

function tabs({ returns, definition }: Screen): Content {
  return html`<nav class="tabs" aria-label="Returns of the grant"><ul class="tabs__list">${returns.map(([code, name]) =>
    html`<li><a class="tabs__link" href=${code === monthlyDefinition ? '/returns' : `/returns?definition=${code}`} aria-current=${code === definition.code ? 'page' : nothing}>${name}</a></li>`)}</ul></nav>`;
}

function columnsOf(definition: string | undefined): readonly Column<BoardMonth>[] {
  const query = definition ? `?definition=${definition}` : '';
  return [
    { key: 'month', label: definition ? 'From' : 'Month', kind: 'month', value: (row) => row.month, show: (row) => html`<a href="/returns/${row.month}${query}">${month(row.month)}</a>` },
    { key: 'state', label: 'State', value: stateOf, show: (row) => tag(stateOf(row), row.versions > 0 ? 'good' : row.monthEnded ? 'warning' : 'info') },
    { key: 'due', label: 'Due on', kind: 'date', value: (row) => row.dueOn, missing: 'as soon as known', hint: 'Suggested by the definition; the grant agreement decides' },
    { key: 'hotspots', label: 'Live hotspots', kind: 'count', value: (row) => row.hotspots },
    { key: 'councils', label: 'Councils patrolling', value: (row) => `${count(row.councilsStarted)} of ${count(row.councilsStarted + row.councilsNotStarted)}` },
    { key: 'visits', label: 'Visits', kind: 'count', value: (row) => (row.councilsStarted > 0 ? row.visits : null), missing: 'not started' },
    ...(definition ? [] : [{ key: 'incidents', label: 'Incidents', value: (row: BoardMonth) => (row.incidentsImported ? 'imported' : null), missing: notAvailable }]),
    { key: 'versions', label: 'Versions kept', kind: 'count', value: (row) => row.versions },
  ];
}

function stateOf(row: BoardMonth): string {
  if (row.versions > 0) return `Version ${row.versions} kept`;
  return row.monthEnded ? 'Nothing kept' : 'Not ended';
}
