/** The analysis on the published rows: every incident accounted for, Gi* by hand, and months that come again change nothing. */
import { gridDisk, polygonToCellsExperimental } from 'h3-js';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyse } from '../../server/commands/analyse.ts';
import type { CommandResult } from '../../server/commands/command.ts';
import type { Analysis } from '../../server/hotspots/contract.ts';
import type { RankedCell } from '../../server/hotspots/hotCells.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { importInto } from '../support/imports.ts';

const data = process.env['REAL_DATA'] ?? '';

test.runIf(!data)('REAL_DATA is not set: the published rows are not analysed in this run', () => {
  expect(data).toBe('');
});

describe.runIf(data)('the analysis of the published rows', () => {
  let database: TestDatabase;
  const run = (values: Record<string, string | string[]>): Promise<CommandResult> =>
    analyse.run({ values: values as Record<string, string>, positionals: [], config: database.config, database, report: () => undefined });
  const period = { from: '2023-04', to: '2024-03' };
  let result: Analysis & { cells: RankedCell[] };
  let lines: readonly string[];
  beforeAll(async () => {
    database = await openTestDatabase();
    await importInto(database, ['boundaries/lad_from_lsoa2021_bgc.geojson', 'boundaries/ward_2021.geojson', 'police-uk/street'].map((path) => join(data, path)));
    const outcome = await run(period);
    result = outcome.json as typeof result;
    lines = outcome.lines;
  }, 300_000);
  afterAll(() => database.close());

  test('accounts for every row and says so', () => {
    const { figures } = result;
    // The twelve months' ASB rows, added up by hand: 1,700 + 1,639 + 1,834 + 1,696 + 1,722 + 1,403 + 1,459 + 950 + 928 + 766 + 1,032 + 1,451.
    expect(figures).toMatchObject({ in: 16_580, withoutPlace: 0, months: 12, missingMonths: [], minimumCount: 12 });
    expect(figures.mapped + figures.outside + figures.withoutPlace).toBe(figures.in);
    expect(result.cells.reduce((sum, cell) => sum + cell.n, 0)).toBe(figures.mapped);
    expect(lines.join('\n')).toContain(`Incidents in 16580 = mapped ${figures.mapped} + outside ${figures.outside} + without a place 0.`);
    expect(result.cells.map((cell) => cell.smoothedRate)).toEqual(result.cells.map((cell) => cell.smoothedRate).sort((a, b) => b - a));
    expect(result.cells[0]).toMatchObject({ rank: 1, cell: '89194654e3bffff', councilCode: 'E06000002', place: 'Captain Cook Square', n: 166, falseDiscovery: true, candidate: true });
  });

  test('gives the Gi* that the formula gives over the cells h3 itself covers the councils with', async () => {
    const { rows } = await database.db.raw(`select st_asgeojson(geom, 9)::json as shape from boundary where kind = 'council'`);
    const polygons = (rows as { shape: { coordinates: number[][][][] } }[]).flatMap(({ shape }) => shape.coordinates);
    const cover = new Set(polygons.flatMap((rings) => polygonToCellsExperimental(rings, 9, 'containmentOverlapping', true)));
    expect(cover.size).toBe(result.figures.cells);
    const counts = new Map(result.cells.map((cell) => [cell.cell, cell.n]));
    const x = [...cover].map((cell) => counts.get(cell) ?? 0);
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    const deviation = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length - mean * mean);
    for (const cell of result.cells.slice(0, 300)) {
      const around = gridDisk(cell.cell, 1).filter((one) => cover.has(one));
      const sum = around.reduce((total, one) => total + (counts.get(one) ?? 0), 0);
      const w = around.length;
      const z = (sum - mean * w) / (deviation * Math.sqrt((x.length * w - w * w) / (x.length - 1)));
      expect(cell.z).toBeCloseTo(z, 6);
    }
  });

  test('keeps its hash when months are published again', async () => {
    await importInto(database, [join(data, 'police-uk/street-republished')]);
    const again = (await run(period)).json as typeof result;
    expect(again.hash).toBe(result.hash);
    const ranks = (cells: readonly RankedCell[]) => cells.map(({ rank, cell, n, rankLow, rankHigh }) => [rank, cell, n, rankLow, rankHigh]);
    expect(ranks(again.cells)).toEqual(ranks(result.cells));
    expect(again.parameters).toEqual(result.parameters);
  });

  test('of one council ranks that council’s rows', async () => {
    const hartlepool = (await run({ ...period, council: ['Hartlepool'] })).json as typeof result;
    expect(hartlepool.figures).toMatchObject({ in: 16_580 });
    expect(hartlepool.figures.mapped + hartlepool.figures.outside).toBe(16_580);
    expect(hartlepool.cells.every((cell) => cell.n === 0 || cell.councilCode === 'E06000001')).toBe(true);
    await expect(run({ ...period, council: ['Durham'] })).rejects.toThrow('"Durham" is not known. Use one of: Hartlepool (E06000001)');
  });
});
