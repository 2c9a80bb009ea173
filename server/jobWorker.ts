/** The worker thread's entry: one job, its own connection, its progress sent back. */
import type { MessagePort } from 'node:worker_threads';
import { connect } from './database.ts';
import { toProblem } from './errors.ts';
import { plainError } from './log.ts';
import { jobs } from './jobs.ts';
import type { JobEnding, JobTask } from './workers.ts';

export default async function runJob({ task, port }: { task: JobTask; port: MessagePort }): Promise<JobEnding> {
  const db = connect(task.connection, 3, 'hotspots_service');
  try {
    const result = await jobs[task.kind]({
      db,
      input: task.input,
      actor: task.actor,
      report: (progress, step) => port.postMessage({ progress, step }),
    });
    return { result };
  } catch (error) {
    // Neither classes nor what is added to an error cross threads: the problem does, and the words for the log.
    return { problem: toProblem(error), failure: plainError(error) };
  } finally {
    port.close();
    await db.destroy();
  }
}
