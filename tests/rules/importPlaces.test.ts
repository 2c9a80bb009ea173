import { describe, expect, test } from 'vitest';
import { readBoundaries } from '../../server/places/geojson.ts';
import { numberArray, textArray } from '../../server/places/arrayLiteral.ts';
import { readAgeGroup } from '../../server/places/population.ts';
import { keyOfPoint, spotOfKey } from '../../server/places/spots.ts';
import { findTable, yearInName } from '../../server/places/statistics.ts';
import { defaultValidFrom, findCodeProperty } from '../../server/places/vintage.ts';

const known = ['E06000001', 'E06000002'];
const ring = [[-1.3, 54.5], [-1.2, 54.5], [-1.2, 54.6], [-1.3, 54.5]];
const area = (properties: object, coordinates: unknown = [ring], type = 'Polygon') => ({ type: 'Feature', properties, geometry: { type, coordinates } });
const collection = (...features: object[]) => ({ type: 'FeatureCollection', features });

describe('the code property', () => {
  test.each([
    [['LSOA21CD', 'LSOA21NM', 'LADCD', 'LADNM'], { kind: 'lsoa', code: 'LSOA21CD', name: 'LSOA21NM', year: 2021 }],
    [['WD25CD', 'WD25NM', 'LADCD'], { kind: 'ward', code: 'WD25CD', name: 'WD25NM', year: 2025 }],
    [['LADNM', 'LADCD'], { kind: 'council', code: 'LADCD', name: 'LADNM', year: null }],
    [['PFA20NM', 'PFA20CD'], { kind: 'force', code: 'PFA20CD', name: 'PFA20NM', year: 2020 }],
  ])('of %j is found with kind, name and year', (names, found) => {
    expect(findCodeProperty(names)).toEqual(found);
  });

  test('says since when a boundary counts', () => {
    expect(defaultValidFrom('lsoa', 2011).validFrom).toBe('2011-03-27');
    expect(defaultValidFrom('lsoa', 2021).validFrom).toBe('2021-03-21');
    expect(defaultValidFrom('ward', 2025).validFrom).toBe('2025-05-01');
    expect(defaultValidFrom('council', null).validFrom).toBe('1900-01-01');
  });
});

describe('boundaries from GeoJSON', () => {
  test('take their council from the area’s own properties', () => {
    expect(readBoundaries(collection(area({ WD25CD: 'E05000001', WD25NM: 'Foggy Furze', LADCD: 'E06000001' })), known)).toMatchObject({
      kind: 'ward', year: 2025, official: true, shapes: [{ code: 'E05000001', name: 'Foggy Furze', councilCode: 'E06000001' }], leftOut: 0,
    });
  });

  test('take any property that is named', () => {
    const found = readBoundaries(collection(area({ ref: 7, title: 'North' })), known, { kind: 'ward', codeProperty: 'ref', nameProperty: 'title' });
    expect(found).toMatchObject({ kind: 'ward', official: false, shapes: [{ code: '7', name: 'North', councilCode: null }] });
  });

  test('of other councils are left out when the councils wanted are named', () => {
    const file = collection(area({ LADCD: 'E06000001', LADNM: 'Hartlepool' }), area({ LADCD: 'E06000005', LADNM: 'Darlington' }));
    expect(readBoundaries(file, known, { councils: ['E06000001'] })).toMatchObject({ shapes: [{ code: 'E06000001' }], leftOut: 1 });
    expect(readBoundaries(file, known)).toEqual([expect.objectContaining({ row: 2, column: 'LADCD', value: 'E06000005', rule: 'The service knows no council with this code.' })]);
  });

  const fine = { LADCD: 'E06000001', LADNM: 'Hartlepool' };
  test.each([
    ['no collection', { type: 'Feature' }, { column: 'type', value: 'Feature' }],
    ['no features', collection(), { rule: 'The file holds no features.' }],
    ['a reference to the National Grid', { ...collection(area(fine)), crs: { properties: { name: 'urn:ogc:def:crs:EPSG::27700' } } }, { column: 'crs', value: 'urn:ogc:def:crs:EPSG::27700', cure: expect.stringContaining('EPSG:4326') }],
    ['metres', collection(area(fine, [[[445000, 517000], [446000, 517000], [446000, 518000], [445000, 517000]]])), { row: 1, column: 'coordinates', value: '445000, 517000', cure: expect.stringContaining('EPSG:4326') }],
    ['latitude first', collection(area(fine, [ring.map(([x, y]) => [y, x])])), { row: 1, column: 'coordinates', value: '54.5, -1.3', cure: expect.stringContaining('swap') }],
    ['points', collection(area(fine, [-1.2, 54.5], 'Point')), { row: 1, column: 'geometry', value: 'Point' }],
    ['nothing inside', collection(area(fine, [])), { row: 1, column: 'coordinates' }],
    ['two corners', collection(area(fine, [[[-1.2, 54.5], [-1.2, 54.5]]])), { row: 1, column: 'coordinates' }],
    ['a code twice', collection(area(fine), area(fine)), { row: 2, column: 'LADCD', value: 'E06000001', rule: 'Two areas have the same code.' }],
    ['no code', collection(area({ ...fine, LADCD: '' })), { row: 1, column: 'LADCD', rule: 'The area has no code.' }],
    ['properties nobody knows', collection(area({ ref: 'x' })), { column: 'properties', value: 'ref', cure: expect.stringContaining('--kind') }],
  ])('with %s are refused', (_, file, fault) => {
    expect(readBoundaries(file, known)).toEqual([expect.objectContaining(fault)]);
  });

  test('with a property that is not there are refused', () => {
    expect(readBoundaries(collection(area(fine)), known, { codeProperty: 'LAD99CD' })).toEqual([expect.objectContaining({ value: 'LAD99CD', cure: 'Name one of: LADCD, LADNM.' })]);
  });
});

describe('tables', () => {
  test.each([
    ['lsoa21_code,lsoa21_name,age_group,usual_residents', 'Census 2021 population of 2021 LSOAs by age group'],
    ['ltla21_code,total_population,total_females,total_males,younger_females', 'Census 2021 population of councils'],
    ['lsoa11_code,lsoa11_name,ltla22_code,ltla22_name,IMD_score,IMD_decile,IMD_rank', 'Index of Multiple Deprivation 2019 of 2011 LSOAs'],
    ['lsoa21_code,lsoa21_name,IMD_decile,IMD_rank', 'Index of Multiple Deprivation 2025 of 2021 LSOAs'],
    ['lsoa11_name,lsoa11_code,change_code,lsoa21_name,lsoa21_code,ltla22_name,ltla22_code', 'lookup of 2011 LSOAs to 2021 LSOAs'],
    ['lsoa21_name,lsoa21_code,ward24_name,ward24_code,ltla24_name,ltla24_code', 'lookup of 2021 LSOAs to 2024 wards'],
    ['lsoa21_code,ruc21_code,classification,ruc', 'rural and urban classification of 2021 LSOAs'],
  ])('%s', (header, says) => {
    expect(findTable(header.split(','))?.says).toBe(says);
  });

  test('the ages of a population row must add up', () => {
    const header = ['lsoa11_name', 'lsoa11_code', 'total_population', '0', '1', '90+'];
    const row = (values: string[]) => findTable(header)?.read({ row: 4, text: (column) => values[header.indexOf(column)] ?? '' }, header, 2019);
    expect(row(['Hartlepool 009A', 'E01011949', '30', '10', '15', '5'])).toEqual({
      population: [
        { areaKind: 'lsoa', areaCode: 'E01011949', year: 2019, ageFrom: 0, ageTo: 0, persons: 10 },
        { areaKind: 'lsoa', areaCode: 'E01011949', year: 2019, ageFrom: 1, ageTo: 1, persons: 15 },
        { areaKind: 'lsoa', areaCode: 'E01011949', year: 2019, ageFrom: 90, ageTo: null, persons: 5 },
      ],
    });
    expect(row(['Hartlepool 009A', 'E01011949', '31', '10', '15', '5'])).toMatchObject({ row: 4, column: 'total_population', value: '31', rule: 'The ages add up to 30.' });
    expect(row(['Hartlepool 009A', 'E0101194', '30', '10', '15', '5'])).toMatchObject({ column: 'lsoa11_code', value: 'E0101194' });
    expect(row(['Hartlepool 009A', 'E01011949', '30', '1,0', '15', '5'])).toMatchObject({ column: '0', value: '1,0' });
  });

  test('a percentage of the 2019 index is kept as a share, as the 2025 index gives it', () => {
    const header = ['lsoa11_code', 'IMD_score', 'Income_score_pct', 'IMD_decile', 'Income_decile', 'IMD_rank', 'Income_rank'];
    const values = ['E01011949', '38.493', '25.4', '2', '2', '4731', '3825'];
    expect(findTable(header)?.read({ row: 2, text: (column) => values[header.indexOf(column)] ?? '' }, header, null)).toEqual({
      deprivation: [
        { lsoaCode: 'E01011949', indexYear: 2019, measure: 'overall', score: 38.493, rank: 4731, decile: 2 },
        { lsoaCode: 'E01011949', indexYear: 2019, measure: 'income', score: 0.254, rank: 3825, decile: 2 },
      ],
    });
  });

  test('age groups and years in names', () => {
    expect(readAgeGroup('Aged 15 years and under')).toEqual({ ageFrom: 0, ageTo: 15 });
    expect(readAgeGroup('Aged 16 to 24 years')).toEqual({ ageFrom: 16, ageTo: 24 });
    expect(readAgeGroup('Aged 65 years and over')).toEqual({ ageFrom: 65, ageTo: null });
    expect(readAgeGroup('All ages')).toBeUndefined();
    expect(yearInName('folder2001/mid2019_lsoa11_single_year_of_age.csv')).toBe(2019);
    expect(yearInName('population.csv')).toBeNull();
  });
});

test('a spot is the whole metre a point rounds to, and its key gives it back', () => {
  const spot = spotOfKey(keyOfPoint(-1.241874, 54.521066));
  expect(spot).toEqual({ easting: 449171, northing: 514239, lng: expect.closeTo(-1.241874, 5), lat: expect.closeTo(54.521066, 5) });
  expect(keyOfPoint(spot.lng, spot.lat)).toBe(keyOfPoint(-1.241874, 54.521066));
  expect(spotOfKey(keyOfPoint(-89.942, 35.149))).toEqual({ easting: null, northing: null, lng: -89.942, lat: 35.149 });
});

test('arrays are written as PostgreSQL reads them', () => {
  expect(numberArray([1, null, -2.5])).toBe('{1,NULL,-2.5}');
  expect(textArray([])).toBe('{}');
  expect(textArray(['a', '', 'b,c'])).toBe('{"a","","b,c"}');
  expect(textArray(['say "x"', 'back\\slash', '","'])).toBe('{"say \\"x\\"","back\\\\slash","\\",\\""}');
});
