/** Draws rounds in a thread of their own: a wide shift takes a third of a second, in which other requests are answered. */
import { Piscina } from 'piscina';
import type { KeptInputs } from './drawInputs.ts';
import type { DrawnShift } from './drawShift.ts';

export type DrawShift = (kept: KeptInputs, seed: string) => Promise<DrawnShift>;

export function createDrawPool(): DrawShift {
  const pool = new Piscina({ filename: new URL('./drawWorker.ts', import.meta.url).href, minThreads: 0, maxThreads: 1, idleTimeout: 30_000 });
  return async (kept, seed) => (await pool.run({ kept, seed })) as DrawnShift;
}
