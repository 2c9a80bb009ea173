/** Population, deprivation and lookups: an area's figures of one year and source are replaced when they come again. */
import type { Knex } from 'knex';
import { numberArray, textArray } from './arrayLiteral.ts';
import type { PlaceSource } from './publishers.ts';
import type { DeprivationRow, LookupRow, PopulationRow } from './tableRow.ts';

export async function savePopulation(trx: Knex.Transaction, source: PlaceSource, rows: readonly PopulationRow[]): Promise<void> {
  const given = {
    source: source.name, kinds: textArray(rows.map((row) => row.areaKind)), codes: textArray(rows.map((row) => row.areaCode)), years: numberArray(rows.map((row) => row.year)),
    from: numberArray(rows.map((row) => row.ageFrom)), to: numberArray(rows.map((row) => row.ageTo)), persons: numberArray(rows.map((row) => row.persons)),
  };
  await trx.raw(
    `delete from population using (select distinct * from unnest(:kinds::text[], :codes::text[], :years::int[])) as given (kind, code, year)
     where population.source = :source and area_kind = given.kind and area_code = given.code and population.year = given.year`,
    given,
  );
  await trx.raw(
    `insert into population (area_kind, area_code, year, age_from, age_to, persons, source)
     select kind, code, year, age_from, age_to, persons, :source
     from unnest(:kinds::text[], :codes::text[], :years::int[], :from::int[], :to::int[], :persons::int[]) as row (kind, code, year, age_from, age_to, persons)`,
    given,
  );
}

export async function saveDeprivation(trx: Knex.Transaction, source: PlaceSource, rows: readonly DeprivationRow[]): Promise<void> {
  await trx.raw(
    `insert into deprivation (lsoa_code, index_year, measure, score, rank, decile, source)
     select code, year, measure, score, rank, decile, :source
     from unnest(:codes::text[], :years::int[], :measures::text[], :scores::float8[], :ranks::int[], :deciles::int[]) as row (code, year, measure, score, rank, decile)
     on conflict (lsoa_code, index_year, measure) do update set score = excluded.score, rank = excluded.rank, decile = excluded.decile, source = excluded.source`,
    {
      source: source.name, codes: textArray(rows.map((row) => row.lsoaCode)), years: numberArray(rows.map((row) => row.indexYear)), measures: textArray(rows.map((row) => row.measure)),
      scores: numberArray(rows.map((row) => row.score)), ranks: numberArray(rows.map((row) => row.rank)), deciles: numberArray(rows.map((row) => row.decile)),
    },
  );
}

export async function saveLookups(trx: Knex.Transaction, source: PlaceSource, rows: readonly LookupRow[]): Promise<void> {
  await trx.raw(
    `insert into area_lookup (from_kind, from_code, to_kind, to_code, to_name, change, source)
     select from_kind, from_code, to_kind, to_code, to_name, nullif(change, ''), :source
     from unnest(:fromKinds::text[], :fromCodes::text[], :toKinds::text[], :toCodes::text[], :toNames::text[], :changes::text[])
       as row (from_kind, from_code, to_kind, to_code, to_name, change)
     on conflict (from_kind, to_kind, from_code, to_code) do update set to_name = excluded.to_name, change = excluded.change, source = excluded.source`,
    {
      source: source.name, fromKinds: textArray(rows.map((row) => row.fromKind)), fromCodes: textArray(rows.map((row) => row.fromCode)), toKinds: textArray(rows.map((row) => row.toKind)),
      toCodes: textArray(rows.map((row) => row.toCode)), toNames: textArray(rows.map((row) => row.toName)), changes: textArray(rows.map((row) => row.change ?? '')),
    },
  );
}
