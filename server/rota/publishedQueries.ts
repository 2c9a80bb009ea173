/** Published versions of rotas, their shifts, and who was told. */
import type { Knex } from 'knex';
import type { PublishedShift } from './contract.ts';

export interface PublishedRow extends PublishedShift {
  /** Ids beside the references, in their order. */
  readonly wardenIds: readonly string[];
}

export interface PublishedFilter {
  readonly councils: readonly string[];
  readonly rotaId?: string;
  readonly from?: string;
  readonly to?: string;
  readonly ids?: readonly string[];
}

type Timed = Omit<PublishedRow, 'startsAt' | 'endsAt'> & { readonly startsAt: Date; readonly endsAt: Date };

const timesOut = (rows: readonly Timed[]): PublishedRow[] => rows.map((row) => ({ ...row, startsAt: row.startsAt.toISOString(), endsAt: row.endsAt.toISOString() }));

const wardensOf = (shiftId: string): string =>
  `coalesce((select array_agg(w.reference order by w.reference) from rota_shift_warden sw join warden w on w.id = sw.warden_id where sw.shift_id = ${shiftId}), '{}') as wardens,
   coalesce((select array_agg(w.id order by w.reference) from rota_shift_warden sw join warden w on w.id = sw.warden_id where sw.shift_id = ${shiftId}), '{}') as "wardenIds"`;

/** Shifts in force that the reader may see, by their start. */
export async function listPublished(db: Knex, { councils, rotaId, from, to, ids }: PublishedFilter): Promise<PublishedRow[]> {
  const query = db('rota_shift_in_force as s').whereIn('s.council_code', [...councils]).orderBy(['s.starts_at', 's.council_code', 's.shift_code'])
    .select('s.id', 's.rota_id as rotaId', 's.version', 's.council_code as councilCode', 's.day', 's.shift_code as code', 's.shift_name as name', 's.starts_at as startsAt', 's.ends_at as endsAt', 's.minutes',
      's.cover_wanted as coverWanted', 's.crew_size as crewSize', db.raw(wardensOf('s.shift_id')));
  if (rotaId !== undefined) void query.where('s.rota_id', rotaId);
  if (from !== undefined) void query.where('s.day', '>=', from);
  if (to !== undefined) void query.where('s.day', '<=', to);
  if (ids !== undefined) void query.whereIn('s.id', [...ids]);
  return timesOut(await query);
}

/** Shifts of one version of a rota, in force or not. */
export async function listShiftsOfVersion(db: Knex, rotaId: string, number: number): Promise<PublishedRow[]> {
  return timesOut(await db('rota_shift as s').join('rota_version as v', 'v.id', 's.version_id').where({ 's.rota_id': rotaId, 'v.number': number }).orderBy(['s.starts_at', 's.shift_code'])
    .select('s.shift_key as id', 's.rota_id as rotaId', 'v.number as version', 's.council_code as councilCode', 's.day', 's.shift_code as code', 's.shift_name as name', 's.starts_at as startsAt', 's.ends_at as endsAt', 's.minutes',
      's.cover_wanted as coverWanted', 's.crew_size as crewSize', db.raw(wardensOf('s.id'))));
}

export interface KeptBreach {
  readonly key: string;
  readonly regulation: string;
  readonly sentence: string;
  readonly reason: string;
}

export interface VersionRow {
  readonly id: string;
  readonly number: number;
  readonly publishedAt: string;
  readonly publishedBy: string | null;
  readonly note: string;
  readonly cost: number;
  readonly bound: number | null;
  readonly inputSha256: string;
  readonly contentSha256: string;
  readonly breaches: readonly KeptBreach[];
}

/** Versions of a rota, the latest first. */
export async function listVersions(db: Knex, rotaId: string): Promise<VersionRow[]> {
  const rows: (Omit<VersionRow, 'publishedAt'> & { publishedAt: Date })[] = await db('rota_version as v').leftJoin('person as p', 'p.id', 'v.published_by').where('v.rota_id', rotaId).orderBy('v.number', 'desc')
    .select('v.id', 'v.number', 'v.published_at as publishedAt', 'p.name as publishedBy', 'v.note', 'v.cost', 'v.bound', 'v.input_sha256 as inputSha256', 'v.content_sha256 as contentSha256', 'v.breaches');
  return rows.map((row) => ({ ...row, publishedAt: row.publishedAt.toISOString() }));
}

export async function findVersion(db: Knex, councils: readonly string[], id: string): Promise<{ id: string; rotaId: string; councilCode: string; number: number } | undefined> {
  return db('rota_version').where({ id }).whereIn('council_code', [...councils]).first('id', 'rota_id as rotaId', 'council_code as councilCode', 'number');
}

export interface NewShift {
  readonly id: string;
  readonly key: string;
  readonly day: string;
  readonly code: string;
  readonly name: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly coverWanted: number;
  readonly crewSize: number;
  readonly wardenIds: readonly string[];
}

export async function insertVersion(db: Knex, rota: { id: string; councilCode: string }, version: Omit<VersionRow, 'publishedAt'>, shifts: readonly NewShift[]): Promise<void> {
  await db('rota_version').insert({
    id: version.id, rota_id: rota.id, council_code: rota.councilCode, number: version.number, note: version.note, cost: version.cost, bound: version.bound, input_sha256: version.inputSha256,
    breaches: JSON.stringify(version.breaches), content_sha256: version.contentSha256, published_by: version.publishedBy,
  });
  await db('rota_shift').insert(shifts.map((shift) => ({
    id: shift.id, version_id: version.id, rota_id: rota.id, council_code: rota.councilCode, shift_key: shift.key, day: shift.day, shift_code: shift.code, shift_name: shift.name,
    starts_at: shift.startsAt, ends_at: shift.endsAt, cover_wanted: shift.coverWanted, crew_size: shift.crewSize,
  })));
  const worked = shifts.flatMap(({ id, wardenIds }) => wardenIds.map((wardenId) => ({ shift_id: id, warden_id: wardenId })));
  if (worked.length > 0) await db('rota_shift_warden').insert(worked);
}

export interface Told {
  readonly versionId: string;
  readonly wardenId: string;
  readonly how: string;
  readonly at: string;
}

export async function listTold(db: Knex, rotaId: string): Promise<Told[]> {
  const rows: (Omit<Told, 'at'> & { at: Date })[] = await db('rota_told as t').join('rota_version as v', 'v.id', 't.version_id').where('v.rota_id', rotaId).orderBy('t.told_at')
    .select('t.version_id as versionId', 't.warden_id as wardenId', 't.how', 't.told_at as at');
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

export async function saveTold(db: Knex, versionId: string, wardenIds: readonly string[], how: string, toldBy: string | null): Promise<void> {
  if (wardenIds.length === 0) return;
  await db('rota_told').insert(wardenIds.map((wardenId) => ({ version_id: versionId, warden_id: wardenId, how, told_by: toldBy }))).onConflict(['version_id', 'warden_id', 'how']).ignore();
}

/** Of some wardens, those who see their shifts in the service, and those with a calendar that reads them. */
export async function listReachable(db: Knex, wardenIds: readonly string[]): Promise<{ service: string[]; calendar: string[] }> {
  return {
    service: await db('warden_account').whereIn('warden_id', [...wardenIds]).pluck('warden_id'),
    calendar: await db('rota_calendar').whereIn('warden_id', [...wardenIds]).whereNull('revoked_at').distinct().pluck('warden_id'),
  };
}
