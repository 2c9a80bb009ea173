/** Published nurse-rostering instances, solved as rotas to the best values known and proved there (schedulingbenchmarks.org). */
import { describe, expect, test } from 'vitest';
import { loadSolver } from '../../server/patrols/solver.ts';
import { solveRota } from '../../server/rota/rotaSolve.ts';
import { rosterInstance } from '../support/rotaRosters.ts';
import { brokenRules, costOf } from '../support/rotaIndependent.ts';

const folder = process.env['REAL_DATA'];
describe.runIf(folder)('published rosters (where REAL_DATA names their folder)', () => {
  test.each([[1, 607], [2, 828], [3, 1001]] as const)('instance %i costs exactly %i', { timeout: 600_000 }, async (number, best) => {
    const problem = { ...rosterInstance(folder ?? '', number), caps: { seeds: 1, iterations: 400_000, rounds: 60, nodes: 1_000_000, seconds: 500 } };
    const plan = solveRota(problem, await loadSolver(), () => 0);
    expect(plan.check.breaches).toEqual([]);
    expect(plan.check.cost).toBe(best);
    expect(plan.bound).toBe(best);
    expect(brokenRules(problem, plan.roster)).toEqual([]);
    expect(costOf(problem, plan.roster)).toBe(best);
  });
});
