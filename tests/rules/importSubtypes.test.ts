import { describe, expect, test } from 'vitest';
import { columnMapping, type ColumnMapping } from '../../server/incidents/contract.ts';
import { mappedReader } from '../../server/incidents/mapping.ts';

const header = ['Long', 'Lat', 'Kind', 'Sort', 'When'];
function mapping(over: Partial<ColumnMapping> = {}): ColumnMapping {
  return columnMapping.parse({
    source: { code: 'force', name: 'The force’s own export', publisher: 'The force', licence: 'Internal', timePrecision: 'minute', locationPrecision: 'exact' },
    columns: { longitude: 'Long', latitude: 'Lat', category: 'Kind', subtype: 'Sort', from: 'When' },
    categories: { ASB: { code: 'anti-social-behaviour', name: 'Anti-social behaviour', asb: true }, 'Burnt car': { code: 'deliberate-vehicle-fire', asb: false, subtypes: ['environmental', 'vehicle'] } },
    subtypes: { 'ASB - Env': 'environmental' }, ...over,
  });
}
const read = (kind: string, sort: string, over: Partial<ColumnMapping> = {}) => {
  const reader = mappedReader(mapping(over), header, new Set());
  return { row: reader.read(['-1.2', '54.6', kind, sort, '2023-07-01 21:00'], 2), categories: [...reader.categories.values()] };
};

describe('a subtype column', () => {
  test('makes a category of each pair, so that counts by category are counts by subtype', () => {
    const { row, categories } = read('ASB', 'Nuisance');
    expect(row).toMatchObject({ incident: { category: 'anti-social-behaviour-nuisance' } });
    expect(categories).toEqual([{ code: 'anti-social-behaviour-nuisance', name: 'Anti-social behaviour: nuisance', asb: true, subtypes: ['nuisance'] }]);
  });

  test('is read by the mapping’s own words first', () => {
    expect(read('ASB', 'ASB - Env').categories[0]?.subtypes).toEqual(['environmental']);
  });

  test('left blank leaves the category as it is, with the subtypes the mapping gives it', () => {
    expect(read('ASB', '').categories).toEqual([{ code: 'anti-social-behaviour', name: 'Anti-social behaviour', asb: true }]);
    expect(read('Burnt car', '').categories[0]?.subtypes).toEqual(['environmental', 'vehicle']);
    expect(read('Burnt car', 'Youth').categories[0]).toMatchObject({ code: 'deliberate-vehicle-fire-youth', subtypes: ['environmental', 'vehicle', 'youth'] });
  });

  test('with a word nobody knows is refused with the cure', () => {
    expect(read('ASB', 'Rowdy').row).toMatchObject({ row: 2, column: 'Sort', value: 'Rowdy', rule: 'The mapping does not say which subtype this is.', cure: expect.stringContaining('personal, nuisance, environmental, youth, vehicle, alcohol') });
  });

  test('of a mapping that names an unknown subtype is refused when it is saved', () => {
    expect(() => columnMapping.parse({ ...mapping(), subtypes: { X: 'rowdy' } })).toThrow('Invalid option');
  });
});
