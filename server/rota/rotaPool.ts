/** Makes rotas in a thread of their own. */
import { Piscina } from 'piscina';
import type { RotaProblem } from './rotaProblem.ts';
import type { RotaPlan } from './rotaSolve.ts';

export type MakeRota = (problem: RotaProblem) => Promise<RotaPlan>;

export function createRotaPool(): MakeRota {
  const pool = new Piscina({ filename: new URL('./rotaWorker.ts', import.meta.url).href, minThreads: 0, maxThreads: 1, idleTimeout: 10_000 });
  return async (problem) => (await pool.run(problem)) as RotaPlan;
}
