/** The published files, against the figures published with them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportReport } from '../../server/incidents/contract.ts';
import { columnMapping } from '../../server/incidents/contract.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { importInto } from '../support/imports.ts';

const data = process.env['REAL_DATA'] ?? '';

test.runIf(!data)('REAL_DATA is not set: the published files are not imported in this run', () => {
  expect(data).toBe('');
});

describe.runIf(data)('the published files', () => {
  let database: TestDatabase;
  let places: ImportReport;
  let street: ImportReport;
  beforeAll(async () => {
    database = await openTestDatabase();
    places = await importInto(database, ['boundaries', 'population', 'imd', 'lookups'].map((folder) => join(data, folder)));
    street = await importInto(database, [join(data, 'police-uk/street')]);
  }, 300_000);
  afterAll(() => database.close());

  test('boundaries, population, deprivation and lookups are all recognised', async () => {
    expect(places).toMatchObject({ files: 17, filesImported: 17, boundaries: 963, faults: [] });
    expect(await database.db('boundary').groupBy('kind', 'valid_from', 'valid_to').orderBy(['kind', 'valid_from']).select('kind', 'valid_from', 'valid_to').count('* as n')).toEqual([
      { kind: 'council', valid_from: '1900-01-01', valid_to: null, n: 4 },
      { kind: 'force', valid_from: '2020-01-01', valid_to: null, n: 1 },
      { kind: 'lsoa', valid_from: '2011-03-27', valid_to: '2021-03-21', n: 352 },
      { kind: 'lsoa', valid_from: '2021-03-21', valid_to: null, n: 359 },
      { kind: 'ward', valid_from: '2013-05-01', valid_to: '2021-05-01', n: 82 },
      { kind: 'ward', valid_from: '2021-05-01', valid_to: '2025-05-01', n: 82 },
      { kind: 'ward', valid_from: '2025-05-01', valid_to: null, n: 83 },
    ]);
    expect(await database.db('population').where({ area_kind: 'council' }).orderBy('area_code').pluck('persons')).toEqual([92_347, 143_922, 136_538, 196_587]);
    expect(await database.db('deprivation').groupBy('index_year').orderBy('index_year').select('index_year').count('* as n')).toEqual([{ index_year: 2019, n: 352 * 8 }, { index_year: 2025, n: 359 * 8 }]);
    // One in ten 2021 LSOAs is new: it reaches the 2019 index only by way of the lookup.
    const { rows: [joined] } = await database.db.raw(`
      select count(*)::int as areas, count(*) filter (where direct.lsoa_code is not null)::int as direct,
        count(*) filter (where exists (select from area_lookup join deprivation on lsoa_code = from_code and index_year = 2019 and measure = 'overall' where to_kind = 'lsoa21' and to_code = boundary.code))::int as by_lookup
      from boundary left join deprivation direct on direct.lsoa_code = boundary.code and direct.index_year = 2019 and direct.measure = 'overall'
      where kind = 'lsoa' and valid_to is null`);
    expect(joined).toEqual({ areas: 359, direct: 342, by_lookup: 359 });
  });

  test('eighteen files are eighteen months, and every row is accounted for', () => {
    expect(street).toMatchObject({ files: 18, filesImported: 18, rows: 142_284, accepted: 142_284, asb: 25_745, outside: 32, withoutPlace: 0, rejected: 0, heldBack: 0, superseded: 0, months: 18, monthsReplaced: 0 });
    const inCouncils = Object.values(street.byCouncil).reduce((sum, { rows }) => sum + rows, 0);
    expect(inCouncils + street.outside + street.withoutPlace).toBe(street.accepted);
    const year = Object.entries(street.byMonth).filter(([month]) => month.startsWith('2023')).reduce((sum, [, { asb }]) => sum + asb, 0);
    expect(year).toBe(17_453);
  });

  test('by the boundary of each council, ASB is where the polygons put it', () => {
    const figures = ['2023-05', '2023-07', '2023-12', '2024-03'].map((month) => [month, street.byMonth[month]?.rows, street.byMonth[month]?.asb, ...Object.values(street.byMonth[month]?.asbByCouncil ?? {}), street.byMonth[month]?.outside]);
    // Against the LSOA names below, one row of three of these months is Middlesbrough's and not Redcar and Cleveland's: its snap point stands on the line
    // they share. The last figure is every row outside, of any kind.
    expect(figures).toEqual([
      ['2023-05', 8_764, 1_639, 337, 451, 404, 447, 1],
      ['2023-07', 8_556, 1_696, 264, 573, 384, 474, 1],
      ['2023-12', 6_523, 928, 178, 295, 184, 270, 1],
      ['2024-03', 7_690, 1_451, 210, 514, 352, 375, 1],
    ]);
  });

  test('by the LSOA name in the files, ASB is as published with them', () => {
    const named = (month: string): number[] => {
      const counts = new Map<string, number>();
      for (const line of readFileSync(join(data, `police-uk/street/${month}-cleveland-street.csv`), 'utf8').split('\n')) {
        const [, , , , , , , , lsoa = '', type] = line.split(',');
        const council = lsoa.replace(/ \w+$/, '');
        if (type === 'Anti-social behaviour') counts.set(council, (counts.get(council) ?? 0) + 1);
      }
      return ['Hartlepool', 'Middlesbrough', 'Redcar and Cleveland', 'Stockton-on-Tees'].map((council) => counts.get(council) ?? 0);
    };
    expect(['2023-05', '2023-07', '2023-12', '2024-03'].map(named)).toEqual([[337, 451, 404, 447], [264, 572, 385, 474], [178, 294, 185, 270], [210, 513, 353, 375]]);
  });

  test('by the LSOA polygon, the service finds the area the file names for 24 rows in 25', async () => {
    const { rows: [found] } = await database.db.raw(`
      select count(*)::int as rows, count(*) filter (where boundary.code = incident.lsoa_code)::int as same
      from incident join location_boundary on location_boundary.location_id = incident.location_id
      join boundary on boundary.id = boundary_id and boundary.kind = 'lsoa' and daterange(valid_from, valid_to) @> month
      where month >= '2023-06-01'`);
    // Snap points stand in the middle of streets, and so do the lines between LSOAs; generalised to 20 m, a line passes on the other side of some.
    // The same test on the file's own coordinates, before rounding to metres, gives 0.969 for July 2023.
    expect(found.same / found.rows).toBeGreaterThan(0.96);
  });

  test('identical rows are kept', async () => {
    const lines = readFileSync(join(data, 'police-uk/street/2023-07-cleveland-street.csv'), 'utf8').split('\n').filter((line) => line.includes('Anti-social behaviour'));
    const repeated = lines.length - new Set(lines).size;
    const { rows: [kept] } = await database.db.raw(`
      select (count(*) - count(distinct (location_id, place_name, lsoa_code)))::int as repeated from incident
      where month = '2023-07-01' and category_code = 'anti-social-behaviour'`);
    expect(repeated).toBe(631);
    expect(kept).toEqual({ repeated });
  });

  test('the counts kept for the map add up to the incidents, at every resolution', async () => {
    expect(await database.db('incident_count').groupBy('resolution').orderBy('resolution').select('resolution').sum('n as n')).toEqual([8, 9, 10].map((resolution) => ({ resolution, n: 142_284 })));
  });

  test('every location has one council, LSOA and ward at most on any day', async () => {
    const { rows } = await database.db.raw(`
      select location_id, kind from location_boundary join boundary on boundary.id = boundary_id
      where daterange(valid_from, valid_to) @> date '2023-07-01' group by location_id, kind having count(*) > 1`);
    expect(rows).toEqual([]);
  });

  test('months published again change nothing in ASB and say they were replaced', async () => {
    const again = await importInto(database, [join(data, 'police-uk/street-republished')]);
    expect(again).toMatchObject({ files: 4, rows: 28_813, accepted: 28_813, months: 4, monthsReplaced: 4, rejected: 0 });
    for (const [month, figures] of Object.entries(again.byMonth)) {
      expect({ month, ...figures, rows: 0, rowsByCouncil: {}, outside: 0 }).toEqual({ month, ...street.byMonth[month], rows: 0, rowsByCouncil: {}, outside: 0, replaced: true });
    }
    expect(await database.db('source_month').where('times_replaced', '>', 0).orderBy('month').pluck('month')).toEqual(['2024-01-01', '2024-02-01', '2024-03-01', '2024-04-01']);
  });

  test('stop-and-search files are known and refused', async () => {
    const folder = join(data, 'police-uk/stop-and-search');
    const report = await importInto(database, readdirSync(folder).map((name) => join(folder, name)));
    expect(report).toMatchObject({ files: 3, filesRefused: 3, rows: 0 });
    expect(report.faults[0]?.rule).toContain('local midnight written in UTC');
  });

  test('incidents with real times keep them, by the clock of their own place', async () => {
    const source = { publisher: 'Open city data', licence: 'MIT', timePrecision: 'minute', locationPrecision: 'exact' } as const;
    const memphis = columnMapping.parse({
      source: { ...source, code: 'memphis', name: 'Memphis robberies' }, zone: 'America/Chicago', anywhere: true,
      columns: { longitude: 'longitude', latitude: 'latitude', category: 'offense_type', reference: 'uid', from: 'date' },
    });
    const thefts = columnMapping.parse({
      source: { ...source, code: 'new-york', name: 'New York vehicle thefts' }, zone: 'America/New_York', anywhere: true, category: 'Vehicle theft',
      columns: { longitude: 'longitude', latitude: 'latitude', reference: 'uid', place: 'location_type', from: 'date_start', to: 'date_end' },
    });
    expect(await importInto(database, [join(data, 'timed/memphis_robberies_2019.csv')], { mapping: { name: 'memphis', mapping: memphis } })).toMatchObject({ rows: 2_245, accepted: 2_245, outside: 2_245, months: 12 });
    const first = await database.db('incident').where({ source_code: 'memphis', reference: '15213800' }).first('month', 'occurred_from', 'occurred_to');
    expect(first).toEqual({ month: '2019-01-01', occurred_from: new Date('2019-01-01T07:30:00Z'), occurred_to: null });
    const report = await importInto(database, [join(data, 'timed/nyc_vehicle_thefts_start-end.csv.gz')], { mapping: { name: 'new-york', mapping: thefts } });
    expect(report).toMatchObject({ rows: 35_746, rejected: 0, accepted: 35_746 });
    const one = await database.db('incident').where({ source_code: 'new-york', reference: '12386084' }).first('month', 'occurred_from', 'occurred_to');
    expect(one).toEqual({ month: '2013-12-01', occurred_from: new Date('2013-12-31T15:00:00Z'), occurred_to: new Date('2014-01-01T21:30:00Z') });
  });
});
