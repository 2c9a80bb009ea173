/** What the first page is made of, counted by the database under the person's own fences. */
import type { Knex } from 'knex';
import type { AnalystFacts, AuditorFacts, ChaseFact, SignFact, WeekFact } from './firstPageFacts.ts';

/** Each running agreement with what is missing of it on a day. */
export async function listChaseFacts(db: Knex, asked: { on: string; quarterEndsOn: string; conditionDays: number }): Promise<ChaseFact[]> {
  const { rows } = await db.raw(
    `select a.id as "agreementId", o.name as council, a.reference, a.starts_on as "startsOn", a.ends_on as "endsOn", s.started_on as "patrolsStart",
       (select max(v.visited_on) from visit v where v.council_code = a.council_code and v.visited_on between a.starts_on and :on::date) as "lastVisitOn",
       exists (select from council_forecast f where f.agreement_id = a.id and f.quarter_ends_on = :quarterEndsOn::date and f.received_on <= :on::date) as "quarterSent",
       coalesce((select jsonb_agg(jsonb_build_object('startsOn', p.starts_on, 'endsOn', p.ends_on) order by p.starts_on) from ledger_period p
         where p.agreement_id = a.id and p.ends_on < :on::date and not exists (select from claim c where c.period_id = p.id and c.state not in ('draft', 'withdrawn', 'refused'))), '[]') as unclaimed,
       coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'number', c.number) order by c.number) from claim c where c.agreement_id = a.id and c.state = 'query'), '[]') as queried,
       coalesce((select jsonb_agg(jsonb_build_object('what', c.what, 'dueOn', c.due_on, 'owedBy', c.owed_by) order by c.due_on) from agreement_condition c
         where c.agreement_id = a.id and c.done_on is null and c.due_on <= :on::date + :conditionDays::int), '[]') as conditions
     from agreement a join organisation o on o.council_code = a.council_code left join patrol_start s on s.council_code = a.council_code
     where a.state in ('signed', 'live', 'live at risk', 'closing') and a.starts_on <= :on::date order by o.name, a.starts_on`, asked);
  return rows as ChaseFact[];
}

/** Everything that waits for a signature a person might give. */
export async function listToSign(db: Knex, personId: string): Promise<SignFact[]> {
  const { rows } = await db.raw(
    `select * from (
       select 'claim' as kind, c.id, c.agreement_id as "agreementId", c.number::text as what, c.claimed_pence as pence, c.submitted_at as since, null::date as "dueOn",
         :personId = any (c.preparers) or c.prepared_by = :personId or c.submitted_by = :personId as own from claim c where c.state = 'submitted'
       union all select 'payment', c.id, c.agreement_id, c.number::text, c.approved_pence - c.paid_pence, c.submitted_at, null, false from claim c where c.state = 'approved' and c.approved_pence > c.paid_pence
       union all select case v.state when 'proposed' then 'agreeing' else 'variation' end, v.id, v.agreement_id, v.number::text, null, coalesce(v.agreed_at, v.proposed_at), v.effective_from, v.proposed_by = :personId or v.agreed_by = :personId
         from variation v where v.state in ('proposed', 'council agreed')
       union all select 'unlock', u.id, u.agreement_id, to_char(p.starts_on, 'YYYY-MM-DD'), null, u.proposed_at, null, u.proposed_by = :personId from period_unlock u join ledger_period p on p.id = u.period_id where u.approved_by is null
       union all select 'hours', h.id, h.agreement_id, h.minutes::text, null, h.explained_at, null, h.explained_by = :personId from hours_decision h where h.state = 'explained'
       union all select 'reallocation', r.id, null, r.kind || ' ' || r.number, null, coalesce(r.agreed_at, r.proposed_at), r.effective_from, r.proposed_by = :personId from reallocation r where r.state = 'agreed'
       union all select 'giving', r.id, p.agreement_id, r.kind || ' ' || r.number, p.net_pence, r.proposed_at, r.effective_from, r.proposed_by = :personId
         from reallocation r join reallocation_party p on p.reallocation_id = r.id where r.state = 'proposed' and p.agreed_by is null and p.refused_by is null
       union all select 'closure', c.id, c.agreement_id, c.decision, null, c.proposed_at, null, c.proposed_by = :personId from closure c where c.state = 'proposed'
       union all select 'role', g.id, null, g.role, null, g.valid_from::timestamptz, null, g.granted_by = :personId or g.person_id = :personId from role_grant g where g.state = 'proposed'
     ) t left join lateral (select o.name as council from agreement a join organisation o on o.council_code = a.council_code where a.id = t."agreementId") o on true order by t.since`, { personId });
  return (rows as (Omit<SignFact, 'since'> & { since: Date })[]).map((row) => ({ ...row, since: row.since.toISOString() }));
}

/** Hours planned for a week and delivered in it up to a day, by live hotspot. */
export async function listWeek(db: Knex, asked: { monday: string; on: string }): Promise<WeekFact[]> {
  const { rows } = await db.raw(
    `select h.id as "hotspotId", h.name as hotspot, coalesce(s.started_on <= :on::date, false) as started,
       case when exists (select from planned_hours p where p.council_code = h.council_code and p.week = :monday::date)
         then coalesce((select sum(p.person_minutes) from planned_hours p where p.hotspot_id = h.id and p.week = :monday::date), 0)::int end as "plannedMinutes",
       coalesce((select sum(v.person_minutes) from visit v where v.hotspot_id = h.id and v.visited_on between :monday::date and :on::date), 0)::int as "deliveredMinutes"
     from hotspot h left join patrol_start s on s.council_code = h.council_code
     where h.state <> 'proposed' and h.live_from <= :on::date and (h.live_to is null or h.live_to > :monday::date) order by h.name`, asked);
  return rows as WeekFact[];
}

/** Where imports and analyses stand at a moment. */
export async function loadAnalystFacts(db: Knex, at: string): Promise<AnalystFacts> {
  const { rows } = await db.raw(
    `with latest as (select sm.source_code, s.name, max(sm.month) as month from source_month sm join source s on s.code = sm.source_code group by 1, 2)
     select (select max(started_at) from import_run where started_at <= :at) as "lastImportAt",
       (select count(*)::int from import_file f where f.state = 'refused' and f.run_id = (select id from import_run where started_at <= :at order by started_at desc limit 1)) as "refusedFiles",
       (select to_char(max(month), 'YYYY-MM') from latest) as "lastMonth",
       coalesce((select jsonb_agg(jsonb_build_object('source', name, 'lastMonth', to_char(month, 'YYYY-MM')) order by month, name) from latest where month < (select max(month) from latest)), '[]') as behind,
       (select max(created_at) from analysis_run where created_at <= :at) as "lastAnalysisAt",
       (select count(*)::int from job where state = 'failed' and finished_at between cast(:at as timestamptz) - interval '7 days' and :at) as "failedJobs"`, { at });
  const row = rows[0] as Omit<AnalystFacts, 'lastImportAt' | 'lastAnalysisAt'> & { lastImportAt: Date | null; lastAnalysisAt: Date | null };
  return { ...row, lastImportAt: row.lastImportAt?.toISOString() ?? null, lastAnalysisAt: row.lastAnalysisAt?.toISOString() ?? null };
}

/** What an auditor looks at first: how much happened in the last seven days, and where a rule was set aside. */
export async function loadAuditorFacts(db: Knex, at: string, on: string): Promise<AuditorFacts> {
  const { rows } = await db.raw(
    `select (select count(*)::int from audit_event where happened_at > cast(:at as timestamptz) - interval '7 days' and happened_at <= :at) as events,
       (select max(day) from audit_digest) as "lastDigestOn",
       (select count(*)::int from ledger_alert where raised_at > cast(:at as timestamptz) - interval '31 days') as "ledgerAlerts",
       (select count(*)::int from (select distinct on (agreement_id) rating, until_on from rating_override order by agreement_id, recorded_at desc) o where o.rating is not null and o.until_on >= :on::date) as overrides`, { at, on });
  return rows[0] as AuditorFacts;
}
