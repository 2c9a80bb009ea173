/** Versions of a return: made again they have their hash, beside one another they show exactly what differs; and every form they leave in. */
import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../server/canonical.ts';
import type { Figure, MonthlyFigures } from '../../server/returns/contract.ts';
import { findChromium, printToPdf } from '../../server/returns/pdfWork.ts';
import type { FigureDifference } from '../../server/returns/versionContract.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { fillMonth, ids } from '../support/monthFixture.ts';
import { readTable, readWorkbook, unzipText } from '../support/workbook.ts';

let service: TestService;
let first: { version: number; sha256: string };
let second: { version: number; sha256: string };
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-01-10T12:00:00Z') });
  await fillMonth(service.database.db);
  first = await keep();
  // A late correction: the 60 minutes in the High Street were by two, and not by three.
  await service.database.db('visit').where({ hotspot_id: ids.highStreet, patrol_reference: 'S1', started_at: '2023-10-10T09:00Z' }).update({ persons: 2 });
  second = await keep();
});
afterAll(() => service.close());

async function keep(): Promise<{ version: number; sha256: string }> {
  return (await (await service.client('manager@opcc.demo')).post('/api/returns/2023-10/versions').send({}).expect(200)).body;
}

async function get<T>(path: string, email = 'manager@opcc.demo', status = 200): Promise<T> {
  return (await (await service.client(email)).get(path).expect(status)).body as T;
}

async function file(path: string, email = 'manager@opcc.demo'): Promise<{ body: Buffer; name: string }> {
  const answer = await (await service.client(email)).get(path).buffer(true).parse((response, done) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)));
  }).expect(200);
  return { body: answer.body as Buffer, name: /filename="?([^";]+)/.exec(answer.headers['content-disposition'] ?? '')?.[1] ?? '' };
}

const versionFigures = async (version: number): Promise<MonthlyFigures> => (await get<{ figures: MonthlyFigures }>(`/api/returns/2023-10/versions/${version}`)).figures;

describe('a kept version', () => {
  test('made again after a later correction has the same hash', async () => {
    expect([first.version, second.version, first.sha256 === second.sha256]).toEqual([1, 2, false]);
    for (const { version, sha256 } of [first, second]) {
      expect(await get(`/api/returns/2023-10/versions/${version}/check`)).toMatchObject({ version, sha256, ofKeptFigures: sha256, madeAgain: sha256, same: true, says: expect.stringContaining('has the same hash') });
    }
  });

  test('leads to its rows as they were, not as they are', async () => {
    const rows = async (version: string): Promise<number> => (await get<{ value: number }>(`/api/returns/2023-10/rows?figure=person_minutes&hotspot=${ids.highStreet}${version}`)).value;
    expect([await rows('&version=1'), await rows('&version=2'), await rows('')]).toEqual([240, 180, 180]);
    const { rows: kept } = await get<{ rows: { persons: number }[] }>(`/api/returns/2023-10/rows?figure=person_minutes&hotspot=${ids.highStreet}&version=1`);
    expect(kept.map(({ persons }) => persons)).toEqual([3, 3]);
  });

  test('beside the next shows exactly what the correction changed', async () => {
    const found = await get<{ facts: unknown[]; figures: FigureDifference[]; compared: number }>('/api/returns/2023-10/difference?from=1&to=2');
    const flat = (figures: MonthlyFigures): Map<string, Figure> => new Map([...figures.hotspots, ...figures.areas].flatMap((one) => one.figures.map((figure) => [`${'id' in one ? one.id : one.councilCode} ${figure.field} ${figure.breakdown}`, figure])));
    const [one, two] = [flat(await versionFigures(1)), flat(await versionFigures(2))];
    const changed = [...one].filter(([key, figure]) => canonicalJson(figure) !== canonicalJson(two.get(key)));
    expect(found.figures).toHaveLength(changed.length);
    expect(found.compared).toBe(one.size);
    expect(found.facts).toEqual([]);
    expect(new Set(found.figures.map(({ area, name, part, from, to }) => `${area}: ${name}${part ? `, ${part}` : ''} ${from?.value} → ${to?.value}`))).toEqual(new Set(
      ['', ' without extended activity'].flatMap((what) => ['', ', Council warden'].flatMap((part) => [
        `=High <Street> & "Lane": Person-hours${what}${part} 240 → 180`, `Stockton-on-Tees: Person-hours${what}${part} ${part ? 240 : 250} → ${part ? 180 : 190}`,
        `All hotspots: Person-hours${what}${part} ${what ? (part ? 328 : 413) : part ? 448 : 533} → ${what ? (part ? 268 : 353) : part ? 388 : 473}`,
      ])),
    ));
    expect((await get<{ figures: unknown[]; facts: unknown[] }>('/api/returns/2023-10/difference?from=2&to=2'))).toMatchObject({ figures: [], facts: [] });
    // The last version and the figures now are the same.
    expect(await get('/api/returns/2023-10/difference?from=2')).toMatchObject({ figures: [], facts: [], to: { version: null, sha256: second.sha256 } });
  });

  test('is for people who see all councils, and one that is not there is not found', async () => {
    for (const path of ['/api/returns/2023-10/difference?from=1&to=2', '/api/returns/2023-10/versions/1/check', '/api/returns/2023-10/json?version=1', '/api/returns/2023-10/rows?figure=visits&version=1']) {
      expect(await get(path, 'lead@hartlepool.demo', 404), path).toMatchObject({ code: 'not_found' });
    }
    for (const path of ['/api/returns/2023-10/versions/9/check', '/api/returns/2023-10/difference?from=1&to=9']) expect(await get(path, 'manager@opcc.demo', 404), path).toMatchObject({ code: 'not_found' });
  });

  test('is kept with what it was counted from, and neither ever changes', async () => {
    for (const statement of ['update return_version_rows set packed = \'x\'', 'delete from return_version_rows']) {
      await expect(service.database.db.raw(statement)).rejects.toMatchObject({ constraint: 'return_version_rows_append_only' });
    }
    expect(await service.database.db('return_version_rows').count('* as n').first()).toEqual({ n: 2 });
  });
});

describe('a return leaves', () => {
  test('as JSON whose figures have the hash', async () => {
    const { body, name } = await file('/api/returns/2023-10/json?version=1');
    const { figures, sha256, version } = JSON.parse(body.toString('utf8'));
    expect([name, version, sha256]).toEqual(['monitoring-return-2023-10-version-1.json', 1, first.sha256]);
    const text = body.toString('utf8');
    expect(createHash('sha256').update(text.slice('{"figures":'.length, text.lastIndexOf(',"sha256"'))).digest('hex')).toBe(first.sha256);
    expect(figures.month).toBe('2023-10');
  });

  test('as CSV with its metadata: UTF-8, CRLF, formulas inert, every figure a row', async () => {
    const { body, name } = await file('/api/returns/2023-10/csv?version=2');
    expect(name).toBe('monitoring-return-2023-10-version-2-csv.zip');
    const files = await unzipText(body);
    expect([...files.keys()]).toEqual(['figures.csv', 'definitions.csv', 'csv-metadata.json']);
    const metadata = JSON.parse(files.get('csv-metadata.json')!);
    expect(metadata['@context'][0]).toBe('http://www.w3.org/ns/csvw');
    expect(metadata['dc:description']).toContain(second.sha256);
    const figures = await versionFigures(2);
    for (const { url, tableSchema } of metadata.tables) {
      const text = files.get(url)!;
      expect(text.startsWith('\uFEFF')).toBe(true);
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      const rows = parse(text, { bom: true, columns: true }) as Record<string, string>[];
      expect(Object.keys(rows[0]!)).toEqual(tableSchema.columns.map((column: { name: string }) => column.name));
      const keys = rows.map((row) => tableSchema.primaryKey.map((key: string) => row[key]).join(' '));
      expect(new Set(keys).size).toBe(rows.length);
      expect(rows.flatMap((row) => Object.entries(row).filter(([key, value]) => /^[=+\-@]/.test(value) && key !== 'value'))).toEqual([]);
    }
    const rows = parse(files.get('figures.csv')!, { bom: true, columns: true }) as Record<string, string>[];
    const all = [...figures.hotspots, ...figures.areas].flatMap((one) => one.figures);
    expect(rows).toHaveLength(all.length);
    expect(rows.find((row) => row['area_id'] === ids.highStreet && row['figure'] === 'person_minutes' && row['part'] === '')).toMatchObject({ value: '180', unit: 'person-minutes', area: `'=High <Street> & "Lane"`, period_to: '2023-10-31' });
    expect(rows.find((row) => row['area_id'] === ids.esplanade && row['figure'] === 'visits')).toMatchObject({ value: '', status: 'not started' });
    expect(rows.reduce((sum, row) => sum + (row['area_kind'] === 'hotspot' && row['figure'] === 'visits' ? Number(row['value']) : 0), 0)).toBe(8);
  });

  test('each figure of the workbook’s definitions leads to rows that add up to it', async () => {
    const figures = await versionFigures(2);
    for (const { field, value, status, rows } of figures.areas[0]!.figures.filter(({ breakdown }) => breakdown === null)) {
      expect(rows).toBe(`/api/returns/2023-10/rows?figure=${field}`);
      expect(await get<object>(rows)).toMatchObject({ figure: field, value, status });
    }
  });

  test.runIf(findChromium())('as PDF by the machine’s Chromium', async () => {
    const { body, name } = await file('/api/returns/2023-10/pdf?version=1');
    expect([name, body.subarray(0, 5).toString('latin1'), body.subarray(-1024).includes('%%EOF')]).toEqual(['monitoring-return-2023-10-version-1.pdf', '%PDF-', true]);
    expect(await get('/api/returns/2023-10/forms')).toEqual({ template: null, pdf: true });
  });

  test('without Chromium it says to print the page', async () => {
    await expect(printToPdf('<p>x</p>', '/nowhere/chromium')).rejects.toMatchObject({ status: 503, code: 'pdf_failed' });
    await expect(printToPdf('<p>x</p>', '')).rejects.toMatchObject({ status: 503, code: 'no_chromium', message: expect.stringContaining('print layout') });
  });

  test('as a council’s own, without the others', async () => {
    const { body } = await file('/api/returns/2023-10/json', 'lead@hartlepool.demo');
    expect(JSON.parse(body.toString('utf8')).figures.hotspots.map((one: { id: string }) => one.id)).toEqual([ids.burnValley]);
  });
});

test('the workbook of a later version lists what was revised, and only that', async () => {
  const { figures } = await get<{ figures: FigureDifference[] }>('/api/returns/2023-10/difference?from=1&to=2');
  const later = await readWorkbook((await file('/api/returns/2023-10/workbook?version=2')).body);
  const { rows } = readTable(later.getWorksheet('Revised')!);
  expect(rows.map((row) => [row['Mark'], row['Place'], row['Figure'], row['Version 1'], row['Now']])).toEqual(
    figures.map(({ area, name, from, to }) => ['[r]', area.replace(/^=/, "'="), name, String(from!.value), String(to!.value)]));
  expect(rows.find((row) => row['Figure'] === 'Person-hours' && row['Part'] === 'All')).toMatchObject({ Unit: 'person-minutes' });
  expect((await readWorkbook((await file('/api/returns/2023-10/workbook?version=1')).body)).getWorksheet('Revised')).toBeUndefined();
});
