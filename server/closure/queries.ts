/** What a closure stands on, as rows. */
import type { Knex } from 'knex';
import type { Asset, ClosureDecision, ClosureRow, Disposal, Reconciliation } from './contract.ts';
import type { RetentionRule } from './closure.ts';

/** A thing of the checklist before anybody accepted it as it is. */
export interface FoundItem {
  readonly kind: 'accrual' | 'balance' | 'claim' | 'variation' | 'reallocation' | 'unlock' | 'condition' | 'evidence' | 'hours' | 'equipment';
  readonly id: string;
  readonly what: string;
  readonly amountPence: number | null;
  readonly blocks: boolean;
}

const found: Record<FoundItem['kind'], { readonly blocks: boolean; readonly rows: string }> = {
  claim: { blocks: true, rows: `
    select c.id::text, 'Claim ' || c.number || ' is ' || c.state || case when c.state in ('draft', 'submitted', 'query') then ', not decided' else ', not paid in full' end as what, c.claimed_pence - c.paid_pence as pence
    from claim c where c.agreement_id = :id and (c.state in ('draft', 'submitted', 'query') or (c.approved_by is not null and c.paid_pence < c.approved_pence)) order by c.number` },
  accrual: { blocks: true, rows: `
    select o.journal_id::text as id, 'Accrual of journal ' || o.number || ' is not reversed: ' || o.reason as what,
      (select sum(e.amount_pence) from journal_entry e join ledger_account a on a.id = e.account_id where e.journal_id = o.journal_id and a.kind = 'accrued')::bigint as pence
    from open_accrual o where o.agreement_id = :id order by o.number` },
  balance: { blocks: true, rows: `
    select a.id::text, a.name || ' is not £0.00' as what, a.balance_pence as pence
    from ledger_account a where a.agreement_id = :id and a.kind not in ('award', 'available', 'paid') and a.balance_pence <> 0 order by a.kind, a.head` },
  variation: { blocks: true, rows: `select v.id::text, 'Variation ' || v.number || ' is ' || v.state as what, null::bigint as pence from variation v where v.agreement_id = :id and v.state in ('draft', 'proposed', 'council agreed', 'approved')` },
  reallocation: { blocks: true, rows: `
    select r.id::text, 'A ' || r.kind || ' is ' || r.state as what, null::bigint as pence from reallocation r
    where r.state in ('proposed', 'agreed', 'approved') and exists (select from reallocation_line l where l.reallocation_id = r.id and l.agreement_id = :id)` },
  unlock: { blocks: true, rows: `select u.id::text, 'A period waits to be opened again: ' || u.reason as what, null::bigint as pence from period_unlock u where u.agreement_id = :id and u.approved_by is null` },
  condition: { blocks: false, rows: `
    select c.id::text, initcap(c.kind) || ' not ' || case when c.done_on is null then 'met' else 'accepted' end || ': ' || c.what as what, null::bigint as pence
    from agreement_condition c where c.agreement_id = :id and c.until_version is null and c.accepted_by is null order by c.due_on, c.what` },
  evidence: { blocks: false, rows: `
    select c.id::text, count(*) || case when count(*) = 1 then ' line' else ' lines' end || ' of claim ' || c.number || ' without evidence' as what, sum(l.claimed_pence)::bigint as pence
    from claim c join claim_line l on l.claim_id = c.id
    where c.agreement_id = :id and c.approved_by is not null and c.basis = 'cost'
      and not exists (select from document d where d.agreement_id = c.agreement_id and d.subject_kind = 'claim line' and d.subject_id = l.id and d.withdrawn_at is null)
    group by c.id, c.number order by c.number` },
  hours: { blocks: false, rows: `select h.id::text, 'Explained hours of ' || h.day || ' wait for a second person' as what, null::bigint as pence from hours_decision h where h.agreement_id = :id and h.state = 'explained' order by h.day` },
  equipment: { blocks: false, rows: `select s.id::text, 'Nobody has said what becomes of: ' || s.what as what, s.cost_pence as pence from asset s where s.agreement_id = :id and s.disposal is null order by s.bought_on, s.what` },
};

/** Everything that is not settled, in the order of the checklist. */
export async function listItems(db: Knex, agreementId: string): Promise<FoundItem[]> {
  const items: FoundItem[] = [];
  for (const [kind, { blocks, rows }] of Object.entries(found) as [FoundItem['kind'], (typeof found)['claim']][]) {
    const answer = await db.raw(rows, { id: agreementId });
    items.push(...(answer.rows as { id: string; what: string; pence: number | null }[]).map(({ id, what, pence }) => ({ kind, id, what, amountPence: pence, blocks })));
  }
  return items;
}

export async function listExceptions(db: Knex, agreementId: string): Promise<{ id: string; item: string; reason: string }[]> {
  return db('closure_exception').select('id', 'item', 'reason').where({ agreement_id: agreementId }).orderBy('made_at');
}

export async function insertException(db: Knex, row: { readonly id: string; readonly agreementId: string; readonly item: string; readonly reason: string; readonly by: string | null }): Promise<void> {
  await db('closure_exception').insert({ id: row.id, agreement_id: row.agreementId, item: row.item, reason: row.reason, made_by: row.by });
}

/** Totals that are not on the accounts: what was recovered, the targets of the last version, and minutes paid in claims on hours. */
export async function findTotals(db: Knex, agreementId: string): Promise<Pick<Reconciliation, 'recoveredPence' | 'targetMinutes' | 'paidMinutes'>> {
  const { rows } = await db.raw(
    `select (select coalesce(sum(recovered_pence), 0)::bigint from claim where agreement_id = :id) as "recoveredPence",
       (select coalesce(sum(t.person_minutes), 0)::bigint from target t join agreement_version v on v.id = t.version_id
         where v.agreement_id = :id and v.number = (select max(number) from agreement_version where agreement_id = :id)) as "targetMinutes",
       (select coalesce(sum(h.minutes), 0)::bigint from claim_hours h join claim c on c.id = h.claim_id where h.agreement_id = :id and c.approved_by is not null) as "paidMinutes"`, { id: agreementId });
  return rows[0] as Pick<Reconciliation, 'recoveredPence' | 'targetMinutes' | 'paidMinutes'>;
}

/** Variations that are approved, and so may carry money over. */
export async function listCarrying(db: Knex, agreementId: string): Promise<{ id: string; number: number; reason: string }[]> {
  return db('variation').select('id', 'number', 'reason').where({ agreement_id: agreementId }).whereIn('state', ['approved', 'effective']).orderBy('number', 'desc');
}

export async function listRetentionRules(db: Knex, on: string): Promise<RetentionRule[]> {
  return db('retention_rule').select('kind', 'name', 'base', 'keep_years as keepYears', 'keep_days as keepDays', 'source').whereRaw('daterange(valid_from, valid_to) @> ?::date', [on]).orderBy('name');
}

/** A decision with what it was made on. */
export interface KeptClosure extends Omit<ClosureRow, 'own'> {
  readonly proposedBy: string;
}

const closureColumns = [
  'id', 'decision', 'reason', 'state', 'variation_id as variationId', 'carried_pence as carriedPence', 'released_pence as releasedPence', 'sha256', 'proposed_by as proposedBy',
  'proposed_at as proposedAt', 'approved_at as approvedAt', 'decision_reference as decisionReference', 'withdrawn_reason as withdrawnReason',
];

export async function listClosures(db: Knex, agreementId: string): Promise<KeptClosure[]> {
  const rows: (Omit<KeptClosure, 'proposedAt' | 'approvedAt'> & { proposedAt: Date; approvedAt: Date | null })[] = await db('closure').select(closureColumns).where({ agreement_id: agreementId }).orderBy('proposed_at', 'desc');
  return rows.map((row) => ({ ...row, proposedAt: row.proposedAt.toISOString(), approvedAt: row.approvedAt?.toISOString() ?? null }));
}

export interface NewClosure {
  readonly id: string;
  readonly agreementId: string;
  readonly decision: ClosureDecision;
  readonly reason: string;
  readonly variationId: string | null;
  readonly carriedPence: number;
  readonly releasedPence: number;
  readonly figures: object;
  readonly sha256: string;
  readonly proposedBy: string;
}

export async function insertClosure(db: Knex, row: NewClosure): Promise<void> {
  await db('closure').insert({
    id: row.id, agreement_id: row.agreementId, decision: row.decision, reason: row.reason, variation_id: row.variationId, carried_pence: row.carriedPence, released_pence: row.releasedPence,
    figures: JSON.stringify(row.figures), sha256: row.sha256, proposed_by: row.proposedBy,
  });
}

/** A second person's approval; the database refuses the one who proposed. */
export async function updateApproved(db: Knex, id: string, by: string, decisionReference: string): Promise<void> {
  await db('closure').where({ id }).update({ state: 'approved', approved_by: by, decision_reference: decisionReference });
}

export async function updateWithdrawn(db: Knex, id: string, reason: string): Promise<void> {
  await db('closure').where({ id }).update({ state: 'withdrawn', withdrawn_reason: reason });
}

const assetColumns = [
  'id', 'what', 'head', 'bought_on as boughtOn', 'cost_pence as costPence', 'quantity', 'disposal', 'disposed_on as disposedOn', 'proceeds_pence as proceedsPence', 'disposal_reason as disposalReason',
];

export async function listAssets(db: Knex, agreementId: string): Promise<Asset[]> {
  return db('asset').select(assetColumns).where({ agreement_id: agreementId }).orderBy(['bought_on', 'what', 'id']);
}

export async function insertAsset(db: Knex, agreementId: string, row: Pick<Asset, 'id' | 'what' | 'head' | 'boughtOn' | 'costPence' | 'quantity'>, by: string | null): Promise<void> {
  await db('asset').insert({ id: row.id, agreement_id: agreementId, what: row.what, head: row.head, bought_on: row.boughtOn, cost_pence: row.costPence, quantity: row.quantity, entered_by: by });
}

export async function updateDisposal(db: Knex, id: string, row: { readonly disposal: Disposal; readonly disposedOn: string; readonly proceedsPence: number; readonly reason: string }): Promise<void> {
  await db('asset').where({ id }).update({ disposal: row.disposal, disposed_on: row.disposedOn, proceeds_pence: row.proceedsPence, disposal_reason: row.reason });
}
