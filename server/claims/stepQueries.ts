/** What happened to a claim: events, messages, payments, recoveries, adjustments and the journals that are its own. All only grow. */
import type { Knex } from 'knex';
import { listJournals } from '../ledger/reportQueries.ts';
import type { AdjustedFigure, ClaimEvent } from './claim.ts';
import type { Claim, ClaimEventKind } from './contract.ts';
import type { HeadPence } from './lines.ts';

export interface EventRow extends ClaimEvent {
  readonly number: number;
  readonly key: string | null;
  readonly sha256: string;
  readonly at: Date;
  readonly role: string;
  readonly reason: string | null;
}

export async function listClaimEvents(db: Knex, claimId: string): Promise<EventRow[]> {
  const rows: (Omit<EventRow, 'what' | 'reason'> & { data: { what?: AdjustedFigure; reason?: string } })[] = await db('claim_event')
    .select('number', 'kind', 'pence', 'idempotency_key as key', 'content_sha256 as sha256', 'happened_at as at', 'role', 'data').where({ claim_id: claimId }).orderBy('number');
  return rows.map(({ data, ...row }) => ({ ...row, what: data.what, reason: data.reason ?? null }));
}

export interface NewEvent {
  readonly claimId: string;
  readonly agreementId: string;
  readonly number: number;
  readonly kind: ClaimEventKind;
  readonly at: Date;
  readonly personId: string | null;
  readonly role: string;
  readonly key: string | null;
  readonly sha256: string;
  readonly pence: number | null;
  readonly data: object;
}

export async function insertEvent(db: Knex, row: NewEvent): Promise<void> {
  await db('claim_event').insert({
    claim_id: row.claimId, agreement_id: row.agreementId, number: row.number, kind: row.kind, happened_at: row.at, person_id: row.personId, role: row.role,
    idempotency_key: row.key, content_sha256: row.sha256, pence: row.pence, data: JSON.stringify(row.data),
  });
}

/** Says that a journal is a claim's. */
export async function insertClaimJournal(db: Knex, row: { readonly journalId: string; readonly claimId: string; readonly agreementId: string; readonly event: number }): Promise<void> {
  await db('claim_journal').insert({ journal_id: row.journalId, claim_id: row.claimId, agreement_id: row.agreementId, event_number: row.event });
}

/** A claim's journals with their entries, oldest first. */
export async function listClaimJournals(db: Knex, agreementId: string, claimId: string): Promise<Claim['journals']> {
  const rows: { id: string; event: number }[] = await db('claim_journal').select('journal_id as id', 'event_number as event').where({ claim_id: claimId });
  const found: Claim['journals'] = [];
  for (const { id, event } of rows) found.push(...(await listJournals(db, agreementId, { id })).map((journal) => ({ ...journal, event })));
  return found.sort((a, b) => a.number - b.number);
}

/** What a claim's journals left on the accounts of a kind, by head: what is still to be paid of what is approved, or to be recovered of what was paid. */
export async function balanceByHead(db: Knex, claimId: string, kind: 'pending' | 'approved' | 'paid'): Promise<HeadPence[]> {
  const { rows } = await db.raw(
    `select a.head, sum(e.amount_pence)::bigint as pence from claim_journal c join journal_entry e on e.journal_id = c.journal_id join ledger_account a on a.id = e.account_id
     where c.claim_id = cast(:claimId as uuid) and a.kind = :kind group by a.head having sum(e.amount_pence) <> 0 order by a.head`, { claimId, kind });
  return rows as HeadPence[];
}

/** The kind of a journal of this claim, or undefined when it is none of its own. */
export async function findClaimJournal(db: Knex, claimId: string, journalId: string): Promise<{ kind: string } | undefined> {
  return db('claim_journal as c').join('journal as j', 'j.id', 'c.journal_id').where({ 'c.claim_id': claimId, 'c.journal_id': journalId }).first('j.kind');
}

export interface MessageRow {
  readonly id: string;
  readonly claimId: string;
  readonly agreementId: string;
  readonly kind: 'query' | 'reply';
  readonly lineId: string | null;
  readonly words: string;
  readonly writtenBy: string | null;
  readonly role: string;
  readonly at: Date;
}

export async function insertMessage(db: Knex, row: MessageRow): Promise<void> {
  await db('claim_message').insert({ id: row.id, claim_id: row.claimId, agreement_id: row.agreementId, kind: row.kind, line_id: row.lineId, words: row.words, written_by: row.writtenBy, role: row.role, written_at: row.at });
}

/** The claim and the words of a message with this id, to answer the same message sent again. */
export async function findMessage(db: Knex, id: string): Promise<{ claimId: string; words: string; kind: string } | undefined> {
  return db('claim_message').select('claim_id as claimId', 'words', 'kind').where({ id }).first();
}

interface MoneyRow {
  readonly id: string;
  readonly claimId: string;
  readonly agreementId: string;
  readonly amountPence: number;
  readonly by: string | null;
}
const moneyColumns = ({ id, claimId, agreementId, amountPence }: MoneyRow) => ({ id, claim_id: claimId, agreement_id: agreementId, amount_pence: amountPence });

export async function insertPayment(db: Knex, row: MoneyRow & { readonly paidOn: string; readonly reference: string }): Promise<void> {
  await db('payment').insert({ ...moneyColumns(row), paid_on: row.paidOn, reference: row.reference, recorded_by: row.by });
}

export async function insertRecovery(db: Knex, row: MoneyRow & { readonly recoveredOn: string; readonly how: string; readonly reference: string; readonly reason: string }): Promise<void> {
  await db('recovery').insert({ ...moneyColumns(row), recovered_on: row.recoveredOn, how: row.how, reference: row.reference, reason: row.reason, recorded_by: row.by });
}

export async function insertAdjustment(db: Knex, row: MoneyRow & { readonly corrects: string; readonly what: AdjustedFigure; readonly lineId: string | null; readonly reason: string }): Promise<void> {
  await db('claim_adjustment').insert({ ...moneyColumns(row), corrects: row.corrects, what: row.what, line_id: row.lineId, reason: row.reason, made_by: row.by });
}

type Money = Pick<Claim, 'messages' | 'payments' | 'recoveries' | 'adjustments'>;

/** Messages, payments, recoveries and adjustments of a claim, each oldest first. */
export async function listMoney(db: Knex, claimId: string): Promise<Money> {
  const of = { claim_id: claimId };
  const messages: (Omit<Claim['messages'][number], 'writtenAt'> & { writtenAt: Date })[] =
    await db('claim_message as m').join('claim_event as e', (on) => on.on('e.claim_id', 'm.claim_id').andOn('e.idempotency_key', db.raw('m.id::text')))
      .select('m.id', 'm.kind', 'm.line_id as lineId', 'm.words', 'm.role', 'm.written_at as writtenAt').where({ 'm.claim_id': claimId }).orderBy('e.number');
  return {
    messages: messages.map((row) => ({ ...row, writtenAt: row.writtenAt.toISOString() })),
    payments: await db('payment').select('id', 'paid_on as paidOn', 'reference', 'amount_pence as amountPence').where(of).orderBy(['recorded_at', 'id']),
    recoveries: await db('recovery').select('id', 'recovered_on as recoveredOn', 'how', 'reference', 'reason', 'amount_pence as amountPence').where(of).orderBy(['recorded_at', 'id']),
    adjustments: await db('claim_adjustment').select('id', 'corrects', 'what', 'line_id as lineId', 'amount_pence as amountPence', 'reason').where(of).orderBy(['made_at', 'id']),
  };
}
