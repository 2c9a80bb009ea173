import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, seedFromText } from '../../geo/random.ts';

const many = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a seeded stream', () => {
  it('gives the same numbers for the same seed, for ever', () => {
    const stream = createRandom(2023);
    expect(many(4, () => stream.integer(0, 999))).toEqual([560, 631, 860, 231]);
    expect(many(20, createRandom('hartlepool').uniform)).toEqual(many(20, createRandom('hartlepool').uniform));
    expect(seedFromText('hartlepool')).toBe(231324629);
  });

  it('gives unlike numbers for near seeds', () => {
    const firsts = [0, 1, 2, 1.5, -1, 2 ** 32 + 1].map((seed) => createRandom(seed).uniform());
    expect(new Set(firsts).size).toBe(6);
  });

  it('draws evenly, normally and by Poisson with the right means and spreads', () => {
    const stream = createRandom(7);
    expect(mean(many(20_000, stream.uniform))).toBeCloseTo(0.5, 2);
    const normal = many(20_000, () => stream.normal(10, 2));
    expect(mean(normal)).toBeCloseTo(10, 1);
    expect(Math.sqrt(mean(normal.map((value) => (value - 10) ** 2)))).toBeCloseTo(2, 1);
    for (const lambda of [0, 0.3, 4, 29, 120]) {
      const counts = many(20_000, () => stream.poisson(lambda));
      expect(Math.abs(mean(counts) - lambda)).toBeLessThan(0.03 * Math.sqrt(lambda) + 1e-12);
      expect(mean(counts.map((count) => (count - lambda) ** 2))).toBeCloseTo(lambda, lambda > 20 ? -1 : 0);
    }
  });

  it('picks by weight and never what weighs nothing', () => {
    const stream = createRandom(11);
    const picks = many(10_000, () => stream.pick([0, 1, 3, 0]));
    expect(picks.filter((pick) => pick === 1).length / 10_000).toBeCloseTo(0.25, 1);
    expect(new Set(picks)).toEqual(new Set([1, 2]));
  });

  it('stays within whole-number bounds and shuffles without loss', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -50, max: 50 }), fc.nat(40), (seed, from, span) => {
        const stream = createRandom(seed);
        const value = stream.integer(from, from + span);
        expect(value >= from && value <= from + span && Number.isInteger(value)).toBe(true);
        const items = Array.from({ length: span }, (_, i) => i);
        expect([...stream.shuffle([...items])].sort((a, b) => a - b)).toEqual(items);
      }),
    );
  });

  it('refuses what cannot be drawn', () => {
    expect(() => createRandom(NaN)).toThrow('The random seed is NaN');
    expect(() => createRandom(1).pick([0, 0])).toThrow('every weight is 0');
    expect(() => createRandom(1).poisson(-1)).toThrow('Poisson mean of -1');
    expect(() => createRandom(1).integer(3, 2)).toThrow('from 3 to 2');
  });
});
