/** The funder's form filled: every mapped cell as it should be, every other cell and part as it came. */
import { randomUUID } from 'node:crypto';
import type ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tagsOf } from '../../server/returns/workbookXml.ts';
import { readSheet, referenceOf, withoutResults } from '../../server/returns/workbookCells.ts';
import { readParts, writeParts } from '../../server/returns/workbookZip.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { funderMap, funderTemplate } from '../support/funderTemplate.ts';
import { fillMonth } from '../support/monthFixture.ts';
import { readWorkbook, unzipText, xmlFault } from '../support/workbook.ts';

let service: TestService;
let blank: Buffer;
let filled: Buffer;
const templateId = randomUUID();
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-01-10T12:00:00Z') });
  await fillMonth(service.database.db);
  blank = await funderTemplate();
  const client = await service.client('manager@opcc.demo');
  await send(blank, 'Monitoring form, April 2023.xlsx');
  const { body } = await client.get('/api/return-definitions').expect(200);
  const inForce = body.definitions.find((each: { code: string }) => each.code === 'home_office_monthly');
  const draft = { name: inForce.name, basis: inForce.basis, frequency: 'monthly', deadline: inForce.deadline, fields: inForce.fields, signatories: inForce.signatories, sources: inForce.sources, template: { templateId, ...funderMap } };
  await client.post('/api/return-definitions/home_office_monthly/versions').send({ validFrom: '2023-10-01', reason: 'The funder issued its form', draft }).expect(200);
  filled = await file('/api/returns/2023-10/template');
});
afterAll(() => service.close());

async function send(content: Buffer, fileName: string, id = templateId) {
  const client = await service.client('manager@opcc.demo');
  return client.post('/api/return-definitions/home_office_monthly/templates').query({ templateId: id, title: 'Monitoring form', fileName }).set('Content-Type', 'application/octet-stream').send(content);
}

async function file(path: string, email = 'manager@opcc.demo'): Promise<Buffer> {
  const answer = await (await service.client(email)).get(path).buffer(true).parse((response, done) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)));
  });
  return answer.body as Buffer;
}

const main = 'Monthly return';
const areas = `Hotspots & "areas"`;
const mapped = new Set([...['C4', 'C8', 'C9', 'C10', 'C11', 'C12'].map((at) => `${main}!${at}`), ...[4, 5, 6, 7, 8].flatMap((row) => ['A', 'B', 'C', 'D', 'E'].map((column) => `${areas}!${column}${row}`))]);

test('mapped cells hold the figures, in the form the map says', async () => {
  const sheet = (await readWorkbook(filled)).getWorksheet(main)!;
  expect(sheet.getCell('C4').value).toBe('October 2023');
  expect([8, 11, 12].map((row) => sheet.getCell(row, 3).value)).toEqual([5, 9, 4]);
  // 533 minutes as a duration in days; exceljs reads it as a date.
  expect(((sheet.getCell('C9').value as Date).getTime() - Date.UTC(1899, 11, 30)) / 60_000).toBeCloseTo(533, 6);
  expect(sheet.getCell('C10').value).toBe(0.75);
  const rows = (await readWorkbook(filled)).getWorksheet(areas)!;
  expect([4, 5, 6, 7, 8, 9].map((row) => ['A', 'B', 'C', 'D', 'E'].map((column) => rows.getCell(`${column}${row}`).value))).toEqual([
    ['Burn Valley', 'Hartlepool', 4, 4.47, '1 August 2023'], ['Town Centre', 'Middlesbrough', 1, 0.25, '1 August 2023'],
    // Not started: the number stays blank where the map says so, the other cell says why.
    ['Esplanade', 'Redcar and Cleveland', null, 'not started', '1 August 2023'],
    ['=High <Street> & "Lane"', 'Stockton-on-Tees', 2, 4, '10 October 2023'], ['Park', 'Stockton-on-Tees', 1, 0.17, '1 August 2023'], [null, null, null, null, null],
  ]);
  expect(rows.getCell('A7').formula).toBeUndefined();
});

describe('nothing outside the map changed', () => {
  test('cell by cell: values, formulas, styles', async () => {
    const [before, after] = [await readWorkbook(blank), await readWorkbook(filled)];
    expect(after.worksheets.map(({ name, state }) => [name, state])).toEqual([[main, 'visible'], [areas, 'visible'], ['Lists', 'hidden']]);
    let compared = 0;
    for (const sheet of before.worksheets) {
      const other = after.getWorksheet(sheet.name)!;
      for (let row = 1; row <= 30; row += 1) {
        for (let column = 1; column <= 12; column += 1) {
          const [one, two] = [sheet.getCell(row, column), other.getCell(row, column)];
          const at = `${sheet.name}!${one.address}`;
          const isMapped = mapped.has(at) || (one.isMerged && mapped.has(`${sheet.name}!${one.master.address}`));
          compared += isMapped ? 0 : 1;
          // A formula stays; what it came to while the form was blank goes.
          const held = (cell: ExcelJS.Cell): unknown => (isMapped ? 'mapped' : (cell.formula ?? cell.value));
          expect([at, held(two), two.style], at).toEqual([at, held(one), one.style]);
        }
      }
      const laid = (each: ExcelJS.Worksheet) => ({ merges: each.model.merges, validations: (each as unknown as { dataValidations: { model: object } }).dataValidations.model, formats: (each as unknown as { conditionalFormattings: object }).conditionalFormattings, widths: each.columns?.map(({ width }) => width), views: each.views });
      expect(laid(other)).toEqual(laid(sheet));
    }
    expect(compared).toBeGreaterThan(1000);
  });

  test('part by part: bytes; of a filled sheet all but its mapped cells; of the workbook all but the order to calculate', async () => {
    const [before, after] = [await unzipText(blank), await unzipText(filled)];
    expect([...after.keys()]).toEqual([...before.keys()]);
    const changed = [...before.keys()].filter((name) => before.get(name) !== after.get(name));
    expect(changed.toSorted()).toEqual(['xl/workbook.xml', 'xl/worksheets/sheet1.xml', 'xl/worksheets/sheet2.xml']);
    expect(after.get('customXml/item1.xml')).toBe('<form xmlns="urn:form" version="7"/>');
    expect(after.get('xl/workbook.xml')?.replace(/ fullCalcOnLoad="1"/, '')).toBe(before.get('xl/workbook.xml')?.replace(/ fullCalcOnLoad="1"/, ''));
    for (const [name, sheet] of [['xl/worksheets/sheet1.xml', main], ['xl/worksheets/sheet2.xml', areas]] as const) {
      const rest = (xml: string): string => {
        const { rows } = readSheet(xml);
        const mine = rows.flatMap((row) => row.cells.filter(({ column }) => mapped.has(`${sheet}!${referenceOf({ row: row.number, column })}`)));
        return withoutResults(mine.toReversed().reduce((text, { start, end }) => text.slice(0, start) + text.slice(end), xml)).replace(/<row r="\d+"><\/row>/g, '').replace(/(<row [^>]*)\/>/g, '$1></row>');
      };
      expect(rest(after.get(name)!)).toBe(rest(before.get(name)!));
      expect(xmlFault(after.get(name)!.replace(/^<\?xml[^>]*\?>\s*/, ''))).toBeUndefined();
      const order = readSheet(after.get(name)!).rows;
      expect(order.map(({ number }) => number)).toEqual(order.map(({ number }) => number).toSorted((a, b) => a - b));
      for (const row of order) expect(row.cells.map(({ column }) => column)).toEqual(row.cells.map(({ column }) => column).toSorted((a, b) => a - b));
      expect([...tagsOf(after.get(name)!)].filter((tag) => tag.name === 'f').length).toBe([...tagsOf(before.get(name)!)].filter((tag) => tag.name === 'f').length);
    }
  });

  test('the template itself is kept byte for byte', async () => {
    expect((await file(`/api/return-templates/${templateId}/file`, 'lead@hartlepool.demo')).equals(blank)).toBe(true);
  });
});

describe('a map that does not fit', () => {
  const check = async (cells: object[], rows: object[] = []): Promise<{ place: string; message: string }[]> => {
    const { body } = await (await service.client('manager@opcc.demo')).post(`/api/return-templates/${templateId}/checks`).send({ map: { cells, rows }, fields: ['visits'] }).expect(200);
    return body.faults;
  };
  test.each([
    ['Return_perod', /no cell or name “Return_perod”.*return_period/],
    ['Summary!C5', /no sheet “Summary”. It has: Monthly return/],
    [`'Monthly return'!ZZZZ1`, /no cell of a sheet/],
    [`'Monthly return'!C14`, /holds a formula/],
    [`'Monthly return'!B7`, /lies under the merged cell B6:B7. Map its first cell, B6/],
    ['State_list', /several cells/],
  ])('%s is named with its cure', async (place, says) => {
    const [fault, ...rest] = await check([{ place, what: 'visits' }]);
    expect([fault?.place, fault?.message, rest]).toEqual([place, expect.stringMatching(says), []]);
  });

  test('a cell mapped twice, a field that is not there, a row too few', async () => {
    expect((await check([{ place: 'Monthly return!C8', what: 'visits' }, { place: `'monthly return'!$C$8`, what: 'visits' }]))[0]?.message).toMatch(/is the same cell/);
    expect((await check([{ place: 'Monthly return!C8', what: 'vists' }]))[0]?.message).toMatch(/no such field/);
    const client = await service.client('manager@opcc.demo');
    const { body } = await client.get('/api/return-definitions').expect(200);
    const { code: _code, version: _version, validFrom: _from, validTo: _to, reason: _reason, madeBy: _by, madeAt: _at, ...draft } = body.definitions.find((each: { code: string }) => each.code === 'home_office_monthly');
    const short = { ...draft, template: { templateId, cells: [], rows: [{ ...funderMap.rows[0], lastRow: 6 }] } };
    await client.post('/api/return-definitions/home_office_monthly/versions').send({ validFrom: '2023-11-01', reason: 'Shorter', draft: short }).expect(200);
    const { body: refused } = await client.get('/api/returns/2023-11/template').expect(422);
    expect(refused.detail).toMatch(/has 3 rows \(4 to 6\) for \d hotspots/);
  });

  test('no workbook, one with macros, another file under the same id', async () => {
    expect((await send(Buffer.from('PK no'), 'x.xlsx', randomUUID())).body).toMatchObject({ status: 422, detail: expect.stringMatching(/not a workbook/) });
    expect((await send(Buffer.concat([blank, Buffer.from('x')]), 'x.xlsx')).body).toMatchObject({ status: 409, code: 'template_id_once' });
    const parts = await readParts(blank);
    const withMacros = await writeParts([...parts, { name: 'xl/vbaProject.bin', content: Buffer.from('x'), changedOn: new Date() }]);
    expect((await send(withMacros, 'x.xlsx', randomUUID())).body).toMatchObject({ status: 422, detail: expect.stringMatching(/macros/) });
    expect((await send(blank, 'x.xlsx')).body).toMatchObject({ id: templateId, bytes: blank.length, definitionCode: 'home_office_monthly', fileName: 'Monitoring form, April 2023.xlsx' });
  });

  test('a return without a template says so', async () => {
    const { body } = await (await service.client('manager@opcc.demo')).get('/api/returns/2023-09/template').expect(404);
    expect(body).toMatchObject({ code: 'no_template', detail: expect.stringContaining('fills no template') });
    expect((await (await service.client('manager@opcc.demo')).get('/api/returns/2023-10/forms').expect(200)).body.template).toBe('Monitoring form');
  });
});
