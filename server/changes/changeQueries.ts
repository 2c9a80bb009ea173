/** What changes of hotspots leave in the database. */
import type { Knex } from 'knex';
import { freezeBaseline } from '../hotspots/hotspotQueries.ts';

export async function saveName(trx: Knex.Transaction, id: string, name: string): Promise<void> {
  await trx('hotspot').where({ id }).update({ name });
}

export async function saveWard(trx: Knex.Transaction, id: string, wardCode: string | null): Promise<void> {
  await trx('hotspot').where({ id }).update({ ward_code: wardCode });
}

export interface Pause {
  readonly hotspotId: string;
  readonly from: string;
  readonly to: string | null;
  readonly reason: string;
  readonly by: string | null;
  readonly at: Date;
}

export async function savePause(trx: Knex.Transaction, row: Pause): Promise<void> {
  await trx('hotspot_pause').insert({ hotspot_id: row.hotspotId, paused_from: row.from, paused_to: row.to, reason: row.reason, paused_by: row.by, paused_at: row.at });
}

/** Ends the open pause that began before the day; answers when it began, or undefined when there is none. */
export async function endPause(trx: Knex.Transaction, row: Omit<Pause, 'from' | 'to'> & { to: string }): Promise<string | undefined> {
  const rows: { paused_from: string }[] = await trx('hotspot_pause').where({ hotspot_id: row.hotspotId }).whereNull('paused_to').where('paused_from', '<', row.to)
    .update({ paused_to: row.to, resumed_reason: row.reason, resumed_by: row.by, resumed_at: row.at }).returning('paused_from');
  return rows[0]?.paused_from;
}

export interface Agreement {
  readonly id: string;
  readonly liveFrom: string;
  readonly baselineFrom: string;
  readonly baselineTo: string;
  readonly by: string | null;
  readonly at: Date;
}

export async function saveAgreement(trx: Knex.Transaction, row: Agreement): Promise<void> {
  await trx('hotspot').where({ id: row.id }).update({
    state: 'live', live_from: row.liveFrom, baseline_from: row.baselineFrom, baseline_to: row.baselineTo, adopted_by: row.by, adopted_at: row.at,
  });
  await freezeBaseline(trx, row.id);
}

export interface HotspotEvent {
  readonly happenedAt: Date;
  readonly action: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly reason: string | null;
}

/** The events of one hotspot, oldest first, as far as the person may read the trail. */
export async function listEvents(db: Knex, id: string): Promise<HotspotEvent[]> {
  return db('audit_event').select('happened_at as happenedAt', 'action', 'before', 'after', 'reason')
    .where({ subject_kind: 'hotspot', subject_id: id }).orderBy('id');
}
