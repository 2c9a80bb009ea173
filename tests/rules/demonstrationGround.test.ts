import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isInside, ringArea, type PolygonShape } from '../../geo/shapes.ts';
import { demonstrationCouncils, makeOutlines, outlineSource, wardChangeOn, type DemonstrationOutline } from '../../server/demonstration/outlines.ts';
import { makeGround } from '../../server/demonstration/ground.ts';

const seeds = fc.integer({ min: 0, max: 1_000_000 });
const shape = ({ ring }: DemonstrationOutline): PolygonShape => ({ type: 'Polygon', coordinates: [ring.map(([lng, lat]) => [lng, lat])] });
const onDay = (outlines: readonly DemonstrationOutline[], date: string) => outlines.filter(({ validFrom, validTo }) => validFrom <= date && (validTo === null || date < validTo));
const areaOf = (outlines: readonly DemonstrationOutline[]) => outlines.reduce((sum, { ring }) => sum + ringArea(ring.map(([lng, lat]) => [lng, lat])), 0);

describe('schematic outlines', () => {
  test('say what they are and cover the four councils with 24 wards, one of them divided on a date', () => {
    const outlines = makeOutlines(2023);
    expect(outlineSource).toBe('Schematic outline made for demonstration; not a real boundary');
    expect(outlines.filter(({ kind }) => kind === 'council').map(({ code, name }) => [code, name])).toEqual(demonstrationCouncils.map(({ code, name }) => [code, name]));
    expect(onDay(outlines, '2023-05-03').filter(({ kind }) => kind === 'ward')).toHaveLength(24);
    expect(onDay(outlines, wardChangeOn).filter(({ kind }) => kind === 'ward')).toHaveLength(25);
    expect(outlines.filter(({ code }) => code === 'DEMO-S4').map(({ validFrom, validTo }) => [validFrom, validTo])).toEqual([['2020-01-01', '2023-05-04'], ['2023-05-04', null]]);
  });

  test('are closed, run anticlockwise and pass each corner once', () => {
    fc.assert(fc.property(seeds, (seed) => {
      for (const { ring } of makeOutlines(seed)) {
        expect(ring[0]).toEqual(ring.at(-1));
        expect(new Set(ring.map(String)).size).toBe(ring.length - 1);
        expect(areaOf([{ ring } as DemonstrationOutline])).toBeGreaterThan(0);
      }
    }), { numRuns: 20 });
  });

  test('never overlap: wards fill their council on every day, and any point lies in one council at most', () => {
    fc.assert(fc.property(seeds, fc.double({ min: -1.5, max: -0.85, noNaN: true }), fc.double({ min: 54.48, max: 54.76, noNaN: true }), (seed, lng, lat) => {
      const outlines = makeOutlines(seed);
      for (const date of ['2021-07-01', '2023-05-03', '2023-05-04', '2024-06-30']) {
        for (const council of onDay(outlines, date).filter(({ kind }) => kind === 'council')) {
          const wards = onDay(outlines, date).filter((outline) => outline.kind === 'ward' && outline.councilCode === council.code);
          expect(areaOf(wards)).toBeCloseTo(areaOf([council]), 9);
        }
        const holding = (kind: string) => onDay(outlines, date).filter((outline) => outline.kind === kind && isInside(shape(outline), lng, lat)).map(({ councilCode }) => councilCode);
        expect(holding('council').length).toBeLessThanOrEqual(1);
        expect(holding('ward')).toEqual(holding('council'));
      }
    }), { numRuns: 100 });
  });
});

describe('the ground incidents happen on', () => {
  const ground = makeGround(2023);

  test('lies inside the council it belongs to, on a place with an invented name', () => {
    const outlines = makeOutlines(2023);
    for (const council of ground.councils) {
      const outline = outlines.find(({ kind, code }) => kind === 'council' && code === council.councilCode);
      if (!outline) throw new Error('a council has no outline');
      for (const { lng, lat, placeName } of [...council.streets, ...council.addresses]) {
        expect(isInside(shape(outline), lng, lat)).toBe(true);
        expect(placeName).toMatch(/^(On or near )?Demonstration Street [HMRS]\d+$/);
      }
    }
  });

  test('has hot places at least 700 m apart in a council, and shares that make a whole', () => {
    expect(ground.hotPlaces).toHaveLength(44);
    expect(ground.councils.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    for (const { streets, addresses } of ground.councils) {
      for (const points of [streets, addresses]) expect(points.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
    }
  });

  test('is the same for the same seed and another for another', () => {
    expect(makeGround(2023)).toEqual(ground);
    expect(makeGround(2024).hotPlaces).not.toEqual(ground.hotPlaces);
  });
});
