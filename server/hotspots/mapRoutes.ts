/** The map over HTTP: cells, agreed hotspots, and what the filters can be set to. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { Mount } from '../mount.ts';
import { settingsOn } from '../settings/queries.ts';
import type { Setting } from '../settings/contract.ts';
import { getMapCells, getMapChoices, getMapHotspots } from './contract.ts';
import { listHotspotShapes } from './hotspotQueries.ts';
import { type AskedFilter, type Holdings, type IncidentFilter, resolveFilter } from './incidentFilter.ts';
import { type CellShape, type CellTotal, chooseCells, type CountedCell, describeCells, type Drawn, mergeCells, nameFinder, needsExactShare, readBox, readBreaks, rememberShapes, resolutionsForZoom } from './mapView.ts';
import { firstDay } from './months.ts';
import { attributionOf, countsOf, exactShare, provenanceOf, type SourceTotal, totalsOf } from './provenance.ts';
import { boundaryAttribution, cellNames, cellTotals, councilBox, incidentTotals, loadHoldings } from './queries.ts';
import { createRecent, type Recent } from './recent.ts';
import { createSliding, type Sliding } from './sliding.ts';
import { numberOf, textOf } from './settings.ts';

/** What a process keeps of what it has drawn; keys name the data's version, so nothing old is ever shown. */
export interface MapMemory {
  readonly cells: Recent<CountedView>;
  readonly rows: Sliding<CellTotal>;
  readonly names: Recent<(cell: string) => string>;
  readonly shape: (cell: string) => CellShape;
}

export function createMapMemory(): MapMemory {
  return { cells: createRecent(60), rows: createSliding(40, ({ cell, councilCode, source, excluded }) => `${cell}|${councilCode}|${source}|${excluded}`), names: createRecent(3), shape: rememberShapes() };
}

/** A filter's cells at one resolution, and what all its incidents come to. */
export interface CountedView {
  readonly cells: readonly CountedCell[];
  readonly totals: readonly SourceTotal[];
}

/** What a view is asked with besides its filters: whose eyes, which day. */
export interface Viewer {
  readonly scope: readonly string[];
  readonly now: Date;
}

export interface Loaded {
  readonly held: Holdings;
  readonly settings: ReadonlyMap<string, Setting['value']>;
  readonly filter: IncidentFilter;
  /** Names the filter and the version of its data. */
  readonly key: string;
  /** The same without its period: what the months of a slider share. */
  readonly rest: string;
}

export const today = (now: Date): string => now.toISOString().slice(0, 10);

export async function loadFilter(db: Knex, asked: AskedFilter, viewer: Viewer): Promise<Loaded> {
  const held = await loadHoldings(db);
  const settings = await settingsOn(db, today(viewer.now));
  const filter = resolveFilter(asked, held, { windowMonths: numberOf(settings, 'analysis_window_months'), scope: viewer.scope });
  const rest = restOf(filter, held);
  return { held, settings, filter, rest, key: `${filter.months.join(',')}|${rest}` };
}

function restOf(filter: IncidentFilter, held: Holdings): string {
  const codes = (rows: readonly { code: string }[]): string => rows.map((row) => row.code).join(',');
  return [codes(filter.councils), filter.wholeArea, codes(filter.categories), codes(filter.sources), held.boundaryVersion, held.months.map((row) => row.importId).join(',')].join('|');
}

export const unit = 'incidents per km² a year';

/** The cells of a view: as fine as the zoom and the sources' precision allow, at most as many as a phone can draw. */
export async function viewCells(db: Knex, asked: z.output<typeof getMapCells.input>, viewer: Viewer, memory: MapMemory): Promise<z.input<typeof getMapCells.output>> {
  const loaded = await loadFilter(db, asked, viewer);
  const { held, settings, filter } = loaded;
  const exact = asked.resolution === undefined && needsExactShare(asked.zoom) ? exactShare(await incidentTotals(db, filter), filter.sources) : 0;
  const tries = asked.resolution === undefined ? resolutionsForZoom(asked.zoom, exact, numberOf(settings, 'map_exact_share')) : [asked.resolution];
  const { resolution, chosen, totals } = await finestThatFits(db, asked.bbox, tries, loaded, memory);
  const { runId, names } = await cellNames(db);
  const place = await memory.names.get(`${runId} ${viewer.scope.join(',')}`, async () => nameFinder(await names()));
  const breaks = readBreaks(textOf(settings, 'map_class_breaks'));
  const councilNames = new Map(held.councils.map(({ code, name }) => [code, name]));
  return {
    resolution, breaks,
    cells: describeCells(chosen.cells, { months: filter.months.length, breaks, shape: memory.shape, place, council: (code) => councilNames.get(code) ?? '' }),
    counts: countsOf(totals, filter.councils),
    drawn: chosen.drawn, outOfView: chosen.outOfView, leftOut: chosen.leftOut,
    provenance: provenanceOf(filter, totals, await boundaryAttribution(db, filter.councils, firstDay(filter.to)), {
      unit, method: `Incidents counted by H3 cell of resolution ${resolution}, divided by each cell’s own area and the months with data`,
    }),
  };
}

/** The first resolution whose cells in view are few enough; the coarsest with the fewest incidents left out when none is. */
async function finestThatFits(db: Knex, bbox: string | undefined, tries: readonly number[], { filter, settings, key, rest }: Loaded, memory: MapMemory): Promise<{ resolution: number; chosen: Drawn; totals: readonly SourceTotal[] }> {
  const mostShapes = numberOf(settings, 'map_most_shapes');
  for (const resolution of tries) {
    const counted = await memory.cells.get(`${resolution}|${key}`, async () => {
      const rows = await memory.rows.get(`${resolution}|${rest}`, filter.months, (some) => cellTotals(db, { ...filter, months: some }, resolution));
      return { cells: mergeCells(rows, filter.councils), totals: totalsOf(rows) };
    });
    const chosen = chooseCells(counted.cells, readBox(bbox), mostShapes);
    if (chosen.leftOut.cells === 0 || resolution === tries.at(-1)) return { resolution, chosen, totals: counted.totals };
  }
  throw new Error('A view of the map needs at least one resolution.');
}

/** What the filters can be set to, for the councils of a person's scope. */
export async function viewChoices(db: Knex, viewer: Viewer): Promise<z.input<typeof getMapChoices.output>> {
  const held = await loadHoldings(db);
  const settings = await settingsOn(db, today(viewer.now));
  const councils = viewer.scope.includes('*') ? held.councils : held.councils.filter((council) => viewer.scope.includes(council.code));
  const months = [...new Set(held.months.map((row) => row.month))].sort();
  const usual = months.length > 0 ? resolveFilter({}, held, { windowMonths: numberOf(settings, 'analysis_window_months'), scope: viewer.scope }) : undefined;
  return {
    months, from: usual?.from ?? null, to: usual?.to ?? null, councils: [...councils], categories: held.categories.map(({ code, name, asb }) => ({ code, name, asb })),
    sources: held.sources.map(({ code, name }) => ({ code, name })), subtypes: [...(held.subtypes ?? [])].map(({ code, name }) => ({ code, name })), bounds: await councilBox(db, councils),
    resolution: numberOf(settings, 'analysis_resolution'),
    bandwidth: { usual: numberOf(settings, 'density_bandwidth_metres'), least: numberOf(settings, 'density_bandwidth_least_metres'), most: numberOf(settings, 'density_bandwidth_most_metres') },
  };
}

export function mapRoutes(mount: Mount): void {
  const memory = createMapMemory();

  mount(getMapCells, async ({ db, input, scope, now }) => viewCells(db, input, { scope: scope.councils, now }, memory));
  mount(getMapChoices, async ({ db, scope, now }) => viewChoices(db, { scope: scope.councils, now }));

  mount(getMapHotspots, async ({ db, input, scope, now }) => {
    const { councils } = await loadHoldings(db);
    const shapes = await listHotspotShapes(db, { ...input, scope: scope.councils, today: today(now) });
    return {
      type: 'FeatureCollection',
      features: shapes.map(({ hotspot, outline }) => ({ type: 'Feature' as const, id: hotspot.id, geometry: outline, properties: hotspot })),
      attribution: attributionOf([], await boundaryAttribution(db, councils, today(now))),
    };
  });
}
