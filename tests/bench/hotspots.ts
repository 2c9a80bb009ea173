/** A view of the map over a million incidents, from the summary and, as the reference, by grouping the incidents themselves. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { cellCentre, cellOfPoint } from '../../geo/cells.ts';
import { toGrid } from '../../geo/projection.ts';
import { createRandom } from '../../geo/random.ts';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { saveBoundaries } from '../../server/places/boundaryQueries.ts';
import { getMapCells, getMapContours } from '../../server/hotspots/contract.ts';
import { createMapMemory, viewCells } from '../../server/hotspots/mapRoutes.ts';
import { addMonths, monthsBetween } from '../../server/hotspots/months.ts';
import { createSurfaceMemory, createTracer, viewContours } from '../../server/hotspots/surfaceRoutes.ts';

const incidents = 1_000_000;
/** A force's three years of anti-social behaviour, as Cleveland's police.uk files hold them. */
const fewIncidents = 50_000;
const months = monthsBetween('2021-01', '2023-12');
const now = new Date('2024-01-15T09:00:00Z');
/** Middlesbrough and its surroundings, as a desk shows them at zoom 12. */
const view = { from: '2021-01', to: '2023-12', source: ['bench'], zoom: 12, bbox: '-1.36,54.50,-1.06,54.62' };
const box = view.bbox.split(',').map(Number);

/** Fills an empty, migrated database with a million incidents over three years and measures a view of them all: medians of 5, milliseconds. */
export async function benchHotspots(db: Knex): Promise<Record<string, number>> {
  await fillMillion(db);
  const viewMs = await medianOf5(() => db.transaction(async (trx) => {
    // A fresh memory each time: nothing is kept from the view before.
    const answer = await viewCells(trx, getMapCells.input.parse(view), { scope: ['*'], now }, createMapMemory());
    if (answer.counts.in !== incidents || answer.drawn.cells < 300) throw new Error(`The view holds ${answer.counts.in} incidents in ${answer.drawn.cells} cells, not what was filled in.`);
    return JSON.stringify(getMapCells.output.parse(answer));
  }));
  const referenceMs = await medianOf5(async () => {
    const { rows } = await db.raw(
      `select location.cell9 as cell, count(*)::int as n from incident join location on location.id = incident.location_id
       where incident.month between :from::date and :to::date and incident.category_code = 'anti-social-behaviour' and incident.source_code = 'bench'
         and location.lng between :west and :east and location.lat between :south and :north
       group by location.cell9 order by n desc`,
      { from: `${view.from}-01`, to: `${view.to}-01`, west: box[0]!, south: box[1]!, east: box[2]!, north: box[3]! },
    );
    return JSON.stringify(rows);
  });
  const memory = createMapMemory();
  const warmMs = await medianOf5(() => db.transaction(async (trx) => JSON.stringify(await viewCells(trx, getMapCells.input.parse(view), { scope: ['*'], now }, memory))));
  return { mapViewMillionMs: viewMs, mapViewMillionMsReference: referenceMs, mapViewMillionAgainMs: warmMs, ...(await benchSliders(db)) };
}

/**
 * What a slider asks for at each of its steps, as the page does: the cells of the whole area and the surface of a period or a bandwidth nobody
 * has asked for yet, parsed and written out as the service sends them. `Lag` is the longest the thread that answers was held up meanwhile.
 */
async function benchSliders(db: Knex): Promise<Record<string, number>> {
  const surfaces = createSurfaceMemory();
  const cells = createMapMemory();
  const tracer = createTracer();
  const viewer = { scope: ['*'], now };
  // Both are asked for at once, as the page does; each has a transaction of its own, as each request has.
  const redraw = async ({ bandwidth, ...period }: SliderStep): Promise<number> => {
    const [contours, drawn] = await Promise.all([
      viewContours((work) => db.transaction(work), getMapContours.input.parse({ ...period, bandwidth, encoded: 'true', draft: 'true' }), viewer, surfaces, tracer),
      db.transaction((trx) => viewCells(trx, getMapCells.input.parse({ ...period, resolution: 9 }), viewer, cells)),
    ]);
    if (contours.contours.length < 2 || drawn.drawn.cells < 300) throw new Error(`A slider at ${bandwidth} m drew ${contours.contours.length} contours and ${drawn.drawn.cells} cells.`);
    return JSON.stringify(getMapContours.output.parse(contours)).length + JSON.stringify(getMapCells.output.parse(drawn)).length;
  };
  // By turns another bandwidth and another period, so that nothing asked for is remembered.
  const steps = (source: string) => (step: number): SliderStep => ({ from: addMonths('2021-01', step % 2), to: addMonths('2023-12', -Math.floor(step / 2)), bandwidth: 200 + 10 * step, source });
  const first = performance.now();
  await redraw({ from: '2021-01', to: '2023-12', bandwidth: 495, source: 'bench' });
  const firstMs = performance.now() - first;
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  const fewMs = await medianOfSteps(steps('bench-few'), redraw);
  const allMs = await medianOfSteps(steps('bench'), redraw);
  lag.disable();
  return { mapSlider50kMs: fewMs, mapSliderMillionMs: allMs, mapSliderMillionFirstMs: firstMs, mapSliderLagMs: lag.max / 1e6 };
}

interface SliderStep {
  readonly from: string;
  readonly to: string;
  readonly bandwidth: number;
  readonly source: string;
}

async function medianOfSteps(asked: (step: number) => SliderStep, redraw: (asked: SliderStep) => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let step = 0; step < 9; step++) {
    const started = performance.now();
    await redraw(asked(step));
    times.push(performance.now() - started);
    // A reader's hand takes a while from one step to the next.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return times.sort((a, b) => a - b)[4] ?? NaN;
}

async function medianOf5(work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[2] ?? NaN;
}

async function fillMillion(db: Knex): Promise<void> {
  const source = { publisher: 'Bench', licence: 'none', attribution: 'Made up', time_precision: 'month', location_precision: 'snapped', demonstration: true };
  await db('source').insert([{ ...source, code: 'bench', name: 'Bench' }, { ...source, code: 'bench-few', name: 'Bench, few' }]);
  await db('category').insert({ code: 'anti-social-behaviour', name: 'Anti-social behaviour', asb: true }).onConflict('code').ignore();
  await fillCouncils(db);
  await fillPlaces(db);
  await db.raw('analyze location');
  const importId = randomUUID();
  for (const [index, month] of months.entries()) {
    for (const [source, all] of [['bench', incidents], ['bench-few', fewIncidents]] as const) {
      const wanted = Math.floor(((index + 1) * all) / months.length) - Math.floor((index * all) / months.length);
      await db.transaction((trx) => fillMonth(trx, { month, source, wanted, importId }));
    }
  }
  await db.raw('analyze incident_count');
  await db.raw('analyze location_count');
  await db.raw('analyze incident');
}

/** Some way beyond the view on every side. */
const spread = { west: -1.46, south: 54.45, east: -0.96, north: 54.67 };
/** As Cleveland's police.uk points lie: 4,338 of them in 1,559 cells. */
const places = 4_338;
const cells = 1_559;

/** Four strips from west to east, rough as a coast at 20 m: some five thousand corners each. */
async function fillCouncils(db: Knex): Promise<void> {
  const width = (spread.east - spread.west) / 4;
  const shapes = [1, 2, 3, 4].map((strip) => {
    const [west, east] = [spread.west + (strip - 1) * width, spread.west + strip * width];
    const along = (from: readonly [number, number], to: readonly [number, number], rough: number): [number, number][] =>
      Array.from({ length: 1250 }, (_, k) => [from[0] + ((to[0] - from[0]) * k) / 1250, from[1] + ((to[1] - from[1]) * k) / 1250 + (k % 2) * rough]);
    const ring = [...along([west, spread.south], [east, spread.south], -0.0002), ...along([east, spread.south], [east, spread.north], 0), ...along([east, spread.north], [west, spread.north], 0.0002), ...along([west, spread.north], [west, spread.south], 0)];
    return { code: `E0600000${strip}`, name: `Strip ${strip}`, geometry: { type: 'Polygon' as const, coordinates: [[...ring, [west, spread.south]]] } };
  });
  await db.transaction((trx) => saveBoundaries(trx, { kind: 'council', validFrom: '2020-01-01', source: { name: 'Bench', publisher: 'Bench', licence: 'none', attribution: 'Made up' }, shapes }));
}

async function fillPlaces(db: Knex): Promise<void> {
  const random = createRandom('map view');
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  // Towns and villages with empty land between them.
  const towns = Array.from({ length: 60 }, () => [between(spread.west + 0.03, spread.east - 0.03), between(spread.south + 0.02, spread.north - 0.02)] as const);
  const middles = Array.from({ length: cells }, (_, index) => {
    const [lng, lat] = towns[Math.floor(towns.length * (index / cells) ** 2)] ?? [NaN, NaN];
    return cellCentre(cellOfPoint(random.normal(lng, 0.012), random.normal(lat, 0.007), 9));
  });
  const rows = Array.from({ length: places }, (_, index) => {
    const [middleLng = 0, middleLat = 0] = middles[index % cells] ?? [];
    const [lng, lat] = [middleLng + between(-0.0015, 0.0015), middleLat + between(-0.001, 0.001)];
    const { easting, northing } = toGrid(lng, lat);
    return { easting: Math.round(easting), northing: Math.round(northing), lng, lat, cell8: cellOfPoint(lng, lat, 8), cell9: cellOfPoint(lng, lat, 9), cell10: cellOfPoint(lng, lat, 10) };
  });
  for (let at = 0; at < rows.length; at += 500) await db('location').insert(rows.slice(at, at + 500)).onConflict().ignore();
}

/** One month's rows and their counts, as an import leaves them; councils are four strips from west to east, and a few places have most of the incidents. */
async function fillMonth(trx: Knex.Transaction, { month, source, wanted, importId }: { month: string; source: string; wanted: number; importId: string }): Promise<void> {
  const bindings = { first: `${month}-01`, source, wanted, importId, places };
  await trx.raw('select make_incident_partition(:first::date)', bindings);
  await trx.raw(
    `insert into incident (month, source_code, category_code, location_id, place_name, import_id)
     select :first::date, :source, 'anti-social-behaviour', (select min(id) from location) + floor(:places * power((hashint4(nth)::bigint + 2147483648) / 4294967296.0, 2))::int, 'On or near Bench Street', :importId
     from generate_series(1, :wanted::int) as nth`, bindings);
  await trx.raw(
    `insert into incident_count (source_code, month, category_code, resolution, cell, council_code, n)
     select :source, :first::date, 'anti-social-behaviour', at.resolution, at.cell, 'E0600000' || width_bucket(location.lng, ${spread.west}, ${spread.east}, 4), count(*)
     from incident join location on location.id = incident.location_id
     cross join lateral (values (8, location.cell8), (9, location.cell9), (10, location.cell10)) as at (resolution, cell)
     where incident.month = :first::date and incident.source_code = :source group by at.resolution, at.cell, 6`, bindings);
  await trx.raw(
    `insert into location_count (source_code, month, category_code, location_id, council_code, n)
     select :source, :first::date, 'anti-social-behaviour', location.id, 'E0600000' || width_bucket(location.lng, ${spread.west}, ${spread.east}, 4), count(*)
     from incident join location on location.id = incident.location_id where incident.month = :first::date and incident.source_code = :source group by location.id`, bindings);
  await trx('source_month').insert({ source_code: source, month: bindings.first, rows: wanted, import_id: importId });
}
