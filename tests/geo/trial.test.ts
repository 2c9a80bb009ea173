import { describe, expect, it } from 'vitest';
import { tryPlaces } from '../../geo/trial.ts';

const even = (periods: number, each: number): number[] => Array.from({ length: periods }, () => each);
/** Three places of 1 km² over eight periods: 4, 1 and 1 a period. */
const counts = [...even(8, 4), ...even(8, 1), ...even(8, 1)];
const hits = (each: number) => ({ areaKm2: 1, hits: even(8, each) });
const input = { counts, periods: 8, areasKm2: [1, 1, 1] };

describe('sets tried on the same periods', () => {
  it('are scored by hit rate, PAI and PEI', () => {
    const [best, worst, part] = tryPlaces({ ...input, sets: [hits(4), hits(1), { areaKm2: 1.5, hits: even(8, 4.5) }] });
    expect(best).toMatchObject({ areaShare: 1 / 3, hits: 32, hitRate: 2 / 3, pei: 1 });
    expect(best?.pai).toBeCloseTo(2, 12);
    expect(worst?.pai).toBeCloseTo(0.5, 12);
    expect(worst?.pei).toBeCloseTo(0.25, 12);
    // 1.5 km² at best: all of the first place and half of another.
    expect(part?.pei).toBeCloseTo(1, 12);
    // Every period is the same, so drawing them again changes nothing.
    expect(best?.intervals?.hitRate).toEqual({ lower: 2 / 3, upper: 2 / 3 });
    expect(worst?.intervals?.paiDifference.upper).toBeCloseTo(-1.5, 12);
  });

  it('have intervals about their score where periods differ, the same for the same seed', () => {
    const uneven = counts.map((count, k) => count + ((k * 7) % 5));
    const sets = [{ areaKm2: 1, hits: uneven.slice(0, 8) }, { areaKm2: 1, hits: uneven.slice(8, 16) }];
    const run = (seed: string) => tryPlaces({ ...input, counts: uneven, sets, seed });
    const [first] = run('a');
    expect(first!.intervals!.hitRate.lower).toBeLessThan(first!.hitRate);
    expect(first!.intervals!.hitRate.upper).toBeGreaterThan(first!.hitRate);
    expect(run('a')).toEqual(run('a'));
    expect(run('b')).not.toEqual(run('a'));
  });

  it('have no interval with too few periods or nothing to catch, and never NaN', () => {
    expect(tryPlaces({ counts: [1, 1], periods: 2, areasKm2: [1], sets: [{ areaKm2: 1, hits: [1, 1] }] })[0]?.intervals).toBeNull();
    expect(tryPlaces({ counts: even(24, 0), periods: 8, areasKm2: [1, 1, 1], sets: [hits(0)] })[0]).toEqual({ areaShare: 1 / 3, hits: 0, hitRate: 0, pai: 0, pei: 0, intervals: null });
  });

  it('say what is wrong with their input', () => {
    expect(() => tryPlaces({ ...input, sets: [{ areaKm2: 0, hits: even(8, 0) }] })).toThrow('Set 0 covers 0 km²: choose at least one place with an area.');
    expect(() => tryPlaces({ ...input, sets: [{ areaKm2: 1, hits: [1] }] })).toThrow('Set 0 has counts for 1 of 8 periods');
    expect(() => tryPlaces({ ...input, areasKm2: [1], sets: [] })).toThrow('24 counts are not 8 periods for 1 places');
  });
});
