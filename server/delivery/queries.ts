/** What was planned and delivered over some weeks, counted by the database. */
import type { Knex } from 'knex';
import type { Delivery, DeliveredBand } from './contract.ts';
import type { ClaimedAndPatrolled } from './cost.ts';
import type { VisitedPlace } from './gaps.ts';

export interface Span {
  readonly councils: readonly string[];
  /** First and last day, both included; the first is a Monday, the last a Sunday. */
  readonly from: string;
  readonly to: string;
  readonly hotspot?: string | undefined;
}

const bindings = ({ councils, from, to, hotspot }: Span) => ({ councils: [...councils], from, to, hotspot: hotspot ?? null });
const visitsOfSpan = `from visit v where v.council_code = any(cast(:councils as text[])) and v.visited_on between cast(:from as date) and cast(:to as date) and (cast(:hotspot as uuid) is null or v.hotspot_id = cast(:hotspot as uuid))`;
const planOfSpan = `from planned_hours p where p.council_code = any(cast(:councils as text[])) and p.week between cast(:from as date) and cast(:to as date) and (cast(:hotspot as uuid) is null or p.hotspot_id = cast(:hotspot as uuid))`;
/** The band of the local clock that a visit starts in. */
const dayOf = `extract(isodow from v.started_at at time zone 'Europe/London')::int`;
const bandOf = `floor(extract(hour from v.started_at at time zone 'Europe/London') / 4)::int`;

/** Bands of the week with anything planned or delivered, all weeks of the span together; delivered in weeks that have a plan, so that both are of the same weeks, or in all where none has one. */
export async function listBands(db: Knex, span: Span, anyPlan: boolean): Promise<DeliveredBand[]> {
  const { rows } = await db.raw(
    `with planned as (select p.hotspot_id, p.band_day::int as day, p.band::int as band, sum(p.visits)::int as visits, sum(p.person_minutes)::int as minutes ${planOfSpan} group by 1, 2, 3),
     delivered as (select v.hotspot_id, ${dayOf} as day, ${bandOf} as band, count(*)::int as visits, sum(v.person_minutes)::int as minutes ${visitsOfSpan}
       and (not :anyPlan or exists (select from planned_hours w where w.council_code = v.council_code and w.week = date_trunc('week', v.visited_on)::date)) group by 1, 2, 3)
     select hotspot_id as "hotspotId", day, band, coalesce(p.visits, 0) as "plannedVisits", coalesce(p.minutes, 0) as "plannedPersonMinutes", coalesce(d.visits, 0) as "deliveredVisits", coalesce(d.minutes, 0) as "deliveredPersonMinutes"
     from planned p full join delivered d using (hotspot_id, day, band) order by 1, 2, 3`, { ...bindings(span), anyPlan });
  return rows as DeliveredBand[];
}

type Totals = Omit<Delivery['totals'], 'qualifyingMinutes' | 'personMinutesByClass'> & { a: number; b: number; c: number; d: number; plannedWeeks: number };

/** Totals of the span; patrol-minutes are those with any member of the crew there, so that two rows of one patrol at one time count once. */
export async function sumDelivery(db: Knex, span: Span, qualifyingMinutes: number): Promise<Totals> {
  const { rows } = await db.raw(
    `with v as (select v.* ${visitsOfSpan}), p as (select p.* ${planOfSpan}),
     present as (select unnest(range_agg(tstzrange(started_at, ended_at))) as during from v group by hotspot_id, council_code, patrol_reference)
     select (select count(distinct week)::int from p) as "plannedWeeks", (select sum(visits)::int from p) as "plannedVisits", (select sum(person_minutes)::int from p) as "plannedPersonMinutes",
       count(*)::int as "deliveredVisits", count(distinct (council_code, patrol_reference))::int as patrols,
       coalesce((select floor(sum(extract(epoch from upper(during) - lower(during))) / 60)::int from present), 0) as "patrolMinutes",
       coalesce(sum(person_minutes), 0)::int as "personMinutes", (count(*) filter (where minutes >= :qualifyingMinutes))::int as "qualifyingVisits",
       (count(*) filter (where exists (select from planned_hours w where w.council_code = v.council_code and w.week = date_trunc('week', v.visited_on)::date)
         and not exists (select from planned_hours h where h.hotspot_id = v.hotspot_id and h.week = date_trunc('week', v.visited_on)::date and h.visits > 0 and h.band_day = ${dayOf} and h.band = ${bandOf})))::int as "outsidePlan",
       coalesce(sum(person_minutes) filter (where evidence_class = 'A'), 0)::int as a, coalesce(sum(person_minutes) filter (where evidence_class = 'B'), 0)::int as b,
       coalesce(sum(person_minutes) filter (where evidence_class = 'C'), 0)::int as c, coalesce(sum(person_minutes) filter (where evidence_class = 'D'), 0)::int as d
     from v`, { ...bindings(span), qualifyingMinutes });
  return rows[0] as Totals;
}

/** Hotspots live in the span with their days of visits: those in it, the last before it and the first after it. */
export async function listVisitedPlaces(db: Knex, span: Span): Promise<VisitedPlace[]> {
  const { rows } = await db.raw(
    `select h.id as "hotspotId", h.name as hotspot, h.council_code as "councilCode", h.live_to as "liveTo", case when s.started_on is null then null else greatest(h.live_from, s.started_on) end as "beginsOn",
       coalesce((select jsonb_agg(day order by day) from (
         select distinct v.visited_on as day from visit v where v.hotspot_id = h.id and v.visited_on between cast(:from as date) and cast(:to as date)
         union select max(v.visited_on) from visit v where v.hotspot_id = h.id and v.visited_on < cast(:from as date)
         union select min(v.visited_on) from visit v where v.hotspot_id = h.id and v.visited_on > cast(:to as date)) days where day is not null), '[]') as "visitedOn"
     from hotspot h left join patrol_start s on s.council_code = h.council_code
     where h.council_code = any(cast(:councils as text[])) and h.state <> 'proposed' and (cast(:hotspot as uuid) is null or h.id = cast(:hotspot as uuid))
       and daterange(h.live_from, h.live_to) && daterange(cast(:from as date), cast(:to as date), '[]') order by h.council_code, h.name`, bindings(span));
  return rows as VisitedPlace[];
}

export async function listMissed(db: Knex, span: Span): Promise<Delivery['missed']> {
  const { rows } = await db.raw(
    `select r.name as reason, sum(m.visits)::int as visits from missed_visit m join missed_reason r on r.code = m.reason_code
     where m.council_code = any(cast(:councils as text[])) and m.missed_on between cast(:from as date) and cast(:to as date) and (cast(:hotspot as uuid) is null or m.hotspot_id = cast(:hotspot as uuid))
     group by r.code order by 2 desc, r.position`, bindings(span));
  return rows as Delivery['missed'];
}

/** Claims sent whose whole period is in the span, and the patrols of their days, by agreement. */
export async function listClaimedAndPatrolled(db: Knex, { councils, from, to }: Span): Promise<ClaimedAndPatrolled[]> {
  const { rows } = await db.raw(
    `with sent as (select c.agreement_id, a.reference, a.council_code, c.starts_on, c.ends_on, c.claimed_pence, c.approved_pence from claim c join agreement a on a.id = c.agreement_id
       where a.council_code = any(cast(:councils as text[])) and c.state not in ('draft', 'withdrawn', 'refused') and c.claimed_pence > 0 and c.starts_on >= cast(:from as date) and c.ends_on <= cast(:to as date)),
     paid as (select distinct on (v.id, s.agreement_id) s.agreement_id, v.* from sent s join visit v on v.council_code = s.council_code and v.visited_on between s.starts_on and s.ends_on and v.staff_category in ('warden', 'other')),
     present as (select agreement_id, unnest(range_agg(tstzrange(started_at, ended_at))) as during from paid group by agreement_id, hotspot_id, patrol_reference)
     select s.agreement_id as "agreementId", s.reference, o.name as council, min(s.starts_on) as "from", max(s.ends_on) as "to", count(*)::int as claims, sum(s.claimed_pence)::bigint as "claimedPence", sum(s.approved_pence)::bigint as "verifiedPence",
       coalesce((select floor(sum(extract(epoch from upper(during) - lower(during))) / 60)::int from present p where p.agreement_id = s.agreement_id), 0) as "patrolMinutes",
       coalesce((select sum(p.person_minutes)::int from paid p where p.agreement_id = s.agreement_id), 0) as "personMinutes"
     from sent s join organisation o on o.council_code = s.council_code group by 1, 2, 3 order by o.name, s.reference`, { councils: [...councils], from, to });
  return rows as ClaimedAndPatrolled[];
}
