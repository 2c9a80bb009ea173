/** Two allocations side by side: what they were asked, money by agreement, hours by hotspot. */
import { z } from 'zod';
import { compareAllocations, type ComparedHotspot, type ComparedInput, type ComparedMoney, type ComparedRuns } from '../../server/grants/allocationContract.ts';
import { call } from '../api.ts';
import { count, date, decimal, hoursMinutes, instant, money, percent } from '../format.ts';
import { facts, frame, section } from '../frame.ts';
import { html, render, type Content } from '../html.ts';
import { readAddress, type Page } from '../router.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';

const asked = z.object({ first: z.uuid().optional().catch(undefined), second: z.uuid().optional().catch(undefined) });
const breadcrumbs = [{ label: 'Allocation', href: '/allocation' }];
const title = 'Two allocations side by side';
const notInIt = 'not in it';

export const allocationComparePage: Page = (root) => {
  const { first, second } = readAddress(asked);
  if (!first || !second) return render(frame({ title, breadcrumbs }, emptyView('No allocations are named', html`Choose two under <a href="/allocation">Allocation</a>.`)), root);
  let state: Loadable<ComparedRuns> = loading;
  const draw = (): void => render(frame({ title, breadcrumbs, width: 'wide', lead: state.at === 'ready' ? state.value.says : '' }, shown(state, body, { what: 'the two allocations', retry: () => void start() })), root);
  const inputs = createTable<ComparedInput>({
    caption: 'What was asked', rowId: (row) => row.name, redraw: draw, sort: { key: 'differs', down: true }, limit: 30,
    columns: [
      { key: 'name', label: 'Input', value: (row) => row.name }, { key: 'first', label: 'First', value: (row) => row.first, missing: notInIt }, { key: 'second', label: 'Second', value: (row) => row.second, missing: notInIt },
      { key: 'differs', label: 'Differs', value: (row) => (row.differs ? 'yes' : 'no'), show: (row) => (row.differs ? html`<strong>yes</strong>` : html`no`) },
    ],
  });
  const hotspots = createTable<ComparedHotspot>({
    caption: 'Hours by hotspot', rowId: (row) => row.hotspotId, redraw: draw, sort: { key: 'more', down: true },
    columns: [
      { key: 'hotspot', label: 'Hotspot', value: (row) => row.hotspot, show: (row) => html`<a href="/hotspots/${row.hotspotId}">${row.hotspot}</a>` }, { key: 'council', label: 'Council', value: (row) => row.council },
      { key: 'v1', label: 'Visits, first', kind: 'count', value: (row) => row.firstVisits, missing: notInIt, sum: true }, { key: 'v2', label: 'Visits, second', kind: 'count', value: (row) => row.secondVisits, missing: notInIt, sum: true },
      { key: 'm1', label: 'Hours, first', kind: 'minutes', value: (row) => row.firstMinutes, missing: notInIt, sum: true }, { key: 'm2', label: 'Hours, second', kind: 'minutes', value: (row) => row.secondMinutes, missing: notInIt, sum: true },
      { key: 'more', label: 'Visits more', hint: 'In the second', kind: 'count', value: (row) => (row.firstVisits === null || row.secondVisits === null ? null : row.secondVisits - row.firstVisits), missing: '–' },
    ],
  });
  const agreements = createTable<ComparedMoney>({
    caption: 'Money by agreement', rowId: (row) => row.agreementId, redraw: draw, tools: false,
    columns: [
      { key: 'council', label: 'Council', value: (row) => row.council },
      { key: 'w1', label: 'Week’s money, first', kind: 'money', value: (row) => row.first?.weekPence, missing: notInIt, sum: true }, { key: 'w2', label: 'Week’s money, second', kind: 'money', value: (row) => row.second?.weekPence, missing: notInIt, sum: true },
      { key: 's1', label: 'Cost, first', kind: 'money', value: (row) => row.first?.spentPence, missing: notInIt, sum: true }, { key: 's2', label: 'Cost, second', kind: 'money', value: (row) => row.second?.spentPence, missing: notInIt, sum: true },
      { key: 'o1', label: 'Prevented, first', kind: 'decimal', digits: 2, value: (row) => row.first?.objective, missing: notInIt }, { key: 'o2', label: 'Prevented, second', kind: 'decimal', digits: 2, value: (row) => row.second?.objective, missing: notInIt },
      { key: 'l1', label: 'Get less, first', hint: 'Hotspots under their minimum', kind: 'count', value: (row) => row.first?.losers, missing: notInIt }, { key: 'l2', label: 'Get less, second', kind: 'count', value: (row) => row.second?.losers, missing: notInIt },
    ],
  });
  const body = (both: ComparedRuns): Content => html`${both.same ? note('good', 'The hashes of their inputs are the same.') : html``}
    ${facts([head('First', both.first), head('Second', both.second)])}
    ${section('Money', agreements.view(both.money))}
    ${section('Hotspots', hotspots.view(both.hotspots))}
    ${section('Inputs', inputs.view(both.inputs), { lead: `Hash of the first ${both.first.hash.slice(0, 12)}, of the second ${both.second.hash.slice(0, 12)}: the same inputs always have the same hash and give the same plan.` })}`;
  const start = (): (() => void) => load(call(compareAllocations, { id: first, other: second }), (next) => {
    state = next;
    draw();
  });
  return start();
};

function head(label: string, run: ComparedRuns['first']) {
  return {
    label: `${label}: week of ${date(run.week)}`, value: html`<a href="/allocation/${run.id}">${count(run.visits)} visits</a>`,
    note: `${hoursMinutes(run.personMinutes)} person-hours, ${money(run.spentPence)}; prevents ${decimal(run.objective, 2)}, within ${percent(run.gap, 2)} of the bound; made ${instant(run.createdAt)}`,
  };
}
