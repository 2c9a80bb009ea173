import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellAreaKm2, cellOfPoint } from '../../geo/cells.ts';
import { candidatesFixture, hotCell, touchingCells } from '../support/hotCells.ts';
import { freeTextFault } from '../../server/freeText.ts';
import { decideAdoption, describeCandidates } from '../../server/hotspots/candidates.ts';
import { compareMonths, hotspotMonths } from '../../server/hotspots/comparison.ts';
import type { HotspotMonth } from '../../server/hotspots/hotspotContract.ts';
import { addMonths, dayAfter, monthsBetween, monthStretches } from '../../server/hotspots/months.ts';
import { commonestName, placeLabel, proposedName } from '../../server/hotspots/placeNames.ts';

describe('months', () => {
  test('are counted over the turn of the year', () => {
    expect(addMonths('2023-11', 3)).toBe('2024-02');
    expect(addMonths('2024-02', -3)).toBe('2023-11');
    expect(monthsBetween('2023-12', '2024-02')).toEqual(['2023-12', '2024-01', '2024-02']);
    expect(monthsBetween('2024-02', '2023-12')).toEqual([]);
    expect(dayAfter('2023-12')).toBe('2024-01-01');
  });

  test('are written as stretches', () => {
    expect(monthStretches(['2023-01', '2023-02', '2023-04', '2022-12', '2023-02'])).toBe('2022-12 to 2023-02, 2023-04');
    expect(monthStretches([])).toBe('');
  });

  test('there and back again is where it began', () => {
    fc.assert(fc.property(fc.integer({ min: 1900, max: 2090 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: -500, max: 500 }), (year, month, by) => {
      const text = `${year}-${String(month).padStart(2, '0')}`;
      expect(addMonths(addMonths(text, by), -by)).toBe(text);
    }));
  });
});

describe('place names', () => {
  const general = new Set(['Parking Area', 'Supermarket']);

  test('lose the words police.uk puts before them', () => {
    expect(['On or near High Street', 'On or near ', 'High Street', ' on or near Elm Road'].map(placeLabel)).toEqual(['High Street', '', 'High Street', 'Elm Road']);
  });

  test('say where before what, however common the what', () => {
    const names = [{ name: 'On or near Parking Area', n: 90 }, { name: 'On or near Elm Road', n: 2 }, { name: 'On or near Ash Road', n: 2 }, { name: 'On or near ', n: 50 }];
    expect(commonestName(names, general)).toBe('Ash Road');
    expect(commonestName(names.slice(0, 1), general)).toBe('Parking Area');
    expect(commonestName([], general)).toBe('');
  });

  test('proposed are never taken twice', () => {
    expect(proposedName('Elm Road', 'Grove', general, new Set())).toBe('Elm Road');
    expect(proposedName('Parking Area', 'Grove', general, new Set())).toBe('Parking Area, Grove');
    expect(proposedName('Elm Road', 'Grove', general, new Set(['elm road']))).toBe('Elm Road, Grove');
    expect(proposedName('Elm Road', 'Grove', general, new Set(['elm road', 'elm road, grove']))).toBe('Elm Road, Grove 2');
    expect(proposedName('', null, general, new Set(['unnamed place']))).toBe('Unnamed place 2');
  });
});

describe('candidates', () => {
  test('are merged within the width, named apart, and never hold a cell twice', () => {
    const cells = touchingCells(-1.23, 54.57, 10, 2).map((cell, index) => hotCell({ cell, rank: index + 1, smoothedRate: 500 - index, n: 20, areaKm2: cellAreaKm2(cell) }));
    const candidates = describeCandidates(cells, { ...candidatesFixture, widestMetres: 400 });
    expect(candidates.length).toBeGreaterThan(1);
    expect(candidates.flatMap((one) => one.cells).sort()).toEqual(cells.map((one) => one.cell).sort());
    for (const candidate of candidates) {
      expect(candidate.acrossMetres).toBeLessThanOrEqual(400);
      expect(candidate.n).toBe(20 * candidate.cells.length);
    }
    expect(new Set(candidates.map((one) => one.suggestedName)).size).toBe(candidates.length);
    // The reason is kept with the hotspot, where nothing that looks like a person's may stand.
    expect(candidates.map((one) => freeTextFault(one.why))).toEqual(candidates.map(() => undefined));
  });

  test('leave out what is no candidate and name the live hotspot on their ground', () => {
    const [first = '', second = ''] = touchingCells(-1.23, 54.57, 9, 1);
    const cells = [hotCell({ cell: first }), hotCell({ cell: second, rank: 2, candidate: false })];
    const [candidate, ...more] = describeCandidates(cells, { ...candidatesFixture, live: [{ id: '00000000-0000-4000-8000-000000000001', name: 'Old Market', cells: [first] }] });
    expect(more).toEqual([]);
    expect(candidate).toMatchObject({ cells: [first], hotspotName: 'Old Market', tags: ['single address'] });
  });

  test('of one resolution 9 cell can be adopted anywhere in Great Britain, though cells grow past 400 m in the south', () => {
    fc.assert(fc.property(fc.double({ min: -5.5, max: 1.5, noNaN: true }), fc.double({ min: 50.2, max: 55.8, noNaN: true }), (lng, lat) => {
      const cell = cellOfPoint(lng, lat, 9);
      expect(() => decideAdoption({ cells: [cell], name: 'One', split: false }, [hotCell({ cell })], 400)).not.toThrow();
    }), { numRuns: 200 });
  });
});

describe('a hotspot’s months', () => {
  const held = monthsBetween('2022-10', '2024-01');
  const input = {
    baselineFrom: '2022-10', baselineTo: '2023-09', liveFrom: '2023-10-01', liveTo: null, held,
    inside: held.map((month) => ({ month, n: month < '2023-10' ? 20 : 15 })), council: held.map((month) => ({ month, n: 120 })),
    frozen: monthsBetween('2022-10', '2023-09').map((month) => ({ month, n: 20 })),
  };

  test('compare like with like: the same months, whole and live, beside the rest of the council', () => {
    const months = hotspotMonths(input);
    expect(months).toHaveLength(16);
    expect(months.at(-1)).toEqual({ month: '2024-01', n: 15, live: true, baselineMonth: '2023-01', baseline: 20, rest: 105, restBaseline: 100 });
    const comparison = compareMonths(months, 1);
    expect(comparison).toMatchObject({ months: 4, n: 60, baseline: 80, rest: 420, restBaseline: 400 });
    // (60/80)/(420/400) = 0.714286; ln ± 1.96·√(1/60 + 1/80 + 1/420 + 1/400) = −0.336472 ± 0.361665.
    expect(comparison?.ratio?.value).toBeCloseTo(0.714286, 6);
    expect(comparison?.ratio?.low).toBeCloseTo(Math.exp(-0.336472 - 0.361663), 4);
    expect(comparison?.ratio?.high).toBeCloseTo(Math.exp(-0.336472 + 0.361663), 4);
    expect(comparison?.says).toBe('60 incidents in 4 whole live months, 80 in the same months of the baseline; the rest of the council 420, before 400. Relative to the rest: 0.71 (95% interval 0.50 to 1.03), not told apart from the rest of the council.');
  });

  test('widen the interval by the overdispersion', () => {
    const [narrow, wide] = [1, 4].map((phi) => compareMonths(hotspotMonths(input), phi)?.ratio);
    expect(Math.log(wide!.high) - Math.log(wide!.low)).toBeCloseTo(2 * (Math.log(narrow!.high) - Math.log(narrow!.low)), 9);
  });

  test('without data are blank, not zero, and a month adopted within is no whole one', () => {
    const months = hotspotMonths({ ...input, liveFrom: '2023-10-02', held: held.filter((month) => month !== '2023-11') });
    expect(months.find((one) => one.month === '2023-11')).toMatchObject({ n: null, rest: null });
    expect(months.find((one) => one.month === '2023-10')?.live).toBe(false);
    expect(compareMonths(months, 1)).toMatchObject({ months: 2 });
  });

  test('end with the hotspot', () => {
    const months = hotspotMonths({ ...input, liveTo: '2023-12-15' });
    expect(months.filter((one) => one.live).map((one) => one.month)).toEqual(['2023-10', '2023-11']);
  });

  test('without a baseline have nothing to be compared with', () => {
    const months = hotspotMonths({ ...input, baselineFrom: null, baselineTo: null, frozen: [] });
    expect(months[0]?.month).toBe('2023-10');
    expect(compareMonths(months, 1)).toBeNull();
    expect(hotspotMonths({ ...input, held: [] })).toEqual([]);
  });

  test('carry no ratio on a count under 10', () => {
    const month: HotspotMonth = { month: '2023-10', n: 9, live: true, baselineMonth: '2022-10', baseline: 30, rest: 100, restBaseline: 100 };
    expect(compareMonths([month], 1)).toMatchObject({ ratio: null, says: '9 incidents in one whole live month, 30 in the same months of the baseline; the rest of the council 100, before 100. Too few for a ratio.' });
  });
});
