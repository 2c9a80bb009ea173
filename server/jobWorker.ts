/** The worker thread's entry: one job, its own connection, its progress sent back. */
import type { MessagePort } from 'node:worker_threads';
import { connect } from './database.ts';
import { toProblem } from './errors.ts';
import { jobs } from './jobs.ts';
import type { JobTask } from './workers.ts';

export default async function runJob({ task, port }: { task: JobTask; port: MessagePort }): Promise<unknown> {
  const db = connect(task.connection, 3);
  try {
    return await jobs[task.kind]({
      db,
      input: task.input,
      actor: task.actor,
      report: (progress, step) => port.postMessage({ progress, step }),
    });
  } catch (error) {
    // Classes do not cross threads: the problem does.
    throw Object.assign(new Error(error instanceof Error ? error.message : String(error)), { problem: toProblem(error) });
  } finally {
    port.close();
    await db.destroy();
  }
}
