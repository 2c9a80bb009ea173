/** One allocation: for each agreement its money, its week by hotspot and band, what was not possible, and why each visit is there. */
import { z } from 'zod';
import { getAllocation, listAllocatedVisits, type AgreementPlanOut } from '../../server/grants/contract.ts';
import { call } from '../api.ts';
import { count, date, decimal, hoursMinutes, instant, money, percent, period } from '../format.ts';
import { action, facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { load, loading, note, shown, type Loadable } from '../states.ts';
import { addDays, bandNames } from '../weeks.ts';
import { createTable, type Table } from '../table.ts';
import { weekGrid } from '../weekGrid.ts';
import { beliefsView, curveView } from './allocationValue.ts';
import { createWhatIf, type WhatIfPanel } from './allocationWhatIf.ts';

type Run = z.infer<typeof getAllocation.output>;
type Visit = z.infer<typeof listAllocatedVisits.output>['visits'][number];

export const allocationRunPage: Page = (root, params) => {
  const id = params['id'] ?? '';
  let state: Loadable<Run> = loading;
  let chosen: string | null = null;
  let visits: Loadable<readonly Visit[]> = loading;
  let leaveVisits = (): void => undefined;

  const draw = (): void => {
    const run = state.at === 'ready' ? state.value : undefined;
    render(frame({ title: run ? `Week of ${date(run.week)}` : 'Allocation', caption: 'Allocation', width: 'wide', breadcrumbs: [{ label: 'Allocation', href: '/allocation' }] },
      shown(state, body, { what: 'the allocation', retry: () => void start() })), root);
  };
  const choose = (hotspot: string): void => {
    leaveVisits();
    chosen = chosen === hotspot ? null : hotspot;
    if (chosen === null) return draw();
    leaveVisits = load(call(listAllocatedVisits, { id, hotspot }).then((answer) => answer.visits), (next) => {
      visits = next;
      draw();
    });
  };
  const panels = new Map<string, WhatIfPanel>();
  const panelOf = (run: Run, plan: AgreementPlanOut): WhatIfPanel => {
    const panel = panels.get(plan.agreementId) ?? createWhatIf(id, plan, run.minimumVisits, draw);
    panels.set(plan.agreementId, panel);
    return panel;
  };
  const table = visitsTable(draw);
  const body = (run: Run): Content => html`${when(run.agreements.length > 1, () => runFacts(run))}
    ${run.notes.length > 0 ? note('info', html`<ul class="reasons">${run.notes.map((text) => html`<li>${text}</li>`)}</ul>`) : nothing}
    ${run.agreements.map((plan) => agreementSection(plan, { chosen, choose, whatIf: panelOf(run, plan), visits: () => shown(visits, (rows) => table.view(rows), { what: 'visits' }) }))}
    <p class="table__about">Planned on incidents of ${period(run.months.from.slice(0, 7), addDays(run.months.to, -1).slice(0, 7))}. Made ${instant(run.createdAt)}. Inputs ${run.hash.slice(0, 12)}, seed ${run.seed}.</p>
    ${when(run.agreements.length > 1 && mayDo('proposeReallocations'), () => html`<p>${action('Move money to where it prevents most', '/reallocations/new')}</p>`)}`;
  const start = (): (() => void) => load(call(getAllocation, { id }), (next) => {
    state = next;
    draw();
  });
  const leave = start();
  return () => {
    leave();
    leaveVisits();
  };
};

function visitsTable(redraw: () => void): Table<Visit> {
  return createTable<Visit>({
    caption: 'Visits and why each is there', rowId: (visit) => `${visit.hotspotId} ${visit.date} ${visit.band} ${visit.ordinal}`, redraw, sort: { key: 'date', down: false },
    columns: [
      { key: 'date', label: 'Day', kind: 'date', value: (visit) => visit.date },
      { key: 'band', label: 'Band', value: (visit) => bandNames[visit.band] ?? '' },
      { key: 'expected', label: 'Incidents expected', kind: 'decimal', digits: 2, value: (visit) => visit.expected },
      { key: 'gain', label: 'Prevented', kind: 'decimal', digits: 3, value: (visit) => visit.gain, sum: true },
      { key: 'cost', label: 'Cost', kind: 'money', value: (visit) => visit.costPence, sum: true },
      { key: 'why', label: 'Why', value: (visit) => visit.why },
    ],
  });
}

function runFacts(run: Run): Content {
  return facts([
    { label: 'Visits', value: count(run.visits), note: `${hoursMinutes(run.personMinutes)} person-hours in hotspots` },
    { label: 'Cost', value: money(run.spentPence) },
    { label: 'Incidents prevented', value: decimal(run.objective, 2), note: 'expected, at the central effect' },
    { label: 'Bound', value: decimal(run.bound, 2), note: 'no plan within the money prevents more' },
    { label: 'Gap', value: percent(run.gap, 2), note: 'of the bound' },
  ]);
}

interface Choosing {
  chosen: string | null;
  choose: (hotspot: string) => void;
  whatIf: WhatIfPanel;
  visits: () => Content;
}

function agreementSection(plan: AgreementPlanOut, { chosen, choose, visits, whatIf }: Choosing): Content {
  const hotspot = plan.hotspots.find((one) => one.id === chosen);
  return section(`${plan.council}, ${plan.reference}`, html`
    ${plan.reason ? note('warning', html`No hours: ${plan.reason.text}`) : html`${planFacts(plan)}
      ${weekGrid({ caption: `Visits of ${plan.council}`, rows: gridRows(plan), selected: chosen, choose })}
      ${when(hotspot, () => html`<h3>${hotspot?.name}</h3><p>${decimal(hotspot?.weeklyIncidents ?? 0, 2)} incidents a week. ${hotspot?.hoursFrom}</p>${visits()}`)}
      ${beliefsView(plan)}`}
    ${shortfalls(plan)}${curveView(plan)}${whatIf.view()}`, { lead: plan.money.says });
}

function gridRows(plan: AgreementPlanOut) {
  return plan.hotspots.map((hotspot) => ({
    id: hotspot.id, name: hotspot.name, visits: hotspot.visits, personMinutes: hotspot.personMinutes, cells: plan.cells.filter((cell) => cell.hotspotId === hotspot.id),
  }));
}

function planFacts(plan: AgreementPlanOut): Content {
  return facts([
    { label: 'Money this week', value: money(plan.money.weekPence), note: `${money(plan.money.spentPence)} planned, ${money(plan.money.unspentPence)} not` },
    { label: 'Visits', value: count(plan.visits), note: `${hoursMinutes(plan.personMinutes)} in hotspots, ${hoursMinutes(plan.paidMinutes)} with travel` },
    { label: 'Incidents prevented', value: decimal(plan.objective, 2), note: `${decimal(plan.objectiveRange.low, 2)} to ${decimal(plan.objectiveRange.high, 2)} from low to high effect` },
    { label: 'Gap to the bound', value: percent(plan.gap, 2), note: `bound ${decimal(plan.bound, 2)}` },
    { label: 'The next £1,000', value: decimal(plan.shadowPricePerThousandPounds, 2), note: 'incidents it would prevent' },
  ]);
}

const rules: Record<string, string> = { minimum: 'visits this week', gap: 'days running without a visit at most', floor: 'visits to the ward' };

function shortfalls(plan: AgreementPlanOut): Content {
  return when(plan.shortfalls.length > 0, () => html`<h3>Hotspots that get less than they should</h3><ul class="reasons">${plan.shortfalls.map((short) => html`<li>
    <strong>${short.hotspot ?? 'Several hotspots together'}</strong>: ${short.got} instead of ${short.wanted} ${rules[short.rule] ?? short.rule}. ${short.why}</li>`)}</ul>`);
}
