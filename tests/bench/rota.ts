/** How near to the best possible a rota of 40 wardens comes in 10 and in 30 seconds, and how long small teams take to be proved. */
import { loadSolver } from '../../server/patrols/solver.ts';
import { capsFor } from '../../server/rota/rotaProblem.ts';
import { greedyRota, solveRota } from '../../server/rota/rotaSolve.ts';
import { rotaFixture } from '../support/rotaFixtures.ts';

/**
 * Gaps are the worst of two made-up rotas of 28 days with early, late and night shifts: cost above the bound of the linear programme, as a fraction
 * of that bound; the time is for everything, the bound included. `rotaGreedyMs` is the plan there is at once.
 */
export async function benchRota(): Promise<Record<string, number>> {
  const solver = await loadSolver();
  const clock = (): number => performance.now();
  const gapAt = (seconds: number): number => Math.max(...[1, 2].map((seed) => solveRota(rotaFixture(seed, 40, { caps: capsFor(40, seconds) }), solver, clock).gap ?? Number.POSITIVE_INFINITY));
  const small = [6, 8, 10].map((wardens) => {
    const from = clock();
    const { gap } = solveRota(rotaFixture(1, wardens, { caps: capsFor(wardens) }), solver, clock);
    return { gap: gap ?? Number.POSITIVE_INFINITY, seconds: (clock() - from) / 1000 };
  });
  const from = clock();
  greedyRota(rotaFixture(1, 40));
  const greedyMs = clock() - from;
  return {
    rotaGreedyMs: greedyMs,
    rota40GapAt10s: gapAt(10),
    rota40GapAt30s: gapAt(30),
    rotaSmallGap: Math.max(...small.map(({ gap }) => gap)),
    rotaSmallSeconds: Math.max(...small.map(({ seconds }) => seconds)),
  };
}
