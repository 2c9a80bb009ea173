/** What wardens ask for, whose account is whose, and calendars. */
import type { Knex } from 'knex';

export interface OwnWarden {
  readonly id: string;
  readonly reference: string;
  readonly councilCode: string;
}

/** The warden whose own account this is, or undefined. */
export async function findOwnWarden(db: Knex, personId: string | null): Promise<OwnWarden | undefined> {
  return db('warden_account as a').join('warden as w', 'w.id', 'a.warden_id').where('a.person_id', personId).first('w.id', 'w.reference', 'w.council_code as councilCode');
}

export interface RequestRow {
  readonly id: string;
  readonly rotaId: string;
  readonly councilCode: string;
  readonly wardenId: string;
  readonly reference: string;
  readonly kind: 'cover' | 'swap';
  readonly shiftKey: string;
  readonly returnShiftKey: string | null;
  readonly reason: string;
  readonly state: 'asked' | 'granted' | 'refused' | 'withdrawn';
  readonly askedAt: string;
  readonly takenBy: string | null;
  readonly decidedWhy: string | null;
}

/** Requests of some councils that the reader may see: those that wait first, then the latest. */
export async function listRequestRows(db: Knex, councils: readonly string[], id?: string): Promise<RequestRow[]> {
  const query = db('rota_request as q').join('warden as w', 'w.id', 'q.warden_id').leftJoin('warden as t', 't.id', 'q.taken_by').whereIn('q.council_code', [...councils])
    .orderByRaw(`q.state = 'asked' desc, q.asked_at desc`)
    .select('q.id', 'q.rota_id as rotaId', 'q.council_code as councilCode', 'q.warden_id as wardenId', 'w.reference', 'q.kind', 'q.shift_key as shiftKey', 'q.return_shift_key as returnShiftKey', 'q.reason', 'q.state',
      'q.asked_at as askedAt', 't.reference as takenBy', 'q.decided_why as decidedWhy');
  const rows: (Omit<RequestRow, 'askedAt'> & { askedAt: Date })[] = await (id === undefined ? query.limit(200) : query.where('q.id', id));
  return rows.map((row) => ({ ...row, askedAt: row.askedAt.toISOString() }));
}

export async function insertRequest(db: Knex, row: Pick<RequestRow, 'id' | 'rotaId' | 'councilCode' | 'wardenId' | 'shiftKey' | 'returnShiftKey' | 'reason'>, askedBy: string): Promise<void> {
  await db('rota_request').insert({
    id: row.id, rota_id: row.rotaId, council_code: row.councilCode, warden_id: row.wardenId, kind: row.returnShiftKey === null ? 'cover' : 'swap', shift_key: row.shiftKey, return_shift_key: row.returnShiftKey,
    reason: row.reason, asked_by: askedBy,
  });
}

export interface Decision {
  readonly state: 'granted' | 'refused' | 'withdrawn';
  readonly decidedBy: string | null;
  readonly why: string | null;
  readonly takenBy?: string;
  readonly versionId?: string;
}

export async function decideRequestRow(db: Knex, id: string, { state, decidedBy, why, takenBy, versionId }: Decision): Promise<void> {
  await db('rota_request').where({ id }).update({ state, decided_by: decidedBy, decided_why: why, taken_by: takenBy ?? null, version_id: versionId ?? null });
}

export async function insertCalendar(db: Knex, row: { id: string; tokenSha256: string }, warden: OwnWarden, madeBy: string | null): Promise<void> {
  await db('rota_calendar').insert({ id: row.id, warden_id: warden.id, council_code: warden.councilCode, token_sha256: row.tokenSha256, made_by: madeBy });
}

export async function listCalendars(db: Knex, wardenId: string): Promise<{ id: string; madeAt: string }[]> {
  const rows: { id: string; madeAt: Date }[] = await db('rota_calendar').where({ warden_id: wardenId }).whereNull('revoked_at').orderBy('made_at').select('id', 'made_at as madeAt');
  return rows.map(({ id, madeAt }) => ({ id, madeAt: madeAt.toISOString() }));
}

/** Takes back the calendars of a warden, or one of them; how many. */
export async function revokeCalendars(db: Knex, wardenId: string, id?: string): Promise<number> {
  const query = db('rota_calendar').where({ warden_id: wardenId }).whereNull('revoked_at');
  return (id === undefined ? query : query.where({ id })).update({ revoked_at: db.fn.now() });
}

/** What the calendar of a token tells; undefined when its address was taken back or never was. */
export async function readCalendarRows(db: Knex, tokenSha256: string): Promise<{ shifts: CalendarRow[]; versions: { rotaId: string; version: number; publishedAt: number }[] } | undefined> {
  const { rows: [lives] } = await db.raw('select calendar_lives(?) as lives', [tokenSha256]);
  if (!lives?.lives) return undefined;
  const { rows: shifts } = await db.raw(`select shift_key as key, warden_id as "wardenId", rota_id as "rotaId", version, shift_name as name, starts_at as "startsAt", ends_at as "endsAt" from calendar_shifts(?)`, [tokenSha256]);
  const { rows: versions } = await db.raw(`select rota_id as "rotaId", version, published_at as "publishedAt" from calendar_versions(?)`, [tokenSha256]);
  return {
    shifts: (shifts as (Omit<CalendarRow, 'startsAt' | 'endsAt'> & { startsAt: Date; endsAt: Date })[]).map((row) => ({ ...row, startsAt: row.startsAt.getTime(), endsAt: row.endsAt.getTime() })),
    versions: (versions as { rotaId: string; version: number; publishedAt: Date }[]).map((row) => ({ ...row, publishedAt: row.publishedAt.getTime() })),
  };
}

export interface CalendarRow {
  readonly key: string;
  readonly wardenId: string;
  readonly rotaId: string;
  readonly version: number;
  readonly name: string;
  readonly startsAt: number;
  readonly endsAt: number;
}
