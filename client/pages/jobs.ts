/** Long work: what runs, how far it is, how it ended, and a way to stop it. */
import { cancelJob, listJobs, type Job } from '../../server/work/contract.ts';
import { call } from '../api.ts';
import { percent } from '../format.ts';
import { button, frame } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { emptyView, failureText, load, loading, note, progressBar, shown, tag, type Loadable } from '../states.ts';
import { mayDo } from '../session.ts';
import { createTable, type Column } from '../table.ts';

const kinds: Record<string, string> = { analyse: 'Analysis', allocate: 'Allocation', import: 'Import', rehearse: 'Rehearsal' };
const states: Record<Job['state'], { words: string; look: 'plain' | 'good' | 'danger' | 'info' }> = {
  queued: { words: 'Waiting', look: 'plain' },
  running: { words: 'Running', look: 'info' },
  done: { words: 'Done', look: 'good' },
  failed: { words: 'Failed', look: 'danger' },
  cancelled: { words: 'Stopped', look: 'plain' },
};
const pause = 2000;

export const jobsPage: Page = (root) => {
  let state: Loadable<readonly Job[]> = loading;
  let refusal = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stop = async (job: Job): Promise<void> => {
    try {
      await call(cancelJob, { id: job.id });
      refusal = '';
    } catch (error) {
      refusal = failureText(error);
    }
    await refresh();
  };
  const table = createTable<Job>({
    caption: 'Long work', rowId: (job) => job.id, redraw: () => draw(), columns: columns(stop), sort: { key: 'created', down: true },
  });
  const draw = (): void => render(frame({ title: 'Long work', lead: 'Imports, analyses and allocations run in the background. This page renews itself while anything runs.' }, html`
    ${refusal ? note('danger', refusal, { live: true }) : nothing}
    ${shown(state, (jobs) => (jobs.length > 0 ? table.view(jobs) : emptyView('Nothing has run yet', 'Work appears here when an import or an analysis starts.')), { what: 'long work', retry: () => void start() })}`), root);
  const follow = (jobs: readonly Job[]): void => {
    if (jobs.some((job) => job.state === 'running' || job.state === 'queued')) timer = setTimeout(() => void refresh(), pause);
  };
  const take = (next: Loadable<readonly Job[]>): void => {
    state = next;
    draw();
    if (next.at === 'ready') follow(next.value);
  };
  /** Asks again without taking away what is shown. */
  const refresh = async (): Promise<void> => {
    clearTimeout(timer);
    try {
      take({ at: 'ready', value: (await call(listJobs, {})).jobs });
    } catch (error) {
      take({ at: 'failed', error });
    }
  };
  const start = (): (() => void) => load(call(listJobs, {}).then((answer) => answer.jobs), take);
  const leave = start();
  return () => {
    leave();
    clearTimeout(timer);
  };
};

function columns(stop: (job: Job) => Promise<void>): readonly Column<Job>[] {
  return [
    { key: 'kind', label: 'Work', value: (job) => kinds[job.kind] ?? job.kind },
    { key: 'state', label: 'State', value: (job) => states[job.state].words, show: (job) => tag(states[job.state].words, states[job.state].look) },
    { key: 'progress', label: 'How far', value: progressWords, show: progress },
    { key: 'created', label: 'Asked for', kind: 'instant', value: (job) => job.createdAt },
    { key: 'finished', label: 'Ended', kind: 'instant', value: (job) => job.finishedAt, missing: 'not yet' },
    { key: 'stop', label: 'Stop', bare: true, value: () => '', show: (job) => (mayDo('cancelJobs') && (job.state === 'running' || job.state === 'queued') ? button('Stop', () => void stop(job)) : nothing) },
  ];
}

function progressWords(job: Job): string {
  if (job.state === 'failed') return job.problem?.detail ?? 'It failed without saying why.';
  if (job.state === 'running') return `${percent(job.progress, 0)} ${job.step}`;
  return job.state === 'done' ? 'Finished' : job.step;
}

function progress(job: Job): Content {
  const words = progressWords(job);
  return job.state === 'running' ? html`<div class="doing">${progressBar(job.progress, `Progress of ${kinds[job.kind] ?? job.kind}`)}<span>${words}</span></div>` : words;
}
