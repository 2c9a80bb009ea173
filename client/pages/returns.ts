/** The months there is something to report on: what is in, what is missing, when it is due, what was kept. */
import { listReturns, type BoardMonth } from '../../server/returns/contract.ts';
import { call } from '../api.ts';
import { count, month, notAvailable } from '../format.ts';
import { frame } from '../frame.ts';
import { html, render } from '../html.ts';
import type { Page } from '../router.ts';
import { emptyView, load, loading, shown, tag, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';

export const returnsPage: Page = (root) => {
  let board: Loadable<readonly BoardMonth[]> = loading;
  const table = createTable<BoardMonth>({ caption: 'Monthly monitoring returns', rowId: (row) => row.month, redraw: () => draw(), columns, limit: 60 });
  const draw = (): void => render(frame({ title: 'Returns', lead: 'The monthly monitoring return to the Home Office. Each month is counted anew from visits, actions and incidents until a version is kept.' },
    shown(board, (months) => (months.length > 0 ? table.view(months) : emptyView('No month to report on yet', 'A month appears here once a hotspot is live in it.')), { what: 'returns', retry: start })), root);
  const start = (): (() => void) => load(call(listReturns, {}).then((answer) => answer.months), (next) => {
    board = next;
    draw();
  });
  return start();
};

const columns: readonly Column<BoardMonth>[] = [
  { key: 'month', label: 'Month', kind: 'month', value: (row) => row.month, show: (row) => html`<a href="/returns/${row.month}">${month(row.month)}</a>` },
  { key: 'state', label: 'State', value: stateOf, show: (row) => tag(stateOf(row), row.versions > 0 ? 'good' : row.monthEnded ? 'warning' : 'info') },
  { key: 'due', label: 'Due on', kind: 'date', value: (row) => row.dueOn, hint: 'Suggested by the definition; the grant agreement decides' },
  { key: 'hotspots', label: 'Live hotspots', kind: 'count', value: (row) => row.hotspots },
  { key: 'councils', label: 'Councils patrolling', value: (row) => `${count(row.councilsStarted)} of ${count(row.councilsStarted + row.councilsNotStarted)}` },
  { key: 'visits', label: 'Visits', kind: 'count', value: (row) => (row.councilsStarted > 0 ? row.visits : null), missing: 'not started' },
  { key: 'incidents', label: 'Incidents', value: (row) => (row.incidentsImported ? 'imported' : null), missing: notAvailable },
  { key: 'versions', label: 'Versions kept', kind: 'count', value: (row) => row.versions },
];

function stateOf(row: BoardMonth): string {
  if (row.versions > 0) return `Version ${row.versions} kept`;
  return row.monthEnded ? 'Nothing kept' : 'Month not ended';
}
