/** The lists of the phone page: reasons, prompts and lone-worker devices, each row with its days. */
import type { Knex } from 'knex';
import type { MissedReason } from './contract.ts';
import type { KeptPrompt, LoneWorkerDevice } from './listContract.ts';

const reasonColumns = ['code', 'name', 'position', 'valid_from as validFrom', 'valid_to as validTo'];

export async function listReasons(db: Knex): Promise<MissedReason[]> {
  return db('missed_reason').select(reasonColumns).orderBy('position');
}

export async function findReason(db: Knex, code: string): Promise<MissedReason | undefined> {
  return db('missed_reason').select(reasonColumns).where({ code }).first();
}

/** Adds a reason after the others, or changes the one with this code. */
export async function saveReason(db: Knex, row: Omit<MissedReason, 'position'>): Promise<void> {
  const known = await findReason(db, row.code);
  if (known) return void (await db('missed_reason').where({ code: row.code }).update({ name: row.name, valid_to: row.validTo }));
  await db.raw(`insert into missed_reason (code, name, position, valid_from, valid_to) select :code, :name, coalesce(max(position), 0) + 1, :validFrom, :validTo from missed_reason`, { ...row });
}

export type PromptRow = Omit<KeptPrompt, 'mayEnd'>;
const promptColumns = ['id', 'council_code as councilCode', 'kind', 'language', 'heading', 'words', 'contact', 'source', 'valid_from as validFrom', 'valid_to as validTo'];

/** Prompts of every council's phones and of these councils', in their order: all, or those shown on a day. */
export async function listPrompts(db: Knex, councils: readonly string[], on?: string): Promise<PromptRow[]> {
  const query = db('phone_prompt').select(promptColumns).where((any) => void any.whereNull('council_code').orWhereIn('council_code', [...councils])).orderBy(['position', 'heading', 'id']);
  return on === undefined ? query : query.whereRaw('daterange(valid_from, valid_to) @> cast(? as date)', [on]);
}

export async function insertPrompt(db: Knex, row: PromptRow): Promise<void> {
  await db.raw(
    `insert into phone_prompt (id, council_code, kind, language, heading, words, contact, source, position, valid_from)
     select :id, :councilCode, :kind, :language, :heading, :words, :contact, :source, coalesce(max(position), 0) + 1, :validFrom from phone_prompt`, { ...row });
}

export async function endPrompt(db: Knex, id: string, validTo: string): Promise<void> {
  await db('phone_prompt').where({ id }).update({ valid_to: validTo });
}

const deviceColumns = ['id', 'council_code as councilCode', 'product', 'device_id as deviceId', 'alarm_number as alarmNumber', 'valid_from as validFrom', 'valid_to as validTo'];

/** Lone-worker devices of some councils: all, or those in use on a day. */
export async function listDevices(db: Knex, councils: readonly string[], on?: string): Promise<LoneWorkerDevice[]> {
  const query = db('lone_worker_device').select(deviceColumns).whereIn('council_code', [...councils]).orderBy(['council_code', 'product', 'device_id', 'valid_from']);
  return on === undefined ? query : query.whereRaw('daterange(valid_from, valid_to) @> cast(? as date)', [on]);
}

export async function insertDevice(db: Knex, row: LoneWorkerDevice): Promise<void> {
  await db('lone_worker_device').insert({
    id: row.id, council_code: row.councilCode, product: row.product, device_id: row.deviceId, alarm_number: row.alarmNumber, valid_from: row.validFrom, valid_to: row.validTo,
  });
}

export async function endDevice(db: Knex, id: string, validTo: string): Promise<void> {
  await db('lone_worker_device').where({ id }).update({ valid_to: validTo });
}
