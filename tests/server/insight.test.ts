/** The analyst's figures over HTTP, on incidents few enough to add up by hand. */
import { randomUUID } from 'node:crypto';
import { polygonToCellsExperimental } from 'h3-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type IncidentRow, saveCategories, saveMonth, saveSource } from '../../server/incidents/monthQueries.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addCouncils, addIncidents, hartlepool, middlesbrough, outsideSpot, spots, type Spot, yearOf } from '../support/hotspotData.ts';

type Client = Awaited<ReturnType<TestService['client']>>;

let service: TestService;
let analyst: Client;
let lead: Client;
const timed = 'test-timed';

/** Incidents of the timed source in October 2023, whose last Sunday has 25 hours. */
function timedRows(): IncidentRow[] {
  const at = (spot: Spot, n: number, from: string | null, to: string | null = null, placeName = '12 Long Lane, TS1 2AB'): IncidentRow[] =>
    Array.from({ length: n }, () => ({ lng: spot.lng, lat: spot.lat, category: 'council-complaint', placeName, occurredFrom: from, occurredTo: to }));
  return [
    ...at(spots.market, 8, '2023-10-06 21:30:00'),
    ...at(spots.market, 3, '2023-10-13 10:00:00'),
    ...at(spots.market, 6, '2023-10-29 01:30:00'),
    ...at(spots.market, 10, '2023-10-02 20:00:00', '2023-10-02 22:00:00'),
    ...at(spots.market, 2, '2023-10-03 08:00:00', '2023-10-05 08:00:00'),
    ...at(spots.lane, 7, '2023-10-04 15:15:00', null, 'Flat 2, Rose Cottage, Long Lane'),
  ];
}

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-02-15T09:00:00Z') });
  const { db } = service.database;
  await addCouncils(db);
  await addIncidents(db, [
    ...yearOf(2022).map((month) => ({ month, rows: [[spots.market, 10], [spots.harbour, 5], [spots.arcade, 3]] as const })),
    { month: '2023-01', rows: [[spots.market, 4], [spots.harbour, 6], [outsideSpot, 2], [null, 1]] },
    { month: '2023-02', rows: [[spots.market, 5], [spots.arcade, 5]] },
  ]);
  await saveSource(db, { code: timed, name: 'Test complaints', publisher: 'Test council', licence: 'Test licence', attribution: 'Test complaints data', timePrecision: 'minute', locationPrecision: 'exact' });
  await saveCategories(db, [{ code: 'council-complaint', name: 'Complaint', asb: true }]);
  await db.transaction((trx) => saveMonth(trx, { source: timed, month: '2023-10', importId: randomUUID(), rows: timedRows() }));
  analyst = await service.client('analyst@opcc.demo');
  lead = await service.client('lead@hartlepool.demo');
});
afterAll(() => service.close());

const ask = async (path: string, client = analyst) => (await client.get(`/api/insight/${path}`).expect(200)).body;
const year2022 = 'from=2022-01&to=2022-12';
/** The two of the four councils that have an outline here. */
const both = `council=${hartlepool},${middlesbrough}`;

describe('concentration', () => {
  test('is the curve, Gini and G′ over every cell of the area, and says what it stands on', async () => {
    const box = [[[-1.25, 54.6], [-1.15, 54.6], [-1.15, 54.65], [-1.25, 54.65], [-1.25, 54.6]]];
    const cells = polygonToCellsExperimental(box, 9, 'containmentOverlapping', true).length;
    const body = await ask(`concentration?${year2022}&source=test-police&${both}`);
    // 12 months of 10, 5 and 3 in three cells: 120, 60 and 36 of 216; half, 108, is in the first.
    expect(body).toMatchObject({
      n: 216, resolution: 9, cells, cellsWithIncidents: 3, methodVersion: 'concentration-1', counts: { in: 216, mapped: 216, outside: 0, withoutPlace: 0 }, warnings: [],
      holding: [{ incidentShare: 0.25, cells: 1 }, { incidentShare: 0.5, cells: 1 }, { incidentShare: 0.8, cells: 2 }],
      provenance: {
        from: '2022-01', to: '2022-12', months: 12, attribution: ['Test police data', 'Outlines made for tests'],
        sources: [{ code: 'test-police', incidents: 216, locationPrecision: 'snapped', timePrecision: 'month' }],
      },
    });
    const gini = (2 * ((cells - 2) * 36 + (cells - 1) * 60 + cells * 120)) / (cells * 216) - (cells + 1) / cells;
    expect(body.gini).toBeCloseTo(gini, 12);
    expect(body.giniSparse).toBeCloseTo(Math.max(1, cells / 216) * (gini - 1) + 1, 12);
    expect(body.says).toBe(`In January 2022 to December 2022 half of the 216 incidents lay in 1 cell of ${cells} (${((1 / cells) * 100).toFixed(1)}%).`);
    expect(body.curve[0]).toEqual({ placeShare: 0, incidentShare: 0 });
    expect(body.curve.at(-1)).toEqual({ placeShare: 1, incidentShare: 1 });
    expect(body.busiest.at(-1)).toMatchObject({ cells: Math.floor(cells / 2), incidents: 216, incidentShare: 1 });
    expect(body.provenance.method).toContain('method concentration-1');
  });

  test('of a council is its own cells and incidents; another’s is not to be had', async () => {
    const own = await ask(`concentration?${year2022}&source=test-police`, lead);
    expect(own).toMatchObject({ n: 180, counts: { in: 180, mapped: 180, outside: 0, withoutPlace: 0 }, holding: [{ cells: 1 }, { cells: 1 }, { cells: 2 }] });
    expect(JSON.stringify(own)).not.toMatch(/E06000002|Middlesbrough/);
    expect((await ask(`concentration?${year2022}&source=test-police&council=${hartlepool}`)).gini).toBeCloseTo(own.gini, 12);
    await lead.get(`/api/insight/concentration?council=${middlesbrough}`).expect(404);
  });

  test('warns where cells are finer than the points, and without incidents says so', async () => {
    expect((await ask(`concentration?${year2022}&source=test-police&${both}&resolution=10`)).warnings[0]).toContain('Use resolution 9.');
    const none = await ask(`concentration?${year2022}&category=burglary&${both}`);
    expect(none).toMatchObject({ n: 0, gini: 0, giniSparse: 0, curve: [], cellsWithIncidents: 0, says: 'There were no such incidents in January 2022 to December 2022.' });
  });
});

test('an area without an outline is refused, and the council named', async () => {
  const { body } = await analyst.get(`/api/insight/concentration?${year2022}`).expect(409);
  expect(body.detail).toContain('There are no boundaries in force on 2022-12-01 for Redcar and Cleveland (E06000003), Stockton-on-Tees (E06000004).');
});

describe('the back-test', () => {
  const asked = `back-test?from=2023-01&to=2023-03&source=test-police&areaShare=0.003&${both}`;

  test('marks places on twelve months and counts the next one there, way by way', async () => {
    const body = await ask(asked);
    // One cell is marked: the market led 2022 and had 4 of January's 10; the harbour had 6. In February 5 and 5.
    expect(body).toMatchObject({ n: 20, trainMonths: 12, areaShare: 0.003, resolution: 9, methodVersion: 'back-test-1', skipped: [{ month: '2023-03', why: 'no data for the month' }] });
    const [january, february] = body.months;
    expect(january).toMatchObject({ month: '2023-01', n: 10, learntFrom: '2022-01', learntTo: '2022-12', learntOn: 216 });
    expect(february).toMatchObject({ month: '2023-02', n: 10, learntFrom: '2022-02', learntTo: '2023-01', learntOn: 208 });
    const hits = (month: { scores: { way: string; cells: number; hits: number }[] }) => Object.fromEntries(month.scores.map((one) => [one.way, one.hits]));
    expect(hits(january)).toMatchObject({ smoothed: 4, plain: 4, 'last-year': 4, hindsight: 6 });
    expect(hits(february)).toMatchObject({ smoothed: 5, plain: 5, 'last-year': 5, hindsight: 5 });
    // Gi* is as high at the market's six neighbours; of equals the worst are taken first, and they held nothing.
    expect([hits(january)['gi-star'], hits(february)['gi-star']]).toEqual([0, 0]);
    const plain = january.scores.find((one: { way: string }) => one.way === 'plain');
    expect(plain.cells).toBe(1);
    expect(plain.hitRate).toBe(0.4);
    expect(plain.pai).toBeCloseTo(0.4 / plain.areaShare, 12);
    expect(plain.pei).toBeCloseTo(4 / 6, 2);
    expect(plain.ser).toBeCloseTo(4 / (plain.areaShare * body.areaKm2), 9);
    const chance = january.scores.find((one: { way: string }) => one.way === 'chance');
    expect([chance.pai, chance.hits]).toEqual([1, 10 * chance.areaShare]);
    const mean = (way: string) => body.means.find((one: { way: string }) => one.way === way).hitRate;
    expect([mean('smoothed'), mean('plain'), mean('gi-star'), mean('last-year'), mean('hindsight')]).toEqual([0.45, 0.45, 0, 0.45, 0.55]);
    expect(body.says).toMatch(/^Over 2 months \(January 2023 to February 2023\), marking 0\.3% of the area from the 12 months before caught on average 45\.0% of the next month’s incidents by smoothed rate, 45\.0% by plain count, 0\.0% by Gi\*, 45\.0% by last year’s list and 0\.\d% by chance\.$/);
    expect(body.months.flatMap((month: { scores: { pei: number }[] }) => month.scores.map((one) => one.pei)).every((pei: number) => pei <= 1)).toBe(true);
  });

  test('takes the months it can test by itself', async () => {
    const body = await ask(`back-test?source=test-police&${both}`);
    expect(body.months.map((month: { month: string }) => month.month)).toEqual(['2023-01', '2023-02']);
    expect(body).toMatchObject({ areaShare: 0.01, skipped: [] });
  });

  test.each([
    ['back-test?source=test-timed', 'needs 13 months in a row', 409],
    ['back-test?source=test-police&from=2022-05&to=2022-08', 'Months held by every source chosen: 2022-01 to 2023-02.', 409],
    ['back-test?areaShare=0.9', 'Give a share of the area from 0.001 (0.1%) to 0.25 (25%).', 422],
    ['back-test?areaShare=none', 'areaShare', 422],
  ])('refuses %s in words', async (query, says, status) => {
    const { body } = await analyst.get(`/api/insight/${query}`).expect(status);
    expect(body.detail).toContain(says);
  });

  test('of a council is about its own incidents', async () => {
    const body = await ask('back-test?source=test-police', lead);
    expect(body.months.map((month: { n: number }) => month.n)).toEqual([10, 5]);
    expect(JSON.stringify(body)).not.toMatch(/E06000002|Middlesbrough/);
  });
});

describe('the profile by hour', () => {
  const hourOf = (body: { hours: { day: number; hour: number }[] }, day: number, hour: number) => body.hours.find((one) => one.day === day && one.hour === hour);

  test('counts by the local clock, per hour there was, spans shared out, small numbers hidden', async () => {
    const body = await ask('profile?from=2023-10&to=2023-10&source=test-timed');
    // 36 at the market and the lane: 8 + 3 + 6 + 10 + 7 in the profile, 2 known only within two days.
    expect(body).toMatchObject({ n: 34, withoutTime: 0, outsideSpan: 2, spans: 12, fewest: 5, counts: { in: 36, mapped: 36 }, sourcesLeftOut: [], methodVersion: 'profile-1' });
    expect(hourOf(body, 4, 21)).toEqual({ day: 4, hour: 21, hoursObserved: 4, n: 8, rate: 2 });
    // October 2023 has five Sundays, the last with two hours from one o'clock.
    expect(hourOf(body, 6, 1)).toEqual({ day: 6, hour: 1, hoursObserved: 6, n: 6, rate: 1 });
    expect(hourOf(body, 6, 2)).toMatchObject({ hoursObserved: 5, n: null, rate: null });
    expect([hourOf(body, 0, 20), hourOf(body, 0, 21)]).toEqual([{ day: 0, hour: 20, hoursObserved: 5, n: 5, rate: 1 }, { day: 0, hour: 21, hoursObserved: 5, n: 5, rate: 1 }]);
    expect(hourOf(body, 0, 22)).toMatchObject({ n: null });
    expect(hourOf(body, 4, 10)).toEqual({ day: 4, hour: 10, hoursObserved: 4, n: null, rate: null });
    expect(hourOf(body, 2, 15)).toEqual({ day: 2, hour: 15, hoursObserved: 4, n: 7, rate: 1.75 });
    expect(body.hours).toHaveLength(168);
    expect(body.hidden).toBe(163);
    expect(body.hours.reduce((sum: number, one: { hoursObserved: number }) => sum + one.hoursObserved, 0)).toBe(31 * 24 + 1);
    expect(body.peak).toEqual({ day: 4, hour: 21, n: 8, rate: 2 });
    expect(body.says).toBe('34 incidents with a time in October 2023. The busiest hour was Friday 21:00 to 22:00, with 2.00 incidents an hour. 163 of 168 hours hold under 5 and are hidden.');
    expect(body.provenance.attribution).toContain('Test complaints data');
  });

  test('is refused for a source that knows the month only, named with the reason', async () => {
    const { body } = await analyst.get(`/api/insight/profile?${year2022}&source=test-police`).expect(422);
    expect(body).toMatchObject({ code: 'no_hours' });
    expect(body.detail).toBe('No profile by hour can be drawn. Test police file gives the month of each incident and neither the day nor the hour, so any day or hour would be made up. '
      + 'Choose a source that records the time of day, such as a force’s own export or a council’s complaints.');
  });

  test('leaves such a source out where others know the time, and says so', async () => {
    const body = await ask('profile?from=2023-02&to=2023-10');
    expect(body).toMatchObject({ n: 34, counts: { in: 36 }, sourcesLeftOut: [{ code: 'test-police', incidents: 10, why: expect.stringContaining('neither the day nor the hour') }] });
    // Months without data are not hours observed.
    expect(hourOf(body, 4, 21)).toMatchObject({ hoursObserved: 4, n: 8, rate: 2 });
    expect(body.warnings[0]).toBe('No data for 2023-02 to 2023-09: the figures are over the one month held.');
  });

  test('of a council holds its own incidents', async () => {
    const body = await ask('profile?from=2023-10&to=2023-10', lead);
    expect(body).toMatchObject({ n: 27, outsideSpan: 2, counts: { in: 29, mapped: 29 } });
    expect(hourOf(body, 2, 15)).toMatchObject({ n: null });
    await lead.get(`/api/insight/profile?source=test-timed&council=${middlesbrough}`).expect(404);
  });
});

describe('repeat locations', () => {
  test('are ranked, shared, named without an address, and add up', async () => {
    const body = await ask('repeats?from=2022-01&to=2023-10&fewest=20');
    // Mapped: 216 in 2022, 10 and 10 in early 2023, 36 complaints. Market 120 + 9 + 29, harbour 60 + 6, arcade 36 + 5, lane 7.
    expect(body).toMatchObject({
      n: 272, counts: { in: 275, mapped: 272, outside: 2, withoutPlace: 1 }, points: 4, repeatPoints: 3, listed: 265, pastLimit: 0, defaultsLeftOut: 0, underFewest: 7, methodVersion: 'repeats-1',
      says: 'In January 2022 to October 2023 3 of 4 points had at least 20 incidents: 265 of 272 (97.4%).',
    });
    expect(body.locations).toMatchObject([
      { rank: 1, place: 'Market Place', council: 'Hartlepool', ward: 'Ward of E06000001', n: 158, precision: 'exact', defaultGeocode: false, cell: spots.market.cell,
        categories: [{ code: 'anti-social-behaviour', n: 129 }, { code: 'council-complaint', name: 'Complaint', n: 29 }] },
      { rank: 2, place: 'Harbour Walk', n: 66, precision: 'snapped', pointSays: 'A single snap point: it stands for several addresses around it, not for one.' },
      { rank: 3, place: 'Parking Area', council: 'Middlesbrough', n: 41 },
    ]);
    expect(body.locations[0].share).toBeCloseTo(158 / 272, 12);
    expect(body.locations[2].shareSoFar).toBeCloseTo(265 / 272, 12);
  });

  test('never name a house: a free address keeps its street, a home’s name goes', async () => {
    const body = await ask('repeats?from=2023-10&to=2023-10&fewest=5');
    expect(body.locations.map((row: { place: string; n: number }) => [row.place, row.n])).toEqual([['Long Lane', 29], ['Long Lane', 7]]);
    expect(JSON.stringify(body)).not.toMatch(/Rose|Flat 2|TS1|\b12 /);
    expect(JSON.stringify(body.locations)).not.toMatch(/"lng"|"lat"|easting/);
  });

  test('flag and leave out default geocodes, and count what is left out', async () => {
    const { db } = service.database;
    await db('setting').where({ name: 'geocode_default_names' }).update({ value: JSON.stringify('Harbour Walk') });
    const flagged = await ask(`repeats?${year2022}&fewest=20&source=test-police`);
    expect(flagged.locations.map((row: { place: string; defaultGeocode: boolean }) => [row.place, row.defaultGeocode])).toEqual([['Market Place', false], ['Harbour Walk', true], ['Parking Area', false]]);
    const without = await ask(`repeats?${year2022}&fewest=20&source=test-police&leaveOutDefaults=true&limit=1`);
    expect(without).toMatchObject({ n: 216, listed: 120, pastLimit: 36, defaultsLeftOut: 60, underFewest: 0, locations: [{ place: 'Market Place' }], defaultNames: ['Harbour Walk'] });
  });

  test('of a council are its own; the file says what it was made from', async () => {
    const body = await ask(`repeats?${year2022}&source=test-police`, lead);
    expect(body).toMatchObject({ n: 180, points: 2, listed: 180 });
    const { text, headers } = await analyst.get(`/api/insight/repeats/file?${year2022}&source=test-police&limit=1`).expect(200);
    expect(headers['content-disposition']).toContain('repeat-locations-2022-01-to-2022-12.csv');
    const [heading, row, end] = text.split('\r\n');
    expect(heading).toContain('Rank,Place,Council,Ward');
    expect(row).toContain('1,Market Place,Hartlepool,Ward of E06000001');
    expect(row).toContain('2022-01,2022-12,216,5,Test police file,');
    expect(row).toContain('repeats-1,0,every source 1,,Test police data Outlines made for tests');
    expect(end).toBe('');
    const own = await lead.get(`/api/insight/repeats/file?${year2022}`).expect(200);
    expect(own.text).not.toMatch(/Middlesbrough|Parking Area/);
  });
});

describe('who may see them', () => {
  test.each(['concentration', 'back-test', 'profile?from=2023-10&to=2023-10', 'repeats', 'repeats/file'])('%s: nobody signed out, no warden, no administrator', async (path) => {
    await (await service.client()).get(`/api/insight/${path}`).expect(401);
    for (const email of ['warden@hartlepool.demo', 'admin@opcc.demo']) await (await service.client(email)).get(`/api/insight/${path}`).expect(403);
  });

  test('what is not known is refused in words', async () => {
    for (const path of ['concentration', 'back-test', 'profile', 'repeats']) {
      expect((await analyst.get(`/api/insight/${path}?source=nowhere`).expect(422)).body.detail).toContain('"nowhere" is not known');
      expect((await analyst.get(`/api/insight/${path}?from=2030-01&to=2030-02`).expect(409)).body.detail).toContain('There is no data for 2030-01 to 2030-02.');
    }
  });
});
