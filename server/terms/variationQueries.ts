/** Variations as rows; the database keeps who did which step, and in which order. */
import type { Knex } from 'knex';
import type { Difference } from './contract.ts';
import type { Variation, VariationChanges, VariationState } from './variationContract.ts';

export interface VariationRow extends Variation {
  readonly councilCode: string;
  readonly baseVersionId: string;
  readonly proposedById: string;
  readonly approvalKey: string | null;
}

/** Long work knows no accounts, so no names. */
const stepOf = (by: string, at: string, names: boolean): string => `case when v.${at} is not null then jsonb_build_object('by', ${names ? `(select name from person where id = v.${by})` : 'null'}, 'at', v.${at}) end`;

const variationSelect = (names: boolean): string => `
  select v.id, v.agreement_id as "agreementId", a.reference, o.name as council, a.council_code as "councilCode", v.number, v.state, v.effective_from as "effectiveFrom", v.base_version_id as "baseVersionId",
    v.changes, v.difference, v.reason, v.decision_reference as "decisionReference", v.withdrawn_reason as "withdrawnReason", v.held_up_by as "heldUpBy", v.approval_key as "approvalKey", v.proposed_by as "proposedById",
    coalesce(is_person(v.proposed_by), false) as mine, (select n.number from agreement_version n where n.variation_id = v.id) as version,
    ${stepOf('proposed_by', 'proposed_at', names)} as proposed, ${stepOf('agreed_by', 'agreed_at', names)} as agreed, ${stepOf('approved_by', 'approved_at', names)} as approved, ${stepOf('withdrawn_by', 'withdrawn_at', names)} as withdrawn,
    case when v.effective_at is not null then jsonb_build_object('by', null, 'at', v.effective_at) end as effective
  from variation v join agreement a on a.id = v.agreement_id join organisation o on o.council_code = a.council_code`;

const scoped = (councils: readonly string[]) => ({ all: councils.includes('*'), councils: [...councils] });
/** A council sees what is proposed to it, not what is still being written. */
const seen = `(:all or (a.council_code = any(cast(:councils as text[])) and (v.state <> 'draft') and not (v.state = 'withdrawn' and v.proposed_at is null)))`;

export async function listVariations(db: Knex, councils: readonly string[], agreementId: string): Promise<VariationRow[]> {
  const { rows } = await db.raw(`${variationSelect(true)} where v.agreement_id = cast(:agreementId as uuid) and ${seen} order by v.number desc`, { ...scoped(councils), agreementId });
  return rows as VariationRow[];
}

/** One variation; `names` is false where accounts may not be read. */
export async function findVariation(db: Knex, councils: readonly string[], id: string, { names } = { names: true }): Promise<VariationRow | undefined> {
  const { rows } = await db.raw(`${variationSelect(names)} where v.id = cast(:id as uuid) and ${seen}`, { ...scoped(councils), id });
  return rows[0] as VariationRow | undefined;
}

export interface VariationToWrite {
  readonly id: string;
  readonly agreementId: string;
  readonly effectiveFrom: string;
  readonly baseVersionId: string;
  readonly changes: VariationChanges;
  readonly difference: readonly Difference[];
  readonly reason: string;
  readonly proposedBy: string;
}

const written = (row: VariationToWrite) => ({ effective_from: row.effectiveFrom, base_version_id: row.baseVersionId, changes: JSON.stringify(row.changes), difference: JSON.stringify(row.difference), reason: row.reason });

export async function insertVariation(db: Knex, row: VariationToWrite): Promise<void> {
  await db('variation').insert({ id: row.id, agreement_id: row.agreementId, proposed_by: row.proposedBy, ...written(row) });
}

export async function updateVariation(db: Knex, row: VariationToWrite): Promise<void> {
  await db('variation').where({ id: row.id }).update(written(row));
}

/** One step of a variation; the row is locked, so that two persons step one after the other. */
export async function stepVariation(db: Knex, id: string, state: VariationState, more: { decision_reference?: string; approval_key?: string; withdrawn_reason?: string } = {}): Promise<void> {
  await db('variation').where({ id }).update({ state, ...more, ...(state === 'effective' ? { held_up_by: null } : {}) });
}

export async function updateHeldUp(db: Knex, id: string, why: string): Promise<void> {
  await db('variation').where({ id }).update({ held_up_by: why });
}

/** Approved variations whose day has come, by day and number. */
export async function listDue(db: Knex, today: string): Promise<string[]> {
  return db('variation').where({ state: 'approved' }).where('effective_from', '<=', today).orderBy(['effective_from', 'number']).pluck('id');
}
