/** Published tables over HTTP: what somebody else printed, and what in it does not agree. */
import { recordEvent } from '../audit.ts';
import { canonicalHash } from '../canonical.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { freeTextFault } from '../freeText.ts';
import type { Mount } from '../mount.ts';
import { checkTable } from './publishedTables.ts';
import { addPublishedTable, checkPublishedTable, type Flag, getPublishedTable, listPublishedTables, type PublishedColumn, type PublishedRow } from './publishedTablesContract.ts';
import { findPublishedTable, insertPublishedTable, listPublishedTables as listTables } from './publishedTablesQueries.ts';
import { type Meant, readTable } from './publishedTablesReading.ts';

export function publishedTableRoutes(mount: Mount): void {
  mount(checkPublishedTable, async ({ input }) => checked(input));

  mount(addPublishedTable, async ({ db, input, actor, person }) => {
    const { tableId, title, source, address, ...pasted } = input;
    const table = checked(pasted);
    const disagreements = table.flags.filter(({ level }) => level === 'disagrees').length;
    const sent = await findPublishedTable(db, tableId);
    if (sent && canonicalHash([sent.title, sent.source, sent.columns, sent.rows]) !== canonicalHash([title, source, table.columns, table.rows])) {
      throw conflict('published_table_id_taken', 'Another table was kept under this id. Enter this one anew.');
    }
    if (sent) return sent;
    await insertPublishedTable(db, { id: tableId, title, source, address, disagreements, ...table, enteredBy: person?.id ?? null });
    await recordEvent(db, actor, { action: 'publishedTableKept', subjectKind: 'published table', subjectId: tableId, after: { title, source, disagreements } });
    return await findPublishedTable(db, tableId) ?? missing();
  });

  mount(listPublishedTables, async ({ db }) => ({ tables: await listTables(db) }));

  mount(getPublishedTable, async ({ db, input }) => await findPublishedTable(db, input.id) ?? missing());
}

function missing(): never {
  throw notFound('published table');
}

/** Reads and adds up what was pasted; its words, like all free text, hold nothing about a person. */
function checked({ text, ...meant }: { text: string } & Meant): { columns: PublishedColumn[]; rows: PublishedRow[]; checks: number; flags: Flag[] } {
  for (const words of text.split(/[\t\n\r|",]/)) {
    const fault = freeTextFault(words.trim().slice(0, 200));
    if (fault) throw invalid([{ field: 'text', message: `“${words.trim().slice(0, 60)}”: ${fault.message}` }]);
  }
  const table = readTable(text, meant);
  if (typeof table === 'string') throw invalid([{ field: 'text', message: table }]);
  const { checks, flags } = checkTable(table);
  return { columns: [...table.columns], rows: [...table.rows], checks, flags: [...flags] };
}
