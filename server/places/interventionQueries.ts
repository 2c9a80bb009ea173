/** The log of interventions. */
import type { Knex } from 'knex';
import { toGrid } from '../../geo/projection.ts';
import type { Intervention } from './interventionContract.ts';

type Outline = { type: 'MultiPolygon'; coordinates: number[][][][] };

interface Row extends Omit<Intervention, 'addedAt' | 'withdrawnAt'> {
  readonly addedAt: Date;
  readonly withdrawnAt: Date | null;
  readonly outline: Outline | null;
}

export interface InterventionChoice {
  readonly id?: string;
  readonly from?: string;
  readonly to?: string;
  /** Codes; interventions everywhere are in every choice. */
  readonly councils?: readonly string[];
  readonly withdrawn: boolean;
}

export async function listKinds(db: Knex): Promise<{ code: string; name: string }[]> {
  return db('intervention_kind').select('code', 'name').orderBy('position');
}

export async function listInterventionsHeld(db: Knex, choice: InterventionChoice): Promise<(Intervention & { outline: Outline | null })[]> {
  const { rows } = await db.raw(
    `select i.id, i.kind, k.name as "kindName", i.name, i.about, i.area, i.council_code as "councilCode", i.starts_on as "startsOn", i.ends_on as "endsOn",
       i.added_at as "addedAt", i.withdrawn_at as "withdrawnAt", i.withdrawn_reason as "withdrawnReason",
       case i.area when 'everywhere' then 'Everywhere' when 'council' then coalesce(o.name, i.council_code)
         when 'ward' then coalesce((select b.name from boundary b where b.kind = 'ward' and b.code = i.ward_code order by b.valid_from desc limit 1), i.ward_code)
         else 'Within ' || i.radius_metres || ' m of a point' || coalesce(' in ' || o.name, '') end as "areaName",
       st_asgeojson(st_multi(st_transform(st_simplifypreservetopology(i.geom_27700, 20), 4326)), 5)::json as outline
     from intervention i join intervention_kind k on k.code = i.kind left join organisation o on o.council_code = i.council_code
     where (:id::uuid is null or i.id = :id::uuid) and (:withdrawn or i.withdrawn_at is null)
       and (:from::date is null or coalesce(i.ends_on, 'infinity') >= :from::date) and (:to::date is null or i.starts_on <= :to::date)
       and (:anyCouncil or i.council_code = '' or i.council_code = any(:councils::text[]))
     order by i.starts_on desc, i.name, i.id`,
    {
      id: choice.id ?? null, from: choice.from ?? null, to: choice.to ?? null, withdrawn: choice.withdrawn,
      anyCouncil: choice.councils === undefined, councils: [...(choice.councils ?? [])],
    },
  );
  return (rows as Row[]).map((row) => ({ ...row, addedAt: row.addedAt.toISOString(), withdrawnAt: row.withdrawnAt?.toISOString() ?? null }));
}

export interface NewIntervention {
  readonly kind: string;
  readonly name: string;
  readonly about: string;
  readonly area: Intervention['area'];
  readonly councilCode: string;
  readonly wardCode: string | null;
  readonly lng: number | null;
  readonly lat: number | null;
  readonly radiusMetres: number | null;
  readonly startsOn: string;
  readonly endsOn: string | null;
  readonly by: string | null;
  readonly at: Date;
}

/** The boundary in force on a day, else the latest there is. */
const areaShape = (kind: 'council' | 'ward', code: string): string =>
  `(select geom_27700 from boundary where kind = '${kind}' and code = ${code} order by daterange(valid_from, valid_to) @> :startsOn::date desc, valid_from desc limit 1)`;

/** Saves an intervention with its outline and gives its id. */
export async function saveIntervention(trx: Knex.Transaction, row: NewIntervention): Promise<string> {
  const grid = row.lng === null || row.lat === null ? null : toGrid(row.lng, row.lat);
  const { rows } = await trx.raw(
    `insert into intervention (kind, name, about, area, council_code, ward_code, lng, lat, radius_metres, geom_27700, starts_on, ends_on, added_by, added_at)
     select :kind, :name, :about, :area, :councilCode, :wardCode, :lng, :lat, :radiusMetres,
       case :area when 'council' then ${areaShape('council', ':councilCode')} when 'ward' then ${areaShape('ward', ':wardCode')}
         when 'circle' then st_multi(st_buffer(st_setsrid(st_makepoint(:easting, :northing), 27700), :radiusMetres)) end,
       :startsOn, :endsOn, :by, :at
     returning id`,
    { ...row, easting: grid?.easting ?? null, northing: grid?.northing ?? null },
  );
  return (rows[0] as { id: string }).id;
}

/** The council of a ward, or around a point, by the boundaries in force on a day; undefined when there is none. */
export async function findCouncilOf(db: Knex, place: { wardCode: string } | { lng: number; lat: number }, on: string): Promise<string | undefined> {
  const { rows } = 'wardCode' in place
    ? await db.raw(`select council_code as code from boundary where kind = 'ward' and code = :wardCode order by valid_from desc limit 1`, { ...place })
    : await db.raw(
      `select boundary.code from boundary where kind = 'council' and st_intersects(geom, st_setsrid(st_makepoint(:lng, :lat), 4326))
       order by daterange(valid_from, valid_to) @> :on::date desc limit 1`, { ...place, on });
  return (rows[0] as { code: string } | undefined)?.code;
}

/** True when an intervention in force was withdrawn. */
export async function withdrawHeld(trx: Knex.Transaction, id: string, by: { personId: string | null; at: Date; reason: string }): Promise<boolean> {
  const changed = await trx('intervention').where({ id }).whereNull('withdrawn_at').update({ withdrawn_by: by.personId, withdrawn_at: by.at, withdrawn_reason: by.reason });
  return changed > 0;
}
