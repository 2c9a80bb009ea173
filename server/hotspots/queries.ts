/** What is held, and counts of incidents by cell from the summary kept at import: the cost of a view does not grow with the incidents. */
import type { Knex } from 'knex';
import { notesInForce } from '../incidents/noteQueries.ts';
import { listCategorySubtypes, listSubtypesHeld } from '../incidents/subtypeQueries.ts';
import { listWeightsSet } from '../incidents/weightQueries.ts';
import type { HeldMonth, HeldSource, Holdings, IncidentFilter, Named } from './incidentFilter.ts';
import type { CellTotal } from './mapView.ts';
import { firstDay } from './months.ts';
import type { SourceTotal } from './provenance.ts';

/** Everything the filters can be set to. */
export async function loadHoldings(db: Knex): Promise<Holdings> {
  const months: HeldMonth[] = await db('source_month').select('source_code as source', db.raw(`to_char(month, 'YYYY-MM') as month`), 'import_id as importId', 'rows').orderBy(['source_code', 'month']);
  const councils: Named[] = await db('organisation').select('council_code as code', 'name').where({ kind: 'council' }).orderBy('council_code');
  const categories = await listCategorySubtypes(db);
  const sources: HeldSource[] = await db('source')
    .select('code', 'name', 'attribution', 'time_precision as timePrecision', 'location_precision as locationPrecision')
    .whereExists(db('source_month').select(db.raw('1')).whereRaw('source_month.source_code = source.code'))
    .orderBy('code');
  const { rows } = await db.raw(`
    select concat(count(*), '-', max(id), '-', (select sum(times_counted) from source_month), '-', (select md5(string_agg(id::text || coalesce(valid_to::text, ''), ',' order by id)) from source_weight)) as version from boundary`);
  return {
    months, councils, categories, sources, boundaryVersion: rows[0].version as string,
    subtypes: await listSubtypesHeld(db), weights: await listWeightsSet(db), notes: await notesInForce(db),
  };
}

/** What incident rows and their counts are narrowed by, in one place. */
const chosenRows = 'month = any(:months::date[]) and source_code = any(:sources::text[]) and category_code = any(:categories::text[])';
/** People of one council see nothing of the rows elsewhere or nowhere. */
const chosenCouncils = '(:wholeArea or council_code = any(:councils::text[]))';

export interface FilterBindings {
  readonly months: string[];
  readonly sources: string[];
  readonly categories: string[];
  readonly councils: string[];
  readonly wholeArea: boolean;
}

export function filterBindings(filter: IncidentFilter): FilterBindings {
  const codes = (rows: readonly Named[]): string[] => rows.map((row) => row.code);
  return { months: filter.months.map(firstDay), sources: codes(filter.sources), categories: codes(filter.categories), councils: codes(filter.councils), wholeArea: filter.wholeArea };
}

/** The filter's incidents by source and council, and those without a place. Read at the coarsest resolution, where rows are fewest. */
export async function incidentTotals(db: Knex, filter: IncidentFilter): Promise<SourceTotal[]> {
  const { rows } = await db.raw(
    `select source_code as source, council_code as "councilCode", cell = '' and not excluded as "withoutPlace", excluded, sum(n)::int as n
     from incident_count where resolution = 8 and ${chosenRows} and ${chosenCouncils}
     group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    { ...filterBindings(filter) },
  );
  return rows as SourceTotal[];
}

/** The filter's incidents by cell, council and source, and as weighted; cell '' without a place or excluded, council '' outside. Every incident of the filter is in one row. */
export async function cellTotals(db: Knex, filter: IncidentFilter, resolution: number): Promise<CellTotal[]> {
  const { rows } = await db.raw(
    `select cell, council_code as "councilCode", source_code as source, excluded, sum(n)::int as n, sum(n * coalesce(weight, 1))::float8 as weighted
     from incident_count
     left join (select source_code as weighed, weight, valid_from, valid_to from source_weight) as set
       on weighed = source_code and month >= valid_from and (valid_to is null or month < valid_to)
     where resolution = :resolution and ${chosenRows} and ${chosenCouncils}
     group by cell, council_code, source_code, excluded order by cell, council_code, source_code, excluded`,
    { ...filterBindings(filter), resolution },
  );
  return rows as CellTotal[];
}

export interface PointTotal {
  readonly easting: number;
  readonly northing: number;
  readonly n: number;
}

/** The filter's incidents by point on the National Grid, in the councils given, from the counts kept at import. */
export async function pointTotals(db: Knex, filter: IncidentFilter, councils: readonly Named[]): Promise<PointTotal[]> {
  const { rows } = await db.raw(
    `select location.easting, location.northing, counted.n
     from (select location_id, sum(n)::int as n from location_count where ${chosenRows} and council_code = any(:councils::text[]) group by location_id) as counted
     join location on location.id = counted.location_id
     where location.easting is not null order by location.id`,
    { ...filterBindings(filter), councils: councils.map((council) => council.code) },
  );
  return rows as PointTotal[];
}

/** The words the publishers of these councils' boundaries ask for, those in force on a date. */
export async function boundaryAttribution(db: Knex, councils: readonly Named[], date: string): Promise<string[]> {
  return db('boundary').join('place_source', 'place_source.name', 'boundary.source').distinct('place_source.attribution')
    .where({ kind: 'council' }).whereIn('boundary.code', councils.map((council) => council.code))
    .whereRaw('daterange(valid_from, valid_to) @> ?::date', [date]).orderBy('place_source.attribution').pluck('place_source.attribution');
}

/** Which outlines of these councils are in force on a date: their ids, and the councils that have one. */
export async function boundariesInForce(db: Knex, councils: readonly Named[], date: string): Promise<{ id: number; code: string }[]> {
  return db('boundary').select('id', 'code').where({ kind: 'council' }).whereIn('code', councils.map((council) => council.code))
    .whereRaw('daterange(valid_from, valid_to) @> ?::date', [date]).orderBy('id');
}

/** The box [west, south, east, north] around the councils' boundaries of any date; null without boundaries. */
export async function councilBox(db: Knex, councils: readonly Named[]): Promise<[number, number, number, number] | null> {
  const { rows } = await db.raw(
    `select st_xmin(box) as west, st_ymin(box) as south, st_xmax(box) as east, st_ymax(box) as north
     from (select st_extent(geom) as box from boundary where kind = 'council' and code = any(:codes::text[])) as boxes where box is not null`,
    { codes: councils.map((council) => council.code) },
  );
  const box = rows[0] as { west: number; south: number; east: number; north: number } | undefined;
  return box ? [box.west, box.south, box.east, box.north] : null;
}

/** What the places of the latest run at resolution 9 are called, best rank first. */
export async function cellNames(db: Knex): Promise<{ runId: string | null; names: () => Promise<{ cell: string; place: string }[]> }> {
  const { rows } = await db.raw('select latest_analysis(9) as id');
  const runId = rows[0].id as string | null;
  return {
    runId,
    names: async () => (runId === null ? [] : db('hot_cell').select('cell', 'place_name as place').where({ run_id: runId }).whereNot({ place_name: '' }).orderBy('rank')),
  };
}
