import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';
import { folderOf, importInto, squareCouncil } from '../support/imports.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
  const ward = (code: string, name: string, west: number) => ({
    type: 'Feature', properties: { WD25CD: code, WD25NM: name },
    geometry: { type: 'Polygon', coordinates: [[[west, 54.6], [west + 0.05, 54.6], [west + 0.0501, 54.65], [west + 0.05, 54.7], [west, 54.7], [west, 54.6]]] },
  });
  await importInto(service.database, [folderOf({
    'wards.geojson': JSON.stringify({ type: 'FeatureCollection', features: [ward('E05000001', 'West', -1.3), ward('E05000002', 'East', -1.25), ward('E05000003', 'Elsewhere', -1.15)] }),
    'councils.geojson': squareCouncil,
    'census.csv': 'lsoa21_code,lsoa21_name,age_group,usual_residents\nE01011949,Hartlepool 009A,Aged 15 years and under,389\nE01011949,Hartlepool 009A,Aged 65 years and over,300\n',
  })]);
});
afterAll(() => service.close());

test('boundaries of a day come as GeoJSON, simplified, with their publisher’s words', async () => {
  const client = await service.client('manager@opcc.demo');
  const { body } = await client.get('/api/boundaries?kind=ward&on=2025-06-01&metres=20').expect(200);
  expect(body).toMatchObject({ type: 'FeatureCollection', on: '2025-06-01', schematic: false });
  expect(body.attribution).toEqual(['Source: Office for National Statistics licensed under the Open Government Licence v3.0. Contains OS data © Crown copyright and database right.']);
  expect(body.features.map((feature: { properties: object }) => feature.properties)).toEqual([
    { code: 'E05000001', name: 'West', councilCode: 'E06000001', validFrom: '2025-05-01', validTo: null, schematic: false, source: 'ward boundaries 2025' },
    { code: 'E05000002', name: 'East', councilCode: 'E06000001', validFrom: '2025-05-01', validTo: null, schematic: false, source: 'ward boundaries 2025' },
    // Its middle lies in no council, so nobody is told that it is anybody's.
    { code: 'E05000003', name: 'Elsewhere', councilCode: null, validFrom: '2025-05-01', validTo: null, schematic: false, source: 'ward boundaries 2025' },
  ]);
  // The corner ten metres off the straight line is simplified away at 20 m, and stays at 1 m.
  expect(body.features[0].geometry.coordinates[0][0]).toHaveLength(5);
  const exact = await client.get('/api/boundaries?kind=ward&on=2025-06-01&metres=1').expect(200);
  expect(exact.body.features[0].geometry.coordinates[0][0]).toHaveLength(6);
});

test('no ward is in force before its first day', async () => {
  const client = await service.client('manager@opcc.demo');
  expect((await client.get('/api/boundaries?kind=ward&on=2024-06-01').expect(200)).body.features).toEqual([]);
  expect((await client.get('/api/boundaries?on=2024-06-01').expect(200)).body.features).toHaveLength(1);
});

test('a council sees its own boundaries, and wrong questions are named', async () => {
  const lead = await service.client('lead@middlesbrough.demo');
  expect((await lead.get('/api/boundaries?on=2024-06-01').expect(200)).body.features).toEqual([]);
  const { body } = await lead.get('/api/boundaries?kind=parish&metres=many').expect(422);
  expect(body.errors.map((error: { field: string }) => error.field)).toEqual(['kind', 'metres']);
  const nobody = await service.client();
  await nobody.get('/api/boundaries').expect(401);
});

test('what is held of places is listed with its publisher', async () => {
  const client = await service.client('analyst@opcc.demo');
  const { body } = await client.get('/api/place-sets').expect(200);
  expect(body.sets.map(({ what, kind, from, to, rows, source }: Record<string, unknown>) => [what, kind, from, to, rows, source])).toEqual([
    ['boundaries', 'council', '1900-01-01', null, 1, 'council boundaries'],
    ['boundaries', 'ward', '2025-05-01', null, 3, 'ward boundaries 2025'],
    ['population', 'lsoa', '2021', null, 2, 'Census 2021 population of 2021 LSOAs by age group'],
  ]);
});
