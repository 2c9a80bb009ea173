/** The monthly return opened in LibreOffice, and what it read there compared with the figures that were hashed. */
import type ExcelJS from 'exceljs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeReturn } from '../../server/returns/returnWork.ts';
import type { MonthlyFigures } from '../../server/returns/contract.ts';
import { returnBook } from '../../server/returns/workbook.ts';
import { writeWorkbook } from '../../server/spreadsheet.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { openAndSave } from '../support/libreoffice.ts';
import { fillMonth } from '../support/monthFixture.ts';
import { readTable, readWorkbook } from '../support/workbook.ts';

const now = new Date('2024-01-10T12:00:00Z');
let database: TestDatabase;
let figures: MonthlyFigures;
let bytes: Buffer;
let opened: ExcelJS.Workbook;
beforeAll(async () => {
  database = await openTestDatabase();
  await fillMonth(database.db, { demonstration: true });
  const made = await makeReturn(database.db, { month: '2023-10', councils: ['*'], now });
  figures = made.figures;
  bytes = await writeWorkbook(returnBook(figures, { ...made, made: now }));
  opened = await readWorkbook(await openAndSave(bytes, 'xlsx'));
});
afterAll(() => database.close());

const table = (name: string) => readTable(opened.getWorksheet(name)!);
const read = { 'person-minutes': (days: number) => Math.round(days * 1440), 'per cent': (share: number) => Math.round(share * 1000) / 10, count: (n: number) => n, pence: (pounds: number) => Math.round(pounds * 100), text: Number, date: Number };

test('every sheet comes back', async () => {
  const given = await readWorkbook(bytes);
  expect(opened.worksheets.map((sheet) => sheet.name)).toEqual(given.worksheets.map((sheet) => sheet.name));
  for (const sheet of given.worksheets) expect(opened.getWorksheet(sheet.name)!.rowCount, sheet.name).toBe(sheet.rowCount);
});

test('the totals are the figures that were hashed', () => {
  const { rows } = table('T9 Totals');
  const areas = figures.areas.flatMap((area) => area.figures.map((figure) => {
    const field = figures.fields.find((one) => one.code === figure.field)!;
    const part = field.parts.find((one) => one.code === figure.breakdown)?.name ?? 'All';
    const written = rows.find((row) => row['Figure'] === field.name && row['Part'] === part)?.[area.name];
    return { figure, where: `${area.name}, ${field.name}, ${part}`, value: typeof written === 'number' ? read[field.unit](written) : null };
  }));
  expect(areas.length).toBeGreaterThan(200);
  for (const { figure, where, value } of areas) expect([where, value]).toEqual([where, figure.value]);
});

test('the totals are the sum of the rows', () => {
  const sum = (name: string, column: string) => table(name).rows.reduce((added, row) => added + (typeof row[column] === 'number' ? row[column] : 0), 0);
  expect(read['person-minutes'](sum('T3 Person-hours', 'All'))).toBe(533);
  expect(sum('T2 Summary', 'Visits')).toBe(8);
  expect(sum('T5 Actions', 'All')).toBe(8);
  expect(sum('T6 ASB incidents', 'All')).toBe(12);
});

test('shorthand, names and dates are as they were written', () => {
  const { rows } = table('T1 Hotspots');
  expect(rows.map((row) => row['Hotspot'])).toEqual(['Burn Valley', 'Town Centre', 'Esplanade', `'=High <Street> & "Lane"`, 'Park']);
  expect(rows.map((row) => row['Patrols counted from'])[2]).toBe('[ns]');
  // 1 August 2023 as a day number of a spreadsheet.
  expect(rows[0]!['Live from']).toBe(45139);
  expect(rows[1]!['Last live day']).toBe(45214);
});

test('the tables are tables and the contents lead somewhere', async () => {
  const document = (await openAndSave(bytes, 'fods')).toString('utf8');
  const ranges = [...document.matchAll(/<table:database-range [^>]*table:target-range-address="([^"]+)"/g)].map((match) => match[1]);
  expect(ranges).toHaveLength(opened.worksheets.length - 1);
  expect(document).toContain('<dc:language>en-GB</dc:language>');
  expect(document).toContain('of:=HYPERLINK(&quot;#&apos;T2 Summary&apos;!A1&quot;;&quot;T2 Summary&quot;)');
  expect(document).not.toContain('Err:');
  expect(document).not.toContain('#NAME?');
});

test('a broken file is refused, so that opening one says something', async () => {
  await expect(openAndSave(bytes.subarray(0, bytes.length / 2), 'xlsx')).rejects.toThrow(/did not open/);
});
