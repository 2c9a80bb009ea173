/** Journals, periods and unlockings as rows. Entries are made by `post_journal` of the database alone; nothing here may insert one. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { eventRow } from '../audit.ts';
import { accountKindNames, accountKinds, type JournalKind, type Leg, type Period, type PeriodState } from './contract.ts';
import type { Span } from './ledger.ts';

export interface JournalToPost {
  readonly agreementId: string;
  readonly kind: Exclude<JournalKind, 'reversal'>;
  readonly effectiveOn: string;
  readonly reason: string;
  /** Once in an agreement: the same key with the same content gives the journal it gave before. */
  readonly key: string;
  readonly legs: readonly Leg[];
  /** Who made it, where nobody is signed in; else the person of the transaction. */
  readonly madeBy?: string | null;
  /** The journal an adjustment corrects. */
  readonly corrects?: string | null;
}

export interface Posted {
  readonly id: string;
  /** False when the key had been used for the same journal before. */
  readonly fresh: boolean;
}

/**
 * Posts one journal with its event, in one statement, since the agreement's other journals wait for this one until it is committed.
 * Takes the agreement's ledger, its period, then its accounts by id. A journal that was posted before gets no second event.
 */
export async function insertJournal(db: Knex, journal: JournalToPost, event: ReturnType<typeof eventRow>): Promise<Posted> {
  const { rows } = await db.raw(
    `with posted as (
       select id, fresh from post_journal(cast(:agreementId as uuid), :kind, cast(:effectiveOn as date), :reason, :key, cast(:legs as jsonb), cast(:madeBy as uuid), null, cast(:corrects as uuid))),
     noted as (
       insert into audit_event (person_id, role, action, subject_kind, subject_id, council_code, after, reason, request_id, address)
       select cast(:person_id as uuid), :role, :action, :subject_kind, :subject_id, :council_code, jsonb_build_object('journalId', id) || cast(:after as jsonb), :reason, :request_id, :address
       from posted where fresh)
     select id, fresh from posted`,
    { ...event, ...journal, legs: JSON.stringify(journal.legs), madeBy: journal.madeBy ?? null, corrects: journal.corrects ?? null },
  );
  return rows[0] as Posted;
}

export interface ReversalToPost {
  readonly agreementId: string;
  readonly journalId: string;
  readonly effectiveOn: string;
  readonly reason: string;
  readonly key: string;
  readonly madeBy?: string | null;
}

/** Posts the mirror of a journal; a second one is refused by the database. */
export async function insertReversal(db: Knex, reversal: ReversalToPost): Promise<Posted> {
  const { rows } = await db.raw(
    `select id, fresh from reverse_journal(cast(:agreementId as uuid), cast(:journalId as uuid), cast(:effectiveOn as date), :reason, :key, cast(:madeBy as uuid))`,
    { ...reversal, madeBy: reversal.madeBy ?? null },
  );
  return rows[0] as Posted;
}

/** Makes a ledger with nothing in it. */
export async function insertLedger(db: Knex, agreementId: string, periods: readonly Span[]): Promise<void> {
  await db('ledger').insert({ agreement_id: agreementId });
  await insertPeriods(db, agreementId, periods);
  await db('ledger_account').insert({ id: randomUUID(), agreement_id: agreementId, kind: 'award', head: '', name: accountKindNames.award });
}

/** Periods start as scheduled; together they must cover the agreement when the transaction ends. */
export async function insertPeriods(db: Knex, agreementId: string, periods: readonly Span[]): Promise<void> {
  await db('ledger_period').insert(periods.map(({ startsOn, endsOn }) => ({ id: randomUUID(), agreement_id: agreementId, starts_on: startsOn, ends_on: endsOn })));
}

/** Takes out periods, to lay others when an agreement's dates change; the database refuses for one that has opened. */
export async function deletePeriods(db: Knex, ids: readonly string[]): Promise<void> {
  await db('ledger_period').whereIn('id', [...ids]).delete();
}

/** The accounts of one head, or of money under none; those that are there stay. */
export async function insertAccounts(db: Knex, agreementId: string, head: string, tolerancePence = 0): Promise<void> {
  const rows = accountKinds.filter((kind) => kind !== 'award').map((kind) => ({
    id: randomUUID(), agreement_id: agreementId, kind, head, name: head ? `${accountKindNames[kind]}: ${head}` : accountKindNames[kind], tolerance_pence: kind === 'available' ? tolerancePence : 0,
  }));
  await db('ledger_account').insert(rows).onConflict(['agreement_id', 'kind', 'head']).ignore();
}

export async function ledgerExists(db: Knex, agreementId: string): Promise<boolean> {
  return (await db('ledger').select('agreement_id').where({ agreement_id: agreementId }).first()) !== undefined;
}

export async function keyIsUsed(db: Knex, agreementId: string, key: string): Promise<boolean> {
  return (await db('journal').select('id').where({ agreement_id: agreementId, idempotency_key: key }).first()) !== undefined;
}

export async function listPeriods(db: Knex, agreementId: string): Promise<Period[]> {
  const { rows } = await db.raw(
    `select p.id, p.starts_on as "startsOn", p.ends_on as "endsOn", p.state, (select count(*) from journal j where j.period_id = p.id) as journals,
       (select jsonb_build_object('id', u.id, 'reason', u.reason, 'proposedBy', u.proposed_by, 'proposedAt', u.proposed_at) from period_unlock u where u.period_id = p.id and u.approved_by is null) as unlock
     from ledger_period p where p.agreement_id = :agreementId order by p.starts_on`, { agreementId });
  return rows as Period[];
}

export async function findPeriod(db: Knex, agreementId: string, id: string): Promise<(Span & { id: string; state: PeriodState }) | undefined> {
  return db('ledger_period').select('id', 'starts_on as startsOn', 'ends_on as endsOn', 'state').where({ agreement_id: agreementId, id }).first();
}

/** Puts a period into a state, waiting for those who post into it; gives the state it was in, or null where there is no such period. */
export async function updatePeriodState(db: Knex, agreementId: string, periodId: string, state: PeriodState): Promise<PeriodState | null> {
  const { rows } = await db.raw('select move_period(cast(:agreementId as uuid), cast(:periodId as uuid), :state) as was', { agreementId, periodId, state });
  return rows[0].was as PeriodState | null;
}

export interface UnlockRow {
  readonly id: string;
  readonly agreementId: string;
  readonly periodId: string;
  readonly reason: string;
  readonly proposedBy: string;
}

export async function insertUnlock(db: Knex, row: UnlockRow): Promise<void> {
  await db('period_unlock').insert({ id: row.id, agreement_id: row.agreementId, period_id: row.periodId, reason: row.reason, proposed_by: row.proposedBy });
}

export async function findUnlock(db: Knex, agreementId: string, id: string): Promise<UnlockRow | undefined> {
  return db('period_unlock').select('id', 'agreement_id as agreementId', 'period_id as periodId', 'reason', 'proposed_by as proposedBy').where({ agreement_id: agreementId, id }).first();
}

/** A second person's approval; the period opens with it. */
export async function approveUnlock(db: Knex, id: string, approvedBy: string): Promise<void> {
  await db('period_unlock').where({ id }).update({ approved_by: approvedBy });
}

export interface OpenAccrual {
  readonly journalId: string;
  readonly number: number;
  readonly reason: string;
  readonly effectiveOn: string;
  readonly amountPence: number;
  readonly nextStartsOn: string | null;
  readonly nextState: PeriodState | null;
}

/** Accruals of an agreement that are not reversed. */
export async function listOpenAccruals(db: Knex, agreementId: string): Promise<OpenAccrual[]> {
  const { rows } = await db.raw(
    `select o.journal_id as "journalId", o.number, o.reason, o.effective_on as "effectiveOn", o.next_starts_on as "nextStartsOn", o.next_state as "nextState",
       (select sum(e.amount_pence) from journal_entry e join ledger_account a on a.id = e.account_id where e.journal_id = o.journal_id and a.kind = 'accrued')::bigint as "amountPence"
     from open_accrual o where o.agreement_id = :agreementId order by o.number`, { agreementId });
  return rows as OpenAccrual[];
}
