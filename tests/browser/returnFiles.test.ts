/** The files of a return in LibreOffice: the funder's template filled, and many months in one workbook, checked against the list for accessible spreadsheets. */
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { monthsBook } from '../../server/returns/exportMonthsWork.ts';
import { makeReturn } from '../../server/returns/returnWork.ts';
import { fillTemplate, openTemplate } from '../../server/returns/template.ts';
import { fillingsOf } from '../../server/returns/templateValues.ts';
import { returnBook } from '../../server/returns/workbook.ts';
import { writeLongBook } from '../../server/returns/workbookWriter.ts';
import { writeWorkbook } from '../../server/spreadsheet.ts';
import { accessibilityFaults } from '../support/accessible.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { funderMap, funderTemplate } from '../support/funderTemplate.ts';
import { openAndSave } from '../support/libreoffice.ts';
import { fillMany } from '../support/manyMonths.ts';
import { fillMonth } from '../support/monthFixture.ts';
import { readTable, readWorkbook } from '../support/workbook.ts';

const now = new Date('2024-01-10T12:00:00Z');
let database: TestDatabase;
let many: Buffer;
beforeAll(async () => {
  database = await openTestDatabase();
  await fillMonth(database.db);
});
afterAll(() => database.close());

test('the filled template opens without repair: its values, its own total worked out again, its hidden sheet hidden', async () => {
  const { figures, sha256 } = await makeReturn(database.db, { month: '2023-10', councils: ['*'], now });
  const { fillings, faults } = fillingsOf(figures, funderMap, { sha256, version: 1, made: now });
  const filled = await fillTemplate(await openTemplate(await funderTemplate()), fillings);
  expect([faults, filled.faults]).toEqual([[], []]);
  const opened = await readWorkbook(await openAndSave(filled.body, 'xlsx'));
  const sheet = opened.getWorksheet('Monthly return')!;
  expect([8, 10, 11, 12].map((row) => sheet.getCell(row, 3).value)).toEqual([5, 0.75, 9, 4]);
  expect(sheet.getCell('C14').result).toBe(18);
  expect(sheet.getCell('C4').value).toBe('October 2023');
  expect([sheet.getCell('D1').isMerged, opened.getWorksheet('Lists')!.state]).toEqual([true, 'hidden']);
  expect(opened.getWorksheet(`Hotspots & "areas"`)!.getCell('C10').result).toBe(8);
});

test('the accessible workbook of a month has no fault of the list', async () => {
  const made = await makeReturn(database.db, { month: '2023-10', councils: ['*'], now });
  expect(await accessibilityFaults(await writeWorkbook(returnBook(made.figures, { ...made, made: now })))).toEqual([]);
});

test('many months in one workbook have none either, and every cell is the month’s own figure', async () => {
  await fillMany(database.db, { hotspots: 6, from: '2023-06', months: 7, every: 3, incidentsAMonth: 2 });
  const chunks: Buffer[] = [];
  for await (const chunk of writeLongBook(await monthsBook(database.db, { from: '2023-06', to: '2023-12', councils: ['*'], now }))) chunks.push(chunk as Buffer);
  many = Buffer.concat(chunks);
  expect(await accessibilityFaults(many)).toEqual([]);
  const { rows } = readTable((await readWorkbook(many)).getWorksheet('T1 Hotspots by month')!);
  for (const month of ['2023-07', '2023-10', '2023-12']) {
    const { figures } = await makeReturn(database.db, { month, councils: ['*'], now });
    expect(rows.filter((row) => row['Month'] === month).map((row) => [row['Hotspot'], row['Visits'], row['ASB incidents'], Math.round(Number(row['Person-hours (hours and minutes)']) * 1440) || row['Person-hours (hours and minutes)']])).toEqual(figures.hotspots.map((hotspot) => {
      const value = (field: string): number | string => {
        const found = hotspot.figures.find((one) => one.field === field && one.breakdown === null)!;
        return found.value ?? { 'not started': '[ns]', 'not available': '[x]', 'not applicable': '[z]', counted: '' }[found.status];
      };
      return [hotspot.name.startsWith('=') ? `'${hotspot.name}` : hotspot.name, value('visits'), value('asb_incidents'), value('person_minutes')];
    }));
  }
  const opened = await readWorkbook(await openAndSave(many, 'xlsx'));
  expect(readTable(opened.getWorksheet('T1 Hotspots by month')!).rows).toHaveLength(rows.length);
});

test('the checker sees a merged cell, a blank, a mark without a key and a document without a title', async () => {
  const workbook = await readWorkbook(many);
  const sheet = workbook.getWorksheet('Left out') ?? new ExcelJS.Workbook().addWorksheet('x');
  sheet.mergeCells('E1:F1');
  const { headerRow } = readTable(sheet);
  sheet.getCell(headerRow + 1, 2).value = null;
  sheet.getCell(headerRow + 2, 2).value = '[q]';
  workbook.title = '';
  const faults = await accessibilityFaults(Buffer.from(await workbook.xlsx.writeBuffer()));
  expect(faults.join('\n')).toMatch(/no title[\s\S]*merged[\s\S]*blank[\s\S]*\[q\] is not in the key/);
});
