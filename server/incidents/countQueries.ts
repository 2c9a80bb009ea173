/** The counts maps and analyses are drawn from: kept at import, so that a view's cost does not grow with the incidents. */
import type { Knex } from 'knex';
import { textArray } from '../places/arrayLiteral.ts';
import type { MonthFigures } from './incident.ts';

/**
 * Makes the counts of one source's month afresh, by cell at resolutions 8, 9 and 10 and by point, by the council in force on its first day. An incident at an
 * excluded geocode is counted at no cell or point and kept by council; one at no known location is in none of the counts.
 */
export async function countMonth(trx: Knex.Transaction, source: string, month: string): Promise<void> {
  const key = { source, month: `${month}-01` };
  // The key begins with the resolution: named, the old counts are found without reading every month's.
  await trx.raw('delete from incident_count where resolution in (8, 9, 10) and month = :month::date and source_code = :source', key);
  await trx.raw('delete from location_count where month = :month::date and source_code = :source', key);
  await trx.raw(
    `with council as materialized (
       select boundary.id, boundary.code from boundary join organisation on organisation.council_code = boundary.code
       where boundary.kind = 'council' and daterange(boundary.valid_from, boundary.valid_to) @> :month::date
     ), here as (
       select category_code, location_id, count(*)::int as n from incident
       where source_code = :source and month = :month::date group by category_code, location_id
     ), left_out as materialized (
       select distinct location_id from excluded_place
       where (source_code is null or source_code = :source) and valid_from <= :month::date and (valid_to is null or valid_to > :month::date)
     ), placed as materialized (
       select here.category_code, here.location_id, here.n, location.cell8, location.cell9, location.cell10, coalesce(council.code, '') as council_code, left_out.location_id is not null as excluded
       from here
       left join left_out on left_out.location_id = here.location_id
       left join location on location.id = here.location_id
       left join (location_boundary join council on council.id = location_boundary.boundary_id) on location_boundary.location_id = here.location_id
       where here.location_id is null or location.id is not null
     ), by_point as (
       insert into location_count (source_code, month, category_code, location_id, council_code, n)
       select :source, :month::date, category_code, location_id, council_code, n from placed where location_id is not null and not excluded
     )
     insert into incident_count (source_code, month, category_code, resolution, cell, council_code, excluded, n)
     select :source, :month::date, category_code, resolution, coalesce(cell, ''), council_code, excluded, n
     from (${countAt(8)} union all ${countAt(9)} union all ${countAt(10)}) as counted`,
    key,
  );
}

function countAt(resolution: 8 | 9 | 10): string {
  const cell = `case when excluded then '' else cell${resolution} end`;
  return `select ${resolution} as resolution, category_code, ${cell} as cell, council_code, excluded, sum(n) as n from placed group by category_code, ${cell}, council_code, excluded`;
}

/** What a month's counts add up to; any one resolution holds every row. */
export async function monthFigures(db: Knex, source: string, month: string): Promise<MonthFigures> {
  const { rows } = await db.raw(
    // What an import brought lies where it lies, excluded or not.
    `select council_code as council, (cell = '' and not excluded) as nowhere, sum(n)::int as rows, coalesce(sum(n) filter (where category.asb), 0)::int as asb
     from incident_count join category on category.code = category_code
     where source_code = :source and month = :month::date and resolution = 8
     group by 1, 2`,
    { source, month: `${month}-01` },
  );
  return addUp(rows as CountRow[]);
}

interface CountRow {
  readonly council: string;
  readonly nowhere: boolean;
  readonly rows: number;
  readonly asb: number;
}

function addUp(counts: readonly CountRow[]): MonthFigures {
  const figures = { rows: 0, asb: 0, outside: 0, withoutPlace: 0, byCouncil: {} as Record<string, { rows: number; asb: number }> };
  for (const { council, nowhere, rows, asb } of counts) {
    figures.rows += rows;
    figures.asb += asb;
    if (nowhere) figures.withoutPlace += rows;
    else if (council === '') figures.outside += rows;
    else figures.byCouncil[council] = { rows, asb };
  }
  return figures;
}

/** Months whose councils changed after they were counted. */
export async function listMonthsDue(db: Knex): Promise<{ source: string; month: string }[]> {
  return db('source_month').select('source_code as source', db.raw(`to_char(month, 'YYYY-MM') as month`)).where({ recount_due: true }).orderBy(['month', 'source_code']);
}

/** Those of the months in which no council of the grant has a boundary in force, so that every row counts as outside. */
export async function listMonthsWithoutCouncils(db: Knex, months: readonly string[]): Promise<string[]> {
  const { rows } = await db.raw(
    `select to_char(month, 'YYYY-MM') as month from unnest(:months::date[]) as month
     where not exists (
       select from boundary join organisation on organisation.council_code = boundary.code
       where boundary.kind = 'council' and daterange(boundary.valid_from, boundary.valid_to) @> month)
     order by month`,
    { months: textArray(months.map((month) => `${month}-01`)) },
  );
  return (rows as { month: string }[]).map(({ month }) => month);
}

/** Counts one month again after its councils changed. */
export async function recountMonth(trx: Knex.Transaction, source: string, month: string): Promise<void> {
  await trx.raw(`select pg_advisory_xact_lock(hashtext('incidents ' || :source), hashtext(:month))`, { source, month: `${month}-01` });
  await trx('source_month').where({ source_code: source, month: `${month}-01` }).update({ recount_due: false, times_counted: trx.raw('times_counted + 1') });
  await countMonth(trx, source, month);
}

/** Gathers the planner's statistics anew for what an import of these months has changed. */
export async function freshenStatistics(db: Knex, months: readonly string[]): Promise<void> {
  await db.raw('select freshen_statistics(:months::date[])', { months: textArray(months.map((month) => `${month}-01`)) });
}
