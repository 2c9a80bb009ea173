/** One hotspot: where it is, its months beside the frozen baseline and the rest of its council, and its end. */
import { getHotspotHistory, type HistoryEntry } from '../../server/changes/contract.ts';
import { getMapCells } from '../../server/hotspots/contract.ts';
import { getHotspot, type HotspotDetail } from '../../server/hotspots/hotspotContract.ts';
import { call } from '../api.ts';
import { chart } from '../chart.ts';
import { count, date, decimal, instant, period, shortMonth } from '../format.ts';
import { action, details, facts, frame, section } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import { type Info, serviceInfo } from '../info.ts';
import { type Box, createMap, type MapHandle } from '../map/create.ts';
import { legend, mapFrame } from '../map/frame.ts';
import { hotspotsLayer } from '../map/hotspots.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { load, note, shown } from '../states.ts';
import { createTable, type Column, type Table } from '../table.ts';
import { historyTable, lineage, outlineTable, pauseWords } from './hotspotHistory.ts';
import { createHotspotPart, type HotspotPart } from './hotspotDosage.ts';
import { boxOf, liveWords, stateTag } from './hotspots.ts';
import { crossingBanners, interventionsBeside } from './map/words.ts';
import { type Cells, classesOfCells, drawCells, drawHotspots, type Hotspots, unit } from './map/layers.ts';

type Month = HotspotDetail['months'][number];

export const hotspotPage: Page = (root, { id = '' }) => {
  let leaveMap = (): void => undefined;
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    leave = load(Promise.all([call(getHotspot, { id }), call(getHotspotHistory, { id }), serviceInfo()]), (next) => {
      if (next.at === 'ready') leaveMap = open(root, ...next.value);
      else render(frame({ title: 'Hotspot', breadcrumbs }, shown(next, () => nothing, { what: 'the hotspot', retry: start })), root);
    });
  };
  start();
  return () => {
    leave();
    leaveMap();
  };
};

const breadcrumbs = [{ label: 'Hotspots', href: '/hotspots' }];

interface Parts {
  readonly map: MapHandle;
  readonly table: Table<Month>;
  readonly outlines: Table<HotspotDetail['outlines'][number]>;
  readonly history: Table<HistoryEntry>;
  readonly entries: readonly HistoryEntry[];
  /** For those who patrol it; nothing for others. */
  readonly patrolled: HotspotPart | undefined;
  /** The cells around, for orientation; the page does without them. */
  around: Cells | undefined;
}

function open(root: HTMLElement, hotspot: HotspotDetail, { entries }: { entries: readonly HistoryEntry[] }, info: Info): () => void {
  const shape = asFeature(hotspot);
  const whole: Box = boxOf(shape) ?? [-1.46, 54.44, -0.76, 54.74];
  const map = createMap({ label: `the outline of ${hotspot.name}`, tiles: info.tiles, whole });
  let left = false;
  let ready = false;
  const draw = (): void => render(view(hotspot, parts), root);
  const parts: Parts = {
    map, around: undefined,
    table: createTable<Month>({ caption: 'Months', rowId: (row) => row.month, redraw: draw, columns: monthColumns, narrow: 'scroll', sort: { key: 'month', down: true } }),
    outlines: outlineTable(() => draw()), history: historyTable(() => draw()), entries, patrolled: mayDo('seePatrols') ? createHotspotPart(hotspot.id, () => !left && ready && draw()) : undefined,
  };
  drawHotspots(map, shape, () => undefined);
  drawFormer(map, hotspot);
  ready = true;
  draw();
  const margin = 0.01;
  const bbox = [whole[0] - 2 * margin, whole[1] - margin, whole[2] + 2 * margin, whole[3] + margin].map((degrees) => degrees.toFixed(4)).join(',');
  call(getMapCells, { zoom: 14, bbox }).then((cells) => {
    if (left) return;
    parts.around = cells;
    drawCells(map, cells, () => undefined);
    drawHotspots(map, shape, () => undefined);
    draw();
  }, () => undefined);
  return () => {
    left = true;
    parts.patrolled?.leave();
    map.remove();
  };
}

/** Outlines it had on other days, thin and dotted. */
function drawFormer(map: MapHandle, hotspot: HotspotDetail): void {
  const today = JSON.stringify(hotspot.outline);
  const former = hotspot.outlines.filter((one) => JSON.stringify(one.outline) !== today);
  if (former.length > 0) map.set('marks', hotspotsLayer(former.map((one) => ({ id: one.id, name: '', label: '', geometry: one.outline, live: false }))));
}

function asFeature(hotspot: HotspotDetail): Hotspots {
  return { type: 'FeatureCollection', attribution: hotspot.attribution, features: [{ type: 'Feature', id: hotspot.id, geometry: hotspot.outline, properties: hotspot }] };
}

function view(hotspot: HotspotDetail, parts: Parts): Content {
  return frame({
    title: hotspot.name, caption: [hotspot.council, hotspot.ward].filter(Boolean).join(', '), breadcrumbs, width: 'wide', lead: html`${stateTag(hotspot)} ${liveWords(hotspot)}`,
    actions: mayDo('adoptHotspots') && hotspot.liveTo === null ? [action('Change', `/hotspots/${hotspot.id}/change`, 'main')] : [],
  }, html`
    ${lineage(hotspot)}${pauseWords(hotspot)}
    ${figures(hotspot)}
    ${parts.patrolled?.view() ?? nothing}
    ${comparisonView(hotspot)}
    ${hotspot.months.length > 0 ? section('Incidents by month', monthChart(hotspot)) : note('info', 'No months are held for this hotspot yet.')}
    ${section('Place and months', mapFrame({
      map: parts.map, table: parts.table.view(hotspot.months), legend: legend(parts.around ? `Incidents ${unit}, ${period(parts.around.provenance.from, parts.around.provenance.to)}` : 'Lines', parts.around ? classesOfCells(parts.around) : [], [{ kind: 'hotspot', label: hotspot.outlines.length > 1 ? 'Outline today; others dotted' : 'Agreed outline' }]),
    }))}
    ${section('How it was chosen', chosenView(hotspot))}
    ${section('History', html`${parts.history.view(parts.entries)}${parts.outlines.view(hotspot.outlines)}`, { lead: 'Visits and counts of a day keep to the outline of that day; no baseline is ever changed.' })}
    <p class="fact__note">${hotspot.attribution.join(' · ')}</p>`);
}

function figures(hotspot: HotspotDetail): Content {
  const last = hotspot.months.findLast((one) => one.n !== null);
  const span = hotspot.baselineFrom && hotspot.baselineTo ? period(hotspot.baselineFrom, hotspot.baselineTo) : 'no months held before adoption';
  return facts([
    { label: 'Baseline', value: hotspot.baselineMonths > 0 ? count(hotspot.baselineIncidents) : 'not available', note: `Incidents, ${span}, frozen` },
    { label: 'Latest month', value: last?.n === undefined || last.n === null ? 'not available' : count(last.n), note: last ? `Incidents, ${shortMonth(last.month)}` : 'No months held' },
    { label: 'Area', value: `${decimal(hotspot.areaKm2, 3)} km²`, note: `${count(hotspot.acrossMetres)} m across` },
  ]);
}

/** The change in counts, always with its comparator, its interval and what it may owe to chance. */
function comparisonView({ comparison, notes, beside }: HotspotDetail): Content {
  return section('Against the baseline', html`
    ${crossingBanners(beside.crossings)}
    <p>${comparison ? comparison.says : 'There is no whole live month with a baseline yet, so there is nothing to compare.'}</p>
    ${interventionsBeside(beside.interventions)}
    ${note('info', html`${[...notes, ...beside.excluded].map((words) => html`<p>${words}</p>`)}`)}`);
}

function monthChart(hotspot: HotspotDetail): Content {
  const live = hotspot.liveFrom.slice(0, 7);
  const shownMonths = new Set(hotspot.months.map((one) => one.month));
  return chart({
    kind: 'line', title: 'Incidents a month', about: 'Anti-social behaviour inside the outline, beside the same month of the frozen baseline',
    labels: hotspot.months.map((one) => shortMonth(one.month)), write: count, whole: true,
    series: [
      { name: 'This hotspot', values: hotspot.months.map((one) => one.n) },
      { name: 'Same month of the baseline', values: hotspot.months.map((one) => one.baseline) },
    ],
    marks: shownMonths.has(live) ? [{ at: shortMonth(live), label: 'live' }] : [],
  });
}

const monthColumns: readonly Column<Month>[] = [
  { key: 'month', label: 'Month', kind: 'month', value: (row) => row.month },
  { key: 'n', label: 'Incidents', kind: 'count', value: (row) => row.n },
  { key: 'baseline', label: 'Baseline', hint: 'The same month of the frozen baseline', kind: 'count', value: (row) => row.baseline, missing: '–' },
  { key: 'rest', label: 'Rest of council', kind: 'count', value: (row) => row.rest },
  { key: 'restBaseline', label: 'Rest, baseline', hint: 'The rest of the council in the baseline’s month', kind: 'count', value: (row) => row.restBaseline, missing: '–' },
  { key: 'live', label: 'Live', value: (row) => (row.live ? 'whole month' : '') },
];

function runWords(runId: string | null): Content {
  if (!runId) return 'not from an analysis';
  return mayDo('seeAnalyses') ? html`<a href="/analysis/${runId}">The run it was chosen on</a>` : `run ${runId}`;
}

function chosenView(hotspot: HotspotDetail): Content {
  const pairs: (readonly [string, Content])[] = [
    ['Reason', hotspot.reason],
    ['Adopted', instant(hotspot.adoptedAt)],
    ['From analysis', runWords(hotspot.runId)],
    ['Cells', hotspot.cells.join(', ') || 'none'],
  ];
  if (hotspot.liveTo) pairs.push(['Retired', html`${date(hotspot.liveTo)}: ${hotspot.retiredReason ?? 'no reason was kept'}`]);
  if (hotspot.replacedBy) pairs.push(['Replaced by', html`<a href="/hotspots/${hotspot.replacedBy}">Another hotspot</a>`]);
  return details(pairs);
}
