/** Making the closure pack: read every table, write the workbook. */
import type { Knex } from 'knex';
import type { Agreement } from '../grants/contract.ts';
import { writeWorkbook } from '../spreadsheet.ts';
import type { ClosureView } from './contract.ts';
import { closingTables, packBook } from './pack.ts';
import { listPackTables } from './packQueries.ts';

export async function packOf(db: Knex, agreement: Agreement, { view, made }: { readonly view: ClosureView; readonly made: Date }): Promise<{ readonly body: Buffer; readonly sha256: string }> {
  const { book, sha256 } = packBook(view, [...closingTables(view), ...(await listPackTables(db, agreement.id))], made);
  return { body: await writeWorkbook(book), sha256 };
}
