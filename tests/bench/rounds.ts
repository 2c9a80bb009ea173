/** Rounds of 15 stops, solved exactly: walks in a square of 2 km with windows, second visits among them, as a crew’s leg has them. */
import { createRandom } from '../../geo/random.ts';
import { exactRound } from '../../server/rounds/roundExact.ts';
import type { RoundProblem, RoundStop } from '../../server/rounds/roundProblem.ts';

/** Fifteen stops of 15 minutes within a leg planned to 202: twelve places and a second visit to three. */
export function roundOf15(seed: number): RoundProblem {
  const random = createRandom(`round of 15 ${seed}`);
  const points = Array.from({ length: 12 }, () => [random.uniform() * 2000, random.uniform() * 2000] as const);
  const first = points.map((): RoundStop => {
    const opens = random.uniform() < 0.5 ? 0 : random.integer(0, 120);
    return { prize: random.integer(1, 30) / 10, opens, closes: opens + random.integer(40, 200), minutes: 15 };
  });
  const stops = [...first, ...first.slice(0, 3).map((stop, index): RoundStop => ({ ...stop, prize: stop.prize / 2, closes: stop.closes + 120, after: index }))];
  const at = [...points, ...points.slice(0, 3), [1000, 1000] as const, [1000, 1000] as const];
  return { stops, travel: Float64Array.from(at.flatMap(([x, y]) => at.map(([a, b]) => (Math.hypot(x - a, y - b) * 1.3) / 80))), startAt: 0, endBy: 202, apart: 60 };
}

/** `route15P95Ms`: milliseconds that 95 of 100 such rounds take at most, each of 200 solved once after 20 to warm up. */
export async function benchRounds(): Promise<Record<string, number>> {
  for (let seed = 1000; seed < 1020; seed++) exactRound(roundOf15(seed));
  const times = Array.from({ length: 200 }, (_, seed) => {
    const problem = roundOf15(seed);
    const start = performance.now();
    exactRound(problem);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return { route15Ms: times[100]!, route15P95Ms: times[190]! };
}
