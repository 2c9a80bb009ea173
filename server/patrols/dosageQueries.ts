/** What was planned and what was delivered, kept apart, by hotspot and week. */
import type { Knex } from 'knex';
import type { PlannedHoursRow } from './contract.ts';
import type { DosageFact, PlannedRow } from './dosage.ts';

export interface DosageFilter {
  readonly councils: readonly string[];
  /** Mondays, both included. */
  readonly from: string;
  readonly to: string;
  readonly hotspot?: string | undefined;
}

/** Every hotspot of the scope in every week of the span, whether or not anything is recorded. A visit belongs to the week of the day it starts on. */
export async function listDosage(db: Knex, filter: DosageFilter, qualifyingMinutes: number): Promise<DosageFact[]> {
  const { rows } = await db.raw(
    `with week as (select generate_series(cast(:from as date), cast(:to as date), interval '7 days')::date as monday),
     place as (select id, name, council_code, live_from, live_to from hotspot
       where council_code = any(cast(:councils as text[])) and state <> 'proposed' and (cast(:hotspot as uuid) is null or id = cast(:hotspot as uuid))),
     planned as (select hotspot_id, week, sum(visits)::int as visits, sum(person_minutes)::int as person_minutes from planned_hours
       where week between cast(:from as date) and cast(:to as date) group by hotspot_id, week),
     planning as (select distinct council_code, week from planned_hours where week between cast(:from as date) and cast(:to as date)),
     delivered as (select hotspot_id, date_trunc('week', visited_on)::date as week, count(*)::int as visits,
         (count(*) filter (where minutes >= :qualifyingMinutes))::int as qualifying, count(distinct (council_code, patrol_reference))::int as patrols,
         sum(minutes)::int as minutes, sum(person_minutes)::int as person_minutes,
         coalesce(sum(person_minutes) filter (where evidence_class = 'A'), 0)::int as a, coalesce(sum(person_minutes) filter (where evidence_class = 'B'), 0)::int as b,
         coalesce(sum(person_minutes) filter (where evidence_class = 'C'), 0)::int as c, coalesce(sum(person_minutes) filter (where evidence_class = 'D'), 0)::int as d
       from visit where visited_on >= cast(:from as date) and visited_on < cast(:to as date) + 7 group by 1, 2)
     select p.id as "hotspotId", p.name as hotspot, p.council_code as "councilCode", w.monday as week, p.live_from as "liveFrom", p.live_to as "liveTo",
       s.started_on as "patrolsStart",
       coalesce(pl.visits, case when pg.week is null then null else 0 end) as "plannedVisits",
       coalesce(pl.person_minutes, case when pg.week is null then null else 0 end) as "plannedPersonMinutes",
       coalesce(d.visits, 0) as visits, coalesce(d.qualifying, 0) as "qualifyingVisits", coalesce(d.patrols, 0) as patrols,
       coalesce(d.minutes, 0) as minutes, coalesce(d.person_minutes, 0) as "personMinutes",
       coalesce(d.a, 0) as a, coalesce(d.b, 0) as b, coalesce(d.c, 0) as c, coalesce(d.d, 0) as d
     from place p cross join week w
     left join planned pl on pl.hotspot_id = p.id and pl.week = w.monday
     left join planning pg on pg.council_code = p.council_code and pg.week = w.monday
     left join delivered d on d.hotspot_id = p.id and d.week = w.monday
     left join patrol_start s on s.council_code = p.council_code
     order by w.monday, p.council_code, p.name`,
    { councils: [...filter.councils], from: filter.from, to: filter.to, hotspot: filter.hotspot ?? null, qualifyingMinutes },
  );
  return rows as DosageFact[];
}

/** The plan in force for a week, by hotspot, day and band. */
export async function listPlannedHours(db: Knex, filter: { councils: readonly string[]; week: string; hotspots?: readonly string[] | undefined }): Promise<PlannedHoursRow[]> {
  const query = db('planned_hours as p')
    .join('hotspot as h', 'h.id', 'p.hotspot_id')
    .select('p.hotspot_id as hotspotId', 'h.name as hotspot', 'p.council_code as councilCode', 'p.band_day as day', 'p.band', 'p.visits',
      'p.person_minutes as personMinutes', 'p.paid_minutes as paidMinutes', 'p.allocation_id as allocationId')
    .where('p.week', filter.week)
    .whereIn('p.council_code', [...filter.councils])
    .orderBy(['p.council_code', 'h.name', 'p.band_day', 'p.band']);
  return filter.hotspots === undefined ? query : query.whereIn('p.hotspot_id', [...filter.hotspots]);
}

/** Puts a week's plan of some agreements in the place of their earlier one. */
export async function replacePlannedHours(db: Knex, plan: { week: string; agreementIds: readonly string[]; allocationId: string; rows: readonly PlannedRow[] }): Promise<void> {
  await db('planned_hours').where({ week: plan.week }).where((query) =>
    void query.whereIn('agreement_id', [...plan.agreementIds]).orWhereIn('hotspot_id', [...new Set(plan.rows.map((row) => row.hotspotId))])).delete();
  if (plan.rows.length === 0) return;
  await db.raw(
    `insert into planned_hours (hotspot_id, council_code, agreement_id, allocation_id, week, band_day, band, visits, person_minutes, paid_minutes, cost_pence)
     select r."hotspotId", r."councilCode", r."agreementId", :allocationId, :week, r.day, r.band, r.visits, r."personMinutes", r."paidMinutes", r."costPence"
     from jsonb_to_recordset(cast(:json as jsonb)) as r("hotspotId" uuid, "councilCode" text, "agreementId" uuid, day int, band int, visits int, "personMinutes" int, "paidMinutes" int, "costPence" bigint)`,
    { allocationId: plan.allocationId, week: plan.week, json: JSON.stringify(plan.rows) },
  );
}
