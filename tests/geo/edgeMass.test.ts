import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { densityGrid } from '../../geo/density.ts';
import { exactlyEdgeCorrected, kernelMassInside } from '../../geo/edgeMass.ts';
import { kernelAt } from '../../geo/kernel.ts';
import type { Kernel } from '../../geo/kernel.ts';
import { isInside } from '../../geo/shapes.ts';
import { edgeCorrected, studyMask } from '../../geo/studyMask.ts';

const quartic: Kernel = { name: 'quartic', bandwidthMetres: 250 };
const gaussian: Kernel = { name: 'gaussian', bandwidthMetres: 100 };
const square = { type: 'Polygon' as const, coordinates: [[[0, 0], [4000, 0], [4000, 4000], [0, 4000], [0, 0]]] };
const at = (...places: [number, number][]) => ({ x: Float64Array.from(places, ([x]) => x), y: Float64Array.from(places, ([, y]) => y) });

/** The chance that a normal variable is under z. */
const under = (z: number): number => {
  let sum = 0;
  const steps = 20_000;
  for (let k = 0; k < steps; k++) sum += Math.exp(-0.5 * ((z + 10) * ((k + 0.5) / steps) - 10) ** 2);
  return (sum * (z + 10)) / steps / Math.sqrt(2 * Math.PI);
};

describe('the mass of a kernel inside an area', () => {
  it('is all of it well inside, none well outside, half at a straight side and a quarter at a corner', () => {
    for (const kernel of [quartic, gaussian]) {
      const found = kernelMassInside(square, at([2000, 2000], [-900, 2000], [0, 2000], [2000, 4000], [0, 0]), kernel);
      [1, 0, 0.5, 0.5, 0.25].forEach((mass, k) => expect(found[k]).toBeCloseTo(mass, 7));
    }
  });

  it('is the normal chance a distance from a straight side (Gaussian), and the quartic’s own share', () => {
    const found = kernelMassInside(square, at([40, 2000], [100, 2000], [-70, 2000]), gaussian);
    [0.4, 1, -0.7].forEach((z, k) => expect(found[k]).toBeCloseTo(under(z), 7));
    // Beyond u = d/h of the middle the quartic leaves ∫ (16/5π)(1 − t²)^(5/2) dt from u to 1: 0.5 at 0, 0.19 at 0.25 h.
    const share = (u: number): number => {
      let sum = 0;
      for (let k = 0; k < 100_000; k++) sum += (1 - (u + ((1 - u) * (k + 0.5)) / 100_000) ** 2) ** 2.5;
      return ((16 / (5 * Math.PI)) * sum * (1 - u)) / 100_000;
    };
    const quartics = kernelMassInside(square, at([62.5, 2000], [125, 2000], [-200, 2000]), quartic);
    [1 - share(0.25), 1 - share(0.5), share(0.8)].forEach((mass, k) => expect(quartics[k]).toBeCloseTo(mass, 7));
  });

  it('equals adding the kernel up over a fine grid, for areas of any shape, with a hole, drawn either way round', () => {
    const shape = (turned: boolean) => ({ type: 'Polygon' as const, coordinates: [[[0, 0], [900, 100], [700, 800], [350, 420], [0, 700]], [[300, 150], [500, 180], [420, 300]]].map((ring) => (turned ? ring.toReversed() : ring)) });
    fc.assert(
      fc.property(fc.double({ min: -100, max: 900, noNaN: true }), fc.double({ min: -100, max: 800, noNaN: true }), fc.boolean(), (x, y, turned) => {
        const kernel: Kernel = { name: 'quartic', bandwidthMetres: 200 };
        let sum = 0;
        for (let dx = -199; dx < 200; dx += 2) for (let dy = -199; dy < 200; dy += 2) if (isInside(shape(false), x + dx, y + dy)) sum += 4 * kernelAt(kernel, dx * dx + dy * dy);
        expect(kernelMassInside(shape(turned), at([x, y]), kernel)[0]).toBeCloseTo(sum, 2);
      }),
      { numRuns: 25 },
    );
  });

  it('says what is wrong with an area of nothing', () => {
    expect(() => kernelMassInside({ type: 'MultiPolygon', coordinates: [] }, at([0, 0]), quartic)).toThrow('The study area has no outline');
  });
});

describe('a surface corrected exactly', () => {
  const grid = { west: 0, south: 0, cellMetres: 50, columns: 80, rows: 80 };
  /** One incident every 20 m: 2,500 per km². */
  const along = Float64Array.from({ length: 40_000 }, (_, k) => 20 * (k % 200) + 10);
  const many = { x: along, y: Float64Array.from(along, (_, k) => 20 * Math.floor(k / 200) + 10) };

  it('keeps an even field even up to the side, and agrees with the correction by squares', () => {
    const surface = densityGrid(many, grid, quartic, 'exact');
    const exact = exactlyEdgeCorrected(surface, square, grid, quartic);
    expect(Math.max(...exact.map((value) => Math.abs(value / 2500 - 1)))).toBeLessThan(0.005);
    expect(surface[0]! / 2500).toBeLessThan(0.45);
    const bySquares = edgeCorrected(surface, studyMask(square, grid), grid, quartic);
    expect(Math.max(...exact.map((value, k) => Math.abs(value - bySquares[k]!)))).toBeLessThan(0.02 * Math.max(...exact));
  });

  it('is 0 in a hole and outside', () => {
    const holed = { type: 'Polygon' as const, coordinates: [[[0, 0], [2000, 0], [2000, 2000], [0, 2000]], [[500, 500], [500, 1500], [1500, 1500], [1500, 500]]] };
    const exact = exactlyEdgeCorrected(densityGrid(many, grid, quartic, 'exact'), holed, grid, quartic);
    expect(exact[20 * 80 + 20]).toBe(0);
    expect(exact[70 * 80 + 70]).toBe(0);
    expect(exact[5 * 80 + 5]).toBeGreaterThan(0);
    expect(exact.some(Number.isNaN)).toBe(false);
  });
});
