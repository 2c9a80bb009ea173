/** What drafts are made from: grants in force, payments, and what was done in each ward. */
import type { Knex } from 'knex';
import type { GrantFact, PaymentFact } from './statutory.ts';
import type { LoadedWard, WardCount } from './wardFigures.ts';

const written = (id: string): string => `(select jsonb_build_object('purpose', w.purpose, 'reason', w.reason, 'enteredBy', w.entered_by) from publication_reason w where w.subject_id = ${id} order by w.entered_at desc limit 1)`;

/** Agreements in force on some day of the month, with the terms in force then. */
export async function listGrantFacts(db: Knex, month: string): Promise<GrantFact[]> {
  const { rows } = await db.raw(`
    select a.id as "agreementId", a.reference, o.name as recipient, a.council_code as "recipientCode", f.name as programme, coalesce(v.ceiling_pence, a.ceiling_pence) as "amountPence",
      coalesce((select max(s.signed_on) from signatory s where s.agreement_id = a.id), a.starts_on) as "awardDate", a.starts_on as "startsOn", a.ends_on as "endsOn",
      coalesce((select jsonb_agg(c.what order by c.due_on, c.what) from agreement_condition c where c.agreement_id = a.id and c.kind = 'condition'), '[]') as conditions,
      coalesce(nullif(btrim(v.purpose), ''), f.purpose) as "termsPurpose", ${written('a.id')} as written
    from agreement a join fund f on f.id = a.fund_id join organisation o on o.council_code = a.council_code
      left join lateral (select * from agreement_version v where v.agreement_id = a.id and v.effective_from < cast(:first as date) + interval '1 month' order by v.number desc limit 1) as v on true
    where a.state not in ('draft', 'in legal', 'sent') and a.starts_on < cast(:first as date) + interval '1 month' and a.ends_on >= cast(:first as date)
    order by a.reference`, { first: `${month}-01` });
  return rows as GrantFact[];
}

/** Every payment of the month, of whatever amount. */
export async function listPaymentFacts(db: Knex, month: string): Promise<PaymentFact[]> {
  const { rows } = await db.raw(`
    select p.id as "paymentId", p.agreement_id as "agreementId", p.reference, o.name as recipient, p.paid_on as "paidOn", p.amount_pence as "amountPence", ${written('p.id')} as written
    from payment p join agreement a on a.id = p.agreement_id join organisation o on o.council_code = a.council_code
    where p.paid_on >= cast(:first as date) and p.paid_on < cast(:first as date) + interval '1 month' order by p.paid_on, p.reference, p.id`, { first: `${month}-01` });
  return rows as PaymentFact[];
}

/** The ward in force on the month's first day that holds a point on each hotspot that was live in the month. */
const liveHotspots = `
  with live as (
    select h.id, h.name, h.council_code, h.live_from, h.outline,
      (select b.code from boundary b where b.kind = 'ward' and daterange(b.valid_from, b.valid_to) @> cast(:first as date) and st_intersects(b.geom, st_pointonsurface(h.outline)) order by b.code limit 1) as ward
    from hotspot h where h.state <> 'proposed' and daterange(h.live_from, h.live_to) && daterange(cast(:first as date), (cast(:first as date) + interval '1 month')::date)
  ), stay as (
    select v.id, v.person_minutes, live.ward from visit v join live on live.id = v.hotspot_id
    where v.visited_on >= cast(:first as date) and v.visited_on < cast(:first as date) + interval '1 month'
  )`;

export async function listWards(db: Knex, month: string): Promise<LoadedWard[]> {
  const { rows } = await db.raw(`${liveHotspots}
    select b.code, b.name, b.council_code as "councilCode", (select count(*)::int from live where ward = b.code) as hotspots, coalesce(s.visits, 0)::int as visits, coalesce(s.minutes, 0)::int as "personMinutes"
    from boundary b left join (select ward, count(*) as visits, sum(person_minutes) as minutes from stay group by ward) as s on s.ward = b.code
    where b.kind = 'ward' and daterange(b.valid_from, b.valid_to) @> cast(:first as date) and b.council_code in (select council_code from organisation where kind = 'council')
    order by b.council_code, b.name`, { first: `${month}-01` });
  return rows as LoadedWard[];
}

/** Anti-social behaviour incidents in the councils by source and ward of the day; without a ward where there is none. */
export async function listWardIncidents(db: Knex, month: string): Promise<WardCount[]> {
  const { rows } = await db.raw(`
    select coalesce(w.code, '') as ward, i.source_code as of, count(*)::int as n
    from incident i join category c on c.code = i.category_code and c.asb
      left join lateral (
        select max(b.code) filter (where b.kind = 'ward') as code, bool_or(b.kind = 'council' and b.code in (select council_code from organisation where kind = 'council')) as inside
        from location_boundary lb join boundary b on b.id = lb.boundary_id and daterange(b.valid_from, b.valid_to) @> cast(:first as date) where lb.location_id = i.location_id) as w on true
    where i.month = cast(:first as date) and (i.location_id is null or w.inside)
    group by 1, 2 order by 1, 2`, { first: `${month}-01` });
  return rows as WardCount[];
}

export async function listWardActions(db: Knex, month: string): Promise<WardCount[]> {
  const { rows } = await db.raw(`${liveHotspots}
    select coalesce(stay.ward, '') as ward, g.code as of, sum(a.n)::int as n
    from stay join visit_action a on a.visit_id = stay.id join action_kind k on k.code = a.action_code
      cross join lateral (select case when k.enforcement then 'enforcement' when k.code in ('informal_warning', 'public_engagement') then k.code else 'other' end as code) as g
    group by 1, 2 order by 1, 2`, { first: `${month}-01` });
  return rows as WardCount[];
}

export async function listMonthSources(db: Knex, month: string): Promise<{ code: string; name: string; attribution: string }[]> {
  return db('source_month as m').join('source as s', 's.code', 'm.source_code').where({ 'm.month': `${month}-01` })
    .whereExists(db('incident as i').join('category as c', 'c.code', 'i.category_code').where('c.asb', true).whereRaw('i.source_code = s.code').where('i.month', `${month}-01`).select(db.raw('1')))
    .select('s.code', 's.name', 's.attribution').orderBy('s.name');
}

export async function listStarts(db: Knex): Promise<{ code: string; name: string; started: string | null }[]> {
  return db('organisation as o').leftJoin('patrol_start as p', 'p.council_code', 'o.council_code').where({ 'o.kind': 'council' })
    .select('o.council_code as code', 'o.name', 'p.started_on as started').orderBy('o.council_code');
}

export async function listPublicHotspots(db: Knex, month: string): Promise<{ name: string; ward: string; councilCode: string; liveFrom: string; geometry: unknown }[]> {
  const { rows } = await db.raw(`${liveHotspots}
    select live.name, coalesce((select b.name from boundary b where b.kind = 'ward' and b.code = live.ward and daterange(b.valid_from, b.valid_to) @> cast(:first as date)), '') as ward,
      live.council_code as "councilCode", live.live_from as "liveFrom", st_asgeojson(live.outline, 5)::jsonb as geometry from live order by live.council_code, live.name`, { first: `${month}-01` });
  return rows as { name: string; ward: string; councilCode: string; liveFrom: string; geometry: unknown }[];
}

export async function findPublisher(db: Knex): Promise<string> {
  const row: { name: string } | undefined = await db('organisation').select('name').where({ kind: 'opcc' }).orderBy('name').first();
  return row?.name ?? 'Office of the Police and Crime Commissioner';
}

/** True where incidents of a demonstration source are held. */
export async function isDemonstration(db: Knex): Promise<boolean> {
  return (await db('source_month as m').join('source as s', 's.code', 'm.source_code').where({ 's.demonstration': true }).first('m.month')) !== undefined;
}

/** True where some agreement is in force in the month or something was paid. */
export async function hasGrants(db: Knex, month: string): Promise<boolean> {
  return (await listGrantFacts(db, month)).length > 0 || (await listPaymentFacts(db, month)).length > 0;
}
