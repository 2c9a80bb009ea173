/** Makes figures in a thread of their own and keeps the latest; keys name the data's version, so nothing old is ever shown. */
import { Piscina } from 'piscina';
import { createRecent } from '../hotspots/recent.ts';
import type { NearRepeatBand, NearRepeatTask } from './patterns.ts';
import type { FiguresAnswer, FiguresTask } from './figures.ts';

export type Figures = (key: string, task: () => Promise<FiguresTask>) => Promise<FiguresAnswer>;

export function createFigures(): Figures {
  const pool = new Piscina({ filename: new URL('./figuresWorker.ts', import.meta.url).href, minThreads: 0, maxThreads: 1, idleTimeout: 30_000 });
  const recent = createRecent<FiguresAnswer>(40);
  return (key, task) => recent.get(key, async () => (await pool.run(await task())) as FiguresAnswer);
}

export type NearRepeats = (task: NearRepeatTask) => Promise<NearRepeatBand[]>;

export function createNearRepeats(): NearRepeats {
  const pool = new Piscina({ filename: new URL('./nearRepeatsWorker.ts', import.meta.url).href, minThreads: 0, maxThreads: 1, idleTimeout: 10_000 });
  return async (task) => (await pool.run(task)) as NearRepeatBand[];
}
