/** Boundaries of councils, wards, LSOAs and forces, each with the dates it is in force. */
import type { Knex } from 'knex';
import { toGrid } from '../../geo/projection.ts';
import { type AreaShape, type LngLat, mapShape } from '../../geo/shapes.ts';
import { numberArray, textArray } from './arrayLiteral.ts';
import type { BoundaryKind } from './contract.ts';
import { locateKind, placesLock } from './locationQueries.ts';
import type { PlaceSource } from './publishers.ts';

export interface BoundaryShape {
  readonly code: string;
  readonly name: string;
  /** The council it belongs to; left out, it is the council around its middle. */
  readonly councilCode?: string | null;
  /** GeoJSON in WGS84: Polygon or MultiPolygon. */
  readonly geometry: AreaShape;
}

export interface BoundarySet {
  readonly kind: BoundaryKind;
  /** First day in force, `YYYY-MM-DD`. */
  readonly validFrom: string;
  /** First day no longer in force. Left out: until a later set covers the same ground. */
  readonly validTo?: string | null;
  readonly source: PlaceSource;
  readonly schematic?: boolean;
  readonly shapes: readonly BoundaryShape[];
}

export interface BoundariesSaved {
  readonly saved: number;
  /** Boundaries of earlier sets that these take over from. */
  readonly ended: number;
}

export async function savePlaceSource(db: Knex, source: PlaceSource): Promise<void> {
  await db('place_source').insert({ ...source }).onConflict('name').merge();
}

const shapesAtOnce = 500;

/**
 * Saves one set of boundaries and says which known locations lie in them. A set saved again (same kind, code and first day)
 * takes the place of the old one; open-ended boundaries it covers end on its first day. Counts by council are then due again.
 */
export async function saveBoundaries(trx: Knex.Transaction, set: BoundarySet): Promise<BoundariesSaved> {
  await trx.raw('select pg_advisory_xact_lock(?)', [placesLock]);
  await savePlaceSource(trx, set.source);
  // Earlier sets are ended after the new one is in, so the rule against two a day is looked at once both are.
  await trx.raw('set constraints boundary_one_a_day deferred');
  const ids: number[] = [];
  for (let at = 0; at < set.shapes.length; at += shapesAtOnce) ids.push(...(await insertShapes(trx, set, set.shapes.slice(at, at + shapesAtOnce))));
  const ended = await endEarlier(trx, ids);
  if (set.validTo === undefined) await endBeforeLater(trx, ids);
  await trx.raw('set constraints boundary_one_a_day immediate');
  await fillCouncils(trx);
  await locateKind(trx, set.kind);
  return { saved: ids.length, ended };
}

async function insertShapes(trx: Knex.Transaction, set: BoundarySet, shapes: readonly BoundaryShape[]): Promise<number[]> {
  const codes = shapes.map((shape) => shape.code);
  await trx('boundary').where({ kind: set.kind, valid_from: set.validFrom }).whereIn('code', codes).delete();
  const { rows } = await trx.raw(
    `insert into boundary (kind, code, name, council_code, valid_from, valid_to, source, schematic, geom, geom_27700)
     select :kind, code, name, nullif(council, ''), :validFrom::date, :validTo::date, :source, :schematic,
       st_multi(st_collectionextract(st_makevalid(st_setsrid(st_geomfromgeojson(degrees), 4326)), 3)),
       st_multi(st_collectionextract(st_makevalid(st_setsrid(st_geomfromgeojson(metres), 27700)), 3))
     from unnest(:codes::text[], :names::text[], :councils::text[], :degrees::text[], :metres::text[]) as shape (code, name, council, degrees, metres)
     returning id`,
    {
      kind: set.kind, validFrom: set.validFrom, validTo: set.validTo ?? null, source: set.source.name, schematic: set.schematic ?? false,
      codes: textArray(codes), names: textArray(shapes.map((shape) => shape.name)),
      councils: textArray(shapes.map((shape) => (set.kind === 'council' ? shape.code : (shape.councilCode ?? '')))),
      degrees: textArray(shapes.map((shape) => JSON.stringify(mapShape(shape.geometry, flat)))),
      // The grid place by the same formula as the points', so that every database gives the same metres.
      metres: textArray(shapes.map((shape) => JSON.stringify(mapShape(shape.geometry, onGrid)))),
    },
  );
  return (rows as { id: number }[]).map((row) => row.id);
}

const flat = (lng: number, lat: number): LngLat => [lng, lat];

function onGrid(lng: number, lat: number): LngLat {
  const place = toGrid(lng, lat);
  return [Number(place.easting.toFixed(3)), Number(place.northing.toFixed(3))];
}

/** Open-ended boundaries of the same kind whose middle a newer one covers end on the newer one's first day. */
async function endEarlier(trx: Knex.Transaction, ids: readonly number[]): Promise<number> {
  const { rows } = await trx.raw(
    `update boundary earlier set valid_to = later.valid_from
     from boundary later
     where later.id = any(:ids::int[]) and earlier.kind = later.kind and earlier.valid_to is null and earlier.valid_from < later.valid_from
       and earlier.geom && later.geom and st_intersects(later.geom, st_pointonsurface(earlier.geom))
     returning earlier.id`,
    { ids: numberArray(ids) },
  );
  return rows.length;
}

/** A set that arrives after a newer one is in force only until the newer one begins. */
async function endBeforeLater(trx: Knex.Transaction, ids: readonly number[]): Promise<void> {
  await trx.raw(
    `update boundary earlier set valid_to = next.begins
     from (
       select mine.id, min(later.valid_from) as begins
       from boundary mine
       join boundary later on later.kind = mine.kind and later.valid_from > mine.valid_from
         and later.geom && mine.geom and st_intersects(later.geom, st_pointonsurface(mine.geom))
       where mine.id = any(:ids::int[]) and mine.valid_to is null
       group by mine.id
     ) next
     where earlier.id = next.id`,
    { ids: numberArray(ids) },
  );
}

/** Wards and LSOAs that came without a council belong to the one around their middle. */
async function fillCouncils(trx: Knex.Transaction): Promise<void> {
  await trx.raw(
    `update boundary area set council_code = council.code
     from boundary council
     where area.council_code is null and area.kind in ('ward', 'lsoa') and council.kind = 'council'
       and daterange(area.valid_from, area.valid_to) && daterange(council.valid_from, council.valid_to)
       and st_intersects(council.geom, st_pointonsurface(area.geom))`,
  );
}
