/** A visit's row written again. */
import type { Knex } from 'knex';
import type { VisitRow } from './visitQueries.ts';

/** Changes where, when and by whom a visit was; its wardens are written again with its time. */
export async function updateVisit(db: Knex, row: VisitRow): Promise<void> {
  await db('visit_warden').where({ visit_id: row.id }).delete();
  await db('visit').where({ id: row.id }).update({
    hotspot_id: row.hotspotId, started_at: row.startedAt, ended_at: row.endedAt, staff_category: row.staffCategory, persons: row.persons, patrol_reference: row.patrolReference,
  });
  if (row.wardenIds.length === 0) return;
  await db.raw(
    'insert into visit_warden (visit_id, warden_id, during) select cast(:id as uuid), w.id, tstzrange(cast(:from as timestamptz), cast(:to as timestamptz)) from unnest(cast(:wardens as uuid[])) as w(id)',
    { id: row.id, from: row.startedAt, to: row.endedAt, wardens: [...row.wardenIds] });
}
