/** What the data quality panel shows that is not in the counts: precision, repeats, vintages, and what imports refused. */
import type { Knex } from 'knex';
import { textArray } from '../places/arrayLiteral.ts';
import type { LsoaMonth, SourceQuality } from './qualityContract.ts';

export interface PanelRange {
  readonly from: string;
  readonly to: string;
  readonly sources: readonly string[];
}

type RowFigures = Omit<SourceQuality, 'name' | 'timePrecision' | 'locationPrecision' | 'weight' | 'missingMonths'>;

const bindingsOf = ({ from, to, sources }: PanelRange): Record<string, string> => ({ from: `${from}-01`, to: `${to}-01`, sources: textArray(sources) });
const chosen = 'month between :from::date and :to::date and source_code = any(:sources::text[])';

/** Rows, points, identical rows and cells of one point, by source. */
export async function sourceFigures(db: Knex, range: PanelRange): Promise<RowFigures[]> {
  const { rows } = await db.raw(
    `with alike as materialized (
       select source_code, location_id, count(*)::int as n, count(occurred_from)::int as timed from incident where ${chosen}
       group by source_code, location_id, category_code, month, occurred_from, place_name
     ), at_point as materialized (
       select source_code, location_id, sum(n)::int as n from alike where location_id is not null group by source_code, location_id
     ), cells as (
       select source_code, 9 as resolution, cell9 as cell, count(*) as points from at_point join location on location.id = location_id group by source_code, cell9
       union all select source_code, 10, cell10, count(*) from at_point join location on location.id = location_id group by source_code, cell10
     ), by_cell as (
       select source_code, count(*) filter (where resolution = 9)::int as cells9, count(*) filter (where resolution = 9 and points = 1)::int as "cells9OfOnePoint",
         count(*) filter (where resolution = 10)::int as cells10, count(*) filter (where resolution = 10 and points = 1)::int as "cells10OfOnePoint"
       from cells group by source_code
     ), by_point as (
       select source_code, count(*)::int as points, max(n)::int as "mostAtOnePoint" from at_point group by source_code
     )
     select alike.source_code as code, sum(alike.n)::int as rows, coalesce(sum(alike.n) filter (where alike.location_id is not null), 0)::int as "withPlace", sum(timed)::int as "withTime",
       coalesce(sum(alike.n) filter (where alike.n > 1), 0)::int as "identicalRows", coalesce(max(points), 0) as points, coalesce(max("mostAtOnePoint"), 0) as "mostAtOnePoint",
       coalesce(max(cells9), 0) as cells9, coalesce(max("cells9OfOnePoint"), 0) as "cells9OfOnePoint", coalesce(max(cells10), 0) as cells10, coalesce(max("cells10OfOnePoint"), 0) as "cells10OfOnePoint"
     from alike left join by_point using (source_code) left join by_cell using (source_code)
     group by alike.source_code order by alike.source_code`,
    bindingsOf(range),
  );
  return rows as RowFigures[];
}

/** Codes of LSOAs as published, by month: of 2011 only, of 2021 only, of both, of neither; none where a row names none. */
export async function lsoaVintages(db: Knex, range: PanelRange): Promise<LsoaMonth[]> {
  const { rows } = await db.raw(
    `with named as materialized (
       select month, coalesce(lsoa_code, '') as code, count(*)::int as n from incident where ${chosen} group by 1, 2
     ), older as (select distinct from_code as code from area_lookup where from_kind = 'lsoa11' and to_kind = 'lsoa21'),
     newer as (select distinct to_code as code from area_lookup where from_kind = 'lsoa11' and to_kind = 'lsoa21')
     select to_char(month, 'YYYY-MM') as month, ${['both', 'only2011', 'only2021', 'unknown', 'none'].map((kind) => `coalesce(sum(n) filter (where kind = '${kind}'), 0)::int as "${kind}"`).join(', ')}
     from (
       select month, n, case when named.code = '' then 'none' when older.code is not null and newer.code is not null then 'both' when older.code is not null then 'only2011'
         when newer.code is not null then 'only2021' else 'unknown' end as kind
       from named left join older using (code) left join newer using (code)
     ) as told group by month order by month`,
    bindingsOf(range),
  );
  return rows as LsoaMonth[];
}

export async function holdsLsoaLookup(db: Knex): Promise<boolean> {
  return (await db('area_lookup').where({ from_kind: 'lsoa11', to_kind: 'lsoa21' }).first('from_code')) !== undefined;
}

/** Why rows were refused, over all imports: the rule, its cure, how often. */
export async function refusedByRule(db: Knex): Promise<{ rule: string; cure: string; rows: number; files: number }[]> {
  const { rows } = await db.raw(
    `select rule, min(cure) as cure, count(*)::int as rows, count(distinct file_id)::int as files from import_fault group by rule order by count(*) desc, rule limit 30`);
  return rows as { rule: string; cure: string; rows: number; files: number }[];
}

/** Sets of ward, LSOA and council boundaries, and whether they are in force in the period. */
export async function boundarySets(db: Knex, range: PanelRange): Promise<{ kind: string; validFrom: string; validTo: string | null; areas: number; inPeriod: boolean }[]> {
  const { rows } = await db.raw(
    `select kind, valid_from as "validFrom", valid_to as "validTo", count(*)::int as areas,
       daterange(valid_from, valid_to) && daterange(:from::date, (:to::date + interval '1 month')::date) as "inPeriod"
     from boundary where kind in ('council', 'ward', 'lsoa') group by kind, valid_from, valid_to order by kind, valid_from, valid_to nulls last`,
    { from: `${range.from}-01`, to: `${range.to}-01` },
  );
  return rows as { kind: string; validFrom: string; validTo: string | null; areas: number; inPeriod: boolean }[];
}
