import { describe, expect, it } from 'vitest';
import { localMoran } from '../../geo/moran.ts';
import { localMoranMoments } from '../../geo/moranMoments.ts';
import { adjacencyOfRows, queenNeighbours } from '../../geo/neighbours.ts';
import { worstDifference } from './realData.ts';

const x = [0, 1, 0, 2, 1, 1, 3, 2, 1, 0, 0, 2, 9, 4, 1, 1, 1, 5, 3, 0, 0, 0, 1, 1, 0];
const neighbours = queenNeighbours(5, 5, false);
const { local } = localMoran(x, neighbours, 9);
const first = (values: Float64Array): Float64Array => values.subarray(0, 13);

describe('the published moments of local Moran’s I', () => {
  it('are spdep’s over all layouts (Anselin 1995), on the 5 by 5 grid with queen neighbours', () => {
    // spdep 1.2-7: localmoran(x, nb2listw(cell2nb(5, 5, type = "queen")), conditional = FALSE), the first 13 places.
    const { expected, variance, z, ps } = localMoranMoments(x, local, neighbours, 'total');
    expect(expected[0]).toBeCloseTo(-1 / 24, 12);
    expect(worstDifference(first(variance), [0.221039982137, 0.125719231305, 0.125719231305, 0.125719231305, 0.221039982137, 0.125719231305, 0.0721013089614, 0.0721013089614, 0.0721013089614, 0.125719231305, 0.125719231305, 0.0721013089614, 0.0721013089614])).toBeLessThan(1e-11);
    expect(worstDifference(first(z), [0.000283145068733, 0.259430844672, -0.146047175944, -0.117888980068, 0.255113706928, 0.259430844672, 0.576818570312, 0.641887274527, -0.269074584475, -0.146047175944, 0.0735867518896, 0.641887274527, 7.52057886291])).toBeLessThan(1e-9);
    expect(ps[12]! / 5.45342465777e-14).toBeCloseTo(1, 6);
    expect(ps[0]).toBeCloseTo(0.999774082924, 9);
  });

  it('are spdep’s with the place’s own value kept (Sokal, Oden & Thomson 1998)', () => {
    const { expected, variance, z } = localMoranMoments(x, local, neighbours);
    expect(worstDifference(first(expected), [-0.0253095047923, -0.00326144834931, -0.0253095047923, -0.00201344515442, -0.00326144834931, -0.00326144834931, -0.0215654952077, -0.00201344515442, -0.00326144834931, -0.0253095047923, -0.0253095047923, -0.00201344515442, -0.575678913738])).toBeLessThan(1e-11);
    expect(worstDifference(first(variance), [0.18769840904, 0.0134272640816, 0.10189342205, 0.00829965927556, 0.0247344338346, 0.0134272640816, 0.0458704883133, 0.00436824172398, 0.00706698109559, 0.10189342205, 0.10189342205, 0.00436824172398, 0.531027613077])).toBeLessThan(1e-11);
    expect(worstDifference(first(z), [-0.0374480108287, 0.462398631603, -0.213469221272, -0.894081272125, 0.518441223448, 0.462398631603, 0.629321792382, 2.00785244638, -1.31631282975, -0.213469221272, 0.0304956030389, 2.00785244638, 3.50398932311])).toBeLessThan(1e-9);
  });

  it('agree with permutation: the conditional z has the permutation’s order', () => {
    const { ps } = localMoran(x, neighbours, 4999, 'seed');
    const moments = localMoranMoments(x, local, neighbours);
    // One-sided against two-sided.
    expect(Math.abs(ps[7]! - moments.ps[7]! / 2)).toBeLessThan(0.05);
    expect(ps[12]).toBeLessThan(0.01);
    expect(moments.ps[12]).toBeLessThan(0.01);
  });

  it('are 0 with p 1 where nothing varies or nobody is near', () => {
    for (const kind of ['total', 'conditional'] as const) {
      const even = localMoranMoments(new Float64Array(25).fill(4), new Float64Array(25), neighbours, kind);
      expect(new Set([...even.z, ...even.variance])).toEqual(new Set([0]));
      expect(new Set(even.ps)).toEqual(new Set([1]));
      expect([...localMoranMoments([1, 5, 2], new Float64Array(3), adjacencyOfRows([[], [], []], false), kind).ps]).toEqual([1, 1, 1]);
    }
    expect(() => localMoranMoments([1], new Float64Array(2), neighbours)).toThrow('give one of each a place');
  });
});
