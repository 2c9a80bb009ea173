import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listMonthsDue, monthFigures, recountMonth } from '../../server/incidents/countQueries.ts';
import { type IncidentRow, saveCategories, saveMonth, saveSource } from '../../server/incidents/monthQueries.ts';
import { saveBoundaries } from '../../server/places/boundaryQueries.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.db.transaction(async (trx) => {
    await saveSource(trx, {
      code: 'trial', name: 'Trial', publisher: 'This test', licence: 'None', attribution: 'Made up.', timePrecision: 'minute', locationPrecision: 'exact',
    });
    await saveCategories(trx, [{ code: 'noise', name: 'Noise', asb: true }, { code: 'theft', name: 'Theft', asb: false }]);
    await saveBoundaries(trx, {
      kind: 'council', validFrom: '2020-01-01', source: { name: 'Squares', publisher: 'This test', licence: 'None', attribution: 'Made up.' }, schematic: true,
      shapes: [square('E06000001', 'Left', -1.3), square('E06000002', 'Right', -1.2)],
    });
  });
});
afterAll(() => database.close());

/** A tenth of a degree wide, its west side at `west`, 54.5 to 54.6 north. */
function square(code: string, name: string, west: number) {
  const ring = [[west, 54.5], [west + 0.1, 54.5], [west + 0.1, 54.6], [west, 54.6], [west, 54.5]];
  return { code, name, geometry: { type: 'Polygon' as const, coordinates: [ring] } };
}

const row = (lng: number | null, lat: number | null, category = 'noise'): IncidentRow => ({ lng, lat, category, placeName: 'A "place", \\ or two' });
const save = (rows: IncidentRow[], month = '2023-07') =>
  database.db.transaction((trx) => saveMonth(trx, { source: 'trial', month, importId: randomUUID(), rows }));

test('a month is counted by council, outside and without a place, and identical rows are kept', async () => {
  const saved = await save([row(-1.25, 54.55), row(-1.25, 54.55), row(-1.25, 54.55, 'theft'), row(-1.15, 54.55), row(-1.5, 54.55), row(null, null)]);
  expect(saved).toEqual({
    source: 'trial', month: '2023-07', replaced: false, rows: 6, asb: 5, outside: 1, withoutPlace: 1,
    byCouncil: { E06000001: { rows: 3, asb: 2 }, E06000002: { rows: 1, asb: 1 } },
  });
  const counts = await database.db('incident_count').select('resolution').sum('n as n').groupBy('resolution').orderBy('resolution');
  expect(counts).toEqual([{ resolution: 8, n: 6 }, { resolution: 9, n: 6 }, { resolution: 10, n: 6 }]);
});

test('a month that comes again replaces the old one whole', async () => {
  const saved = await save([row(-1.25, 54.55)]);
  expect(saved).toMatchObject({ replaced: true, rows: 1 });
  expect(await database.db('incident').where({ month: '2023-07-01' }).pluck('place_name')).toEqual(['A "place", \\ or two']);
  expect(await database.db('source_month').first('rows', 'times_replaced')).toEqual({ rows: 1, times_replaced: 1 });
});

test('a failure half-way leaves the old month', async () => {
  const twoThenNone = function* () {
    for (let i = 0; i < 6000; i++) yield row(-1.15, 54.55);
    throw new Error('cut off');
  };
  const rows = twoThenNone();
  await expect(database.db.transaction((trx) => saveMonth(trx, { source: 'trial', month: '2023-07', importId: randomUUID(), rows }))).rejects.toThrow('cut off');
  expect(await monthFigures(database.db, 'trial', '2023-07')).toMatchObject({ rows: 1, byCouncil: { E06000001: { rows: 1, asb: 1 } } });
});

test('a point on the edge two councils share is counted once', async () => {
  // The whole metre nearest the shared side falls now left, now right of it, so walk along it.
  const along = Array.from({ length: 50 }, (_, i) => row(-1.2, 54.51 + i * 0.001));
  const saved = await save(along, '2023-08');
  expect((saved.byCouncil['E06000001']?.rows ?? 0) + (saved.byCouncil['E06000002']?.rows ?? 0)).toBe(50);
  expect(saved.outside).toBe(0);
});

test('local times are read by the clock of Great Britain, instants as they are', async () => {
  await save([
    { ...row(-1.25, 54.55), occurredFrom: '2023-07-01 21:30', occurredTo: '2023-07-01 23:00' },
    { ...row(-1.25, 54.55), occurredFrom: '2023-07-01T21:30:00+00:00' },
    row(-1.25, 54.55),
  ]);
  const times = await database.db('incident').where({ month: '2023-07-01' }).orderBy('id').select('occurred_from', 'occurred_to');
  expect(times).toEqual([
    { occurred_from: new Date('2023-07-01T20:30:00Z'), occurred_to: new Date('2023-07-01T22:00:00Z') },
    { occurred_from: new Date('2023-07-01T21:30:00Z'), occurred_to: null },
    { occurred_from: null, occurred_to: null },
  ]);
});

test('on the night the clocks go forward no incident ends before it starts', async () => {
  await save([{ ...row(-1.25, 54.55), occurredFrom: '2023-03-26 01:30', occurredTo: '2023-03-26 02:10' }], '2023-03');
  const [times] = await database.db('incident').where({ month: '2023-03-01' }).select('occurred_from', 'occurred_to');
  expect(times).toEqual({ occurred_from: new Date('2023-03-26T01:30:00Z'), occurred_to: new Date('2023-03-26T01:30:00Z') });
});

test('points beyond the National Grid are kept and lie outside', async () => {
  const saved = await save([row(-89.942, 35.149), row(-89.942, 35.149)], '2019-01');
  expect(saved).toMatchObject({ rows: 2, outside: 2 });
  expect(await database.db('location').whereNull('easting').select('lng', 'lat')).toEqual([{ lng: -89.942, lat: 35.149 }]);
});

test('new council boundaries make the counts due, and counting again follows them', async () => {
  await save([row(-1.25, 54.55), row(-1.15, 54.55)], '2024-01');
  expect(await listMonthsDue(database.db)).toEqual([]);
  const saved = await database.db.transaction((trx) =>
    saveBoundaries(trx, {
      kind: 'council', validFrom: '2023-12-01', source: { name: 'One square', publisher: 'This test', licence: 'None', attribution: 'Made up.' },
      shapes: [square('E06000003', 'Left again', -1.3)],
    }));
  expect(saved).toEqual({ saved: 1, ended: 1 });
  expect(await listMonthsDue(database.db)).toContainEqual({ source: 'trial', month: '2024-01' });
  for (const due of await listMonthsDue(database.db)) await database.db.transaction((trx) => recountMonth(trx, due.source, due.month));
  expect(await listMonthsDue(database.db)).toEqual([]);
  expect((await monthFigures(database.db, 'trial', '2024-01')).byCouncil).toEqual({ E06000003: { rows: 1, asb: 1 }, E06000002: { rows: 1, asb: 1 } });
  expect((await monthFigures(database.db, 'trial', '2023-07')).byCouncil).toEqual({ E06000001: { rows: 3, asb: 3 } });
});

test('an older set that arrives late is in force until the newer one begins, and a set saved again stays one set', async () => {
  const older = { kind: 'council' as const, validFrom: '2010-01-01', source: { name: 'Old squares', publisher: 'This test', licence: 'None', attribution: 'Made up.' } };
  for (let i = 0; i < 2; i++) {
    expect(await database.db.transaction((trx) => saveBoundaries(trx, { ...older, shapes: [square('E06000002', 'Right', -1.2)] }))).toEqual({ saved: 1, ended: 0 });
  }
  expect(await database.db('boundary').where({ code: 'E06000002' }).orderBy('valid_from').select('valid_from', 'valid_to')).toEqual([
    { valid_from: '2010-01-01', valid_to: '2020-01-01' },
    { valid_from: '2020-01-01', valid_to: null },
  ]);
});

test('an incident of an unknown category or source is refused by name, and nothing of the month is kept', async () => {
  await expect(save([row(-1.25, 54.55, 'unheard-of')], '2024-05')).rejects.toMatchObject({ constraint: 'incident_category_known' });
  await expect(database.db.transaction((trx) => saveMonth(trx, { source: 'nobody', month: '2024-05', importId: randomUUID(), rows: [row(-1.25, 54.55)] })))
    .rejects.toMatchObject({ constraint: 'incident_source_known' });
  expect(await database.db('incident').where({ month: '2024-05-01' })).toEqual([]);
});

test('what incidents name is not removed under them', async () => {
  await save([row(-1.25, 54.55)], '2024-06');
  await expect(database.db('category').where({ code: 'noise' }).delete()).rejects.toMatchObject({ constraint: 'incident_category_known' });
  await expect(database.db('location').delete()).rejects.toMatchObject({ constraint: 'incident_location_known' });
  expect(await database.db('source').where({ code: 'trial' }).delete().then(() => 'gone', (error: { constraint: string }) => error.constraint)).toBe('source_month_source_code_fkey');
});
