/** A council's workbook in: two hundred faults named one by one, a marked-up copy, nothing kept before the cures, everything after. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CouncilMonth } from '../../server/returns/collectContract.ts';
import type { Upload } from '../../server/returns/uploadContract.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { faultyWorkbook, loadBook } from '../support/faultyWorkbook.ts';
import { fillStockton } from '../support/collecting.ts';
import { zipOf } from '../support/zip.ts';

type Client = Awaited<ReturnType<TestService['client']>>;

let service: TestService;
let lead: Client;
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2023-11-06T12:00:00Z') });
  await fillStockton(service.database.db);
  lead = await service.client('lead@stockton.demo');
});
afterAll(() => service.close());

const stockton = '/api/collecting/2023-10/councils/E06000004';
const getForm = async (): Promise<Buffer> => (await lead.get(`${stockton}/workbook`).responseType('blob').expect(200)).body as Buffer;
const send = (content: Buffer, query: object = {}) => lead.post(`${stockton}/uploads`).query({ fileName: 'Rückgabe – Oktober.xlsx', ...query }).set('Content-Type', 'application/octet-stream').send(content);
const sendOk = async (content: Buffer, query: object = {}): Promise<Upload> => (await send(content, query).expect(200)).body as Upload;
const kept = async (): Promise<number[]> => Promise.all(['collected_figure', 'collected_text', 'section_step'].map(async (table) => Number((await service.database.db(table).count('* as n').first())?.['n'])));

const shownOf = ({ report }: Upload): string[] => report.issues.flatMap((issue) => issue.cells.map(({ cell, given }) => `${issue.severity} ${issue.sheet} ${cell} ${JSON.stringify(given)}`)).sort();

describe('a workbook with 200 faults', () => {
  test.each([1, 2, 3])('seed %i: each tier shows its faults and no other, with sheet, cell, value and cure; after the cures it is taken', async (seed) => {
    const before = await kept();
    const made = await faultyWorkbook(await getForm(), { seed, count: 200 });
    expect(made.faults).toHaveLength(200);
    expect(new Set(made.faults.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(34);
    let shown = 0;
    for (const tier of [1, 2, 3] as const) {
      const seeded = made.faults.filter((fault) => fault.tier === tier);
      const bytes = await made.bytes();
      const upload = await sendOk(bytes);
      expect(upload.report.tier).toBe(tier);
      expect(upload.state).toBe('refused');
      expect(shownOf(upload)).toEqual(seeded.map(({ severity, sheet, cell, given }) => `${severity} ${sheet} ${cell} ${JSON.stringify(given)}`).sort());
      expect(upload.report.errors + upload.report.warnings + upload.report.notes).toBe(seeded.length);
      for (const fault of seeded.filter(({ says }) => says !== undefined)) {
        const told = upload.report.issues.filter((issue) => issue.sheet === fault.sheet && issue.cells.some(({ cell }) => cell === fault.cell)).map((issue) => `${issue.message} ${issue.cure}`).join(' ');
        expect(told, `${fault.kind} ${fault.cell}`).toContain(fault.says);
      }
      expect(upload.report.issues.every(({ cure, section, rule }) => cure !== '' && section !== '' && rule !== '')).toBe(true);
      shown += upload.report.errors + upload.report.warnings + upload.report.notes;
      if (seed === 1) await expectMarked(upload, seeded, bytes);
      expect(await kept()).toEqual(before);
      made.cure(tier);
    }
    expect(shown).toBe(200);
    const taken = await sendOk(await made.bytes());
    expect(taken.report.issues).toEqual([]);
    expect(taken.state).toBe('imported');
    expect((await kept())[0]).toBeGreaterThan(before[0] ?? 0);
  });

  async function expectMarked(upload: Upload, seeded: readonly { sheet: string; cell: string }[], bytes: Buffer): Promise<void> {
    const response = await lead.get(`${stockton}/uploads/${upload.id}/copy`).responseType('blob').expect(200);
    const [copy, sent] = [await loadBook(response.body as Buffer), await loadBook(bytes)];
    for (const { sheet, cell } of seeded) {
      const marked = copy.getWorksheet(sheet)?.getCell(cell);
      expect(marked?.note, `${sheet} ${cell}`).toBeTruthy();
      expect(['FFF8C8C4', 'FFFFE3A3', 'FFCFE5FA'], `${sheet} ${cell}`).toContain((marked?.fill as { fgColor?: { argb?: string } } | undefined)?.fgColor?.argb);
    }
    const notes = copy.worksheets.flatMap((sheet) => sheet.getSheetValues().flatMap((_row, index) => Array.from({ length: sheet.columnCount + 2 }, (_, column) => (sheet.getCell(Math.max(index, 1), column + 1).note ? `${sheet.name} ${sheet.getCell(Math.max(index, 1), column + 1).address}` : '')))).filter(Boolean);
    expect(new Set(notes)).toEqual(new Set(seeded.map(({ sheet, cell }) => `${sheet} ${cell}`)));
    // Every value stands where it stood.
    expect(copy.worksheets.map(({ name }) => name)).toEqual(sent.worksheets.map(({ name }) => name));
    for (const sheet of sent.worksheets) {
      sheet.eachRow((row) => row.eachCell((cell) => expect(JSON.stringify(copy.getWorksheet(sheet.name)?.getCell(cell.address).value), `${sheet.name} ${cell.address}`).toBe(JSON.stringify(cell.value))));
    }
  }
});

test('sent back as it came it confirms every figure; what is counted is what is kept', async () => {
  const upload = await sendOk(await getForm());
  expect(upload).toMatchObject({ state: 'imported', report: { tier: 0, errors: 0, warnings: 0, notes: 0, issues: [] } });
  const month = (await lead.get(stockton).expect(200)).body as CouncilMonth;
  for (const section of month.sections.filter(({ kind }) => kind !== 'words')) {
    expect(section.figures.map(({ state }) => state), section.code).toEqual(section.figures.map(() => 'confirmed'));
    expect(section.missing).toEqual([]);
  }
});

test('a warning takes its reason from the row, or on the page; the correction stands beside what was counted', async () => {
  const book = await loadBook(await getForm());
  const actions = book.getWorksheet('Actions')!;
  const row = actions.getColumn(1).values.indexOf('asb_powers');
  for (const column of [5, 11]) actions.getCell(row, column).value = Number(actions.getCell(row, column).value) + 1;
  const waiting = await sendOk(Buffer.from(await book.xlsx.writeBuffer()));
  expect(waiting).toMatchObject({ state: 'needs reasons', report: { tier: 0, errors: 0, warnings: 1 } });
  const [issue] = waiting.report.issues;
  expect(issue).toMatchObject({ rule: 'counted', needsReason: true, sheet: 'Actions', places: `K${row}` });
  const answer = (reasons: object[]) => lead.post(`${stockton}/uploads/${waiting.id}/reasons`).send({ reasons });
  expect((await answer([]).expect(200)).body.state).toBe('needs reasons');
  expect((await answer([{ key: issue!.key, reason: 'One notice was entered late' }]).expect(200)).body).toMatchObject({ state: 'imported', report: { kept: expect.stringContaining('1 of them corrected with a reason') as string } });
  const figure = ((await lead.get(stockton).expect(200)).body as CouncilMonth).sections[1]!.figures.find(({ field }) => field === 'asb_powers');
  expect(figure).toMatchObject({ state: 'corrected', given: { value: Number(figure?.counted) + 1, reason: 'One notice was entered late', origin: 'workbook' } });
  expect(Object.values(figure?.given?.hotspots ?? {})).toHaveLength(1);
  await answer([]).expect(409);
});

test('one sheet as CSV, with a BOM, line ends of Windows and a name in other letters', async () => {
  const book = await loadBook(await getForm());
  const words = book.getWorksheet('Narrative, risks and issues')!;
  const rows = [['Code', 'Question', 'Answer'], ...[5, 6, 7, 8, 9].map((row) => [words.getCell(row, 1).text, words.getCell(row, 2).text, { finality: 'final', narrative: 'A quiet month, “calm”.' }[words.getCell(row, 1).text] ?? ''])];
  const csv = Buffer.from(`\uFEFF${rows.map((cells) => cells.map((cell) => `"${cell}"`).join(',')).join('\r\n')}\r\n`);
  const upload = await sendOk(csv, { fileName: 'Wörter.csv' });
  expect(upload).toMatchObject({ state: 'imported', media: 'csv', report: { errors: 0, kept: '0 figures confirmed, 0 of them corrected with a reason; 2 texts written.' } });
  const bad = await sendOk(Buffer.from('Code,Question,Anser\r\nfinality,x,final\r\n'));
  expect(bad.report.issues[0]).toMatchObject({ tier: 1, places: 'C1', message: '"Anser" is not a column of the form. Did you mean "Answer"?', cells: [{ cell: 'C1', given: 'Anser' }] });
  const copy = (await lead.get(`${stockton}/uploads/${bad.id}/copy`).responseType('blob').expect(200)).body as Buffer;
  expect(copy.toString('utf8')).toContain('Code,Question,Anser,"To correct | C1: ""Anser"" is not a column of the form.');
});

describe('refused before it is opened', () => {
  const sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>';
  const parts = [{ name: '[Content_Types].xml', content: '<Types/>' }, { name: 'xl/workbook.xml', content: '<workbook/>' }];
  test.each([
    ['a bomb by what it lists', zipOf([...parts, { name: 'xl/worksheets/sheet1.xml', content: sheet, declared: 2_000_000_000 }]), 'unpacks to 1907 MB'],
    ['a bomb by how it packs', zipOf([...parts, { name: 'xl/worksheets/sheet1.xml', content: ' '.repeat(20_000_000) }]), 'more than is read'],
    ['a workbook with macros', zipOf([...parts, { name: 'xl/vbaProject.bin', content: 'x' }]), 'holds macros'],
    ['a workbook that says it may hold macros', zipOf([{ name: '[Content_Types].xml', content: '<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>' }, { name: 'xl/workbook.xml', content: '<workbook/>' }]), 'may hold macros'],
    ['a zip that is no workbook', zipOf([{ name: 'a.txt', content: 'x' }]), 'not a workbook'],
    ['an old or locked workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'locked with a password'],
    ['entities', zipOf([{ name: '[Content_Types].xml', content: '<Types/>' }, { name: 'xl/workbook.xml', content: '<!DOCTYPE x [<!ENTITY a "b">]><workbook>&a;</workbook>' }]), 'cannot be read'],
    ['a part larger than it says', zipOf([...parts.slice(0, 1), { name: 'xl/workbook.xml', content: `<workbook>${' '.repeat(1000)}</workbook>`, declared: 20 }]), 'Save it again'],
    ['a PDF', Buffer.from('%PDF-1.7 x'), 'PDF'],
    ['nothing', Buffer.alloc(0), 'empty'],
  ])('%s', async (_name, content, says) => {
    const { body } = await send(content).expect(422);
    expect(body).toMatchObject({ code: 'wrong_file' });
    expect(body.detail).toContain(says);
  });

  test('a file of 200 MB, by its size', async () => {
    const { body } = await send(Buffer.alloc(200 * 1024 * 1024, 'a')).expect(422);
    expect(body.detail).toContain('the file has 200 MB; the most is 20 MB');
  });
});

test('another council’s month takes no file and shows none', async () => {
  const other = await service.client('lead@hartlepool.demo');
  const { id } = (await lead.get(`${stockton}/uploads`).expect(200)).body.uploads[0];
  await other.get(`${stockton}/workbook`).expect(404);
  await other.post(`${stockton}/uploads`).query({ fileName: 'x.xlsx' }).set('Content-Type', 'application/octet-stream').send(Buffer.from('x')).expect(404);
  await other.get(`/api/collecting/2023-10/councils/E06000001/uploads/${id}/copy`).expect(404);
});
