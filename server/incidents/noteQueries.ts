/** Notes of recording changes and gaps. */
import type { Knex } from 'knex';
import type { RecordingNote } from './qualityContract.ts';
import type { HeldNote } from './recording.ts';

const columns = [
  'id', 'kind', 'source_code as source', 'council_code as councilCode', 'starts_on as startsOn', 'ends_on as endsOn', 'what', 'known_from as knownFrom',
  'added_at as addedAt', 'withdrawn_at as withdrawnAt', 'withdrawn_reason as withdrawnReason',
];

interface NoteRow extends Omit<RecordingNote, 'addedAt' | 'withdrawnAt'> {
  readonly addedAt: Date;
  readonly withdrawnAt: Date | null;
}

const toNote = (row: NoteRow): RecordingNote => ({ ...row, addedAt: row.addedAt.toISOString(), withdrawnAt: row.withdrawnAt?.toISOString() ?? null });

export async function listNotesHeld(db: Knex): Promise<RecordingNote[]> {
  const rows: NoteRow[] = await db('recording_note').select(columns).orderBy(['starts_on', 'id']);
  return rows.map(toNote);
}

/** The notes in force: those withdrawn cross nothing. */
export async function notesInForce(db: Knex): Promise<HeldNote[]> {
  return db('recording_note').select('id', 'kind', 'source_code as source', 'council_code as councilCode', 'starts_on as startsOn', 'ends_on as endsOn', 'what').whereNull('withdrawn_at').orderBy(['starts_on', 'id']);
}

export interface NewNote extends Omit<HeldNote, 'id'> {
  readonly knownFrom: string;
  readonly by: string | null;
  readonly at: Date;
}

export async function saveNote(trx: Knex.Transaction, note: NewNote): Promise<RecordingNote> {
  const [row] = await trx('recording_note').insert({
    kind: note.kind, source_code: note.source, council_code: note.councilCode, starts_on: note.startsOn, ends_on: note.endsOn, what: note.what,
    known_from: note.knownFrom, added_by: note.by, added_at: note.at,
  }).returning(columns) as [NoteRow];
  return toNote(row);
}

/** The note as withdrawn, or undefined when there is none in force under the id. */
export async function withdrawNoteHeld(trx: Knex.Transaction, id: string, by: { personId: string | null; at: Date; reason: string }): Promise<RecordingNote | undefined> {
  const [row] = await trx('recording_note').where({ id }).whereNull('withdrawn_at')
    .update({ withdrawn_by: by.personId, withdrawn_at: by.at, withdrawn_reason: by.reason }).returning(columns) as NoteRow[];
  return row && toNote(row);
}
