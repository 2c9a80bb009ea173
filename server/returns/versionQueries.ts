/** Versions kept of a month's return, and the board of months. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { canonicalJson } from '../canonical.ts';
import type { BoardMonth, KeptVersion, MonthlyFigures } from './contract.ts';

interface VersionRow extends Omit<KeptVersion, 'madeAt'> {
  readonly madeAt: Date;
}

const selectVersion = `
  select return_version.version, return_version.definition_version as "definitionVersion", return_version.sha256,
    return_version.made_at as "madeAt", person.name as "madeBy"
  from return_version
  join monitoring_return on monitoring_return.id = return_version.return_id
  left join person on person.id = return_version.made_by
  where monitoring_return.definition_code = :definition and monitoring_return.month = :first::date`;

const toVersion = (row: VersionRow): KeptVersion => ({ ...row, madeAt: row.madeAt.toISOString() });

/** Every kept version of a month, first to last. */
export async function listVersions(db: Knex, definition: string, month: string): Promise<KeptVersion[]> {
  const { rows } = await db.raw(`${selectVersion} order by return_version.version`, { definition, first: `${month}-01` });
  return (rows as VersionRow[]).map(toVersion);
}

/** The figures of a kept version as they were. */
export async function findVersionFigures(db: Knex, definition: string, month: string, version: number): Promise<MonthlyFigures | undefined> {
  const row = (await db('return_version').join('monitoring_return', 'monitoring_return.id', 'return_version.return_id')
    .where({ definition_code: definition, month: `${month}-01`, version }).first('figures')) as { figures: MonthlyFigures } | undefined;
  return row?.figures;
}

/** The id of a month's return, made when there is none; locked, so that two people keep versions one after the other. */
export async function lockReturn(trx: Knex.Transaction, definition: string, month: string): Promise<string> {
  const key = { definition_code: definition, month: `${month}-01` };
  await trx('monitoring_return').insert({ id: randomUUID(), ...key }).onConflict(['definition_code', 'month']).ignore();
  const row = (await trx('monitoring_return').where(key).first('id')) as { id: string };
  await trx.raw('select pg_advisory_xact_lock(hashtextextended(:id, 0))', { id: row.id });
  return row.id;
}

export async function findReturnId(db: Knex, definition: string, month: string): Promise<string | undefined> {
  const row: { id: string } | undefined = await db('monitoring_return').where({ definition_code: definition, month: `${month}-01` }).first('id');
  return row?.id;
}

export interface NewVersion {
  readonly returnId: string;
  readonly version: number;
  readonly definitionVersion: number;
  readonly figures: MonthlyFigures;
  readonly sha256: string;
  readonly madeBy: string | null;
  readonly madeAt: Date;
  /** What it was counted from, packed. */
  readonly rows: Buffer;
}

export async function saveVersion(trx: Knex.Transaction, row: NewVersion): Promise<void> {
  await trx('return_version').insert({
    return_id: row.returnId, version: row.version, definition_version: row.definitionVersion,
    figures: canonicalJson(row.figures), sha256: row.sha256, made_by: row.madeBy, made_at: row.madeAt,
  });
  await trx('return_version_rows').insert({ return_id: row.returnId, version: row.version, packed: row.rows });
}

/** What a kept version was counted from, and the version of its definition. */
export async function findKeptRows(db: Knex, { definition, month, version }: { definition: string; month: string; version: number }): Promise<{ rows: Buffer; definitionVersion: number } | undefined> {
  const row: { packed: Buffer; definition_version: number } | undefined = await db('return_version_rows as r')
    .join('monitoring_return as m', 'm.id', 'r.return_id').join('return_version as v', (on) => on.on('v.return_id', 'r.return_id').andOn('v.version', 'r.version'))
    .where({ 'm.definition_code': definition, 'm.month': `${month}-01`, 'r.version': version }).first('r.packed', 'v.definition_version');
  return row && { rows: row.packed, definitionVersion: row.definition_version };
}

export type BoardRow = Omit<BoardMonth, 'monthEnded' | 'dueOn'>;

/** What there is for each month from the first to the last, newest first. */
export async function listBoard(db: Knex, span: { first: string; last: string; months?: number }, councils: readonly string[], definition: string): Promise<BoardRow[]> {
  const { rows } = await db.raw(board, { definition, first: `${span.first}-01`, last: `${span.last}-01`, step: `${span.months ?? 1} months`, all: councils.includes('*'), councils: [...councils] });
  return rows as BoardRow[];
}

const board = `
  with board_month as (
    select day::date as first, (day + :step::interval)::date as next from generate_series(:first::timestamp, :last::timestamp, :step::interval) as day
  ), live as (
    select board_month.first, hotspot.id, hotspot.council_code
    from board_month join hotspot on hotspot.state <> 'proposed' and daterange(hotspot.live_from, hotspot.live_to) && daterange(board_month.first, board_month.next)
    where :all or hotspot.council_code = any(:councils)
  ), begun as (
    select source_code, min(month) as first from source_month group by source_code
  )
  select to_char(board_month.first, 'YYYY-MM') as month,
    (select count(*)::integer from live where live.first = board_month.first) as hotspots,
    (select count(distinct live.council_code)::integer from live join patrol_start using (council_code)
      where live.first = board_month.first and patrol_start.started_on < board_month.next) as "councilsStarted",
    (select count(distinct live.council_code)::integer from live left join patrol_start using (council_code)
      where live.first = board_month.first and coalesce(patrol_start.started_on >= board_month.next, true)) as "councilsNotStarted",
    (select count(*)::integer from visit join live on live.id = visit.hotspot_id
      where live.first = board_month.first and visit.visited_on >= board_month.first and visit.visited_on < board_month.next) as visits,
    exists (select from begun where begun.first <= board_month.first) and not exists (
      select from begun where begun.first <= board_month.first
        and not exists (select from source_month where source_month.source_code = begun.source_code and source_month.month = board_month.first)) as "incidentsImported",
    coalesce(kept.versions, 0)::integer as versions, kept.sha256 as "lastSha256"
  from board_month
  left join lateral (
    select count(*) as versions, (array_agg(return_version.sha256 order by return_version.version desc))[1] as sha256
    from return_version join monitoring_return on monitoring_return.id = return_version.return_id
    where monitoring_return.definition_code = :definition and monitoring_return.month = board_month.first
  ) as kept on true
  order by board_month.first desc`;

/** The ledgers' marks when a version was certified; null while it was not. */
export async function findLedgerMarks(db: Knex, { definition, month, version }: { definition: string; month: string; version: number }): Promise<Record<string, number> | null> {
  const row: { ledger_marks: Record<string, number> | null } | undefined = await db('return_step as s').join('monitoring_return as m', 'm.id', 's.return_id')
    .where({ 'm.definition_code': definition, 'm.month': `${month}-01`, 's.version': version, 's.step': 'certified' }).orderBy('s.position', 'desc').first('s.ledger_marks');
  return row?.ledger_marks ?? null;
}
