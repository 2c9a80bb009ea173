/** Tracks as rows, and what one is judged by: outlines of its day, shifts near it, visits recorded before. */
import type { Knex } from 'knex';
import type { Track } from './trackContract.ts';
import type { TrackFix } from './trackGpx.ts';
import type { Rings, TrackHotspot } from './trackGround.ts';

/** Hotspots of some councils that are live on a day, with the outline in force, in metres of the National Grid. */
export async function listTrackHotspots(db: Knex, councils: readonly string[], day: string): Promise<(TrackHotspot & { councilCode: string })[]> {
  const { rows } = await db.raw(
    `select h.id, h.name, h.council_code as "councilCode", st_asgeojson(o.outline_27700, 2)::json as outline
     from hotspot h join hotspot_outline o on o.hotspot_id = h.id and o.days @> cast(:day as date)
     where h.council_code = any(cast(:councils as text[])) and h.state <> 'proposed' and daterange(h.live_from, h.live_to) @> cast(:day as date) order by h.name, h.id`,
    { councils: [...councils], day },
  );
  return (rows as { id: string; name: string; councilCode: string; outline: { coordinates: Rings[] } }[]).map(({ outline, ...hotspot }) => ({ ...hotspot, rings: outline.coordinates.flat() }));
}

export interface NearShift {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The published shift of some wardens that has most of a time, or is nearest to it within half a day. */
export async function findShiftNear(db: Knex, wardenIds: readonly string[], { fromMs, toMs }: { fromMs: number; toMs: number }): Promise<NearShift | undefined> {
  const { rows } = await db.raw(
    `select shift_name as name, starts_at as "from", ends_at as "to" from rota_shift_in_force
     where wardens && cast(:wardenIds as uuid[]) and starts_at <= cast(:to as timestamptz) + interval '12 hours' and ends_at >= cast(:from as timestamptz) - interval '12 hours'
     order by least(ends_at, cast(:to as timestamptz)) - greatest(starts_at, cast(:from as timestamptz)) desc, starts_at limit 1`,
    { wardenIds: [...wardenIds], from: new Date(fromMs), to: new Date(toMs) },
  );
  const [found] = rows as { name: string; from: Date; to: Date }[];
  return found && { name: found.name, fromMs: found.from.getTime(), toMs: found.to.getTime() };
}

/** The warden whose account is signed in, if any. */
export async function findOwnWarden(db: Knex): Promise<{ reference: string } | undefined> {
  return db('warden').select('reference').whereRaw('own_warden(id)').first();
}

export interface StayRecorded {
  readonly id: string;
  readonly hotspotId: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Visits some wardens recorded within a time, wherever they were. */
export async function listStaysRecorded(db: Knex, wardenIds: readonly string[], { fromMs, toMs }: { fromMs: number; toMs: number }): Promise<StayRecorded[]> {
  const { rows } = await db.raw(
    `select distinct v.id, v.hotspot_id as "hotspotId", v.started_at as "from", v.ended_at as "to" from visit v join visit_warden w on w.visit_id = v.id
     where w.warden_id = any(cast(:wardenIds as uuid[])) and w.during && tstzrange(cast(:from as timestamptz), cast(:to as timestamptz), '[]')`,
    { wardenIds: [...wardenIds], from: new Date(fromMs), to: new Date(toMs) },
  );
  return (rows as { id: string; hotspotId: string; from: Date; to: Date }[]).map((row) => ({ id: row.id, hotspotId: row.hotspotId, fromMs: row.from.getTime(), toMs: row.to.getTime() }));
}

/** A track by its file's hash, as far as the reader may know of it. */
export async function findTrackOf(db: Knex, councilCode: string, sha256: string): Promise<{ id: string } | undefined> {
  return db('track').select('id').where({ council_code: councilCode, sha256 }).first();
}

export interface TrackRow {
  readonly id: string;
  readonly councilCode: string;
  readonly sha256: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly shift: NearShift;
  readonly onFoot: boolean;
  readonly points: number;
  readonly uploadedBy: string | null;
  readonly visits: readonly { readonly visitId: string; readonly hotspotId: string; readonly fromMs: number; readonly toMs: number; readonly recordedBefore: boolean }[];
  readonly inside: readonly { readonly hotspotId: string; readonly fix: TrackFix }[];
}

/** Keeps a track: its hash, what it showed, and the points inside hotspots alone. */
export async function insertTrack(db: Knex, row: TrackRow): Promise<void> {
  const at = (ms: number): string => new Date(ms).toISOString();
  await db('track').insert({
    id: row.id, council_code: row.councilCode, sha256: row.sha256, starts_at: at(row.fromMs), ends_at: at(row.toMs), shift_starts_at: at(row.shift.fromMs), shift_ends_at: at(row.shift.toMs),
    on_foot: row.onFoot, points: row.points, points_inside: row.inside.length, uploaded_by: row.uploadedBy,
  });
  await db('track_visit').insert(row.visits.map((visit) => ({
    track_id: row.id, visit_id: visit.visitId, hotspot_id: visit.hotspotId, started_at: at(visit.fromMs), ended_at: at(visit.toMs), recorded_before: visit.recordedBefore,
  })));
  await db.raw(
    `insert into track_point (track_id, hotspot_id, at, lng, lat, error_metres)
     select :id, p.h, to_timestamp(p.t / 1000.0), p.x, p.y, p.e from jsonb_to_recordset(cast(:json as jsonb)) as p(h uuid, t double precision, x double precision, y double precision, e real)`,
    { id: row.id, json: JSON.stringify(row.inside.map(({ hotspotId, fix }) => ({ h: hotspotId, t: fix.atMs, x: fix.lng, y: fix.lat, e: fix.errorMetres }))) },
  );
}

/** Tracks that start between two days, newest first. */
export async function listTracks(db: Knex, filter: { councils: readonly string[]; from?: string | undefined; to?: string | undefined; limit: number }): Promise<Track[]> {
  const { rows } = await db.raw(
    `select t.id, t.council_code as "councilCode", t.sha256, t.starts_at as "startedAt", t.ends_at as "endedAt", t.points, t.points_inside as "pointsInside",
       t.shift_starts_at as "shiftStartedAt", t.shift_ends_at as "shiftEndedAt", '' as shift, t.uploaded_at as "uploadedAt", t.points_deleted_at as "pointsDeletedAt",
       coalesce((select jsonb_agg(jsonb_build_object('hotspotId', h.id, 'hotspot', h.name, 'startedAt', to_char(v.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
           'endedAt', to_char(v.ended_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'minutes', floor(extract(epoch from v.ended_at - v.started_at) / 60)::int,
           'recordedBefore', case when v.recorded_before then v.visit_id end) order by v.started_at)
         from track_visit v join hotspot h on h.id = v.hotspot_id where v.track_id = t.id), '[]') as visits
     from track t where t.council_code = any(cast(:councils as text[]))
       and (cast(:from as date) is null or (t.starts_at at time zone 'Europe/London')::date >= cast(:from as date))
       and (cast(:to as date) is null or (t.starts_at at time zone 'Europe/London')::date <= cast(:to as date))
     order by t.starts_at desc, t.id limit :limit`,
    { councils: [...filter.councils], from: filter.from ?? null, to: filter.to ?? null, limit: filter.limit },
  );
  const said = (at: Date | null): string | null => at && at.toISOString();
  return (rows as (Track & Record<'startedAt' | 'endedAt' | 'shiftStartedAt' | 'shiftEndedAt' | 'uploadedAt', Date>)[]).map((row) => ({
    ...row, startedAt: said(row.startedAt)!, endedAt: said(row.endedAt)!, shiftStartedAt: said(row.shiftStartedAt)!, shiftEndedAt: said(row.shiftEndedAt)!, uploadedAt: said(row.uploadedAt)!,
    pointsDeletedAt: said(row.pointsDeletedAt as Date | null),
  }));
}

/** How many days positions are kept, by the rule in force on a day. */
export async function positionsKeepDays(db: Knex, day: string): Promise<number | undefined> {
  const found = await db('retention_rule').select(db.raw('coalesce(keep_days, keep_years * 365) as days')).where({ kind: 'positions' }).whereRaw('daterange(valid_from, valid_to) @> cast(? as date)', [day]).first();
  return (found as { days: number } | undefined)?.days;
}

/** Deletes the points of tracks uploaded before an instant; returns how many tracks lost theirs, by council. */
export async function deletePointsBefore(db: Knex, before: Date, now: Date): Promise<{ councilCode: string; tracks: number }[]> {
  const due = await db('track').select('id', 'council_code as councilCode').where('uploaded_at', '<', before).whereNull('points_deleted_at').forUpdate();
  const rows = due as { id: string; councilCode: string }[];
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  await db('track_point').whereIn('track_id', ids).delete();
  await db('track').whereIn('id', ids).update({ points_deleted_at: now });
  const councils = [...new Set(rows.map(({ councilCode }) => councilCode))].sort();
  return councils.map((councilCode) => ({ councilCode, tracks: rows.filter((row) => row.councilCode === councilCode).length }));
}
