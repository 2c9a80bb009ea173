/** Attacks by files: names that climb, archives that swell, files that are two things, cells that a spreadsheet would run. */
import { globSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csvField } from '../../server/csv.ts';
import { liftLimits } from '../support/attack.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { streetFile, streetRow } from '../support/imports.ts';
import type { Client } from '../support/walk.ts';
import { zipOf } from '../support/zip.ts';

interface Ending {
  readonly state: string;
  readonly result: { readonly filesRefused: number; readonly accepted: number; readonly faults: readonly { rule: string; value: string | null }[] };
}

let service: TestService;
let analyst: Client;
beforeAll(async () => {
  service = await startTestService();
  await liftLimits(service.database.db);
  analyst = await service.client('analyst@opcc.demo');
});
afterAll(() => service.close());

async function importFile(fileName: string, bytes: Buffer | string): Promise<Ending> {
  const { body } = await analyst.post('/api/imports').query({ fileName }).set('Content-Type', 'application/octet-stream').send(Buffer.from(bytes)).expect(200);
  for (;;) {
    const job = await service.database.db('job').where({ id: body.jobId }).first('state', 'result', 'problem');
    if (['done', 'failed', 'cancelled'].includes(job.state)) return job as Ending;
    await wait(100);
  }
}

const incidents = async (): Promise<number> => Number((await service.database.db('incident').count('* as n').first())?.['n']);
/** Every file of the data folder but the database's own. */
const kept = (): string[] => globSync('**/*', { cwd: service.database.config.dataDir, exclude: (name) => /^(pgdata|engine|run)$/.test(String(name)) }).map(String).filter((path) => !/^(pgdata|engine|run)\b/.test(path));

describe('a name that climbs', () => {
  const names = ['../../../etc/passwd', '..\\..\\windows\\evil.csv', '/etc/cron.d/evil', 'evil\u0000.csv', '....//....//evil.csv', '%2e%2e%2fevil.csv', 'x'.repeat(255), '..', 'CON', 'evil\r\nSet-Cookie: a=b'];

  test.each(names)('%s is a label and never a path', async (name) => {
    const { status } = await analyst.post('/api/imports').query({ fileName: name }).set('Content-Type', 'application/octet-stream').send(Buffer.from('a,b\n1,2\n'));
    expect([200, 422]).toContain(status);
    expect(kept().filter((path) => !/^(uploads|outbox|imports|owner|session-secret)(\/[0-9a-f-]{36})?(\/(upload|refused\.csv|\d{4}-\d\d-\d\d.*))?$/.test(path))).toEqual([]);
    const { rows } = await service.database.db.raw(`select after ->> 'file' as file from audit_event where action = 'importStarted'`);
    expect(rows.filter((row: { file: string }) => /[/\\\r\n]/.test(row.file))).toEqual([]);
  });

  test('inside an archive is refused with the archive', async () => {
    const ending = await importFile('climbing.zip', zipOf([{ name: '../../evil.csv', content: streetFile([streetRow()]) }]));
    expect(ending.result).toMatchObject({ filesRefused: 1, accepted: 0, faults: [{ rule: 'The archive names a file outside itself.' }] });
    expect(kept().filter((path) => path.includes('evil'))).toEqual([]);
  });

  test.each(['/api/imports/..%2f..%2f..%2fetc%2fpasswd/faults', '/api/imports/%2e%2e/faults', '/api/returns/..%2f2023-10/workbook', '/api/visits/..%2f..%2ftemplate'])('in the address %s reaches no file', async (address) => {
    const { status, type } = await analyst.get(address);
    expect([403, 404, 422]).toContain(status);
    expect(type).toBe('application/problem+json');
  });
});

describe('a file that swells', () => {
  // A header that is right, so that the rest is looked at.
  const swollen = Buffer.concat([Buffer.from(streetFile([])), Buffer.alloc(60 * 1024 * 1024, '\n')]);

  test.each([
    ['an archive that says so', () => zipOf([{ name: 'bomb.csv', content: swollen }])],
    ['an archive that says it is small', () => zipOf([{ name: 'bomb.csv', content: swollen, declared: 2000 }])],
    ['a packed file', () => gzipSync(swollen)],
    ['an archive within an archive', () => zipOf([{ name: 'inner.zip', content: zipOf([{ name: 'bomb.csv', content: swollen }]) }])],
  ])('%s is refused', async (_name, make) => {
    const ending = await importFile('bomb.zip', make());
    expect(ending).toMatchObject({ state: 'done', result: { accepted: 0, filesRefused: 1 } });
    expect(ending.result.faults[0]!.rule).toMatch(/^(Unpacked, it is far larger than data of this kind|The archive is cut off or damaged|An archive stands inside an archive)\.$/);
    expect(await incidents()).toBe(0);
  });

  test.each([
    ['one line without an end', () => `Crime ID,Month\n"${'a'.repeat(20_000_000)}`],
    ['a list within a list, a hundred thousand times', () => `{"type":"FeatureCollection","features":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['nothing but commas', () => `${','.repeat(1_000_000)}\n`],
  ])('%s is refused and the work goes on', async (_name, make) => {
    const ending = await importFile('odd.csv', make());
    expect(ending).toMatchObject({ state: 'done', result: { accepted: 0, filesRefused: 1 } });
  });
});

describe('a file that is two things', () => {
  const csv = streetFile([streetRow()]);
  const zip = zipOf([{ name: '2023-07-cleveland-street.csv', content: csv }]);

  test.each([
    ['a picture with an archive behind it', Buffer.concat([Buffer.from('GIF89a'), zip])],
    ['a document with an archive behind it', Buffer.concat([Buffer.from('%PDF-1.4\n'), zip])],
    ['rows with an archive behind them', Buffer.concat([Buffer.from(csv), zip])],
    ['a page with rows behind it', Buffer.from(`<!doctype html><script>alert(1)</script>\n${csv}`)],
    ['a program', Buffer.from('\u007fELF\u0002\u0001\u0001\u0000'.padEnd(200, '\u0000'), 'latin1')],
    ['a workbook', zipOf([{ name: '[Content_Types].xml', content: '<Types/>' }, { name: 'street.csv', content: csv }])],
  ])('%s is refused by its content, whatever it is called', async (_name, bytes) => {
    const before = await incidents();
    const ending = await importFile('2023-07-cleveland-street.csv', bytes);
    expect(ending.result).toMatchObject({ accepted: 0, filesRefused: 1 });
    expect(await incidents()).toBe(before);
  });

  test('and the same rows alone are taken', async () => {
    expect((await importFile('2023-07-cleveland-street.csv', csv)).result).toMatchObject({ accepted: 1, filesRefused: 0 });
  });
});

describe('a cell that a spreadsheet would run', () => {
  const formulas = ['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1+1', '\r=1+1', ' =1+1', '＝1+1', `=cmd|' /C calc'!A0`, '=HYPERLINK("http://elsewhere.example";"x")', `"=1+1`];
  /** Where a field of CSV begins, whether or not it stands in quotation marks. */
  const runs = (text: string): boolean => /(?:^|[,\r\n])"?\s*[=+\-@＝][^,\r\n]*[A-Za-z(]/.test(text.replaceAll('""', ''));

  test.each(formulas)('%s is led by an apostrophe', (formula) => {
    expect(csvField(formula)).toMatch(formula.startsWith('"') ? /^"""=/ : /^"?'/);
  });

  test.each(['-54.5', '+1', '-3', 'Church Street', ''])('%s is left as it is', (text) => {
    expect(csvField(text)).toBe(text);
  });

  test('comes out of the refused rows of an import inert', async () => {
    const { body } = await analyst.post('/api/imports').query({ fileName: '=HYPERLINK("x").csv' }).set('Content-Type', 'application/octet-stream')
      .send(Buffer.from(streetFile([streetRow({ lat: '=cmd|calc' }), streetRow({ lng: '@SUM(A1)' }), streetRow({ month: '＝1+1' })]))).expect(200);
    await expect.poll(async () => (await service.database.db('job').where({ id: body.jobId }).first('state')).state, { timeout: 60_000 }).toBe('done');
    const { body: listed } = await analyst.get('/api/imports').expect(200);
    const { text } = await analyst.get(`/api/imports/${listed.imports[0].id}/faults`).expect(200);
    expect(text).toContain(`'=cmd|calc`);
    expect(text).toContain(`'@SUM(A1)`);
    expect(runs(text)).toBe(false);
    // Nor does any answer tell where the service keeps its files.
    expect(JSON.stringify(listed)).not.toContain(service.database.config.dataDir);
  });

  test('comes out of the audit trail inert', async () => {
    const administrator = await service.client('admin@opcc.demo');
    const { id } = await service.database.db('person').where({ email: 'warden@hartlepool.demo' }).first();
    for (const reason of ['=cmd|calc', '@SUM(A1)']) await administrator.post(`/api/people/${id}/disable`).send({ reason }).expect(200);
    const { text } = await (await service.client('auditor@opcc.demo')).get('/api/audit/export').expect(200);
    expect(text).toContain(`,'=cmd|calc,`);
    expect(runs(text)).toBe(false);
  });
});
