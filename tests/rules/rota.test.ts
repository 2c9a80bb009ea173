/** Rotas made: no rule broken, judged by a checker of its own; near what can be proved; the same again from the same seed. */
import { describe, expect, test } from 'vitest';
import { checkRota } from '../../server/rota/rotaCheck.ts';
import type { Roster } from '../../server/rota/rotaProblem.ts';
import { createDraftPool } from '../../server/rota/rotaPool.ts';
import { greedyRota, solveRota } from '../../server/rota/rotaSolve.ts';
import { loadSolver } from '../../server/patrols/solver.ts';
import { createRandom } from '../../geo/random.ts';
import { rotaFixture } from '../support/rotaFixtures.ts';
import { brokenRules, costOf } from '../support/rotaIndependent.ts';
import { wildRota } from '../support/rotaWild.ts';

const noClock = (): number => 0;
const caps = { seeds: 2, iterations: 150_000, rounds: 4, nodes: 200, seconds: 600 };

describe('a rota made', () => {
  test('breaks no hard rule in 1,000 random problems, and costs what an independent checker adds up', { timeout: 300_000 }, () => {
    const wrong: string[] = [];
    let shifts = 0;
    for (let seed = 1; seed <= 1000; seed++) {
      const problem = wildRota(seed);
      const { roster, check } = solveRota(problem, null, noClock);
      shifts += roster.assignments.length;
      wrong.push(...brokenRules(problem, roster).map((rule) => `seed ${seed}: ${rule}`));
      if (Math.abs(costOf(problem, roster) - check.cost) > 1e-6) wrong.push(`seed ${seed} costs ${check.cost}, not ${costOf(problem, roster)}`);
    }
    expect(wrong).toEqual([]);
    expect(shifts).toBeGreaterThan(10_000);
  });

  test('is the same again from the same seed and caps, in the thread too', { timeout: 120_000 }, async () => {
    const problem = rotaFixture(7, 5, { caps: { ...caps, iterations: 20_000, nodes: 1 } });
    const solver = await loadSolver();
    const first = solveRota(problem, solver, noClock);
    expect(solveRota(problem, solver, noClock)).toEqual(first);
    expect(solveRota({ ...problem, seed: 8 }, null, noClock).roster).not.toEqual(solveRota(problem, null, noClock).roster);
  });

  test('beats the greedy one, and says what each method reached', async () => {
    const problem = rotaFixture(3, 10, { caps });
    const greedy = greedyRota(problem);
    const plan = solveRota(problem, null, noClock);
    expect(brokenRules(problem, greedy.roster)).toEqual([]);
    expect(greedy.check.cost).toBe(costOf(problem, greedy.roster));
    // The service makes the first draft in a thread of its own.
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    expect(await createDraftPool()(problem)).toEqual(greedy);
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(5);
    expect(plan.check.cost).toBeLessThan(greedy.check.cost);
    expect(plan.reached.map(({ method }) => method)).toEqual(['greedy', 'annealing']);
    expect([plan.bound, plan.gap]).toEqual([null, null]);
  });

  test('stops when time is up and still breaks nothing', () => {
    let ticks = 0;
    const problem = rotaFixture(2, 12, { caps: { ...caps, iterations: 50_000_000, seconds: 1 } });
    const plan = solveRota(problem, null, () => ticks++ * 100);
    expect(plan.outOfTime).toBe(true);
    expect(brokenRules(problem, plan.roster)).toEqual([]);
  });

  test('of 8 wardens is proved the best, and annealing alone lies within 2 % of it', { timeout: 300_000 }, async () => {
    const problem = rotaFixture(1, 8, { caps: { seeds: 3, iterations: 400_000, rounds: 60, nodes: 100_000, seconds: 600 } });
    const plan = solveRota(problem, await loadSolver(), noClock);
    const annealed = plan.reached.find(({ method }) => method === 'annealing')?.cost ?? Number.POSITIVE_INFINITY;
    expect(brokenRules(problem, plan.roster)).toEqual([]);
    expect(plan.check.cost).toBe(costOf(problem, plan.roster));
    expect([plan.bound, plan.gap]).toEqual([plan.check.cost, 0]);
    expect(annealed).toBeLessThanOrEqual(1.02 * plan.check.cost);
  });

  test.each([1, 2])('of 40 wardens lies within 15 % of the bound, seed %i', { timeout: 120_000 }, async (seed) => {
    const problem = rotaFixture(seed, 40, { caps: { ...caps, seeds: 1, iterations: 2_000_000 } });
    const plan = solveRota(problem, await loadSolver(), noClock);
    expect(brokenRules(problem, plan.roster)).toEqual([]);
    expect(plan.check.cost).toBe(costOf(problem, plan.roster));
    expect(plan.bound).not.toBeNull();
    expect((plan.check.cost - (plan.bound ?? 0)) / (plan.bound ?? 1)).toBeLessThan(0.15);
  });
});

describe('the check of a rota', () => {
  test('finds a breach wherever an independent checker does, and adds up to the same cost, on 100 rosters thrown together', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const problem = wildRota(seed);
      const random = createRandom(seed);
      const roster: Roster = { assignments: problem.wardens.flatMap(({ id }) => problem.shifts.filter(() => random.uniform() < 0.25).map((shift) => ({ wardenId: id, shiftId: shift.id }))) };
      const { breaches, cost, penalties } = checkRota(problem, roster);
      const broken = new Set(brokenRules(problem, roster).map((rule) => rule.split(' ')[0]));
      const found = new Set(breaches.filter(({ shiftId }) => shiftId !== null).map(({ wardenId }) => problem.wardens.find(({ id }) => id === wardenId)?.reference));
      expect(found, `seed ${seed}`).toEqual(broken);
      expect(cost, `seed ${seed}`).toBeCloseTo(costOf(problem, roster), 6);
      expect(penalties.reduce((sum, one) => sum + one.count * one.weight, 0)).toBeCloseTo(cost, 6);
    }
  });
});
