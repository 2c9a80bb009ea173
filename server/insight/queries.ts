/** Counts behind the analyst's figures: by cell and month, by time, by point. Every query names the councils; another's rows are in none. */
import type { Knex } from 'knex';
import type { IncidentFilter } from '../hotspots/incidentFilter.ts';
import { filterBindings } from '../hotspots/queries.ts';
import { notExcluded } from '../incidents/exclusionQueries.ts';
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

/**
 * `placed`: the filter's incidents that lie in its councils by the boundaries of their month, alike ones counted together; a point on an
 * edge lies in one council only. Written out step by step, since a planner without statistics walks every month once a location.
 */
function placedIncidents(columns: string): string {
  return `council as materialized (select id, valid_from, valid_to from boundary where kind = 'council' and code = any(:councils::text[])),
    here as materialized (
      select location_id, month, ${columns}, count(*)::int as n from incident
      where month = any(:months::date[]) and source_code = any(:sources::text[]) and category_code = any(:categories::text[]) and location_id is not null and ${notExcluded}
      group by location_id, month, ${columns}
    ),
    inside as materialized (
      select location_boundary.location_id, council.valid_from, council.valid_to
      from location_boundary join council on council.id = location_boundary.boundary_id
    ),
    placed as materialized (
      select here.* from here join inside on inside.location_id = here.location_id and daterange(inside.valid_from, inside.valid_to) @> here.month
    )`;
}

/** Incidents month by month in the filter's councils; months held without any are 0. */
export async function monthTotals(db: Knex, filter: IncidentFilter): Promise<{ month: string; n: number }[]> {
  const { rows } = await db.raw(
    `select to_char(held.month, 'YYYY-MM') as month, coalesce(sum(n), 0)::int as n
     from unnest(:months::date[]) as held (month)
     left join incident_count on incident_count.month = held.month and resolution = 8 and not excluded and source_code = any(:sources::text[])
       and category_code = any(:categories::text[]) and council_code = any(:councils::text[])
     group by held.month order by held.month`,
    { ...filterBindings(filter) },
  );
  return rows as { month: string; n: number }[];
}

/** The day (since 1970, by the local clock) and the place of each incident of the filter, at most so many; null without a day. */
export async function incidentDays(db: Knex, filter: IncidentFilter, most: number): Promise<{ easting: number; northing: number; day: number | null }[]> {
  const { rows } = await db.raw(
    `with ${placedIncidents('occurred_from')}
     select location.easting, location.northing, (occurred_from at time zone 'Europe/London')::date - date '1970-01-01' as day
     from placed join location on location.id = placed.location_id cross join lateral generate_series(1, placed.n)
     where location.easting is not null order by day, location.id limit :most`,
    { ...filterBindings(filter), most },
  );
  return rows as { easting: number; northing: number; day: number | null }[];
}

/** How many incidents happened when: moments by the hour (local clocks differ from UTC by whole hours), spans as they are. */
export async function incidentTimes(db: Knex, filter: IncidentFilter): Promise<TimeCount[]> {
  const { rows } = await db.raw(
    `with ${placedIncidents('occurred_from, occurred_to')}
     select extract(epoch from case when spans then occurred_from else date_trunc('hour', occurred_from, 'UTC') end)::float8 * 1000 as "startMs",
       extract(epoch from case when spans then occurred_to end)::float8 * 1000 as "endMs", sum(n)::int as n
     from (select occurred_from, occurred_to, n, coalesce(occurred_to > occurred_from, false) as spans from placed) as timed
     group by 1, 2 order by 1, 2`,
    { ...filterBindings(filter) },
  );
  return rows as TimeCount[];
}

export interface RepeatRows {
  /** Different points with an incident, and the incidents at them. */
  readonly points: number;
  readonly mapped: number;
  /** Of every point with at least so many, by kind, source and place name. */
  readonly counts: readonly PointCount[];
}

/** Incidents by point: all of them as totals, those at points with at least `fewest` one by one. */
export async function repeatCounts(db: Knex, filter: IncidentFilter, fewest: number): Promise<RepeatRows> {
  const { rows } = await db.raw(
    `with ${placedIncidents('category_code, source_code, place_name')},
     point as materialized (select location_id, sum(n)::int as n from placed group by location_id),
     repeated as (
       select location_id as "locationId", category_code as "categoryCode", source_code as "sourceCode", place_name as "placeName", sum(placed.n)::int as n
       from placed join point using (location_id) where point.n >= :fewest group by 1, 2, 3, 4 order by 1, 2, 3, 4
     )
     select (select count(*)::int from point) as points, (select coalesce(sum(n), 0)::int from point) as mapped,
       (select coalesce(json_agg(repeated), '[]') from repeated) as counts`,
    { ...filterBindings(filter), fewest },
  );
  return rows[0] as RepeatRows;
}

/** Where points lie by the boundaries in force on a day. */
export async function pointPlaces(db: Knex, locationIds: readonly number[], day: string): Promise<PointPlace[]> {
  const { rows } = await db.raw(
    `with area as materialized (
       select id, kind, code, name from boundary where kind in ('council', 'ward') and daterange(valid_from, valid_to) @> :day::date
     ), wanted as materialized (select unnest(:ids::int[]) as id),
     inside as materialized (
       select wanted.id, max(area.name) filter (where area.kind = 'ward') as ward, max(area.code) filter (where area.kind = 'council') as council
       from wanted join location_boundary on location_boundary.location_id = wanted.id join area on area.id = location_boundary.boundary_id group by wanted.id
     )
     select location.id as "locationId", location.cell9 as cell, inside.ward, coalesce(inside.council, '') as "councilCode"
     from wanted join location on location.id = wanted.id left join inside on inside.id = wanted.id`,
    { ids: [...locationIds], day },
  );
  return rows as PointPlace[];
}
