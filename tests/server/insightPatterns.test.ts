/** Patterns in time over HTTP, on incidents few enough to follow by hand. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type IncidentRow, saveCategories, saveMonth, saveSource } from '../../server/incidents/monthQueries.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addCouncils, addIncidents, hartlepool, middlesbrough, spots, yearOf } from '../support/hotspotData.ts';

type Client = Awaited<ReturnType<TestService['client']>>;
let service: TestService;
let analyst: Client;
let lead: Client;
const both = `council=${hartlepool},${middlesbrough}`;

/** Each Monday of three months an incident at the market, and the next day one more: a day apart, and a week. */
function complaints(month: string, mondays: readonly number[]): IncidentRow[] {
  const at = (day: number): IncidentRow => ({ lng: spots.market.lng, lat: spots.market.lat, category: 'council-complaint', placeName: 'x', occurredFrom: `${month}-${String(day).padStart(2, '0')} 12:00:00`, occurredTo: null });
  const far = (day: number): IncidentRow => ({ ...at(day), lng: spots.arcade.lng, lat: spots.arcade.lat });
  return mondays.flatMap((day) => [at(day), at(day + 1), far(day + 3)]);
}

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-02-15T09:00:00Z') });
  const { db } = service.database;
  await addCouncils(db);
  await addIncidents(db, [
    ...yearOf(2022).map((month, at) => ({ month, rows: [[spots.market, at === 6 ? 40 : 20], [spots.lane, 1]] as const })),
    ...yearOf(2023).map((month, at) => ({ month, rows: [[spots.market, 20], [spots.arcade, at < 11 ? 0 : 30], [spots.harbour, at === 4 ? 25 : 0]] as const })),
  ]);
  const source = { code: 'complaints', name: 'Complaints', publisher: 'Test council', licence: 'Test licence', attribution: 'Test complaints data', timePrecision: 'minute', locationPrecision: 'exact' } as const;
  await saveSource(db, source);
  await saveCategories(db, [{ code: 'council-complaint', name: 'Complaint', asb: true }]);
  for (const [month, mondays] of [['2023-10', [2, 9, 16, 23]], ['2023-11', [6, 13, 20]]] as const) await db.transaction((trx) => saveMonth(trx, { source: 'complaints', month, importId: randomUUID(), rows: complaints(month, mondays) }));
  analyst = await service.client('analyst@opcc.demo');
  lead = await service.client('lead@hartlepool.demo');
});
afterAll(() => service.close());

const ask = async (path: string, client = analyst) => (await client.get(`/api/insight/${path}`).expect(200)).body;

describe('persistence', () => {
  test('tells the place that is always hot from the one that is new, with the definitions beside', async () => {
    const body = await ask(`persistence?source=test-police&${both}`);
    const at = (cell: string) => body.hot.find((one: { cell: string }) => one.cell === cell);
    expect(body.months).toEqual(yearOf(2023));
    expect(at(spots.market.cell)).toMatchObject({ class: 'persistent', hotMonths: 12, n: 240, council: 'Hartlepool', counts: Array.from({ length: 12 }, () => 20) });
    expect(at(spots.arcade.cell)).toMatchObject({ class: 'new', hotMonths: 1, n: 30, council: 'Middlesbrough' });
    expect(at(spots.harbour.cell)).toMatchObject({ class: 'none', hotMonths: 1 });
    expect(body.classes.find((one: { class: string }) => one.class === 'new').about).toBe('Hot in the last month for the first time');
    expect(body.classes.reduce((sum: number, one: { cells: number }) => sum + one.cells, 0)).toBe(body.hot.length);
    expect(body).toMatchObject({ n: 295, methodVersion: 'persistence-1', warnings: [] });
    expect(body.says).toContain('in at least one of the 12 months of January 2023 to December 2023');
  });

  test('needs ten months, and says which there are', async () => {
    const { body } = await analyst.get(`/api/insight/persistence?from=2023-01&to=2023-09&${both}`).expect(409);
    expect(body.detail).toBe('Persistence is read from at least 10 months; 2023-01 to 2023-09 has data for 9 (2023-01 to 2023-09). Choose a longer period, or import the months missing.');
  });

  test('of a council holds its own cells', async () => {
    expect(JSON.stringify(await ask('persistence?source=test-police', lead))).not.toMatch(/E06000002|Middlesbrough/);
    await lead.get(`/api/insight/persistence?council=${middlesbrough}`).expect(404);
  });
});

describe('seasons', () => {
  test('are read from whole years alone', async () => {
    const body = await ask(`seasons?source=test-police&from=2022-01&to=2023-06&${both}`);
    // 2022: 21 a month and 41 in July, 272 in all, 22.67 on average; 2023 is half a year.
    expect(body.wholeYears).toEqual(['2022']);
    expect(body.index[6]).toMatchObject({ month: 7, low: null });
    expect(body.index[6].index).toBeCloseTo(41 / (272 / 12), 12);
    expect(body.index.reduce((sum: number, one: { index: number }) => sum + one.index, 0)).toBeCloseTo(12, 9);
    expect(body.months).toHaveLength(18);
    expect(body.months[1].perDay).toBe(21 / 28);
    expect(body.says).toContain('Over the year 2022 July had 1.81 times an average month’s incidents');
  });

  test('of part of a year are not made up', async () => {
    const body = await ask(`seasons?source=test-police&from=2023-01&to=2023-06&${both}`);
    expect(body).toMatchObject({ wholeYears: [], n: 145, says: expect.stringContaining('There is no whole calendar year in the period') });
    expect(body.index[0].index).toBeNull();
  });
});

describe('near repeats', () => {
  test('find pairs at the same place within days, the same for the same seed', async () => {
    const body = await ask(`near-repeats?source=complaints&${both}`);
    expect(body).toMatchObject({ n: 21, withoutDay: 0, permutations: 199, seed: 1, sourcesLeftOut: [] });
    const band = (toMetres: number, toDays: number) => body.bands.find((one: { toMetres: number; toDays: number }) => one.toMetres === toMetres && one.toDays === toDays);
    // October: 2, 3, 9, 10, 16, 17, 23, 24 at the market, November: 6, 7, 13, 14, 20, 21. Pairs at most 7 days apart there: 7 of a day,
    // and within each run of Mondays Monday to Monday 7, Tuesday to Tuesday 7, Tuesday to Monday 6: 3 + 2 weeks of three. At the arcade 3 + 2 of a week.
    expect(band(0, 7).observed).toBe(7 + 3 * 5 + 5);
    expect(band(100, 7)).toMatchObject({ observed: 0, expected: 0, ratio: null });
    expect(body.bands).toHaveLength(12);
    expect((await ask(`near-repeats?source=complaints&${both}`)).bands).toEqual(body.bands);
    expect((await ask(`near-repeats?source=complaints&${both}&seed=2`)).bands).not.toEqual(body.bands);
  });

  test('are refused for a source that knows the month only, in words', async () => {
    const { body } = await analyst.get(`/api/insight/near-repeats?source=test-police&${both}`).expect(422);
    expect(body).toMatchObject({ code: 'no_days', detail: 'Near repeats cannot be looked for. Test police file gives the month of each incident and not the day, so which came first cannot be told. Choose a source that records the day and the place, such as a force’s own export or a council’s complaints.' });
  });

  test('of too many incidents are refused with what to do', async () => {
    await service.database.db('setting').where({ name: 'near_repeat_most' }).update({ value: '5' });
    expect((await analyst.get(`/api/insight/near-repeats?source=complaints&${both}`).expect(422)).body.detail).toContain('has over 5 incidents with a place. Choose a shorter period');
    await service.database.db('setting').where({ name: 'near_repeat_most' }).update({ value: '4000' });
  });
});
