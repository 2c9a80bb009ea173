/** Runs beside one another, as files, and by the calendar: the rules, without a database. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { Analysis } from '../../server/hotspots/contract.ts';
import { geometryBlob, geopackage } from '../../server/hotspots/geopackage.ts';
import { compareRuns } from '../../server/hotspots/runComparison.ts';
import { decideDue, type ScheduleState, scheduleWords } from '../../server/hotspots/schedule.ts';
import { candidatesFixture, hotCell } from '../support/hotCells.ts';

const run = (changes: Partial<Analysis> = {}): Analysis => ({
  id: '00000000-0000-4000-8000-000000000001', methodVersion: 'hot-cells-1', hash: 'a'.repeat(64), createdAt: '2024-01-02T03:04:05.000Z', scheduledFor: null,
  parameters: { from: '2023-01', to: '2023-12', resolution: 9, councils: ['E06000002'], categories: ['anti-social-behaviour'], sources: ['s'], minimumPerYear: 12, falseDiscoveryRate: 0.05, seed: 1, rankDraws: 200 },
  figures: candidatesFixture.figures, dataVintage: { months: [{ source: 's', month: '2023-01', importId: 'one', rows: 5 }], boundaries: [] }, ...changes,
});

describe('two runs', () => {
  const later = run({ hash: 'b'.repeat(64), parameters: { ...run().parameters, from: '2023-02', to: '2024-01' }, dataVintage: { months: [{ source: 's', month: '2023-01', importId: 'two', rows: 6 }, { source: 's', month: '2024-01', importId: 'x', rows: 1 }], boundaries: [] } });
  const cell = (id: string, changes: Parameters<typeof hotCell>[0]) => hotCell({ cell: id, ...changes });

  test('are told apart cell by cell, each with its reason', () => {
    const found = compareRuns(
      { run: run(), cells: [cell('a', { rank: 1, n: 30, rankLow: 1, rankHigh: 2 }), cell('b', { rank: 2, n: 25, rankLow: 1, rankHigh: 3 }), cell('c', { rank: 3, n: 9, candidate: false }), cell('d', { rank: 4, n: 8, candidate: false })] },
      { run: later, cells: [cell('c', { rank: 1, n: 40 }), cell('a', { rank: 2, n: 31, rankLow: 1, rankHigh: 4 }), cell('b', { rank: 3, n: 25, rankLow: 4, rankHigh: 5 }), cell('e', { rank: 4, n: 12, councilCode: 'E06000001', council: 'Hartlepool' })] },
    );
    expect(found.counts).toEqual({ both: 3, onlyFirst: 1, onlySecond: 1, candidatesKept: 2, candidatesNew: 2, candidatesDropped: 0, toldApart: 1 });
    const why = Object.fromEntries(found.cells.map((one) => [one.cell, one.why]));
    expect(why).toEqual({
      // 2(√31 − √30) = 0.18; 2(√40 − √9) = 6.65.
      a: '30 to 31 incidents, within chance (z 0.1). The two ranks’ intervals overlap.',
      b: 'The same count, 25. Its rank moved because other cells’ did.',
      c: '9 to 40 incidents, more than chance explains (z 4.7).',
      d: 'No incident in the second run, 8 in the first.',
      e: 'Hartlepool is not in the first run.',
    });
    expect(found.cells.find((one) => one.cell === 'c')?.moved).toBe(2);
    expect(found.parameters.filter((one) => one.differs)).toEqual([{ name: 'From', first: '2023-01', second: '2023-02', differs: true }, { name: 'To', first: '2023-12', second: '2024-01', differs: true }]);
    expect(found.data).toEqual({ onlyFirst: [], onlySecond: ['s 2024-01'], cameAgain: ['s 2023-01'] });
    expect(found.same).toBe(false);
  });

  test('with cells of different size have none in common and say so; the same hash is said', () => {
    const coarse = run({ hash: 'c', parameters: { ...run().parameters, resolution: 8 } });
    expect(compareRuns({ run: run(), cells: [hotCell()] }, { run: coarse, cells: [hotCell()] })).toMatchObject({ cells: [], notComparable: expect.stringContaining('Compare runs with cells of the same size.') });
    expect(compareRuns({ run: run(), cells: [] }, { run: run(), cells: [] }).says).toContain('the same hash');
  });
});

describe('a GeoPackage', () => {
  const square = (x: number) => ({ type: 'MultiPolygon' as const, coordinates: [[[[x, 54], [x + 1, 54], [x + 1, 55], [x, 54]] as [number, number][]]] });
  const content = {
    layers: [{ name: 'ranked_cells', title: 'Ranked', columns: [['rank', 'INTEGER'], ['place', 'TEXT'], ['rate', 'DOUBLE']] as const, rows: [{ shape: square(-2), values: [1, 'Elm "Road"', 2.5] }, { shape: square(-1), values: [2, null, 0.25] }] }],
    provenance: [['hash', 'abc'], ['method', 'x']] as const, madeAt: '2024-01-02T03:04:05.000Z',
  };

  test('has the tables of the standard, and comes out the same every time', () => {
    const bytes = geopackage(content);
    expect(Buffer.compare(Buffer.from(bytes), Buffer.from(geopackage(content)))).toBe(0);
    expect(Buffer.from(bytes.subarray(68, 72)).toString()).toBe('GPKG');
    const folder = mkdtempSync(join(tmpdir(), 'gpkg-'));
    const path = join(folder, 'run.gpkg');
    writeFileSync(path, bytes);
    const db = new DatabaseSync(path, { readOnly: true });
    const rows = (sql: string) => db.prepare(sql).all().map((row) => ({ ...row }));
    expect(rows('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(rows('pragma foreign_key_check')).toEqual([]);
    expect(rows('select table_name, data_type, min_x, max_y, srs_id from gpkg_contents order by 1')).toEqual([
      { table_name: 'provenance', data_type: 'attributes', min_x: null, max_y: null, srs_id: 0 }, { table_name: 'ranked_cells', data_type: 'features', min_x: -2, max_y: 55, srs_id: 4326 },
    ]);
    expect(rows('select * from gpkg_geometry_columns')).toEqual([{ table_name: 'ranked_cells', column_name: 'geom', geometry_type_name: 'MULTIPOLYGON', srs_id: 4326, z: 0, m: 0 }]);
    expect(rows('select fid, rank, place, rate from ranked_cells')).toEqual([{ fid: 1, rank: 1, place: 'Elm "Road"', rate: 2.5 }, { fid: 2, rank: 2, place: null, rate: 0.25 }]);
    expect(rows('select name, value from provenance')).toEqual([{ name: 'hash', value: 'abc' }, { name: 'method', value: 'x' }]);
    expect(rows('select srs_id from gpkg_spatial_ref_sys order by 1')).toEqual([{ srs_id: -1 }, { srs_id: 0 }, { srs_id: 4326 }]);
    db.close();
    rmSync(folder, { recursive: true });
  });

  test.runIf(existsSync('/usr/bin/ogrinfo'))('is read by GDAL without a warning', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gpkg-'));
    writeFileSync(join(folder, 'run.gpkg'), geopackage(content));
    const said = execFileSync('/usr/bin/ogrinfo', ['-al', join(folder, 'run.gpkg')], { encoding: 'utf8' });
    expect(said).toContain('Geometry: Multi Polygon');
    expect(said).toContain('MULTIPOLYGON (((-2 54,-1 54,-1 55,-2 54)))');
    expect(said).toContain('Extent: (-2.000000, 54.000000) - (0.000000, 55.000000)');
    expect(said).not.toMatch(/warning|error/i);
    rmSync(folder, { recursive: true });
  });

  test('has geometries with the standard’s header and box', () => {
    const blob = geometryBlob(square(-2));
    const view = new DataView(blob.buffer);
    expect(Buffer.from(blob.subarray(0, 4))).toEqual(Buffer.from([0x47, 0x50, 0, 3]));
    expect([view.getInt32(4, true), ...[8, 16, 24, 32].map((at) => view.getFloat64(at, true))]).toEqual([4326, -2, -1, 54, 55]);
    expect([view.getUint8(40), view.getUint32(41, true), view.getUint32(45, true)]).toEqual([1, 6, 1]);
    expect(blob.length).toBe(40 + 9 + 9 + 4 + 4 * 16);
    expect(() => geopackage({ ...content, layers: [{ ...content.layers[0]!, rows: [{ shape: square(0), values: [1] }] }] })).toThrow('A row of ranked_cells has 1 values for 3 columns.');
  });
});

describe('the calendar', () => {
  const held = (...months: string[]) => months.map((month) => ({ source: 'police', month }));
  const state = (changes: Partial<ScheduleState> = {}): ScheduleState => ({ every: 'monthly', waitDays: 75, today: '2024-03-01', held: held('2023-11', '2023-12'), asked: [], ...changes });
  const asked = (month: string, changes: Partial<ScheduleState['asked'][number]> = {}) => ({ month, jobId: 'j', tries: 1, state: 'done', runId: 'r', ...changes });

  test('starts with the latest month and makes up for those it missed', () => {
    expect(decideDue(state())).toEqual([{ month: '2023-12', tries: 1 }]);
    expect(decideDue(state({ asked: [asked('2023-12')] }))).toEqual([]);
    expect(decideDue(state({ held: held('2023-12', '2024-01', '2024-02', '2024-03'), asked: [asked('2023-12')] })).map((one) => one.month)).toEqual(['2024-01', '2024-02', '2024-03']);
    expect(decideDue(state({ every: 'quarterly', held: held('2023-12', '2024-01', '2024-02', '2024-03'), asked: [asked('2023-12')] })).map((one) => one.month)).toEqual(['2024-03']);
    expect(decideDue(state({ every: 'off' }))).toEqual([]);
  });

  test('waits for every source that had the month before, and not for ever', () => {
    const two = state({ held: [...held('2023-12', '2024-01'), { source: 'council', month: '2023-12' }], asked: [asked('2023-12')] });
    expect(decideDue(two)).toEqual([]);
    expect(scheduleWords(two)).toBe('Each month is analysed once its data have come in, looked for each night. Next: 2024-01, which waits for council.');
    // 75 days after 1 February 2024.
    expect(decideDue({ ...two, today: '2024-04-15' })).toEqual([]);
    expect(decideDue({ ...two, today: '2024-04-16' })).toEqual([{ month: '2024-01', tries: 1 }]);
  });

  test('tries a failed one three times', () => {
    expect(decideDue(state({ asked: [asked('2023-12', { state: 'failed', runId: null, tries: 2 })] }))).toEqual([{ month: '2023-12', tries: 3 }]);
    expect(decideDue(state({ asked: [asked('2023-12', { state: 'failed', runId: null, tries: 3 })] }))).toEqual([]);
  });
});
