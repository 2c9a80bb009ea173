/** A council's patrol log with its month: fifty thousand rows, each error named, kept whole or not at all; as CSV and as a workbook. */
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Upload } from '../../server/returns/uploadContract.ts';
import { fillStockton } from '../support/collecting.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { patrolLog } from '../support/patrolLog.ts';

type Client = Awaited<ReturnType<TestService['client']>>;

let service: TestService;
let lead: Client;
const hotspots = ['Park', 'Ropner Road', 'Quayside', 'Mill Lane', 'Castle Walk'];
const stockton = '/api/collecting/2023-10/councils/E06000004';
const send = async (content: Buffer, fileName: string): Promise<Upload> =>
  (await lead.post(`${stockton}/uploads`).query({ fileName, kind: 'patrol log' }).set('Content-Type', 'application/octet-stream').send(content).expect(200)).body as Upload;
const visits = async (): Promise<number> => Number((await service.database.db('visit').where({ council_code: 'E06000004' }).count('* as n').first())?.['n']);

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2023-11-06T12:00:00Z') });
  await fillStockton(service.database.db);
  lead = await service.client('lead@stockton.demo');
});
afterAll(() => service.close());

describe('fifty thousand rows', () => {
  test('with 5,000 wrong cells: each is named with its value, no other, and nothing is kept', async () => {
    const before = await visits();
    const { csv, faults } = patrolLog(hotspots, { rows: 50_000, every: 10, seed: 7 });
    expect(faults).toHaveLength(5000);
    const upload = await send(Buffer.from(csv), 'Streifen – Oktober.csv');
    expect(upload).toMatchObject({ state: 'refused', media: 'csv', report: { kind: 'patrol log', tier: 2, errors: 5000, rows: 50_000 } });
    const told = upload.report.issues.flatMap(({ cells }) => cells.map(({ cell, given }) => `${cell} ${given}`)).sort();
    expect(told).toEqual(faults.map(({ cell, given }) => `${cell} ${given}`).sort());
    expect(upload.report.issues.every(({ message, cure }) => message !== '' && cure !== '')).toBe(true);
    expect(await visits()).toBe(before);
  });

  test('sound: all of them are recorded, and the same file again counts once', async () => {
    const before = await visits();
    const { csv } = patrolLog(hotspots, { rows: 50_000, every: 0, seed: 7 });
    expect((await send(Buffer.from(csv), 'log.csv')).report).toMatchObject({ tier: 0, errors: 0, kept: '50000 visits recorded.' });
    expect(await visits()).toBe(before + 50_000);
    expect((await send(Buffer.from(csv), 'log.csv')).report.kept).toBe('0 visits recorded; 50000 were recorded before and are counted once.');
    expect(await visits()).toBe(before + 50_000);
  });
});

test('as a workbook, with days and times as a spreadsheet keeps them, under a title of its own', async () => {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('October');
  sheet.addRow(['Patrols of October']);
  sheet.addRow([]);
  sheet.addRow(['Hotspot', 'Date', 'Start', 'End', 'Persons', 'Patrol']);
  const clock = (hours: number): Date => new Date(Date.UTC(1899, 11, 30) + hours * 3_600_000);
  const add = (hotspot: string, persons: number | string, patrol: string): void => {
    const row = sheet.addRow([hotspot, new Date('2023-10-09T00:00:00Z'), clock(18.5), clock(19), persons, patrol]);
    row.getCell(2).numFmt = 'dd/mm/yyyy';
    row.getCell(3).numFmt = 'hh:mm';
    row.getCell(4).numFmt = 'hh:mm';
  };
  add('Park', 2, 'X1');
  add('Quayside', 'two', 'X2');
  const bytes = async (): Promise<Buffer> => Buffer.from(await book.xlsx.writeBuffer());
  const refused = await send(await bytes(), 'log.xlsx');
  expect(refused.report.issues).toMatchObject([{ tier: 2, sheet: 'October', places: 'E5', cells: [{ cell: 'E5', given: 'two' }], message: 'This cannot be read.', cure: 'Write a whole number of persons from 1 to 20.' }]);
  sheet.getCell('E5').value = 1;
  expect((await send(await bytes(), 'log.xlsx')).report.kept).toBe('2 visits recorded.');
  const kept = await service.database.db('visit').where({ patrol_reference: 'X1' }).first('started_at', 'persons');
  expect(kept).toEqual({ started_at: new Date('2023-10-09T17:30:00Z'), persons: 2 });
});

test('a mislabelled column, a visit of another month and one that overlaps are each said in their tier', async () => {
  const first = await send(Buffer.from('hotspt,date,start,end,persons\r\nPark,2023-10-12,10:00,10:20,2\r\n'), 'log.csv');
  expect(first.report).toMatchObject({ tier: 1 });
  expect(first.report.issues.map(({ message, places }) => [places, message])).toContainEqual(['A1', '"hotspt" is not a column of a patrol log.']);
  expect(first.report.issues.find(({ places }) => places === 'A1')?.cure).toContain('Did you mean "hotspot"?');
  const other = await send(Buffer.from('hotspot,date,start,end,persons\r\nPark,2023-09-12,10:00,10:20,2\r\n'), 'log.csv');
  expect(other.report.issues).toMatchObject([{ tier: 3, places: 'B2', message: 'The visit is not of October 2023.', cells: [{ given: '2023-09-12' }] }]);
  const clash = await send(Buffer.from('hotspot,date,start,end,persons,patrol reference\r\nPark,2023-10-09,18:40,18:50,2,X1\r\n'), 'log.csv');
  expect(clash.report).toMatchObject({ tier: 3, errors: 1 });
});
