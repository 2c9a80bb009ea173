/** What the phone page carries with it, and what a phone's fixes showed. */
import type { Knex } from 'knex';
import type { Fix, PackHotspot, PackStop, PackWarden } from './contract.ts';

/** Hotspots to go to on a day, with their outlines, their plan for that day and the next, and when they were last visited. */
export async function listPackHotspots(db: Knex, councils: readonly string[], on: string): Promise<PackHotspot[]> {
  const { rows } = await db.raw(
    `select h.id, h.name, h.council_code as "councilCode", st_asgeojson(h.outline, 5)::jsonb -> 'coordinates' as polygons, h.live_from as "liveFrom", h.live_to as "liveTo",
       (select max(v.started_at) from visit v where v.hotspot_id = h.id and v.visited_on between cast(:on as date) - 56 and cast(:on as date) + 1) as "lastVisitAt",
       coalesce((select jsonb_agg(jsonb_build_object('date', p.week + p.band_day - 1, 'band', p.band, 'visits', p.visits) order by p.week, p.band_day, p.band)
         from planned_hours p where p.hotspot_id = h.id and p.visits > 0 and p.week + p.band_day - 1 between cast(:on as date) and cast(:on as date) + 1), '[]') as planned
     from hotspot h
     where h.council_code = any(cast(:councils as text[])) and h.state in ('live', 'paused') and daterange(h.live_from, h.live_to) @> cast(:on as date)
       and not exists (select from hotspot_pause p where p.hotspot_id = h.id and daterange(p.paused_from, p.paused_to) @> cast(:on as date))
     order by h.council_code, h.name`,
    { councils, on },
  );
  return (rows as (Omit<PackHotspot, 'lastVisitAt'> & { lastVisitAt: Date | null })[]).map((row) => ({ ...row, lastVisitAt: row.lastVisitAt?.toISOString() ?? null }));
}

/** Stops of the rounds in force of whoever is signed in, around a moment. */
export async function listOwnStops(db: Knex, councils: readonly string[], at: Date): Promise<PackStop[]> {
  const { rows } = await db.raw(
    `select s.hotspot_id as "hotspotId", s.arrives_at as "arrivesAt", s.leaves_at as "leavesAt"
     from round_stop s join round r on r.id = s.round_id join round_draw d on d.id = r.draw_id
     where d.withdrawn_at is null and r.council_code = any(cast(:councils as text[])) and own_round(r.id)
       and s.leaves_at between cast(:at as timestamptz) - interval '12 hours' and cast(:at as timestamptz) + interval '24 hours'
     order by s.arrives_at, s.position`,
    { councils, at: at.toISOString() },
  );
  return (rows as { hotspotId: string; arrivesAt: Date; leavesAt: Date }[]).map((row) => ({ ...row, arrivesAt: row.arrivesAt.toISOString(), leavesAt: row.leavesAt.toISOString() }));
}

/** Wardens employed on a day, with the powers they hold and which of them is signed in. */
export async function listPackWardens(db: Knex, councils: readonly string[], on: string): Promise<PackWarden[]> {
  const { rows } = await db.raw(
    `select w.reference, w.council_code as "councilCode", w.staff_category as "staffCategory", own_warden(w.id) as own,
       coalesce((select jsonb_agg(p.action_code order by p.action_code) from warden_power p where p.warden_id = w.id and daterange(p.valid_from, p.valid_to) @> cast(:on as date)), '[]') as powers
     from warden w where w.council_code = any(cast(:councils as text[])) and exists (select from warden_contract c where c.warden_id = w.id and daterange(c.valid_from, c.valid_to) @> cast(:on as date))
     order by w.council_code, w.reference`,
    { councils, on },
  );
  return rows as PackWarden[];
}

export async function insertFixes(db: Knex, visitId: string, fixes: { readonly arrived: Fix; readonly left: Fix }): Promise<void> {
  await db('visit_fix').insert((['arrived', 'left'] as const).map((moment) => ({ visit_id: visitId, moment, found: fixes[moment].found, accuracy_metres: fixes[moment].found === 'none' ? null : fixes[moment].accuracyMetres })));
}
