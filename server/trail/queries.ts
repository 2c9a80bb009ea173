/** Audit events and their daily digests. */
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { AuditEvent, AuditFilters } from './contract.ts';

interface EventRow extends Omit<AuditEvent, 'happenedAt'> {
  happenedAt: Date;
}

const eventSelect = `
  select e.id, e.happened_at as "happenedAt", e.person_id as "personId", p.name as person, e.role, e.action, e.subject_kind as "subjectKind",
    e.subject_id as "subjectId", e.council_code as "councilCode", e.before, e.after, e.reason, e.request_id as "requestId", e.address
  from audit_event e left join person p on p.id = e.person_id
  where (:from::date is null or e.happened_at >= :from::date::timestamp at time zone 'Europe/London')
    and (:to::date is null or e.happened_at < (:to::date + 1)::timestamp at time zone 'Europe/London')
    and (:action::text is null or e.action = :action)
    and (:personId::uuid is null or e.person_id = :personId)
    and (:subjectKind::text is null or e.subject_kind = :subjectKind)
    and (:subjectId::text is null or e.subject_id = :subjectId)`;

function bound(filters: AuditFilters): Record<string, string | null> {
  const { from = null, to = null, action = null, personId = null, subjectKind = null, subjectId = null } = filters;
  return { from, to, action, personId, subjectKind, subjectId };
}

const toEvent = (row: EventRow): AuditEvent => ({ ...row, happenedAt: row.happenedAt.toISOString() });

export async function listEvents(db: Knex, filters: AuditFilters, before: number | undefined): Promise<AuditEvent[]> {
  const { rows } = await db.raw(`${eventSelect} and (:before::bigint is null or e.id < :before) order by e.id desc limit 200`, { ...bound(filters), before: before ?? null });
  return (rows as EventRow[]).map(toEvent);
}

/** At most 100,000 events, oldest first. */
export async function listEventsForExport(db: Knex, filters: AuditFilters): Promise<AuditEvent[]> {
  const { rows } = await db.raw(`${eventSelect} order by e.id limit 100000`, bound(filters));
  return (rows as EventRow[]).map(toEvent);
}

export async function listWords(db: Knex): Promise<{ actions: string[]; subjectKinds: string[] }> {
  const [actions, subjectKinds] = [await db('audit_event').distinct('action').orderBy('action').pluck('action'), await db('audit_event').distinct('subject_kind').orderBy('subject_kind').pluck('subject_kind')];
  return { actions: actions as string[], subjectKinds: subjectKinds as string[] };
}

interface DayDigest {
  readonly events: number;
  readonly lastEventId: number;
  readonly sha256: string;
}

/** SHA-256 over the day's events in order, each as PostgreSQL prints its row, after the digest of the day before. */
export async function digestDay(db: Knex, day: string, previous: string | null): Promise<DayDigest | undefined> {
  const { rows } = await db.raw(
    `select id, to_jsonb(e)::text as line from audit_event e
     where happened_at >= :day::date::timestamp at time zone 'UTC' and happened_at < (:day::date + 1)::timestamp at time zone 'UTC' order by id`,
    { day },
  );
  const events = rows as { id: number; line: string }[];
  if (events.length === 0) return undefined;
  const hash = createHash('sha256').update(previous ?? '');
  for (const event of events) hash.update('\n').update(event.line);
  return { events: events.length, lastEventId: events.at(-1)!.id, sha256: hash.digest('hex') };
}

export interface StoredDigest {
  readonly day: string;
  readonly events: number;
  readonly sha256: string;
  readonly previousSha256: string | null;
}

export async function listDigests(db: Knex): Promise<StoredDigest[]> {
  return db('audit_digest').select('day', 'events', 'sha256', 'previous_sha256 as previousSha256').orderBy('day', 'desc');
}

export async function saveDigest(db: Knex, day: string, digest: DayDigest, previous: string | null): Promise<void> {
  await db('audit_digest').insert({ day, events: digest.events, last_event_id: digest.lastEventId, sha256: digest.sha256, previous_sha256: previous });
}

/** Days before `today` (UTC) that have events and no digest yet, oldest first. */
export async function daysWithoutDigest(db: Knex, today: string): Promise<string[]> {
  const { rows } = await db.raw(
    `select distinct (happened_at at time zone 'UTC')::date as day from audit_event
     where (happened_at at time zone 'UTC')::date < :today::date and (happened_at at time zone 'UTC')::date > coalesce((select max(day) from audit_digest), '-infinity') order by 1`,
    { today },
  );
  return (rows as { day: string }[]).map((row) => row.day);
}
