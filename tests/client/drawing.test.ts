/** Where things stand on charts and in which class they fall on maps. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bands, describe as inWords, extent, labelStep, linear, niceTicks, wholeTicks } from '../../client/chartScale.ts';
import { count } from '../../client/format.ts';
import { classesAt, classesOf, classFor } from '../../client/map/classes.ts';
import { neutralCss } from '../../server/client.ts';

describe('axes', () => {
  test('ticks are round and hold all values', () => {
    expect(niceTicks(0, 246)).toEqual([0, 100, 200, 300]);
    expect(niceTicks(0, 1)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(niceTicks(-12, 30)).toEqual([-20, 0, 20, 40]);
    expect(niceTicks(0, 0)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(wholeTicks(0, 2)).toEqual([0, 1, 2, 3, 4]);
  });

  test('whatever the values, the first tick is at or below and the last at or above', () => {
    fc.assert(fc.property(fc.double({ min: -1e9, max: 0, noNaN: true }), fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (low, high) => {
      const ticks = niceTicks(low, high);
      const hair = (high - low) * 1e-6;
      expect(ticks[0]).toBeLessThanOrEqual(low + hair);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(high - hair);
      expect(ticks.length).toBeLessThan(12);
    }));
  });

  test('scales and bands', () => {
    expect(linear([0, 10], [200, 0])(2.5)).toBe(150);
    expect(linear([5, 5], [0, 10])(5)).toBe(0);
    const four = bands(4, [0, 400], 0.5);
    expect([four.width, four.left(0), four.left(3), four.middle(1)]).toEqual([50, 25, 325, 150]);
    expect(labelStep(36, 600, 60)).toBe(4);
    expect(extent([{ values: [1, null, 3] }, { values: [2, 5, 4] }], true)).toEqual([0, 7]);
    expect(extent([{ values: [1, -2, 3] }], false)).toEqual([-2, 3]);
    expect(extent([], false)).toEqual([0, 0]);
  });

  test('a chart says its ends, its highest and its lowest, and that nothing is known', () => {
    const labels = ['April', 'May', 'June'];
    expect(inWords({ labels, write: count, series: [{ name: 'This year', values: [10, null, 1200] }] })).toBe('This year: from 10 (April) to 1,200 (June), highest 1,200 (June), lowest 10 (April). The figures follow as a table.');
    expect(inWords({ labels, write: count, series: [{ name: 'Before', values: [null, null, null] }] })).toContain('Before: no figures');
  });
});

describe('map classes', () => {
  test('breaks are rounded to two digits and read as words', () => {
    const classes = classesOf([0, 9.52, 38.1, 119.7, 163, 304, 600], { unit: 'incidents per km²' });
    expect(classes.map((one) => one.from)).toEqual([9.5, 38, 110, 160, 300]);
    expect(classes.map((one) => one.range)).toEqual(['9.5 to under 38', '38 to under 110', '110 to under 160', '160 to under 300', '300 or more']);
    expect(classes[1]?.words).toBe('38 to under 110 incidents per km²');
  });

  test('repeated values make fewer classes, nothing makes none', () => {
    expect(classesOf([3, 3, 3], { unit: 'incidents' })).toHaveLength(1);
    expect(classesOf([0, 0], { unit: 'incidents' })).toEqual([]);
  });

  test('a value falls in the class that starts at or below it', () => {
    const classes = classesAt([1, 10, 100], 'incidents');
    expect(classFor(10, classes)?.from).toBe(10);
    expect(classFor(9.99, classes)?.from).toBe(1);
    expect(classFor(0, classes)).toBeUndefined();
    expect(classFor(null, classes)).toBeUndefined();
  });

  test('every value above 0 has a class, and the classes are in order', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
      const classes = classesOf(values, { unit: 'x' });
      for (const value of values) expect(classFor(value, classes)).toBeDefined();
      for (const [index, one] of classes.entries()) expect(one.below).toBe(classes[index + 1]?.from ?? null);
    }));
  });
});

describe('the stylesheet', () => {
  test('nothing of GOV.UK’s own identity is left in it', () => {
    const css = neutralCss('@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2)}.a{font-family:GDS Transport,arial,sans-serif;font-size:1.1875rem}.b{background:url(/assets/images/govuk-crest.svg)}');
    expect(css).toBe('.a{font-family:var(--font);font-size:1rem}.b{background:none}');
  });
});
