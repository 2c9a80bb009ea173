/** A run laid beside the agreed set: what is found, what people decide, and a set tried before it is adopted. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Knex } from 'knex';
import { addMonths } from '../../server/hotspots/months.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addCouncils, addIncidents, hartlepool, middleOf, middlesbrough, type MonthOfRows, spots } from '../support/hotspotData.ts';

type Client = Awaited<ReturnType<TestService['client']>>;
interface Row { key: string; found: string; name: string; n: number; before: number | null; why: string; choices: string[]; hotspotId: string | null }
let service: TestService;
let analyst: Client;
let db: Knex;
let [first, second] = ['', ''];
let [market, harbour, lane] = ['', '', ''];

/** Quiet in the first year and busy in the second. */
const quay = middleOf(-1.24, 54.605, 'On or near Police Station');

/** 2021-10 to 2023-09: the market holds, the harbour falls away, the quay is new, the lane is agreed though quiet. */
const months: MonthOfRows[] = Array.from({ length: 24 }, (_, index) => {
  const later = index >= 12;
  return { month: addMonths('2021-10', index), rows: [[spots.market, 6], [spots.harbour, later ? (index % 6 === 0 ? 1 : 0) : 4], [quay, later ? 5 : 0], [spots.arcade, 3], [spots.lane, 1]] };
});

async function analyse(from: string, to: string): Promise<string> {
  const { body } = await analyst.post('/api/analyses').send({ from, to, council: [hartlepool, middlesbrough] }).expect(200);
  await vi.waitUntil(async () => ['done', 'failed'].includes((await analyst.get(`/api/jobs/${body.jobId}`)).body.state), { timeout: 60_000, interval: 100 });
  return (await analyst.get(`/api/jobs/${body.jobId}`)).body.result.analysisId as string;
}
async function adopt(spot: { cell: string }, name: string): Promise<string> {
  const { body } = await analyst.post('/api/hotspots').send({ runId: first, cells: [spot.cell], name, reason: 'Agreed by the partnership', liveFrom: '2022-10-01' }).expect(200);
  return body.hotspots[0].id as string;
}
const refresh = async (): Promise<{ rows: Row[]; says: string; figures: object; previous: { id: string } | null; confirmed: object[] }> => (await analyst.get(`/api/analyses/${second}/refresh`).expect(200)).body;
const row = (rows: readonly Row[], name: string): Row => rows.find((one) => one.name === name)!;

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2023-11-15T09:00:00Z') });
  db = service.database.db;
  analyst = await service.client('analyst@opcc.demo');
  await addCouncils(db);
  await addIncidents(db, months);
  first = await analyse('2021-10', '2022-09');
  [market, harbour, lane] = [await adopt(spots.market, 'Market Place'), await adopt(spots.harbour, 'Harbour Walk'), await adopt(spots.lane, 'Long Lane')];
  second = await analyse('2022-10', '2023-09');
}, 120_000);
afterAll(() => service.close());

describe('a refresh', () => {
  test('says of each place whether it is kept, dropped or new, with the figures, and against the run before', async () => {
    const { rows, says, figures, previous } = await refresh();
    expect(previous?.id).toBe(first);
    expect(figures).toEqual({ kept: 2, shifted: 0, dropped: 1, new: 2 });
    expect(says).toBe('Of 3 agreed hotspots 2 still hold, 0 have shifted and 1 no longer hold; 2 candidates are new. Nothing changes until you confirm.');
    expect(rows[0]).toMatchObject({ key: harbour, found: 'dropped', n: 2, before: 48, choices: ['retire', 'keep'] });
    expect(rows[0]!.why).toBe('2 incidents in 12 months, fewer than the 12 a hotspot needs. That is down from 48 in the run before (2021-10 to 2022-09); a place chosen for a high count tends to fall back by itself.');
    expect(row(rows, 'Market Place')).toMatchObject({ key: market, found: 'kept', n: 72, before: 72, choices: ['keep', 'retire'] });
    expect(row(rows, 'Market Place').why).toMatch(/^72 incidents in 12 months; the lower end of its interval, \d+ per km² a year, is above the area’s [\d.]+\. That is the same as 72 in the run before/);
    expect(row(rows, 'Long Lane')).toMatchObject({ found: 'kept', n: 12 });
    const added = rows.find((one) => one.key === quay.cell)!;
    expect(added).toMatchObject({ found: 'new', n: 60, before: 0, choices: ['adopt', 'leave'], hotspotId: null });
    expect(added.why).toContain('60 of 60 are recorded at a facility (Police Station).');
    expect(added.why).toContain('In the run before (2021-10 to 2022-09) nothing was recorded there.');
    const arcade = rows.find((one) => one.key === spots.arcade.cell)!;
    expect(arcade.why).toMatch(/it had 36, rank \d, and was a candidate and was not adopted\.$/);
  });

  test('says which recording changes and gaps lie between its run and the run before', async () => {
    const crossings = async (): Promise<{ says: string }[]> => (await analyst.get(`/api/analyses/${second}/refresh`).expect(200)).body.crossings;
    expect(await crossings()).toEqual([]);
    const { body: note } = await analyst.post('/api/recording-notes').send({ kind: 'change', startsOn: '2022-10-01', what: 'Nuisance calls are recorded under another heading.' }).expect(200);
    expect(await crossings()).toMatchObject([{ id: note.id, kind: 'change', startsOn: '2022-10-01', says: expect.stringContaining('Nuisance calls are recorded under another heading.') }]);
    await analyst.post(`/api/recording-notes/${note.id}/withdraw`).send({ reason: 'Entered to see it' }).expect(200);
    expect(await crossings()).toEqual([]);
  });

  test('tags a candidate with its facility and its single point', async () => {
    const { body } = await analyst.get(`/api/analyses/${second}/candidates`).expect(200);
    const candidate = body.candidates.find((one: { cells: string[] }) => one.cells[0] === quay.cell);
    expect(candidate.tags).toEqual(expect.arrayContaining(['single address', 'facility: Police Station']));
  });

  test('refuses a decision that the row does not allow, a row decided twice or gone, and a day that is over, and changes nothing', async () => {
    const before = await db('hotspot').select('id', 'live_to').orderBy('id');
    const send = (decisions: object[], from = '2024-01-01') => analyst.post(`/api/analyses/${second}/refresh`).send({ from, decisions });
    const reason = 'Quarterly refresh';
    expect((await send([{ key: market, decision: 'adopt', reason }]).expect(422)).body.detail).toContain('Market Place is kept: decide one of keep, retire.');
    expect((await send([{ key: market, decision: 'keep', reason }, { key: market, decision: 'retire', reason }]).expect(422)).body.detail).toContain('Market Place is decided twice.');
    expect((await send([{ key: 'nothing', decision: 'keep', reason }]).expect(422)).body.detail).toContain('the agreed set has changed since');
    expect((await send([{ key: harbour, decision: 'retire', reason }], '2023-11-14').expect(422)).body.errors[0].field).toBe('from');
    // One fault undoes all of it: the second name is taken.
    expect((await send([{ key: harbour, decision: 'retire', reason }, { key: quay.cell, decision: 'adopt', name: 'Market Place', reason }]).expect(409)).body.code).toBe('hotspot_name_once_at_a_time');
    await (await service.client('auditor@opcc.demo')).post(`/api/analyses/${second}/refresh`).send({ from: '2024-01-01', decisions: [{ key: harbour, decision: 'retire', reason }] }).expect(403);
    expect(await db('hotspot').select('id', 'live_to').orderBy('id')).toEqual(before);
    expect(await db('hotspot_refresh').count('* as n').first()).toEqual({ n: 0 });
  });

  test('carries out what is confirmed in one change, row by row, and keeps who decided what and why', async () => {
    const decisions = [
      { key: harbour, decision: 'retire', reason: 'The shutters closed' }, { key: market, decision: 'keep', reason: 'Still first' },
      { key: quay.cell, decision: 'adopt', name: 'Quay', reason: 'New this year' }, { key: spots.arcade.cell, decision: 'leave', reason: 'Wait for the next refresh' },
    ];
    const { body } = await analyst.post(`/api/analyses/${second}/refresh`).send({ from: '2024-01-01', decisions }).expect(200);
    expect(body).toMatchObject({ adopted: 1, retired: 1, kept: 1, left: 1, replaced: 0, says: '1 adopted, 1 retired, 0 replaced, 1 kept, 1 left for now.' });
    expect(await db('hotspot').where({ id: harbour }).first()).toMatchObject({ live_to: '2024-01-01', retired_reason: 'The shutters closed' });
    expect(await db('hotspot').where({ name: 'Quay' }).first()).toMatchObject({ live_from: '2024-01-01', run_id: second, council_code: hartlepool });
    expect(await db('hotspot').where({ id: lane }).first()).toMatchObject({ live_to: null });
    const { body: list } = await analyst.get('/api/refreshes').expect(200);
    expect(list.refreshes[0].decisions.map((one: { name: string; decision: string; reason: string }) => [one.name, one.decision, one.reason])).toEqual([
      ['Harbour Walk', 'retire', 'The shutters closed'], ['Market Place', 'keep', 'Still first'], ['Quay', 'adopt', 'New this year'], [expect.stringContaining('Parking Area'), 'leave', 'Wait for the next refresh'],
    ]);
    const { rows, confirmed } = await refresh();
    expect(confirmed).toHaveLength(1);
    expect(rows.map((one) => [one.name, one.found])).toEqual(expect.arrayContaining([['Quay', 'kept'], ['Market Place', 'kept'], ['Long Lane', 'kept']]));
    expect(rows.some((one) => one.name === 'Harbour Walk')).toBe(false);
    await expect(db('hotspot_refresh_decision').delete()).rejects.toMatchObject({ constraint: 'hotspot_refresh_decision_append_only' });
  });
});

describe('a set tried before it is adopted', () => {
  const attempt = (changes: object = {}) => analyst.post(`/api/analyses/${first}/trial`).send({ from: '2022-10', to: '2023-09', ...changes });
  const score = (body: { scores: { set: string }[] }, set: string) => body.scores.find((one) => one.set === set)! as unknown as Record<string, number> & { hitRateInterval: { lower: number; upper: number } | null; paiDifferenceInterval: object | null };

  test('is scored against last year’s top list, chance and the best there was, with intervals', async () => {
    const { body } = await attempt({ candidates: [spots.market.cell, spots.arcade.cell] }).expect(200);
    // Market 72, arcade 36 of 72 + 36 + 60 + 12 + 2.
    expect(body).toMatchObject({ months: 12, n: 182, warnings: [] });
    const proposed = score(body, 'proposed');
    expect(proposed).toMatchObject({ places: 2, hits: 108 });
    expect(proposed['hitRate']).toBeCloseTo(108 / 182, 9);
    expect(proposed['pai']).toBeCloseTo(108 / 182 / proposed['areaShare']!, 9);
    expect(proposed['pei']!).toBeCloseTo(108 / 132, 2);
    expect(proposed.hitRateInterval!.lower).toBeGreaterThan(0.55);
    expect(proposed.hitRateInterval!.upper).toBeLessThan(0.65);
    // The year before the market and the harbour were the busiest.
    expect(score(body, 'last-year')).toMatchObject({ places: 2, hits: 74 });
    expect(score(body, 'chance')['hitRate']).toBeCloseTo(proposed['areaShare']!, 9);
    expect(score(body, 'hindsight')['pei']).toBe(1);
    expect(score(body, 'agreed')['places']).toBeGreaterThan(0);
    expect(body.says).toContain('would have caught 59.3% (95% interval');
    expect(body.says).toContain('That is better than last year’s top list.');
    expect((await attempt({ candidates: [spots.market.cell, spots.arcade.cell] })).body.scores).toEqual(body.scores);
  });

  test('warns when it was chosen on the same months, has no year before it, or too few months', async () => {
    const { body } = await attempt({ from: '2021-10', to: '2022-01' }).expect(200);
    expect(body.warnings).toEqual([
      'The proposed set was chosen on 4 of these months, so its figures flatter it. “The rule, a year earlier” shows how such a choice does on months it has not seen; or choose a run that ends before 2021-10.',
      'No month of the year before 2021-10 is held, so there is no last year’s top list to compare with.',
      'Under 6 months say nothing about how much months vary: there are no intervals.',
    ]);
    expect(score(body, 'proposed').hitRateInterval).toBeNull();
  });

  test('is refused in words when it is empty, unknown, or on months nobody holds', async () => {
    expect((await attempt({ candidates: [] }).expect(422)).body.detail).toBe('The set is empty: the run has no candidate, or none is chosen. There is nothing to try.');
    expect((await attempt({ candidates: ['89195da49a7ffff'] }).expect(422)).body.detail).toContain('The run has no candidate with the strongest cell 89195da49a7ffff.');
    expect((await attempt({ from: '2019-01', to: '2019-12' }).expect(409)).body.detail).toContain('There is no data for 2019-01 to 2019-12.');
  });
});
