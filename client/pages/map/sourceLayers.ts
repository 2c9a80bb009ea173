/** Sources laid over each other on the map: a toggle each, marks of their own shape, and a table of cells with a column a source. */
import type { z } from 'zod';
import { getMapCells, type MapCell } from '../../../server/hotspots/contract.ts';
import { call } from '../../api.ts';
import { count } from '../../format.ts';
import { section } from '../../frame.ts';
import { html, nothing, type Content } from '../../html.ts';
import { layerToggles, shapeSwatch } from '../../map/frame.ts';
import type { MapHandle } from '../../map/create.ts';
import { markCorners, markStyles, sourceMarksLayer } from '../../map/sourceMarks.ts';
import { failureText, note } from '../../states.ts';
import { createTable, type Table } from '../../table.ts';
import { type Cells, cellName } from './layers.ts';

interface SourceChoice {
  readonly code: string;
  readonly name: string;
}

interface Row {
  readonly cell: string;
  readonly place: string;
  readonly council: string;
  readonly counts: Readonly<Record<string, number>>;
}

type SourceAsked = Omit<z.input<typeof getMapCells.input>, 'source'>;

export interface SourceLayers {
  /** Loads the sources for what is asked and in view; those not on are taken off. */
  load(on: readonly string[], asked: SourceAsked): void;
  toggles(on: readonly string[], toggled: (code: string, on: boolean) => void): Content;
  legend(on: readonly string[]): Content;
  table(on: readonly string[]): Content;
  leave(): void;
}

const styleOf = (index: number): (typeof markStyles)[number] => markStyles[index % markStyles.length] ?? { colour: '#3b3b3b', corners: 5, turn: 90 };

export function createSourceLayers({ map, sources, redraw }: { map: MapHandle; sources: readonly SourceChoice[]; redraw(): void }): SourceLayers {
  const found = new Map<string, Cells>();
  let failure: unknown;
  let stop = new AbortController();
  let table: { key: string; view: Table<Row> } | undefined;
  const nameOf = (code: string): string => sources.find((one) => one.code === code)?.name ?? code;

  function draw(code: string, cells: Cells | null): void {
    const index = sources.findIndex((one) => one.code === code);
    if (index < 0) return;
    map.set(`source${index % markStyles.length}`, cells && sourceMarksLayer(marksOf(cells.cells, nameOf(code), index), styleOf(index)));
  }

  function tableOf(on: readonly string[]): Table<Row> {
    const key = on.join(',');
    if (table?.key !== key) {
      table = { key, view: createTable<Row>({
        caption: 'Incidents by cell and source', rowId: (row) => row.cell, redraw, limit: 25, narrow: 'scroll', sort: { key: on[0] ?? 'place', down: true },
        columns: [{ key: 'place', label: 'Place', value: (row) => row.place }, { key: 'council', label: 'Council', value: (row) => row.council },
          ...on.map((code) => ({ key: code, label: nameOf(code), kind: 'count' as const, value: (row: Row) => row.counts[code] ?? 0, sum: true }))],
      }) };
    }
    return table.view;
  }

  return {
    load(on, asked) {
      stop.abort();
      stop = new AbortController();
      const { signal } = stop;
      failure = undefined;
      for (const { code } of sources) if (!on.includes(code)) {
        found.delete(code);
        draw(code, null);
      }
      for (const code of on) {
        call(getMapCells, { ...asked, source: code, category: asked.category ?? 'all' }, { signal }).then((cells) => {
          found.set(code, cells);
          draw(code, cells);
          redraw();
        }, (error: unknown) => {
          if (signal.aborted) return;
          failure = error;
          redraw();
        });
      }
    },
    toggles: (on, toggled) => (sources.length > 1
      ? layerToggles(sources.map(({ code, name }) => ({ name: code, label: name, on: on.includes(code) })), toggled, 'Sources laid over')
      : nothing),
    legend: (on) => (on.length > 0 ? html`<div class="legend"><p class="legend__title">Sources: size by incidents in the cell</p><ul class="legend__list">
      ${on.map((code) => {
        const style = styleOf(sources.findIndex((one) => one.code === code));
        return html`<li class="legend__item">${shapeSwatch(markCorners(style), style.colour)}<span>${nameOf(code)}${found.has(code) ? `: ${count(found.get(code)?.counts.mapped ?? 0)}` : ''}</span></li>`;
      })}</ul></div>` : nothing),
    table: (on) => (on.length > 0 ? section('Sources side by side', html`${failure ? note('danger', failureText(failure)) : nothing}${tableOf(on).view(rowsOf(on, found))}`,
      { lead: 'Every category of each source, unless one is chosen above. Counts of different sources overlap: one event may be reported to several.' }) : nothing),
    leave: () => stop.abort(),
  };
}

/** Marks stand beside each other around the middle of the cell, the area in proportion to the count. */
function marksOf(cells: readonly MapCell[], source: string, index: number): Parameters<typeof sourceMarksLayer>[0] {
  const most = Math.max(1, ...cells.map(({ n }) => n));
  return cells.map((cell) => {
    const middle = middleOf(cell.ring);
    const reach = Math.sqrt(cell.areaKm2 / Math.PI) * 1000;
    const angle = (index * 2 * Math.PI) / markStyles.length;
    const north = (Math.sin(angle) * reach * 0.3) / 111_320;
    const east = (Math.cos(angle) * reach * 0.3) / 111_320 / Math.cos((middle.lat * Math.PI) / 180);
    return { lng: middle.lng + east, lat: middle.lat + north, radius: reach * (0.12 + 0.5 * Math.sqrt(cell.n / most)), label: `${source}, ${cellName(cell)}: ${count(cell.n)} incidents` };
  });
}

function middleOf(ring: MapCell['ring']): { lng: number; lat: number } {
  const corners = ring.slice(0, -1);
  return { lng: corners.reduce((sum, [lng]) => sum + lng, 0) / corners.length, lat: corners.reduce((sum, [, lat]) => sum + lat, 0) / corners.length };
}

function rowsOf(on: readonly string[], found: ReadonlyMap<string, Cells>): Row[] {
  const rows = new Map<string, { cell: string; place: string; council: string; counts: Record<string, number> }>();
  for (const code of on) for (const cell of found.get(code)?.cells ?? []) {
    const row = rows.get(cell.cell) ?? { cell: cell.cell, place: cellName(cell), council: cell.council, counts: {} };
    row.counts[code] = cell.n;
    rows.set(cell.cell, row);
  }
  return [...rows.values()];
}
