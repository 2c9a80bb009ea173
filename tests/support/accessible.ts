/** What the Analysis Function asks of statistics in a spreadsheet, checked on a workbook's own parts: every fault with its sheet. */
import { readSheet, referenceOf } from '../../server/returns/workbookCells.ts';
import { attribute, tagsOf } from '../../server/returns/workbookXml.ts';
import { readTable, readWorkbook, unzipText } from './workbook.ts';

const key = /^\[(?:c|x|z|low|p|r|ns)\]$/;

/** Cover, contents and notes first; one table a sheet under a title in A1; nothing merged, nothing blank; shorthand with its key; language, title, author. */
export async function accessibilityFaults(bytes: Buffer): Promise<string[]> {
  const [files, workbook] = [await unzipText(bytes), await readWorkbook(bytes)];
  const core = files.get('docProps/core.xml') ?? '';
  const names = workbook.worksheets.map(({ name }) => name);
  const faults = ['title', 'creator', 'language'].filter((name) => !new RegExp(`<dc:${name}>[^<]+</dc:${name}>`).test(core)).map((name) => `The document has no ${name}.`);
  if (names.slice(0, 3).join() !== 'Cover,Contents,Notes') faults.push(`The first sheets are ${names.slice(0, 3).join(', ')}.`);
  const known = new Set(readTable(workbook.getWorksheet('Shorthand')!).rows.map((row) => row['Shorthand']));
  for (const [index, sheet] of workbook.worksheets.entries()) {
    const xml = files.get(`xl/worksheets/sheet${index + 1}.xml`) ?? '';
    if (String(sheet.getCell('A1').value ?? '') === '') faults.push(`${sheet.name}: A1 has no title.`);
    if (readSheet(xml).merged.length > 0) faults.push(`${sheet.name}: cells are merged.`);
    if (sheet.name === 'Cover') continue;
    const tables = [...tagsOf(xml)].filter(({ name, kind }) => name === 'tablePart' && kind !== 'close').length;
    if (tables !== 1) faults.push(`${sheet.name}: ${tables} tables.`);
    const { columns, rows, headerRow } = readTable(sheet);
    const ref = `A${headerRow}:${referenceOf({ row: headerRow + rows.length, column: columns.length })}`;
    const table = [...tagsOf(files.get(`xl/tables/table${index}.xml`) ?? '')].find(({ name }) => name === 'table');
    if (table === undefined || attribute(table, 'ref') !== ref) faults.push(`${sheet.name}: the table is ${table && attribute(table, 'ref')}, its cells are ${ref}.`);
    for (const [nth, row] of rows.entries()) {
      for (const [column, value] of Object.entries(row)) {
        if (value === null || value === '') faults.push(`${sheet.name}, row ${headerRow + 1 + nth}, ${column}: blank.`);
        if (typeof value === 'string' && value.startsWith('[') && sheet.name !== 'Shorthand' && (!key.test(value) || !known.has(value))) faults.push(`${sheet.name}, ${column}: ${value} is not in the key.`);
      }
    }
  }
  return faults;
}
