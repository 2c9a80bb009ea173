/** What every figure starts from: what is held, the settings of the day, the filter; and what the answer says of itself. */
import type { Knex } from 'knex';
import type { AreaShape } from '../../geo/shapes.ts';
import { AppError } from '../errors.ts';
import { councilBoundaries } from '../hotspots/analysisQueries.ts';
import { type AskedFilter, type Holdings, type IncidentFilter, resolveFilter } from '../hotspots/incidentFilter.ts';
import { firstDay } from '../hotspots/months.ts';
import { countsOf, provenanceOf, type SourceTotal } from '../hotspots/provenance.ts';
import { boundaryAttribution, incidentTotals, loadHoldings } from '../hotspots/queries.ts';
import { numberOf } from '../hotspots/settings.ts';
import type { IncidentCounts, Provenance } from '../hotspots/contract.ts';
import type { Setting } from '../settings/contract.ts';
import { settingsOn } from '../settings/queries.ts';
import { warningsOf } from './asked.ts';

/** Whose eyes, which day. */
export interface Viewer {
  readonly scope: readonly string[];
  readonly now: Date;
}

export interface LoadedFilter {
  readonly held: Holdings;
  readonly settings: ReadonlyMap<string, Setting['value']>;
  readonly filter: IncidentFilter;
}

export async function loadAsked(db: Knex, asked: AskedFilter, { scope, now }: Viewer): Promise<LoadedFilter> {
  const held = await loadHoldings(db);
  const settings = await settingsOn(db, now.toISOString().slice(0, 10));
  return { held, settings, filter: resolveFilter(asked, held, { windowMonths: numberOf(settings, 'analysis_window_months'), scope }) };
}

/** Names a filter and the version of its data, for what is kept of it. */
export function keyOf(filter: IncidentFilter, held: Holdings): string {
  const codes = (rows: readonly { code: string }[]): string[] => rows.map((row) => row.code);
  const imports = held.months.filter((row) => filter.months.includes(row.month)).map((row) => row.importId);
  return JSON.stringify([filter.months, codes(filter.councils), codes(filter.categories), codes(filter.sources), held.boundaryVersion, imports]);
}

export interface StatedParts {
  readonly totals: readonly SourceTotal[];
  readonly stated: { counts: IncidentCounts; provenance: Provenance; warnings: string[]; methodVersion: string };
}

/** Counts that reconcile, sources with attribution, precision, method and what to be warned of. */
export async function loadStated(db: Knex, { filter, held }: Pick<LoadedFilter, 'filter' | 'held'>, drawn: { method: string; unit: string; version: string }): Promise<StatedParts> {
  const totals = await incidentTotals(db, filter);
  const words = await boundaryAttribution(db, filter.councils, firstDay(filter.to));
  return {
    totals,
    stated: {
      counts: countsOf(totals, filter.councils), warnings: warningsOf(filter, held), methodVersion: drawn.version,
      provenance: provenanceOf(filter, totals, words, { unit: drawn.unit, method: `${drawn.method}; method ${drawn.version}` }),
    },
  };
}

/** The outlines of the filter's councils in its last month; throws in words when one has none. */
export async function loadShapes(db: Knex, filter: IncidentFilter): Promise<AreaShape[]> {
  const date = firstDay(filter.to);
  const boundaries = await councilBoundaries(db, filter.councils, date);
  const missing = filter.councils.filter((council) => !boundaries.some((boundary) => boundary.code === council.code));
  if (missing.length === 0) return boundaries.map(({ shape }) => shape);
  throw new AppError(409, 'no_boundaries', `There are no boundaries in force on ${date} for ${missing.map((council) => `${council.name} (${council.code})`).join(', ')}. Import council boundaries that cover the date.`);
}
