/** What was said and decided about refused minutes. */
import type { Knex } from 'knex';
import type { HoursDecision } from './hoursContract.ts';

/** A decision with what tells which minutes it is about. */
export interface DecisionRow extends Omit<HoursDecision, 'own'> {
  readonly agreementId: string;
  readonly person: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly fingerprint: string;
  readonly explainedBy: string;
}

const columns = [
  'id', 'agreement_id as agreementId', 'visit_id as visitId', 'person', 'reason', 'day', 'from_at as fromAt', 'to_at as toAt', 'fingerprint', 'minutes', 'state', 'explanation',
  'explained_by as explainedBy', 'explained_at as explainedAt', 'decided_at as decidedAt', 'decided_why as decidedWhy',
];
type Kept = Omit<DecisionRow, 'fromMs' | 'toMs' | 'explainedAt' | 'decidedAt'> & { fromAt: Date; toAt: Date; explainedAt: Date; decidedAt: Date | null };
const toDecision = ({ fromAt, toAt, explainedAt, decidedAt, ...row }: Kept): DecisionRow =>
  ({ ...row, fromMs: fromAt.getTime(), toMs: toAt.getTime(), explainedAt: explainedAt.toISOString(), decidedAt: decidedAt?.toISOString() ?? null });

/** Decisions about the visits of some days, newest first. */
export async function listDecisions(db: Knex, agreementId: string, { from, to }: { readonly from: string; readonly to: string }): Promise<DecisionRow[]> {
  const rows: Kept[] = await db('hours_decision').select(columns).where({ agreement_id: agreementId }).whereBetween('day', [from, to]).orderBy('explained_at', 'desc');
  return rows.map(toDecision);
}

export async function findDecision(db: Knex, agreementId: string, id: string): Promise<DecisionRow | undefined> {
  const row: Kept | undefined = await db('hours_decision').select(columns).where({ agreement_id: agreementId, id }).first();
  return row && toDecision(row);
}

export type NewDecision = Pick<DecisionRow, 'id' | 'agreementId' | 'visitId' | 'person' | 'reason' | 'day' | 'fromMs' | 'toMs' | 'fingerprint' | 'minutes' | 'explanation' | 'explainedBy'> & { readonly state: 'explained' | 'corrected' };

export async function insertDecision(db: Knex, row: NewDecision): Promise<void> {
  await db('hours_decision').insert({
    id: row.id, agreement_id: row.agreementId, visit_id: row.visitId, person: row.person, reason: row.reason, day: row.day, from_at: new Date(row.fromMs), to_at: new Date(row.toMs),
    fingerprint: row.fingerprint, minutes: row.minutes, state: row.state, explanation: row.explanation, explained_by: row.explainedBy,
  });
}

/** A second person's decision; the database refuses the person who explained, and a second one. */
export async function decide(db: Knex, id: string, { state, decidedBy, why }: { readonly state: 'accepted' | 'declined'; readonly decidedBy: string; readonly why: string }): Promise<void> {
  await db('hours_decision').where({ id }).update({ state, decided_by: decidedBy, decided_why: why });
}
