/** Drafts, signatories, conditions, budget heads and where the money of a fund's agreements stands, as rows. */
import type { Knex } from 'knex';
import type { BudgetHead, Condition, DraftTerms, Signatory, Standing } from './contract.ts';

export async function findDraft(db: Knex, agreementId: string): Promise<DraftTerms | undefined> {
  const row: { terms: DraftTerms } | undefined = await db('terms_draft').where({ agreement_id: agreementId }).first('terms');
  return row?.terms;
}

export async function saveDraft(db: Knex, agreementId: string, terms: DraftTerms, changedBy: string | null): Promise<void> {
  const values = { agreement_id: agreementId, terms: JSON.stringify(terms), changed_by: changedBy, changed_at: db.fn.now() };
  await db('terms_draft').insert(values).onConflict('agreement_id').merge();
}

/** What was a draft is version 1 now: its conditions are signed with it. */
export async function settleDraft(db: Knex, agreementId: string): Promise<void> {
  await db('terms_draft').where({ agreement_id: agreementId }).delete();
  await db('agreement_condition').where({ agreement_id: agreementId, from_version: null }).update({ from_version: 1 });
}

export async function updateState(db: Knex, id: string, state: string): Promise<void> {
  await db('agreement').where({ id }).update({ state });
}

export async function listSignatories(db: Knex, agreementId: string): Promise<Signatory[]> {
  return db('signatory').select('id', 'party', 'title', 'signed_on as signedOn').where({ agreement_id: agreementId }).orderBy(['party', 'title']);
}

export async function insertSignatory(db: Knex, agreementId: string, { id, party, title }: Omit<Signatory, 'signedOn'>): Promise<void> {
  await db('signatory').insert({ id, agreement_id: agreementId, party, title }).onConflict('id').ignore();
}

export async function updateSignatory(db: Knex, id: string, signedOn: string | null): Promise<void> {
  await db('signatory').where({ id }).update({ signed_on: signedOn });
}

export async function deleteSignatory(db: Knex, id: string): Promise<void> {
  await db('signatory').where({ id }).delete();
}

export interface ConditionToAdd {
  readonly id: string;
  readonly kind: Condition['kind'];
  readonly what: string;
  readonly owedBy: Condition['owedBy'];
  readonly dueOn: string | null;
}

/** Adds a condition, to the draft or with a version. */
export async function insertCondition(db: Knex, agreementId: string, { id, kind, what, owedBy, dueOn }: ConditionToAdd, fromVersion: number | null): Promise<void> {
  await db('agreement_condition').insert({ id, agreement_id: agreementId, kind, what, owed_by: owedBy, due_on: dueOn, from_version: fromVersion }).onConflict('id').ignore();
}

export async function deleteCondition(db: Knex, id: string): Promise<void> {
  await db('agreement_condition').where({ id }).delete();
}

export async function endConditions(db: Knex, agreementId: string, ids: readonly string[], untilVersion: number): Promise<void> {
  await db('agreement_condition').where({ agreement_id: agreementId }).whereIn('id', [...ids]).update({ until_version: untilVersion });
}

export async function updateConditionDone(db: Knex, id: string, done: { on: string; by: string; evidence: string } | null): Promise<void> {
  await db('agreement_condition').where({ id }).update({ done_on: done?.on ?? null, done_by: done?.by ?? null, evidence: done?.evidence ?? null });
}

export async function acceptCondition(db: Knex, id: string, by: string): Promise<void> {
  await db('agreement_condition').where({ id }).update({ accepted_by: by });
}

/** Conditions and milestones with how they stand on a day, what is owed first. */
export async function listConditions(db: Knex, agreementId: string, today: string): Promise<Condition[]> {
  const { rows } = await db.raw(
    `select c.id, c.kind, c.what, c.owed_by as "owedBy", c.due_on as "dueOn", c.from_version as "fromVersion", c.until_version as "untilVersion", c.done_on as "doneOn", d.name as "doneBy", c.evidence,
       to_json(c.accepted_at) #>> '{}' as "acceptedAt", a.name as "acceptedBy",
       case when c.until_version is not null then 'ended' when c.accepted_by is not null then 'accepted' when c.done_on is not null then 'reported' when c.due_on < cast(:today as date) then 'overdue' else 'open' end as state,
       (select count(*) from document x where x.subject_kind = 'condition' and x.subject_id = c.id and x.withdrawn_at is null)::int as documents
     from agreement_condition c left join person d on d.id = c.done_by left join person a on a.id = c.accepted_by
     where c.agreement_id = :agreementId order by c.until_version is not null, c.due_on nulls last, c.what`, { agreementId, today });
  return rows as Condition[];
}

/** What each condition in force asks for, by id. */
export async function conditionsInForce(db: Knex, agreementId: string): Promise<{ id: string; what: string }[]> {
  return db('agreement_condition').select('id', 'what').where({ agreement_id: agreementId, until_version: null });
}

export async function listHeads(db: Knex): Promise<BudgetHead[]> {
  return db('budget_head').select('name', 'describes', 'needs_agreement as needsAgreement', 'source', 'valid_from as validFrom', 'valid_to as validTo').whereNot({ name: '' }).orderBy(['valid_from', 'name']);
}

export async function saveHead(db: Knex, head: BudgetHead): Promise<void> {
  const { name, describes, needsAgreement, source, validFrom, validTo } = head;
  await db('budget_head').insert({ name, describes, needs_agreement: needsAgreement, source, valid_from: validFrom, valid_to: validTo }).onConflict('name').merge();
}

/** The hotspots of a council that an agreement may name: those not retired before it began. */
export async function listHotspotNames(db: Knex, councilCode: string, from: string): Promise<{ id: string; name: string }[]> {
  return db('hotspot').select('id', 'name').where({ council_code: councilCode }).whereRaw('(live_to is null or live_to > ?::date)', [from]).orderBy('name');
}

export async function variationUnderWay(db: Knex, agreementId: string): Promise<boolean> {
  return (await db('variation').where({ agreement_id: agreementId }).whereIn('state', ['draft', 'proposed', 'council agreed', 'approved']).first('id')) !== undefined;
}

/** Spent at risk by an agreement's ledger, in pence; null where none is open. */
export async function atRiskPence(db: Knex, agreementId: string): Promise<number | null> {
  const row = await db('ledger_account').sum({ pence: 'balance_pence' }).where({ agreement_id: agreementId, kind: 'at risk' }).first<{ pence: number | null }>();
  return row.pence;
}

/** Where the money of a fund's agreements stands by their ledgers, by council. */
export async function listStandings(db: Knex, councils: readonly string[], fundId: string): Promise<Standing[]> {
  const of = (kind: string, sign = ''): string => `${sign}coalesce(sum(l.balance_pence) filter (where l.kind = '${kind}'), 0)::bigint`;
  const { rows } = await db.raw(
    `select a.id as "agreementId", a.reference, o.name as council, a.state, a.starts_on as "startsOn", a.ends_on as "endsOn", count(l.id) > 0 as opened, a.ceiling_pence as "ceilingPence", a.committed_pence as "committedPence",
       ${of('award', '-')} as "awardedPence", ${of('available')} as "availablePence", ${of('pending')} as "pendingPence", ${of('approved')} as "approvedPence", ${of('paid')} as "paidPence", ${of('accrued')} as "accruedPence", ${of('at risk')} as "atRiskPence"
     from agreement a join organisation o on o.council_code = a.council_code left join ledger_account l on l.agreement_id = a.id
     where a.fund_id = :fundId and (:all or a.council_code = any(cast(:councils as text[])))
     group by a.id, o.name order by o.name, a.starts_on`, { fundId, all: councils.includes('*'), councils: [...councils] });
  return rows as Standing[];
}
