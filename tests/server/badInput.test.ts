/** Points all in one place, one point, none, points at 0, 0, a study area with a hole, months without data: each gives a sentence, never a NaN. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Knex } from 'knex';
import { saveBoundaries } from '../../server/places/boundaryQueries.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addCouncils, addIncidents, hartlepool, middleOf, type Spot, spots, yearOf } from '../support/hotspotData.ts';

type Client = Awaited<ReturnType<TestService['client']>>;
let service: TestService;
let analyst: Client;
let db: Knex;
const holed = 'E06000003';
const nowhere: Spot = { lng: 0, lat: 0, place: 'On or near Nowhere' };
const inHole = middleOf(-1.075, 54.625, 'On or near Island');
const inArea = middleOf(-1.095, 54.605, 'On or near Shore');

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-02-15T09:00:00Z') });
  db = service.database.db;
  analyst = await service.client('analyst@opcc.demo');
  await addCouncils(db);
  await db.transaction((trx) => saveBoundaries(trx, {
    kind: 'council', validFrom: '2020-01-01', source: { name: 'Test outlines', publisher: 'Test publisher', licence: 'Test licence', attribution: 'Outlines made for tests' },
    shapes: [{ code: holed, name: 'Holed', geometry: { type: 'Polygon', coordinates: [[[-1.1, 54.6], [-1.05, 54.6], [-1.05, 54.65], [-1.1, 54.65], [-1.1, 54.6]], [[-1.085, 54.615], [-1.085, 54.635], [-1.065, 54.635], [-1.065, 54.615], [-1.085, 54.615]]] } }],
  }));
  const year = (of: number, rows: readonly (readonly [Spot | null, number])[], category?: string) => yearOf(of).map((month) => ({ month, rows, ...(category ? { category } : {}) }));
  await addIncidents(db, [
    ...year(2020, [[spots.market, 40]]), { month: '2021-05', rows: [[spots.market, 1]] }, ...year(2022, [[spots.market, 3]], 'burglary'),
    ...year(2023, [[nowhere, 5]]), { month: '2024-01', rows: [[inHole, 6], [inArea, 8]] },
  ]);
}, 120_000);
afterAll(() => service.close());

interface Case { from: string; to: string; council?: string }

async function analyse({ from, to, council = 'Hartlepool' }: Case): Promise<string> {
  const { body } = await analyst.post('/api/analyses').send({ from, to, council: [council] }).expect(200);
  await vi.waitUntil(async () => ['done', 'failed'].includes((await analyst.get(`/api/jobs/${body.jobId}`)).body.state), { timeout: 60_000, interval: 100 });
  const job = (await analyst.get(`/api/jobs/${body.jobId}`)).body;
  expect(job).toMatchObject({ state: 'done', problem: null });
  return job.result.analysisId as string;
}

/** Every answer about the case: figures that are numbers, or a refusal that is a sentence. NaN and infinity would stand as null. */
async function answers(asked: Case): Promise<{ run: Record<string, number>; says: string[]; candidates: { tags: string[]; why: string }[] }> {
  const runId = await analyse(asked);
  const query = { from: asked.from, to: asked.to, council: asked.council ?? 'Hartlepool' };
  const run = await analyst.get(`/api/analyses/${runId}`).expect(200);
  const cells = await analyst.get(`/api/analyses/${runId}/cells`).expect(200);
  for (const cell of cells.body.cells) for (const key of ['rate', 'rateLow', 'rateHigh', 'smoothedRate', 'z', 'p', 'areaKm2']) expect(Number.isFinite(cell[key]), key).toBe(true);
  const candidates = (await analyst.get(`/api/analyses/${runId}/candidates`).expect(200)).body;
  const refresh = (await analyst.get(`/api/analyses/${runId}/refresh`).expect(200)).body;
  const others = [
    await analyst.post(`/api/analyses/${runId}/trial`).send({ from: asked.from, to: asked.to }),
    await analyst.get('/api/insight/concentration').query(query), await analyst.get('/api/insight/back-test').query(query), await analyst.get('/api/insight/repeats').query(query),
    await analyst.get('/api/map/cells').query({ ...query, zoom: 12 }), await analyst.get('/api/map/contours').query(query),
  ];
  for (const { status, body } of others) {
    expect([200, 409, 422]).toContain(status);
    expect(status === 200 ? 'A figure.' : body.detail).toMatch(/^[A-Z“].*[.?!]$/);
    expect(JSON.stringify(body)).not.toMatch(/NaN|Infinity/);
  }
  const says = [candidates.says as string, refresh.says as string, ...others.flatMap(({ body }) => [body.says ?? body.detail].filter(Boolean) as string[])];
  for (const sentence of says) expect(sentence).not.toMatch(/NaN|undefined|Infinity|null/);
  return { run: run.body.figures, says, candidates: candidates.candidates };
}

const year = (of: number): Case => ({ from: `${of}-01`, to: `${of}-12` });

describe('bad input', () => {
  test('all incidents in one place: one candidate, said to be a single address', async () => {
    const { run, candidates, says } = await answers(year(2020));
    expect(run).toMatchObject({ in: 480, mapped: 480, cellsWithIncidents: 1, candidates: 1 });
    expect(candidates).toHaveLength(1);
    expect(candidates[0]!.tags).toContain('single address');
    expect(says[0]).toMatch(/^One place has at least 12 incidents in the period and a 95% interval above the area’s [\d.]+ per km² a year, ranked by empirical-Bayes rate\.$/);
  });

  test('one incident: no candidate, and why', async () => {
    const { run, says } = await answers({ from: '2021-05', to: '2021-05' });
    expect(run).toMatchObject({ in: 1, mapped: 1, candidates: 0 });
    expect(says[0]).toMatch(/^No place is a candidate: of 1 incident in 1 cell none has at least 5 incidents in the period/);
    expect(says).toContain('The set is empty: the run has no candidate, or none is chosen. There is nothing to try.');
  });

  test('none at all in months that are held: a sentence everywhere, and nothing divided by nothing', async () => {
    const { run, says } = await answers(year(2022));
    expect(run).toMatchObject({ in: 0, mapped: 0, meanRate: 0, candidates: 0, hotCells: 0 });
    expect(says[0]).toBe('There were no such incidents in the area in the 12 months held, so no place is a candidate. Choose another period, or more categories.');
    expect(says[1]).toBe('There were no such incidents in the area and period, so nothing can be compared: choose another period or more categories.');
  });

  test('points at 0, 0 count as outside the area, never on the map', async () => {
    const { run, says } = await answers(year(2023));
    expect(run).toMatchObject({ in: 60, mapped: 0, outside: 60, candidates: 0 });
    expect(says[0]).toContain('There were no such incidents in the area');
  });

  test('a study area with a hole: what lies in the hole is outside', async () => {
    const { run, candidates } = await answers({ from: '2024-01', to: '2024-01', council: 'Redcar and Cleveland' });
    expect(run).toMatchObject({ in: 14, mapped: 8, outside: 6, candidates: 1 });
    expect(candidates[0]!.tags).toContain('single address');
  });

  test('a period without data is refused in words, on every screen', async () => {
    const query = { from: '2031-01', to: '2031-12', council: hartlepool };
    const refused = 'There is no data for 2031-01 to 2031-12. Months held: 2020-01 to 2020-12, 2021-05, 2022-01 to 2024-01.';
    expect((await analyst.post('/api/analyses').send({ ...query, council: [hartlepool] }).expect(409)).body.detail).toBe(refused);
    for (const path of ['/api/insight/concentration', '/api/insight/repeats', '/api/map/cells', '/api/map/contours', '/api/insight/profile']) {
      expect((await analyst.get(path).query(query).expect(409)).body.detail, path).toBe(refused);
    }
  });
});
