/** Documents with their bytes. Row-level security shows those of the agreements a person sees. */
import type { Knex } from 'knex';
import type { Document, DocumentSubject } from './contract.ts';

export interface DocumentRow {
  readonly id: string;
  readonly agreementId: string;
  readonly subjectKind: DocumentSubject;
  readonly subjectId: string;
  readonly title: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly addedBy: string | null;
}

export async function insertDocument(db: Knex, row: DocumentRow, content: Buffer): Promise<void> {
  await db('document').insert({
    id: row.id, agreement_id: row.agreementId, subject_kind: row.subjectKind, subject_id: row.subjectId, title: row.title,
    file_name: row.fileName, media_type: row.mediaType, bytes: row.bytes, sha256: row.sha256, added_by: row.addedBy,
  });
  await db('document_content').insert({ document_id: row.id, content });
}

export interface DocumentFilter {
  readonly id?: string | undefined;
  readonly agreementId?: string | undefined;
  readonly subjectKind?: DocumentSubject | undefined;
  readonly subjectId?: string | undefined;
}

/** Documents that fit, oldest first; who added one is named where the reader may see that person. */
export async function listDocuments(db: Knex, { id, agreementId, subjectKind, subjectId }: DocumentFilter): Promise<Document[]> {
  const { rows } = await db.raw(
    `select d.id, d.agreement_id as "agreementId", d.subject_kind as "subjectKind", d.subject_id as "subjectId", d.title, d.file_name as "fileName",
       d.media_type as "mediaType", d.bytes, d.sha256, p.name as "addedBy", to_json(d.added_at) #>> '{}' as "addedAt",
       case when d.withdrawn_at is not null then json_build_object('at', d.withdrawn_at, 'reason', d.withdrawn_reason) end as withdrawn
     from document d left join person p on p.id = d.added_by
     where (cast(:id as uuid) is null or d.id = :id) and (cast(:agreementId as uuid) is null or d.agreement_id = :agreementId)
       and (cast(:subjectKind as text) is null or d.subject_kind = :subjectKind) and (cast(:subjectId as uuid) is null or d.subject_id = :subjectId)
     order by d.added_at, d.id`,
    { id: id ?? null, agreementId: agreementId ?? null, subjectKind: subjectKind ?? null, subjectId: subjectId ?? null },
  );
  return rows as Document[];
}

export async function findDocument(db: Knex, id: string): Promise<Document | undefined> {
  return (await listDocuments(db, { id }))[0];
}

export async function contentOf(db: Knex, id: string): Promise<Buffer | undefined> {
  const row: { content: Buffer } | undefined = await db('document_content').where({ document_id: id }).first('content');
  return row?.content;
}

export async function withdraw(db: Knex, id: string, by: string | null, reason: string, at: Date): Promise<void> {
  await db('document').where({ id }).update({ withdrawn_by: by, withdrawn_at: at, withdrawn_reason: reason });
}
