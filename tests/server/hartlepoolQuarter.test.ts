/**
 * The Hartlepool quarter of July to September 2021, as the Safer Hartlepool Partnership printed it (papers of December 2021): its incidents imported from
 * files give the published tables, its tables typed in are read, and what in them contradicts itself is flagged.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../server/evaluation/contract.ts';
import { columnMapping } from '../../server/incidents/contract.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { folderOf, importInto } from '../support/imports.ts';

const wardNames = ['Burn Valley', 'De Bruce', 'Fens & Greatham', 'Foggy Furze', 'Hart', 'Headland & Harbour', 'Manor House', 'Rossmere', 'Rural West', 'Seaton', 'Throston', 'Victoria'];
const councils = [['E06000001', 'Hartlepool', -1.3, 54.6], ['E06000002', 'Middlesbrough', -1.3, 54.4], ['E06000003', 'Redcar and Cleveland', -1.1, 54.6], ['E06000004', 'Stockton-on-Tees', -1.5, 54.6]] as const;
const size = 0.1;
const wide = size / wardNames.length;
const square = (west: number, south: number, width = size) => ({ type: 'Polygon', coordinates: [[[west, south], [west + width, south], [west + width, south + size], [west, south + size], [west, south]]] });
const collection = (features: object[]): string => JSON.stringify({ type: 'FeatureCollection', features: features.map((each) => ({ type: 'Feature', ...each })) });

let service: TestService;

/** Rows of one kind in one month: how many in each ward of Hartlepool, or in the middle of a council. */
const rowsOf = (kind: string, month: string, places: readonly (readonly [lng: number, lat: number, n: number])[]): string[] => places.flatMap(([lng, lat, n]) => Array.from({ length: n }, (_, nth) => `${kind},${lng.toFixed(6)},${lat},${month}-${String(1 + (nth % 28)).padStart(2, '0')}`));
const inWards = (counts: readonly number[]): (readonly [number, number, number])[] => counts.map((n, ward) => [-1.3 + (ward + 0.5) * wide, 54.65, n] as const);
const inCouncils = (counts: readonly number[]): (readonly [number, number, number])[] => counts.map((n, nth) => [(councils[nth]?.[2] ?? 0) + size / 2, (councils[nth]?.[3] ?? 0) + size / 2, n] as const);

async function importSource(code: string, rows: readonly string[], kinds: Readonly<Record<string, boolean>>): Promise<void> {
  const mapping = columnMapping.parse({
    source: { code, name: code, publisher: 'The partnership', licence: 'Internal', timePrecision: 'day', locationPrecision: 'exact' },
    columns: { longitude: 'lng', latitude: 'lat', category: `${code}_kind`, from: 'on' }, categories: Object.fromEntries(Object.entries(kinds).map(([kind, asb]) => [kind, { code: kind, asb }])),
  });
  await importInto(service.database, [folderOf({ [`${code}.csv`]: [`${code}_kind,lng,lat,on`, ...rows, ''].join('\n') })], { mapping: { name: code, mapping } });
}

/** The counts of a source in the quarter, the ones a year and two years before, and in April to June. */
const quarters = (kind: string, [spring, twoBefore, before]: readonly [number, number, number], now: readonly number[]): string[] => [
  ...rowsOf(kind, '2021-04', inCouncils([spring])), ...rowsOf(kind, '2019-07', inCouncils([twoBefore])), ...rowsOf(kind, '2020-07', inCouncils([before])), ...rowsOf(kind, '2021-07', inWards(now)),
];
const spread = (n: number): number[] => [n];

beforeAll(async () => {
  service = await startTestService();
  await importInto(service.database, [folderOf({
    'councils.geojson': collection(councils.map(([code, name, west, south]) => ({ properties: { LAD21CD: code, LAD21NM: name }, geometry: square(west, south) }))),
    'wards.geojson': collection(wardNames.map((name, nth) => ({ properties: { WD21CD: `E0500${String(nth + 1).padStart(4, '0')}`, WD21NM: name }, geometry: square(-1.3 + nth * wide, 54.6, wide) }))),
  })], { options: { validFrom: '2019-01-01' } });
  // The types as printed are less than the total in 2020 and more in 2021: 22 incidents have no type, and 6 have two.
  const wards2021 = [134, 93, 29, 131, 31, 140, 93, 75, 22, 37, 64, 134];
  const left = { env: 16, nuisance: 872, personal: 89, both: 6 };
  const typed = wards2021.flatMap((n, ward) => (['env', 'personal', 'both', 'nuisance'] as const).flatMap((kind) => {
    const already = placed[ward] ?? 0;
    const take = Math.min(left[kind], n - already);
    left[kind] -= take;
    placed[ward] = already + take;
    return rowsOf(kind, '2021-08', [[-1.3 + (ward + 0.5) * wide, 54.65, take]]);
  }));
  const others = (month: string, counts: readonly number[]): string[] => rowsOf('nuisance', month, inCouncils([0, ...counts]));
  await importSource('police', [
    ...typed, ...rowsOf('env', '2020-08', inCouncils([63])), ...rowsOf('nuisance', '2020-08', inCouncils([954])), ...rowsOf('personal', '2020-08', inCouncils([148])), ...rowsOf('none', '2020-08', inCouncils([22])),
    ...rowsOf('nuisance', '2019-08', inCouncils([1327, 2567, 1672, 2316])), ...others('2020-08', [2409, 1644, 2386]), ...others('2021-08', [1980, 1423, 1671]), ...rowsOf('nuisance', '2021-05', inCouncils([1063, 1970, 1455, 1759])),
  ], { env: true, nuisance: true, personal: true, both: true, none: true });
  await importSource('asbu', quarters('complaint', [87, 128, 140], [10, 16, 3, 14, 4, 8, 13, 6, 2, 5, 4, 20]), { complaint: true });
  await importSource('noise', quarters('noise', [95, 149, 179], spread(147)), { noise: false });
  await importSource('fly-tips', quarters('fly-tip', [0, 517, 848], spread(560)), { 'fly-tip': false });
  await importSource('f3', quarters('f3', [229, 121, 137], spread(167)), { f3: false });
  await importSource('vehicle', quarters('vehicle', [25, 14, 14], spread(10)), { vehicle: false });
  const { db } = service.database;
  // Months in which nothing happened are held all the same.
  await holdEveryMonth();
  for (const [category, subtypes] of [['env', ['environmental']], ['nuisance', ['nuisance']], ['personal', ['personal']], ['both', ['nuisance', 'personal']]] as const) await db('category_subtype').insert(subtypes.map((subtype) => ({ category_code: category, subtype_code: subtype })));
}, 300_000);
afterAll(() => service.close());

const placed: Record<number, number> = {};

/** Every source was sent for every month of the quarters compared. */
async function holdEveryMonth(): Promise<void> {
  const { db } = service.database;
  const months = ['2019-07', '2019-08', '2019-09', '2020-07', '2020-08', '2020-09', '2021-04', '2021-05', '2021-06', '2021-07', '2021-08', '2021-09'];
  for (const source of ['police', 'asbu', 'noise', 'fly-tips', 'f3', 'vehicle']) {
    const held = ((await db('source_month').where({ source_code: source }).pluck('month')) as string[]).map((day) => day.slice(0, 7));
    const like = await db('source_month').where({ source_code: source }).first();
    for (const month of months.filter((each) => !held.includes(each))) await db('source_month').insert({ ...like, month: `${month}-01` });
  }
}

const report = async (source: string): Promise<Report> => (await (await service.client('manager@opcc.demo')).get(`/api/reports/partnership?from=2021-07&to=2021-09&council=E06000001&source=${source}`).expect(200)).body;
const table = async (source: string, title: string) => (await report(source)).tables.find((each) => each.title.endsWith(title))!;

describe('imported, the quarter is printed as it was', () => {
  test('A1: the four councils, difference and % difference', async () => {
    expect((await table('police', 'year to date and this quarter')).rows).toEqual([
      ['Hartlepool', 2046, 1327, 1187, 983, -204, -17], ['Middlesbrough', 3950, 2567, 2409, 1980, -429, -18], ['Redcar and Cleveland', 2878, 1672, 1644, 1423, -221, -13], ['Stockton-on-Tees', 3430, 2316, 2386, 1671, -715, -30],
    ]);
  });

  test('A3: wards with their share', async () => {
    const { rows } = await table('police', 'by ward');
    expect(rows.map(([name, n, share]) => [name, n, share])).toEqual([...wardNames.map((name, nth) => [name, [134, 93, 29, 131, 31, 140, 93, 75, 22, 37, 64, 134][nth], [14, 9, 3, 13, 3, 14, 9, 8, 2, 4, 7, 14][nth]]), ['Grand total', 983, 100]]);
  });

  test('A5: by type, and B1: the types do not add up to the totals, which is flagged and not mended', async () => {
    const { rows, conflicts } = await table('police', 'by type');
    expect(rows).toEqual([['Environmental', 63, 16, -47, -75], ['Nuisance', 954, 878, -76, -8], ['Personal', 148, 95, -53, -36]]);
    expect(conflicts).toEqual(['Jul – Sep 20: the types add up to 1165 and the total is 1187 (−22).', 'Jul – Sep 21: the types add up to 989 and the total is 983 (+6).']);
  });

  test.each([['asbu', -35, -25], ['noise', -32, -18], ['fly-tips', -288, -34], ['f3', 30, 22], ['vehicle', -4, -29]] as const)('A6: %s', async (source, difference, percent) => {
    expect((await table(source, 'this quarter')).rows[0]?.slice(-2)).toEqual([difference, percent]);
  });

  test('A9: complaints by ward, seven of them hidden beside their total', async () => {
    const { rows } = await table('asbu', 'by ward');
    expect(rows.map(([, n]) => n)).toEqual([10, 16, '<10', 14, '<10', '<10', 13, '<10', '<10', '<10', '<10', 20, 105]);
  });

  test('B2: a year to date that equals its second quarter is flagged', async () => {
    expect((await table('fly-tips', 'this quarter')).conflicts).toEqual(['Hartlepool: the year to date equals the quarter, 560, though other quarters come before it.']);
  });
});

describe('typed in as printed', () => {
  const check = async (text: string) => (await (await service.client('analyst@opcc.demo')).post('/api/published-tables/checks').send({ text }).expect(200)).body;

  test('A1, A3 and A6 agree with themselves', async () => {
    const a1 = 'Area\t2020\t2021\tDifference\t% change\nHartlepool\t1187\t983\t−204\t−17%\nRedcar & Cleveland\t1644\t1423\t−221\t−13%\nMiddlesbrough\t2409\t1980\t−429\t−18%\nStockton\t2386\t1671\t−715\t−30%';
    const a3 = `Ward\t2021\t%\n${wardNames.map((name, nth) => `${name}\t${[134, 93, 29, 131, 31, 140, 93, 75, 22, 37, 64, 134][nth]}\t${[14, 9, 3, 13, 3, 14, 9, 8, 2, 4, 7, 14][nth]}%`).join('\n')}\nTotal\t983\t100%`;
    const a6 = 'Source\t2020\t2021\t% change\nASB unit\t140\t105\t−25%\nNoise\t179\t147\t−18%\nFly-tipping\t848\t560\t−34%\nDeliberate fires F3\t137\t167\t+22%\nVehicle fires\t14\t10\t−29%';
    for (const text of [a1, a3, a6]) {
      const { flags, checks } = await check(text);
      expect([flags, checks > 3]).toEqual([[], true]);
    }
  });

  test('A9: seven hidden wards beside a total of 105 contradict nothing, and are 32 together', async () => {
    const shown = [10, 16, '<10', 14, '<10', '<10', 13, '<10', '<10', '<10', '<10', 20];
    expect((await check(`Ward\tComplaints\n${wardNames.map((name, nth) => `${name}\t${shown[nth]}`).join('\n')}\nTotal\t105`)).flags).toEqual([expect.objectContaining({ level: 'to know', found: '32', says: 'Complaints: 7 hidden figures together are 32, by the total “Total”.' })]);
  });

  test('B1 and B2 are flagged', async () => {
    const b1 = await check('Type\t2020\t2021\nEnvironmental\t63\t16\nNuisance\t954\t878\nPersonal\t148\t95\nTotal\t1187\t983');
    expect(b1.flags.map(({ gap }: { gap: string }) => gap)).toEqual(['−22', '+6']);
    const b2 = await check(`Ward\tFly-tips\n${[...wardNames, 'No ward recorded'].map((name, nth) => `${name}\t${[27, 59, 38, 39, 23, 98, 47, 27, 19, 15, 54, 145, 11][nth]}`).join('\n')}\nTotal\t560`);
    expect(b2.flags.map(({ says }: { says: string }) => says)).toEqual([expect.stringContaining('602')]);
  });
});
