/** What patrols did, by ward, by hotspot and by council: for ward reports, the tasking document and scrutiny panels. */
import { lastDayOf } from '../returns/deadline.ts';
import type { Knex } from 'knex';
import type { ScrutinyRow } from './scrutiny.ts';
import type { TaskingFact } from './tasking.ts';
import type { WardWork } from './wardReport.ts';

interface Span {
  readonly council: string;
  readonly from: string;
  readonly to: string;
  readonly boundariesOn: string;
}

const bound = ({ council, from, to, boundariesOn }: Span): Record<string, string> => ({ council, first: `${from}-01`, last: lastDayOf(to), on: boundariesOn });

/** By ward of the council on the day: visits to hotspots that lie in it, and what was done on them. */
export async function listWardWork(db: Knex, span: Span): Promise<WardWork[]> {
  const { rows } = await db.raw(`
    with place as (
      select h.id, (select b.code from boundary b where b.kind = 'ward' and daterange(b.valid_from, b.valid_to) @> cast(:on as date) and st_intersects(b.geom, st_pointonsurface(h.outline)) order by b.code limit 1) as ward
      from hotspot h where h.council_code = :council
    ), stay as (select v.id, v.person_minutes, place.ward from visit v join place on place.id = v.hotspot_id where v.visited_on between cast(:first as date) and cast(:last as date)),
    done as (
      select stay.ward, coalesce(sum(a.n) filter (where a.action_code like 'fixed_penalty%'), 0)::int as penalties, coalesce(sum(a.n) filter (where a.action_code = 'public_engagement'), 0)::int as spoken,
        coalesce(sum(a.n) filter (where a.action_code in ('informal_warning', 'community_protection_warning')), 0)::int as warnings
      from stay join visit_action a on a.visit_id = stay.id group by 1
    ), time as (select ward, count(*)::int as visits, sum(person_minutes)::int as minutes from stay group by 1)
    select b.code, b.name, coalesce(time.visits, 0) as visits, coalesce(time.minutes, 0) as "personMinutes", coalesce(done.penalties, 0) as penalties, coalesce(done.spoken, 0) as spoken, coalesce(done.warnings, 0) as warnings
    from boundary b left join time on time.ward = b.code left join done on done.ward = b.code
    where b.kind = 'ward' and b.council_code = :council and daterange(b.valid_from, b.valid_to) @> cast(:on as date) order by b.name`, bound(span));
  return rows as WardWork[];
}

/** Each hotspot of the council that is live on some day of the month. */
export async function listTasking(db: Knex, span: Span, sources: readonly string[]): Promise<TaskingFact[]> {
  const { rows } = await db.raw(`
    with live as (select id, name, council_code, outline from hotspot where council_code = :council and state <> 'proposed' and daterange(live_from, live_to) && daterange(cast(:first as date), cast(:last as date) + 1)),
    inside as (
      select live.id, i.month, i.occurred_from, s.time_precision from live join location l on st_intersects(l.geom, live.outline) join incident i on i.location_id = l.id join category c on c.code = i.category_code and c.asb
        join source s on s.code = i.source_code
      where i.source_code = any(cast(:sources as text[])) and i.month between cast(:first as date) - interval '12 months' and cast(:first as date)
    ), peak as (
      select distinct on (id) id, day, hour, n from (
        select id, extract(isodow from occurred_from at time zone 'Europe/London')::int as day, (floor(extract(hour from occurred_from at time zone 'Europe/London') / 3) * 3)::int as hour, count(*)::int as n
        from inside where time_precision = 'minute' and occurred_from is not null group by 1, 2, 3) as slot order by id, n desc, day, hour)
    select live.id as "hotspotId", live.name, (select count(*)::int from inside where inside.id = live.id and month = cast(:first as date)) as now,
      (select count(*)::int from inside where inside.id = live.id and month between cast(:first as date) - interval '3 months' and cast(:first as date) - interval '1 month') as "threeBefore",
      (select count(*)::int from inside where inside.id = live.id and month = cast(:first as date) - interval '12 months') as "yearBefore",
      case when peak.n >= 5 then jsonb_build_object('day', peak.day, 'hour', peak.hour, 'n', peak.n) end as peak,
      (select coalesce(sum(person_minutes), 0)::int from planned_hours p where p.hotspot_id = live.id and p.week between cast(:first as date) and cast(:last as date)) as planned,
      (select coalesce(sum(v.person_minutes), 0)::int from visit v where v.hotspot_id = live.id and date_trunc('week', v.visited_on)::date between cast(:first as date) and cast(:last as date)) as delivered,
      (select max(visited_on) from visit v where v.hotspot_id = live.id and v.visited_on <= cast(:last as date)) as "lastVisit",
      cast(:last as date) - (select max(visited_on) from visit v where v.hotspot_id = live.id and v.visited_on <= cast(:last as date)) as "daysSince",
      t.owner, t.action
    from live left join peak on peak.id = live.id left join lateral (select owner, action from tasking_entry t where t.hotspot_id = live.id and t.month = cast(:first as date) order by entered_at desc limit 1) as t on true
    order by live.name`, { ...bound(span), sources: [...sources] });
  return rows as TaskingFact[];
}

/** Each council the person sees: what was planned, done and paid in the period. */
export async function listScrutiny(db: Knex, span: Span): Promise<ScrutinyRow[]> {
  const { council: _, on: __, ...given } = bound(span);
  const { rows } = await db.raw(`
    select o.council_code as code, o.name as council, s.started_on as started,
      (select count(*)::int from hotspot h where h.council_code = o.council_code and h.state <> 'proposed' and daterange(h.live_from, h.live_to) && daterange(cast(:first as date), cast(:last as date) + 1)) as hotspots,
      v.visits, v.minutes, v.person_minutes as "personMinutes", v.long as "longVisits", p.planned, a.enforcement, a.warnings, a.spoken, m.ceiling as "ceilingPence", m.paid as "paidPence"
    from organisation o left join patrol_start s on s.council_code = o.council_code
      cross join lateral (select count(*)::int as visits, coalesce(sum(minutes), 0)::int as minutes, coalesce(sum(person_minutes), 0)::int as person_minutes, (count(*) filter (where minutes >= 15))::int as long
        from visit where council_code = o.council_code and visited_on between cast(:first as date) and cast(:last as date)) as v
      cross join lateral (select coalesce(sum(person_minutes), 0)::int as planned from planned_hours where council_code = o.council_code and week between cast(:first as date) and cast(:last as date)) as p
      cross join lateral (select coalesce(sum(n) filter (where k.enforcement), 0)::int as enforcement, coalesce(sum(n) filter (where k.code in ('informal_warning', 'community_protection_warning')), 0)::int as warnings, coalesce(sum(n) filter (where k.code = 'public_engagement'), 0)::int as spoken
        from visit_action x join visit y on y.id = x.visit_id join action_kind k on k.code = x.action_code where y.council_code = o.council_code and y.visited_on between cast(:first as date) and cast(:last as date)) as a
      cross join lateral (select coalesce(sum(ceiling_pence), 0)::bigint as ceiling, coalesce((select sum(amount_pence) from payment q join agreement r on r.id = q.agreement_id where r.council_code = o.council_code and q.paid_on between cast(:first as date) and cast(:last as date)), 0)::bigint as paid
        from agreement g where g.council_code = o.council_code and g.starts_on <= cast(:last as date) and g.ends_on >= cast(:first as date)) as m
    where o.kind = 'council' order by o.council_code`, given);
  return rows as ScrutinyRow[];
}

export async function findHotspotCouncil(db: Knex, councils: readonly string[], id: string): Promise<string | undefined> {
  const row: { councilCode: string } | undefined = await db('hotspot').where({ id }).first('council_code as councilCode');
  return row && (councils.includes('*') || councils.includes(row.councilCode)) ? row.councilCode : undefined;
}

export async function listHotspotNames(db: Knex): Promise<{ id: string; name: string; councilCode: string }[]> {
  return db('hotspot').select('id', 'name', 'council_code as councilCode').whereNot({ state: 'proposed' }).orderBy(['council_code', 'name']);
}

export async function insertTasking(trx: Knex.Transaction, row: { id: string; hotspotId: string; month: string; owner: string; action: string; by: string | null }): Promise<void> {
  await trx('tasking_entry').insert({ id: row.id, hotspot_id: row.hotspotId, month: `${row.month}-01`, owner: row.owner, action: row.action, entered_by: row.by });
}
