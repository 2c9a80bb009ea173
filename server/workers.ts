/** Long work: a row in `job`, run in a worker thread with a time limit, reported, cancellable, failed cleanly after a crash. */
import { randomUUID } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';
import type { Knex } from 'knex';
import { Piscina } from 'piscina';
import type { Logger } from 'pino';
import type { Actor } from './audit.ts';
import type { Connection } from './database.ts';
import { toProblem } from './errors.ts';
import type { Problem } from './endpoint.ts';
import type { JobKind } from './jobs.ts';
import type { PlainError } from './log.ts';

export interface JobRunner {
  /** Queues work in the caller's transaction; it starts once that commits. Returns the job's id. */
  enqueue(trx: Knex, kind: JobKind, input: unknown, actor: Actor, councilCode?: string | null): Promise<string>;
  wake(): void;
  close(): Promise<void>;
}

export interface JobTask {
  readonly kind: JobKind;
  readonly input: unknown;
  readonly actor: Actor;
  readonly connection: Connection;
}

/** What a worker thread sends back: a result, or the problem and the words for the log. */
export interface JobEnding {
  readonly result?: unknown;
  readonly problem?: Problem;
  readonly failure?: PlainError;
}

interface ClaimedJob {
  readonly id: string;
  readonly kind: JobKind;
  readonly input: unknown;
  readonly created_by: string | null;
}

const pollMs = 1000;
const limitMs = 30 * 60_000;
const silenceMs = 30_000;

export async function enqueueJob(trx: Knex, kind: JobKind, input: unknown, actor: Actor, councilCode: string | null = null): Promise<string> {
  const id = randomUUID();
  await trx('job').insert({ id, kind, input: JSON.stringify(input), created_by: actor.personId, council_code: councilCode });
  return id;
}

/** Starts looking for queued jobs; one at a time in this process, any number of processes. */
export function createJobRunner(options: { db: Knex; connection: Connection; log: Logger }): JobRunner {
  const { db, connection, log } = options;
  const pool = new Piscina({ filename: new URL('./jobWorker.ts', import.meta.url).href, minThreads: 0, maxThreads: 1, idleTimeout: 5000 });
  let closing = false;
  let looking: Promise<void> | undefined;
  const look = () => {
    looking ??= workThroughQueue().catch((error: unknown) => log.error({ error }, 'the job queue could not be read')).finally(() => (looking = undefined));
  };
  const timer = setInterval(look, pollMs);
  const stopCurrent = new AbortController();

  async function workThroughQueue(): Promise<void> {
    if (closing) return;
    await failSilentJobs(db);
    for (let job = await claim(db); job && !closing; job = await claim(db)) await run(job);
  }

  async function run(job: ClaimedJob): Promise<void> {
    const stop = new AbortController();
    const abort = () => stop.abort();
    stopCurrent.signal.addEventListener('abort', abort);
    const limit = setTimeout(abort, limitMs);
    const { port1, port2 } = new MessageChannel();
    let latest: { progress: number; step: string } = { progress: 0, step: '' };
    port1.on('message', (message: typeof latest) => (latest = message));
    const beat = setInterval(() => void heartbeat(db, job.id, latest).then((cancel) => cancel && abort(), () => undefined), pollMs);
    try {
      const task: JobTask = { kind: job.kind, input: job.input, actor: { personId: job.created_by, role: 'service' }, connection };
      const ending = (await pool.run({ task, port: port2 }, { signal: stop.signal, transferList: [port2] })) as JobEnding;
      await finish(db, job.id, ending.problem ? 'failed' : 'done', ending);
      if (ending.problem && ending.problem.status >= 500) log.error({ failure: ending.failure, job: job.id }, 'a job failed');
    } catch (error) {
      await finish(db, job.id, 'failed', { problem: problemOf(error, stop.signal.aborted) });
      if (!stop.signal.aborted) log.error({ err: error, job: job.id }, 'a job failed');
    } finally {
      clearTimeout(limit);
      clearInterval(beat);
      port1.close();
      stopCurrent.signal.removeEventListener('abort', abort);
    }
  }

  return {
    enqueue: enqueueJob,
    wake: look,
    async close() {
      closing = true;
      clearInterval(timer);
      stopCurrent.abort();
      await looking;
      await pool.destroy();
    },
  };
}

function problemOf(error: unknown, stopped: boolean): Problem {
  if (stopped) return { type: 'about:blank#stopped', title: 'Stopped', status: 409, code: 'stopped', detail: 'The work was cancelled or ran out of time. Nothing of it was kept; start it again.' };
  return toProblem(error);
}

async function claim(db: Knex): Promise<ClaimedJob | undefined> {
  const { rows } = await db.raw(`
    update job set state = 'running', started_at = now(), heartbeat_at = now()
    where id = (select id from job where state = 'queued' and not cancel_requested order by created_at for update skip locked limit 1)
    returning id, kind, input, created_by`);
  return rows[0] as ClaimedJob | undefined;
}

/** Returns true when somebody asked for the job to stop. */
async function heartbeat(db: Knex, id: string, latest: { progress: number; step: string }): Promise<boolean> {
  const rows = await db('job').where({ id }).update({ heartbeat_at: db.fn.now(), ...latest }).returning('cancel_requested');
  return rows[0]?.cancel_requested === true;
}

async function finish(db: Knex, id: string, state: 'done' | 'failed', ending: { result?: unknown; problem?: Problem }): Promise<void> {
  await db('job').where({ id }).update({
    state: ending.problem?.code === 'stopped' ? 'cancelled' : state,
    ...(state === 'done' ? { progress: 1 } : {}),
    result: ending.result === undefined ? null : JSON.stringify(ending.result),
    problem: ending.problem ? JSON.stringify(ending.problem) : null,
    finished_at: db.fn.now(),
  });
}

async function failSilentJobs(db: Knex): Promise<void> {
  const problem = { type: 'about:blank#interrupted', title: 'Interrupted', status: 503, code: 'interrupted', detail: 'The service stopped while this ran. Nothing half done was kept; start it again.' };
  await db.raw(
    `update job set state = 'failed', problem = :problem, finished_at = now()
     where state = 'running' and heartbeat_at < now() - make_interval(secs => :seconds)`,
    { problem: JSON.stringify(problem), seconds: silenceMs / 1000 },
  );
  await db.raw(`update job set state = 'cancelled', finished_at = now() where state = 'queued' and cancel_requested`);
}
