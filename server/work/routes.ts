/** Long work over HTTP. */
import { recordEvent } from '../audit.ts';
import { notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { cancelJob, getJob, listJobs } from './contract.ts';
import * as queries from './queries.ts';

export function workRoutes(mount: Mount): void {
  mount(listJobs, async ({ db, scope }) => ({ jobs: await queries.listJobs(db, scope.councils) }));

  mount(getJob, async ({ db, scope, input }) => {
    const job = await queries.findJob(db, scope.councils, input.id);
    if (!job) throw notFound('piece of work');
    return job;
  });

  mount(cancelJob, async ({ db, scope, input, actor }) => {
    const job = await queries.findJob(db, scope.councils, input.id);
    if (!job) throw notFound('piece of work');
    await queries.requestCancel(db, input.id);
    await recordEvent(db, actor, { action: 'jobCancelRequested', subjectKind: 'job', subjectId: input.id });
    return (await queries.findJob(db, scope.councils, input.id)) ?? job;
  });
}
