import type ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MonthlyReturn } from '../../server/returns/contract.ts';
import { returnBook } from '../../server/returns/workbook.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { fillMonth } from '../support/monthFixture.ts';
import { readCell, readTable, readWorkbook, unzipText, xmlFault } from '../support/workbook.ts';

let service: TestService;
let made: MonthlyReturn;
let bytes: Buffer;
let workbook: ExcelJS.Workbook;
let fileName: string;
let mediaType: string;
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-01-10T12:00:00Z') });
  await fillMonth(service.database.db, { demonstration: true });
  const client = await service.client('manager@opcc.demo');
  made = (await client.get('/api/returns/2023-10').expect(200)).body;
  const answer = await client.get('/api/returns/2023-10/workbook').buffer(true).parse((response, done) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)));
  }).expect(200);
  bytes = answer.body;
  fileName = /filename="?([^";]+)/.exec(answer.headers['content-disposition'] ?? '')?.[1] ?? '';
  mediaType = answer.type;
  workbook = await readWorkbook(bytes);
});
afterAll(() => service.close());

const sheet = (name: string): ExcelJS.Worksheet => workbook.getWorksheet(name)!;
const tableSheets = (): ExcelJS.Worksheet[] => workbook.worksheets.filter((one) => one.name !== 'Cover');
const lines = (one: ExcelJS.Worksheet): string[] => Array.from({ length: one.rowCount }, (_, row) => String(readCell(one.getCell(row + 1, 1).value) ?? ''));
const minutes = (days: unknown): number => Math.round(Number(days) * 1440);

describe('the file', () => {
  test('holds only well-formed XML and no macro', async () => {
    const files = await unzipText(bytes);
    expect([...files].flatMap(([name, text]) => xmlFault(text) === undefined ? [] : [name, xmlFault(text)])).toEqual([]);
    expect([...files.keys()].filter((name) => /vba|macro|externalLink/i.test(name))).toEqual([]);
  });

  test('the check of the XML sees what is wrong', () => {
    expect([xmlFault('<a><b></a>'), xmlFault('<a>&</a>'), xmlFault('<a b=c/>'), xmlFault('<a>'), xmlFault('<a b="c">&lt;<d/></a>')].map(Boolean)).toEqual([true, true, true, true, false]);
  });

  test('has language, title and author, and says demonstration data in its name', async () => {
    const core = (await unzipText(bytes)).get('docProps/core.xml') ?? '';
    expect(core).toContain('<dc:language>en-GB</dc:language>');
    expect(core).toContain('<dc:title>Monitoring return: October 2023</dc:title>');
    expect(core).toContain('<dc:creator>Office of the Police and Crime Commissioner for Cleveland</dc:creator>');
    expect(mediaType).toBe('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
    expect(fileName).toBe('monitoring-return-2023-10-demonstration-data.xlsx');
  });

  test('is cover, contents, notes, shorthand and definitions, then tables, totals and sources', () => {
    expect(workbook.worksheets.map((one) => one.name)).toEqual([
      'Cover', 'Contents', 'Notes', 'Shorthand', 'Definitions', 'T1 Hotspots', 'T2 Summary', 'T3 Person-hours', 'T4 Person-hours without', 'T5 Actions',
      'T6 ASB incidents', 'T7 ASB incidents in the same', 'T8 Change in ASB incidents', 'T9 Totals', 'Councils', 'Sources', 'Left out',
    ]);
  });
});

describe('every sheet', () => {
  test('starts with its title in A1 and says that the data is made up', () => {
    for (const one of workbook.worksheets) {
      expect(one.getCell('A1').font?.bold, one.name).toBe(true);
      expect(String(one.getCell('A1').value).length, one.name).toBeGreaterThan(4);
      expect(lines(one).join('\n'), one.name).toContain('Demonstration data');
      expect(one.headerFooter.oddFooter, one.name).toContain('Demonstration data');
    }
  });

  test('holds one real table that covers its rows, with a frozen header and no merged or blank cell', async () => {
    const files = await unzipText(bytes);
    for (const [index, one] of tableSheets().entries()) {
      const { columns, rows, headerRow } = readTable(one);
      const xml = files.get(`xl/tables/table${index + 1}.xml`) ?? '';
      const last = one.getColumn(columns.length).letter;
      expect(xml, one.name).toContain(` ref="A${headerRow}:${last}${headerRow + rows.length}"`);
      const named = [...xml.matchAll(/<tableColumn [^>]*?\bname="([^"]*)"/g)].map((match) => match[1]);
      expect(named.length, one.name).toBe(columns.length);
      expect(one.views[0], one.name).toMatchObject({ state: 'frozen', ySplit: headerRow });
      expect(Object.keys((one as unknown as { _merges: object })._merges), one.name).toEqual([]);
      expect(rows.flatMap((row) => Object.values(row)).filter((value) => value === null || value === ''), one.name).toEqual([]);
      for (let column = 1; column <= columns.length; column += 1) expect(one.getColumn(column).width, one.name).toBeGreaterThanOrEqual(12);
    }
  });

  test('data tables name their period and source', () => {
    for (const one of tableSheets().filter((each) => /^T\d/.test(each.name))) {
      expect(lines(one).slice(0, 6).join('\n'), one.name).toContain('Period: 1 to 31 October 2023. Source: Office of the Police');
    }
    expect(lines(sheet('T3 Person-hours')).join('\n')).toContain('Definition: Whole minutes of each visit times the persons on it');
  });
});

describe('what it says', () => {
  test('the cover carries the hash and the definition’s version', () => {
    const cover = lines(sheet('Cover')).join('\n');
    expect(cover).toContain(`SHA-256 of the figures: ${made.sha256}`);
    expect(cover).toContain('Monthly monitoring return (home_office_monthly), version 1');
    expect(cover).not.toContain('Provisional');
  });

  test('each line of the contents leads to its sheet', () => {
    const contents = sheet('Contents');
    const { headerRow, rows } = readTable(contents);
    const links = rows.map((_, index) => (contents.getCell(headerRow + 1 + index, 1).value as ExcelJS.CellFormulaValue).formula);
    expect(links).toEqual(workbook.worksheets.slice(2).map((one) => `HYPERLINK("#'${one.name}'!A1","${one.name}")`));
  });

  test('blank is not zero: the three reasons and 0 are told apart, with a key', () => {
    const summary = readTable(sheet('T2 Summary'));
    const esplanade = summary.rows.find((row) => row['Hotspot'] === 'Esplanade')!;
    expect([esplanade['Patrols'], esplanade['ASB incidents'], esplanade['ASB incidents in the same month a year before']]).toEqual(['[ns]', 1, '[x]']);
    expect(readTable(sheet('T8 Change in ASB incidents')).rows.find((row) => row['Hotspot'] === 'Park')).toMatchObject({ 'Police log': '[z]' });
    expect(summary.rows.find((row) => row['Hotspot'] === 'Park')).toMatchObject({ 'Visits of 15 minutes or more': 0 });
    expect(readTable(sheet('Shorthand')).rows.map((row) => row['Shorthand'])).toEqual(['[x]', '[z]', '[ns]', '[c]', '[low]', '[p]', '[r]']);
  });

  test('a percentage rounded to 0 is low, and what is not final is marked provisional over its figures', () => {
    const { figures } = structuredClone(made);
    const [area] = figures.areas;
    const own = (field: string) => area!.figures.find((each) => each.field === field && each.breakdown === null)!;
    own('long_visits').value = 1;
    own('long_visits_share').value = 0;
    figures.collected = { figures: [], texts: [{ councilCode: figures.areas[1]!.councilCode, kind: 'finality', text: 'provisional' }], flags: [] };
    const totals = (monthEnded: boolean) => returnBook(figures, { sha256: 'x', monthEnded, made: new Date(0) }).sheets.find(({ name }) => name === 'T9 Totals')!;
    const row = (name: string) => totals(true).rows.find(([figure]) => figure === name)!;
    expect([row('Share of visits of 15 minutes or more')[3], row('Visits of 15 minutes or more')[3]]).toEqual(['[low]', { value: 1, kind: 'count' }]);
    expect(totals(true).columns.map(({ label }) => label.endsWith(' [p]')).slice(3)).toEqual([true, true, ...figures.areas.slice(2).map(() => false)]);
    expect([totals(true).title.endsWith(' [p]'), totals(false).title.endsWith(' [p]')]).toEqual([false, true]);
  });

  test('a name that a spreadsheet would run as a formula is made inert', () => {
    const names = readTable(sheet('T1 Hotspots')).rows.map((row) => row['Hotspot']);
    expect(names).toContain(`'=High <Street> & "Lane"`);
    expect(sheet('T1 Hotspots').getCell('A8').formula).toBeUndefined();
  });

  test('hours are numbers shown as hours and minutes, dates are dates, percentages are shares', () => {
    const hours = sheet('T3 Person-hours').getRow(readTable(sheet('T3 Person-hours')).headerRow + 1).getCell(3);
    expect([hours.numFmt, minutes(readCell(hours.value))]).toEqual(['[h]" h "mm" min"', 268]);
    const live = sheet('T1 Hotspots').getRow(readTable(sheet('T1 Hotspots')).headerRow + 1).getCell(5);
    expect([live.numFmt, live.value]).toEqual(['d mmmm yyyy', new Date('2023-08-01T00:00:00Z')]);
    expect(readTable(sheet('T2 Summary')).rows[0]).toMatchObject({ 'Share of visits of 15 minutes or more (%)': 0.75, 'Change in ASB incidents (%)': -0.286 });
  });

  test('the year before says whether it was frozen or counted', () => {
    const rows = readTable(sheet('T7 ASB incidents in the same')).rows;
    expect(rows[0]!['What was counted']).toBe('baseline frozen when the hotspot was agreed');
    expect(rows[4]!['What was counted']).toBe('counted now, whole month');
  });

  test('totals equal the rows of their tables, and the figures that were hashed', () => {
    const totals = readTable(sheet('T9 Totals')).rows;
    const total = (figure: string, part: string) => totals.find((row) => row['Figure'] === figure && row['Part'] === part)!['All hotspots'];
    const sum = (name: string, column: string) => readTable(sheet(name)).rows.reduce((added, row) => added + (typeof row[column] === 'number' ? row[column] : 0), 0);
    expect([minutes(total('Person-hours', 'All')), minutes(sum('T3 Person-hours', 'All'))]).toEqual([533, 533]);
    expect([minutes(total('Person-hours', 'Council warden')), minutes(sum('T3 Person-hours', 'Council warden'))]).toEqual([448, 448]);
    expect([minutes(total('Person-hours without extended activity', 'All')), minutes(sum('T4 Person-hours without', 'All'))]).toEqual([413, 413]);
    expect([total('Actions', 'Informal warnings'), sum('T5 Actions', 'Informal warnings')]).toEqual([3, 3]);
    expect([total('ASB incidents', 'Police log'), sum('T6 ASB incidents', 'Police log')]).toEqual([9, 9]);
    expect([total('Patrols', 'All'), sum('T2 Summary', 'Patrols'), total('Patrols, each counted once', 'All')]).toEqual([6, 6, 5]);
    expect(total('ASB incidents in the same month a year before', 'All')).toBe('[x]');
    for (const figure of made.figures.areas[0]!.figures.filter((one) => one.value !== null)) {
      const field = made.figures.fields.find((one) => one.code === figure.field)!;
      const written = Number(total(field.name, field.parts.find((part) => part.code === figure.breakdown)?.name ?? 'All'));
      const read = { 'person-minutes': minutes(written), 'per cent': Math.round(written * 1000) / 10, count: written, pence: 0, text: 0, date: 0 }[field.unit];
      expect([field.name, figure.breakdown, read]).toEqual([field.name, figure.breakdown, figure.value]);
    }
  });

  test('what was left out is in the workbook', () => {
    expect(readTable(sheet('Left out')).rows.map((row) => row['Number'])).toEqual([2, 1, 1]);
  });
});
