/** Plans weeks in a thread of their own, each with a limit of time, so that whoever moves a slider keeps nobody else waiting. */
import { Piscina } from 'piscina';
import { AppError } from '../errors.ts';
import type { Allocation, AllocationInput } from '../patrols/allocation.ts';
import type { AllocationAnswer, AllocationTask } from './allocationWorker.ts';

export interface AllocationPool {
  /** A plan within so many seconds; throws in words when they are not enough, or too many wait already. */
  plan(input: AllocationInput, seconds: number): Promise<Allocation>;
  run(task: AllocationTask, seconds: number): Promise<AllocationAnswer>;
  close(): Promise<void>;
}

const mostWaiting = 20;

export function createAllocationPool(): AllocationPool {
  const pool = new Piscina({ filename: new URL('./allocationWorker.ts', import.meta.url).href, minThreads: 0, maxThreads: 1, maxQueue: mostWaiting, idleTimeout: 30_000 });
  const run = async (task: AllocationTask, seconds: number): Promise<AllocationAnswer> => {
    if (pool.queueSize >= mostWaiting) throw new AppError(503, 'too_many_plans', 'Many plans are being made just now. Wait a moment and try again.');
    try {
      return (await pool.run(task, { signal: AbortSignal.timeout(seconds * 1000) })) as AllocationAnswer;
    } catch (error) {
      if ((error as Error).name === 'AbortError') throw new AppError(503, 'plan_took_too_long', `No plan was made within ${seconds} seconds. Try again, or with fewer hotspots or hours.`);
      if (error instanceof RangeError) throw new AppError(422, 'cannot_allocate', error.message);
      throw error;
    }
  };
  return {
    run,
    async plan(input, seconds) {
      const answer = await run({ ask: 'plan', input }, seconds);
      if (!('plan' in answer)) throw new Error('The allocation thread answered something else than a plan.');
      return answer.plan;
    },
    close: () => pool.destroy(),
  };
}
