/** Explore: bandwidth, period, size of cells and threshold as sliders; map and table follow while they are moved. */
import { z } from 'zod';
import { getMapCells, getMapChoices, getMapContours, type MapCell } from '../../server/hotspots/contract.ts';
import { listBoundaries } from '../../server/places/contract.ts';
import { call } from '../api.ts';
import { fieldView } from '../fieldView.ts';
import { count, decimal, period } from '../format.ts';
import { button, frame } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import { serviceInfo } from '../info.ts';
import { classFor } from '../map/classes.ts';
import { createMap, type MapHandle } from '../map/create.ts';
import { areaSwatch, legend, mapFrame } from '../map/frame.ts';
import { drawPicture, keepPicture } from '../picture.ts';
import { type Page, readAddress, writeAddress } from '../router.ts';
import { emptyView, failedView, load, loading, note, shown } from '../states.ts';
import { createTable, type Column, type Table } from '../table.ts';
import { explorePicture } from './explore/picture.ts';
import { latestOnly, type Slider, sliderView } from './explore/sliders.ts';
import { addressValue, askedOf, type Choices, filterAddress, filterFields } from './map/filters.ts';
import { type Boundaries, type Cells, cellName, classesOfCells, type Contours, drawBoundaries, drawCells, drawContours, unit } from './map/layers.ts';
import { provenanceColumns, provenanceView, reconciled } from './map/words.ts';

const number = z.coerce.number().optional().catch(undefined);
const address = z.object({ ...filterAddress, bandwidth: number, resolution: number, threshold: number });
type Address = z.output<typeof address>;

interface State {
  readonly choices: Choices;
  readonly map: MapHandle;
  readonly councils: Boundaries;
  asked: Address;
  cells: Cells | undefined;
  contours: Contours | undefined;
  failure: unknown;
  /** How long the last step took from asking to drawn. */
  tookMs: number;
}

const title = 'Explore';

export const explorePage: Page = (root) => {
  let leave = (): void => undefined;
  let close = (): void => undefined;
  const start = (): void => {
    leave();
    leave = load(Promise.all([call(getMapChoices, {}), serviceInfo(), call(listBoundaries, { kind: 'council', metres: 60 })]), (next) => {
      if (next.at === 'ready' && next.value[0].months.length > 0) {
        const [choices, info, councils] = next.value;
        close = open(root, choices, info.tiles, councils);
      } else render(frame({ title, width: 'wide' }, shown(next, () => emptyView('No incidents have been imported yet', 'An analyst of the Commissioner’s office imports them.'), { what: 'the map', retry: start })), root);
    });
  };
  start();
  return () => {
    leave();
    close();
  };
};

function open(root: HTMLElement, choices: Choices, tiles: Parameters<typeof createMap>[0]['tiles'], councils: Boundaries): () => void {
  const map = createMap({ label: 'cells and density', tiles, whole: choices.bounds ?? [-1.46, 54.44, -0.76, 54.74] });
  const state: State = { choices, map, councils, asked: readAddress(address), cells: undefined, contours: undefined, failure: undefined, tookMs: 0 };
  let left = false;
  const table = createTable<MapCell>({
    caption: 'Cells', rowId: (row) => row.cell, redraw: () => draw(), columns: cellColumns(() => state.cells), sort: { key: 'n', down: true }, limit: 60, onSelect: (id) => map.select(id),
    period: () => (state.cells ? period(state.cells.provenance.from, state.cells.provenance.to) : ''),
    about: () => provenanceColumns(state.contours?.provenance ?? state.cells?.provenance, [['Bandwidth', `${state.contours?.bandwidthMetres ?? ''} m`], ['Resolution', String(state.cells?.resolution ?? '')], ['Threshold', `${threshold(state)} ${unit}`]]),
  });
  const draw = (): void => {
    if (!left) render(view(state, table, { filtered, moved, again }), root);
  };
  const choose = (id: string): void => {
    map.select(id);
    table.select(id);
  };
  const drawMap = (): void => {
    drawCells(map, state.cells ? { ...state.cells, cells: overThreshold(state) } : null, choose);
    drawContours(map, state.contours ?? null);
  };
  let [asked, drawn] = [0, 0];
  const ask = async (draft: boolean): Promise<void> => {
    const turn = ++asked;
    const began = performance.now();
    const { bandwidth, resolution } = state.asked;
    const filters = askedOf(state.asked);
    try {
      const [cells, contours] = await Promise.all([
        call(getMapCells, { ...filters, resolution: resolution ?? choices.resolution }), call(getMapContours, { ...filters, ...(bandwidth ? { bandwidth } : {}), encoded: 'true', ...(draft ? { draft: 'true' } : {}) }),
      ]);
      // A sketch that comes after the whole is not drawn over it.
      if (left || turn < drawn) return;
      drawn = turn;
      Object.assign(state, { cells, contours, failure: undefined });
      drawMap();
    } catch (failure) {
      Object.assign(state, { failure, cells: undefined, contours: undefined });
    }
    state.tookMs = performance.now() - began;
    draw();
  };
  const again = latestOnly(() => ask(false), 200);
  const sketch = latestOnly(() => ask(true), 50);
  let rest: ReturnType<typeof setTimeout> | undefined;
  /** While a slider moves the surface is drawn on wider squares; once it rests, on the usual ones. */
  const follow = (): void => {
    sketch();
    clearTimeout(rest);
    rest = setTimeout(again, 400);
  };
  const change = (values: Record<string, string | number | null>): void => {
    writeAddress(values, { replace: true });
    state.asked = readAddress(address);
    draw();
  };
  const filtered = (name: string, value: string): void => {
    change({ [name]: addressValue(name, value) });
    again();
  };
  const moved = (name: string, value: number): void => {
    if (name === 'threshold') {
      change({ threshold: value > 0 ? value : null });
      return drawMap();
    }
    change(name === 'ends' || name === 'months' ? periodOf(state, name, value) : { [name]: value });
    follow();
  };
  drawBoundaries(map, 'councils', councils);
  draw();
  again();
  return () => {
    left = true;
    clearTimeout(rest);
    map.remove();
  };
}

const threshold = ({ asked }: Pick<State, 'asked'>): number => asked.threshold ?? 0;

function overThreshold(state: State): MapCell[] {
  const cells = state.cells?.cells ?? [];
  return threshold(state) > 0 ? cells.filter((cell) => cell.rate >= threshold(state)) : cells;
}

/** The period as its last month's place among those held and its length. */
function spanOf({ asked, choices }: State): { end: number; length: number } {
  const at = (month: string | null | undefined, usual: number): number => (month ? Math.max(0, choices.months.indexOf(month)) : usual);
  const end = at(asked.to ?? choices.to, choices.months.length - 1);
  const start = at(asked.from ?? choices.from, Math.max(0, end - 11));
  return { end, length: Math.max(1, end - start + 1) };
}

function periodOf(state: State, name: 'ends' | 'months', value: number): Record<string, string | null> {
  const span = spanOf(state);
  const end = name === 'ends' ? value : span.end;
  const length = name === 'months' ? value : span.length;
  return { from: state.choices.months[Math.max(0, end - length + 1)] ?? null, to: state.choices.months[end] ?? null };
}

const sizes: Record<number, string> = { 8: '8, 0.64 km²', 9: '9, 0.09 km²', 10: '10, 0.013 km²' };

function slidersOf(state: State): Slider[] {
  const { choices, asked } = state;
  const { end, length } = spanOf(state);
  const { least, most, usual } = choices.bandwidth;
  const bandwidth = asked.bandwidth ?? usual;
  const resolution = asked.resolution ?? choices.resolution;
  const months = choices.months;
  return [
    { name: 'bandwidth', label: 'Bandwidth', least, most, step: 10, value: bandwidth, words: `${bandwidth} m` },
    { name: 'ends', label: 'Last month', least: 0, most: months.length - 1, step: 1, value: end, words: months[end] ? period(months[end], months[end]) : '' },
    { name: 'months', label: 'Length', least: 1, most: Math.max(1, Math.min(36, end + 1)), step: 1, value: length, words: length === 1 ? '1 month' : `${length} months` },
    { name: 'resolution', label: 'Size of cells', least: 8, most: 10, step: 1, value: resolution, words: sizes[resolution] ?? '' },
    { name: 'threshold', label: 'Cells from', least: 0, most: 1000, step: 25, value: threshold(state), words: threshold(state) === 0 ? 'all with an incident' : `${threshold(state)} ${unit}` },
  ];
}

interface Acts {
  readonly filtered: (name: string, value: string) => void;
  readonly moved: (name: string, value: number) => void;
  readonly again: () => void;
}

function view(state: State, table: Table<MapCell>, { filtered, moved, again }: Acts): Content {
  const { cells, contours, asked, choices, map } = state;
  const fields = filterFields(asked, choices).filter((field) => field.name !== 'from' && field.name !== 'to');
  const picture = (): void => void (cells && contours && keepPicture(drawPicture(explorePicture({ cells, contours, shown: overThreshold(state), councils: state.councils })), `explore-${cells.provenance.from}-to-${cells.provenance.to}-${contours.bandwidthMetres}-m.png`));
  return frame({
    title, width: 'wide', lead: 'Move a slider and watch what stays: a hotspot that is there at every bandwidth and period is one to trust.',
    actions: cells && contours ? [button('Picture (PNG)', picture, { kind: 'plain' })] : [],
  }, mapFrame({
    map,
    filters: html`<div class="form form--row" role="search" aria-label="Filters">${fields.map((field) => fieldView(field, { formId: 'filters', onChange: (value) => filtered(field.name, value) }))}</div>
      <div class="sliders" role="group" aria-label="What is drawn">${slidersOf(state).map((slider) => sliderView(slider, moved))}</div>`,
    note: status(state),
    legend: cells ? legend(`Incidents ${unit}`, classesOfCells(cells), [{ kind: 'contour', label: contours ? contourWords(contours) : 'Density' }, { kind: 'council', label: 'Council' }, { kind: 'selected', label: 'Selected' }]) : nothing,
    table: html`${tableOrState(state, table, again)}${contours ? provenanceView(contours.provenance) : nothing}`,
  }));
}

function status(state: State): Content {
  const { cells, contours, tookMs } = state;
  if (!cells) return nothing;
  const drawn = overThreshold(state);
  return html`<p role="status" data-redraw-ms=${Math.round(tookMs)}>${reconciled(cells.counts)}. ${count(drawn.length)} cells of resolution ${cells.resolution} drawn${threshold(state) > 0 ? ` of ${count(cells.drawn.cells)}` : ''}; density up to ${decimal(contours?.peak ?? 0, 0)} ${unit}.</p>
    ${cells.leftOut.cells > 0 ? note('warning', `The ${count(cells.leftOut.cells)} cells with the fewest incidents (${count(cells.leftOut.incidents)} in all) are left out: too many to draw. Take larger cells or one council.`) : nothing}
    ${cells.resolution === 10 && cells.provenance.sources.some((source) => source.locationPrecision !== 'exact') ? note('warning', 'Some of these points are moved to the nearest of a fixed list, so at this size most cells hold a single point. Use resolution 9.') : nothing}`;
}

function contourWords({ breaks, bandwidthMetres, contours }: Contours): string {
  return contours.length === 0 ? `Density under ${breaks[0] ?? 0} everywhere` : `Density of ${breaks.join(', ')} (${bandwidthMetres} m)`;
}

function tableOrState(state: State, table: Table<MapCell>, again: () => void): Content {
  if (state.failure) return failedView(state.failure, { what: 'the map', retry: again });
  if (!state.cells) return shown(loading, () => nothing, { what: 'cells' });
  const drawn = overThreshold(state);
  return drawn.length === 0 ? emptyView('No cell reaches the threshold', 'Lower it, or choose a longer period.') : table.view(drawn);
}

function cellColumns(cells: () => Cells | undefined): readonly Column<MapCell>[] {
  const colour = (row: MapCell): string => {
    const found = cells();
    return (found && classFor(row.rate, classesOfCells(found))?.colour) ?? '#ffffff';
  };
  return [
    { key: 'place', label: 'Place', hint: 'The commonest place name of the latest analysis', value: cellName },
    { key: 'n', label: 'Incidents', kind: 'count', value: (row) => row.n, sum: true },
    { key: 'rate', label: 'Per km² a year', kind: 'decimal', digits: 0, value: (row) => row.rate, show: (row) => html`<span class="classed">${areaSwatch(colour(row))}${count(row.rate)}</span>` },
    { key: 'council', label: 'Council', value: (row) => row.council },
    { key: 'area', label: 'km²', hint: 'The cell’s own area', kind: 'decimal', digits: 3, value: (row) => row.areaKm2 },
    { key: 'cell', label: 'Cell', hint: 'H3 index', value: (row) => row.cell },
  ];
}
