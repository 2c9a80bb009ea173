/** The rules behind the analyst's figures that no fixture reaches: names that would give a house away, hidden hours, months to test. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Holdings } from '../../server/hotspots/incidentFilter.ts';
import { monthsOfAll, monthsToTest } from '../../server/insight/asked.ts';
import { decideConcentration } from '../../server/insight/concentration.ts';
import { safePlaceName } from '../../server/insight/placeWords.ts';
import { decideProfile } from '../../server/insight/profile.ts';
import { percentWords } from '../../server/insight/words.ts';

const general = new Set(['Parking Area']);

describe('a place on a list', () => {
  test.each([
    ['12 Long Lane, TS1 2AB', 'Long Lane'], ['12a Long Lane', 'Long Lane'], ['Flat 2, 14-16 Church Street, Hartlepool', 'Church Street'], ['Unit 3b Dock Road', 'Dock Road'],
    ['Rose Cottage, Mill Lane', 'Mill Lane'], ['Rose Cottage', ''], ['The Old Farmhouse', ''], ['Albert Park', 'Albert Park'], ['Seaton Beach', 'Seaton Beach'], ['Parking Area', 'Parking Area'],
    ['Apartment 7, Harbour House', ''], ['45', ''], ['', ''], ['On or near High Street', 'High Street'], ['3rd floor, 9 Albert Road', 'Albert Road'],
  ])('"%s" from a source with exact points is called "%s"', (given, name) => {
    expect(safePlaceName(given, 'exact', general)).toBe(name);
  });

  test('of published snap points keeps its published name', () => {
    expect(safePlaceName('On or near Harbour House', 'snapped', general)).toBe('Harbour House');
  });

  test('never holds a digit where points are exact', () => {
    fc.assert(fc.property(fc.tuple(fc.nat(999), fc.constantFrom('a', '', 'B'), fc.constantFrom('Long Lane', 'Park Road', 'The Green')), ([number, letter, street]) => {
      expect(safePlaceName(`${number}${letter} ${street}`, 'exact', general)).toBe(street);
    }));
  });
});

describe('the profile', () => {
  const friday = Date.UTC(2024, 0, 5, 21);
  const hour = 3_600_000;

  test('hides a second hour where one alone could be worked out from the total', () => {
    const times = Array.from({ length: 168 }, (_, at) => ({ startMs: Date.UTC(2024, 0, 1) + at * hour, endMs: null, n: at === 3 ? 4 : at === 90 ? 6 : 9 }));
    const { hours, hidden, n } = decideProfile(times, ['2024-01']);
    expect([n, hidden, hours[3]?.n, hours[90]?.n, hours[91]?.n]).toEqual([9 * 166 + 10, 2, null, null, 9]);
  });

  test('counts no hours of months without data, and no incident in them', () => {
    const times = [{ startMs: friday, endMs: null, n: 6 }, { startMs: Date.UTC(2024, 1, 2, 21), endMs: null, n: 6 }, { startMs: Date.UTC(2024, 2, 1, 21), endMs: null, n: 6 }, { startMs: null, endMs: null, n: 2 }];
    const { n, outsideSpan, withoutTime, hours } = decideProfile(times, ['2024-01', '2024-03']);
    expect({ n, outsideSpan, withoutTime }).toEqual({ n: 12, outsideSpan: 6, withoutTime: 2 });
    // Four Fridays in January, five in March 2024; Sunday 31 March skips one o'clock.
    expect(hours.find((one) => one.day === 4 && one.hour === 21)).toMatchObject({ hoursObserved: 9, n: 12 });
    expect(hours.find((one) => one.day === 6 && one.hour === 1)?.hoursObserved).toBe(8);
    expect(hours.find((one) => one.day === 6 && one.hour === 2)?.hoursObserved).toBe(9);
  });

  test('accounts for every incident whatever the spans', () => {
    const span = fc.record({ startMs: fc.integer({ min: Date.UTC(2023, 11, 1), max: Date.UTC(2024, 3, 1) }), hours: fc.integer({ min: 0, max: 40 }), n: fc.integer({ min: 1, max: 9 }) });
    fc.assert(fc.property(fc.array(span, { maxLength: 30 }), (spans) => {
      const times = spans.map(({ startMs, hours, n }) => ({ startMs, endMs: hours === 0 ? null : startMs + hours * hour, n }));
      const { n, outsideSpan } = decideProfile(times, ['2024-01', '2024-02']);
      expect(n + outsideSpan).toBe(times.reduce((sum, time) => sum + time.n, 0));
    }));
  });
});

describe('concentration', () => {
  test('of ten cells by hand', () => {
    const { holding, busiest, cellsWithIncidents } = decideConcentration(Float64Array.from([0, 0, 0, 0, 0, 1, 1, 2, 6, 10]));
    expect(holding).toEqual([{ incidentShare: 0.25, cells: 1, cellShare: 0.1 }, { incidentShare: 0.5, cells: 1, cellShare: 0.1 }, { incidentShare: 0.8, cells: 2, cellShare: 0.2 }]);
    expect(busiest).toEqual([
      { cellShare: 0.1, cells: 1, incidents: 10, incidentShare: 0.5 }, { cellShare: 0.2, cells: 2, incidents: 16, incidentShare: 0.8 }, { cellShare: 0.5, cells: 5, incidents: 20, incidentShare: 1 },
    ]);
    expect(cellsWithIncidents).toBe(5);
  });
});

describe('months to test', () => {
  const held = (months: readonly [string, string][]): Holdings => ({
    months: months.map(([source, month]) => ({ source, month, importId: 'i', rows: 1 })), councils: [], categories: [], sources: [], boundaryVersion: '1',
  });
  const filter = { from: '2023-01', to: '2023-04', months: [], missingMonths: [], councils: [], wholeArea: true, categories: [], sources: [], subtypes: [], weights: [], crossings: [] };

  test('are those every source holds, with enough before them', () => {
    const both = monthsOfAll(held([['a', '2023-01'], ['a', '2023-02'], ['b', '2023-02']]), [{ code: 'a' }, { code: 'b' }]);
    expect([...both]).toEqual(['2023-02']);
    const known = new Set(['2023-01', '2023-02', '2023-03', '2023-04']);
    expect(monthsToTest({}, filter, known, 2)).toEqual(['2023-03', '2023-04']);
    expect(monthsToTest({ from: '2023-01' }, filter, known, 2)).toEqual(['2023-01', '2023-02', '2023-03', '2023-04']);
    expect(() => monthsToTest({}, filter, new Set(['2023-04']), 2)).toThrow('needs 3 months in a row');
  });
});

test('shares in words', () => {
  expect([0.0304, 0.5, 0.0004, 0, 1].map(percentWords)).toEqual(['3.0%', '50.0%', '0.04%', '0.0%', '100.0%']);
});
