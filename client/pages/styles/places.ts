/** A map with its table, each leading to the other; and a table alone. */
import { count, notStarted } from '../../format.ts';
import { section } from '../../frame.ts';
import { html, type Content } from '../../html.ts';
import { boundariesLayer } from '../../map/boundaries.ts';
import { cellsLayer } from '../../map/cells.ts';
import { classesOf, classFor } from '../../map/classes.ts';
import { contoursLayer } from '../../map/contours.ts';
import { createMap, type Box, type MapHandle } from '../../map/create.ts';
import { areaSwatch, layerToggles, legend, mapFrame } from '../../map/frame.ts';
import { hotspotsLayer } from '../../map/hotspots.ts';
import { createTable, type Column } from '../../table.ts';
import { sampleCells, type SampleCell } from './samples.ts';

const box = (west: number, south: number, east: number, north: number) => ({ type: 'Polygon' as const, coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] });
const whole: Box = [-1.25, 54.568, -1.155, 54.606];
const outlines = {
  hotspots: [{ id: 'hotspot-1', name: 'Mill arcade', label: 'Mill arcade, live from 14 August 2023', geometry: box(-1.219, 54.581, -1.209, 54.589) }],
  councils: [{ id: 'west', label: 'West', geometry: box(-1.245, 54.57, -1.2, 54.604) }, { id: 'east', label: 'East', geometry: box(-1.2, 54.57, -1.16, 54.604) }],
  contours: [{ level: 20, label: '20', geometry: box(-1.226, 54.577, -1.203, 54.593) }, { level: 60, label: '60', geometry: box(-1.221, 54.58, -1.208, 54.59) }],
};

const columns: readonly Column<SampleCell>[] = [
  { key: 'place', label: 'Place', value: (row) => row.place },
  { key: 'incidents', label: 'Incidents', kind: 'count', value: (row) => row.incidents, sum: true },
  { key: 'rate', label: 'Per km²', hint: 'Incidents per square kilometre', kind: 'decimal', value: (row) => row.rate },
  { key: 'change', label: 'Change', hint: 'Against the same months a year before', kind: 'change', value: (row) => row.change },
];

const moreColumns: readonly Column<SampleCell>[] = [
  ...columns.slice(0, 2),
  { key: 'hours', label: 'Person-hours', kind: 'minutes', value: (row) => row.hours, missing: notStarted, sum: true },
  { key: 'paid', label: 'Paid', kind: 'money', value: (row) => row.paidPence, sum: true },
  ...columns.slice(3),
];

/** The map is made once; `remove` belongs in the page's clean-up. */
export function placeSamples(redraw: () => void): { view: () => Content; remove: () => void } {
  const rows = sampleCells();
  const classes = classesOf(rows.map((row) => row.rate), { unit: 'incidents per km²' });
  const layers = [{ name: 'contours', label: 'Density contours', on: false }, { name: 'hotspots', label: 'Agreed hotspots', on: true }, { name: 'councils', label: 'Councils', on: true }];
  const map = createMap({ label: 'made-up cells', tiles: null, whole });
  const about = { period: 'April 2023 to March 2024', source: 'made-up rows' };
  const beside = createTable<SampleCell>({ ...about, caption: 'Cells', rowId: (row) => row.id, redraw, columns: withClass(classes), sort: { key: 'incidents', down: true }, onSelect: (id) => map.select(id) });
  const alone = createTable<SampleCell>({ ...about, caption: 'Hours and payments', rowId: (row) => row.id, redraw, columns: moreColumns, limit: 12 });
  const bare = createTable<SampleCell>({ caption: 'Visits', rowId: (row) => row.id, redraw, columns: moreColumns, empty: 'No visits are recorded for this week yet.' });
  const choose = (id: string): void => {
    map.select(id);
    beside.select(id);
  };
  map.set('cells', cellsLayer(rows.map((row) => ({ id: row.id, label: `${row.place}: ${count(row.incidents)} incidents`, geometry: row.geometry, value: row.rate })), { classes, onSelect: choose }));
  for (const layer of layers) drawLayer(map, layer);
  const toggled = (name: string, on: boolean): void => {
    const layer = layers.find((one) => one.name === name);
    if (layer) drawLayer(map, Object.assign(layer, { on }));
    redraw();
  };
  return {
    remove: () => map.remove(),
    view: () => html`
      ${section('Map with its table', mapFrame({
        map, table: beside.view(rows), toggles: layerToggles(layers, toggled),
        legend: legend('Incidents per km²', classes, [{ kind: 'hotspot', label: 'Agreed hotspot' }, { kind: 'contour', label: 'Density contour' }, { kind: 'council', label: 'Council' }, { kind: 'selected', label: 'Selected' }]),
      }))}
      ${section('Table', alone.view(rows))}
      ${section('Table without rows', bare.view([]))}`,
  };
}

function drawLayer(map: MapHandle, layer: { name: string; on: boolean }): void {
  if (layer.name === 'contours') map.set('contours', layer.on ? contoursLayer(outlines.contours) : null);
  if (layer.name === 'hotspots') map.set('hotspots', layer.on ? hotspotsLayer(outlines.hotspots, { names: true }) : null);
  if (layer.name === 'councils') map.set('councils', layer.on ? boundariesLayer(outlines.councils, { names: true }) : null);
}

/** The class stands in the table too, as a box beside its figure. */
function withClass(classes: ReturnType<typeof classesOf>): readonly Column<SampleCell>[] {
  return columns.map((column) => (column.key !== 'rate' ? column : {
    ...column,
    show: (row: SampleCell) => html`<span class="classed">${areaSwatch(classFor(row.rate, classes)?.colour ?? '#ffffff')}${row.rate.toFixed(1)}</span>`,
  }));
}
