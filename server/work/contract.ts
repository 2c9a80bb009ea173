/** Long work: what runs, how far it is, and how to stop it. */
import { z } from 'zod';
import { endpoint, id, problem } from '../endpoint.ts';

export const job = z.object({
  id,
  kind: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  /** A share from 0 to 1. */
  progress: z.number().min(0).max(1),
  /** What is being done, in words. */
  step: z.string(),
  result: z.unknown(),
  problem: problem.nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
});
export type Job = z.infer<typeof job>;

/** What an endpoint that starts long work answers. */
export const jobStarted = z.object({ jobId: id });

export const listJobs = endpoint({
  method: 'GET', path: '/api/jobs', allow: 'seeJobs',
  summary: 'The latest 100 pieces of long work',
  input: z.strictObject({}),
  output: z.object({ jobs: z.array(job) }),
});

export const getJob = endpoint({
  method: 'GET', path: '/api/jobs/:id', allow: 'seeJobs',
  summary: 'One piece of long work and its progress',
  input: z.strictObject({ id }),
  output: job,
});

export const cancelJob = endpoint({
  method: 'POST', path: '/api/jobs/:id/cancel', allow: 'cancelJobs',
  summary: 'Ask for long work to stop; nothing half done is kept',
  input: z.strictObject({ id }),
  output: job,
});
