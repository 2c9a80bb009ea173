/** Templates of decision notices by day. */
import type { Knex } from 'knex';
import type { NoticeTemplate, ReallocationKind } from './contract.ts';

const columns = ['id', 'kind', 'valid_from as validFrom', 'body', 'source', 'entered_at as enteredAt'];
type Row = Omit<NoticeTemplate, 'enteredAt'> & { enteredAt: Date };
const toTemplate = (row: Row): NoticeTemplate => ({ ...row, enteredAt: row.enteredAt.toISOString() });

export async function listTemplates(db: Knex): Promise<NoticeTemplate[]> {
  const rows: Row[] = await db('notice_template').select(columns).orderBy([{ column: 'kind' }, { column: 'valid_from', order: 'desc' }, { column: 'entered_at', order: 'desc' }]);
  return rows.map(toTemplate);
}

/** The words in force on a day: of the latest day not after it, the latest entry. */
export async function templateOn(db: Knex, kind: ReallocationKind, on: string): Promise<NoticeTemplate | undefined> {
  return (await listTemplates(db)).find((template) => template.kind === kind && template.validFrom <= on);
}

export async function insertTemplate(db: Knex, row: Pick<NoticeTemplate, 'kind' | 'validFrom' | 'body' | 'source'> & { enteredBy: string | null }): Promise<void> {
  await db('notice_template').insert({ kind: row.kind, valid_from: row.validFrom, body: row.body, source: row.source, entered_by: row.enteredBy });
}
