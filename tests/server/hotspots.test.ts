import { gridDisk } from 'h3-js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Knex } from 'knex';
import { analyse as analyseCommand } from '../../server/commands/analyse.ts';
import { addMonths } from '../../server/hotspots/months.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addCouncils, addIncidents, hartlepool, middlesbrough, type MonthOfRows, outsideSpot, spots } from '../support/hotspotData.ts';

type Client = Awaited<ReturnType<TestService['client']>>;
let service: TestService;
let analyst: Client;
let db: Knex;
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-02-15T09:00:00Z') });
  db = service.database.db;
  analyst = await service.client('analyst@opcc.demo');
});
afterAll(() => service.close());

/** 2022-10 to 2024-01: 4 a month at the market, 1 at the harbour, 2 at the arcade, 1 in Long Lane, and what has to be accounted for. */
const months: MonthOfRows[] = Array.from({ length: 16 }, (_, index) => {
  const month = addMonths('2022-10', index);
  return {
    month,
    rows: [
      [spots.market, month >= '2023-10' ? 2 : 4], [spots.harbour, 1], [spots.arcade, 2], [spots.lane, 1],
      [outsideSpot, month === '2023-05' ? 1 : 0], [null, month === '2023-06' ? 2 : 0],
    ],
  };
});

async function finished(jobId: string): Promise<{ state: string; result: { analysisId: string; hash: string }; problem: { code: string; detail: string } | null }> {
  await vi.waitUntil(async () => ['done', 'failed'].includes((await analyst.get(`/api/jobs/${jobId}`)).body.state), { timeout: 60_000, interval: 100 });
  return (await analyst.get(`/api/jobs/${jobId}`)).body;
}

async function analyse(asked: object): Promise<{ analysisId: string; hash: string }> {
  const { body } = await analyst.post('/api/analyses').send(asked).expect(200);
  const job = await finished(body.jobId);
  expect(job).toMatchObject({ state: 'done', problem: null });
  return job.result;
}

const period = { from: '2022-10', to: '2023-09' };

describe('before anything is imported', () => {
  test('an analysis is refused with the command that imports', async () => {
    const { body } = await analyst.post('/api/analyses').send({}).expect(409);
    expect(body).toMatchObject({ code: 'no_data', detail: 'No incidents have been imported yet. Import some first: npm run -s hotspots -- import <files or folders>.' });
  });

  test('without boundaries it is refused with the councils that have none', async () => {
    await addIncidents(db, months.slice(0, 2));
    const { body } = await analyst.post('/api/analyses').send({ council: ['Hartlepool'] }).expect(200);
    const job = await finished(body.jobId);
    expect(job.problem).toMatchObject({ code: 'no_boundaries' });
    expect(job.problem?.detail).toContain('There are no boundaries in force on 2022-11-01 for Hartlepool (E06000001). Import council boundaries');
  });
});

describe('an analysis', () => {
  beforeAll(async () => {
    await addCouncils(db);
    await addIncidents(db, months);
    await addIncidents(db, [{ month: '2023-01', category: 'burglary', source: 'test-exact', rows: [[spots.lane, 50]] }]);
  });

  test('of councils without boundaries names those', async () => {
    const { body } = await analyst.post('/api/analyses').send(period).expect(200);
    expect((await finished(body.jobId)).problem?.detail).toContain('for Redcar and Cleveland (E06000003), Stockton-on-Tees (E06000004).');
  });

  test('ranks cells, keeps its evidence and reconciles', async () => {
    const { analysisId } = await analyse({ ...period, council: ['Hartlepool', middlesbrough] });
    const { body: run } = await analyst.get(`/api/analyses/${analysisId}`).expect(200);
    // 12 months of 4 + 1 + 2 + 1, one outside, two without a place.
    expect(run.figures).toMatchObject({ in: 99, mapped: 96, outside: 1, withoutPlace: 2, months: 12, missingMonths: [], cellsWithIncidents: 4, minimumCount: 12, candidates: 4 });
    expect(run.parameters).toMatchObject({ ...period, resolution: 9, councils: [hartlepool, middlesbrough], categories: ['anti-social-behaviour'], minimumPerYear: 12, falseDiscoveryRate: 0.05 });
    expect(run.dataVintage.months).toHaveLength(13);
    expect(run.provenance.attribution).toEqual(['Test police data', 'Outlines made for tests']);
    const { body } = await analyst.get(`/api/analyses/${analysisId}/cells`).expect(200);
    const [first] = body.cells;
    expect(first).toMatchObject({ rank: 1, cell: spots.market.cell, n: 48, councilCode: hartlepool, council: 'Hartlepool', ward: `Ward of ${hartlepool}`, place: 'Market Place', points: 1, candidate: true, falseDiscovery: true, neighbourOnly: false });
    expect(first.rate).toBeCloseTo(48 / first.areaKm2, 9);
    // Garwood's 95 % interval of 48 is 35.39 to 63.64.
    expect(first.rateLow * first.areaKm2).toBeCloseTo(35.39, 2);
    expect(first.rateHigh * first.areaKm2).toBeCloseTo(63.64, 2);
    expect(first.smoothedRate).toBeLessThan(first.rate);
    expect(first.smoothedRate).toBeGreaterThan(run.figures.meanRate);
    const flagged = body.cells.filter((cell: { neighbourOnly: boolean }) => cell.neighbourOnly);
    expect(flagged.length).toBe(run.figures.neighbourOnly);
    expect(flagged.every((cell: { n: number }) => cell.n === 0)).toBe(true);
    expect(body.total).toBe(body.cells.length);
  });

  test('with the same parameters and data has the same hash, also when a month comes again; with other data another', async () => {
    const asked = { ...period, council: [hartlepool] };
    const first = await analyse(asked);
    await addIncidents(db, months.slice(3, 4));
    const again = await analyse({ ...asked, council: ['hartlepool'] });
    expect(again.hash).toBe(first.hash);
    expect(again.analysisId).not.toBe(first.analysisId);
    expect((await analyse({ ...asked, to: '2023-08' })).hash).not.toBe(first.hash);
    await addIncidents(db, [{ ...months[3]!, rows: [...months[3]!.rows, [spots.harbour, 1]] }]);
    expect((await analyse(asked)).hash).not.toBe(first.hash);
    await addIncidents(db, months.slice(3, 4));
  });

  test('of another category or source counts those', async () => {
    const { analysisId } = await analyse({ ...period, council: [hartlepool, middlesbrough], category: ['all'] });
    expect((await analyst.get(`/api/analyses/${analysisId}`)).body.figures).toMatchObject({ in: 149, mapped: 146 });
    const { analysisId: burglary } = await analyse({ ...period, council: [middlesbrough], category: ['Burglary'], source: ['test-exact'] });
    const { body: run } = await analyst.get(`/api/analyses/${burglary}`);
    expect(run.figures).toMatchObject({ in: 50, mapped: 50, months: 1 });
    expect(run.figures.missingMonths).toHaveLength(11);
  });

  test.each([
    [{ council: ['Durham'] }, 'council: "Durham" is not known. Use one of: Hartlepool (E06000001); Middlesbrough (E06000002); Redcar and Cleveland (E06000003); Stockton-on-Tees (E06000004).'],
    [{ from: '2023-05', to: '2023-04' }, 'from: 2023-05 is after 2023-04. Give the earlier month as from and the later as to.'],
    [{ from: '2019-01', to: '2019-12' }, 'There is no data for 2019-01 to 2019-12. Months held: 2022-10 to 2024-01.'],
    [{ from: '2023-13' }, 'from: Give a month as YYYY-MM, for example 2023-10.'],
    [{ resolution: 11 }, 'resolution: Give the resolution as 8, 9 or 10.'],
    [{ category: ['arson'] }, 'category: "arson" is not known. Use one of: Anti-social behaviour (anti-social-behaviour); Burglary (burglary).'],
  ])('refuses %j in words', async (asked, says) => {
    const { body } = await analyst.post('/api/analyses').send(asked);
    expect(body.detail).toBe(says);
  });

  test('from the command line is the same run, printed', async () => {
    const command = (values: Record<string, string>) => analyseCommand.run({ values, positionals: [], config: service.database.config, database: service.database, report: () => undefined });
    const { json, lines } = await command({ ...period, council: 'Hartlepool,E06000002', top: '2' });
    const { hash } = await analyse({ ...period, council: [hartlepool, middlesbrough] });
    expect(json).toMatchObject({ hash, figures: { in: 99, mapped: 96, outside: 1, withoutPlace: 2 }, warnings: [] });
    expect(lines[0]).toBe('Hot cells, 2022-10 to 2023-09, Anti-social behaviour; Hartlepool, Middlesbrough; H3 resolution 9.');
    expect(lines[2]).toMatch(/^rank {2}cell +council +place +n +km² +rate +95% interval +EB rate +Gi\* z +p +hot +candidate$/);
    expect(lines[3]).toMatch(/^ +1 {2}[0-9a-f]{15} {2}Hartlepool +Market Place {2}48 {2}0\.09/);
    expect(lines).toContain('Incidents in 99 = mapped 96 + outside 1 + without a place 2.');
    await expect(command({ from: '2024-13' })).rejects.toThrow('--from 2024-13: Give a month as YYYY-MM, for example 2023-10.');
    await expect(command({ top: 'many' })).rejects.toThrow('--top many is not a number of rows.');
  });

  test('is the Commissioner’s office’s to run and to see', async () => {
    const { analysisId } = await analyse({ ...period, council: [hartlepool, middlesbrough] });
    const lead = await service.client('lead@hartlepool.demo');
    await lead.post('/api/analyses').send(period).expect(403);
    for (const path of ['', `/${analysisId}`, `/${analysisId}/cells`, `/${analysisId}/candidates`]) await lead.get(`/api/analyses${path}`).expect(403);
    const auditor = await service.client('auditor@opcc.demo');
    await auditor.post('/api/analyses').send(period).expect(403);
    expect((await auditor.get(`/api/analyses/${analysisId}`).expect(200)).body.id).toBe(analysisId);
    await auditor.get('/api/analyses/00000000-0000-4000-8000-000000000000').expect(404);
  });
});

describe('an agreed hotspot', () => {
  let runId = '';
  let hotspotId = '';
  beforeAll(async () => {
    runId = (await analyse({ ...period, council: [hartlepool, middlesbrough] })).analysisId;
  });
  const adoption = (changes: object = {}) => ({ runId, cells: [spots.market.cell], name: 'Market Place', reason: 'First of the ranked list', liveFrom: '2023-10-02', ...changes });

  test('is proposed with a name, a reason in words and tags', async () => {
    const { body } = await analyst.get(`/api/analyses/${runId}/candidates`).expect(200);
    expect(body.widestMetres).toBe(400);
    expect(body.candidates.map((one: { suggestedName: string }) => one.suggestedName)).toEqual(expect.arrayContaining(['Market Place', 'Harbour Walk', `Parking Area, Ward of ${middlesbrough}`, 'Long Lane']));
    const [first] = body.candidates;
    expect(first).toMatchObject({ rank: 1, cells: [spots.market.cell], n: 48, points: 1, council: 'Hartlepool', tags: ['single address'], hotspotId: null });
    expect(first.why).toMatch(/^48 incidents in 12 months; \d+ per km² a year \(95% interval \d+ to \d+\), [\d.]+ times the area’s \d+\. Gi\* z [\d.]+, which survives false-discovery control\. All of them are at one point: a single address, or one snap point that stands for several\.$/);
    expect(first.acrossMetres).toBeLessThan(400);
  });

  test('is adopted with its outline, council, ward, frozen baseline and an audit event', async () => {
    const { body } = await analyst.post('/api/hotspots').send(adoption()).expect(200);
    expect(body.hotspots).toHaveLength(1);
    const [hotspot] = body.hotspots;
    hotspotId = hotspot.id;
    expect(hotspot).toMatchObject({ name: 'Market Place', councilCode: hartlepool, council: 'Hartlepool', wardCode: `${hartlepool}-W`, state: 'live', liveFrom: '2023-10-02', liveTo: null, baselineIncidents: 48, baselineMonths: 12 });
    const row = await db('hotspot').select(db.raw('st_isvalid(outline) as valid, st_isvalid(outline_27700) as valid_metres, st_area(outline_27700) / 1e6 as km2')).where({ id: hotspotId }).first();
    expect(row).toMatchObject({ valid: true, valid_metres: true });
    expect(row.km2).toBeCloseTo(0.09, 2);
    expect(await db('audit_event').where({ action: 'hotspotAdopted', subject_id: hotspotId }).first()).toMatchObject({ council_code: hartlepool, reason: 'First of the ranked list', after: { baselineIncidents: 48, runId } });
  });

  test('shows its months beside the same months of the baseline and the rest of the council', async () => {
    const { body } = await analyst.get(`/api/hotspots/${hotspotId}`).expect(200);
    expect(body).toMatchObject({ baselineFrom: '2022-10', baselineTo: '2023-09', runId, reason: 'First of the ranked list' });
    expect(body.frozen).toHaveLength(12);
    expect(body.months).toHaveLength(16);
    expect(body.months[0]).toEqual({ month: '2022-10', n: 4, live: false, baselineMonth: null, baseline: null, rest: 1, restBaseline: null });
    // Adopted on the 2nd: October is no whole live month.
    expect(body.months[12]).toEqual({ month: '2023-10', n: 2, live: false, baselineMonth: '2022-10', baseline: 4, rest: 1, restBaseline: 1 });
    expect(body.comparison).toMatchObject({ months: 3, n: 6, baseline: 12, rest: 3, restBaseline: 3, ratio: null });
    expect(body.comparison.says).toBe('6 incidents in 3 whole live months, 12 in the same months of the baseline; the rest of the council 3, before 3. Too few for a ratio.');
    expect(body.notes.join(' ')).toContain('regression to the mean');
    expect(body.attribution).toEqual(['Test police data', 'Outlines made for tests']);
    expect(body.outline.coordinates[0][0]).toHaveLength(7);
  });

  test('keeps its baseline when months are imported again', async () => {
    await addIncidents(db, [{ ...months[0]!, rows: [...months[0]!.rows, [spots.market, 6]] }]);
    const { body } = await analyst.get(`/api/hotspots/${hotspotId}`).expect(200);
    expect(body.months[0].n).toBe(10);
    expect(body.frozen[0]).toEqual({ month: '2022-10', source: 'test-police', n: 4 });
    expect(body.baselineIncidents).toBe(48);
    await expect(db('hotspot_baseline').where({ hotspot_id: hotspotId }).update({ n: 0 })).rejects.toMatchObject({ constraint: 'hotspot_baseline_append_only' });
    await addIncidents(db, months.slice(0, 1));
  });

  test('cannot share ground with a live one, nor a name of its council, nor lie outside the run', async () => {
    const taken = await analyst.post('/api/hotspots').send(adoption({ name: 'Other' })).expect(409);
    expect(taken.body.detail).toBe('Other would share ground with Market Place, and incidents there would count twice. Leave those cells out, or retire that hotspot first.');
    const named = await analyst.post('/api/hotspots').send(adoption({ cells: [spots.harbour.cell] })).expect(409);
    expect(named.body.code).toBe('hotspot_name_once_at_a_time');
    const elsewhere = await analyst.post('/api/hotspots').send(adoption({ cells: ['89195da49a7ffff'] })).expect(422);
    expect(elsewhere.body.detail).toBe('cells: The run has no ranked cell 89195da49a7ffff. Choose from its list.');
    expect(await db('hotspot').count('* as n').first()).toEqual({ n: 1 });
  });

  test('of cells apart or too wide is refused, and split when asked', async () => {
    const cells = [spots.harbour.cell, spots.lane.cell];
    const apart = await analyst.post('/api/hotspots').send(adoption({ cells, name: 'Both' })).expect(422);
    expect(apart.body).toMatchObject({ code: 'cells_do_not_touch', detail: 'The cells lie in 2 places that do not touch. Adopt each by itself, or let them be split into several hotspots.' });
    // A cell that is hot by its neighbours only touches the market.
    const ranked = (await analyst.get(`/api/analyses/${runId}/cells`)).body.cells as { cell: string; neighbourOnly: boolean }[];
    const beside = ranked.find((cell) => cell.neighbourOnly && gridDisk(spots.market.cell, 1).includes(cell.cell))!.cell;
    const wide = await analyst.post('/api/hotspots').send(adoption({ cells: [spots.market.cell, beside], name: 'Wide' })).expect(422);
    expect(wide.body.code).toBe('too_wide');
    expect(wide.body.detail).toMatch(/^The 2 cells are 6\d\d m across; a hotspot is at most 400 m, so that one patrol covers it on foot\. Choose fewer cells, or let them be split into several hotspots\.$/);
    const { body } = await analyst.post('/api/hotspots').send(adoption({ cells, name: 'Both', split: true })).expect(200);
    // 12 incidents each; Long Lane's cell is the smaller one.
    expect(body.hotspots.map((one: { name: string; councilCode: string }) => [one.name, one.councilCode])).toEqual([['Both 1', middlesbrough], ['Both 2', hartlepool]]);
  });

  test('is seen and listed by its own council only', async () => {
    const lead = await service.client('lead@hartlepool.demo');
    const { body } = await lead.get('/api/hotspots').expect(200);
    expect(body.hotspots.map((one: { councilCode: string }) => one.councilCode)).toEqual([hartlepool, hartlepool]);
    const other = await service.client('lead@middlesbrough.demo');
    await other.get(`/api/hotspots/${hotspotId}`).expect(404);
    const { body: map } = await other.get('/api/map/hotspots').expect(200);
    expect(map.features.map((feature: { properties: { name: string } }) => feature.properties.name)).toEqual(['Both 1']);
    await lead.post('/api/hotspots').send(adoption({ cells: [spots.arcade.cell] })).expect(403);
    await lead.post(`/api/hotspots/${hotspotId}/retire`).send({ liveTo: '2024-01-01', reason: 'x' }).expect(403);
  });

  test('is retired from a day on with a reason, once', async () => {
    const early = await analyst.post(`/api/hotspots/${hotspotId}/retire`).send({ liveTo: '2023-10-02', reason: 'Moved' }).expect(422);
    expect(early.body.errors[0].field).toBe('liveTo');
    const { body } = await analyst.post(`/api/hotspots/${hotspotId}/retire`).send({ liveTo: '2024-01-01', reason: 'Replaced at the refresh' }).expect(200);
    expect(body).toMatchObject({ state: 'retired', liveTo: '2024-01-01' });
    expect((await analyst.post(`/api/hotspots/${hotspotId}/retire`).send({ liveTo: '2024-02-01', reason: 'Again' }).expect(409)).body.code).toBe('already_retired');
    expect(await db('audit_event').where({ action: 'hotspotRetired', subject_id: hotspotId }).first()).toMatchObject({ reason: 'Replaced at the refresh' });
    const names = async (query: string): Promise<string[]> => (await analyst.get(`/api/hotspots?${query}`)).body.hotspots.map((one: { name: string }) => one.name);
    expect(await names('all=false')).toEqual(['Both 2', 'Both 1']);
    expect(await names('all=false&on=2023-12-31&council=Hartlepool')).toEqual(['Both 2', 'Market Place']);
    expect(await names('council=E06000001')).toEqual(['Both 2', 'Market Place']);
    // Its ground is free again from then on.
    await analyst.post('/api/hotspots').send(adoption({ liveFrom: '2024-01-01' })).expect(200);
  });
});
