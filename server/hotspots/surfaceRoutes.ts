/** The density surface over HTTP, quick enough for a slider: counts by point kept at import, the ground kept in memory, the drawing in a thread of its own. */
import type { Knex } from 'knex';
import { Piscina } from 'piscina';
import type { z } from 'zod';
import { invalid } from '../errors.ts';
import type { Mount } from '../mount.ts';
import type { Setting } from '../settings/contract.ts';
import { councilBoundaries } from './analysisQueries.ts';
import { getMapContours } from './contract.ts';
import type { Named } from './incidentFilter.ts';
import { type Loaded, loadFilter, unit, type Viewer } from './mapRoutes.ts';
import { decodeLine } from './lineCode.ts';
import { readBreaks } from './mapView.ts';
import { firstDay } from './months.ts';
import { countsOf, provenanceOf } from './provenance.ts';
import { boundariesInForce, boundaryAttribution, incidentTotals, pointTotals } from './queries.ts';
import { createRecent, type Recent } from './recent.ts';
import { numberOf, textOf } from './settings.ts';
import type { PlacedCounts, SurfaceContours, SurfaceTask } from './surface.ts';
import type { SurfaceWork } from './surfaceWorker.ts';
import type { StudyArea, StudyAreaTask } from './studyArea.ts';

/** What a process keeps of what it has drawn; keys name the data's version, so nothing old is ever shown. */
export interface SurfaceMemory {
  readonly areas: Recent<StudyArea | undefined>;
  readonly points: Recent<PlacedCounts>;
  readonly surfaces: Recent<SurfaceContours>;
}

export function createSurfaceMemory(): SurfaceMemory {
  return { areas: createRecent(12), points: createRecent(60), surfaces: createRecent(40) };
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

/** The density surface of a filter as contours at the map's class breaks. */
export async function viewContours(db: Knex, asked: z.output<typeof getMapContours.input>, viewer: Viewer, memory: SurfaceMemory, tracer: Tracer): Promise<z.input<typeof getMapContours.output>> {
  const loaded = await loadFilter(db, asked, viewer);
  const { settings, filter } = loaded;
  const bandwidthMetres = readBandwidth(asked.bandwidth, settings);
  const squareMetres = numberOf(settings, 'density_square_metres') * (asked.draft ? 2 : 1);
  const breaks = readBreaks(textOf(settings, 'map_class_breaks')).filter((level) => level > 0);
  const known = knownCouncils(loaded, viewer);
  const key = `${codes(known)}|${loaded.key}`;
  const outlines = await boundariesInForce(db, known, firstDay(filter.to));
  const area = await memory.areas.get(`${squareMetres}|${outlines.map(({ id }) => id).join(',')}|${codes(filter.councils)}|${loaded.held.boundaryVersion}`, async () => tracer.area(await areaTask(db, loaded, known, squareMetres)));
  const drawn = await memory.surfaces.get(`${asked.encoded}|${bandwidthMetres}|${squareMetres}|${breaks.join(',')}|${key}`, async () => tracer.trace({
    points: await memory.points.get(key, async () => placed(await pointTotals(db, filter, area ? known : filter.councils))),
    bandwidthMetres, squareMetres, months: filter.months.length, levels: breaks, area, whole: !asked.encoded,
  }));
  const totals = await incidentTotals(db, filter);
  return {
    bandwidthMetres, squareMetres: drawn.squareMetres, peak: drawn.peak, edgeCorrected: area !== undefined, breaks,
    contours: drawn.contours.map(({ level, polygons }) => (asked.encoded
      ? { level, lines: polygons.map((rings) => [...rings]) }
      : { level, shape: { type: 'MultiPolygon' as const, coordinates: polygons.map((rings) => rings.map(decodeLine)) } })),
    counts: countsOf(totals, filter.councils),
    provenance: provenanceOf(filter, totals, await boundaryAttribution(db, filter.councils, firstDay(filter.to)), {
      unit, method: `Quartic kernel density, bandwidth ${bandwidthMetres} m, squares of ${drawn.squareMetres} m, ${area ? edgeWords : 'no edge correction: no outlines are held'}`,
    }),
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

function placed(rows: readonly { easting: number; northing: number; n: number }[]): PlacedCounts {
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
  mount(getMapContours, async ({ db, input, scope, now }) => viewContours(db, input, { scope: scope.councils, now }, memory, tracer));
}
