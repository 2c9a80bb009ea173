/** The thread's entry: a rota made away from the thread that answers requests. */
import { loadSolver } from '../patrols/solver.ts';
import type { RotaProblem } from './rotaProblem.ts';
import { type RotaPlan, solveRota } from './rotaSolve.ts';

export default async function makeRota(problem: RotaProblem): Promise<RotaPlan> {
  return solveRota(problem, await loadSolver(), () => performance.now());
}
