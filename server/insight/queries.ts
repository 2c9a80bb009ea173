/** Counts behind the analyst's figures: by cell and month, by time, by point. Every query names the councils; another's rows are in none. */
import type { Knex } from 'knex';
import type { IncidentFilter } from '../hotspots/incidentFilter.ts';
import { filterBindings } from '../hotspots/queries.ts';
import type { CellMonth } from './figures.ts';
import type { TimeCount } from './profile.ts';
import type { PointCount, PointPlace } from './repeats.ts';

/** Incidents by cell and month in the filter's councils. */
export async function cellMonths(db: Knex, filter: IncidentFilter, resolution: number): Promise<CellMonth[]> {
  const { rows } = await db.raw(
    `select cell, to_char(month, 'YYYY-MM') as month, sum(n)::int as n from incident_count
     where resolution = :resolution and cell <> '' and month = any(:months::date[]) and source_code = any(:sources::text[])
       and category_code = any(:categories::text[]) and council_code = any(:councils::text[])
     group by cell, month order by cell, month`,
    { ...filterBindings(filter), resolution },
  );
  return rows as CellMonth[];
}

/** Incidents of the filter that lie in its councils by the boundaries of their month; a point on an edge lies in one council only. */
const placedIncidents = `
  from incident
  join location_boundary on location_boundary.location_id = incident.location_id
  join boundary as council on council.id = location_boundary.boundary_id and council.kind = 'council' and council.code = any(:councils::text[])
    and daterange(council.valid_from, council.valid_to) @> incident.month
  where incident.month = any(:months::date[]) and incident.source_code = any(:sources::text[]) and incident.category_code = any(:categories::text[])`;

/** How many incidents happened when: moments by the hour (local clocks differ from UTC by whole hours), spans as they are. */
export async function incidentTimes(db: Knex, filter: IncidentFilter): Promise<TimeCount[]> {
  const { rows } = await db.raw(
    `select extract(epoch from case when spans then occurred_from else date_trunc('hour', occurred_from, 'UTC') end)::float8 * 1000 as "startMs",
       extract(epoch from case when spans then occurred_to end)::float8 * 1000 as "endMs", count(*)::int as n
     from (select occurred_from, occurred_to, coalesce(occurred_to > occurred_from, false) as spans ${placedIncidents}) as placed
     group by 1, 2 order by 1, 2`,
    { ...filterBindings(filter) },
  );
  return rows as TimeCount[];
}

/** Different points with an incident, and the incidents at them. */
export async function pointFigures(db: Knex, filter: IncidentFilter): Promise<{ points: number; mapped: number }> {
  const { rows } = await db.raw(
    `select count(*)::int as points, coalesce(sum(n), 0)::int as mapped from (select incident.location_id, count(*) as n ${placedIncidents} group by incident.location_id) as points`,
    { ...filterBindings(filter) },
  );
  return rows[0] as { points: number; mapped: number };
}

/** Incidents at every point that has at least so many, by kind, source and place name. */
export async function repeatCounts(db: Knex, filter: IncidentFilter, fewest: number): Promise<PointCount[]> {
  const { rows } = await db.raw(
    `with placed as (select incident.location_id, category_code, source_code, place_name, count(*)::int as n ${placedIncidents} group by 1, 2, 3, 4),
       many as (select location_id from placed group by location_id having sum(n) >= :fewest)
     select location_id as "locationId", category_code as "categoryCode", source_code as "sourceCode", place_name as "placeName", n
     from placed join many using (location_id) order by 1, 2, 3, 4`,
    { ...filterBindings(filter), fewest },
  );
  return rows as PointCount[];
}

/** Where points lie by the boundaries in force on a day. */
export async function pointPlaces(db: Knex, locationIds: readonly number[], day: string): Promise<PointPlace[]> {
  const { rows } = await db.raw(
    `select location.id as "locationId", location.cell9 as cell, max(boundary.name) filter (where boundary.kind = 'ward') as ward,
       coalesce(max(boundary.code) filter (where boundary.kind = 'council'), '') as "councilCode"
     from location
     left join (location_boundary join boundary on boundary.id = location_boundary.boundary_id and boundary.kind in ('council', 'ward')
       and daterange(boundary.valid_from, boundary.valid_to) @> :day::date) on location_boundary.location_id = location.id
     where location.id = any(:ids::int[]) group by location.id`,
    { ids: [...locationIds], day },
  );
  return rows as PointPlace[];
}
