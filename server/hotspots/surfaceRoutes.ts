/** The density surface over HTTP, quick enough for a slider: counts by point kept at import, the ground kept in memory, the drawing in a thread of its own. */
import type { Knex } from 'knex';
import { Piscina } from 'piscina';
import type { z } from 'zod';
import { invalid } from '../errors.ts';
import type { Mount, OpenCall } from '../mount.ts';
import type { Setting } from '../settings/contract.ts';
import { councilBoundaries } from './analysisQueries.ts';
import { getMapContours } from './contract.ts';
import type { Named } from './incidentFilter.ts';
import { type Loaded, loadFilter, unit, type Viewer } from './mapRoutes.ts';
import { decodeLine } from './lineCode.ts';
import { readBreaks } from './mapView.ts';
import { firstDay } from './months.ts';
import { countsOf, provenanceOf, type SourceTotal } from './provenance.ts';
import { boundariesInForce, boundaryAttribution, incidentTotals, type PointTotal, pointTotals } from './queries.ts';
import { createRecent, type Recent } from './recent.ts';
import { numberOf, textOf } from './settings.ts';
import { createSliding, type Sliding } from './sliding.ts';
import type { PlacedCounts, SurfaceContours, SurfaceTask } from './surface.ts';
import type { SurfaceWork } from './surfaceWorker.ts';
import type { StudyArea, StudyAreaTask } from './studyArea.ts';

/** What a process keeps of what it has drawn; keys name the data's version, so nothing old is ever shown. */
export interface SurfaceMemory {
  readonly areas: Recent<StudyArea | undefined>;
  readonly points: Sliding<PointTotal>;
  readonly totals: Sliding<SourceTotal>;
  readonly surfaces: Recent<SurfaceContours>;
}

export function createSurfaceMemory(): SurfaceMemory {
  return {
    areas: createRecent(12), surfaces: createRecent(40),
    points: createSliding(40, ({ easting, northing }) => `${easting} ${northing}`),
    totals: createSliding(40, ({ source, councilCode, withoutPlace, excluded }) => `${source}|${councilCode}|${withoutPlace}|${excluded}`),
  };
}

/** Draws away from the thread that answers requests. */
export interface Tracer {
  area(task: StudyAreaTask): Promise<StudyArea | undefined>;
  trace(task: SurfaceTask): Promise<SurfaceContours>;
}

export function createTracer(): Tracer {
  const pool = new Piscina({ filename: new URL('./surfaceWorker.ts', import.meta.url).href, minThreads: 0, maxThreads: 1, idleTimeout: 600_000 });
  const run = (work: SurfaceWork): Promise<unknown> => pool.run(work);
  return {
    area: async (area) => (await run({ area })) as StudyArea | undefined,
    trace: async (trace) => (await run({ trace })) as SurfaceContours,
  };
}

/** A surface to be drawn: what is traced, under which key it is kept, and what is said beside it. */
interface SurfaceOrder {
  readonly key: string;
  readonly task: SurfaceTask;
  readonly words: Pick<z.input<typeof getMapContours.output>, 'bandwidthMetres' | 'edgeCorrected' | 'breaks' | 'counts'> & { readonly provenance: (squareMetres: number) => z.input<typeof getMapContours.output>['provenance'] };
}

/** The density surface of a filter as contours at the map's class breaks, traced once its rows are read and their transaction is over: nobody waits for the drawing. */
export async function viewContours(transaction: OpenCall<unknown>['transaction'], asked: z.output<typeof getMapContours.input>, viewer: Viewer, memory: SurfaceMemory, tracer: Tracer): Promise<z.input<typeof getMapContours.output>> {
  const { key, task, words: { provenance, ...words } } = await transaction((db) => orderSurface(db, asked, viewer, memory, tracer));
  const drawn = await memory.surfaces.get(key, async () => tracer.trace(task));
  return {
    ...words, squareMetres: drawn.squareMetres, peak: drawn.peak, provenance: provenance(drawn.squareMetres),
    contours: drawn.contours.map(({ level, polygons }) => (asked.encoded
      ? { level, lines: polygons.map((rings) => [...rings]) }
      : { level, shape: { type: 'MultiPolygon' as const, coordinates: polygons.map((rings) => rings.map(decodeLine)) } })),
  };
}

async function orderSurface(db: Knex, asked: z.output<typeof getMapContours.input>, viewer: Viewer, memory: SurfaceMemory, tracer: Tracer): Promise<SurfaceOrder> {
  const loaded = await loadFilter(db, asked, viewer);
  const { settings, filter } = loaded;
  const bandwidthMetres = readBandwidth(asked.bandwidth, settings);
  const squareMetres = numberOf(settings, 'density_square_metres') * (asked.draft ? 2 : 1);
  const breaks = readBreaks(textOf(settings, 'map_class_breaks')).filter((level) => level > 0);
  const known = knownCouncils(loaded, viewer);
  const outlines = await boundariesInForce(db, known, firstDay(filter.to));
  const area = await memory.areas.get(`${squareMetres}|${outlines.map(({ id }) => id).join(',')}|${codes(filter.councils)}|${loaded.held.boundaryVersion}`, async () => tracer.area(await areaTask(db, loaded, known, squareMetres)));
  const points = placed(await memory.points.get(`${codes(known)}|${area !== undefined}|${loaded.rest}`, filter.months, (months) => pointTotals(db, { ...filter, months }, area ? known : filter.councils)));
  const totals = await memory.totals.get(loaded.rest, filter.months, (months) => incidentTotals(db, { ...filter, months }));
  const attribution = await boundaryAttribution(db, filter.councils, firstDay(filter.to));
  return {
    key: `${asked.encoded}|${bandwidthMetres}|${squareMetres}|${breaks.join(',')}|${codes(known)}|${loaded.key}`,
    task: { points, bandwidthMetres, squareMetres, months: filter.months.length, levels: breaks, area, whole: !asked.encoded },
    words: {
      bandwidthMetres, edgeCorrected: area !== undefined, breaks, counts: countsOf(totals, filter.councils),
      provenance: (drawnMetres) => provenanceOf(filter, totals, attribution, {
        unit, method: `Quartic kernel density, bandwidth ${bandwidthMetres} m, squares of ${drawnMetres} m, ${area ? edgeWords : 'no edge correction: no outlines are held'}`,
      }),
    },
  };
}

const edgeWords = 'corrected at the coast and at the edge of the data by the kernel’s mass inside (Diggle 1985); neighbouring councils’ incidents count across their shared border';

/** Every council whose incidents the person may see: those beyond a border keep the surface from sinking there. */
function knownCouncils({ held, filter }: Loaded, { scope }: Viewer): readonly Named[] {
  return filter.wholeArea ? held.councils : held.councils.filter((council) => scope.includes(council.code));
}

const codes = (rows: readonly Named[]): string => rows.map((row) => row.code).join(',');

async function areaTask(db: Knex, { filter, settings }: Loaded, known: readonly Named[], squareMetres: number): Promise<StudyAreaTask> {
  const boundaries = await councilBoundaries(db, known, firstDay(filter.to));
  const chosen = new Set(filter.councils.map((council) => council.code));
  return { squareMetres, reachMetres: numberOf(settings, 'density_bandwidth_most_metres'), known: boundaries.map(({ shape }) => shape), shown: boundaries.filter(({ code }) => chosen.has(code)).map(({ shape }) => shape) };
}

function placed(rows: readonly PointTotal[]): PlacedCounts {
  return { x: Float64Array.from(rows, (row) => row.easting), y: Float64Array.from(rows, (row) => row.northing), n: Float64Array.from(rows, (row) => row.n) };
}

function readBandwidth(asked: number | undefined, settings: ReadonlyMap<string, Setting['value']>): number {
  const least = numberOf(settings, 'density_bandwidth_least_metres');
  const most = numberOf(settings, 'density_bandwidth_most_metres');
  const wanted = asked ?? numberOf(settings, 'density_bandwidth_metres');
  if (wanted >= least && wanted <= most) return wanted;
  throw invalid([{ field: 'bandwidth', message: `A bandwidth of ${wanted} m cannot be used. Give ${least} to ${most} m.` }]);
}

export function surfaceRoutes(mount: Mount): void {
  const memory = createSurfaceMemory();
  const tracer = createTracer();
  mount.open(getMapContours, async ({ transaction, input, scope, now }) => viewContours(transaction, input, { scope: scope.councils, now }, memory, tracer));
}
