/** Keeping a document: its kind from its content, its hash, its bytes and its event, all or nothing. */
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import { type Actor, recordEvent } from '../audit.ts';
import { conflict, invalid } from '../errors.ts';
import type { Agreement } from '../grants/contract.ts';
import type { Document, DocumentSubject } from './contract.ts';
import { kindOf, labelOf } from './fileKind.ts';
import { findDocument, insertDocument } from './queries.ts';

export interface NewDocument {
  readonly id: string;
  readonly subjectKind: DocumentSubject;
  readonly subjectId: string;
  readonly title: string;
  readonly fileName: string;
  readonly content: Buffer;
}

/** Keeps a document of an agreement; the same id with the same bytes again is answered as before, with others refused. */
export async function saveDocument({ db, actor }: { db: Knex.Transaction; actor: Actor }, agreement: Pick<Agreement, 'id' | 'councilCode'>, given: NewDocument): Promise<Document> {
  const sha256 = createHash('sha256').update(given.content).digest('hex');
  const before = await findDocument(db, given.id);
  if (before) {
    if (before.sha256 !== sha256 || before.agreementId !== agreement.id) throw conflict('document_id_once', 'This id stands for another document. Send the file again from the page.');
    return before;
  }
  if (given.content.length === 0) throw refused('The file is empty. Choose the file again.');
  const kind = kindOf(given.content, await namesInArchive(given.content));
  if (typeof kind === 'string') throw refused(kind);
  const { content, ...rest } = given;
  const row = { ...rest, agreementId: agreement.id, fileName: labelOf(given.fileName, kind), mediaType: kind.mediaType, bytes: content.length, sha256, addedBy: actor.personId };
  await insertDocument(db, row, content);
  await recordEvent(db, actor, { action: 'documentAdded', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, after: row });
  const kept = await findDocument(db, given.id);
  if (!kept) throw new Error('A document that was just kept cannot be found.');
  return kept;
}

export const refused = (message: string) => invalid([{ field: 'fileName', message }]);

const mostNames = 5000;

/** The names an archive's directory lists, without unpacking anything; undefined when there is none. */
function namesInArchive(content: Buffer): Promise<readonly string[] | undefined> {
  return new Promise((resolve) => {
    fromBuffer(content, { lazyEntries: true, decodeStrings: true }, (error: Error | null, archive?: ZipFile) => {
      if (error || !archive) return resolve(undefined);
      const names: string[] = [];
      archive.on('entry', (entry: Entry) => {
        names.push(entry.fileName);
        if (names.length > mostNames) resolve(undefined);
        else archive.readEntry();
      });
      // An archive that breaks its own directory is none to us, and kindOf says so.
      archive.on('error', () => resolve(undefined)).on('end', () => resolve(names));
      archive.readEntry();
    });
  });
}
