/** Saving incidents: one source's month at a time, whole, in the caller's transaction. */
import type { Knex } from 'knex';
import { numberArray, textArray } from '../places/arrayLiteral.ts';
import { saveLocations } from '../places/locationQueries.ts';
import { keyOfPoint, type SpotKey } from '../places/spots.ts';
import type { Category, IncidentRow, MonthSaved, Source } from './incident.ts';
import { countMonth, monthFigures } from './countQueries.ts';

export type { Category, IncidentRow, MonthSaved, Source } from './incident.ts';

export interface MonthToSave {
  readonly source: string;
  /** `YYYY-MM` */
  readonly month: string;
  readonly importId: string;
  readonly rows: Iterable<IncidentRow> | AsyncIterable<IncidentRow>;
  /** Whose clock tells times given without an offset. */
  readonly zone?: string;
  /** Location ids known from earlier; only ids that are already committed may be in it. */
  readonly known?: ReadonlyMap<SpotKey, number>;
}

export async function saveSource(db: Knex, source: Source): Promise<void> {
  const row = {
    code: source.code, name: source.name, publisher: source.publisher, licence: source.licence, attribution: source.attribution,
    time_precision: source.timePrecision, location_precision: source.locationPrecision, demonstration: source.demonstration ?? false,
  };
  await db('source').insert(row).onConflict('code').merge();
}

/** Adds categories with their subtypes; one that is there keeps what it says. */
export async function saveCategories(db: Knex, categories: readonly Category[]): Promise<void> {
  if (categories.length === 0) return;
  const added: { code: string }[] = await db('category').insert(categories.map(({ code, name, asb }) => ({ code, name, asb }))).onConflict('code').ignore().returning('code');
  const fresh = new Set(added.map(({ code }) => code));
  const rows = categories.filter(({ code }) => fresh.has(code)).flatMap(({ code, subtypes = [] }) => subtypes.map((subtype) => ({ category_code: code, subtype_code: subtype })));
  if (rows.length) await db('category_subtype').insert(rows);
}

/**
 * A transaction for what a month needs beforehand. It does not wait for the disk: the month's own commit, which comes after it in the
 * same log, does, and brings both there.
 */
export function prepare<T>(db: Knex, work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
  return db.transaction(async (trx) => {
    await trx.raw('set local synchronous_commit = off');
    return work(trx);
  });
}

/** Makes the months' partitions; in a transaction of its own it keeps parallel imports from waiting for each other. */
export async function saveMonthPartitions(db: Knex, months: readonly string[]): Promise<void> {
  for (const month of months) await db.raw('select make_incident_partition(?::date)', [firstDay(month)]);
}

export const firstDay = (month: string): string => `${month}-01`;

const rowsAtOnce = 2_500;

/** Replaces a source's month by these rows and makes its counts: all of it when the transaction commits, nothing otherwise. */
export async function saveMonth(trx: Knex.Transaction, month: MonthToSave): Promise<MonthSaved> {
  const key = { source: month.source, month: firstDay(month.month) };
  await trx.raw(`select pg_advisory_xact_lock(hashtext('incidents ' || :source), hashtext(:month))`, key);
  await saveMonthPartitions(trx, [month.month]);
  await trx.raw('delete from incident where source_code = :source and month = :month::date', key);
  let batch: IncidentRow[] = [];
  let inserted = 0;
  for await (const row of month.rows) {
    if (batch.push(row) < rowsAtOnce) continue;
    inserted += await insertIncidents(trx, month, batch);
    batch = [];
  }
  if (batch.length) inserted += await insertIncidents(trx, month, batch);
  await countMonth(trx, month.source, month.month);
  const figures = await monthFigures(trx, month.source, month.month);
  if (figures.rows !== inserted) throw new Error(`${month.month} of ${month.source} holds ${inserted} incidents and counts ${figures.rows}: some stand at a location that is not there.`);
  const replaced = await recordMonth(trx, month, figures.rows);
  return { source: month.source, month: month.month, replaced, ...figures };
}

async function recordMonth(trx: Knex.Transaction, month: MonthToSave, rows: number): Promise<boolean> {
  const { rows: saved } = await trx.raw(
    `insert into source_month (source_code, month, rows, import_id) values (:source, :month::date, :rows, :importId)
     on conflict (source_code, month) do update set rows = excluded.rows, import_id = excluded.import_id, imported_at = now(),
       times_replaced = source_month.times_replaced + 1, times_counted = source_month.times_counted + 1, recount_due = false
     returning times_replaced`,
    { source: month.source, month: firstDay(month.month), rows, importId: month.importId },
  );
  return (saved[0] as { times_replaced: number }).times_replaced > 0;
}

/** The key of each row's spot, undefined without a place. */
export function keysOfRows(rows: readonly IncidentRow[]): (SpotKey | undefined)[] {
  return rows.map((row) => row.spot ?? (row.lng === null || row.lat === null ? undefined : keyOfPoint(row.lng, row.lat)));
}

async function insertIncidents(trx: Knex.Transaction, month: MonthToSave, rows: readonly IncidentRow[]): Promise<number> {
  const given = {
    month: firstDay(month.month), source: month.source, importId: month.importId,
    categories: textArray(rows.map((row) => row.category)), locations: numberArray(await locationsOf(trx, month, rows)),
    references: textArray(rows.map((row) => row.reference ?? '')), places: textArray(rows.map((row) => row.placeName)),
    lsoas: textArray(rows.map((row) => row.lsoaCode ?? '')),
  };
  if (rows.every((row) => !row.occurredFrom)) {
    await trx.raw(
      `insert into incident (month, source_code, category_code, location_id, reference, place_name, lsoa_code, import_id)
       select :month::date, :source, category, location_id, nullif(reference, ''), place_name, nullif(lsoa_code, ''), :importId::uuid
       from unnest(:categories::text[], :locations::int[], :references::text[], :places::text[], :lsoas::text[])
         as row (category, location_id, reference, place_name, lsoa_code)`,
      given,
    );
    return rows.length;
  }
  // A local time the clocks skip is read an hour later, one they repeat as the second of the two; an end read so never stands before its start.
  await trx.raw(
    `insert into incident (month, source_code, category_code, location_id, occurred_from, occurred_to, reference, place_name, lsoa_code, import_id)
     select :month::date, :source, category, location_id, from_instant, case when to_instant is not null then greatest(from_instant, to_instant) end, nullif(reference, ''), place_name, nullif(lsoa_code, ''), :importId::uuid
     from unnest(:categories::text[], :locations::int[], :references::text[], :places::text[], :lsoas::text[], :starts::text[], :ends::text[])
         as row (category, location_id, reference, place_name, lsoa_code, starts, ends)
       cross join lateral (select ${instantOf('starts')} as from_instant, ${instantOf('ends')} as to_instant) as times`,
    {
      ...given, zone: month.zone ?? 'Europe/London',
      starts: textArray(rows.map((row) => row.occurredFrom ?? '')), ends: textArray(rows.map((row) => row.occurredTo ?? '')),
    },
  );
  return rows.length;
}

function instantOf(column: string): string {
  return `case when ${column} = '' then null when ${column} ~ '(Z|[+-][0-9][0-9](:|)[0-9][0-9])$' then ${column}::timestamptz else ${column}::timestamp at time zone :zone end`;
}

/** The location of each row, null without a place; spots not known yet are added. */
async function locationsOf(trx: Knex.Transaction, month: MonthToSave, rows: readonly IncidentRow[]): Promise<(number | null)[]> {
  const keys = keysOfRows(rows);
  const missing = new Set<SpotKey>();
  for (const key of keys) if (key !== undefined && !month.known?.has(key)) missing.add(key);
  const added = await saveLocations(trx, [...missing]);
  return keys.map((key) => (key === undefined ? null : (month.known?.get(key) ?? added.get(key) ?? null)));
}
