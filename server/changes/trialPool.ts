/** Tries sets in a thread of their own. */
import { Piscina } from 'piscina';
import type { TrialAnswer, TrialTask } from './trial.ts';

export type Trials = (task: TrialTask) => Promise<TrialAnswer>;

export function createTrials(): Trials {
  const pool = new Piscina({ filename: new URL('./trialWorker.ts', import.meta.url).href, minThreads: 0, maxThreads: 1, idleTimeout: 30_000 });
  return async (task) => (await pool.run(task)) as TrialAnswer;
}
