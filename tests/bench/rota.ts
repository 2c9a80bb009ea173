/** How near to the best possible a rota of 40 wardens comes in 10 and in 30 seconds, and how long small teams take to be proved. */
import { loadSolver } from '../../server/patrols/solver.ts';
import { capsFor } from '../../server/rota/rotaProblem.ts';
import { greedyRota, solveRota } from '../../server/rota/rotaSolve.ts';
import { rotaFixture } from '../support/rotaFixtures.ts';

/** Made-up rotas by seed and wardens with the least that any costs, proved by the search by rows or by the programme. */
const proved = [[1, 6, 520], [2, 6, 589], [11, 7, 194], [12, 7, 1952], [1, 8, 590], [11, 8, 139], [11, 9, 97], [12, 9, 344], [1, 10, 60], [12, 10, 105]] as const;

/**
 * Gaps are the worst of two made-up rotas of 28 days with early, late and night shifts: cost above the bound of the linear programme, as a fraction
 * of that bound; the time is for everything, the bound included. `rotaGreedyMs` is the plan there is at once.
 * `rotaSmallGap` is the worst of teams of 6 to 10 in 10 seconds, against the proved least.
 */
export async function benchRota(): Promise<Record<string, number>> {
  const solver = await loadSolver();
  const clock = (): number => performance.now();
  const gapAt = (seconds: number): number => Math.max(...[1, 2].map((seed) => solveRota(rotaFixture(seed, 40, { caps: capsFor(40, seconds) }), solver, clock).gap ?? Number.POSITIVE_INFINITY));
  const small = proved.map(([seed, wardens, least]) => {
    const from = clock();
    const { check } = solveRota(rotaFixture(seed, wardens, { caps: capsFor(wardens) }), solver, clock);
    return { gap: check.cost / least - 1, seconds: (clock() - from) / 1000 };
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
