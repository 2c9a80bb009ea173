/** Shifts a council works, rotas and their drafts. */
import type { Knex } from 'knex';
import type { Rota, RotaRunRow, ShiftTypeRow } from './rows.ts';

const typeColumns = [
  'id', 'council_code as councilCode', 'code', 'name', 'start_minute as startMinute', 'end_minute as endMinute', 'crews', 'bank_holiday_crews as bankHolidayCrews', 'crew_size as crewSize',
  'break_minutes as breakMinutes', 'valid_from as validFrom', 'valid_to as validTo',
];

export async function listShiftTypes(db: Knex, councils: readonly string[]): Promise<ShiftTypeRow[]> {
  return db('shift_type').select(typeColumns).whereIn('council_code', [...councils]).orderBy(['council_code', 'start_minute', 'code', 'valid_from']);
}

export async function findShiftType(db: Knex, councils: readonly string[], id: string): Promise<ShiftTypeRow | undefined> {
  return db('shift_type').select(typeColumns).where({ id }).whereIn('council_code', [...councils]).first();
}

export async function saveShiftType(db: Knex, row: ShiftTypeRow): Promise<void> {
  const values = {
    id: row.id, council_code: row.councilCode, code: row.code, name: row.name, start_minute: row.startMinute, end_minute: row.endMinute, crews: row.crews, bank_holiday_crews: row.bankHolidayCrews,
    crew_size: row.crewSize, break_minutes: row.breakMinutes, valid_from: row.validFrom, valid_to: row.validTo,
  };
  await db('shift_type').insert(values).onConflict('id').merge();
}

/** Rotas of some councils, the latest first. */
export async function listRotas(db: Knex, councils: readonly string[], id?: string): Promise<Rota[]> {
  const query = db('rota as r').join('organisation as o', 'o.council_code', 'r.council_code').whereIn('r.council_code', [...councils]).orderBy([{ column: 'r.starts_on', order: 'desc' }, 'r.council_code'])
    .select('r.id', 'r.council_code as councilCode', 'o.name as council', 'r.starts_on as startsOn', 'r.ends_on as endsOn', 'r.seed', 'r.draft_number as draftNumber', 'r.draft_from as draftFrom', 'r.job_id as jobId',
      db.raw('(select max(v.number) from rota_version v where v.rota_id = r.id) as version'), db.raw('(select max(v.published_at) from rota_version v where v.rota_id = r.id) as "publishedAt"'),
      db.raw(`(select count(*)::int from rota_request q where q.rota_id = r.id and q.state = 'asked') as waiting`));
  const rows: (Omit<Rota, 'publishedAt'> & { publishedAt: Date | null })[] = await (id === undefined ? query : query.where('r.id', id));
  return rows.map((row) => ({ ...row, publishedAt: row.publishedAt?.toISOString() ?? null }));
}

export async function findRota(db: Knex, councils: readonly string[], id: string): Promise<Rota | undefined> {
  return (await listRotas(db, councils, id))[0];
}

/** Holds other changes of the rota's draft up until this transaction ends. */
export async function lockRota(db: Knex, id: string): Promise<void> {
  await db('rota').where({ id }).forUpdate().first('id');
}

export async function insertRota(db: Knex, row: Pick<Rota, 'id' | 'councilCode' | 'startsOn' | 'endsOn' | 'seed'>, createdBy: string | null): Promise<void> {
  await db('rota').insert({ id: row.id, council_code: row.councilCode, starts_on: row.startsOn, ends_on: row.endsOn, seed: row.seed, created_by: createdBy });
}

export async function deleteRota(db: Knex, id: string): Promise<void> {
  await db('rota').where({ id }).delete();
}

export async function setJob(db: Knex, id: string, jobId: string): Promise<void> {
  await db('rota').where({ id }).update({ job_id: jobId });
}

export interface Cell {
  readonly wardenId: string;
  readonly day: string;
  readonly code: string;
}

export async function listCells(db: Knex, rotaId: string): Promise<Cell[]> {
  return db('rota_cell').where({ rota_id: rotaId }).orderBy(['day', 'shift_code', 'warden_id']).select('warden_id as wardenId', 'day', 'shift_code as code');
}

export async function addCells(db: Knex, rotaId: string, cells: readonly Cell[]): Promise<void> {
  if (cells.length === 0) return;
  await db('rota_cell').insert(cells.map(({ wardenId, day, code }) => ({ rota_id: rotaId, day, shift_code: code, warden_id: wardenId }))).onConflict().ignore();
}

export async function removeCell(db: Knex, rotaId: string, { wardenId, day, code }: Cell): Promise<void> {
  await db('rota_cell').where({ rota_id: rotaId, day, shift_code: code, warden_id: wardenId }).delete();
}

/** Puts a whole roster in the place of the draft. */
export async function replaceCells(db: Knex, rotaId: string, cells: readonly Cell[]): Promise<void> {
  await db('rota_cell').where({ rota_id: rotaId }).delete();
  await addCells(db, rotaId, cells);
}

/** Counts a change of the draft and says where it comes from. */
export async function countDraft(db: Knex, rotaId: string, from: string): Promise<void> {
  await db('rota').where({ id: rotaId }).update({ draft_number: db.raw('draft_number + 1'), draft_from: from });
}

export async function listExceptions(db: Knex, rotaId: string): Promise<{ breach: string; reason: string }[]> {
  return db('rota_exception').where({ rota_id: rotaId }).select('breach', 'reason');
}

export async function saveException(db: Knex, rotaId: string, breach: string, reason: string, madeBy: string | null): Promise<void> {
  await db('rota_exception').insert({ rota_id: rotaId, breach, reason, made_by: madeBy }).onConflict(['rota_id', 'breach']).merge();
}

/** A reason holds for the breach it was given for: one that is gone and comes back is asked for again. */
export async function keepExceptions(db: Knex, rotaId: string, breaches: readonly string[]): Promise<void> {
  await db('rota_exception').where({ rota_id: rotaId }).whereNotIn('breach', [...breaches]).delete();
}

export async function listRuns(db: Knex, rotaId: string): Promise<RotaRunRow[]> {
  const rows: (Omit<RotaRunRow, 'madeAt'> & { madeAt: Date })[] = await db('rota_run').where({ rota_id: rotaId }).orderBy('made_at', 'desc')
    .select('id', 'method', 'seed', 'input_sha256 as inputSha256', 'cost', 'bound', 'roster', 'used', 'made_at as madeAt');
  return rows.map((row) => ({ ...row, madeAt: row.madeAt.toISOString() }));
}

export async function saveRun(db: Knex, rotaId: string, row: Omit<RotaRunRow, 'madeAt'>): Promise<void> {
  await db('rota_run').insert({ id: row.id, rota_id: rotaId, method: row.method, seed: row.seed, input_sha256: row.inputSha256, cost: row.cost, bound: row.bound, roster: JSON.stringify(row.roster), used: row.used });
}
