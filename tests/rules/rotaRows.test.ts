/** A small team's rota searched by whole rows: the pricing against every row there is, the bound against the whole-number programme. */
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../geo/random.ts';
import { addDays } from '../../server/patrols/calendar.ts';
import { loadSolver } from '../../server/patrols/solver.ts';
import { open } from '../../server/rota/rotaDayGraph.ts';
import { gridOf, type RotaGrid } from '../../server/rota/rotaGrid.ts';
import { createPricing } from '../../server/rota/rotaPricing.ts';
import type { RotaProblem } from '../../server/rota/rotaProblem.ts';
import { programOf } from '../../server/rota/rotaProgram.ts';
import { createPool } from '../../server/rota/rotaRowPool.ts';
import { solveRota } from '../../server/rota/rotaSolve.ts';
import { rotaFixture } from '../support/rotaFixtures.ts';
import { brokenRules, costOf } from '../support/rotaIndependent.ts';
import { wildRota } from '../support/rotaWild.ts';

const noClock = (): number => 0;

/** A wild problem's first days, with few wardens. */
function shortened(seed: number, days: number, wardens: number): RotaProblem {
  const wild = wildRota(seed);
  const kept = wild.wardens.slice(0, wardens);
  const isThere = (id: string): boolean => kept.some((warden) => warden.id === id);
  return { ...wild, days, wardens: kept, pairs: wild.pairs.filter(({ first, second }) => isThere(first) && isThere(second)), shifts: wild.shifts.filter(({ date }) => date < addDays(wild.from, days)) };
}

/** The least that any row of a warden costs that keeps the rules, prices and fixed cells in it. */
function leastOfAll(grid: RotaGrid, warden: number, prices: Float64Array, must: Int32Array): number {
  const pool = createPool(grid);
  const cells = new Int32Array(grid.days).fill(-1);
  let least = Number.POSITIVE_INFINITY;
  const choose = (day: number): void => {
    if (day === grid.days) {
      const row = pool.rows[pool.add(warden, cells.slice())]!;
      if (row.hard === 0) least = Math.min(least, row.cost + cells.reduce((sum, shift) => sum + (shift < 0 ? 0 : prices[shift]!), 0));
      return;
    }
    for (const shift of [-1, ...grid.ofDay[day]!.filter((one) => grid.allowed[warden * grid.shifts.length + one] === 1)]) {
      if (must[day] !== open && must[day] !== shift) continue;
      cells[day] = shift;
      choose(day + 1);
    }
    cells[day] = -1;
  };
  choose(0);
  return least;
}

describe('the cheapest row of one warden', () => {
  test('is the cheapest of all rows, and never dearer where a rule is not seen', { timeout: 120_000 }, () => {
    let exact = 0;
    let all = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const grid = gridOf(shortened(seed, 6, 2));
      const random = createRandom(`prices ${seed}`);
      for (let warden = 0; warden < grid.wardens; warden++) {
        const prices = Float64Array.from(grid.shifts, () => random.integer(-50, 10));
        const must = Int32Array.from({ length: grid.days }, () => (random.uniform() < 0.15 ? -1 : open));
        const [priced] = createPricing(grid, warden)(prices, Number.POSITIVE_INFINITY, must);
        const least = leastOfAll(grid, warden, prices, must);
        all++;
        if (least === Number.POSITIVE_INFINITY) continue;
        expect(priced?.cost, `seed ${seed}, warden ${warden}`).toBeLessThanOrEqual(least + 1e-6);
        if (Math.abs((priced?.cost ?? 0) - least) < 1e-6) exact++;
      }
    }
    expect(all).toBeGreaterThan(90);
    expect(exact).toBeGreaterThan(0.9 * all);
  });

  test('leaves out what costs as much as asked or more', () => {
    const grid = gridOf(rotaFixture(1, 6));
    const prices = new Float64Array(grid.shifts.length).fill(-20);
    const must = new Int32Array(grid.days).fill(open);
    const price = createPricing(grid, 0);
    const best = price(prices, Number.POSITIVE_INFINITY, must)[0]!.cost;
    expect(price(prices, best, must)).toEqual([]);
    expect(price(prices, best + 1, must)[0]?.cost).toBe(best);
  });
});

describe('a rota searched by rows', () => {
  test('keeps every rule, and its bound never lies above what the whole-number programme proves', { timeout: 300_000 }, async () => {
    const solver = await loadSolver();
    let proved = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const problem = { ...shortened(seed, 10, 4), caps: { seeds: 1, iterations: 5000, rounds: 3, nodes: 1, seconds: 1000 } };
      const grid = gridOf(problem);
      const program = programOf(grid, true);
      const whole = solver.solveWhole(program.model, program.whole, { relativeGap: 0, absoluteGap: 0.999, nodes: 100_000, seconds: 100 }, null);
      const plan = solveRota(problem, solver, noClock);
      expect(brokenRules(problem, plan.roster), `seed ${seed}`).toEqual([]);
      expect(plan.check.cost, `seed ${seed}`).toBeCloseTo(costOf(problem, plan.roster), 6);
      if (!whole.x) continue;
      const best = program.base - whole.x.reduce((sum, value, column) => sum + value * program.model.cost[column]!, 0);
      expect(plan.bound, `seed ${seed}`).toBeLessThanOrEqual(best + 1e-4);
      expect(plan.check.cost, `seed ${seed}`).toBeGreaterThanOrEqual(best - 1e-4);
      if (plan.gap === 0) proved++;
    }
    expect(proved).toBeGreaterThan(20);
  });

  test.each([[11, 7, 194], [11, 9, 97], [12, 9, 344]])('of seed %i with %i wardens is the best there is', { timeout: 300_000 }, async (seed, wardens, cost) => {
    const problem = rotaFixture(seed, wardens, { caps: { seeds: 3, iterations: 200_000, rounds: 60, nodes: 1, seconds: 600 } });
    const plan = solveRota(problem, await loadSolver(), noClock);
    expect([plan.check.cost, plan.bound, plan.method]).toEqual([cost, cost, 'rows']);
    expect(brokenRules(problem, plan.roster)).toEqual([]);
  });
});
