/** The minutes that stand behind a claim, as rows. */
import type { Knex } from 'knex';
import type { PaidSpan } from './hoursCheckPrice.ts';

export interface ClaimRef {
  readonly id: string;
  readonly agreementId: string;
}

/** What stands behind a draft, replaced; the claim's row is held by its own trigger meanwhile. */
export async function replaceSpans(db: Knex, claim: ClaimRef, head: string, spans: readonly PaidSpan[]): Promise<void> {
  await db('claim_hours').where({ claim_id: claim.id }).delete();
  const rows = spans.map(({ visitId, person, day, fromMs, toMs, band, pencePerHour }) => ({ visitId, person, day, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), band, pencePerHour }));
  await db.raw(
    `insert into claim_hours (claim_id, agreement_id, visit_id, person, day, from_at, to_at, head, band, pence_per_hour)
     select cast(:claimId as uuid), cast(:agreementId as uuid), r."visitId", r.person, r.day, r.from, r.to, :head, r.band, r."pencePerHour"
     from jsonb_to_recordset(cast(:json as jsonb)) as r("visitId" uuid, person text, day date, "from" timestamptz, "to" timestamptz, band text, "pencePerHour" bigint)`,
    { claimId: claim.id, agreementId: claim.agreementId, head, json: JSON.stringify(rows) });
}

/** Minutes behind a claim by person and first instant. */
export async function listSpans(db: Knex, claimId: string): Promise<{ person: string; visitId: string; fromMs: number; toMs: number; band: string; pencePerHour: number }[]> {
  const rows: { person: string; visitId: string; fromAt: Date; toAt: Date; band: string; pencePerHour: number }[] = await db('claim_hours')
    .select('person', 'visit_id as visitId', 'from_at as fromAt', 'to_at as toAt', 'band', 'pence_per_hour as pencePerHour').where({ claim_id: claimId }).orderBy(['person', 'from_at']);
  return rows.map(({ fromAt, toAt, ...row }) => ({ ...row, fromMs: fromAt.getTime(), toMs: toAt.getTime() }));
}
