/** Resets of a lost second factor: proposed by one administrator, decided by another; the database takes the factor off. */
import type { Knex } from 'knex';
import type { SecondFactorReset } from './contract.ts';

const resetSelect = `
  select id, person_id as "personId", state, reason, proposed_by as "proposedBy", proposed_at as "proposedAt", decided_by as "decidedBy" from second_factor_reset`;

export async function hasSecondFactor(db: Knex, personId: string): Promise<boolean> {
  return (await db('person').select('id').where({ id: personId }).whereNotNull('second_factor_confirmed_at').first()) !== undefined;
}

export async function saveReset(db: Knex, row: { id: string; personId: string; reason: string; proposedBy: string; proposedAt: Date }): Promise<SecondFactorReset> {
  await db('second_factor_reset').insert({ id: row.id, person_id: row.personId, reason: row.reason, proposed_by: row.proposedBy, proposed_at: row.proposedAt });
  return (await findReset(db, row.id))!;
}

export async function findReset(db: Knex, id: string): Promise<SecondFactorReset | undefined> {
  const { rows } = await db.raw(`${resetSelect} where id = :id for update`, { id });
  const row = rows[0] as (Omit<SecondFactorReset, 'proposedAt'> & { proposedAt: Date }) | undefined;
  return row && { ...row, proposedAt: row.proposedAt.toISOString() };
}

/** Approved, the row itself takes off the second factor and its recovery codes and ends the person's sessions. */
export async function decideReset(db: Knex, id: string, decision: { approve: boolean; by: string; at: Date; reason: string }): Promise<void> {
  await db('second_factor_reset').where({ id, state: 'proposed' }).update({
    state: decision.approve ? 'approved' : 'refused', decided_by: decision.by, decided_at: decision.at, decision_reason: decision.reason,
  });
}
