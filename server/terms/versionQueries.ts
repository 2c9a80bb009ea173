/** Versions of an agreement's terms as rows: written once, read as at a day. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { KnownHead, TermsSaid } from './terms.ts';
import type { Difference, ScheduleTerms, Version, VersionSource } from './contract.ts';

const versionSelect = `
  select v.id, v.agreement_id as "agreementId", v.number, v.variation_id as "variationId", v.effective_from as "effectiveFrom", v.ceiling_pence as "ceilingPence", v.ends_on as "endsOn",
    v.productive_ratio as "productiveRatio", v.payment_basis as "paymentBasis", v.overheads_agreed as "overheadsAgreed", v.overheads_percent as "overheadsPercent", v.purpose, v.schedules,
    v.difference, v.reason, v.source_kind as "sourceKind", v.source_id as "sourceId", v.created_at as "createdAt",
    coalesce((select jsonb_agg(jsonb_build_object('head', l.head, 'budgetPence', l.budget_pence, 'tolerancePence', l.tolerance_pence, 'profile',
      coalesce((select jsonb_agg(jsonb_build_object('startsOn', p.starts_on, 'amountPence', p.amount_pence) order by p.starts_on) from budget_profile p where p.version_id = v.id and p.head = l.head), '[]'))
      order by l.head) from budget_line l where l.version_id = v.id), '[]') as heads,
    coalesce((select jsonb_agg(jsonb_build_object('startsOn', t.starts_on, 'endsOn', t.ends_on, 'personMinutes', t.person_minutes) order by t.starts_on) from target t where t.version_id = v.id), '[]') as targets,
    coalesce((select jsonb_agg(h.hotspot_id order by h.hotspot_id) from version_hotspot h where h.version_id = v.id), '[]') as "hotspotIds"
  from agreement_version v`;

const toVersion = (row: Omit<Version, 'createdAt'> & { createdAt: Date }): Version => ({ ...row, createdAt: row.createdAt.toISOString() });

async function findOne(db: Knex, where: string, bindings: Record<string, string>): Promise<Version | undefined> {
  const { rows } = await db.raw(`${versionSelect} where ${where} order by v.number desc limit 1`, bindings);
  return rows[0] && toVersion(rows[0]);
}

/** The terms in force on a day, with heads, profile, targets, hotspots and payment basis; undefined before the first version. */
export function currentVersion(db: Knex, agreementId: string, on: string): Promise<Version | undefined> {
  return findOne(db, 'v.agreement_id = cast(:agreementId as uuid) and v.effective_from <= cast(:on as date)', { agreementId, on });
}

/** The last version made, whichever day it is. */
export function latestVersion(db: Knex, agreementId: string): Promise<Version | undefined> {
  return findOne(db, 'v.agreement_id = cast(:agreementId as uuid)', { agreementId });
}

/** The version that a variation, a reallocation or a virement made. */
export function versionOf(db: Knex, agreementId: string, source: { readonly kind: VersionSource; readonly id: string }): Promise<Version | undefined> {
  return findOne(db, 'v.agreement_id = cast(:agreementId as uuid) and v.source_kind = :kind and v.source_id = cast(:id as uuid)', { agreementId, ...source });
}

/** Every version of an agreement, newest first. */
export async function listVersions(db: Knex, agreementId: string): Promise<Version[]> {
  const { rows } = await db.raw(`${versionSelect} where v.agreement_id = cast(:agreementId as uuid) order by v.number desc`, { agreementId });
  return (rows as Parameters<typeof toVersion>[0][]).map(toVersion);
}

export interface VersionToWrite extends TermsSaid {
  readonly agreementId: string;
  readonly number: number;
  readonly effectiveFrom: string;
  readonly purpose: string;
  readonly schedules: readonly ScheduleTerms[];
  readonly difference: readonly Difference[];
  readonly reason: string;
  readonly source: { readonly kind: VersionSource; readonly id: string };
  readonly createdBy: string | null;
}

/** Writes a version with all that belongs to it; the database checks what it adds up to when the transaction ends. */
export async function insertVersion(db: Knex, row: VersionToWrite): Promise<string> {
  const version = { version_id: randomUUID(), agreement_id: row.agreementId };
  await db('agreement_version').insert({
    id: version.version_id, agreement_id: row.agreementId, number: row.number, variation_id: row.source.kind === 'variation' ? row.source.id : null,
    effective_from: row.effectiveFrom, ceiling_pence: row.ceilingPence, ends_on: row.endsOn, productive_ratio: row.productiveRatio, payment_basis: row.paymentBasis,
    overheads_agreed: row.overheadsAgreed, overheads_percent: row.overheadsPercent, purpose: row.purpose, schedules: JSON.stringify(row.schedules),
    difference: JSON.stringify(row.difference), reason: row.reason, source_kind: row.source.kind, source_id: row.source.id, created_by: row.createdBy,
  });
  const add = async (table: string, rows: readonly object[]): Promise<void> => void (rows.length > 0 && (await db(table).insert(rows.map((each) => ({ ...version, ...each })))));
  await add('budget_line', row.heads.map(({ head, budgetPence, tolerancePence }) => ({ head, budget_pence: budgetPence, tolerance_pence: tolerancePence })));
  await add('budget_profile', row.heads.flatMap(({ head, profile }) => profile.map(({ startsOn, amountPence }) => ({ head, starts_on: startsOn, amount_pence: amountPence }))));
  await add('target', row.targets.map(({ startsOn, endsOn, personMinutes }) => ({ starts_on: startsOn, ends_on: endsOn, person_minutes: personMinutes })));
  await add('version_hotspot', row.hotspotIds.map((hotspotId) => ({ hotspot_id: hotspotId })));
  return version.version_id;
}

/** The agreement’s own row says what its last version says. */
export async function updateAgreement(db: Knex, id: string, values: { ceiling_pence?: number; ends_on?: string; productive_ratio?: number }): Promise<void> {
  await db('agreement').where({ id }).update(values);
}

/** The fund's row, then the agreements' by id: the order in which everything that changes their amounts takes them. Not FOR UPDATE: a poster that holds a ledger looks at its agreement's key. */
export async function lockForTerms(db: Knex, agreementIds: readonly string[]): Promise<void> {
  await db.raw('select id from fund where id in (select fund_id from agreement where id = any(cast(:ids as uuid[]))) order by id for no key update', { ids: [...agreementIds] });
  await db.raw('select id from agreement where id = any(cast(:ids as uuid[])) order by id for no key update', { ids: [...agreementIds] });
}

/** What each head of a ledger was given in all, in pence: what is left of it and what it went to. */
export async function givenByHead(db: Knex, agreementId: string): Promise<Map<string, number>> {
  const rows: { head: string; pence: number; tolerance: number }[] = await db('ledger_account').select('head').sum({ pence: 'balance_pence' }).where({ agreement_id: agreementId }).whereNot({ kind: 'award' }).groupBy('head');
  return new Map(rows.map(({ head, pence }) => [head, pence]));
}

export async function tolerancesByHead(db: Knex, agreementId: string): Promise<Map<string, number>> {
  const rows: { head: string; tolerance: number }[] = await db('ledger_account').select('head', 'tolerance_pence as tolerance').where({ agreement_id: agreementId, kind: 'available' });
  return new Map(rows.map(({ head, tolerance }) => [head, tolerance]));
}

export async function updateTolerance(db: Knex, agreementId: string, head: string, tolerancePence: number): Promise<void> {
  await db('ledger_account').where({ agreement_id: agreementId, kind: 'available', head }).whereNot({ tolerance_pence: tolerancePence }).update({ tolerance_pence: tolerancePence });
}

/** Heads that budgets may be given under on a day, and those given as in use already. */
export async function knownHeads(db: Knex, on: string, inUse: readonly string[] = []): Promise<KnownHead[]> {
  return db('budget_head').select('name', 'needs_agreement as needsAgreement').whereRaw('daterange(valid_from, valid_to) @> ?::date', [on]).orWhereIn('name', [...inUse, '']).orderBy(['valid_from', 'name']);
}
