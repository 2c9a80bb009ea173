/** The map of incidents: cells, density, agreed hotspots and boundaries, with the same rows as a table. */
import { z } from 'zod';
import { getMapCells, getMapChoices, getMapContours, getMapHotspots, type Hotspot, type MapCell } from '../../server/hotspots/contract.ts';
import { listBoundaries } from '../../server/places/contract.ts';
import { call } from '../api.ts';
import { fieldView } from '../fieldView.ts';
import { count, period } from '../format.ts';
import { action, frame, section } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import { serviceInfo } from '../info.ts';
import { classFor } from '../map/classes.ts';
import { type Box, createMap, type MapHandle, type MapView } from '../map/create.ts';
import { areaSwatch, layerToggles, legend, mapFrame } from '../map/frame.ts';
import { type Page, readAddress, writeAddress } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, failedView, load, loading, type Loadable, note, shown } from '../states.ts';
import { createTable, type Column, type Table } from '../table.ts';
import { addressValue, askedOf, type Choices, filterAddress, filterBar } from './map/filters.ts';
import { type Boundaries, type Cells, cellName, classesOfCells, type Contours, drawBoundaries, drawCells, drawContours, drawHotspots, type Hotspots, isNear, unit } from './map/layers.ts';
import { hotspotColumns } from './hotspots.ts';
import { createExtraLayers, type ExtraLayers } from './map/extraLayers.ts';
import { crossingBanners, provenanceColumns, provenanceView, reconciled } from './map/words.ts';

const address = z.object({
  ...filterAddress,
  layers: z.string().default('hotspots,councils').catch('hotspots,councils'),
  bandwidth: z.coerce.number().optional().catch(undefined),
  box: z.string().regex(/^-?[\d.]+(,-?[\d.]+){3}$/).optional().catch(undefined),
});
type Address = z.output<typeof address>;

const layerNames = { hotspots: 'Agreed hotspots', contours: 'Density contours', councils: 'Councils', wards: 'Wards' } as const;
type LayerName = keyof typeof layerNames;
const isLayer = (name: string): name is LayerName => name in layerNames;

/** What the page has of each layer; the last answer stays while the next one is on its way. */
interface MapState {
  asked: Address;
  readonly choices: Choices;
  readonly map: MapHandle;
  cells: Cells | undefined;
  waiting: boolean;
  failure: unknown;
  contours: Loadable<Contours> | undefined;
  hotspots: Hotspots | undefined;
  selected: string | null;
}

export const mapPage: Page = (root) => {
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    leave = load(Promise.all([call(getMapChoices, {}), serviceInfo()]), (next) => {
      if (next.at === 'ready') {
        const [choices, info] = next.value;
        if (choices.months.length > 0) return void (leave = openMap(root, choices, info.tiles));
      }
      render(frame({ title: 'Map', width: 'wide' }, shown(next, () => nothingImported(), { what: 'the map', retry: start })), root);
    });
  };
  start();
  return () => leave();
};

function nothingImported(): Content {
  return emptyView('No incidents have been imported yet', mayDo('importData') ? html`Import some first: ${action('Import data', '/imports', 'main')}` : 'An analyst of the Commissioner’s office imports them.');
}

/** Teesside, for a map without boundaries. */
const anywhere: Box = [-1.46, 54.44, -0.76, 54.74];

function openMap(root: HTMLElement, choices: Choices, tiles: Parameters<typeof createMap>[0]['tiles']): () => void {
  const asked = readAddress(address);
  const map = createMap({ label: 'incidents by cell', tiles, whole: choices.bounds ?? anywhere, onView: (view) => moved(view) });
  const state: MapState = { asked, choices, map, cells: undefined, waiting: true, failure: undefined, contours: undefined, hotspots: undefined, selected: null };
  const cellTable = createTable<MapCell>({
    caption: 'Cells', rowId: (row) => row.cell, redraw: () => draw(), columns: cellColumns(() => state.cells), sort: { key: 'n', down: true }, onSelect: (id) => choose(id),
    period: () => (state.cells ? period(state.cells.provenance.from, state.cells.provenance.to) : ''), about: () => provenanceColumns(state.cells?.provenance),
  });
  const hotspotTable = createTable<Hotspot>({ caption: 'Agreed hotspots', rowId: (row) => row.id, redraw: () => draw(), columns: hotspotColumns.filter((column) => besideMap.has(column.key)), onSelect: (id) => choose(id), tools: false });
  const drawCounted = (): void => drawCells(map, extra.colour() === 'none' ? null : (state.cells ?? null), choose, extra.colour() === 'weighted');
  const draw = (): void => render(view(state, { cellTable, hotspotTable, changed, toggled, again: loadCells, extra }), root);
  const choose = (id: string | null): void => {
    if (state.selected === id) return;
    state.selected = id;
    map.select(id);
    cellTable.select(id);
    hotspotTable.select(id);
    extra.select(id);
  };
  const extra = createExtraLayers({ map, choices, filters: () => state.asked, redraw: () => draw(), recolour: () => drawCounted(), choose });

  let stopCells = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const loadCells = (): void => {
    stopCells.abort();
    stopCells = new AbortController();
    const { signal } = stopCells;
    const { box, zoom } = map.view();
    Object.assign(state, { waiting: true, failure: undefined });
    draw();
    call(getMapCells, { ...askedOf(state.asked), zoom, bbox: box.map((degrees) => degrees.toFixed(4)).join(',') }, { signal }).then((cells) => {
      Object.assign(state, { cells, waiting: false });
      drawCounted();
      draw();
    }, (failure: unknown) => {
      if (signal.aborted) return;
      Object.assign(state, { cells: undefined, waiting: false, failure });
      drawCells(map, null, choose);
      draw();
    });
  };
  let near = isNear(map);
  const moved = ({ box }: MapView): void => {
    if (near !== isNear(map)) redrawNames();
    near = isNear(map);
    clearTimeout(timer);
    timer = setTimeout(() => {
      writeAddress({ box: within(box) }, { replace: true });
      loadCells();
      extra.moved();
    }, 120);
  };

  let leaving = false;
  const loadLayer = <T>(name: LayerName, promise: () => Promise<T>, show: (value: T | null) => void): void => {
    show(null);
    if (!state.asked.layers.split(',').includes(name)) return;
    promise().then((value) => leaving || show(value), (failure: unknown) => leaving || void (Object.assign(state, { failure }), draw()));
  };
  const council = (): { council?: string } => (state.asked.council ? { council: state.asked.council } : {});
  /** Boundaries in force at the end of the period. */
  const on = (): string => `${state.asked.to ?? choices.to ?? ''}-01`;
  const loadLayers: Record<LayerName, () => void> = {
    hotspots: () => loadLayer('hotspots', () => call(getMapHotspots, { ...council(), all: 'true' }), (found: Hotspots | null) => {
      state.hotspots = found ?? undefined;
      drawHotspots(map, found, choose);
      draw();
    }),
    contours: () => loadLayer('contours', () => call(getMapContours, { ...askedOf(state.asked), encoded: 'true', ...(state.asked.bandwidth ? { bandwidth: state.asked.bandwidth } : {}) }), (found: Contours | null) => {
      state.contours = found ? { at: 'ready', value: found } : undefined;
      drawContours(map, found);
      draw();
    }),
    councils: () => loadLayer('councils', () => call(listBoundaries, { kind: 'council', on: on(), metres: 40 }), (found: Boundaries | null) => drawBoundaries(map, 'councils', found)),
    wards: () => loadLayer('wards', () => call(listBoundaries, { kind: 'ward', on: on(), metres: 40, ...council() }), (found: Boundaries | null) => drawBoundaries(map, 'wards', found)),
  };
  /** Names and outlines look different from near and far. */
  const redrawNames = (): void => {
    if (state.hotspots) drawHotspots(map, state.hotspots, choose);
    loadLayers.wards();
  };
  const changed = (name: string, value: string): void => {
    writeAddress({ [name]: addressValue(name, value) });
    state.asked = readAddress(address);
    if (name !== 'bandwidth') loadCells();
    if (name !== 'bandwidth') extra.changed();
    for (const layer of ['contours', ...(name === 'council' ? (['hotspots', 'wards'] as const) : [])] as const) loadLayers[layer]();
  };
  const toggled = (name: string, on: boolean): void => {
    if (!isLayer(name)) return;
    const others = state.asked.layers.split(',').filter((one) => one !== name && one !== '' && one !== 'none');
    writeAddress({ layers: [...others, ...(on ? [name] : [])].join(',') || 'none' }, { replace: true });
    state.asked = readAddress(address);
    loadLayers[name]();
    draw();
  };

  draw();
  const box = asked.box?.split(',').map(Number);
  if (box?.length === 4) map.fit([box[0] ?? 0, box[1] ?? 0, box[2] ?? 0, box[3] ?? 0]);
  else if (asked.council) void fitCouncil(map, asked.council);
  for (const name of Object.values(loadLayers)) name();
  extra.changed();
  return () => {
    leaving = true;
    extra.leave();
    clearTimeout(timer);
    stopCells.abort();
    map.remove();
  };
}

/** A little less than what is in view, so that opening the address again shows the same and not more. */
function within([west, south, east, north]: Box): string {
  const [x, y] = [(east - west) * 0.03, (north - south) * 0.03];
  return [west + x, south + y, east - x, north - y].map((degrees) => degrees.toFixed(4)).join(',');
}

async function fitCouncil(map: MapHandle, council: string): Promise<void> {
  const { features } = await call(listBoundaries, { kind: 'council', council, metres: 500 });
  const points = features.flatMap((feature) => (feature.geometry.type === 'Polygon' ? [feature.geometry.coordinates] : feature.geometry.coordinates).flat(2));
  if (points.length === 0) return;
  const [lngs, lats] = [points.map(([lng = 0]) => lng), points.map(([, lat = 0]) => lat)];
  map.fit([Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)]);
}

const besideMap = new Set(['name', 'council', 'state', 'baseline']);

function cellColumns(cells: () => Cells | undefined): readonly Column<MapCell>[] {
  const colour = (row: MapCell): string => {
    const found = cells();
    return (found && classFor(row.rate, classesOfCells(found))?.colour) ?? '#ffffff';
  };
  return [
    { key: 'place', label: 'Place', hint: 'The commonest place name of the latest analysis', value: cellName },
    { key: 'n', label: 'Incidents', kind: 'count', value: (row) => row.n, sum: true },
    {
      key: 'rate', label: 'Per km² a year', kind: 'decimal', digits: 0, value: (row) => row.rate,
      show: (row) => html`<span class="classed">${areaSwatch(colour(row))}${count(row.rate)}</span>`,
    },
    { key: 'weighted', label: 'Weighted', hint: 'Each incident as much as its source’s weight in its month', kind: 'decimal', value: (row) => (row.weighted === row.n ? null : row.weighted), missing: 'as counted' },
    { key: 'council', label: 'Council', value: (row) => row.council },
    { key: 'area', label: 'km²', hint: 'The cell’s own area', kind: 'decimal', digits: 3, value: (row) => row.areaKm2 },
    { key: 'cell', label: 'Cell', hint: 'H3 index', value: (row) => row.cell },
  ];
}

interface Parts {
  cellTable: Table<MapCell>;
  hotspotTable: Table<Hotspot>;
  changed: (name: string, value: string) => void;
  toggled: (name: string, on: boolean) => void;
  again: () => void;
  extra: ExtraLayers;
}

function view(state: MapState, parts: Parts): Content {
  const on = state.asked.layers.split(',');
  const toggles = Object.entries(layerNames).map(([name, label]) => ({ name, label, on: on.includes(name) }));
  return frame({ title: 'Map', width: 'wide', lead: 'Where incidents gather. Map and table hold the same cells: choose one in either.' }, mapFrame({
    map: state.map,
    fold: 'Period, category and source', filters: filterBar(state.asked, state.choices, parts.changed, [on.includes('contours') ? bandwidthField(state, parts.changed) : nothing, parts.extra.fields()]),
    note: status(state),
    toggles: html`${layerToggles(toggles, parts.toggled)}${parts.extra.toggles()}`,
    legend: html`${state.cells ? legend(`Incidents ${unit}`, classesOfCells(state.cells), [
      ...(on.includes('hotspots') ? [{ kind: 'hotspot' as const, label: 'Agreed hotspot' }] : []),
      ...(on.includes('contours') ? [{ kind: 'contour' as const, label: contourWords(state) }] : []),
      { kind: 'selected', label: 'Selected' },
    ]) : nothing}${parts.extra.legend()}`,
    table: html`${tableOrState(state, parts)}
      ${state.hotspots && on.includes('hotspots') ? section('Agreed hotspots', parts.hotspotTable.view(state.hotspots.features.map((feature) => feature.properties))) : nothing}
      ${parts.extra.tables()}
      ${state.cells ? provenanceView(state.cells.provenance, { banners: false }) : nothing}`,
  }));
}

function tableOrState(state: MapState, parts: Parts): Content {
  if (state.failure) return failedView(state.failure, { what: 'the map', retry: parts.again });
  if (!state.cells) return shown(loading, () => nothing, { what: 'cells' });
  if (state.cells.counts.mapped === 0) return emptyView('No incidents for these filters', 'Choose a longer period, another category or all councils.');
  if (state.cells.cells.length === 0) return emptyView('No cell with incidents lies in view', 'Move the map, zoom out, or show the whole area with the button on the map.');
  return parts.cellTable.view(state.cells.cells);
}

function contourWords(state: MapState): string {
  if (state.contours?.at !== 'ready') return 'Density (loading)';
  const { breaks, bandwidthMetres, contours } = state.contours.value;
  return contours.length === 0 ? `Density under ${breaks[0]} everywhere` : `Density of ${breaks.join(', ')} (${bandwidthMetres} m)`;
}

function bandwidthField(state: MapState, changed: Parts['changed']): Content {
  const { usual, least, most } = state.choices.bandwidth;
  const steps = [...new Set([least, 200, usual, 300, 350, 400, most])].filter((metres) => metres >= least && metres <= most).sort((a, b) => a - b);
  return fieldView({
    kind: 'select', name: 'bandwidth', label: 'Bandwidth', required: true, value: String(state.asked.bandwidth ?? usual),
    options: steps.map((metres) => ({ value: String(metres), label: `${metres} m` })),
  }, { formId: 'filters', onChange: (value) => changed('bandwidth', value) });
}

/** How the counts add up, and what of them is not drawn. */
function status({ cells, waiting }: MapState): Content {
  if (!cells) return nothing;
  const { counts, outOfView, leftOut, resolution } = cells;
  return html`${crossingBanners(cells.provenance.crossings)}<p role="status">${reconciled(counts)}. Cells of resolution ${resolution}${waiting ? ', renewing…' : '.'}
      ${outOfView.cells > 0 ? html` ${count(outOfView.cells)} cells with ${count(outOfView.incidents)} incidents lie beyond the view.` : nothing}</p>
    ${leftOut.cells > 0 ? note('warning', html`The ${count(leftOut.cells)} cells with the fewest incidents (${count(leftOut.incidents)} in all) are left out: too many to draw. Zoom in to see them.`) : nothing}`;
}
