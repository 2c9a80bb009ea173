/** A visit's row written again or taken out, and what was corrected and withdrawn before. */
import type { Knex } from 'knex';
import type { VisitRow } from './visitQueries.ts';

/** Changes everything of a visit but its council; wardens and actions are written again. */
export async function updateVisit(db: Knex, row: VisitRow): Promise<void> {
  await db('visit_warden').where({ visit_id: row.id }).delete();
  await db('visit_action').where({ visit_id: row.id }).delete();
  await db('visit').where({ id: row.id }).update({
    hotspot_id: row.hotspotId, started_at: row.startedAt, ended_at: row.endedAt, staff_category: row.staffCategory, persons: row.persons, patrol_reference: row.patrolReference,
    on_foot: row.onFoot, extended: row.extended, joint_with_police: row.jointWithPolice, joint_force: row.jointForce ?? null, recorded_how: row.recordedHow, note: row.note,
  });
  if (row.actions.length > 0) await db('visit_action').insert(row.actions.map(({ code, n }) => ({ visit_id: row.id, action_code: code, n })));
  if (row.wardenIds.length === 0) return;
  await db.raw(
    'insert into visit_warden (visit_id, warden_id, during) select cast(:id as uuid), w.id, tstzrange(cast(:from as timestamptz), cast(:to as timestamptz)) from unnest(cast(:wardens as uuid[])) as w(id)',
    { id: row.id, from: row.startedAt, to: row.endedAt, wardens: [...row.wardenIds] });
}

export async function deleteVisit(db: Knex, id: string): Promise<void> {
  await db('visit').where({ id }).delete();
}

/** A place or time that is corrected no longer stands on what the phone showed. */
export async function deleteFixes(db: Knex, visitId: string): Promise<void> {
  await db('visit_fix').where({ visit_id: visitId }).delete();
}

export interface VisitChangeRow {
  readonly visitId: string;
  readonly councilCode: string;
  readonly subject: 'visit' | 'missed';
  readonly kind: 'corrected' | 'withdrawn';
  readonly before: unknown;
  readonly after?: unknown;
  readonly reason: string;
}

/** Keeps what a record was before it changed, for good, as the next of its changes. */
export async function insertVisitChange(db: Knex, row: VisitChangeRow, changedBy: string | null): Promise<void> {
  await db.raw(
    `insert into visit_change (visit_id, number, council_code, subject, kind, before, after, reason, changed_by)
     select :visitId, coalesce(max(number), 0) + 1, :councilCode, :subject, :kind, cast(:before as jsonb), cast(:after as jsonb), :reason, :changedBy from visit_change where visit_id = :visitId`,
    { ...row, before: JSON.stringify(row.before), after: row.after === undefined ? null : JSON.stringify(row.after), changedBy });
}

export interface FormerVisit<V> {
  readonly id: string;
  readonly kind: 'corrected' | 'withdrawn';
  readonly before: V;
}

/** What some visits were before each of their changes, in their order. */
export async function listFormer<V>(db: Knex, ids: readonly string[]): Promise<FormerVisit<V>[]> {
  const { rows } = await db.raw('select visit_id as id, kind, before from visit_change where visit_id = any(cast(:ids as uuid[])) order by visit_id, number', { ids: [...ids] });
  return rows as FormerVisit<V>[];
}
