/** The history of visits: what was corrected and withdrawn, when a visit was recorded and what its fixes showed. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { VisitChange, visitFixes } from './changeContract.ts';

export interface ChangesAsked {
  readonly councils: readonly string[];
  readonly visitId?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Changes of visits: of one in their order, or of a span of days with the newest first. */
export async function listVisitChanges(db: Knex, { councils, visitId, from, to }: ChangesAsked): Promise<VisitChange[]> {
  const { rows } = await db.raw(
    `select c.visit_id as "visitId", c.number, c.kind, c.before, c.after, c.reason, c.changed_at as "changedAt", p.name as "changedBy"
     from visit_change c left join person p on p.id = c.changed_by
     where c.subject = 'visit' and c.council_code = any(cast(:councils as text[])) and (cast(:visitId as uuid) is null or c.visit_id = cast(:visitId as uuid))
       and (cast(:from as date) is null or (c.changed_at at time zone 'Europe/London')::date between cast(:from as date) and cast(:to as date))
     order by ${visitId ? 'c.number' : 'c.changed_at desc, c.visit_id, c.number desc'}`,
    { councils, visitId: visitId ?? null, from: from ?? null, to: to ?? null });
  return (rows as (Omit<VisitChange, 'changedAt'> & { changedAt: Date })[]).map((row) => ({ ...row, changedAt: row.changedAt.toISOString() }));
}

export async function findRecordedAt(db: Knex, id: string): Promise<string | undefined> {
  const row = await db('visit').select('recorded_at').where({ id }).first<{ recorded_at: Date } | undefined>();
  return row?.recorded_at.toISOString();
}

export async function listFixes(db: Knex, visitId: string): Promise<z.infer<typeof visitFixes>> {
  return db('visit_fix').select('moment', 'found', 'accuracy_metres as accuracyMetres').where({ visit_id: visitId }).orderBy('moment');
}
