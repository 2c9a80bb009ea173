/** Files councils sent for a month, with what was found in them. */
import type { Knex } from 'knex';
import { numberSetting } from '../settings/queries.ts';
import type { Upload, UploadReport } from './uploadContract.ts';

export interface NewUpload {
  readonly id: string;
  readonly month: string;
  readonly councilCode: string;
  readonly kind: UploadReport['kind'];
  readonly media: Upload['media'];
  readonly fileName: string;
  readonly content: Buffer;
  readonly sha256: string;
  readonly state: Upload['state'];
  readonly report: UploadReport;
  readonly by: string | null;
  readonly at: Date;
}

export async function insertUpload(trx: Knex.Transaction, row: NewUpload): Promise<void> {
  await trx('return_upload').insert({
    id: row.id, month: `${row.month}-01`, council_code: row.councilCode, kind: row.kind, media: row.media, file_name: row.fileName, bytes: row.content.length, sha256: row.sha256,
    content: row.content, state: row.state, report: JSON.stringify(row.report), uploaded_by: row.by, uploaded_at: row.at,
  });
}

const columns = `
  u.id, to_char(u.month, 'YYYY-MM') as month, u.council_code as "councilCode", u.file_name as "fileName", u.media, u.state, p.name as "uploadedBy",
  to_json(u.uploaded_at) #>> '{}' as "uploadedAt", u.content is not null as "hasFile", u.report`;

export async function findUpload(db: Knex, id: string): Promise<Upload | undefined> {
  const { rows } = await db.raw(`select ${columns} from return_upload u left join person p on p.id = u.uploaded_by where u.id = :id`, { id });
  return rows[0] as Upload | undefined;
}

/** The newest ten, the newest one with its issues. */
export async function listUploads(db: Knex, month: string, councilCode: string): Promise<Upload[]> {
  const { rows } = await db.raw(
    `select ${columns} from return_upload u left join person p on p.id = u.uploaded_by where u.month = :first and u.council_code = :councilCode order by u.uploaded_at desc, u.id limit 10`, { first: `${month}-01`, councilCode });
  return (rows as Upload[]).map((row, index) => (index === 0 ? row : { ...row, report: { ...row.report, issues: [] } }));
}

export async function findContent(db: Knex, id: string): Promise<Buffer | undefined> {
  const row: { content: Buffer | null } | undefined = await db('return_upload').where({ id }).first('content');
  return row?.content ?? undefined;
}

export async function updateUpload(trx: Knex.Transaction, id: string, { state, report }: Pick<Upload, 'state' | 'report'>): Promise<void> {
  await trx('return_upload').where({ id }).update({ state, report: JSON.stringify(report) });
}

/** Takes out files that were kept long enough; what was found in them stays. */
export async function forgetUploads(db: Knex, _config: unknown, now: Date): Promise<void> {
  const days = await numberSetting(db, 'return_upload_keep_days', now.toISOString().slice(0, 10));
  await db.raw(`update return_upload set content = null where content is not null and uploaded_at < cast(:now as timestamptz) - make_interval(days => :days)`, { now: now.toISOString(), days });
}
