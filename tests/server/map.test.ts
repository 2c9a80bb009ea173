import { cellArea, cellToLatLng, getResolution } from 'h3-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addMonths } from '../../server/hotspots/months.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addCouncils, addIncidents, exactSource, hartlepool, middlesbrough, outsideSpot, spots, type Spot } from '../support/hotspotData.ts';

type Client = Awaited<ReturnType<TestService['client']>>;
interface Cell { cell: string; ring: [number, number][]; n: number; areaKm2: number; rate: number; class: number; place: string; council: string; councilCode: string }

let service: TestService;
let manager: Client;
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-02-15T09:00:00Z') });
  const { db } = service.database;
  await addCouncils(db);
  await addIncidents(db, Array.from({ length: 12 }, (_, index) => ({
    month: addMonths('2023-01', index),
    rows: [[spots.market, 10], [spots.arcade, 3], [spots.lane, index === 0 ? 1 : 0], [outsideSpot, index === 2 ? 2 : 0], [null, index === 3 ? 1 : 0]] as const,
  })));
  manager = await service.client('manager@opcc.demo');
});
afterAll(() => service.close());

const cellsOf = async (query: string, client = manager) => (await client.get(`/api/map/cells?${query}`).expect(200)).body;

describe('the cells of a view', () => {
  test('carry counts that reconcile, rates by their own area, and say what they are', async () => {
    const body = await cellsOf('zoom=13');
    expect(body).toMatchObject({
      resolution: 9, breaks: [0, 25, 75, 200, 500],
      counts: { in: 160, mapped: 157, outside: 2, withoutPlace: 1 },
      drawn: { cells: 3, incidents: 157 }, outOfView: { cells: 0, incidents: 0 }, leftOut: { cells: 0, incidents: 0 },
      provenance: {
        from: '2023-01', to: '2023-12', months: 12, missingMonths: [], unit: 'incidents per km² a year',
        sources: [{ code: 'test-police', name: 'Test police file', incidents: 160, locationPrecision: 'snapped', timePrecision: 'month' }],
        categories: [{ code: 'anti-social-behaviour', name: 'Anti-social behaviour' }], attribution: ['Test police data', 'Outlines made for tests'],
      },
    });
    const [first, second, third] = body.cells as [Cell, Cell, Cell];
    expect(first).toMatchObject({ cell: spots.market.cell, n: 120, council: 'Hartlepool', class: 4 });
    expect(first.areaKm2).toBeCloseTo(cellArea(first.cell, 'km2'), 12);
    expect(first.rate).toBeCloseTo(120 / first.areaKm2, 9);
    expect(first.ring).toHaveLength(7);
    expect(first.ring[0]).toEqual(first.ring[6]);
    expect([second.n, second.class]).toEqual([36, 3]);
    expect([third.n, third.class]).toEqual([1, 0]);
  });

  test('grow and shrink with the zoom; streets only where enough points are exact', async () => {
    const resolutionAt = async (zoom: number, more = '') => (await cellsOf(`zoom=${zoom}${more}`)).resolution;
    expect([await resolutionAt(9), await resolutionAt(11), await resolutionAt(12), await resolutionAt(17)]).toEqual([8, 8, 9, 9]);
    await addIncidents(service.database.db, [{ month: '2023-06', source: exactSource.code, rows: [[spots.market, 5]] }]);
    expect(await resolutionAt(17)).toBe(9);
    expect(await resolutionAt(17, '&source=test-exact')).toBe(10);
    const body = await cellsOf('zoom=17&source=test-exact');
    expect(getResolution(body.cells[0].cell)).toBe(10);
    expect(body.provenance.precision).toBe('Test exact file: exact points');
    await service.database.db('incident_count').where({ source_code: exactSource.code }).delete();
    await service.database.db('source_month').where({ source_code: exactSource.code }).delete();
  });

  test('of another period, council or category are those only', async () => {
    expect((await cellsOf('zoom=13&from=2023-01&to=2023-03')).counts).toEqual({ in: 42, mapped: 40, outside: 2, withoutPlace: 0, excluded: 0 });
    expect((await cellsOf('zoom=13&from=2023-01&to=2023-03')).cells[0].rate).toBeCloseTo((30 * 4) / cellArea(spots.market.cell, 'km2'), 9);
    const middle = await cellsOf('zoom=13&council=Middlesbrough');
    expect(middle.counts).toEqual({ in: 160, mapped: 37, outside: 122, withoutPlace: 1, excluded: 0 });
    expect((middle.cells as Cell[]).map((cell) => cell.councilCode)).toEqual([middlesbrough, middlesbrough]);
    expect((await cellsOf('zoom=13&category=burglary')).counts).toEqual({ in: 0, mapped: 0, outside: 0, withoutPlace: 0, excluded: 0 });
  });

  test('outside the box are counted, not drawn', async () => {
    const body = await cellsOf('zoom=13&bbox=-1.19,54.6,-1.15,54.65');
    expect((body.cells as Cell[]).map((cell) => cell.cell)).toEqual([spots.arcade.cell, spots.lane.cell]);
    expect(body).toMatchObject({ drawn: { cells: 2, incidents: 37 }, outOfView: { cells: 1, incidents: 120 }, leftOut: { cells: 0, incidents: 0 } });
  });

  test('above the most shapes are coarser first, then those with fewest incidents are left out and said so', async () => {
    const { db } = service.database;
    await db('setting').where({ name: 'map_most_shapes' }).update({ value: '2' });
    const body = await cellsOf('zoom=13');
    expect(body).toMatchObject({ resolution: 8, drawn: { cells: 2, incidents: 156 }, leftOut: { cells: 1, incidents: 1 } });
    await db('setting').where({ name: 'map_most_shapes' }).update({ value: '2000' });
  });

  test('change when a month comes again', async () => {
    const { db } = service.database;
    const before = (await cellsOf('zoom=13')).counts.mapped;
    const month = { month: '2023-12', rows: [[spots.market, 11], [spots.arcade, 3]] as [Spot, number][] };
    await addIncidents(db, [month]);
    const body = await cellsOf('zoom=13');
    expect([before, body.counts.mapped, body.cells[0].n]).toEqual([157, 158, 121]);
    await addIncidents(db, [{ ...month, rows: [[spots.market, 10], [spots.arcade, 3]] }]);
  });

  test('are a council’s own for its people, figures included', async () => {
    const lead = await service.client('lead@hartlepool.demo');
    const body = await cellsOf('zoom=13', lead);
    expect(body.counts).toEqual({ in: 120, mapped: 120, outside: 0, withoutPlace: 0, excluded: 0 });
    expect((body.cells as Cell[]).map((cell) => cell.councilCode)).toEqual([hartlepool]);
    expect(JSON.stringify(body)).not.toMatch(/E06000002|Middlesbrough/);
    await lead.get('/api/map/cells?council=Middlesbrough').expect(404);
    await (await service.client()).get('/api/map/cells').expect(401);
    await (await service.client('admin@opcc.demo')).get('/api/map/cells').expect(403);
  });

  test.each([
    ['from=2023-13', 'Give a month as YYYY-MM, for example 2023-10.'],
    ['bbox=1,2,3', 'Give the box as west,south,east,north in degrees, for example -1.4,54.5,-1.1,54.7.'],
    ['council=Atlantis', 'council: "Atlantis" is not known.'],
    ['from=2030-01&to=2030-02', 'There is no data for 2030-01 to 2030-02. Months held: 2023-01 to 2023-12.'],
    ['colour=red', 'colour'],
  ])('refuse %s in words', async (query, says) => {
    expect((await manager.get(`/api/map/cells?${query}`)).body.detail).toContain(says);
  });
});

describe('the contours', () => {
  test('of a draft stand on squares twice as wide and say so', async () => {
    const whole = (await manager.get('/api/map/contours').expect(200)).body;
    const draft = (await manager.get('/api/map/contours?draft=true').expect(200)).body;
    expect([whole.squareMetres, draft.squareMetres]).toEqual([50, 100]);
    expect(draft.provenance.method).toContain('squares of 100 m');
    expect(Math.abs(draft.peak / whole.peak - 1)).toBeLessThan(0.05);
  });

  test('lie around the hot places, at the map’s own classes, highest where most happens', async () => {
    const { body } = await manager.get('/api/map/contours').expect(200);
    expect(body).toMatchObject({ bandwidthMetres: 250, squareMetres: 50, breaks: [25, 75, 200, 500], counts: { in: 160, mapped: 157 } });
    // 120 incidents at one point: 120 · 3/(π·0.25²) = 1,833.5 per km² at the point; a square's middle is at most 35.4 m away.
    expect(body.peak).toBeGreaterThan(1_833 * (1 - (35.4 / 250) ** 2) ** 2);
    expect(body.peak).toBeLessThanOrEqual(1_833.5);
    expect(body.contours.map((one: { level: number }) => one.level)).toEqual([25, 75, 200, 500]);
    // Every corner of the highest level is within the bandwidth of the market or the arcade (36 · 15.28 = 550 per km²).
    const metresTo = ([lng, lat]: [number, number], spot: { cell: string }): number => {
      const [spotLat, spotLng] = cellToLatLng(spot.cell);
      return Math.hypot((lng - spotLng) * 64_500, (lat - spotLat) * 111_300);
    };
    const corners = body.contours[3].shape.coordinates.flat(2) as [number, number][];
    expect(corners.length).toBeGreaterThan(8);
    for (const corner of corners) expect(Math.min(metresTo(corner, spots.market), metresTo(corner, spots.arcade))).toBeLessThan(250);
    expect(body.contours[3].shape.coordinates).toHaveLength(2);
    expect(body.edgeCorrected).toBe(true);
    expect(body.provenance.method).toContain('Quartic kernel density, bandwidth 250 m, squares of 50 m, corrected at the coast');
  });

  test('take a bandwidth within the limits, and refuse others', async () => {
    const { body } = await manager.get('/api/map/contours?bandwidth=500').expect(200);
    expect(body.peak).toBeLessThan(500);
    expect((await manager.get('/api/map/contours?bandwidth=50').expect(422)).body.detail).toBe('bandwidth: A bandwidth of 50 m cannot be used. Give 150 to 500 m.');
  });

  test('of nothing are none', async () => {
    const { body } = await manager.get('/api/map/contours?category=burglary').expect(200);
    expect(body).toMatchObject({ peak: 0, contours: [], counts: { in: 0, mapped: 0, outside: 0, withoutPlace: 0 } });
  });

  test('of a council are drawn from its own points', async () => {
    const lead = await service.client('lead@middlesbrough.demo');
    const { body } = await lead.get('/api/map/contours').expect(200);
    expect(body.counts).toEqual({ in: 37, mapped: 37, outside: 0, withoutPlace: 0, excluded: 0 });
    expect(body.peak).toBeLessThan(600);
  });
});

test('the filters’ choices name months, councils, categories and defaults', async () => {
  const { body } = await manager.get('/api/map/choices').expect(200);
  expect(body).toMatchObject({ from: '2023-01', to: '2023-12', resolution: 9, bandwidth: { usual: 250, least: 150, most: 500 } });
  expect(body.months).toHaveLength(12);
  expect(body.councils).toHaveLength(4);
  expect(body.bounds).toEqual([-1.25, 54.6, -1.15, 54.65]);
  const lead = await service.client('lead@hartlepool.demo');
  expect((await lead.get('/api/map/choices')).body.councils).toEqual([{ code: hartlepool, name: 'Hartlepool' }]);
});
