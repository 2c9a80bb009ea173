/** Population, deprivation and lookup tables as they are published: which one a header is, and which year. */
import { deprivationTables } from './deprivation.ts';
import { lookupTables } from './lookups.ts';
import { populationTables } from './population.ts';
import type { Table } from './tableRow.ts';

export const tables: readonly Table[] = [...populationTables, ...deprivationTables, ...lookupTables];

/** The table a header belongs to, or undefined. */
export function findTable(header: readonly string[]): Table | undefined {
  return tables.find((table) => table.fits(header));
}

/** The year in a file's name: "mid2019_lsoa11.csv" is 2019. */
export function yearInName(name: string): number | null {
  const year = /(?:^|[^0-9])((?:19|20)\d\d)(?=[^0-9]|$)/.exec(name.replace(/^.*[/\\›]/, ''))?.[1];
  return year === undefined ? null : Number(year);
}
