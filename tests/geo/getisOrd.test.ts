import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustedPs, discoveries, neighbourOnly } from '../../geo/falseDiscovery.ts';
import { getisOrd, getisOrdStar } from '../../geo/getisOrd.ts';
import { adjacencyOfRows, distanceNeighbours, queenNeighbours } from '../../geo/neighbours.ts';
import { normalBelow, normalQuantile, twoSidedP, twoSidedPs } from '../../geo/normal.ts';
import { numberRows, orWhyNot, readRealData, realData, worstDifference } from './realData.ts';

// R spdep 1.2.7 localG() on a 5 × 5 grid, queen neighbours with self, binary; p by pnorm, p_BH by p.adjust.
const field = [0, 1, 0, 2, 1, 1, 3, 2, 1, 0, 0, 2, 9, 4, 1, 1, 1, 5, 3, 0, 0, 0, 1, 1, 0];
const fieldZ = [-0.331139134544, -0.540988514101, -0.0825236716426, -0.770220935331, -0.598186823692, -0.540988514101, 0.807685724791, 2.03145197448, 1.21560780802, -0.0825236716426, -0.311756092872, 2.03145197448, 3.25521822416, 2.23541301609, -0.0825236716426, -1.22868577779, 1.01164676641, 2.4393740577, 2.03145197448, -0.0825236716426, -1.13228220199, -0.311756092872, 0.375941170816, 0.146708749587, -0.598186823692];
const fieldP = [0.740539392463, 0.588515499545, 0.934230295283, 0.441168847313, 0.549715282294, 0.588515499545, 0.419271523441, 0.0422091666195, 0.22413435836, 0.934230295283, 0.755225894889, 0.0422091666195, 0.00113305267846, 0.0253902463752, 0.934230295283, 0.219189640583, 0.311706976755, 0.0147127301082, 0.0422091666195, 0.934230295283, 0.257515810277, 0.755225894889, 0.70696063194, 0.883361912167, 0.549715282294];
const fieldAdjusted = [0.934230295283, 0.91955546804, 0.934230295283, 0.919101765235, 0.91955546804, 0.91955546804, 0.919101765235, 0.175871527581, 0.700419869876, 0.934230295283, 0.934230295283, 0.175871527581, 0.0283263169615, 0.175871527581, 0.934230295283, 0.700419869876, 0.779267441888, 0.175871527581, 0.175871527581, 0.934230295283, 0.715321695214, 0.934230295283, 0.934230295283, 0.934230295283, 0.91955546804];

// PySAL esda G_Local docstring, and R spdep 1.2.7 localG() on the same six points, neighbours within 15, binary.
const sixX = [10, 20, 40, 15, 30, 30];
const sixY = [10, 10, 10, 20, 20, 30];
const six = [2, 3, 3.2, 5, 8, 7];

describe('Gi*', () => {
  it('equals spdep on the 5 by 5 grid, with its p and its Benjamini-Hochberg p', () => {
    const z = getisOrdStar(field, queenNeighbours(5, 5));
    expect(worstDifference(z, fieldZ)).toBeLessThan(1e-9);
    expect(worstDifference(twoSidedPs(z), fieldP)).toBeLessThan(1e-9);
    expect(worstDifference(adjustedPs(twoSidedPs(z)), fieldAdjusted)).toBeLessThan(1e-9);
    expect([...discoveries(twoSidedPs(z))].flatMap((flag, i) => (flag ? i : []))).toEqual([12]);
  });

  it('equals PySAL and spdep on six points, with self and without', () => {
    const near = (includeSelf: boolean) => distanceNeighbours(sixX, sixY, 15, includeSelf);
    expect(worstDifference(getisOrdStar(six, near(true)), [-1.397276262, -0.289177616, 0.650649635, -0.289177616, 1.234520884, 2.024243309])).toBeLessThan(1e-9);
    expect(worstDifference(getisOrd(six, near(false)), [-1.0136728986, -0.0436158942, 1.315587029, -0.3141267582, 1.1537398581, 1.7783394086])).toBeLessThan(1e-9);
  });

  it('does not change with the order of the places, nor with scale or a constant added', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 12, maxLength: 12 }), fc.integer({ min: 1, max: 90 }), fc.integer({ min: 0, max: 500 }), (values, factor, added) => {
        const grid = queenNeighbours(4, 3);
        const z = getisOrdStar(values, grid);
        expect(worstDifference(getisOrdStar(values.map((value) => value * factor + added), grid), z)).toBeLessThan(1e-8);
        const turned = getisOrdStar(values.toReversed(), grid);
        expect(worstDifference(turned, z.toReversed())).toBeLessThan(1e-9);
      }),
    );
  });

  it('finds nothing in a constant field, whatever its value, and never NaN', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (value) => {
        const z = getisOrdStar(Array.from({ length: 12 }, () => value), queenNeighbours(4, 3));
        expect([...z]).toEqual(Array.from({ length: 12 }, () => 0));
      }),
    );
  });

  it('is 0 for one place, for a row that is the whole area, and empty for none', () => {
    expect([...getisOrdStar([5], adjacencyOfRows([[0]], true))]).toEqual([0]);
    expect([...getisOrdStar([5, 1], adjacencyOfRows([[0, 1], [0, 1]], true))]).toEqual([0, 0]);
    expect([...getisOrdStar([], adjacencyOfRows([], true))]).toEqual([]);
    expect([...getisOrd([3, 3, 3], adjacencyOfRows([[1], [0, 2], [1]], false))]).toEqual([0, 0, 0]);
    expect([...getisOrd([7], adjacencyOfRows([[]], false))]).toEqual([0]);
  });

  it('says what is wrong with its input', () => {
    expect(() => getisOrdStar([1, 2], adjacencyOfRows([[0]], true))).toThrow('There are 2 values for 1 places');
    expect(() => getisOrdStar([1], adjacencyOfRows([[]], false))).toThrow('build the neighbours with self');
    expect(() => getisOrd([1], adjacencyOfRows([[0]], true))).toThrow('build the neighbours without self');
    expect(() => getisOrdStar([1, NaN], adjacencyOfRows([[0], [1]], true))).toThrow('a value that is not a number');
  });
});

describe('false-discovery control', () => {
  it('follows the paper`s own fifteen p-values: four are called at .05', () => {
    // Benjamini & Hochberg 1995, section 3.1.
    const ps = Float64Array.of(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1);
    expect(discoveries(ps).reduce((sum, flag) => sum + flag, 0)).toBe(4);
  });

  it('never calls more at a stricter rate, and adjusted p keep the order of p', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 }), (list) => {
        const ps = Float64Array.from(list);
        const [strict, lax] = [discoveries(ps, 0.01), discoveries(ps, 0.1)];
        expect(strict.every((flag, i) => flag <= lax[i]!)).toBe(true);
        const adjusted = adjustedPs(ps);
        expect(adjusted.every((p, i) => p >= ps[i]! - 1e-15 && p <= 1)).toBe(true);
        list.forEach((p, i) => list.forEach((q, j) => expect(p <= q ? adjusted[i]! <= adjusted[j]! : true).toBe(true)));
      }),
    );
  });

  it('flags a called place with nothing of its own', () => {
    expect([...neighbourOnly(Uint8Array.of(1, 1, 0), [0, 3, 0])]).toEqual([1, 0, 0]);
    expect(() => adjustedPs(Float64Array.of(0.1, 1.2))).toThrow('p number 1 is 1.2');
  });
});

describe('normal chances', () => {
  it('are the tabled ones, far into the tail', () => {
    // erfc(z/√2) of the C library.
    for (const [z, p] of [[1, 0.31731050786291415], [1.959963984540054, 0.05], [5, 5.733031437583892e-7], [10, 1.5239706048321186e-23], [30, 9.813427854297528e-198]] as const) {
      expect(twoSidedP(z) / p).toBeCloseTo(1, 10);
      expect(twoSidedP(-z)).toBe(twoSidedP(z));
    }
    expect(twoSidedP(0)).toBe(1);
    expect(normalBelow(1.6448536269514722)).toBeCloseTo(0.95, 12);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 10);
  });
});

describe.runIf(realData)(`Gi* against other tools on real data${orWhyNot}`, () => {
  it('equals spdep on 2,620 squares of 500 m, Gi* and Gi, to the printed figure', () => {
    const rows = numberRows(readRealData('reference', 'grid500_asb2025_count_gistar_spdep.csv'));
    const at = new Map(rows.map((row, i) => [`${row[0]} ${row[1]}`, i]));
    const near = (includeSelf: boolean) => {
      const steps = [-500, 0, 500].flatMap((dx) => [-500, 0, 500].map((dy) => [dx, dy] as const)).filter(([dx, dy]) => includeSelf || dx !== 0 || dy !== 0);
      return adjacencyOfRows(rows.map(([x, y]) => steps.flatMap(([dx, dy]) => at.get(`${x! + dx} ${y! + dy}`) ?? [])), includeSelf);
    };
    const counts = rows.map((row) => row[2]!);
    const z = getisOrdStar(counts, near(true));
    expect(rows).toHaveLength(2620);
    expect(worstDifference(z, rows.map((row) => row[4]!))).toBeLessThan(5.1e-7);
    expect(Math.max(...z)).toBeCloseTo(17.05449, 5);
    expect(z.filter((value) => value > 1.96)).toHaveLength(311);
    const withoutSelf = near(false);
    const linked = rows.map((_, i) => i).filter((i) => withoutSelf.offsets[i + 1]! > withoutSelf.offsets[i]!);
    const gi = getisOrd(counts, withoutSelf);
    expect(worstDifference(linked.map((i) => gi[i]!), linked.map((i) => rows[i]![5]!))).toBeLessThan(5.1e-7);
  });

  it('equals the published Gi of cell 120 in the 256 cells of Getis & Ord 1996, at four distances', () => {
    // The figures are Gi (the cell itself left out), as in spdep's help page for localG.
    const rows = numberRows(readRealData('reference', 'getisord1996_256cells.csv'));
    const [x, y, values] = [0, 1, 2].map((k) => rows.map((row) => row[k]!)) as [number[], number[], number[]];
    const found = [30, 60, 90, 120].map((distance) => getisOrd(values, distanceNeighbours(x, y, distance, false))[119]!);
    expect(worstDifference(found, [1.221979, 1.748098, 1.986135, 1.893374])).toBeLessThan(1e-6);
  });
});
