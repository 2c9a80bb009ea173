/** Geocodes left out of maps and analyses: their rows stay and are counted as excluded. */
import type { Knex } from 'knex';
import { toGrid } from '../../geo/projection.ts';
import type { Exclusion } from './qualityContract.ts';

/** Of rows of `incident` under some name: those at no excluded geocode of their source and month. */
export const notExcludedOf = (incident: string): string => `not exists (select from excluded_place as left_out where left_out.location_id = ${incident}.location_id
  and (left_out.source_code is null or left_out.source_code = ${incident}.source_code)
  and ${incident}.month >= left_out.valid_from and (left_out.valid_to is null or ${incident}.month < left_out.valid_to))`;
export const notExcluded = notExcludedOf('incident');

interface ExclusionRow extends Omit<Exclusion, 'addedAt' | 'withdrawnAt'> {
  readonly addedAt: Date;
  readonly withdrawnAt: Date | null;
}

/** Every exclusion, or one; points and rows as far as the person may see them, rows of a stretch of months when one is given. */
export async function listExclusionsHeld(db: Knex, wanted: { id?: string; from?: string; to?: string } = {}): Promise<Exclusion[]> {
  const { rows } = await db.raw(
    `select e.id, e.name, e.lng, e.lat, e.radius_metres as "radiusMetres", e.source_code as source, e.council_code as "councilCode", e.valid_from as "validFrom", e.valid_to as "validTo",
       e.reason, e.added_at as "addedAt", e.withdrawn_at as "withdrawnAt", e.withdrawn_reason as "withdrawnReason", taken.points, taken.rows
     from geocode_exclusion e
     left join lateral (
       select count(distinct location.id)::int as points, count(incident.id)::int as rows
       from location
       left join incident on incident.location_id = location.id and (e.source_code is null or incident.source_code = e.source_code)
         and incident.month >= e.valid_from and (e.valid_to is null or incident.month < e.valid_to)
         and (:from::date is null or incident.month >= :from::date) and (:to::date is null or incident.month <= :to::date)
       where st_dwithin(location.geom_27700, e.geom_27700, e.radius_metres + 0.5)
     ) as taken on true
     where (:id::uuid is null or e.id = :id::uuid)
     order by e.withdrawn_at is not null, e.name, e.id`,
    { id: wanted.id ?? null, from: wanted.from ? `${wanted.from}-01` : null, to: wanted.to ? `${wanted.to}-01` : null },
  );
  return (rows as ExclusionRow[]).map((row) => ({ ...row, addedAt: row.addedAt.toISOString(), withdrawnAt: row.withdrawnAt?.toISOString() ?? null }));
}

export interface NewExclusion {
  readonly name: string;
  readonly lng: number;
  readonly lat: number;
  readonly radiusMetres: number;
  readonly source: string | null;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly reason: string;
  readonly by: string | null;
  readonly at: Date;
}

/** Saves an exclusion and gives its id; its council is the one around the point. */
export async function saveExclusion(trx: Knex.Transaction, row: NewExclusion): Promise<string> {
  const { easting, northing } = toGrid(row.lng, row.lat);
  const { rows } = await trx.raw(
    `insert into geocode_exclusion (name, lng, lat, easting, northing, radius_metres, source_code, council_code, valid_from, valid_to, reason, added_by, added_at)
     select :name, :lng, :lat, :easting, :northing, :radiusMetres, :source, coalesce((
         select boundary.code from boundary join organisation on organisation.council_code = boundary.code
         where boundary.kind = 'council' and st_intersects(boundary.geom, st_setsrid(st_makepoint(:lng, :lat), 4326))
         order by boundary.valid_from desc limit 1), ''), :validFrom, :validTo, :reason, :by, :at
     returning id`,
    // Points are kept to the whole metre.
    { ...row, easting: Math.round(easting), northing: Math.round(northing) },
  );
  return (rows[0] as { id: string }).id;
}

export async function endExclusionAt(trx: Knex.Transaction, id: string, validTo: string): Promise<void> {
  await trx('geocode_exclusion').where({ id }).update({ valid_to: validTo });
}

export async function withdrawExclusion(trx: Knex.Transaction, id: string, by: { personId: string | null; at: Date; reason: string }): Promise<void> {
  await trx('geocode_exclusion').where({ id }).update({ withdrawn_by: by.personId, withdrawn_at: by.at, withdrawn_reason: by.reason });
}

/** Marks the months with rows at an exclusion's points as due to be counted again, and says how many there are. */
export async function markRecounts(trx: Knex.Transaction, id: string): Promise<number> {
  const { rows } = await trx.raw(
    `update source_month set recount_due = true
     from (
       select distinct incident.source_code, incident.month
       from geocode_exclusion e
       join location on st_dwithin(location.geom_27700, e.geom_27700, e.radius_metres + 0.5)
       join incident on incident.location_id = location.id and (e.source_code is null or incident.source_code = e.source_code)
       where e.id = :id
     ) as touched
     where source_month.source_code = touched.source_code and source_month.month = touched.month
     returning source_month.month`,
    { id },
  );
  return rows.length;
}

export async function countRecountsDue(db: Knex): Promise<number> {
  const row = await db('source_month').where({ recount_due: true }).count<{ n: number }[]>('* as n').first();
  return row?.n ?? 0;
}
