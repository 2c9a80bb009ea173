/** Alerts as rows, and what they are judged by. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { CouncilFacts, DueAlert, StandingAlert } from './alerts.ts';
import { sayAlert } from './alerts.ts';
import type { DeliveryAlert } from './contract.ts';

/** Each council whose agreement runs on a day, as it stood at the end of the day. */
export async function listCouncilFacts(db: Knex, on: string): Promise<CouncilFacts[]> {
  const { rows } = await db.raw(
    `select o.council_code as "councilCode", s.started_on as "startedOn",
       (select max(v.visited_on) from visit v where v.council_code = o.council_code and v.visited_on <= cast(:on as date)) as "lastVisitOn",
       (select sum(p.person_minutes)::int from planned_hours p where p.council_code = o.council_code and p.week = date_trunc('week', cast(:on as date))::date) as "plannedMinutes",
       coalesce((select sum(v.person_minutes)::int from visit v where v.council_code = o.council_code and v.visited_on between date_trunc('week', cast(:on as date))::date and cast(:on as date)), 0) as "deliveredMinutes",
       coalesce((select jsonb_agg(jsonb_build_object('id', h.id, 'liveFrom', h.live_from,
           'lastVisitOn', (select max(v.visited_on) from visit v where v.hotspot_id = h.id and v.visited_on <= cast(:on as date))) order by h.id)
         from hotspot h where h.council_code = o.council_code and h.state not in ('proposed', 'paused') and daterange(h.live_from, h.live_to) @> cast(:on as date)
           and not exists (select from hotspot_pause p where p.hotspot_id = h.id and daterange(p.paused_from, p.paused_to) @> cast(:on as date))), '[]') as hotspots
     from organisation o left join patrol_start s on s.council_code = o.council_code
     where o.kind = 'council' and exists (select from agreement a where a.council_code = o.council_code and a.state in ('signed', 'live', 'live at risk', 'closing') and cast(:on as date) between a.starts_on and a.ends_on)
     order by o.council_code`, { on });
  return rows as CouncilFacts[];
}

export async function listStanding(db: Knex): Promise<StandingAlert[]> {
  return db('delivery_alert').select('id', 'council_code as councilCode', 'hotspot_id as hotspotId', 'kind', 'since_on as sinceOn').whereNull('ended_on').orderBy(['council_code', 'id']);
}

/** Raises an alert unless one stands, or stood for the same cause; its id when it is new. */
export async function raiseAlert(db: Knex, alert: DueAlert, raisedOn: string): Promise<string | undefined> {
  const id = randomUUID();
  const rows = await db('delivery_alert').insert({
    id, council_code: alert.councilCode, hotspot_id: alert.hotspotId, kind: alert.kind, raised_on: raisedOn, since_on: alert.sinceOn, found: alert.found, threshold: alert.threshold,
  }).onConflict().ignore().returning('id');
  return rows.length > 0 ? id : undefined;
}

/** Ends an alert on the day the visit came that it waited for, or its week was over; else on the day it is found to be no longer due. */
export async function endAlert(db: Knex, id: string, on: string, endedBy: string): Promise<void> {
  await db.raw(
    `update delivery_alert a set ended_by = cast(:endedBy as text), ended_on = greatest(a.raised_on, coalesce((select min(v.visited_on) from visit v
       where :endedBy = 'visit' and v.council_code = a.council_code and v.visited_on > a.since_on and (a.hotspot_id is null or v.hotspot_id = a.hotspot_id)), case when :endedBy = 'week over' then a.since_on + 7 end, cast(:on as date)))
     where a.id = :id and a.ended_on is null`, { id, on, endedBy });
}

export async function acknowledge(db: Knex, id: string, personId: string, reason: string): Promise<void> {
  await db('delivery_alert').where({ id }).update({ acknowledged_by: personId, acknowledged_reason: reason });
}

export interface AlertFilter {
  readonly councils: readonly string[];
  readonly id?: string | undefined;
  readonly hotspotId?: string | undefined;
  /** Those that stood at the end of this day; without it all of them. */
  readonly standingOn?: string | undefined;
}

type Row = Omit<DeliveryAlert, 'says' | 'acknowledged'> & { found: number; threshold: number; by: string | null; at: Date | null; reason: string | null };

/** Alerts of a scope: those that stand first, then the newest. */
export async function listAlerts(db: Knex, { councils, id, hotspotId, standingOn }: AlertFilter): Promise<DeliveryAlert[]> {
  const { rows } = await db.raw(
    `select a.id, a.kind, a.council_code as "councilCode", o.name as council, a.hotspot_id as "hotspotId", h.name as hotspot, a.raised_on as "raisedOn", a.since_on as "sinceOn",
       a.found::float8 as found, a.threshold::float8 as threshold, a.ended_on as "endedOn", a.ended_by as "endedBy", p.name as by, a.acknowledged_at as at, a.acknowledged_reason as reason
     from delivery_alert a join organisation o on o.council_code = a.council_code left join hotspot h on h.id = a.hotspot_id left join person p on p.id = a.acknowledged_by
     where a.council_code = any(cast(:councils as text[])) and (cast(:id as uuid) is null or a.id = cast(:id as uuid)) and (cast(:hotspot as uuid) is null or a.hotspot_id = cast(:hotspot as uuid))
       and (cast(:on as date) is null or (a.raised_on <= cast(:on as date) and (a.ended_on is null or a.ended_on > cast(:on as date))))
     order by a.ended_on is not null, a.raised_on desc, a.council_code, h.name limit 200`,
    { councils: [...councils], id: id ?? null, hotspot: hotspotId ?? null, on: standingOn ?? null });
  return (rows as Row[]).map(({ found, threshold, by, at, reason, ...row }) => ({ ...row, says: sayAlert({ ...row, found, threshold }), acknowledged: at ? { by, at: at.toISOString(), reason: reason ?? '' } : null }));
}
