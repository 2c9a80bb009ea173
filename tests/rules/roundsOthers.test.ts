/** Rounds like the published ones: places by chance and lattices, their best values proved by an integer program, the search held to them. */
import { expect, test } from 'vitest';
import { searchRound } from '../../server/rounds/roundSearch.ts';
import type { RoundProblem } from '../../server/rounds/roundProblem.ts';
import { lattice, provedBest, scattered } from '../support/orienteering.ts';

const found = (problem: RoundProblem): number => searchRound(problem, { seed: 1, tries: 50, starts: 96 }).prize;

// Seed, places, budget and the best value; the second is the one that fewer starts miss.
test.each([
  [1, 20, 25, 160], [2, 20, 45, 340], [3, 24, 35, 285], [4, 24, 60, 530], [5, 28, 30, 335], [6, 28, 50, 460], [7, 32, 40, 400], [8, 32, 70, 725], [9, 30, 20, 140], [10, 26, 55, 415],
])('places by chance %i: %i places, budget %i, best %i', (seed, places, budget, best) => expect(found(scattered(seed, places, budget))).toBe(best));

test.each([[5, false, 24, 204], [5, true, 24, 246], [6, false, 34, 372], [6, true, 30, 396], [7, false, 40, 522], [8, true, 50, 852]] as const)('a lattice of side %i, diamond %s, budget %i, best %i', (side, diamond, budget, best) => {
  expect(found(lattice(side, diamond, budget))).toBe(best);
});

test('the best values are proved: three of them again here', { timeout: 120_000 }, async () => {
  expect([await provedBest(lattice(5, true, 24)), await provedBest(lattice(6, true, 30)), await provedBest(scattered(6, 28, 50))]).toEqual([246, 396, 460]);
});
