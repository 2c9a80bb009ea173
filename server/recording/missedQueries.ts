/** Missed visits and the notes for the next shift, as rows. */
import type { Knex } from 'knex';
import type { HandoverNote, MissedVisit } from './contract.ts';

const missedColumns = `m.id, m.hotspot_id as "hotspotId", h.name as hotspot, m.council_code as "councilCode", m.missed_on as "missedOn", m.band, m.visits,
  m.reason_code as "reasonCode", r.name as reason, m.note, m.recorded_at as "recordedAt"`;
const missedFrom = 'from missed_visit m join hotspot h on h.id = m.hotspot_id join missed_reason r on r.code = m.reason_code';

type MissedRow = Omit<MissedVisit, 'recordedAt'> & { recordedAt: Date };
const toMissed = (row: MissedRow): MissedVisit => ({ ...row, recordedAt: row.recordedAt.toISOString() });

export interface MissedFilter {
  readonly councils: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly hotspots?: readonly string[] | undefined;
}

/** Missed visits of a span, newest first. */
export async function listMissed(db: Knex, { councils, from, to, hotspots }: MissedFilter): Promise<MissedVisit[]> {
  const { rows } = await db.raw(
    `select ${missedColumns} ${missedFrom} where m.council_code = any(cast(:councils as text[])) and m.missed_on between :from and :to
       and (cast(:hotspots as uuid[]) is null or m.hotspot_id = any(cast(:hotspots as uuid[]))) order by m.missed_on desc, m.band desc, h.name, m.id`,
    { councils, from, to, hotspots: hotspots ?? null });
  return (rows as MissedRow[]).map(toMissed);
}

/** The missed visit with this id, or of this hotspot, day and band. */
export async function findMissed(db: Knex, councils: readonly string[], asked: { id: string } | { hotspotId: string; missedOn: string; band: number }): Promise<MissedVisit | undefined> {
  const [where, bindings] = 'id' in asked ? ['m.id = :id', asked] as const : ['m.hotspot_id = :hotspotId and m.missed_on = :missedOn and m.band = :band', asked] as const;
  const { rows } = await db.raw(`select ${missedColumns} ${missedFrom} where m.council_code = any(cast(:councils as text[])) and ${where}`, { councils, ...bindings });
  const [row] = rows as MissedRow[];
  return row && toMissed(row);
}

export interface NewMissed {
  readonly id: string;
  readonly hotspotId: string;
  readonly councilCode: string;
  readonly missedOn: string;
  readonly band: number;
  readonly visits: number;
  readonly reasonCode: string;
  readonly note: string;
}

export async function insertMissed(db: Knex, row: NewMissed, recordedBy: string | null): Promise<void> {
  await db('missed_visit').insert({
    id: row.id, hotspot_id: row.hotspotId, council_code: row.councilCode, missed_on: row.missedOn, band: row.band, visits: row.visits, reason_code: row.reasonCode, note: row.note, recorded_by: recordedBy,
  });
}

export async function deleteMissed(db: Knex, id: string): Promise<void> {
  await db('missed_visit').where({ id }).delete();
}

type NoteRow = Omit<HandoverNote, 'writtenAt' | 'expiresAt'> & { writtenAt: Date; expiresAt: Date };

export interface NotesAsked {
  readonly councils: readonly string[];
  readonly personId: string | null;
  /** Only those still shown then. */
  readonly at?: Date;
  readonly id?: string;
}

/** Notes for the next shift, newest first. */
export async function listNotes(db: Knex, { councils, personId, at, id }: NotesAsked): Promise<HandoverNote[]> {
  const { rows } = await db.raw(
    `select n.id, n.council_code as "councilCode", n.hotspot_id as "hotspotId", h.name as hotspot, n.note, n.written_at as "writtenAt", n.expires_at as "expiresAt",
       coalesce(n.written_by = cast(:personId as uuid), false) as own
     from handover_note n left join hotspot h on h.id = n.hotspot_id
     where n.council_code = any(cast(:councils as text[])) and (cast(:at as timestamptz) is null or n.expires_at > cast(:at as timestamptz)) and (cast(:id as uuid) is null or n.id = cast(:id as uuid))
     order by n.written_at desc, n.id`,
    { councils, personId, at: at?.toISOString() ?? null, id: id ?? null });
  return (rows as NoteRow[]).map((row) => ({ ...row, writtenAt: row.writtenAt.toISOString(), expiresAt: row.expiresAt.toISOString() }));
}

export interface NewNote {
  readonly id: string;
  readonly councilCode: string;
  readonly hotspotId: string | null;
  readonly note: string;
  readonly writtenAt: Date;
  readonly expiresAt: Date;
}

export async function insertNote(db: Knex, row: NewNote, writtenBy: string | null): Promise<void> {
  await db('handover_note').insert({ id: row.id, council_code: row.councilCode, hotspot_id: row.hotspotId, note: row.note, written_at: row.writtenAt, expires_at: row.expiresAt, written_by: writtenBy });
}

/** Ends a note at once; a phone that sends it again does not bring it back. */
export async function expireNote(db: Knex, id: string, at: Date): Promise<void> {
  await db.raw(`update handover_note set expires_at = greatest(cast(:at as timestamptz), written_at) where id = :id`, { id, at: at.toISOString() });
}
