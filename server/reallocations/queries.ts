/** Reallocations as rows: entered whole, answered, approved and settled by steps that the database checks. */
import type { Knex } from 'knex';
import type { Figures, Reallocation, ReallocationKind } from './contract.ts';

export interface LineToEnter {
  readonly agreementId: string;
  readonly head: string;
  readonly amountPence: number;
}

export interface ReallocationToEnter {
  readonly id: string;
  readonly fundId: string;
  readonly kind: ReallocationKind;
  readonly effectiveFrom: string;
  readonly reason: string;
  readonly proposedBy: string | null;
  readonly lines: readonly LineToEnter[];
}

/** Enters a reallocation with all its lines in one statement; the database adds up whose money changes. */
export async function insertReallocation(db: Knex, row: ReallocationToEnter): Promise<void> {
  await db('reallocation').insert({ id: row.id, fund_id: row.fundId, kind: row.kind, effective_from: row.effectiveFrom, reason: row.reason, proposed_by: row.proposedBy });
  await db('reallocation_line').insert(row.lines.map(({ agreementId, head, amountPence }) => ({ reallocation_id: row.id, agreement_id: agreementId, head, amount_pence: amountPence })));
}

export async function insertFigures(db: Knex, reallocationId: string, agreementId: string, { knownOn, underspend, nextThousand, suggestedPence, suggestedBecause }: Figures): Promise<void> {
  await db('reallocation_figure').insert({
    reallocation_id: reallocationId, agreement_id: agreementId, known_on: knownOn, underspend_low_pence: underspend?.lowPence ?? null, underspend_central_pence: underspend?.centralPence ?? null,
    underspend_high_pence: underspend?.highPence ?? null, allocated_week: nextThousand?.week ?? null, incidents_per_thousand: nextThousand?.incidents ?? null,
    minutes_per_thousand: nextThousand?.personMinutes ?? null, suggested_pence: suggestedPence, suggested_because: suggestedBecause,
  });
}

const select = `
  select r.id, r.fund_id as "fundId", f.name as fund, r.number, r.kind, r.state, r.effective_from as "effectiveFrom", r.reason, r.proposed_at as "proposedAt", is_person(r.proposed_by) as "proposedByMe",
    r.agreed_at as "agreedAt", r.approved_at as "approvedAt", r.decision_reference as "decisionReference", r.funder_consent as "funderConsent", r.funder_consent_on as "funderConsentOn",
    r.effective_at as "effectiveAt", r.withdrawn_at as "withdrawnAt", r.withdrawn_reason as "withdrawnReason",
    coalesce((select jsonb_agg(jsonb_build_object('agreementId', p.agreement_id, 'reference', a.reference, 'councilCode', a.council_code, 'council', o.name,
        'ceilingPence', p.ceiling_pence, 'netPence', p.net_pence, 'movedPence', p.moved_pence,
        'answer', case when p.refused_by is not null then 'refused' when p.agreed_by is not null then 'agreed' else 'waiting' end, 'answeredAt', coalesce(p.agreed_at, p.refused_at), 'refusedReason', p.refused_reason,
        'lines', (select jsonb_agg(jsonb_build_object('head', l.head, 'amountPence', l.amount_pence, 'budgetPence', l.budget_pence) order by l.amount_pence, l.head) from reallocation_line l where l.reallocation_id = r.id and l.agreement_id = p.agreement_id),
        'figures', (select jsonb_build_object('knownOn', g.known_on,
          'underspend', case when g.underspend_central_pence is not null then jsonb_build_object('lowPence', g.underspend_low_pence, 'centralPence', g.underspend_central_pence, 'highPence', g.underspend_high_pence) end,
          'nextThousand', case when g.allocated_week is not null then jsonb_build_object('week', g.allocated_week, 'incidents', g.incidents_per_thousand, 'personMinutes', g.minutes_per_thousand) end,
          'says', '', 'suggestedPence', g.suggested_pence, 'suggestedBecause', g.suggested_because) from reallocation_figure g where g.reallocation_id = r.id and g.agreement_id = p.agreement_id)
      ) order by a.council_code, a.reference)
      from reallocation_party p join agreement a on a.id = p.agreement_id join organisation o on o.council_code = a.council_code
      where p.reallocation_id = r.id and (:all or a.council_code = any(cast(:councils as text[])))), '[]') as parties
  from reallocation r join fund f on f.id = r.fund_id`;

type Times = 'proposedAt' | 'agreedAt' | 'approvedAt' | 'effectiveAt' | 'withdrawnAt';
type Row = Omit<Reallocation, Times> & Record<Times, Date | null>;
const instant = (date: Date | null): string | null => date?.toISOString() ?? null;
const toReallocation = (row: Row): Reallocation => ({
  ...row, proposedAt: row.proposedAt?.toISOString() ?? '', agreedAt: instant(row.agreedAt), approvedAt: instant(row.approvedAt), effectiveAt: instant(row.effectiveAt), withdrawnAt: instant(row.withdrawnAt),
});
const scoped = (councils: readonly string[]) => ({ all: councils.includes('*'), councils: [...councils] });

/** Those of a scope, newest first, with the parties of the scope. */
export async function listReallocations(db: Knex, councils: readonly string[], filter: { agreement?: string | undefined; id?: string } = {}): Promise<Reallocation[]> {
  const { rows } = await db.raw(
    `${select} where (cast(:id as uuid) is null or r.id = cast(:id as uuid))
       and (cast(:agreement as uuid) is null or exists (select from reallocation_party p where p.reallocation_id = r.id and p.agreement_id = cast(:agreement as uuid)))
     order by r.proposed_at desc, r.id limit 200`, { ...scoped(councils), id: filter.id ?? null, agreement: filter.agreement ?? null });
  return (rows as Row[]).filter(({ parties }) => parties.length > 0).map(toReallocation);
}

export async function findReallocation(db: Knex, councils: readonly string[], id: string): Promise<Reallocation | undefined> {
  return (await listReallocations(db, councils, { id }))[0];
}

/** Waits for whoever else takes a step of it. */
export async function lockReallocation(db: Knex, id: string): Promise<void> {
  await db('reallocation').select('id').where({ id }).forUpdate();
}

export async function idIsUsed(db: Knex, id: string): Promise<boolean> {
  return (await db('reallocation').select('id').where({ id }).first()) !== undefined;
}

/** The signed-in person's answer; the database writes who, and settles the reallocation with the last one. */
export async function updateAnswer(db: Knex, id: string, agreementId: string, answer: { readonly agreedBy: string } | { readonly refusedReason: string }): Promise<void> {
  await db('reallocation_party').where({ reallocation_id: id, agreement_id: agreementId }).update('agreedBy' in answer ? { agreed_by: answer.agreedBy } : { refused_reason: answer.refusedReason });
}

export async function updateApproval(db: Knex, id: string, decision: { readonly decisionReference: string; readonly funderConsent: string | null; readonly funderConsentOn: string | null }): Promise<void> {
  await db('reallocation').where({ id }).update({ state: 'approved', decision_reference: decision.decisionReference, funder_consent: decision.funderConsent, funder_consent_on: decision.funderConsentOn });
}

export async function updateWithdrawal(db: Knex, id: string, reason: string): Promise<void> {
  await db('reallocation').where({ id }).update({ state: 'withdrawn', withdrawn_reason: reason });
}

export async function updateEffective(db: Knex, id: string): Promise<void> {
  await db('reallocation').where({ id }).update({ state: 'effective' });
}

/** Approved ones whose day has come, in the order of their days. */
export async function listDue(db: Knex, today: string): Promise<string[]> {
  return db('reallocation').where({ state: 'approved' }).where('effective_from', '<=', today).orderBy(['effective_from', 'proposed_at']).pluck('id');
}

/** The ledgers of some agreements by id, after their agreements: the order of everybody who posts to several. */
export async function lockLedgers(db: Knex, agreementIds: readonly string[]): Promise<void> {
  await db.raw('select lock_ledgers(cast(:ids as uuid[]))', { ids: [...agreementIds] });
}
