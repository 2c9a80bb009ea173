/** Two analysis runs side by side: what was asked, what the data were, which ranks moved and why, and both maps. */
import { z } from 'zod';
import { listCandidates } from '../../server/hotspots/contract.ts';
import { compareAnalyses, type ComparedCell } from '../../server/hotspots/runsContract.ts';
import { listBoundaries } from '../../server/places/contract.ts';
import { call } from '../api.ts';
import { count, instant, period } from '../format.ts';
import { facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { serviceInfo } from '../info.ts';
import { cellsLayer } from '../map/cells.ts';
import { classesAt } from '../map/classes.ts';
import { type Box, createMap, type MapHandle } from '../map/create.ts';
import { legend } from '../map/frame.ts';
import { type Page, readAddress } from '../router.ts';
import { emptyView, load, note, shown } from '../states.ts';
import { createTable, type Column, type Table } from '../table.ts';
import { drawBoundaries, unit } from './map/layers.ts';
import { crossingBanners } from './map/words.ts';

type Compared = z.output<typeof compareAnalyses.output>;
type Candidates = z.output<typeof listCandidates.output>;
type Run = Compared['first'];

const address = z.object({ first: z.uuid().optional().catch(undefined), second: z.uuid().optional().catch(undefined) });
const breadcrumbs = [{ label: 'Hotspots', href: '/hotspots' }, { label: 'Find hotspots', href: '/analysis' }];
const title = 'Two analyses side by side';

export const analysisComparePage: Page = (root) => {
  const { first, second } = readAddress(address);
  if (!first || !second) return render(frame({ title, breadcrumbs }, emptyView('No runs are named', html`Choose two under <a href="/analysis">Find hotspots</a>.`)), root);
  let leaveMaps = (): void => undefined;
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    const asked = Promise.all([call(compareAnalyses, { id: first, other: second }), call(listCandidates, { id: first }), call(listCandidates, { id: second }), call(listBoundaries, { kind: 'council', metres: 60 }), serviceInfo()]);
    leave = load(asked, (next) => {
      if (next.at !== 'ready') return render(frame({ title, breadcrumbs, width: 'wide' }, shown(next, () => nothing, { what: 'the comparison', retry: start })), root);
      const [compared, one, other, councils, info] = next.value;
      const maps = [mapOf('first run’s candidates', one, info.tiles, [one, other]), mapOf('second run’s candidates', other, info.tiles, [one, other])] as const;
      for (const map of maps) drawBoundaries(map, 'councils', councils);
      follow(...maps);
      leaveMaps = () => maps.forEach((map) => map.remove());
      const table = createTable<ComparedCell>({
        caption: 'Cells of either run', rowId: (row) => row.cell, redraw: () => draw(), columns, sort: { key: 'change', down: true }, limit: 40, narrow: 'scroll',
        about: () => [['First run', `${compared.first.id}, ${period(compared.first.parameters.from, compared.first.parameters.to)}, method ${compared.first.methodVersion}, hash ${compared.first.hash}`],
          ['Second run', `${compared.second.id}, ${period(compared.second.parameters.from, compared.second.parameters.to)}, method ${compared.second.methodVersion}, hash ${compared.second.hash}`]],
      });
      const draw = (): void => render(view(compared, maps, table, classesAt(one.breaks, unit)), root);
      draw();
    });
  };
  start();
  return () => {
    leave();
    leaveMaps();
  };
};

function mapOf(label: string, { candidates, breaks }: Candidates, tiles: Parameters<typeof createMap>[0]['tiles'], both: readonly Candidates[]): MapHandle {
  const map = createMap({ label, tiles, whole: boxOf(both) });
  map.set('cells', cellsLayer(candidates.map((one) => ({
    id: one.cells[0] ?? '', value: one.rate, geometry: one.shape, label: `${one.rank}. ${one.suggestedName}, ${one.council}: ${count(one.n)} incidents`,
  })), { classes: classesAt(breaks, unit), onSelect: () => undefined }));
  return map;
}

function boxOf(both: readonly Candidates[]): Box {
  const points = both.flatMap(({ candidates }) => candidates.flatMap((one) => one.shape.coordinates.flat(2)));
  if (points.length === 0) return [-1.46, 54.44, -0.76, 54.74];
  const [lngs, lats] = [points.map(([lng]) => lng), points.map(([, lat]) => lat)];
  return [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)];
}

/** Each map shows what the other shows. */
function follow(one: MapHandle, other: MapHandle): void {
  let moving = false;
  const copy = (from: MapHandle, to: MapHandle) => (): void => {
    if (moving) return;
    moving = true;
    to.map.setView(from.map.getCenter(), from.map.getZoom(), { animate: false });
    moving = false;
  };
  one.map.on('moveend', copy(one, other));
  other.map.on('moveend', copy(other, one));
}

function view(compared: Compared, maps: readonly [MapHandle, MapHandle], table: Table<ComparedCell>, classes: ReturnType<typeof classesAt>): Content {
  const { counts, notComparable, says, same } = compared;
  return frame({ title, breadcrumbs, width: 'wide', lead: says }, html`
    ${crossingBanners(compared.crossings)}${when(notComparable, () => note('warning', notComparable ?? ''))}${when(same, () => note('good', 'The hashes are the same.'))}
    ${notComparable ? nothing : facts([
      { label: 'Cells in both', value: count(counts.both), note: `${count(counts.toldApart)} changed by more than chance explains (|z| over 3)` },
      { label: 'Only in the first', value: count(counts.onlyFirst) }, { label: 'Only in the second', value: count(counts.onlySecond) },
      { label: 'Candidate cells in both', value: count(counts.candidatesKept), note: `${count(counts.candidatesNew)} only in the second, ${count(counts.candidatesDropped)} only in the first` },
    ])}
    ${section('Both maps', html`<div class="sidebyside">${mapView('First run', compared.first, maps[0])}${mapView('Second run', compared.second, maps[1])}</div>
      ${legend(`Incidents ${unit}`, classes, [{ kind: 'council', label: 'Council' }])}`, { lead: 'Candidates of each run, on one scale. The maps move together; the table below lists every cell of both.' })}
    ${section('What was asked', parametersView(compared))}
    ${section('Ranks', notComparable ? emptyView('No cell is in both', notComparable) : table.view(compared.cells), { lead: 'A count’s change is set against chance (Poisson z, by month); two ranks whose intervals overlap are not told apart.' })}`);
}

function mapView(label: string, run: Run, map: MapHandle): Content {
  return html`<div class="sidebyside__one"><h3 class="sidebyside__title"><a href="/analysis/${run.id}">${label}</a></h3>
    <p class="fact__note">${period(run.parameters.from, run.parameters.to)}, resolution ${run.parameters.resolution}, n = ${count(run.figures.mapped)}; run ${instant(run.createdAt)}; hash ${run.hash.slice(0, 8)}</p>
    <div class="mapframe__map">${map.element}</div></div>`;
}

function parametersView({ parameters, data }: Compared): Content {
  const list = (label: string, months: readonly string[]): Content => when(months.length > 0, () => html`<p>${label}: ${months.join('; ')}.</p>`);
  return html`<div class="table__scroll" role="region" tabindex="0" aria-label="Parameters of both runs"><table class="table__grid table__grid--plain">
      <thead><tr><th scope="col">Parameter</th><th scope="col">First run</th><th scope="col">Second run</th><th scope="col">Differs</th></tr></thead>
      <tbody>${parameters.map((one) => html`<tr><th scope="row">${one.name}</th><td>${one.first}</td><td>${one.second}</td><td>${one.differs ? 'yes' : 'no'}</td></tr>`)}</tbody></table></div>
    ${list('Data only the first run used', data.onlyFirst)}${list('Data only the second run used', data.onlySecond)}${list('Imported again between the two', data.cameAgain)}`;
}

const columns: readonly Column<ComparedCell>[] = [
  { key: 'place', label: 'Place', value: (row) => row.place || `Cell ${row.cell.slice(3, 11)}` },
  { key: 'council', label: 'Council', value: (row) => row.council },
  { key: 'first', label: 'Rank, first', kind: 'count', value: (row) => row.first?.rank, missing: 'not in it' },
  { key: 'second', label: 'Rank, second', kind: 'count', value: (row) => row.second?.rank, missing: 'not in it' },
  { key: 'moved', label: 'Places gained', kind: 'count', value: (row) => row.moved, missing: '–' },
  { key: 'n1', label: 'Incidents, first', kind: 'count', value: (row) => row.first?.n, missing: '–' },
  { key: 'n2', label: 'Incidents, second', kind: 'count', value: (row) => row.second?.n, missing: '–' },
  { key: 'change', label: '|z|', hint: 'Poisson z of the change of the count, a month, without its sign', kind: 'decimal', value: (row) => (row.z === null ? null : Math.abs(row.z)), missing: '–' },
  { key: 'why', label: 'Why', value: (row) => row.why },
  { key: 'candidate', label: 'Candidate', value: (row) => `${row.first?.candidate ? 'yes' : 'no'}, ${row.second?.candidate ? 'yes' : 'no'}` },
  { key: 'cell', label: 'Cell', hint: 'H3 index', value: (row) => row.cell },
];
