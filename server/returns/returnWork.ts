/** Making a return of a month or a period: the same for the API and the command line. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Knex } from 'knex';
import { canonicalHash, canonicalJson } from '../canonical.ts';
import { AppError } from '../errors.ts';
import { isAmount } from './amounts.ts';
import { findCollected } from './consolidateQueries.ts';
import { monthlyDefinition, type MonthlyFigures, type ReturnDefinition } from './contract.ts';
import { localMonth, periodOf } from './deadline.ts';
import { monthlyFigures } from './figures.ts';
import type { LoadedMonth } from './month.ts';
import { findDefinition, findDefinitionVersion, findLiveSpan, loadMonth, type RowsOfMonths } from './queries.ts';
import { findKeptRows, findVersionFigures, listVersions } from './versionQueries.ts';
import { sayMonth, sayPeriod } from './words.ts';

export interface MonthAsked {
  /** The first month of the period. */
  readonly month: string;
  /** ['*'] or council codes. */
  readonly councils: readonly string[];
  readonly now: Date;
  /** The monthly one unless told. */
  readonly definition?: string | undefined;
  /** Rows loaded for many months at once. */
  readonly from?: RowsOfMonths | undefined;
}

export interface MadeReturn {
  readonly figures: MonthlyFigures;
  readonly sha256: string;
  readonly definition: ReturnDefinition;
  readonly monthEnded: boolean;
  /** What the figures were counted from. */
  readonly loaded: LoadedMonth;
}

/** The month and the definition in force, or an error in words: the month is to come, nothing defines it, or there is nothing to report on. */
export async function openMonth(db: Knex, { month, councils, now, definition: code = monthlyDefinition, from }: MonthAsked): Promise<{ loaded: LoadedMonth; definition: ReturnDefinition }> {
  const current = localMonth(now);
  if (month > current) {
    throw new AppError(422, 'month_in_future', `${sayMonth(month)} has not begun. Choose a month up to ${sayMonth(current)}.`);
  }
  const definition = await findDefinition(db, code, month);
  if (!definition) {
    throw new AppError(404, 'no_definition', `No definition of ${code === monthlyDefinition ? 'the monthly return' : `the return ${code}`} is in force in ${sayMonth(month)}. Choose a later month.`);
  }
  const loaded = await loadFor(db, definition, { month, councils, from });
  const collected = code === monthlyDefinition ? await findCollected(db, month, councils) : undefined;
  return { loaded: collected ? { ...loaded, collected } : loaded, definition };
}

/** What a definition is counted from, for the period a month begins. */
export async function loadFor(db: Knex, definition: Pick<ReturnDefinition, 'fields' | 'frequency' | 'name'>, { month, councils, from }: Pick<MonthAsked, 'month' | 'councils' | 'from'>): Promise<LoadedMonth> {
  const period = periodOf(month, definition.frequency);
  if (period.month !== month) {
    throw new AppError(422, 'not_first_month', `${definition.name} covers ${period.months} months: ${sayMonth(month)} lies in ${sayPeriod(period)}. Ask for ${period.month}.`);
  }
  const money = definition.fields.some(({ measure, formula }) => formula !== undefined || isAmount(measure));
  const loaded = await loadMonth(db, { ...period, councils, money, from });
  if (loaded.hotspots.length === 0 && loaded.agreements.length === 0) throw await noHotspots(db, { month, councils });
  return loaded;
}

async function noHotspots(db: Knex, { month, councils }: Pick<MonthAsked, 'month' | 'councils'>): Promise<AppError> {
  const span = await findLiveSpan(db, councils);
  const cure = span
    ? `Hotspots were live from ${sayMonth(span.first)}${span.last ? ` to ${sayMonth(span.last)}` : ' on'}: choose one of those months.`
    : 'There is no hotspot yet: adopt hotspots from an analysis first.';
  return new AppError(404, 'no_live_hotspots', `No hotspot was live in ${sayMonth(month)}. ${cure}`);
}

/** The figures of a month and their hash. */
export async function makeReturn(db: Knex, asked: MonthAsked): Promise<MadeReturn> {
  const { loaded, definition } = await openMonth(db, asked);
  const figures = monthlyFigures(loaded, definition);
  return { figures, sha256: canonicalHash(figures), definition, monthEnded: loaded.lastMonth < localMonth(asked.now), loaded };
}

/** What was counted, as it is kept with a version: canonical JSON, packed. */
export const packRows = (loaded: LoadedMonth): Buffer => gzipSync(canonicalJson(loaded));

/**
 * A kept version as it was: its rows and the version of the definition it was made by, so that it can be made again whatever was
 * corrected since. Undefined where it was kept without its rows.
 */
export async function openVersion(db: Knex, asked: { definition: string; month: string; version: number }): Promise<{ loaded: LoadedMonth; definition: ReturnDefinition } | undefined> {
  const kept = await findKeptRows(db, asked);
  const definition = kept && (await findDefinitionVersion(db, asked.definition, kept.definitionVersion));
  if (!kept || !definition) return undefined;
  return { loaded: JSON.parse(gunzipSync(kept.rows).toString('utf8')) as LoadedMonth, definition };
}

export interface ReturnAsked extends MonthAsked {
  /** A kept version, as it was; without it the return is made now. */
  readonly version?: number | undefined;
}

/** A return to be sent out: made now, or a kept version for who sees every council; undefined where there is no such version. */
export async function findReturn(db: Knex, asked: ReturnAsked): Promise<(Omit<MadeReturn, 'loaded'> & { made: Date; version: number | null }) | undefined> {
  if (asked.version === undefined) return { ...(await makeReturn(db, asked)), made: asked.now, version: null };
  const code = asked.definition ?? monthlyDefinition;
  // A kept version covers every council, so only those who see every council see it whole.
  const kept = asked.councils.includes('*') ? (await listVersions(db, code, asked.month)).find(({ version }) => version === asked.version) : undefined;
  const figures = kept && (await findVersionFigures(db, code, asked.month, kept.version));
  const definition = kept && (await findDefinitionVersion(db, code, kept.definitionVersion));
  if (!kept || !figures || !definition) return undefined;
  return { figures, sha256: kept.sha256, definition, monthEnded: true, made: new Date(kept.madeAt), version: kept.version };
}
