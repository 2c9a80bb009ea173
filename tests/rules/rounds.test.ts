/** Rounds: exact up to 15 stops, against every order there is and against an integer program; searched above that, against published best values. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../geo/random.ts';
import { exactRound, nearBestRounds } from '../../server/rounds/roundExact.ts';
import { type RoundProblem, type RoundStop, roundOf, walk } from '../../server/rounds/roundProblem.ts';
import { searchRound } from '../../server/rounds/roundSearch.ts';
import { solomon, tsiligirides } from '../support/routes.ts';
import { roundByProgram } from '../support/roundProgram.ts';

/** Stops in a square of 2 km walked at 4.8 km/h × 1.3, with windows, and second visits for the first few. */
function problemFor(seed: number, places: number, seconds: number, endBy = 202, free = false): RoundProblem {
  const random = createRandom(seed);
  const points = Array.from({ length: places }, () => [random.uniform() * 2000, random.uniform() * 2000] as const);
  const first: RoundStop[] = points.map(() => {
    const opens = random.uniform() < 0.5 ? 0 : random.integer(0, 120);
    return { prize: random.integer(1, 30) / 10, opens, closes: opens + random.integer(40, 200), minutes: 15 };
  });
  const stops = [...first, ...first.slice(0, seconds).map((stop, index): RoundStop => ({ ...stop, prize: stop.prize / 2, closes: stop.closes + 120, ...(free ? { apartFrom: [index] } : { after: index }) }))];
  const at = [...points, ...points.slice(0, seconds), [1000, 1000] as const, [1000, 1000] as const];
  const travel = Float64Array.from(at.flatMap(([x, y]) => at.map(([a, b]) => (Math.hypot(x - a, y - b) * 1.3) / 80)));
  return { stops, travel, startAt: 0, endBy, apart: 60 };
}

/** The most prize over every order of every choice of stops. */
function byEveryOrder(problem: RoundProblem): number {
  let most = 0;
  const go = (route: number[], prize: number): void => {
    most = Math.max(most, prize);
    for (let next = 0; next < problem.stops.length; next++) {
      if (route.includes(next)) continue;
      const longer = [...route, next];
      if (walk(problem, longer)) go(longer, prize + problem.stops[next]!.prize);
    }
  };
  go([], 0);
  return most;
}

describe('a round of up to 15 stops', () => {
  test.each(Array.from({ length: 24 }, (_, index) => index))('is as good as the best of every order, seed %i', (seed) => {
    const problem = problemFor(seed, 5 + (seed % 2), seed % 3);
    expect(exactRound(problem).prize).toBeCloseTo(byEveryOrder(problem), 9);
  });

  test.each(Array.from({ length: 24 }, (_, index) => index))('is so too where a second visit may be made without the first, seed %i', (seed) => {
    const problem = problemFor(seed, 5, 2, 160, true);
    const exact = exactRound(problem);
    expect(exact.prize).toBeCloseTo(byEveryOrder(problem), 9);
    expect(searchRound(problem, { seed, tries: 50, starts: 16 }).prize).toBeCloseTo(exact.prize, 9);
  });

  test('of eight stops is as good as the best of every order', () => {
    for (const seed of [1, 2]) {
      const problem = problemFor(seed, 8, 0, 120);
      expect(exactRound(problem).prize).toBeCloseTo(byEveryOrder(problem), 9);
    }
  });

  test.each([1, 2, 3])('is as good as an integer program’s, seed %i', { timeout: 60_000 }, async (seed) => {
    const wide = problemFor(seed, 10, 2);
    // Windows of half an hour, or the program’s bound takes minutes to prove.
    const problem = { ...wide, stops: wide.stops.map((stop, index) => ({ ...stop, opens: (index % 6) * 30, closes: (index % 6) * 30 + 30 })) };
    expect(exactRound(problem).prize).toBeCloseTo(await roundByProgram(problem), 5);
  });

  test('keeps every rule, and its times are the earliest', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 3 }), (seed, places, seconds) => {
      const problem = problemFor(seed, Math.max(places, seconds), seconds);
      const round = exactRound(problem);
      const walked = walk(problem, round.route);
      expect(walked?.endsAt).toBe(round.endsAt);
      expect(round.endsAt).toBeLessThanOrEqual(problem.endBy);
      for (const [place, stop] of round.route.entries()) {
        const { opens, closes, after } = problem.stops[stop]!;
        const start = walked!.starts[place]!;
        expect(start).toBeGreaterThanOrEqual(opens);
        expect(start).toBeLessThanOrEqual(closes + 1e-6);
        const sinceFirst = after === undefined ? 60 : start - walked!.starts[round.route.indexOf(after)]! - 15;
        expect(sinceFirst).toBeGreaterThanOrEqual(60 - 1e-6);
      }
    }), { numRuns: 100 });
  });

  test('has sets near the best to draw from, each its own and none under the share', () => {
    const problem = problemFor(7, 12, 2);
    const best = exactRound(problem);
    const near = nearBestRounds(problem, 0.95);
    expect(near.length).toBeGreaterThan(1);
    expect(Math.max(...near.map(({ prize }) => prize))).toBeCloseTo(best.prize, 9);
    expect(Math.min(...near.map(({ prize }) => prize))).toBeGreaterThanOrEqual(0.95 * best.prize - 1e-6);
    expect(new Set(near.map(({ route }) => route.toSorted((a, b) => a - b).join())).size).toBe(near.length);
  });

  test('is empty where nothing fits, and 16 stops are refused in words', () => {
    expect(exactRound({ ...problemFor(1, 5, 0), endBy: 10 }).route).toEqual([]);
    expect(exactRound({ stops: [], travel: new Float64Array(4), startAt: 0, endBy: 100, apart: 60 })).toEqual({ route: [], prize: 0, endsAt: 0 });
    expect(() => exactRound(problemFor(1, 16, 0))).toThrow('The round has 16 stops: at most 15 can be solved exactly. Search instead.');
    expect(() => roundOf(problemFor(1, 3, 0), [0, 0])).toThrow('The route 0, 0 breaks a rule of the round.');
  });
});

describe('a round that is searched', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('finds what the exact one does, second visits included, seed %i', (seed) => {
    const problem = problemFor(seed, 11, 3);
    expect(searchRound(problem, { seed, tries: 50, starts: 16 }).prize).toBeCloseTo(exactRound(problem).prize, 9);
  });

  test('is the same for the same seed and tries, and ends when it is told to', () => {
    const problem = problemFor(3, 30, 5);
    expect(searchRound(problem, { seed: 9, tries: 300 })).toEqual(searchRound(problem, { seed: 9, tries: 300 }));
    let asked = 0;
    expect(searchRound(problem, { seed: 9, tries: 1e6, stop: () => ++asked > 3 }).route.length).toBeGreaterThan(0);
  });
});

const folder = process.env['REAL_DATA'];

describe.runIf(folder)('published instances (where REAL_DATA names their folder)', () => {
  // Best known values: Tsiligirides 1984 sets 1 and 2; Solomon's c1 and r1 with prizes (Righini and Salani 2009).
  const one = [[5, 10], [10, 15], [15, 45], [20, 65], [25, 90], [30, 110], [35, 135], [40, 155], [46, 175], [50, 190], [55, 205], [60, 225], [65, 240], [70, 260], [73, 265], [75, 270], [80, 280], [85, 285]] as const;
  const two = [[15, 120], [20, 200], [23, 210], [25, 230], [27, 230], [30, 265], [32, 300], [35, 320], [38, 360], [40, 395], [45, 450]] as const;
  const windows = [['c101', 320], ['c102', 360], ['c103', 400], ['c104', 420], ['c105', 340], ['r101', 198], ['r102', 286], ['r103', 293], ['r104', 303], ['r105', 247], ['r106', 293]] as const;

  test.each(one)('set 1, budget %i: %i', (budget, best) => expect(searchRound(tsiligirides(folder!, 1, budget), { seed: 1, tries: 50, starts: 32 }).prize).toBe(best));
  test.each(two)('set 2, budget %i: %i', (budget, best) => expect(searchRound(tsiligirides(folder!, 2, budget), { seed: 1, tries: 50, starts: 32 }).prize).toBe(best));
  test.each(windows)('%s with windows: %i', (name, best) => expect(searchRound(solomon(folder!, name), { seed: 1, tries: 500, starts: 24 }).prize).toBe(best));
});
