import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellAreaKm2 } from '../../geo/cells.ts';
import { touchingCells } from '../support/hotCells.ts';
import { AppError } from '../../server/errors.ts';
import { type AskedFilter, type Holdings, resolveFilter } from '../../server/hotspots/incidentFilter.ts';
import { type CellTotal, chooseCells, describeCells, mergeCells, nameFinder, readBox, readBreaks, resolutionsForZoom } from '../../server/hotspots/mapView.ts';
import { countsOf, exactShare, totalsOf } from '../../server/hotspots/provenance.ts';
import { createRecent } from '../../server/hotspots/recent.ts';
import { decodeLine, encodeLine } from '../../server/hotspots/lineCode.ts';
import { drawSurface, surfaceLevel, thinnedRing, traceSurface } from '../../server/hotspots/surface.ts';

const councils = [{ code: 'E06000001', name: 'Hartlepool' }, { code: 'E06000002', name: 'Middlesbrough' }];

describe('the size of cells', () => {
  test('follows the zoom, and streets need exact points', () => {
    expect(resolutionsForZoom(10, 1, 0.9)).toEqual([8]);
    expect(resolutionsForZoom(12, 1, 0.9)).toEqual([9, 8]);
    expect(resolutionsForZoom(16, 0.9, 0.9)).toEqual([10, 9, 8]);
    expect(resolutionsForZoom(16, 0.89, 0.9)).toEqual([9, 8]);
  });
});

describe('counts', () => {
  const cellArbitrary = fc.record({
    cell: fc.constantFrom('', ...touchingCells(-1.23, 54.57, 9, 2)), councilCode: fc.constantFrom('', 'E06000001', 'E06000002', 'E06000003'),
    source: fc.constantFrom('police', 'council'), n: fc.integer({ min: 1, max: 500 }),
  });

  test('reconcile whatever the rows, the box and the most shapes', () => {
    fc.assert(fc.property(fc.array(cellArbitrary, { maxLength: 80 }), fc.integer({ min: 1, max: 30 }), fc.double({ min: -1.26, max: -1.2, noNaN: true }), (given, most, west) => {
      const rows: CellTotal[] = given.map((row) => (row.cell === '' ? { ...row, councilCode: '' } : row));
      const counts = countsOf(totalsOf(rows), councils);
      expect(counts.in).toBe(rows.reduce((sum, row) => sum + row.n, 0));
      expect(counts.mapped + counts.outside + counts.withoutPlace).toBe(counts.in);
      const cells = mergeCells(rows, councils);
      const view = chooseCells(cells, [west, 54.5, west + 0.03, 54.6], most);
      expect(view.drawn.incidents + view.outOfView.incidents + view.leftOut.incidents).toBe(counts.mapped);
      expect(view.drawn.cells + view.outOfView.cells + view.leftOut.cells).toBe(cells.length);
      expect(view.cells.length).toBeLessThanOrEqual(most);
    }));
  });

  test('of a cell on the boundary between councils stand once, with the council that has most', () => {
    const rows = [{ cell: 'a', councilCode: 'E06000001', source: 'police', n: 3 }, { cell: 'a', councilCode: 'E06000002', source: 'police', n: 2 }, { cell: 'a', councilCode: 'E06000002', source: 'council', n: 2 }, { cell: 'b', councilCode: 'E06000003', source: 'police', n: 9 }];
    expect(mergeCells(rows, councils)).toEqual([{ cell: 'a', councilCode: 'E06000002', n: 7, weighted: 7 }]);
  });

  test('as rates use each cell’s own area and the months with data', () => {
    const [cell = ''] = touchingCells(-1.23, 54.57, 9, 0);
    const [drawn] = describeCells([{ cell, councilCode: 'E06000001', n: 6, weighted: 3 }], { months: 6, breaks: [0, 25, 75], place: () => 'Elm Road', council: () => 'Hartlepool' });
    expect(drawn?.rate).toBeCloseTo(12 / cellAreaKm2(cell), 12);
    expect(drawn?.class).toBe(2);
    expect(drawn?.weightedRate).toBeCloseTo(6 / cellAreaKm2(cell), 12);
    expect(cellAreaKm2(cell)).not.toBeCloseTo(0.105, 2);
  });

  test('of exact sources are a share of those with a place', () => {
    const source = { name: '', attribution: '', timePrecision: 'month' } as const;
    const sources = [{ ...source, code: 'police', locationPrecision: 'snapped' }, { ...source, code: 'council', locationPrecision: 'exact' }] as const;
    const totals = [{ source: 'police', councilCode: 'E06000001', withoutPlace: false, n: 25 }, { source: 'council', councilCode: 'E06000001', withoutPlace: false, n: 75 }, { source: 'council', councilCode: '', withoutPlace: true, n: 900 }];
    expect(exactShare(totals, sources)).toBe(0.75);
    expect(exactShare([], sources)).toBe(0);
  });
});

describe('names of cells', () => {
  const [cell = '', beside = ''] = touchingCells(-1.23, 54.57, 9, 1);
  const name = nameFinder([{ cell, place: 'Elm Road' }, { cell: beside, place: 'Ash Road' }]);
  test('are their own, or their best part’s, or that of the cell around', () => {
    expect(name(cell)).toBe('Elm Road');
    const [around = ''] = touchingCells(-1.23, 54.57, 8, 0);
    expect(['Elm Road', 'Ash Road', '']).toContain(name(around));
    const within = touchingCells(-1.23, 54.57, 10, 0)[0] ?? '';
    expect(name(within)).toBe('Elm Road');
    expect(name('89195da49a7ffff')).toBe('');
  });
});

test('a box is read whichever way round, and breaks must rise', () => {
  expect(readBox('-1.1,54.7,-1.4,54.5')).toEqual([-1.4, 54.5, -1.1, 54.7]);
  expect(readBox(undefined)).toBeUndefined();
  expect(readBreaks('0;25;75')).toEqual([0, 25, 75]);
  expect(() => readBreaks('0;75;25')).toThrow('give rising numbers');
  expect(() => readBreaks('0;many')).toThrow('give rising numbers');
});

test('the latest answers are kept, the oldest leave first, and failures are not kept', async () => {
  const recent = createRecent<number>(2);
  let made = 0;
  const get = (key: string): Promise<number> => recent.get(key, async () => (made += 1));
  expect([await get('a'), await get('b'), await get('a'), await get('c'), await get('a'), await get('b')]).toEqual([1, 2, 1, 3, 1, 4]);
  expect(recent.size).toBe(2);
  await expect(recent.get('d', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await recent.get('d', async () => 9)).toBe(9);
});

describe('what may be asked', () => {
  const held: Holdings = {
    months: ['2023-01', '2023-02', '2023-04'].map((month) => ({ source: 'police', month, importId: 'x', rows: 1 })), councils, boundaryVersion: '1',
    categories: [{ code: 'asb', name: 'Anti-social behaviour', asb: true }, { code: 'burglary', name: 'Burglary', asb: false }],
    sources: [{ code: 'police', name: 'Police file', attribution: '', timePrecision: 'month', locationPrecision: 'snapped' }, { code: 'noise', name: 'Noise', attribution: '', timePrecision: 'minute', locationPrecision: 'exact' }],
  };
  const resolve = (asked: AskedFilter, scope: readonly string[] = ['*']) => resolveFilter(asked, held, { windowMonths: 3, scope });
  const refusal = (asked: AskedFilter, scope?: readonly string[]): AppError => {
    try {
      resolve(asked, scope);
    } catch (error) {
      if (error instanceof AppError) return error;
    }
    throw new Error('It was not refused.');
  };

  test('is filled in from what is held', () => {
    expect(resolve({})).toMatchObject({ from: '2023-02', to: '2023-04', months: ['2023-02', '2023-04'], missingMonths: ['2023-03'], councils, wholeArea: true, categories: [{ code: 'asb' }] });
    expect(resolve({ category: ['all'] }).categories).toHaveLength(2);
    expect(resolve({ category: ['ANTI-SOCIAL BEHAVIOUR'], council: ['hartlepool', 'E06000001'] })).toMatchObject({ categories: [{ code: 'asb' }], councils: [{ code: 'E06000001' }] });
  });

  test('stays within a council’s own scope', () => {
    expect(resolve({}, ['E06000002'])).toMatchObject({ councils: [{ code: 'E06000002' }], wholeArea: false });
    expect(refusal({ council: ['Hartlepool'] }, ['E06000002'])).toMatchObject({ status: 404 });
  });

  test('is refused in words', () => {
    expect(refusal({ source: ['noise'], from: '2023-01', to: '2023-02' }).message).toBe('No incidents have been imported yet. Import some first: npm run -s hotspots -- import <files or folders>.');
    expect(refusal({ from: '2023-03', to: '2023-03' }).message).toBe('There is no data for 2023-03. Months held: 2023-01 to 2023-02, 2023-04.');
    expect(refusal({ from: '1900-01', to: '2090-01' }).message).toContain('longer than 50 years');
  });
});

describe('a line as text', () => {
  test('comes back to a hundred-thousandth of a degree, whatever the line', () => {
    // Google's own example, its coordinates longitude first.
    expect(encodeLine([[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]])).toBe('~ps|U_p~iFnnqC_ulLvxq`@_mqN');
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: -18_000_000, max: 18_000_000 }), fc.integer({ min: -9_000_000, max: 9_000_000 }))), (whole) => {
      const corners = whole.map(([x, y]): [number, number] => [x / 1e5, y / 1e5]);
      expect(decodeLine(encodeLine(corners))).toEqual(corners.map(([x, y]) => [x + 0, y + 0]));
    }));
  });

  test('is thinned to what bends it', () => {
    const square = [[0, 0], [5, 0.5], [10, 0], [10, 10], [5, 10.5], [0, 10], [0, 0]];
    expect(thinnedRing(square, 1)).toEqual([[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]);
    expect(thinnedRing(square, 0.1)).toEqual(square);
    expect(thinnedRing(square, 100).length).toBe(4);
  });
});

describe('the surface', () => {
  const placed = (...rows: readonly (readonly [easting: number, northing: number, n: number])[]) =>
    ({ x: Float64Array.from(rows, ([x]) => x), y: Float64Array.from(rows, ([, y]) => y), n: Float64Array.from(rows, ([, , n]) => n) });
  const points = placed([450_000, 520_000, 60]);
  const options = { bandwidthMetres: 250, squareMetres: 50, months: 12, whole: true };

  test('of a point holds its incidents once, per year', () => {
    const surface = drawSurface(points, options)!;
    const squareKm2 = (surface.grid.cellMetres / 1000) ** 2;
    expect(surface.values.reduce((sum, value) => sum + value * squareKm2, 0)).toBeCloseTo(60, 0);
    expect(drawSurface(points, { ...options, months: 6 })!.peak).toBeCloseTo(2 * surface.peak, 9);
  });

  test('has contours one within another, and none above its peak', () => {
    const traced = traceSurface({ points, ...options, levels: [25, 200, 5000] });
    expect(traced.contours.map((one) => one.level)).toEqual([25, 200]);
    const radius = (level: number): number => Math.max(...decodeLine(surfaceLevel(drawSurface(points, options)!, level)!.polygons[0]![0]!).map(([, lat]) => lat));
    expect(radius(25)).toBeGreaterThan(radius(200));
    expect(traceSurface({ points: placed(), ...options, levels: [25] })).toEqual({ peak: 0, squareMetres: 50, contours: [] });
  });

  test('over a wide area takes larger squares', () => {
    const wide = traceSurface({ points: placed([450_000, 520_000, 60], [650_000, 220_000, 1]), ...options, levels: [] });
    expect(wide.squareMetres).toBe(200);
  });
});
