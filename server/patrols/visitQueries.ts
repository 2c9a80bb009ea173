/** Visits as rows: what is known before one is kept, keeping a batch, and reading them back. */
import type { Knex } from 'knex';
import type { Visit, VisitTotals } from './contract.ts';
import type { PowerFact } from './powers.ts';
import { type BusySpan, crewSpan, wardenSpan } from './visitOverlaps.ts';
import type { HotspotFact, NewVisit, WardenFact } from './visits.ts';

/** Hotspots of some councils as a visit is judged by them. */
export async function listHotspotFacts(db: Knex, councils: readonly string[]): Promise<HotspotFact[]> {
  return db('hotspot')
    .select('id', 'name', 'council_code as councilCode', 'state', 'live_from as liveFrom', 'live_to as liveTo')
    .whereIn('council_code', [...councils])
    .orderBy(['council_code', 'name']);
}

export async function listWardenFacts(db: Knex, councils: readonly string[]): Promise<WardenFact[]> {
  return db('warden')
    .select('id', 'council_code as councilCode', 'reference', 'staff_category as staffCategory', 'employed_from as employedFrom', 'employed_to as employedTo',
      db.raw(`(select jsonb_agg(jsonb_build_object('from', c.valid_from, 'to', c.valid_to) order by c.valid_from) from warden_contract c where c.warden_id = warden.id) as contracts`))
    .whereIn('council_code', [...councils]);
}

/** Every power of the wardens of some councils, with the days on which it holds and they are employed. */
export async function listPowerFacts(db: Knex, councils: readonly string[]): Promise<PowerFact[]> {
  const { rows } = await db.raw(
    `select w.council_code as "councilCode", w.reference, p.action_code as code, greatest(p.valid_from, c.valid_from) as "validFrom", least(p.valid_to, c.valid_to) as "validTo"
     from warden_power p join warden w on w.id = p.warden_id join warden_contract c on c.warden_id = w.id and daterange(c.valid_from, c.valid_to) && daterange(p.valid_from, p.valid_to)
     where w.council_code = any(cast(:councils as text[])) order by w.council_code, w.reference, p.action_code, p.valid_from, c.valid_from`,
    { councils: [...councils] },
  );
  return rows as PowerFact[];
}

/** Lets batches of one council wait for each other, so that two sent at once see what the other kept. */
export async function lockCouncils(db: Knex, councils: readonly string[]): Promise<void> {
  for (const code of [...councils].sort()) await db.raw(`select pg_advisory_xact_lock(hashtext('visits of ' || ?))`, [code]);
}

/** Where some wardens and crews already were: wardens within the days given, a crew's patrol on any day. */
export async function listBusySpans(db: Knex, asked: { wardenIds: readonly string[]; patrols: readonly string[]; councils: readonly string[]; from: string; to: string }): Promise<BusySpan[]> {
  const wardens = await db.raw(
    `select visit_id as "visitId", warden_id as "wardenId", lower(during) as "from", upper(during) as "to"
     from visit_warden where warden_id = any(cast(:wardenIds as uuid[])) and during && tstzrange(:from, :to, '[]')`,
    { wardenIds: asked.wardenIds, from: asked.from, to: asked.to },
  );
  const crews = await db('visit')
    .select('id as visitId', 'council_code as councilCode', 'patrol_reference as patrolReference', 'staff_category as staffCategory', 'started_at as from', 'ended_at as to')
    .whereIn('council_code', [...asked.councils])
    .whereRaw('patrol_reference = any(?)', [[...asked.patrols]]);
  return [
    ...(wardens.rows as { visitId: string; wardenId: string; from: Date; to: Date }[]).map((row) => span(row, wardenSpan(row.wardenId))),
    ...(crews as { visitId: string; councilCode: string; patrolReference: string; staffCategory: string; from: Date; to: Date }[])
      .map((row) => span(row, crewSpan(row.councilCode, row.patrolReference, row.staffCategory))),
  ];
}

/** Ids of visits kept in the hotspot and the minutes of any of these. */
export async function listSimultaneous(db: Knex, visits: readonly Pick<NewVisit, 'hotspotId' | 'startedAt' | 'endedAt'>[]): Promise<string[]> {
  const { rows } = await db.raw(
    `select distinct v.id from jsonb_to_recordset(cast(:json as jsonb)) as r("hotspotId" uuid, "startedAt" timestamptz, "endedAt" timestamptz)
     join visit v on v.hotspot_id = r."hotspotId" and v.visited_on = (r."startedAt" at time zone 'Europe/London')::date
       and date_trunc('minute', v.started_at) = date_trunc('minute', r."startedAt") and date_trunc('minute', v.ended_at) = date_trunc('minute', r."endedAt")`,
    { json: JSON.stringify(visits.map(({ hotspotId, startedAt, endedAt }) => ({ hotspotId, startedAt, endedAt }))) },
  );
  return (rows as { id: string }[]).map(({ id }) => id);
}

/** Area codes of the police forces, which a council's people do not see as rows. */
export async function listForceCodes(db: Knex): Promise<string[]> {
  return (await listForces(db)).map(({ code }) => code);
}

export async function listForces(db: Knex): Promise<{ code: string; name: string }[]> {
  const { rows } = await db.raw('select code, name from police_forces()');
  return rows as { code: string; name: string }[];
}

function span(row: { visitId: string; from: Date; to: Date }, who: string): BusySpan {
  return { visitId: row.visitId, who, fromMs: row.from.getTime(), toMs: row.to.getTime() };
}

/** A visit with what only the kept row needs. */
export interface VisitRow extends NewVisit {
  readonly councilCode: string;
  readonly wardenIds: readonly string[];
}

/** Keeps a batch in three statements, whatever its size. */
export async function insertVisits(db: Knex, rows: readonly VisitRow[], recordedBy: string | null): Promise<void> {
  if (rows.length === 0) return;
  const json = JSON.stringify(rows);
  await db.raw(
    `insert into visit (id, hotspot_id, council_code, started_at, ended_at, staff_category, persons, on_foot, extended, joint_with_police, joint_force, recorded_how, patrol_reference, note, recorded_by)
     select r.id, r."hotspotId", r."councilCode", r."startedAt", r."endedAt", r."staffCategory", r.persons, r."onFoot", r.extended, r."jointWithPolice", r."jointForce", r."recordedHow", r."patrolReference", r.note, :recordedBy
     from jsonb_to_recordset(cast(:json as jsonb)) as r(id uuid, "hotspotId" uuid, "councilCode" text, "startedAt" timestamptz, "endedAt" timestamptz, "staffCategory" text,
       persons int, "onFoot" boolean, extended boolean, "jointWithPolice" boolean, "jointForce" text, "recordedHow" text, "patrolReference" text, note text)`,
    { json, recordedBy },
  );
  await db.raw(
    `insert into visit_warden (visit_id, warden_id, during)
     select r.id, w.id::uuid, tstzrange(r."startedAt", r."endedAt")
     from jsonb_to_recordset(cast(:json as jsonb)) as r(id uuid, "startedAt" timestamptz, "endedAt" timestamptz, "wardenIds" jsonb)
     cross join lateral jsonb_array_elements_text(r."wardenIds") as w(id)`,
    { json },
  );
  await db.raw(
    `insert into visit_action (visit_id, action_code, n)
     select r.id, a.code, a.n from jsonb_to_recordset(cast(:json as jsonb)) as r(id uuid, actions jsonb)
     cross join lateral jsonb_to_recordset(r.actions) as a(code text, n int)`,
    { json },
  );
}

export interface VisitFilter {
  readonly councils: readonly string[];
  readonly ids?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly hotspot?: string | undefined;
  readonly limit?: number;
}

const where = `
  v.council_code = any(cast(:councils as text[]))
  and (cast(:ids as uuid[]) is null or v.id = any(cast(:ids as uuid[])))
  and (cast(:from as date) is null or v.visited_on >= cast(:from as date))
  and (cast(:to as date) is null or v.visited_on <= cast(:to as date))
  and (cast(:hotspot as uuid) is null or v.hotspot_id = cast(:hotspot as uuid))`;

function bindings(filter: VisitFilter) {
  return { councils: filter.councils, ids: filter.ids ?? null, from: filter.from ?? null, to: filter.to ?? null, hotspot: filter.hotspot ?? null };
}

/** Visits of a scope, newest first. */
export async function listVisits(db: Knex, filter: VisitFilter): Promise<Visit[]> {
  const { rows } = await db.raw(
    `select v.id, v.hotspot_id as "hotspotId", h.name as hotspot, v.council_code as "councilCode", v.started_at as "startedAt", v.ended_at as "endedAt",
       v.visited_on as "visitedOn", v.minutes, v.person_minutes as "personMinutes", v.staff_category as "staffCategory", v.persons, v.on_foot as "onFoot",
       v.extended, v.joint_with_police as "jointWithPolice", v.joint_force as "jointForce", f.name as "jointForceName", v.recorded_how as "recordedHow", v.evidence_class as "evidenceClass",
       v.patrol_reference as "patrolReference", v.note,
       coalesce((select jsonb_agg(w.reference order by w.reference) from visit_warden vw join warden w on w.id = vw.warden_id where vw.visit_id = v.id), '[]') as wardens,
       coalesce((select jsonb_agg(jsonb_build_object('code', a.action_code, 'n', a.n) order by k.position)
         from visit_action a join action_kind k on k.code = a.action_code where a.visit_id = v.id), '[]') as actions
     from visit v join hotspot h on h.id = v.hotspot_id left join police_forces() f on f.code = v.joint_force
     where ${where} order by v.started_at desc, v.id limit :limit`,
    { ...bindings(filter), limit: filter.limit ?? null },
  );
  return (rows as (Omit<Visit, 'startedAt' | 'endedAt'> & { startedAt: Date; endedAt: Date })[]).map((row) => ({
    ...row, startedAt: row.startedAt.toISOString(), endedAt: row.endedAt.toISOString(),
  }));
}

/** Totals over every visit of the filter, whatever its limit. */
export async function sumVisits(db: Knex, filter: VisitFilter, qualifyingMinutes: number): Promise<VisitTotals> {
  const { rows } = await db.raw(
    `select count(*) as visits, count(*) filter (where v.minutes >= :qualifyingMinutes) as "qualifyingVisits",
       count(distinct (v.council_code, v.patrol_reference)) as patrols,
       coalesce(sum(v.minutes), 0)::bigint as "patrolMinutes", coalesce(sum(v.person_minutes), 0)::bigint as "personMinutes"
     from visit v where ${where}`,
    { ...bindings(filter), qualifyingMinutes },
  );
  return { ...(rows[0] as Omit<VisitTotals, 'qualifyingMinutes'>), qualifyingMinutes };
}
