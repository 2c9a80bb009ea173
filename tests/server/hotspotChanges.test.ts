/** The agreed set changing: moves, splits, merges, names, pauses, and what each leaves behind. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Knex } from 'knex';
import { addMonths } from '../../server/hotspots/months.ts';
import { toGrid, toLngLat } from '../../geo/projection.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addCouncils, addIncidents, hartlepool, middlesbrough, type MonthOfRows, type Spot, spots } from '../support/hotspotData.ts';

type Client = Awaited<ReturnType<TestService['client']>>;
let service: TestService;
let analyst: Client;
let db: Knex;
let runId = '';

function beside(spot: Spot, east: number, north = 0): Spot {
  const { easting, northing } = toGrid(spot.lng, spot.lat);
  const [lng, lat] = toLngLat(easting + east, northing + north);
  return { lng, lat, place: spot.place };
}
const eastOfMarket = beside(spots.market, 400);

/** 2022-10 to 2024-04: 4 a month at the market and 3 a month 400 m east of it. */
const months: MonthOfRows[] = Array.from({ length: 19 }, (_, index) => ({
  month: addMonths('2022-10', index), rows: [[spots.market, 4], [eastOfMarket, 3], [spots.harbour, 2], [spots.arcade, 2], [spots.lane, 1]],
}));

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-02-15T09:00:00Z') });
  db = service.database.db;
  analyst = await service.client('analyst@opcc.demo');
  await addCouncils(db);
  await addIncidents(db, months);
  const { body } = await analyst.post('/api/analyses').send({ from: '2022-10', to: '2023-09', council: [hartlepool, middlesbrough] }).expect(200);
  await vi.waitUntil(async () => ['done', 'failed'].includes((await analyst.get(`/api/jobs/${body.jobId}`)).body.state), { timeout: 60_000, interval: 100 });
  runId = (await analyst.get(`/api/jobs/${body.jobId}`)).body.result.analysisId;
}, 120_000);
afterAll(() => service.close());

async function adopt(spot: { cell: string }, name: string, more: object = {}): Promise<string> {
  const { body } = await analyst.post('/api/hotspots').send({ runId, cells: [spot.cell], name, reason: 'First of the ranked list', liveFrom: '2023-10-01', ...more }).expect(200);
  return body.hotspots[0].id as string;
}
const detail = async (id: string) => (await analyst.get(`/api/hotspots/${id}`).expect(200)).body;
const month = (body: { months: { month: string }[] }, wanted: string) => body.months.find((one) => one.month === wanted);

describe('a hotspot that is moved', () => {
  let id = '';
  beforeAll(async () => {
    id = await adopt(spots.market, 'Market Place');
  });
  const move = (changes: object = {}) => analyst.post(`/api/hotspots/${id}/move`).send({ from: '2024-03-01', eastMetres: 400, northMetres: 0, reason: 'The market moved to the car park', ...changes });

  test('is refused on a day that is over, before it begins, nowhere, and onto another council', async () => {
    expect((await move({ from: '2024-02-14' }).expect(422)).body.errors).toEqual([{ field: 'from', message: '2024-02-14 is over, and its visits and counts stand. Give today (2024-02-15) or a later day.' }]);
    expect((await move({ eastMetres: 0.4 }).expect(422)).body.detail).toContain('would stay where it is');
    expect((await move({ eastMetres: 3500 }).expect(409)).body.detail).toBe('Most of Market Place would lie outside Hartlepool, whose hotspot it is. Move it less far, or retire it and adopt one there.');
    expect((await move({ reason: '' }).expect(422)).body.errors[0].field).toBe('reason');
  });

  test('can be looked at first: where it would be, and what speaks against it', async () => {
    const fine = await analyst.get(`/api/hotspots/${id}/move`).query({ eastMetres: 400, northMetres: 0 }).expect(200);
    expect(fine.body.problem).toBeNull();
    const far = await analyst.get(`/api/hotspots/${id}/move`).query({ eastMetres: 3500, northMetres: 0 }).expect(200);
    expect(far.body.problem).toContain('Most of Market Place would lie outside Hartlepool');
    expect((await detail(id)).outlines).toHaveLength(1);
  });

  test('keeps the old outline with its days and its baseline; the moved one has its own', async () => {
    const before = await detail(id);
    await move().expect(200);
    const after = await detail(id);
    expect(after.outlines.map((one: { validFrom: string; validTo: string | null }) => [one.validFrom, one.validTo])).toEqual([['2023-10-01', '2024-03-01'], ['2024-03-01', null]]);
    expect(after.outlines[0].outline).toEqual(before.outlines[0].outline);
    expect(after.frozen).toEqual(before.frozen);
    expect(after.baselineIncidents).toBe(48);
    // 3 a month, 2023-03 to 2024-02.
    expect(after.outlines[1]).toMatchObject({ baselineFrom: '2023-03', baselineTo: '2024-02', reason: 'The market moved to the car park' });
    expect(after.outlines[1].frozen).toHaveLength(12);
    expect(after.outlines[1].frozen.every((row: { n: number }) => row.n === 3)).toBe(true);
    expect(after.notes.join(' ')).toContain('From 2024-03-01 on incidents are counted in a moved outline');
    const [first, second] = after.outlines.map((one: { outline: { coordinates: [number, number][][][] } }) => one.outline.coordinates[0]![0]![0]!);
    const [from, to] = [toGrid(first[0], first[1]), toGrid(second[0], second[1])];
    expect(to.easting - from.easting).toBeCloseTo(400, 0);
    expect(to.northing - from.northing).toBeCloseTo(0, 0);
  });

  test('counts each month in the outline of its day, against the baseline of that outline', async () => {
    const body = await detail(id);
    expect(month(body, '2024-02')).toMatchObject({ n: 4, baselineMonth: '2023-02', baseline: 4, live: true });
    expect(month(body, '2024-03')).toMatchObject({ n: 3, baselineMonth: '2023-03', baseline: 3, live: true });
    expect(month(body, '2022-12')).toMatchObject({ n: 4, baseline: null });
  });

  test('is shown where it was on a day', async () => {
    const at = async (on: string) => (await analyst.get('/api/map/hotspots').query({ on })).body.features[0].geometry.coordinates[0][0][0];
    expect((await at('2024-02-29'))[0]).toBeLessThan((await at('2024-03-01'))[0]);
  });

  test('cannot be moved again before that, nor have its past written over by anybody', async () => {
    expect((await move({ from: '2024-02-20' }).expect(422)).body.detail).toContain('Market Place was moved from 2024-03-01 on already.');
    await expect(db('hotspot_outline').where({ hotspot_id: id }).whereNotNull('valid_to').update({ valid_to: '2024-05-01' })).rejects.toMatchObject({ constraint: 'hotspot_outline_append_only' });
    await expect(db('hotspot_outline').where({ hotspot_id: id }).delete()).rejects.toMatchObject({ constraint: 'hotspot_outline_append_only' });
    await expect(db('hotspot_outline_baseline').update({ n: 0 })).rejects.toMatchObject({ constraint: 'hotspot_outline_baseline_append_only' });
    await expect(db.raw('update hotspot set outline = st_translate(outline, 0.01, 0) where id = ?', [id])).rejects.toMatchObject({ constraint: 'hotspot_outline_changes_by_move' });
  });

  test('is renamed and paused, and each is an event with its day and its reason', async () => {
    await analyst.post(`/api/hotspots/${id}/rename`).send({ name: 'Market car park', reason: 'People call it so' }).expect(200);
    await analyst.post(`/api/hotspots/${id}/pause`).send({ from: '2024-03-10', reason: 'Road works' }).expect(200);
    expect((await analyst.post(`/api/hotspots/${id}/pause`).send({ from: '2024-03-20', reason: 'Again' }).expect(409)).body.code).toBe('hotspot_pause_one_at_a_time');
    expect(month(await detail(id), '2024-03')).toMatchObject({ live: false });
    await analyst.post(`/api/hotspots/${id}/resume`).send({ from: '2024-04-01', reason: 'Works are over' }).expect(200);
    expect((await analyst.post(`/api/hotspots/${id}/resume`).send({ from: '2024-04-02', reason: 'Again' }).expect(409)).body.code).toBe('not_paused');
    expect(month(await detail(id), '2024-04')).toMatchObject({ live: true });
    const { body } = await analyst.get(`/api/hotspots/${id}/history`).expect(200);
    expect(body.entries.map((one: { what: string; effectiveOn: string | null; says: string; reason: string }) => [one.what, one.effectiveOn, one.says, one.reason])).toEqual([
      ['Adopted', '2023-10-01', 'Live from 2023-10-01; baseline of 48 incidents frozen for 2022-10 to 2023-09.', 'First of the ranked list'],
      ['Moved', '2024-03-01', '400 m east from 2024-03-01 on; the outline before keeps its days, and the moved one has a baseline of its own (2023-03 to 2024-02).', 'The market moved to the car park'],
      ['Renamed', null, 'From Market Place to Market car park.', 'People call it so'],
      ['Paused', '2024-03-10', 'From 2024-03-10 until further notice.', 'Road works'],
      ['Taken up again', '2024-04-01', 'From 2024-04-01.', 'Works are over'],
    ]);
  });

  test('is its own council’s to see and not to change', async () => {
    const lead = await service.client('lead@hartlepool.demo');
    expect((await lead.get(`/api/hotspots/${id}/history`).expect(200)).body.entries).toHaveLength(5);
    await lead.post(`/api/hotspots/${id}/move`).send({ from: '2024-06-01', eastMetres: 10, northMetres: 0, reason: 'x' }).expect(403);
    const other = await service.client('lead@middlesbrough.demo');
    await other.get(`/api/hotspots/${id}/history`).expect(404);
  });
});

describe('a hotspot that is split and merged again', () => {
  let id = '';
  let parts: { id: string; name: string; areaKm2: number; baselineIncidents: number }[] = [];
  beforeAll(async () => {
    id = await adopt(spots.harbour, 'Harbour');
  });

  test('is refused when the line runs beside it', async () => {
    const { body } = await analyst.post(`/api/hotspots/${id}/split`).send({ from: '2024-03-01', line: 'north-south', offsetMetres: 900, names: ['West', 'East'], reason: 'Two streets' }).expect(422);
    expect(body.errors[0]).toMatchObject({ field: 'offsetMetres' });
    expect(body.errors[0].message).toMatch(/^The line runs beside Harbour, which is 3\d\d m across\./);
  });

  test('ends on the day, and each part begins on it with a baseline of its own', async () => {
    const whole = await detail(id);
    const { body } = await analyst.post(`/api/hotspots/${id}/split`).send({ from: '2024-03-01', line: 'north-south', offsetMetres: 20, names: ['Harbour West', 'Harbour East'], reason: 'Two streets' }).expect(200);
    parts = body.hotspots;
    expect(parts.map((one) => one.name)).toEqual(['Harbour West', 'Harbour East']);
    expect(parts.reduce((sum, one) => sum + one.areaKm2, 0)).toBeCloseTo(whole.areaKm2, 5);
    expect(parts[0]!.areaKm2).toBeGreaterThan(parts[1]!.areaKm2);
    // The snap point lies in the middle, 20 m west of the line: 2 a month.
    expect(parts.map((one) => one.baselineIncidents)).toEqual([24, 0]);
    const old = await detail(id);
    expect(old).toMatchObject({ liveTo: '2024-03-01', baselineIncidents: 24, retiredReason: 'Two streets' });
    expect(old.successors.map((one: { name: string; kind: string }) => [one.name, one.kind])).toEqual([['Harbour East', 'split'], ['Harbour West', 'split']]);
    expect((await detail(parts[0]!.id)).predecessors).toEqual([{ id, name: 'Harbour', kind: 'split' }]);
  });

  test('is one again after a merge; what does not touch, or is too wide, is not merged', async () => {
    const lane = await adopt(spots.arcade, 'Arcade');
    const merge = (others: string[], name = 'Harbour again') => analyst.post(`/api/hotspots/${parts[0]!.id}/merge`).send({ from: '2024-05-01', others, name, reason: 'One patrol covers both' });
    expect((await merge([lane]).expect(422)).body.code).toBe('other_council');
    const { body } = await merge([parts[1]!.id]).expect(200);
    expect(body).toMatchObject({ name: 'Harbour again', liveFrom: '2024-05-01', baselineIncidents: 24 });
    expect((await detail(body.id)).areaKm2).toBeCloseTo(parts[0]!.areaKm2 + parts[1]!.areaKm2, 4);
    const { body: history } = await analyst.get(`/api/hotspots/${parts[1]!.id}/history`);
    expect(history.entries.map((one: { what: string }) => one.what)).toEqual(['Adopted', 'Merged']);
    expect((await merge([parts[1]!.id]).expect(409)).body.code).toBe('already_retired');
  });
});

describe('a hotspot that is only proposed', () => {
  test('has no baseline, is not live, and becomes live when it is agreed', async () => {
    const id = await adopt(spots.lane, 'Long Lane', { propose: true, liveFrom: '2024-02-01' });
    expect(await detail(id)).toMatchObject({ state: 'proposed', agreed: false, baselineMonths: 0 });
    const live = (await analyst.get('/api/hotspots').query({ all: false, on: '2024-02-15' })).body.hotspots.map((one: { name: string }) => one.name);
    expect(live).not.toContain('Long Lane');
    expect((await analyst.post(`/api/hotspots/${id}/move`).send({ from: '2024-03-01', eastMetres: 50, northMetres: 0, reason: 'x' }).expect(409)).body.code).toBe('not_agreed');
    const { body } = await analyst.post(`/api/hotspots/${id}/agree`).send({ from: '2024-02-15', reason: 'Agreed by the partnership' }).expect(200);
    expect(body).toMatchObject({ state: 'live', agreed: true, liveFrom: '2024-02-15', baselineIncidents: 12, baselineMonths: 12 });
    expect((await analyst.post(`/api/hotspots/${id}/agree`).send({ from: '2024-02-15', reason: 'Again' }).expect(409)).body.code).toBe('agreed_already');
    expect((await analyst.get(`/api/hotspots/${id}/history`)).body.entries.map((one: { what: string }) => one.what)).toEqual(['Proposed', 'Agreed']);
  });
});
