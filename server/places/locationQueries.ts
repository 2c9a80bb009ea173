/** Points on the ground: once each, with their cells and the boundaries they lie in. */
import type { Knex } from 'knex';
import { numberArray, textArray } from './arrayLiteral.ts';
import { cellsOfSpot, type SpotKey, spotOfKey } from './spots.ts';

/** Held by whoever changes boundaries, shared by whoever places new points, so that no point misses a boundary. */
export const placesLock = 7_204_532;

const spotsAtOnce = 5_000;

/** The location ids of spots, new ones added with their cells and boundaries. Keys must be distinct. */
export async function saveLocations(trx: Knex.Transaction, keys: readonly SpotKey[]): Promise<Map<SpotKey, number>> {
  const ids = new Map<SpotKey, number>();
  if (keys.length === 0) return ids;
  await trx.raw('select pg_advisory_xact_lock_shared(?)', [placesLock]);
  for (let at = 0; at < keys.length; at += spotsAtOnce) await saveSpots(trx, keys.slice(at, at + spotsAtOnce), ids);
  return ids;
}

async function saveSpots(trx: Knex.Transaction, keys: readonly SpotKey[], ids: Map<SpotKey, number>): Promise<void> {
  const spots = keys.map(spotOfKey);
  const cells = spots.map(cellsOfSpot);
  const given = {
    eastings: numberArray(spots.map((spot) => spot.easting)), northings: numberArray(spots.map((spot) => spot.northing)),
    lngs: numberArray(spots.map((spot) => spot.lng)), lats: numberArray(spots.map((spot) => spot.lat)),
    cell8: textArray(cells.map((cell) => cell.cell8)), cell9: textArray(cells.map((cell) => cell.cell9)), cell10: textArray(cells.map((cell) => cell.cell10)),
  };
  // In one order always, so that two imports adding the same spots wait for each other instead of blocking each other.
  const { rows: added } = await trx.raw(
    `insert into location (easting, northing, lng, lat, cell8, cell9, cell10)
     select * from unnest(:eastings::int[], :northings::int[], :lngs::float8[], :lats::float8[], :cell8::text[], :cell9::text[], :cell10::text[])
       as spot (easting, northing, lng, lat, cell8, cell9, cell10)
     order by easting, northing, lng, lat
     on conflict do nothing returning id`,
    given,
  );
  await locateNew(trx, (added as { id: number }[]).map((row) => row.id));
  const { rows } = await trx.raw(
    `select (spot.nth - 1)::int as nth, location.id
     from unnest(:eastings::int[], :northings::int[], :lngs::float8[], :lats::float8[]) with ordinality as spot (easting, northing, lng, lat, nth)
     join location on location.easting = spot.easting and location.northing = spot.northing
     union all
     select (spot.nth - 1)::int, location.id
     from unnest(:eastings::int[], :lngs::float8[], :lats::float8[]) with ordinality as spot (easting, lng, lat, nth)
     join location on location.easting is null and location.lng = spot.lng and location.lat = spot.lat
     where spot.easting is null`,
    given,
  );
  for (const { nth, id } of rows as { nth: number; id: number }[]) ids.set(keys[nth]!, id);
}

/**
 * `hit`: every boundary each location touches; of two of a kind in force together, the lower code has the shared edge. The few hits of a
 * location are compared by window, since a join of all hits with themselves grows with their square.
 */
const saveHits = `
  insert into location_boundary (location_id, boundary_id)
  select location_id, boundary_id
  from (
    select location_id, boundary_id, code, span, array_agg(code) over together as codes, array_agg(span) over together as spans
    from hit window together as (partition by location_id, kind)
  ) as hit
  where not exists (select from unnest(codes, spans) as other (code, span) where other.span && hit.span and other.code < hit.code)
  order by location_id, boundary_id
  on conflict do nothing`;

const hitColumns = `location.id as location_id, boundary.id as boundary_id, boundary.kind, boundary.code, daterange(boundary.valid_from, boundary.valid_to) as span`;

const manySpots = 1_000;

/** Says in which boundaries, of every kind and version, new locations lie. */
async function locateNew(trx: Knex.Transaction, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  // PostGIS keeps a polygon prepared while the next point is tested against the same one: for many points, go polygon by polygon.
  const pairs = ids.length > manySpots
    ? `boundary cross join lateral (
         select id from location where geom && boundary.geom and st_intersects(boundary.geom, geom) and id between :least and :most offset 0
       ) as location`
    : `location join boundary on boundary.geom && location.geom and st_intersects(boundary.geom, location.geom) where location.id = any(:ids::int[])`;
  await trx.raw(
    `with hit as materialized (select ${hitColumns} from ${pairs}) ${saveHits}`,
    { ids: numberArray(ids), least: Math.min(...ids), most: Math.max(...ids) },
  );
}

/** Says afresh which locations lie in the boundaries of one kind, after these changed. */
export async function locateKind(trx: Knex.Transaction, kind: string): Promise<void> {
  await trx.raw(`delete from location_boundary using boundary where boundary.id = location_boundary.boundary_id and boundary.kind = :kind`, { kind });
  await trx.raw(
    `with hit as materialized (
       select ${hitColumns} from boundary join location on location.geom && boundary.geom and st_intersects(boundary.geom, location.geom)
       where boundary.kind = :kind
     ) ${saveHits}`,
    { kind },
  );
}
