/** Who is patrolled: shares with their intervals, and what they do and do not show. */
import { describe, expect, test } from 'vitest';
import { equalityReport, shareOfHours, type SmallArea, wilson } from '../../server/evaluation/equality.ts';

const area = (code: string, decile: number, incidents: number, young = 100): SmallArea => ({ code, decile, persons: 1000, young, incidents });
const facts = { councilName: 'Hartlepool', period: 'March 2024', demonstration: false, indexYear: 2019, populationYear: 2021 };

describe('intervals', () => {
  test('Wilson’s, as published for 10 of 100 (5.5 to 17.4 %) and for 0 of 10 (0 to 27.8 %)', () => {
    expect([wilson(10, 100)!.low.toFixed(1), wilson(10, 100)!.high.toFixed(1)]).toEqual(['5.5', '17.4']);
    expect([wilson(0, 10)!.low, wilson(0, 10)!.high.toFixed(1)]).toEqual([0, '27.8']);
    expect(wilson(0, 0)).toBeUndefined();
  });

  test('of hours: four places alike, two of them inside: half, ± 1.96 × √(4 ⁄ 3) ⁄ 4 = 57 points, cut at 0 and 100', () => {
    const half = [true, true, false, false].map((inside) => ({ minutes: 60, inside }));
    expect(shareOfHours(half)).toEqual({ share: 50, low: 0, high: 100 });
    const many = Array.from({ length: 400 }, (_, nth) => ({ minutes: 60, inside: nth % 2 === 0 }));
    expect(shareOfHours(many)!.low).toBeCloseTo(45.09, 1);
    expect(shareOfHours([{ minutes: 60, inside: true }])).toBeUndefined();
    expect(shareOfHours([{ minutes: 0, inside: true }, { minutes: 0, inside: false }])).toBeUndefined();
  });
});

describe('the report', () => {
  test('names a difference only where hours and incidents lie apart', () => {
    const areas = [area('A', 1, 500), area('B', 10, 500)];
    const places = Array.from({ length: 60 }, (_, nth) => ({ area: nth < 54 ? 'A' : 'B', personMinutes: 60 }));
    const [byTenth] = equalityReport({ ...facts, areas, places }).tables;
    expect(byTenth?.rows.map((row) => [row[0], row[1], row[2], row[4], row[5]])).toEqual([['1, most deprived', 50, 50, 90, 90], ['10, least deprived', 50, 50, 10, 10]]);
    expect(byTenth?.says).toEqual(['“1, most deprived” gets more of the hours than of the incidents; “10, least deprived” gets less of the hours than of the incidents. This shows where hours went, not why, and not how people were treated.']);
    const [fair] = equalityReport({ ...facts, areas, places: places.map((place, nth) => ({ ...place, area: nth % 2 === 0 ? 'A' : 'B' })) }).tables;
    expect(fair?.says[0]).toContain('This does not show that there is no difference.');
  });

  test('without data it says so instead of 0', () => {
    const [byTenth] = equalityReport({ ...facts, indexYear: null, areas: [area('A', 1, 5)], places: [] }).tables;
    expect([byTenth?.rows, byTenth?.says]).toEqual([[], ['The data for this are not held. Import them first.']]);
    expect(equalityReport({ ...facts, areas: [], places: [] }).tables).toEqual([]);
  });
});
