/** Every kind of long work and the function that does it, the same for the API's worker threads and the command line. */
import type { Knex } from 'knex';
import type { Actor } from './audit.ts';
import { allocateJob } from './grants/allocationWork.ts';
import { horizonJob } from './grants/horizonWork.ts';
import { analyseJob } from './hotspots/analysisWork.ts';
import { recountJob } from './incidents/recountWork.ts';
import { importJob } from './incidents/uploadWork.ts';
import { rotaJob } from './rota/rotaWork.ts';

export interface JobContext {
  readonly db: Knex;
  readonly input: unknown;
  readonly actor: Actor;
  /** `progress` from 0 to 1 and what is being done, in words. */
  report(progress: number, step: string): void;
}

export type JobHandler = (context: JobContext) => Promise<unknown>;

export const jobs: Record<JobKind, JobHandler> = {
  allocate: allocateJob,
  analyse: analyseJob,
  horizon: horizonJob,
  import: importJob,
  recount: recountJob,
  rota: rotaJob,
  // Tells that the queue and its threads work; asked for by the health page of an administrator.
  rehearse: async ({ report }) => {
    report(0.5, 'Rehearsing');
    return { rehearsed: true };
  },
};

export type JobKind = 'allocate' | 'analyse' | 'horizon' | 'import' | 'recount' | 'rehearse' | 'rota';
