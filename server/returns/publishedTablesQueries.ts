/** Published tables as rows: kept once, never changed. */
import type { Knex } from 'knex';
import type { PublishedTable } from './publishedTablesContract.ts';

export interface TableToKeep extends Omit<PublishedTable, 'enteredAt'> {
  readonly enteredBy: string | null;
}

export async function insertPublishedTable(db: Knex, { columns, rows, checks, flags, ...row }: TableToKeep): Promise<void> {
  await db('published_table').insert({
    id: row.id, title: row.title, source: row.source, address: row.address, content: JSON.stringify({ columns, rows, checks }), flags: JSON.stringify(flags),
    disagreements: row.disagreements, entered_by: row.enteredBy,
  });
}

const columns = ['id', 'title', 'source', 'address', 'content', 'flags', 'disagreements', 'entered_at as enteredAt'];
type Row = Pick<PublishedTable, 'id' | 'title' | 'source' | 'address' | 'flags' | 'disagreements'> & { content: Pick<PublishedTable, 'columns' | 'rows' | 'checks'>; enteredAt: Date };
const toTable = ({ content, enteredAt, ...row }: Row): PublishedTable => ({ ...row, ...content, enteredAt: enteredAt.toISOString() });

export async function listPublishedTables(db: Knex): Promise<PublishedTable[]> {
  const rows: Row[] = await db('published_table').select(columns).orderBy('entered_at', 'desc').limit(200);
  return rows.map(toTable);
}

export async function findPublishedTable(db: Knex, id: string): Promise<PublishedTable | undefined> {
  const row: Row | undefined = await db('published_table').select(columns).where({ id }).first();
  return row && toTable(row);
}
