/** Analysis runs over HTTP: the same parameters give the same hash, two runs beside one another, as files, and by the calendar. */
import { DatabaseSync } from 'node:sqlite';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runAnalysis } from '../../server/hotspots/analysisWork.ts';
import { queueDueAnalyses } from '../../server/hotspots/scheduleWork.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addCouncils, addIncidents, hartlepool, middlesbrough, spots, yearOf } from '../support/hotspotData.ts';

type Client = Awaited<ReturnType<TestService['client']>>;
let service: TestService;
let analyst: Client;
const both = [hartlepool, middlesbrough];
const now = new Date('2024-02-15T09:00:00Z');

beforeAll(async () => {
  service = await startTestService({ now: () => now });
  const { db } = service.database;
  await addCouncils(db);
  // Boundaries of the other two councils, so that an analysis of all four can be made.
  await db.raw(`insert into boundary (kind, code, name, source, valid_from, geom, geom_27700)
    select 'council', c.code, c.code, source, valid_from, st_translate(geom, c.east, 0), st_transform(st_translate(geom, c.east, 0), 27700)
    from boundary, (values ('E06000003', 0.1), ('E06000004', 0.2)) as c (code, east) where kind = 'council' and boundary.code = ?`, [hartlepool]);
  await addIncidents(db, [
    ...yearOf(2022).map((month) => ({ month, rows: [[spots.market, 4], [spots.harbour, 3], [spots.lane, 2]] as const })),
    ...yearOf(2023).map((month) => ({ month, rows: [[spots.market, 4], [spots.harbour, 9], [spots.arcade, 3]] as const })),
  ]);
  analyst = await service.client('analyst@opcc.demo');
});
afterAll(() => service.close());

const analyse = async (asked: Parameters<typeof runAnalysis>[1], scheduledFor?: string) =>
  (await runAnalysis(service.database.db, { council: both, ...asked }, { scope: ['*'], actor: { personId: null, role: 'test' }, now, scheduledFor, report: () => undefined })).run;
const year = (of: number) => ({ from: `${of}-01`, to: `${of}-12` });

describe('the same parameters on the same data', () => {
  test('give the same hash and the same ranks; another seed, period or minimum gives another', async () => {
    const first = await analyse(year(2023));
    const cells = async (id: string) => (await analyst.get(`/api/analyses/${id}/cells`).expect(200)).body.cells;
    const again = await analyse(year(2023));
    expect(again.hash).toBe(first.hash);
    expect(await cells(again.id)).toEqual(await cells(first.id));
    expect(first.parameters).toMatchObject({ seed: 1, rankDraws: 200, minimumPerYear: 12, fewest: 5 });
    const hashes = await Promise.all([{ ...year(2023), seed: 2 }, year(2022), { ...year(2023), minimumPerYear: 24 }, { ...year(2023), resolution: 8 as const }].map(async (asked) => (await analyse(asked)).hash));
    expect(new Set([first.hash, ...hashes]).size).toBe(5);
  });

  test('also when the months have come again with the same rows', async () => {
    const before = await analyse(year(2023));
    await addIncidents(service.database.db, [{ month: '2023-06', rows: [[spots.arcade, 3], [spots.harbour, 9], [spots.market, 4]] }]);
    const after = await analyse(year(2023));
    expect(after.hash).toBe(before.hash);
    expect(after.dataVintage.months.find((row) => row.month === '2023-06')?.importId).not.toBe(before.dataVintage.months.find((row) => row.month === '2023-06')?.importId);
    const { body } = await analyst.get(`/api/analyses/${before.id}/compared-with/${after.id}`).expect(200);
    expect(body).toMatchObject({ same: true, data: { cameAgain: ['test-police 2023-06'] } });
  });

  test('carry how sure each rank is', async () => {
    const run = await analyse(year(2023));
    const { body } = await analyst.get(`/api/analyses/${run.id}/cells`).expect(200);
    // 108, 48 and 36 incidents: the first is told from the rest in 90 of 100 worlds, the other two are not told apart.
    expect(body.cells.filter((cell: { n: number }) => cell.n > 0).map((cell: { n: number; rankLow: number; rankHigh: number }) => [cell.n, cell.rankLow, cell.rankHigh])).toEqual([[108, 1, 1], [48, 2, 3], [36, 2, 3]]);
  });
});

test('two runs side by side say what moved and why, within the scope alone', async () => {
  const [first, second] = [await analyse(year(2022)), await analyse(year(2023))];
  const { body } = await analyst.get(`/api/analyses/${first.id}/compared-with/${second.id}`).expect(200);
  const row = (cell: string) => body.cells.find((one: { cell: string }) => one.cell === cell);
  expect(row(spots.harbour.cell)).toMatchObject({ first: { rank: 2, n: 36 }, second: { rank: 1, n: 108 }, moved: 1, why: expect.stringContaining('36 to 108 incidents, more than chance explains (z 6.2).') });
  expect(row(spots.lane.cell)).toMatchObject({ first: { n: 24 }, second: null, why: 'No incident in the second run, 24 in the first.' });
  expect(row(spots.arcade.cell)).toMatchObject({ first: null, second: { n: 36 }, why: 'No incident in the first run, 36 in the second.' });
  expect(body.first.id).toBe(first.id);
  await analyst.get(`/api/analyses/${first.id}/compared-with/00000000-0000-4000-8000-000000000000`).expect(404);
  await (await service.client('lead@hartlepool.demo')).get(`/api/analyses/${first.id}/compared-with/${second.id}`).expect(403);
});

describe('a run as a file', () => {
  const provenanceKeys = ['sources', 'from', 'to', 'method_version', 'hash', 'seed', 'parameters', 'attribution', 'run'];

  test('of CSV holds its provenance in every row', async () => {
    const run = await analyse(year(2023));
    const answer = await analyst.get(`/api/analyses/${run.id}/csv`).expect(200);
    expect(answer.headers['content-disposition']).toContain(`analysis-2023-01-to-2023-12-cells-${run.hash.slice(0, 8)}.csv`);
    const [head = '', ...lines] = answer.text.trim().split('\r\n');
    expect(head).toMatch(/^\uFEFF?rank,rank_low,rank_high,cell,place,/);
    for (const key of provenanceKeys) expect(head.split(',')).toContain(`run_${key}`);
    expect(lines.length).toBeGreaterThanOrEqual(3);
    expect(lines.filter((line) => !line.includes(run.hash) || !line.includes('Test police file'))).toEqual([]);
    expect((await analyst.get(`/api/analyses/${run.id}/csv?what=candidates`).expect(200)).text).toContain('Harbour Walk');
  });

  test('of GeoJSON holds closed rings and the same provenance', async () => {
    const run = await analyse(year(2023));
    const { body, headers } = await analyst.get(`/api/analyses/${run.id}/geojson`).buffer(true).parse((response, done) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => done(null, JSON.parse(text)));
    }).expect(200);
    expect(headers['content-type']).toContain('application/geo+json');
    expect(body.provenance).toMatchObject({ hash: run.hash, from: '2023-01', to: '2023-12', seed: '1', method_version: run.methodVersion });
    expect(body.features[0]).toMatchObject({ type: 'Feature', properties: { rank: 1, cell: spots.harbour.cell, incidents: 108 }, geometry: { type: 'MultiPolygon' } });
    const [ring] = body.features[0].geometry.coordinates[0];
    expect(ring[0]).toEqual(ring.at(-1));
  });

  test('of GeoPackage opens with both layers and its provenance', async () => {
    const run = await analyse(year(2023));
    const { body } = await analyst.get(`/api/analyses/${run.id}/geopackage`).responseType('blob').expect(200);
    const folder = mkdtempSync(join(tmpdir(), 'gpkg-'));
    writeFileSync(join(folder, 'run.gpkg'), body as Buffer);
    const db = new DatabaseSync(join(folder, 'run.gpkg'), { readOnly: true });
    expect({ ...db.prepare('select rank, cell, incidents, candidate from ranked_cells order by rank').get() }).toEqual({ rank: 1, cell: spots.harbour.cell, incidents: 108, candidate: 1 });
    expect(db.prepare('select count(*) as n from candidates').get()?.['n']).toBe(3);
    expect(db.prepare(`select value from provenance where name = 'hash'`).get()?.['value']).toBe(run.hash);
    db.close();
    rmSync(folder, { recursive: true });
  });

  test('of another’s is not to be had', async () => {
    const run = await analyse(year(2023));
    for (const format of ['csv', 'geojson', 'geopackage']) await (await service.client('warden@hartlepool.demo')).get(`/api/analyses/${run.id}/${format}`).expect(403);
    await analyst.get('/api/analyses/00000000-0000-4000-8000-000000000000/geopackage').expect(404);
  });
});

describe('by the calendar', () => {
  test('the latest month is analysed once, under the service’s own identity, and the next when it has come', async () => {
    const { db } = service.database;
    expect(await queueDueAnalyses(db, now)).toEqual(['2023-12']);
    expect(await queueDueAnalyses(db, now)).toEqual([]);
    const asked = async () => (await analyst.get('/api/analysis-schedule').expect(200)).body;
    await vi.waitUntil(async () => (await asked()).asked[0].state === 'done', { timeout: 60_000, interval: 200 });
    const { asked: [made], says } = await asked();
    expect(says).toBe('Each month is analysed once its data have come in, looked for each night. Next: 2024-01, for which nothing has been imported yet.');
    const { body: run } = await analyst.get(`/api/analyses/${made.runId}`).expect(200);
    expect(run).toMatchObject({ scheduledFor: '2023-12', parameters: { from: '2023-01', to: '2023-12', resolution: 9 } });
    const event = await db('audit_event').where({ action: 'analysisRun', subject_id: made.runId }).first();
    expect(event).toMatchObject({ person_id: null, role: 'service' });
    await addIncidents(db, [{ month: '2024-01', rows: [[spots.market, 1]] }]);
    expect(await queueDueAnalyses(db, now)).toEqual(['2024-01']);
  });

  test('nothing is when the setting says off', async () => {
    const { db } = service.database;
    await addIncidents(db, [{ month: '2024-02', rows: [[spots.market, 1]] }]);
    await db('setting').where({ name: 'analysis_schedule' }).update({ value: '"off"' });
    expect(await queueDueAnalyses(db, now)).toEqual([]);
    await db('setting').where({ name: 'analysis_schedule' }).update({ value: '"weekly"' });
    await expect(queueDueAnalyses(db, now)).rejects.toThrow('Give monthly, quarterly or off.');
    await db('setting').where({ name: 'analysis_schedule' }).update({ value: '"monthly"' });
  });
});
