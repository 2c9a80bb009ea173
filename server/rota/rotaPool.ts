/** Makes first drafts in a thread of their own: a large council's takes a fifth of a second, in which other requests are answered. Better rotas are long work, which has a thread already. */
import { Piscina } from 'piscina';
import type { RotaProblem } from './rotaProblem.ts';
import type { RotaPlan } from './rotaSolve.ts';

export type DraftRota = (problem: RotaProblem) => Promise<RotaPlan>;

export function createDraftPool(): DraftRota {
  const pool = new Piscina({ filename: new URL('./rotaWorker.ts', import.meta.url).href, minThreads: 0, maxThreads: 1, idleTimeout: 10_000 });
  return async (problem) => (await pool.run(problem)) as RotaPlan;
}
