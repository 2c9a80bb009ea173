/** Refreshes: runs to lay beside the agreed set, and what was decided on earlier ones. */
import type { z } from 'zod';
import { listRefreshes } from '../../server/changes/contract.ts';
import { listAnalyses } from '../../server/hotspots/contract.ts';
import { call } from '../api.ts';
import { count, instant, period, shortDate } from '../format.ts';
import { action, frame, section } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, shown } from '../states.ts';
import { createTable, type Table } from '../table.ts';
import { decisionWords, foundTag } from './hotspotRefreshRows.ts';

type Run = z.output<typeof listAnalyses.output>['analyses'][number];
type Refresh = z.output<typeof listRefreshes.output>['refreshes'][number];

export const hotspotRefreshesPage: Page = (root) => {
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    leave = load(Promise.all([call(listAnalyses, {}), call(listRefreshes, {})]), (next) => {
      if (next.at === 'ready') open(root, next.value[0].analyses, next.value[1].refreshes);
      else render(page(shown(next, () => nothing, { what: 'the refreshes', retry: start })), root);
    });
  };
  start();
  return () => leave();
};

function page(body: Content): Content {
  return frame({
    title: 'Refresh', width: 'wide', breadcrumbs: [{ label: 'Hotspots', href: '/hotspots' }],
    lead: 'Lay a run beside the agreed set: what still holds, what no longer does, what is new, and why. Nothing changes until somebody confirms.',
    actions: mayDo('runAnalysis') ? [action('Run an analysis', '/analysis', 'main')] : [],
  }, body);
}

function open(root: HTMLElement, runs: readonly Run[], refreshes: readonly Refresh[]): void {
  const draw = (): void => render(page(html`
    ${section('Runs to compare', runs.length === 0 ? emptyView('No run yet', html`Run an analysis first: <a href="/analysis">find hotspots</a>.`) : table.view(runs))}
    ${section('Confirmed refreshes', refreshes.length === 0 ? emptyView('None yet', 'The first one is confirmed on the page of a comparison.') : refreshes.map(refreshView))}`), root);
  const table: Table<Run> = createTable<Run>({
    caption: 'Runs', rowId: (run) => run.id, redraw: draw, limit: 20, tools: false,
    columns: [
      { key: 'period', label: 'Period', value: (run) => `${run.parameters.from} to ${run.parameters.to}`, show: (run) => html`<a href="/analysis/${run.id}/refresh">${period(run.parameters.from, run.parameters.to)}</a>` },
      { key: 'made', label: 'Made', kind: 'instant', value: (run) => run.createdAt },
      { key: 'councils', label: 'Councils', kind: 'count', value: (run) => run.parameters.councils.length },
      { key: 'resolution', label: 'Resolution', kind: 'count', value: (run) => run.parameters.resolution },
      { key: 'n', label: 'Incidents', kind: 'count', value: (run) => run.figures.mapped },
      { key: 'candidates', label: 'Candidate cells', kind: 'count', value: (run) => run.figures.candidates },
    ],
  });
  draw();
}

function refreshView(refresh: Refresh): Content {
  const { figures } = refresh;
  return html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">From ${shortDate(refresh.effectiveOn)}: ${count(refresh.decisions.length)} decisions</span></summary>
    <div class="govuk-details__text">
      <p>Confirmed ${instant(refresh.decidedAt)} on <a href="/analysis/${refresh.runId}">this run</a>: ${count(figures.kept)} held, ${count(figures.shifted)} had shifted, ${count(figures.dropped)} no longer held, ${count(figures.new)} were new.</p>
      <ul class="govuk-list">${refresh.decisions.map((one) => html`<li>${foundTag(one.found)} ${one.hotspotId ? html`<a href="/hotspots/${one.hotspotId}">${one.name}</a>` : one.name}: <strong>${decisionWords[one.decision]}</strong>. ${one.reason}<br><span class="fact__note">${one.why}</span></li>`)}</ul>
    </div></details>`;
}
