/** Deprivation, population and vulnerability on the published figures; and that no rank has ever heard of them. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runAnalysis } from '../../server/hotspots/analysisWork.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { importInto } from '../support/imports.ts';

const data = process.env['REAL_DATA'] ?? '';

test.runIf(!data)('REAL_DATA is not set: the published layers are not looked at in this run', () => {
  expect(data).toBe('');
});

interface Area {
  readonly code: string;
  readonly name: string;
  readonly value: number | null;
  readonly class: number | null;
  readonly detail: string;
  readonly indices?: Record<string, number | null>;
}

describe.runIf(data)('layers of the published figures', () => {
  let service: TestService;
  let get: (path: string) => Promise<{ areas: Area[]; notes: string[]; attribution: string[]; classes: string[]; variables: { name: string; missing: string | null; average: number | null }[]; priorityAreas: number }>;
  const rank = async (): Promise<{ hash: string; ranks: string[] }> => {
    const { run, cells } = await runAnalysis(service.database.db, { from: '2023-07', to: '2023-12' }, { scope: ['*'], actor: { personId: null, role: 'test' }, now: new Date('2024-07-01T09:00:00Z'), report: () => undefined });
    return { hash: run.hash, ranks: cells.map(({ rank: place, cell, n }) => `${place} ${cell} ${n}`) };
  };
  let before: Awaited<ReturnType<typeof rank>>;
  beforeAll(async () => {
    service = await startTestService({ now: () => new Date('2026-01-05T09:00:00Z') });
    const analyst = await service.client('analyst@opcc.demo');
    get = async (path) => (await analyst.get(path).expect(200)).body;
    const months = ['07', '08', '09', '10', '11', '12'].map((month) => `police-uk/street/2023-${month}-cleveland-street.csv`);
    await importInto(service.database, ['boundaries/lad_from_lsoa2021_bgc.geojson', ...months].map((path) => join(data, path)));
    before = await rank();
    await importInto(service.database, ['boundaries/lsoa_2011.geojson', 'boundaries/lsoa_2021.geojson', 'imd', 'population', 'lookups'].map((path) => join(data, path)));
  }, 300_000);
  afterAll(() => service.close());

  const areaOf = (areas: readonly Area[], code: string): Area | undefined => areas.find((one) => one.code === code);

  test('deprivation 2019 stands on 2011 areas and 2025 on 2021 areas, as published', async () => {
    const old = await get('/api/layers/deprivation?year=2019');
    expect(old.areas).toHaveLength(352);
    expect(areaOf(old.areas, 'E01011950')).toMatchObject({ name: 'Hartlepool 008A', value: 1, class: 4, detail: 'decile 1, rank 527 of England, score 64.879' });
    expect(areaOf(old.areas, 'E01012049')).toMatchObject({ value: 6, class: 2, detail: 'decile 6, rank 18743 of England, score 15.168' });
    const now = await get('/api/layers/deprivation?year=2025');
    expect(now.areas).toHaveLength(359);
    expect(areaOf(now.areas, 'E01011950')).toMatchObject({ value: 1, detail: 'decile 1, rank 59 of England, score 78.53' });
    expect(areaOf(now.areas, 'E01012049')).toMatchObject({ value: 6, detail: 'decile 6, rank 17742 of England, score 16.475' });
    expect(areaOf((await get('/api/layers/deprivation?year=2025&measure=education')).areas, 'E01011949')).toMatchObject({ value: 2, detail: 'decile 2, rank 5781 of England, score 38.94' });
    expect(now.areas.filter(({ value }) => value === null)).toEqual([]);
    expect(now.attribution).toContain('Source: Ministry of Housing, Communities and Local Government. Contains public sector information licensed under the Open Government Licence v3.0.');
  });

  test('population is cut by age where the bands allow it, and refused in words where they do not', async () => {
    const young = await get('/api/layers/population?year=2020&ageFrom=15&ageTo=24');
    expect(areaOf(young.areas, 'E01011949')?.detail).toBe('221 of 1944 residents, 11.4%');
    expect(areaOf(young.areas, 'E01011950')?.detail).toBe('180 of 1298 residents, 13.9%');
    const census = await get('/api/layers/population?year=2021&ageFrom=15&ageTo=24');
    expect(census.areas).toHaveLength(359);
    expect(census.notes.join(' ')).toContain('The ages 15 to 24 cannot be cut from the bands published for 2021: 0 to 15, 16 to 24');
    expect(areaOf((await get('/api/layers/population?year=2021&ageFrom=16&ageTo=24')).areas, 'E01011949')?.detail).toMatch(/^189 of \d+ residents/);
  });

  test('the index is refused on police.uk data, which tells no dwellings; what is missing is named and the rest shown', async () => {
    const vli = await get('/api/layers/vulnerable-localities?year=2025');
    expect(vli.areas.every(({ value }) => value === null)).toBe(true);
    expect(vli.variables.filter(({ missing }) => missing !== null).map(({ name }) => name)).toEqual(['Burglary to a dwelling', 'Criminal damage to a dwelling']);
    expect(vli.notes[0]).toContain('No index is shown: Burglary to a dwelling, Criminal damage to a dwelling are missing');
    // Worked from the published files: the area's value over the mean of the 359 areas; young people of the 342 areas that did not change.
    const { indices } = areaOf(vli.areas, 'E01011950') ?? {};
    expect(indices?.['income']).toBeCloseTo(197.4718358, 6);
    expect(indices?.['employment']).toBeCloseTo(237.2706604, 6);
    expect(indices?.['education']).toBeCloseTo(186.0891557, 6);
    expect(indices?.['young']).toBeCloseTo(129.7196983, 6);
    const old = await get('/api/layers/vulnerable-localities?year=2019');
    expect(old.variables.find(({ name }) => name === 'Low education')?.missing).toBe('the file held of 2019 has ranks and deciles of education and no score');
  });

  test('the index is there once categories are named for all six, averaging 100', async () => {
    for (const [name, value] of Object.entries({ vli_burglary_categories: 'burglary', vli_damage_categories: 'criminal-damage-arson' })) await service.database.db('setting').where({ name }).update({ value: JSON.stringify(value) });
    const vli = await get('/api/layers/vulnerable-localities?year=2025');
    const known = vli.areas.flatMap(({ value }) => value ?? []);
    expect(known).toHaveLength(342);
    expect(vli.classes).toEqual(['0 to under 50', '50 to under 100', '100 to under 150', '150 to under 200', '200 or more']);
    expect(vli.priorityAreas).toBe(known.filter((value) => value >= 200).length);
    const one = areaOf(vli.areas, 'E01011950');
    const six = Object.values(one?.indices ?? {}).map((index) => index ?? NaN);
    expect(six).toHaveLength(6);
    expect(one?.value).toBeCloseTo(six.reduce((sum, index) => sum + index, 0) / 6, 9);
  });

  test('ranks and hash are the same with every layer there as with none', async () => {
    expect(await rank()).toEqual(before);
    expect(before.ranks.length).toBeGreaterThan(1000);
  });
});
