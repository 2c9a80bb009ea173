/** Documents over HTTP: kept with what they prove, read by who may see the agreement, and every reading remembered. */
import { readFile } from 'node:fs/promises';
import type { Knex } from 'knex';
import { recordEvent } from '../audit.ts';
import { AppError, notFound } from '../errors.ts';
import { findAgreement } from '../grants/queries.ts';
import type { Mount } from '../mount.ts';
import { localDay } from '../patrols/visits.ts';
import { numberSetting } from '../settings/queries.ts';
import * as contract from './contract.ts';
import { saveDocument } from './documentWork.ts';
import * as queries from './queries.ts';

export function documentRoutes(mount: Mount): void {
  mount(contract.listDocuments, async ({ db, scope, input: { id, ...filter } }) => {
    if (!(await findAgreement(db, scope.councils, id))) throw notFound('agreement');
    return { documents: await queries.listDocuments(db, { agreementId: id, ...filter }) };
  });

  mount(contract.addDocument, async (call) => {
    const { db, scope, now, input: { id, documentId, ...rest }, file } = call;
    const agreement = await findAgreement(db, scope.councils, id);
    if (!agreement) throw notFound('agreement');
    const most = await numberSetting(db, 'document_max_megabytes', localDay(now.toISOString()));
    if (file && file.size > most * 1024 * 1024) throw new AppError(413, 'too_large', `The file is larger than ${most} MB. Send it in parts, or scan it at a lower resolution.`);
    return saveDocument(call, agreement, { id: documentId, ...rest, content: file ? await readFile(file.path) : Buffer.alloc(0) });
  });

  mount(contract.readDocument, async ({ db, actor, input: { id } }) => {
    const found = await queries.findDocument(db, id);
    const body = found && (await queries.contentOf(db, id));
    if (!found || !body) throw notFound('document');
    await recordEvent(db, actor, { action: 'documentRead', subjectKind: 'agreement', subjectId: found.agreementId, councilCode: await councilOf(db, found.agreementId), after: { documentId: id, fileName: found.fileName } });
    return { fileName: found.fileName, body };
  });

  mount(contract.withdrawDocument, async ({ db, actor, now, input: { id, reason } }) => {
    if (!(await queries.findDocument(db, id))) throw notFound('document');
    await queries.withdraw(db, id, actor.personId, reason, now);
    const after = await queries.findDocument(db, id);
    if (!after) throw notFound('document');
    await recordEvent(db, actor, { action: 'documentWithdrawn', subjectKind: 'agreement', subjectId: after.agreementId, councilCode: await councilOf(db, after.agreementId), after: { documentId: id, fileName: after.fileName }, reason });
    return after;
  });
}

const councilOf = async (db: Knex, agreementId: string): Promise<string | null> => (await findAgreement(db, ['*'], agreementId))?.councilCode ?? null;
