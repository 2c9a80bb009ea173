/** A week at a glance, counted by the database. */
import type { Knex } from 'knex';
import type { BoardFact, MoneyFact } from './board.ts';

export interface BoardAsked {
  readonly councils: readonly string[];
  readonly week: string;
  readonly on: string;
  /** Day (1 Monday) and band that are going on; bands before them are over. */
  readonly day: number;
  readonly band: number;
}

/** Every hotspot live in the week up to `on`. */
export async function listBoard(db: Knex, asked: BoardAsked): Promise<BoardFact[]> {
  const { rows } = await db.raw(
    `select h.id as "hotspotId", h.name as hotspot, h.council_code as "councilCode", case when s.started_on is null then null else greatest(h.live_from, s.started_on) end as "beginsOn",
       exists (select from planned_hours p where p.council_code = h.council_code and p.week = cast(:week as date)) as planned,
       coalesce(p.minutes, 0) as "plannedMinutes", coalesce(p.visits, 0) as "plannedVisits", coalesce(p.by_now, 0) as "plannedByNowMinutes",
       coalesce(v.minutes, 0) as "deliveredMinutes", coalesce(v.visits, 0) as "deliveredVisits",
       (select max(l.visited_on) from visit l where l.hotspot_id = h.id and l.visited_on <= cast(:on as date)) as "lastVisitOn",
       coalesce((select sum(m.visits)::int from missed_visit m where m.hotspot_id = h.id and m.missed_on between cast(:week as date) and cast(:on as date)), 0) as "missedVisits"
     from hotspot h left join patrol_start s on s.council_code = h.council_code
     left join lateral (select sum(person_minutes)::int as minutes, sum(visits)::int as visits, sum(person_minutes) filter (where (band_day, band) < (:day, :band))::int as by_now
       from planned_hours p where p.hotspot_id = h.id and p.week = cast(:week as date)) p on true
     left join lateral (select sum(person_minutes)::int as minutes, count(*)::int as visits from visit v where v.hotspot_id = h.id and v.visited_on between cast(:week as date) and cast(:on as date)) v on true
     where h.council_code = any(cast(:councils as text[])) and h.state <> 'proposed' and daterange(h.live_from, h.live_to) && daterange(cast(:week as date), cast(:on as date), '[]')
     order by h.council_code, h.name`, { ...asked, councils: [...asked.councils] });
  return rows as BoardFact[];
}

/** Person-minutes planned and delivered by day of a week. */
export async function listDays(db: Knex, { councils, week }: { councils: readonly string[]; week: string }): Promise<{ date: string; plannedMinutes: number | null; deliveredMinutes: number }[]> {
  const { rows } = await db.raw(
    `select day::date as date, (select sum(p.person_minutes)::int from planned_hours p where p.council_code = any(cast(:councils as text[])) and p.week = cast(:week as date) and p.week + p.band_day - 1 = day::date) as "plannedMinutes",
       coalesce((select sum(v.person_minutes)::int from visit v where v.council_code = any(cast(:councils as text[])) and v.visited_on = day::date), 0) as "deliveredMinutes"
     from generate_series(cast(:week as date), cast(:week as date) + 6, interval '1 day') as day order by day`, { councils: [...councils], week });
  return rows as { date: string; plannedMinutes: number | null; deliveredMinutes: number }[];
}

/** Money of a week by the allocation in force for it, and the minutes delivered against it. */
export async function listMoney(db: Knex, { councils, week }: { councils: readonly string[]; week: string }): Promise<MoneyFact[]> {
  const { rows } = await db.raw(
    `select distinct on (a.id) a.id as "agreementId", a.reference, o.name as council, (p.plan -> 'money' ->> 'weekPence')::bigint as "weekPence", (p.plan -> 'money' ->> 'spentPence')::bigint as "plannedPence",
       (p.plan ->> 'personMinutes')::int as "plannedMinutes", a.ceiling_pence - a.committed_pence as "agreementLeftPence",
       coalesce((select sum(v.person_minutes)::int from visit v where v.council_code = a.council_code and v.staff_category in ('warden', 'other') and v.visited_on between cast(:week as date) and cast(:week as date) + 6), 0) as "deliveredMinutes"
     from allocation_plan p join allocation_run r on r.id = p.run_id join agreement a on a.id = p.agreement_id join organisation o on o.council_code = a.council_code
     where r.week = cast(:week as date) and a.council_code = any(cast(:councils as text[])) and p.plan -> 'money' is not null order by a.id, r.created_at desc`, { councils: [...councils], week });
  return rows as MoneyFact[];
}

/** Mondays with a plan in force, latest first. */
export async function listPlannedWeeks(db: Knex, councils: readonly string[]): Promise<string[]> {
  return db('planned_hours').distinct('week').whereIn('council_code', [...councils]).orderBy('week', 'desc').limit(120).pluck('week');
}
