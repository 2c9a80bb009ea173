/** Claims and their lines as rows. A claim's totals are added up by the database; nothing here writes one. */
import type { Knex } from 'knex';
import type { ClaimBasis, ClaimLine, ClaimState, ClaimSummary } from './contract.ts';
import type { LedgerPeriod } from './days.ts';
import type { Decided } from './lines.ts';

/** A claim as it is kept. */
export interface ClaimRow extends Omit<ClaimSummary, 'payBy' | 'nextToAct' | 'dueOn' | 'lateDays'> {
  readonly periodEndsOn: string;
  /** Null until it is submitted. */
  readonly dueOn: string | null;
  readonly lateDays: number | null;
  readonly preparers: readonly string[];
}

const claimSelect = `
  select c.id, c.agreement_id as "agreementId", a.reference, a.council_code as "councilCode", o.name as council, c.number, c.basis, c.state, c.period_id as "periodId",
    c.starts_on as "startsOn", c.ends_on as "endsOn", p.ends_on as "periodEndsOn", c.claimed_pence as "claimedPence", c.approved_pence as "approvedPence",
    c.paid_pence as "paidPence", c.recovered_pence as "recoveredPence", c.due_on as "dueOn", c.late_days as "lateDays", c.late_reason as "lateReason",
    (c.submitted_at at time zone 'Europe/London')::date as "submittedOn", c.preparers::text[] as preparers
  from claim c join agreement a on a.id = c.agreement_id join organisation o on o.council_code = a.council_code join ledger_period p on p.id = c.period_id
  where (:all or a.council_code = any(cast(:councils as text[])))`;

const scoped = (councils: readonly string[]) => ({ all: councils.includes('*'), councils: [...councils] });

export interface ClaimFilter {
  readonly agreement?: string | undefined;
  readonly states?: readonly ClaimState[] | undefined;
  readonly limit: number;
}

/** Claims of a scope, newest period first. */
export async function listClaims(db: Knex, councils: readonly string[], { agreement, states, limit }: ClaimFilter): Promise<ClaimRow[]> {
  const { rows } = await db.raw(
    `${claimSelect} and (cast(:agreement as uuid) is null or c.agreement_id = :agreement) and (cast(:states as text[]) is null or c.state = any(:states))
     order by c.starts_on desc, a.council_code, c.number desc limit :limit`, { ...scoped(councils), agreement: agreement ?? null, states: states ? [...states] : null, limit });
  return rows as ClaimRow[];
}

export async function findClaim(db: Knex, councils: readonly string[], id: string): Promise<ClaimRow | undefined> {
  const { rows } = await db.raw(`${claimSelect} and c.id = cast(:id as uuid)`, { ...scoped(councils), id });
  return rows[0] as ClaimRow | undefined;
}

/** Holds a claim's agreement as it is, then the claim's own row, for the step that follows: the ledger and its accounts come after. */
export async function lockClaim(db: Knex, agreementId: string, id: string): Promise<void> {
  await db('agreement').select('id').where({ id: agreementId }).forShare();
  await db('claim').select('id').where({ id }).forUpdate();
}

export interface NewClaim {
  readonly id: string;
  readonly agreementId: string;
  readonly periodId: string;
  readonly basis: ClaimBasis;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly preparedBy: string | null;
  readonly preparedAt: Date;
}

/** Begins a claim under the agreement's next number; the agreement is locked, so that two do not take the same. */
export async function insertClaim(db: Knex, row: NewClaim): Promise<void> {
  const last = await db('claim').max('number as number').where({ agreement_id: row.agreementId }).first<{ number: number | null }>();
  await db('claim').insert({
    id: row.id, agreement_id: row.agreementId, period_id: row.periodId, number: (last.number ?? 0) + 1, basis: row.basis,
    starts_on: row.startsOn, ends_on: row.endsOn, prepared_by: row.preparedBy, prepared_at: row.preparedAt,
  });
}

export interface ClaimMove {
  readonly state: ClaimState;
  readonly submitted?: { readonly by: string | null; readonly at: Date; readonly dueOn: string; readonly lateDays: number; readonly lateReason: string | null } | undefined;
  readonly approved?: { readonly by: string | null; readonly at: Date } | undefined;
}

/** Puts a claim into its next state. */
export async function updateClaim(db: Knex, id: string, { state, submitted, approved }: ClaimMove): Promise<void> {
  await db('claim').where({ id }).update({
    state,
    ...(submitted && { submitted_by: submitted.by, submitted_at: submitted.at, due_on: submitted.dueOn, late_days: submitted.lateDays, late_reason: submitted.lateReason }),
    ...(approved && { approved_by: approved.by, approved_at: approved.at }),
  });
}

export async function listLines(db: Knex, claimId: string): Promise<ClaimLine[]> {
  const { rows } = await db.raw(
    `select l.id, l.head, l.what, l.minutes, l.pence_per_hour as "pencePerHour", l.gross_pence as "grossPence", l.recoverable_vat_pence as "recoverableVatPence",
       l.claimed_pence as "claimedPence", l.rounding, l.approved_pence as "approvedPence", l.cut_reason as "cutReason",
       (select count(*)::int from document d where d.agreement_id = l.agreement_id and d.subject_kind = 'claim line' and d.subject_id = l.id and d.withdrawn_at is null) as evidence
     from claim_line l where l.claim_id = cast(:claimId as uuid) order by l.entered_at, l.id`, { claimId });
  return rows as ClaimLine[];
}

export interface LineRow {
  readonly id: string;
  readonly claimId: string;
  readonly agreementId: string;
  readonly head: string;
  readonly what: string;
  readonly minutes: number | null;
  readonly pencePerHour: number | null;
  readonly grossPence: number;
  readonly recoverableVatPence: number;
  readonly claimedPence: number;
}

/** Adds a line, or changes the one of this claim with this id; false when the id is another claim's line. */
export async function saveLine(db: Knex, row: LineRow): Promise<boolean> {
  const values = {
    head: row.head, what: row.what, minutes: row.minutes, pence_per_hour: row.pencePerHour, gross_pence: row.grossPence,
    recoverable_vat_pence: row.recoverableVatPence, claimed_pence: row.claimedPence, rounding: row.minutes === null ? null : 'half up',
  };
  const changed = await db('claim_line').where({ id: row.id, claim_id: row.claimId }).update(values);
  if (changed > 0) return true;
  const added = await db('claim_line').insert({ id: row.id, claim_id: row.claimId, agreement_id: row.agreementId, ...values }).onConflict('id').ignore().returning('id');
  return added.length > 0;
}

export async function removeLine(db: Knex, claimId: string, id: string): Promise<boolean> {
  return (await db('claim_line').where({ id, claim_id: claimId }).delete()) > 0;
}

/** What is approved of each line, with the reason of each cut. */
export async function saveDecisions(db: Knex, claimId: string, decided: readonly Pick<Decided, 'id' | 'approvedPence' | 'cutReason'>[]): Promise<void> {
  for (const { id, approvedPence, cutReason } of decided) await db('claim_line').where({ id, claim_id: claimId }).update({ approved_pence: approvedPence, cut_reason: cutReason });
}

export interface PeriodOfAgreement extends LedgerPeriod {
  readonly id: string;
  readonly claims: number;
}

/** The periods of an agreement's ledger with how many claims are for each. */
export async function listPeriods(db: Knex, agreementId: string): Promise<PeriodOfAgreement[]> {
  const { rows } = await db.raw(
    `select p.id, p.starts_on as "startsOn", p.ends_on as "endsOn", p.state, (select count(*)::int from claim c where c.period_id = p.id and c.state <> 'withdrawn') as claims
     from ledger_period p where p.agreement_id = cast(:agreementId as uuid) order by p.starts_on`, { agreementId });
  return rows as PeriodOfAgreement[];
}

/** What is on the list of costs that are never claimed, on a day. */
export async function listIneligible(db: Knex, on: string): Promise<{ code: string; what: string; source: string }[]> {
  return db('ineligible_cost').select('code', 'what', 'source').whereRaw('daterange(valid_from, valid_to) @> ?::date', [on]).orderBy('what');
}

/** The payment basis of each version of an agreement's terms; none where none was made. */
export async function listBases(db: Knex, agreementId: string): Promise<{ number: number; effectiveFrom: string; basis: ClaimBasis }[]> {
  return db('agreement_version').select('number', 'effective_from as effectiveFrom', 'payment_basis as basis').where({ agreement_id: agreementId }).orderBy('number');
}
