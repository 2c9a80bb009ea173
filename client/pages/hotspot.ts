/** One hotspot: where it is, its months beside the frozen baseline and the rest of its council, and its end. */
import { getHotspot, getMapCells, type HotspotDetail, retireHotspot } from '../../server/hotspots/contract.ts';
import { call } from '../api.ts';
import { chart } from '../chart.ts';
import { createForm, type Form } from '../form.ts';
import { count, date, decimal, instant, period, shortMonth } from '../format.ts';
import { details, facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { type Info, serviceInfo } from '../info.ts';
import { type Box, createMap, type MapHandle } from '../map/create.ts';
import { legend, mapFrame } from '../map/frame.ts';
import { type Page, reload } from '../router.ts';
import { mayDo } from '../session.ts';
import { load, note, shown } from '../states.ts';
import { createTable, type Column, type Table } from '../table.ts';
import { boxOf, liveWords, stateTag } from './hotspots.ts';
import { type Cells, classesOfCells, drawCells, drawHotspots, type Hotspots, unit } from './map/layers.ts';

type Month = HotspotDetail['months'][number];

export const hotspotPage: Page = (root, { id = '' }) => {
  let leaveMap = (): void => undefined;
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    leave = load(Promise.all([call(getHotspot, { id }), serviceInfo()]), (next) => {
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
  readonly retiring: Form;
  /** The cells around, for orientation; the page does without them. */
  around: Cells | undefined;
}

function open(root: HTMLElement, hotspot: HotspotDetail, info: Info): () => void {
  const shape = asFeature(hotspot);
  const whole: Box = boxOf(shape) ?? [-1.46, 54.44, -0.76, 54.74];
  const map = createMap({ label: `the outline of ${hotspot.name}`, tiles: info.tiles, whole });
  const draw = (): void => render(view(hotspot, parts), root);
  const parts: Parts = {
    map, around: undefined,
    table: createTable<Month>({ caption: 'Months', rowId: (row) => row.month, redraw: draw, columns: monthColumns, narrow: 'scroll', sort: { key: 'month', down: true } }),
    retiring: createForm({
      fields: [
        { kind: 'date', name: 'liveTo', label: 'First day it is no longer patrolled', required: true, min: hotspot.liveFrom },
        { kind: 'textarea', name: 'reason', label: 'Reason', hint: 'Kept with the hotspot and in the audit trail', required: true },
      ],
      submit: 'Retire hotspot', redraw: draw,
      action: async (values) => {
        await call(retireHotspot, retireHotspot.input.parse({ id: hotspot.id, ...values }));
        await reload();
      },
    }),
  };
  drawHotspots(map, shape, () => undefined);
  draw();
  let left = false;
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
    map.remove();
  };
}

function asFeature(hotspot: HotspotDetail): Hotspots {
  return { type: 'FeatureCollection', attribution: hotspot.attribution, features: [{ type: 'Feature', id: hotspot.id, geometry: hotspot.outline, properties: hotspot }] };
}

function view(hotspot: HotspotDetail, parts: Parts): Content {
  return frame({
    title: hotspot.name, caption: [hotspot.council, hotspot.ward].filter(Boolean).join(', '), breadcrumbs, width: 'wide', lead: html`${stateTag(hotspot)} ${liveWords(hotspot)}`,
  }, html`
    ${figures(hotspot)}
    ${comparisonView(hotspot)}
    ${hotspot.months.length > 0 ? section('Incidents by month', monthChart(hotspot)) : note('info', 'No months are held for this hotspot yet.')}
    ${section('Place and months', mapFrame({
      map: parts.map, table: parts.table.view(hotspot.months), legend: legend(parts.around ? `Incidents ${unit}, ${period(parts.around.provenance.from, parts.around.provenance.to)}` : 'Lines', parts.around ? classesOfCells(parts.around) : [], [{ kind: 'hotspot', label: 'Agreed outline' }]),
    }))}
    ${section('How it was chosen', chosenView(hotspot))}
    ${when(mayDo('adoptHotspots') && hotspot.liveTo === null, () => section('Retire', parts.retiring.view(), { lead: 'Nothing is deleted: a retired hotspot keeps its months, its visits and its baseline.' }))}
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
function comparisonView({ comparison, notes }: HotspotDetail): Content {
  return section('Against the baseline', html`
    <p>${comparison ? comparison.says : 'There is no whole live month with a baseline yet, so there is nothing to compare.'}</p>
    ${note('info', html`${notes.map((words) => html`<p>${words}</p>`)}`)}`);
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
