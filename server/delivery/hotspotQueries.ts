/** A hotspot as those who patrol it see it. */
import type { Knex } from 'knex';
import { notExcludedOf } from '../incidents/exclusionQueries.ts';
import { addDays } from '../patrols/calendar.ts';
import type { HotspotDelivery, Priority } from './contract.ts';

export interface PlaceSeen {
  readonly id: string;
  readonly name: string;
  readonly councilCode: string;
}

export async function findPlace(db: Knex, councils: readonly string[], id: string): Promise<PlaceSeen | undefined> {
  return db('hotspot').select('id', 'name', 'council_code as councilCode').where({ id }).whereIn('council_code', [...councils]).first();
}

const priorityColumns = `select p.id, p.position::int, p.words, p.from_on as "fromOn", p.until_on as "untilOn", w.name as "setBy", p.set_at as "setAt" from hotspot_priority p left join person w on w.id = p.set_by`;

/** Every priority a hotspot had or will have, by place, newest first. */
export async function listPriorities(db: Knex, hotspotId: string): Promise<Priority[]> {
  const { rows } = await db.raw(`${priorityColumns} where p.hotspot_id = :hotspotId order by p.position, p.from_on desc`, { hotspotId });
  return (rows as (Omit<Priority, 'setAt'> & { setAt: Date })[]).map((row) => ({ ...row, setAt: row.setAt.toISOString() }));
}

/** Ends what stands at a place the day before `fromOn`; one that was to begin on that day or later goes. */
export async function endPriority(db: Knex, of: { hotspotId: string; position: number; fromOn: string }): Promise<void> {
  const at = { hotspot_id: of.hotspotId, position: of.position };
  await db('hotspot_priority').where(at).where('from_on', '>=', of.fromOn).delete();
  await db('hotspot_priority').where(at).where((query) => void query.whereNull('until_on').orWhere('until_on', '>', of.fromOn)).update({ until_on: of.fromOn });
}

export async function savePriority(db: Knex, row: { id: string; hotspotId: string; position: number; words: string; fromOn: string; untilOn: string | null; setBy: string | null }): Promise<void> {
  await db('hotspot_priority').insert({ id: row.id, hotspot_id: row.hotspotId, position: row.position, words: row.words, from_on: row.fromOn, until_on: row.untilOn, set_by: row.setBy });
}

/** The latest ten visits up to a day. */
export async function listLastVisits(db: Knex, hotspotId: string, on: string): Promise<HotspotDelivery['lastVisits']> {
  const { rows } = await db.raw(
    `select v.id, v.started_at as "startedAt", v.minutes, v.persons, v.evidence_class as "evidenceClass", v.patrol_reference as "patrolReference",
       coalesce((select sum(a.n)::int from visit_action a where a.visit_id = v.id), 0) as actions
     from visit v where v.hotspot_id = :hotspotId and v.visited_on <= cast(:on as date) order by v.started_at desc limit 10`, { hotspotId, on });
  return (rows as (Omit<HotspotDelivery['lastVisits'][number], 'startedAt'> & { startedAt: Date })[]).map((row) => ({ ...row, startedAt: row.startedAt.toISOString() }));
}

/** The latest plan of a week that has begun by a day. */
export async function findPlan(db: Knex, { id, councilCode }: PlaceSeen, on: string): Promise<HotspotDelivery['plan']> {
  const found = await db('planned_hours').max('week as week').where({ council_code: councilCode }).where('week', '<=', on).first();
  const week = found?.week as string | null | undefined;
  if (!week) return null;
  const cells = await db('planned_hours').select('band_day as day', 'band', 'visits', 'person_minutes as personMinutes').where({ hotspot_id: id, week }).where('visits', '>', 0).orderBy(['band_day', 'band']);
  return { week, cells };
}

/** Notes for the next shift that hold at a moment: the hotspot's own and the beat's. */
export async function listNotes(db: Knex, { id, councilCode }: PlaceSeen, at: Date): Promise<HotspotDelivery['notes']> {
  const rows: { note: string; writtenAt: Date; expiresAt: Date }[] = await db('handover_note').select('note', 'written_at as writtenAt', 'expires_at as expiresAt')
    .where({ council_code: councilCode }).where((query) => void query.where({ hotspot_id: id }).orWhereNull('hotspot_id')).where('written_at', '<=', at).where('expires_at', '>', at).orderBy('written_at', 'desc').limit(20);
  return rows.map((row) => ({ note: row.note, writtenAt: row.writtenAt.toISOString(), expiresAt: row.expiresAt.toISOString() }));
}

/** Incidents inside the outline by band of the week over the twelve months of data before a day, from sources that give times. */
export async function findPeak(db: Knex, hotspotId: string, on: string): Promise<HotspotDelivery['peak']> {
  const { rows: [last] } = await db.raw(
    `select max(m.month) as month from source_month m join source s on s.code = m.source_code where s.time_precision = 'minute' and m.month <= cast(:on as date)`, { on });
  if (!last?.month) return null;
  const { rows } = await db.raw(
    `select s.name as source, (extract(isodow from i.occurred_from at time zone 'Europe/London')::int - 1) * 6 + floor(extract(hour from i.occurred_from at time zone 'Europe/London') / 4)::int as band, count(*)::int as n
     from hotspot h join location l on st_covers(h.outline, l.geom)
     join incident i on i.location_id = l.id and i.month > cast(:month as date) - interval '12 months' and i.month <= cast(:month as date) and i.occurred_from is not null and ${notExcludedOf('i')}
     join source s on s.code = i.source_code and s.time_precision = 'minute' join category c on c.code = i.category_code and c.asb
     where h.id = :hotspotId group by 1, 2`, { hotspotId, month: last.month });
  const found = rows as { source: string; band: number; n: number }[];
  if (found.length === 0) return null;
  const counts = Array.from({ length: 42 }, () => 0);
  for (const { band, n } of found) counts[band] = (counts[band] ?? 0) + n;
  const [from, to] = await spanOf(db, last.month as string);
  const sources = [...new Set(found.map(({ source }) => source))].toSorted();
  return { from, to, sources, counts, says: `${counts.reduce((sum, n) => sum + n, 0)} incidents with a time, from ${sources.join(' and ')}.` };
}

async function spanOf(db: Knex, month: string): Promise<[string, string]> {
  const { rows: [row] } = await db.raw(`select (cast(:month as date) - interval '11 months')::date as "from", (cast(:month as date) + interval '1 month')::date as "until"`, { month });
  return [row.from as string, addDays(row.until as string, -1)];
}
