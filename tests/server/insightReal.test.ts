/** The analyst's figures on the published rows: how concentrated, how well places chosen beforehand would have done, and no hour where none is known. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';
import { importInto } from '../support/imports.ts';

const data = process.env['REAL_DATA'] ?? '';

test.runIf(!data)('REAL_DATA is not set: concentration and the back-test of the published rows are not made in this run', () => {
  expect(data).toBe('');
});

describe.runIf(data)('on the published rows of 2023-01 to 2024-06', () => {
  let service: TestService;
  let client: Awaited<ReturnType<TestService['client']>>;
  const ask = async <Body>(path: string): Promise<{ status: number; body: Body }> => client.get(`/api/insight/${path}`);
  beforeAll(async () => {
    service = await startTestService({ now: () => new Date('2024-07-15T09:00:00Z') });
    await importInto(service.database, ['boundaries/lad_from_lsoa2021_bgc.geojson', 'boundaries/ward_2021.geojson', 'police-uk/street'].map((path) => join(data, path)));
    client = await service.client('analyst@opcc.demo');
  }, 300_000);
  afterAll(() => service.close());

  interface Mean { way: string; hitRate: number; pai: number; pei: number; hitRateLow: number; hitRateHigh: number; less: number; lessLow: number; lessHigh: number }

  test('the smoothed rate catches over 22% of the next month at 1% of the area, far above chance', async () => {
    const { body, status } = await ask<{ means: Mean[]; months: { month: string }[]; says: string; skipped: unknown[] }>('back-test?from=2024-01&to=2024-06');
    expect(status).toBe(200);
    const lines = body.means.map(({ way, hitRate, hitRateLow, hitRateHigh, pai, pei }) => `${way}: hit rate ${(hitRate * 100).toFixed(2)}% (${(hitRateLow * 100).toFixed(1)} to ${(hitRateHigh * 100).toFixed(1)}), PAI ${pai.toFixed(2)}, PEI ${pei.toFixed(3)}`);
    process.stdout.write(`${[body.says, ...lines].join('\n')}\n`);
    const mean = (way: string): Mean => body.means.find((one) => one.way === way) ?? { way, hitRate: NaN, pai: NaN, pei: NaN, hitRateLow: NaN, hitRateHigh: NaN, less: NaN, lessLow: NaN, lessHigh: NaN };
    expect(body.months.map((month) => month.month)).toEqual(['2024-01', '2024-02', '2024-03', '2024-04', '2024-05', '2024-06']);
    expect(body.skipped).toEqual([]);
    expect(mean('smoothed').hitRate).toBeGreaterThan(0.22);
    expect(mean('plain').hitRate).toBeGreaterThan(mean('gi-star').hitRate);
    expect(mean('chance').hitRate).toBeLessThanOrEqual(0.01);
    expect(mean('hindsight').hitRate).toBeGreaterThan(mean('smoothed').hitRate);
  });

  test('about 3% of cells hold half of the year 2023', async () => {
    const { body } = await ask<{ says: string; gini: number; giniSparse: number; holding: { incidentShare: number; cellShare: number }[] }>('concentration?from=2023-01&to=2023-12');
    process.stdout.write(`${body.says} Gini ${body.gini.toFixed(4)}, G′ ${body.giniSparse.toFixed(4)}\n`);
    const half = body.holding.find((row) => row.incidentShare === 0.5)?.cellShare ?? 0;
    expect(half).toBeGreaterThan(0.025);
    expect(half).toBeLessThan(0.04);
  });

  test('persistence, seasons and the refusal of near repeats stand on the same rows', async () => {
    const { body } = await ask<{ says: string; hot: { class: string }[]; n: number }>('persistence?from=2023-07&to=2024-06');
    process.stdout.write(`${body.says}\n`);
    expect(body.hot.filter((cell) => ['persistent', 'intensifying', 'diminishing'].includes(cell.class)).length).toBeGreaterThan(5);
    const seasons = await ask<{ wholeYears: string[]; index: { index: number }[] }>('seasons');
    expect(seasons.body.wholeYears).toEqual(['2023']);
    expect(seasons.body.index.reduce((sum, one) => sum + one.index, 0)).toBeCloseTo(12, 9);
    const refused = await ask<{ code: string }>('near-repeats');
    expect([refused.status, refused.body.code]).toEqual([422, 'no_days']);
  });

  test('no profile by hour is drawn, and every incident is on the list of places or accounted for', async () => {
    const refused = await ask<{ code: string }>('profile');
    expect([refused.status, refused.body.code]).toEqual([422, 'no_hours']);
    const { body } = await ask<{ n: number; says: string; listed: number; pastLimit: number; defaultsLeftOut: number; underFewest: number; locations: { place: string; n: number }[] }>('repeats?from=2023-01&to=2023-12');
    process.stdout.write(`${body.says} ${body.locations.slice(0, 3).map((row) => `${row.place} ${row.n}`).join(', ')}\n`);
    expect(body.listed + body.pastLimit + body.defaultsLeftOut + body.underFewest).toBe(body.n);
    expect(body.locations[0]?.n).toBeGreaterThan(50);
  });
});
