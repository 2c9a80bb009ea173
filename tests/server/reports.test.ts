/** Reports over HTTP: from any sources and months, on the wards of a day, small counts hidden, each council its own. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../server/evaluation/contract.ts';
import { findChromium } from '../../server/returns/pdfWork.ts';
import type { TestService } from '../support/database.ts';
import { demonstrationNow, startDemonstrationService } from '../support/demonstration.ts';

let service: TestService;
beforeAll(async () => {
  service = await startDemonstrationService({ now: () => demonstrationNow });
}, 600_000);
afterAll(() => service.close());

const get = async (query: string, email = 'manager@opcc.demo'): Promise<Report> => (await (await service.client(email)).get(`/api/reports/${query}`).expect(200)).body;
const quarter = 'from=2023-10&to=2023-12&council=E06000001';

describe('the partnership’s quarter', () => {
  test('is counted from the rows, each source its own, with year to date and the two years before', async () => {
    const report = await get(`partnership?${quarter}&source=demonstration-police`);
    const [indicator, rate, wards] = report.tables;
    expect(indicator?.columns.map(({ label }) => label)).toEqual(['Area', 'Year to date Apr – Dec 23', 'Oct – Dec 21', 'Oct – Dec 22', 'Oct – Dec 23', 'Difference', '% difference']);
    expect(indicator?.rows.map(([name]) => name)).toEqual(['Hartlepool', 'Middlesbrough', 'Redcar and Cleveland', 'Stockton-on-Tees']);
    const { rows } = await service.database.db.raw(`select sum(n)::int as n from incident_count join category on code = category_code and asb where resolution = 8 and council_code = 'E06000001' and source_code = 'demonstration-police' and month between '2023-10-01' and '2023-12-01'`);
    expect(indicator?.rows[0]?.[4]).toBe(rows[0].n);
    expect(rate?.rows.every(([, , , year]) => year === '2020')).toBe(true);
    expect(wards?.rows.at(-1)).toEqual(['Grand total', rows[0].n, 100]);
    expect(wards?.conflicts).toEqual([]);
  });

  test('hides small wards, and before the data begin there is no figure instead of 0', async () => {
    const { tables } = await get('partnership?from=2022-07&to=2022-07&council=E06000003&source=demonstration-fires');
    expect(JSON.stringify(tables)).toContain('<10');
    const early = await get('partnership?from=2021-07&to=2021-09&council=E06000001&source=demonstration-police');
    expect(early.tables[0]?.rows[0]?.slice(1, 4)).toEqual([null, null, null]);
  });

  test('takes the wards of the day asked for: one of Stockton’s was divided on 4 May 2023', async () => {
    const names = async (on: string): Promise<unknown[]> => (await get(`partnership?from=2023-04&to=2023-06&council=E06000004&source=demonstration-police&boundariesOn=${on}`)).tables.find(({ title }) => title.endsWith('by ward'))?.rows.map(([name]) => name) ?? [];
    const [before, after] = [await names('2023-05-03'), await names('2023-05-04')];
    expect(after.length).toBe(before.length + 1);
  });
});

test('a ward report, a tasking document and scrutiny tables come from visits, actions and payments', async () => {
  const ward = await get(`ward?${quarter}`);
  const { rows } = await service.database.db.raw(`select sum(person_minutes)::int as n from visit where council_code = 'E06000001' and visited_on between '2023-10-01' and '2023-12-31'`);
  expect(ward.tables[0]?.rows.at(-1)?.[1]).toBe(rows[0].n);
  const tasking = await get('tasking?from=2024-03&to=2024-03&council=E06000002');
  expect(tasking.tables[0]?.rows).toHaveLength(6);
  expect(new Set(tasking.tables[0]?.rows.map(([, rating]) => rating)).size).toBeGreaterThan(0);
  const scrutiny = await get('scrutiny?from=2023-10&to=2023-10&council=E06000001');
  expect(scrutiny.tables[0]?.rows.find(([name]) => name === 'Redcar and Cleveland')?.slice(3, 5)).toEqual(['not started', 'not started']);
});

test('who is patrolled: shares of residents, incidents, hotspots and hours by deprivation, each adding up to all', async () => {
  const { tables, about } = await get('equality?from=2023-08&to=2024-03&council=E06000002');
  expect(about[1]).toContain('no information about individuals is held');
  for (const column of [1, 2, 4, 5]) expect(Math.abs((tables[0]?.rows ?? []).reduce((sum, row) => sum + Number(row[column]), 0) - 100)).toBeLessThanOrEqual(3);
  expect(tables[1]?.rows.map(([name]) => name)).toEqual(['Fewest young people', 'In the middle', 'Most young people']);
});

test('owner and action are entered for a month, and the latest holds', async () => {
  const lead = await service.client('lead@hartlepool.demo');
  const { id, name } = await service.database.db('hotspot').where({ council_code: 'E06000001' }).orderBy('name').first();
  for (const owner of ['First team', 'Civil enforcement team']) await lead.post('/api/tasking').send({ entryId: randomUUID(), hotspotId: id, month: '2024-03', owner, action: 'Lighting survey' }).expect(200);
  const { tables } = await get('tasking?from=2024-03&to=2024-03&council=E06000001', 'lead@hartlepool.demo');
  expect(tables[0]?.rows.find(([first]) => first === name)?.slice(-2)).toEqual(['Civil enforcement team', 'Lighting survey']);
  const { id: foreign } = await service.database.db('hotspot').where({ council_code: 'E06000002' }).first();
  await lead.post('/api/tasking').send({ entryId: randomUUID(), hotspotId: foreign, month: '2024-03', owner: 'x', action: 'x' }).expect(404);
});

test('a council sees its own and no other; what cannot be is named', async () => {
  const lead = await service.client('lead@hartlepool.demo');
  await lead.get('/api/reports/ward?from=2023-10&to=2023-10&council=E06000002').expect(404);
  const { tables } = await get(`partnership?${quarter}&source=demonstration-police`, 'lead@hartlepool.demo');
  expect(tables[0]?.rows.map(([name]) => name)).toEqual(['Hartlepool']);
  const refused = async (query: string): Promise<string> => (await lead.get(`/api/reports/partnership?council=E06000001&${query}`).expect(422)).body.detail;
  expect(await refused('from=2023-10&to=2023-09')).toContain('2023-09 is before 2023-10');
  expect(await refused('from=2022-10&to=2023-12')).toContain('at most 12 months');
  expect(await refused('from=2023-10&to=2023-12&source=nothing')).toContain('No source “nothing”');
});

test.each(['partnership', 'ward', 'tasking', 'scrutiny', 'equality'])('%s goes out as CSV and as a workbook', async (kind) => {
  const client = await service.client('manager@opcc.demo');
  const csv = await client.get(`/api/reports/${kind}/csv?${quarter}`).expect(200);
  expect(csv.text.startsWith('\uFEFF')).toBe(true);
  const book = await client.get(`/api/reports/${kind}/workbook?${quarter}`).buffer().parse((response, done) => { const parts: Buffer[] = []; response.on('data', (part: Buffer) => parts.push(part)); response.on('end', () => done(null, Buffer.concat(parts))); }).expect(200);
  expect((book.body as Buffer).subarray(0, 2).toString()).toBe('PK');
});

test('a report is printed where Chromium is installed, and says how to print it where not; another council’s is not there', async () => {
  const client = await service.client('lead@hartlepool.demo');
  const { pdf } = (await client.get('/api/report-choices').expect(200)).body;
  expect(pdf).toBe(findChromium() !== undefined);
  const answer = await client.get(`/api/reports/ward/pdf?${quarter}`).buffer(true).parse((response, done) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)));
  });
  expect(answer.status).toBe(pdf ? 200 : 503);
  const body = answer.body as Buffer;
  expect(pdf ? body.subarray(0, 5).toString() : body.toString()).toContain(pdf ? '%PDF-' : 'print it');
  expect(answer.headers['content-disposition'] ?? '').toContain(pdf ? 'ward-E06000001-2023-10-2023-12.pdf' : '');
  await client.get(`/api/reports/ward/pdf?${quarter.replace('E06000001', 'E06000002')}`).expect(404);
}, 120_000);
