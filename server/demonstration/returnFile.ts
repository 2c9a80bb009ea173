/** The demonstration's return as a file that can be opened, beside the embedded database. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { monthlyDefinition } from '../returns/contract.ts';
import { findVersionFigures, listVersions } from '../returns/versionQueries.ts';
import { returnBook, workbookName } from '../returns/workbook.ts';
import { writeWorkbook } from '../spreadsheet.ts';
import { returnMonth } from './fillReturn.ts';

/** Writes the kept return's workbook unless it is there; whole or not at all. Returns its path, or undefined where no return is kept. */
export async function writeReturnFile(db: Knex, folder: string): Promise<string | undefined> {
  const [version] = await listVersions(db, monthlyDefinition, returnMonth);
  const figures = version && (await findVersionFigures(db, monthlyDefinition, returnMonth, version.version));
  if (!version || !figures) return undefined;
  const path = join(folder, workbookName(figures));
  if (existsSync(path)) return path;
  const book = await writeWorkbook(returnBook(figures, { sha256: version.sha256, monthEnded: true, made: new Date(version.madeAt) }));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.part`, book);
  renameSync(`${path}.part`, path);
  return path;
}
