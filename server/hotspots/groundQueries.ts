/** The ground of hotspots through time: outlines with their days and baselines, pauses, and what took whose place. */
import type { Knex } from 'knex';
import type { MultiPolygon } from './contract.ts';
import type { HotspotDetail, HotspotOutline } from './hotspotContract.ts';
import { asbMonths, degreesShape, metresShape, shapeBindings } from './hotspotQueries.ts';

type First = Pick<HotspotOutline, 'validFrom' | 'baselineFrom' | 'baselineTo' | 'frozen'>;

/** Every outline, oldest first; the first one has the hotspot's own dates and baseline. */
export async function listOutlines(db: Knex, hotspotId: string, first: First): Promise<HotspotOutline[]> {
  const { rows } = await db.raw(
    `select id, valid_from as "validFrom", valid_to as "validTo", st_asgeojson(outline, 6)::json as outline, reason,
       st_area(outline_27700) / 1e6 as "areaKm2", st_maxdistance(outline_27700, outline_27700) as "acrossMetres",
       to_char(baseline_from, 'YYYY-MM') as "baselineFrom", to_char(baseline_to, 'YYYY-MM') as "baselineTo",
       coalesce((select json_agg(json_build_object('month', to_char(month, 'YYYY-MM'), 'source', source_code, 'n', n) order by month, source_code)
         from hotspot_outline_baseline b where b.outline_id = hotspot_outline.id), '[]') as frozen
     from hotspot_outline where hotspot_id = :hotspotId order by first desc, valid_from`,
    { hotspotId },
  );
  return (rows as HotspotOutline[]).map((outline, index) => (index === 0 ? { ...outline, ...first } : outline));
}

export async function listPauses(db: Knex, hotspotId: string): Promise<HotspotDetail['pauses']> {
  return db('hotspot_pause').select('paused_from as from', 'paused_to as to', 'reason').where({ hotspot_id: hotspotId }).orderBy('paused_from');
}

/** What took a hotspot's place, and what it took the place of. */
export async function listSuccession(db: Knex, hotspotId: string): Promise<Pick<HotspotDetail, 'successors' | 'predecessors'>> {
  const linked = (other: string, own: string): Promise<HotspotDetail['successors']> =>
    db('hotspot_succession as s').join('hotspot as h', 'h.id', `s.${other}`).select('h.id', 'h.name', 's.kind').where({ [`s.${own}`]: hotspotId }).orderBy('h.name').then((rows) => rows as HotspotDetail['successors']);
  return { successors: await linked('successor_id', 'hotspot_id'), predecessors: await linked('hotspot_id', 'successor_id') };
}

export interface Succession {
  readonly id: string;
  readonly successorId: string;
  readonly kind: 'replaced' | 'split' | 'merged';
  readonly on: string;
}

export async function saveSuccession(trx: Knex.Transaction, row: Succession): Promise<void> {
  await trx('hotspot_succession').insert({ hotspot_id: row.id, successor_id: row.successorId, kind: row.kind, effective_on: row.on });
}

/** The outline that has no end yet, in metres on the grid: middle, width and area. */
export async function latestOutline(db: Knex, hotspotId: string): Promise<{ id: string; validFrom: string; shape: MultiPolygon; first: boolean }> {
  const { rows } = await db.raw(
    `select id, valid_from as "validFrom", first, st_asgeojson(outline, 15)::json as shape from hotspot_outline where hotspot_id = :hotspotId and valid_to is null`, { hotspotId });
  return rows[0] as { id: string; validFrom: string; shape: MultiPolygon; first: boolean };
}

export interface NewGround {
  readonly id: string;
  readonly hotspotId: string;
  readonly validFrom: string;
  readonly shape: MultiPolygon;
  readonly reason: string;
  /** First days of the first and last month of its baseline. */
  readonly baselineFrom: string;
  readonly baselineTo: string;
  readonly by: string | null;
  readonly at: Date;
}

/** Ends the outline in force and begins another, with a baseline of its own frozen from the months before. */
export async function saveOutline(trx: Knex.Transaction, row: NewGround): Promise<void> {
  const { shape, ...values } = row;
  await trx('hotspot_outline').where({ hotspot_id: row.hotspotId }).whereNull('valid_to').update({ valid_to: row.validFrom });
  await trx.raw(
    `insert into hotspot_outline (id, hotspot_id, first, valid_from, outline, outline_27700, reason, changed_by, changed_at, baseline_from, baseline_to)
     values (:id, :hotspotId, false, :validFrom, ${degreesShape}, ${metresShape}, :reason, :by, :at, :baselineFrom, :baselineTo)`,
    { ...values, ...shapeBindings(shape) },
  );
  await trx.raw(
    `insert into hotspot_outline_baseline (outline_id, month, source_code, n)
     select :id, held.month, held.source_code, coalesce(counted.n, 0)
     from (${asbMonths}) as held
     left join (
       select incident.month, incident.source_code, count(*)::int as n
       from hotspot_outline join location on st_covers(hotspot_outline.outline_27700, location.geom_27700)
       join incident on incident.location_id = location.id and incident.month between :baselineFrom::date and :baselineTo::date
       join category on category.code = incident.category_code and category.asb
       where hotspot_outline.id = :id group by 1, 2) as counted on counted.month = held.month and counted.source_code = held.source_code
     where held.month between :baselineFrom::date and :baselineTo::date`,
    { ...values },
  );
}

/** Halves of an outline, cut by a line from north to south or from west to east so many metres beside its middle; in metres on the grid. */
export async function cutOutline(trx: Knex.Transaction, hotspotId: string, line: 'north-south' | 'west-east', offsetMetres: number): Promise<(MultiPolygon | null)[]> {
  const halves = line === 'north-south'
    ? ['st_makeenvelope(west, south, x + :offset, north, 27700)', 'st_makeenvelope(x + :offset, south, east, north, 27700)']
    : ['st_makeenvelope(west, y + :offset, east, north, 27700)', 'st_makeenvelope(west, south, east, y + :offset, 27700)'];
  const half = (box: string): string => `st_asgeojson(nullif(st_multi(st_collectionextract(st_intersection(shape, ${box}), 3)), st_geomfromtext('MULTIPOLYGON EMPTY', 27700)), 3)::json`;
  const { rows } = await trx.raw(
    `select ${half(halves[0] ?? '')} as one, ${half(halves[1] ?? '')} as other
     from (select outline_27700 as shape, (st_xmin(outline_27700) + st_xmax(outline_27700)) / 2 as x, (st_ymin(outline_27700) + st_ymax(outline_27700)) / 2 as y,
         st_xmin(outline_27700) - 1 as west, st_ymin(outline_27700) - 1 as south, st_xmax(outline_27700) + 1 as east, st_ymax(outline_27700) + 1 as north
       from hotspot_outline where hotspot_id = :hotspotId and valid_to is null) as cut`,
    { hotspotId, offset: offsetMetres },
  );
  const { one, other } = rows[0] as { one: MultiPolygon | null; other: MultiPolygon | null };
  return [one, other].map((shape) => (shape && shape.coordinates.length > 0 ? shape : null));
}

/** Latest outlines as one, gaps under two metres closed; how many pieces they make and how far across; in metres on the grid. */
export async function joinOutlines(trx: Knex.Transaction, ids: readonly string[]): Promise<{ shape: MultiPolygon; pieces: number; acrossMetres: number }> {
  const { rows } = await trx.raw(
    `select st_asgeojson(shape, 3)::json as shape, st_numgeometries(shape) as pieces, st_maxdistance(shape, shape) as "acrossMetres"
     from (select st_multi(st_buffer(st_buffer(st_union(outline_27700), 1, 'join=mitre'), -1, 'join=mitre')) as shape
       from hotspot_outline where hotspot_id = any(:ids::uuid[]) and valid_to is null) as joined`,
    { ids: [...ids] },
  );
  return rows[0] as { shape: MultiPolygon; pieces: number; acrossMetres: number };
}
