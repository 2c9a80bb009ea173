/** The agreed hotspots: a map of their outlines and the same rows as a table. */
import { z } from 'zod';
import { getMapChoices, getMapHotspots, type Hotspot } from '../../server/hotspots/contract.ts';
import { listBoundaries } from '../../server/places/contract.ts';
import { call } from '../api.ts';
import { fieldView } from '../fieldView.ts';
import { count, period } from '../format.ts';
import { action, frame } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import { serviceInfo, type Info } from '../info.ts';
import { type Box, createMap } from '../map/create.ts';
import { legend, mapFrame } from '../map/frame.ts';
import { type Page, readAddress, writeAddress } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, shown, tag } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { type Boundaries, drawBoundaries, drawHotspots, type Hotspots } from './map/layers.ts';
import type { Choices } from './map/filters.ts';

const address = z.object({
  council: z.string().optional().catch(undefined),
  show: z.enum(['live', 'all']).default('live').catch('live'),
});
type Address = z.output<typeof address>;

const states: Record<Hotspot['state'], { words: string; look: 'plain' | 'good' | 'warning' | 'info' }> = {
  live: { words: 'Live', look: 'good' },
  proposed: { words: 'Not yet live', look: 'info' },
  paused: { words: 'Paused', look: 'warning' },
  retired: { words: 'Retired', look: 'plain' },
};

export const stateTag = (hotspot: Pick<Hotspot, 'state' | 'agreed'>): Content => (hotspot.state === 'proposed' && !hotspot.agreed ? tag('Proposed', 'warning') : tag(states[hotspot.state].words, states[hotspot.state].look));

/** The columns of hotspots wherever they are listed. */
export const hotspotColumns: readonly Column<Hotspot>[] = [
  { key: 'name', label: 'Hotspot', value: (row) => row.name, show: (row) => html`<a href="/hotspots/${row.id}">${row.name}</a>` },
  { key: 'council', label: 'Council', value: (row) => row.council },
  { key: 'ward', label: 'Ward', value: (row) => row.ward },
  { key: 'state', label: 'State', value: (row) => states[row.state].words, show: stateTag },
  { key: 'from', label: 'Live from', kind: 'date', value: (row) => row.liveFrom },
  { key: 'to', label: 'Until', kind: 'date', value: (row) => row.liveTo, missing: '–' },
  { key: 'baseline', label: 'Baseline', hint: 'Incidents in the year before, frozen at adoption', kind: 'count', value: (row) => (row.baselineMonths > 0 ? row.baselineIncidents : null), sum: true },
];

const sizeColumns: readonly Column<Hotspot>[] = [
  { key: 'area', label: 'km²', kind: 'decimal', digits: 3, value: (row) => row.areaKm2 },
  { key: 'across', label: 'Metres across', kind: 'count', value: (row) => row.acrossMetres },
];

interface Found {
  readonly hotspots: Hotspots;
  readonly choices: Choices;
  readonly councils: Boundaries;
  readonly info: Info;
}

export const hotspotsPage: Page = (root) => {
  let leaveMap = (): void => undefined;
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    leaveMap();
    const asked = readAddress(address);
    leave = load(find(asked), (next) => {
      if (next.at === 'ready') leaveMap = open(root, asked, next.value, start);
      else render(page(shown(next, () => nothing, { what: 'the hotspots', retry: start })), root);
    });
  };
  start();
  return () => {
    leave();
    leaveMap();
  };
};

async function find(asked: Address): Promise<Found> {
  const [hotspots, choices, councils, info] = await Promise.all([
    call(getMapHotspots, { ...(asked.council ? { council: asked.council } : {}), all: 'true' }),
    call(getMapChoices, {}), call(listBoundaries, { kind: 'council', metres: 60 }), serviceInfo(),
  ]);
  const features = hotspots.features.filter((feature) => asked.show === 'all' || feature.properties.state !== 'retired');
  return { hotspots: { ...hotspots, features }, choices, councils, info };
}

function page(body: Content): Content {
  return frame({
    title: 'Hotspots', width: 'wide', lead: 'Areas agreed for patrols, each with the dates it is live and the counts it was chosen on.',
    actions: [...(mayDo('seeAnalyses') ? [action('Refresh', '/refreshes')] : []), ...(mayDo('runAnalysis') ? [action('Find hotspots', '/analysis', 'main')] : [])],
  }, body);
}

function open(root: HTMLElement, asked: Address, { hotspots, choices, councils, info }: Found, again: () => void): () => void {
  const changed = (name: string, value: string): void => {
    writeAddress({ [name]: value === 'live' || value === 'any' ? null : value });
    again();
  };
  const filters = filterRow(asked, choices, changed);
  if (hotspots.features.length === 0) {
    render(page(html`${filters}${emptyView('No hotspots are agreed yet', mayDo('runAnalysis') ? html`Run an analysis and adopt its candidates: <a href="/analysis">find hotspots</a>.` : 'The Commissioner’s analyst adopts them from an analysis.')}`), root);
    return () => undefined;
  }
  const map = createMap({ label: 'agreed hotspots', tiles: info.tiles, whole: boxOf(hotspots) ?? choices.bounds ?? [-1.46, 54.44, -0.76, 54.74], onView: () => drawHotspots(map, hotspots, choose) });
  const choose = (id: string | null): void => {
    map.select(id);
    table.select(id);
  };
  const rows = hotspots.features.map((feature) => feature.properties);
  const table = createTable<Hotspot>({ caption: 'Hotspots', rowId: (row) => row.id, redraw: () => draw(), columns: [...hotspotColumns, ...sizeColumns], onSelect: (id) => map.select(id) });
  const draw = (): void => render(page(mapFrame({
    map, filters, table: html`${table.view(rows)}<p class="fact__note">${[...new Set([...hotspots.attribution, ...councils.attribution])].join(' · ')}</p>`,
    legend: legend('Lines', [], [{ kind: 'hotspot', label: 'Agreed hotspot' }, { kind: 'council', label: 'Council' }, { kind: 'selected', label: 'Selected' }]),
    note: html`<p>${count(rows.length)} hotspots${asked.show === 'live' ? ' live or about to be' : ', retired ones included'}.</p>`,
  })), root);
  drawBoundaries(map, 'councils', councils);
  drawHotspots(map, hotspots, choose);
  draw();
  return () => map.remove();
}

function filterRow(asked: Address, choices: Choices, changed: (name: string, value: string) => void): Content {
  const field = (name: 'council' | 'show', label: string, value: string, options: { value: string; label: string }[]): Content =>
    fieldView({ kind: 'select', name, label, required: true, value, options }, { formId: 'filters', onChange: (next) => changed(name, next) });
  const councils = choices.councils.map(({ code, name }) => ({ value: code, label: name }));
  return html`<div class="form form--row" role="search" aria-label="Filters">
    ${councils.length > 1 ? field('council', 'Council', asked.council ?? 'any', [{ value: 'any', label: 'All councils' }, ...councils]) : nothing}
    ${field('show', 'Show', asked.show, [{ value: 'live', label: 'Live and coming' }, { value: 'all', label: 'All there ever were' }])}
  </div>`;
}

/** The box around outlines, with a margin; undefined without any. */
export function boxOf(hotspots: { features: readonly { geometry: Pick<Hotspots['features'][number]['geometry'], 'coordinates'> }[] }): Box | undefined {
  const points = hotspots.features.flatMap((feature) => feature.geometry.coordinates.flat(2));
  if (points.length === 0) return undefined;
  const [lngs, lats] = [points.map(([lng]) => lng), points.map(([, lat]) => lat)];
  return [Math.min(...lngs) - 0.004, Math.min(...lats) - 0.002, Math.max(...lngs) + 0.004, Math.max(...lats) + 0.002];
}

/** When a hotspot is or was live, in words. */
export function liveWords({ liveFrom, liveTo }: Pick<Hotspot, 'liveFrom' | 'liveTo'>): string {
  return liveTo ? period(liveFrom, liveTo) : `From ${period(liveFrom, liveFrom)}`;
}
