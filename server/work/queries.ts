/** Rows of `job`, as far as the person may see them. */
import type { Knex } from 'knex';
import type { Job } from './contract.ts';

const columns = [
  'id', 'kind', 'state', 'progress', 'step', 'result', 'problem',
  'created_at as createdAt', 'started_at as startedAt', 'finished_at as finishedAt',
];

interface JobRow extends Omit<Job, 'createdAt' | 'startedAt' | 'finishedAt'> {
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

function visible(db: Knex, councils: readonly string[]): Knex.QueryBuilder {
  const query = db('job').select(columns);
  return councils.includes('*') ? query : query.whereIn('council_code', [...councils]);
}

export async function listJobs(db: Knex, councils: readonly string[]): Promise<Job[]> {
  const rows = (await visible(db, councils).orderBy('created_at', 'desc').limit(100)) as JobRow[];
  return rows.map(toJob);
}

export async function findJob(db: Knex, councils: readonly string[], id: string): Promise<Job | undefined> {
  const row = (await visible(db, councils).where({ id }).first()) as JobRow | undefined;
  return row && toJob(row);
}

/** Asks a queued or running job to stop; the runner sees it at its next heartbeat. */
export async function requestCancel(db: Knex, id: string): Promise<void> {
  await db('job').where({ id }).whereIn('state', ['queued', 'running']).update({ cancel_requested: true });
}

function toJob(row: JobRow): Job {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
