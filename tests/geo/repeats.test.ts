import { describe, expect, it } from 'vitest';
import { createRandom } from '../../geo/random.ts';
import { nearRepeats, repeatLocations } from '../../geo/repeats.ts';

describe('repeat locations', () => {
  it('are places with several incidents, most first', () => {
    const found = repeatLocations({ x: Float64Array.of(1, 5, 1, 1, 5, 9), y: Float64Array.of(2, 5, 2, 2, 5, 9) });
    expect(found).toEqual({ places: 3, share: 5 / 6, locations: [{ x: 1, y: 2, incidents: [0, 2, 3] }, { x: 5, y: 5, incidents: [1, 4] }] });
    expect(repeatLocations({ x: Float64Array.of(1), y: Float64Array.of(1) }, 1).locations).toHaveLength(1);
    expect(repeatLocations({ x: new Float64Array(), y: new Float64Array() })).toEqual({ places: 0, share: 0, locations: [] });
  });
});

describe('near repeats', () => {
  it('count pairs by band, ends included', () => {
    const found = nearRepeats({ points: { x: Float64Array.of(0, 0, 100, 300), y: new Float64Array(4) }, days: [0, 0, 7, 8], distanceBands: [0, 100, 200], dayBands: [0, 7, 14], seed: 1 });
    // Pairs: same place same day; 0-100 m seven days (twice); 100-300 m one day; 300 m is beyond the bands.
    expect([...found.observed]).toEqual([1, 0, 0, 0, 2, 0, 0, 1, 0]);
  });

  it('stand out when a second incident follows close by, and not when dates are dealt at random', () => {
    const random = createRandom(8);
    const x: number[] = [];
    const y: number[] = [];
    const days: number[] = [];
    for (let k = 0; k < 60; k++) {
      const [east, north, day] = [5000 * random.uniform(), 5000 * random.uniform(), random.integer(0, 300)];
      x.push(east, east + 30);
      y.push(north, north);
      days.push(day, day + 3);
    }
    const input = { points: { x: Float64Array.from(x), y: Float64Array.from(y) }, distanceBands: [100, 400], dayBands: [7, 28], seed: 'near' };
    const planted = nearRepeats({ ...input, days });
    expect(planted.ps[0]).toBe(0.01);
    expect(planted.ratios[0]!).toBeGreaterThan(5);
    const dealt = nearRepeats({ ...input, days: random.shuffle([...days]) });
    expect(dealt.ps[0]!).toBeGreaterThan(0.01);
    expect([...nearRepeats({ ...input, days }).expected]).toEqual([...planted.expected]);
  });

  it('are none for none or one, and refuse undated incidents', () => {
    const bands = { distanceBands: [100], dayBands: [7], seed: 1 };
    expect([...nearRepeats({ points: { x: new Float64Array(), y: new Float64Array() }, days: [], ...bands }).ratios]).toEqual([0]);
    expect([...nearRepeats({ points: { x: Float64Array.of(1), y: Float64Array.of(1) }, days: [3], ...bands }).ps]).toEqual([1]);
    expect(() => nearRepeats({ points: { x: Float64Array.of(1), y: Float64Array.of(1) }, days: [NaN], ...bands })).toThrow('An incident has no day');
    expect(() => nearRepeats({ points: { x: Float64Array.of(1), y: Float64Array.of(1) }, days: [], ...bands })).toThrow('0 days');
    expect(() => nearRepeats({ points: { x: Float64Array.of(1), y: Float64Array.of(1) }, days: [1], ...bands, dayBands: [] })).toThrow('at least one band');
  });
});
