/** Areas and the published figures of them, for layers. */
import type { Knex } from 'knex';
import type { LayerArea } from './layerContract.ts';

export interface AreaShapeRow {
  readonly code: string;
  readonly name: string;
  readonly councilCode: string | null;
  readonly geometry: LayerArea['geometry'];
}

/** LSOAs in force on a day, simplified to within 30 m. */
export async function lsoasOn(db: Knex, on: string, councils: readonly string[] | undefined): Promise<AreaShapeRow[]> {
  const { rows } = await db.raw(
    `select code, name, council_code as "councilCode", st_asgeojson(st_simplifypreservetopology(geom, 0.00027), 5)::json as geometry
     from boundary where kind = 'lsoa' and daterange(valid_from, valid_to) @> :on::date and (:any or council_code = any(:councils::text[])) order by code`,
    { on, any: councils === undefined, councils: [...(councils ?? [])] },
  );
  return rows as AreaShapeRow[];
}

export interface DeprivationFigure {
  readonly code: string;
  readonly score: number | null;
  readonly rank: number | null;
  readonly decile: number | null;
}

export async function deprivationOf(db: Knex, year: number, measure: string): Promise<Map<string, DeprivationFigure>> {
  const rows: DeprivationFigure[] = await db('deprivation').select('lsoa_code as code', 'score', 'rank', 'decile').where({ index_year: year, measure });
  return new Map(rows.map((row) => [row.code, row]));
}

export interface PopulationFigure {
  readonly code: string;
  readonly ageFrom: number;
  readonly ageTo: number | null;
  readonly persons: number;
}

/** Age bands of LSOAs in a year; where two sources tell of one year, that with more bands. */
export async function populationOf(db: Knex, year: number): Promise<Map<string, PopulationFigure[]>> {
  const { rows } = await db.raw(
    `select area_code as code, age_from as "ageFrom", age_to as "ageTo", persons from population
     where area_kind = 'lsoa' and year = :year and source = (select source from population where area_kind = 'lsoa' and year = :year group by source order by count(distinct age_from) desc, source limit 1)
     order by area_code, age_from`, { year });
  const found = new Map<string, PopulationFigure[]>();
  for (const row of rows as PopulationFigure[]) found.set(row.code, [...(found.get(row.code) ?? []), row]);
  return found;
}

/** Years with population of LSOAs, the latest first. */
export async function populationYears(db: Knex): Promise<number[]> {
  return db('population').distinct('year').where({ area_kind: 'lsoa' }).orderBy('year', 'desc').pluck('year');
}

/** The words of whoever published figures of a table and year, and the outlines of a day. */
export async function layerAttribution(db: Knex, wanted: { table: 'deprivation' | 'population'; year: number; on: string }): Promise<string[]> {
  const year = wanted.table === 'deprivation' ? 'index_year' : 'year';
  const { rows } = await db.raw(
    `select distinct attribution from place_source where name in (select source from ${wanted.table} where ${year} = :year)
       or name in (select source from boundary where kind = 'lsoa' and daterange(valid_from, valid_to) @> :on::date) order by 1`,
    { year: wanted.year, on: wanted.on },
  );
  return (rows as { attribution: string }[]).map(({ attribution }) => attribution);
}
