/** One analysis run: what it counted, the candidates on a map and in a table, all ranked cells, and adoption. */
import type { z } from 'zod';
import { adoptHotspots, type Candidate, getAnalysis, type HotCell, listCandidates, listHotCells } from '../../server/hotspots/contract.ts';
import { getAnalysisCsv, getAnalysisGeoJson, getAnalysisGeoPackage } from '../../server/hotspots/runsContract.ts';
import { listBoundaries } from '../../server/places/contract.ts';
import { call, fileAddress } from '../api.ts';
import { createForm, type Form } from '../form.ts';
import { count, decimal, period } from '../format.ts';
import { action, button, details, facts, frame, section } from '../frame.ts';
import { drawPicture, keepPicture } from '../picture.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { type Info, serviceInfo } from '../info.ts';
import { cellsLayer } from '../map/cells.ts';
import { classesAt, classFor } from '../map/classes.ts';
import { type Box, createMap, type MapHandle } from '../map/create.ts';
import { areaSwatch, legend, mapFrame } from '../map/frame.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, note, shown, tag } from '../states.ts';
import { createTable, type Column, type Table } from '../table.ts';
import { countsLine } from './analysis.ts';
import { type Boundaries, drawBoundaries, unit } from './map/layers.ts';
import { runPicture } from './map/runPicture.ts';
import { crossingBanners, provenanceColumns, provenanceView } from './map/words.ts';

type Run = z.output<typeof getAnalysis.output>;
type Candidates = z.output<typeof listCandidates.output>;
type Cells = z.output<typeof listHotCells.output>;

const breadcrumbs = [{ label: 'Hotspots', href: '/hotspots' }, { label: 'Find hotspots', href: '/analysis' }];
const mostRows = 5000;

interface Found {
  readonly run: Run;
  candidates: Candidates;
  readonly cells: Cells;
  readonly councils: Boundaries;
  readonly info: Info;
}

export const analysisRunPage: Page = (root, { id = '' }) => {
  let leaveMap = (): void => undefined;
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    leave = load(find(id), (next) => {
      if (next.at === 'ready') leaveMap = open(root, next.value);
      else render(frame({ title: 'Analysis', breadcrumbs }, shown(next, () => nothing, { what: 'the analysis', retry: start })), root);
    });
  };
  start();
  return () => {
    leave();
    leaveMap();
  };
};

async function find(id: string): Promise<Found> {
  const [run, candidates, cells, councils, info] = await Promise.all([
    call(getAnalysis, { id }), call(listCandidates, { id }), call(listHotCells, { id, limit: mostRows }), call(listBoundaries, { kind: 'council', metres: 60 }), serviceInfo(),
  ]);
  return { run, candidates, cells, councils, info };
}

interface Parts {
  readonly map: MapHandle;
  readonly candidateTable: Table<Candidate>;
  readonly cellTable: Table<HotCell>;
  readonly adopting: Form;
  chosen: Candidate | undefined;
  adopted: Content;
}

function open(root: HTMLElement, found: Found): () => void {
  const map = createMap({ label: 'candidates', tiles: found.info.tiles, whole: boxOf(found.candidates) });
  const draw = (): void => render(view(found, parts), root);
  const choose = (id: string | null): void => {
    parts.chosen = found.candidates.candidates.find((one) => idOf(one) === id);
    parts.adopted = nothing;
    map.select(id);
    parts.candidateTable.select(id);
    // The fields take the new candidate's name and reason; what was typed for another is not carried over.
    parts.adopting.reset();
  };
  const parts: Parts = {
    map, chosen: undefined, adopted: nothing,
    candidateTable: createTable<Candidate>({
      about: () => provenanceColumns(found.run.provenance, stampOf(found.run)), caption: 'Candidates', rowId: idOf, redraw: draw, columns: candidateColumns(found.candidates), sort: { key: 'rank', down: false }, limit: 60, onSelect: choose,
      empty: 'No cell is a candidate: none has enough incidents and an interval above the area’s rate.',
    }),
    cellTable: createTable<HotCell>({ about: () => provenanceColumns(found.run.provenance, stampOf(found.run)), caption: 'Ranked cells', rowId: (row) => row.cell, redraw: draw, columns: cellColumns, sort: { key: 'rank', down: false }, limit: 25, narrow: 'scroll' }),
    adopting: createForm({
      fields: () => [
        { kind: 'text', name: 'name', label: 'Name', required: true, value: parts.chosen?.suggestedName },
        { kind: 'date', name: 'liveFrom', label: 'First day it is patrolled', hint: 'The year before is frozen as its baseline', required: true },
        { kind: 'textarea', name: 'reason', label: 'Reason', required: true, value: parts.chosen?.why },
        { kind: 'checkbox', name: 'propose', label: 'Only put it forward, to be agreed later' },
      ],
      submit: 'Adopt hotspot', redraw: draw,
      action: async (values) => {
        const { hotspots } = await call(adoptHotspots, adoptHotspots.input.parse({ runId: found.run.id, cells: parts.chosen?.cells ?? [], ...values }));
        found.candidates = await call(listCandidates, { id: found.run.id });
        choose(null);
        parts.adopted = note('good', html`Adopted ${hotspots.map((one) => html`<a href="/hotspots/${one.id}">${one.name}</a> with a baseline of ${count(one.baselineIncidents)} incidents`)}.`, { live: true });
        draw();
      },
    }),
  };
  const classes = classesAt(found.candidates.breaks, unit);
  drawBoundaries(map, 'councils', found.councils);
  map.set('cells', cellsLayer(found.candidates.candidates.map((one) => ({
    id: idOf(one), value: one.rate, geometry: one.shape, label: `${one.rank}. ${one.suggestedName}, ${one.council}: ${count(one.n)} incidents`,
  })), { classes, onSelect: choose }));
  draw();
  return () => map.remove();
}

const idOf = (candidate: Candidate): string => candidate.cells[0] ?? '';

function boxOf({ candidates }: Candidates): Box {
  const points = candidates.flatMap((one) => one.shape.coordinates.flat(2));
  if (points.length === 0) return [-1.46, 54.44, -0.76, 54.74];
  const [lngs, lats] = [points.map(([lng]) => lng), points.map(([, lat]) => lat)];
  return [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)];
}

function view(found: Found, parts: Parts): Content {
  const { run, candidates, cells } = found;
  const classes = classesAt(candidates.breaks, unit);
  return frame({
    title: 'Analysis', caption: period(run.parameters.from, run.parameters.to), breadcrumbs, width: 'wide',
    lead: html`${countsLine(run.figures)}.`,
    actions: [action('Report to print', `/analysis/${run.id}/report`), action('Other parameters', `/analysis?${askedAgain(run)}`), action('Try its candidates', `/analysis/${run.id}/trial`), action('Compare with the agreed set', `/analysis/${run.id}/refresh`, 'main')],
  }, html`
    ${crossingBanners(run.provenance.crossings)}
    ${figures(run)}
    ${parts.adopted}
    ${section('Candidates', candidates.candidates.length === 0
      ? emptyView('No candidates', candidates.says)
      : mapFrame({
        map: parts.map, legend: legend(`Incidents ${unit}`, classes, [{ kind: 'council', label: 'Council' }, { kind: 'selected', label: 'Selected' }]),
        table: html`${adoptView(parts)}${parts.candidateTable.view(candidates.candidates)}`,
      }), { lead: `Touching candidate cells, merged to at most ${candidates.widestMetres} m across. ${mayDo('adoptHotspots') ? 'Choose one to see why, and to adopt it.' : 'Choose one to see why.'}` })}
    ${section('All ranked cells', html`${parts.cellTable.view(cells.cells)}
      ${cells.total > cells.cells.length ? html`<p>The first ${count(cells.cells.length)} of ${count(cells.total)} ranked cells. The API gives all of them.</p>` : nothing}`)}
    ${section('Take it along', exportsView(found), { lead: 'Every file names its period, sources, parameters, method, seed and hash.' })}
    ${provenanceView(run.provenance, { banners: false })}
    ${runView(run)}`);
}

/** The run's parameters as the address of a new one. */
function askedAgain({ parameters }: Run): string {
  const { from, to, resolution, minimumPerYear, falseDiscoveryRate, seed, councils, categories, sources } = parameters;
  const single = (name: string, codes: readonly string[]): Record<string, string> => (codes.length === 1 && codes[0] ? { [name]: codes[0] } : {});
  return new URLSearchParams({ from, to, resolution: String(resolution), minimumPerYear: String(minimumPerYear), falseDiscoveryRate: String(falseDiscoveryRate), ...(seed === undefined ? {} : { seed: String(seed) }),
    ...single('council', councils), ...single('category', categories), ...single('source', sources),
  }).toString();
}

/** What every row of the tables' own exports carries. */
export const stampOf = (run: Run): readonly (readonly [string, string])[] => [['Method version', run.methodVersion], ['Seed', String(run.parameters.seed ?? 'none')], ['Parameters', JSON.stringify(run.parameters)], ['Hash', run.hash]];

function exportsView({ run, candidates, cells, councils }: Found): Content {
  const { id } = run;
  const link = (label: string, href: string): Content => html`<li><a href=${href} download>${label}</a></li>`;
  const picture = (): void => void keepPicture(drawPicture(runPicture({ run, candidates, cells: cells.cells, councils })), `analysis-${run.parameters.from}-to-${run.parameters.to}-${run.hash.slice(0, 8)}.png`);
  return html`<ul class="files">
    ${link('Ranked cells, CSV', fileAddress(getAnalysisCsv, { id, what: 'cells' }))}${link('Candidates, CSV', fileAddress(getAnalysisCsv, { id, what: 'candidates' }))}
    ${link('Ranked cells, GeoJSON', fileAddress(getAnalysisGeoJson, { id, what: 'cells' }))}${link('Candidates, GeoJSON', fileAddress(getAnalysisGeoJson, { id, what: 'candidates' }))}
    ${link('Both, GeoPackage', fileAddress(getAnalysisGeoPackage, { id }))}
    <li>${button('Map and table as a picture (PNG)', picture, { kind: 'plain' })}</li></ul>`;
}

function figures({ figures: run }: Run): Content {
  return facts([
    { label: 'Cells', value: count(run.cells), note: `${decimal(run.areaKm2, 0)} km²; ${count(run.cellsWithIncidents)} with incidents` },
    { label: 'The area’s rate', value: decimal(run.meanRate, 1), note: `Incidents ${unit}` },
    { label: 'Hot by Gi*', value: count(run.hotCells), note: `Under false-discovery control; ${count(run.neighbourOnly)} by neighbours only` },
    { label: 'Candidates', value: count(run.candidates), note: `At least ${decimal(run.minimumCount, 0)} incidents and an interval above the area’s rate` },
  ]);
}

/** Why the chosen candidate is one, and the form that adopts it. */
function adoptView(parts: Parts): Content {
  const { chosen } = parts;
  if (!chosen) return nothing;
  return html`<div class="state">
    <p class="state__title">${chosen.rank}. ${chosen.suggestedName}, ${chosen.council}</p>
    <p class="state__text">${chosen.why}</p>
    ${chosen.hotspotId ? note('info', html`This place is part of the live hotspot <a href="/hotspots/${chosen.hotspotId}">${chosen.hotspotName}</a>.`) : when(mayDo('adoptHotspots'), () => parts.adopting.view())}
  </div>`;
}

function candidateColumns({ breaks }: Candidates): readonly Column<Candidate>[] {
  const classes = classesAt(breaks, unit);
  return [
    { key: 'rank', label: 'Rank', kind: 'count', value: (row) => row.rank },
    { key: 'name', label: 'Place', value: (row) => row.suggestedName, show: (row) => html`${row.suggestedName} ${row.hotspotName ? tag('agreed', 'good') : nothing}` },
    { key: 'council', label: 'Council', value: (row) => row.council },
    { key: 'n', label: 'Incidents', kind: 'count', value: (row) => row.n },
    { key: 'weighted', label: 'Weighted', hint: 'Each incident as much as its source’s weight; the rank goes by plain counts', kind: 'decimal', value: (row) => (row.weighted === row.n ? null : row.weighted), missing: 'as counted' },
    {
      key: 'rate', label: 'Per km² a year', kind: 'decimal', digits: 0, value: (row) => row.rate,
      show: (row) => html`<span class="classed">${areaSwatch(classFor(row.rate, classes)?.colour ?? '#ffffff')}${count(row.rate)}</span>`,
    },
    { key: 'tags', label: 'Notes', value: (row) => [...(row.hotspotName ? [`hotspot ${row.hotspotName}`] : []), ...row.tags].join(', '), show: (row) => html`${row.tags.map((words) => html`${tag(words)} `)}` },
  ];
}

const cellColumns: readonly Column<HotCell>[] = [
  { key: 'rank', label: 'Rank', kind: 'count', value: (row) => row.rank },
  { key: 'rankFrom', label: 'Rank from', hint: 'In 90 of 100 worlds the counts could have come from, the rank is between this and the next', kind: 'count', value: (row) => row.rankLow, missing: '–' },
  { key: 'rankTo', label: 'Rank to', hint: 'See “Rank from”', kind: 'count', value: (row) => row.rankHigh, missing: '–' },
  { key: 'place', label: 'Place', value: (row) => row.place || `Cell ${row.cell.slice(3, 11)}` },
  { key: 'council', label: 'Council', value: (row) => row.council },
  { key: 'ward', label: 'Ward', value: (row) => row.ward, missing: '–' },
  { key: 'n', label: 'Incidents', kind: 'count', value: (row) => row.n, sum: true },
  { key: 'weighted', label: 'Weighted', hint: 'Each incident as much as its source’s weight; the rank goes by plain counts', kind: 'decimal', value: (row) => (row.weighted === row.n ? null : row.weighted), missing: 'as counted' },
  { key: 'area', label: 'km²', kind: 'decimal', digits: 4, value: (row) => row.areaKm2 },
  { key: 'rate', label: 'Rate', hint: `Incidents ${unit}`, kind: 'decimal', value: (row) => row.rate },
  { key: 'low', label: 'From', hint: 'Lower end of Garwood’s 95 % interval, as a rate', kind: 'decimal', digits: 0, value: (row) => row.rateLow },
  { key: 'high', label: 'To', hint: 'Upper end of Garwood’s 95 % interval, as a rate', kind: 'decimal', digits: 0, value: (row) => row.rateHigh },
  { key: 'smoothed', label: 'Smoothed', hint: 'Empirical-Bayes rate, the one ranked by', kind: 'decimal', value: (row) => row.smoothedRate },
  { key: 'z', label: 'Gi* z', kind: 'decimal', digits: 2, value: (row) => row.z },
  { key: 'p', label: 'p', kind: 'decimal', digits: 4, value: (row) => row.p, show: (row) => (row.p < 0.0001 ? '<0.0001' : decimal(row.p, 4)) },
  { key: 'hot', label: 'Hot', hint: 'Survives false-discovery control', value: (row) => (row.neighbourOnly ? 'by neighbours only' : row.falseDiscovery ? 'yes' : 'no') },
  { key: 'candidate', label: 'Candidate', value: (row) => (row.candidate ? 'yes' : 'no') },
  { key: 'cell', label: 'Cell', hint: 'H3 index', value: (row) => row.cell },
];

function runView(run: Run): Content {
  const imports = new Set(run.dataVintage.months.map((row) => row.importId)).size;
  return section('The run', details([
    ['Number', run.id],
    ['Method', run.methodVersion],
    ['Hash', run.hash],
    ['Seed', String(run.parameters.seed ?? 'none')],
    ['Asked by', run.scheduledFor ? `the calendar, for ${run.scheduledFor}` : 'a person'],
    ['Parameters', JSON.stringify(run.parameters)],
    ['Data', `${count(run.dataVintage.months.length)} months of sources from ${count(imports)} imports; boundaries ${run.dataVintage.boundaries.map((one) => `${one.name} (${one.code}, from ${one.validFrom})`).join(', ')}`],
  ]));
}
