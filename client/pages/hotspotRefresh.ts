/** A run laid beside the agreed set: what is kept, shifted, dropped and new, and why; people decide row by row or all at once, then confirm. */
import type { z } from 'zod';
import { confirmRefresh, type Decision, getRefresh, type RefreshRow } from '../../server/changes/contract.ts';
import { call } from '../api.ts';
import { createForm, type Form } from '../form.ts';
import { count, decimal, instant, period, shortDate } from '../format.ts';
import { action, button, facts, frame, section } from '../frame.ts';
import { html, nothing, render, repeat, when, type Content } from '../html.ts';
import { type Info, serviceInfo } from '../info.ts';
import { type Box, createMap, type MapHandle } from '../map/create.ts';
import { legend, mapFrame } from '../map/frame.ts';
import { hotspotsLayer } from '../map/hotspots.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, note, shown } from '../states.ts';
import { createTable, type Table } from '../table.ts';
import { decisionWords, foundTag, refreshColumns, rowPanel, type Typed } from './hotspotRefreshRows.ts';
import { boxOf } from './hotspots.ts';
import { crossingBanners } from './map/words.ts';

type Refresh = z.output<typeof getRefresh.output>;

export const hotspotRefreshPage: Page = (root, { id = '' }) => {
  let leaveMap = (): void => undefined;
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    leaveMap();
    leaveMap = (): void => undefined;
    leave = load(Promise.all([call(getRefresh, { id }), serviceInfo()]), (next) => {
      if (next.at === 'ready') leaveMap = open(root, ...next.value);
      else render(frame({ title: 'Refresh', breadcrumbs: crumbs(id) }, shown(next, () => nothing, { what: 'the comparison', retry: start })), root);
    });
  };
  start();
  return () => {
    leave();
    leaveMap();
  };
};

const crumbs = (id: string) => [{ label: 'Hotspots', href: '/hotspots' }, { label: 'Refresh', href: '/refreshes' }, { label: 'Analysis', href: `/analysis/${id}` }];

interface Parts {
  readonly map: MapHandle;
  readonly table: Table<RefreshRow>;
  readonly confirming: Form;
  refresh: Refresh;
  chosen: RefreshRow | undefined;
  readonly typed: Map<string, Typed>;
  done: Content;
}

function open(root: HTMLElement, first: Refresh, info: Info): () => void {
  const map = createMap({ label: 'agreed hotspots and candidates', tiles: info.tiles, whole: boxOfRows(first.rows) });
  const draw = (): void => render(view(parts, draw), root);
  const choose = (key: string | null): void => {
    parts.chosen = parts.refresh.rows.find((row) => row.key === key);
    map.select(key);
    parts.table.select(key);
  };
  const parts: Parts = {
    map, refresh: first, chosen: undefined, typed: new Map(), done: nothing,
    table: createTable<RefreshRow>({
      caption: 'Places', rowId: (row) => row.key, redraw: draw, columns: refreshColumns((row) => parts.typed.get(row.key)?.decision), limit: 60, onSelect: choose,
      empty: 'There is no agreed hotspot and no candidate in this area.',
    }),
    confirming: createForm({
      fields: [
        { kind: 'date', name: 'from', label: 'Holds from', hint: 'The first day of what is adopted, and the first day without what is retired: today or later', required: true, requiredMessage: 'Enter the day the decisions hold from' },
        { kind: 'textarea', name: 'reason', label: 'Reason', hint: 'For every decision without one of its own', required: true },
      ],
      submit: 'Confirm decisions', redraw: draw,
      action: async ({ from, reason }) => {
        const decisions = [...parts.typed].map(([key, one]) => ({ key, decision: one.decision, reason: one.reason || reason, ...(one.name ? { name: one.name } : {}) }));
        const answer = await call(confirmRefresh, confirmRefresh.input.parse({ id: parts.refresh.run.id, from, decisions }));
        parts.typed.clear();
        parts.refresh = await call(getRefresh, { id: parts.refresh.run.id });
        choose(null);
        parts.done = note('good', html`Confirmed from ${shortDate(answer.effectiveOn)}: ${answer.says}`, { live: true });
        drawPlaces(map, parts.refresh.rows, choose);
        draw();
      },
    }),
  };
  drawPlaces(map, first.rows, choose);
  draw();
  return () => map.remove();
}

/** Agreed ones dashed, candidates that are new dotted. */
function drawPlaces(map: MapHandle, rows: readonly RefreshRow[], choose: (key: string) => void): void {
  map.set('hotspots', hotspotsLayer(rows.map((row) => ({ id: row.key, name: row.name, label: `${row.name}: ${row.found}, ${row.n} incidents`, geometry: row.outline, live: row.found !== 'new' })), { onSelect: choose }));
}

function boxOfRows(rows: readonly RefreshRow[]): Box {
  return boxOf({ features: rows.map((row) => ({ geometry: row.outline })) }) ?? [-1.46, 54.44, -0.76, 54.74];
}

function view(parts: Parts, draw: () => void): Content {
  const { refresh } = parts;
  const { run, previous } = refresh;
  return frame({
    title: 'Refresh', caption: period(run.from, run.to), width: 'wide', breadcrumbs: crumbs(run.id), lead: refresh.says,
    actions: [action('Try its candidates', `/analysis/${run.id}/trial`)],
  }, html`
    ${parts.done}${crossingBanners(refresh.crossings)}
    ${facts([
      { label: 'Still hold', value: count(refresh.figures.kept) }, { label: 'Shifted', value: count(refresh.figures.shifted), note: 'A candidate covers part of the ground' },
      { label: 'No longer hold', value: count(refresh.figures.dropped), note: `Under ${decimal(refresh.minimumCount, 0)} incidents, or not surely above the area’s ${decimal(refresh.meanRate, 1)} per km² a year` },
      { label: 'New', value: count(refresh.figures.new), note: 'Candidates on free ground' },
    ])}
    <p>${previous ? html`Compared with the run before, ${period(previous.from, previous.to)} (<a href="/analysis/${previous.id}">made ${instant(previous.createdAt)}</a>).` : 'There is no earlier run over the same councils to compare with.'}</p>
    ${refresh.confirmed.map((one) => note('info', html`Decisions on this run were confirmed from ${shortDate(one.effectiveOn)} (${count(one.decisions)}). See <a href="/refreshes">refreshes</a>.`))}
    ${refresh.rows.length === 0 ? emptyView('Nothing to compare', 'No hotspot is agreed here and the run has no candidate.') : mapFrame({
      map: parts.map, filters: mayDo('adoptHotspots') ? allAtOnce(parts, draw) : nothing, legend: legend('Lines', [], [{ kind: 'hotspot', label: 'Agreed hotspot' }, { kind: 'ward', label: 'New candidate' }, { kind: 'selected', label: 'Selected' }]),
      table: html`${repeat(parts.chosen ? [parts.chosen] : [], (row) => row.key, (row) => rowPanel(row, parts.typed, draw))}${parts.table.view(refresh.rows)}`,
    })}
    ${when(mayDo('adoptHotspots') && refresh.rows.length > 0, () => section('Confirm', html`${summary(parts)}${parts.typed.size > 0 ? parts.confirming.view() : nothing}`, { lead: 'Nothing has changed yet. Rows without a decision stay as they are.' }))}`);
}

/** The usual decision for every row of a kind, each of which can still be changed by itself. */
function allAtOnce(parts: Parts, draw: () => void): Content {
  const { refresh, typed } = parts;
  const close = (): void => {
    parts.chosen = undefined;
    parts.map.select(null);
    parts.table.select(null);
  };
  const decide = (found: RefreshRow['found'], decision: Decision): void => {
    close();
    for (const row of refresh.rows) if (row.found === found && row.choices.includes(decision)) typed.set(row.key, { ...typed.get(row.key), decision });
    draw();
  };
  const offers: [RefreshRow['found'], Decision, string][] = [['kept', 'keep', 'Keep all that hold'], ['dropped', 'retire', 'Retire all that no longer hold'], ['dropped', 'keep', 'Keep them all the same'], ['shifted', 'replace', 'Replace all that shifted'], ['new', 'adopt', 'Adopt all that are new'], ['new', 'leave', 'Leave all that are new']];
  const clear = (): void => {
    close();
    typed.clear();
    draw();
  };
  return html`<div class="govuk-button-group" role="group" aria-label="Decide many at once">
    ${offers.filter(([found]) => refresh.rows.some((row) => row.found === found)).map(([found, decision, label]) => button(label, () => decide(found, decision), { kind: 'plain' }))}
    ${typed.size > 0 ? button('Take all decisions back', clear, { kind: 'plain' }) : nothing}</div>`;
}

function summary({ refresh, typed }: Parts): Content {
  if (typed.size === 0) return html`<p>Decide at least one row: choose it in the table, or use the buttons above.</p>`;
  const open = refresh.rows.length - typed.size;
  return html`<ul class="govuk-list">${refresh.rows.filter((row) => typed.has(row.key)).slice(0, 30).map((row) => html`<li>${foundTag(row.found)} ${typed.get(row.key)?.name || row.name}: <strong>${decisionWords[typed.get(row.key)?.decision ?? 'leave']}</strong></li>`)}</ul>
    <p>${typed.size > 30 ? `and ${count(typed.size - 30)} more; ` : ''}${count(typed.size)} decided, ${count(open)} left as they are.</p>`;
}
