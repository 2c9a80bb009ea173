/** Vetting, training and accreditation of wardens, with their dates. */
import type { Knex } from 'knex';
import type { HeldKind } from './contract.ts';
import type { Clearance } from './wardenContract.ts';

const columns = ['c.id', 'c.warden_id as wardenId', 'w.reference', 'w.council_code as councilCode', 'c.kind', 'c.valid_from as validFrom', 'c.valid_to as validTo'];

/** Clearances of the wardens of some councils, by council, reference, kind and day. */
export async function listClearances(db: Knex, councils: readonly string[]): Promise<Clearance[]> {
  return db('warden_clearance as c').join('warden as w', 'w.id', 'c.warden_id').select(columns).whereIn('w.council_code', [...councils]).orderBy(['w.council_code', 'w.reference', 'c.kind', 'c.valid_from']);
}

/** The clearance, or undefined when there is none or it is another council's. */
export async function findClearance(db: Knex, councils: readonly string[], id: string): Promise<Clearance | undefined> {
  return db('warden_clearance as c').join('warden as w', 'w.id', 'c.warden_id').select(columns).where('c.id', id).whereIn('w.council_code', [...councils]).first();
}

export interface ClearanceRow {
  readonly id: string;
  readonly wardenId: string;
  readonly kind: HeldKind;
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** Keeps a clearance; the database refuses days on which the warden holds it already. */
export async function insertClearance(db: Knex, row: ClearanceRow, recordedBy: string | null): Promise<void> {
  await db('warden_clearance').insert({ id: row.id, warden_id: row.wardenId, kind: row.kind, valid_from: row.validFrom, valid_to: row.validTo, recorded_by: recordedBy });
}

export async function updateClearance(db: Knex, { id, kind, validFrom, validTo }: Omit<ClearanceRow, 'wardenId'>): Promise<void> {
  await db('warden_clearance').where({ id }).update({ kind, valid_from: validFrom, valid_to: validTo });
}

export async function deleteClearance(db: Knex, id: string): Promise<void> {
  await db('warden_clearance').where({ id }).delete();
}
