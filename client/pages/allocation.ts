/** Allocating a week: choose it, follow the work, and the allocations made before. */
import { listAllocations, startAllocation, type AllocationRun } from '../../server/grants/contract.ts';
import { listPatrolStarts, type PatrolStart } from '../../server/patrols/contract.ts';
import { getJob, type Job } from '../../server/work/contract.ts';
import { ApiError, call } from '../api.ts';
import { createForm, type Field } from '../form.ts';
import { percent, shortDate, shortInstant } from '../format.ts';
import { frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { navigate, type Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, progressBar, shown, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { addDays, mondayOf, today } from '../weeks.ts';
import { createHorizonPart } from './allocationHorizon.ts';

interface Answer {
  runs: readonly AllocationRun[];
  councils: readonly PatrolStart[];
}

const pause = 700;

export const allocationPage: Page = (root) => {
  let state: Loadable<Answer> = loading;
  let job: Job | undefined;
  let left = false;

  const draw = (): void => render(frame({ title: 'Allocation', lead: 'Which hotspots the week’s money buys visits in, and in which 4-hour bands, so that most incidents are prevented. The plan replaces the week’s earlier one.' },
    shown(state, body, { what: 'allocations', retry: () => void start() })), root);
  const body = ({ runs }: Answer): Content => html`
    ${when(mayDo('planPatrols'), () => section('Allocate a week', html`${form.view()}${job ? progressOf(job) : nothing}`))}
    ${section('Allocations', runs.length > 0 ? html`${table.view(runs)}${runs.length > 1 ? comparing.view() : nothing}` : emptyView('No week is allocated yet', 'The first appears here.'))}${toTheEnd.view()}`;
  const table = createTable<AllocationRun>({ caption: 'Allocations', rowId: (run) => run.id, redraw: draw, columns, sort: { key: 'made', down: true } });
  const form = createForm({
    layout: 'row', submit: 'Allocate', redraw: draw, fields: () => (state.at === 'ready' ? fieldsFor(state.value) : []),
    action: async ({ week, council }) => {
      const { jobId } = await call(startAllocation, { week: String(week), ...(council ? { council: String(council) } : {}) });
      const done = await follow(jobId, (next) => {
        job = next;
        draw();
      }, () => left);
      const id = done && idOf(done);
      if (id && !left) await navigate(`/allocation/${id}`);
    },
  });
  const toTheEnd = createHorizonPart(draw, (jobId) => follow(jobId, (next) => {
    job = next;
    draw();
  }, () => left));
  const comparing = createForm({
    layout: 'row', submit: 'Set side by side', redraw: draw, fields: () => (state.at === 'ready' ? runFields(state.value.runs) : []),
    action: async ({ first, second }) => navigate(`/allocation/compare?first=${String(first)}&second=${String(second)}`),
  });
  const start = (): (() => void) => load(ask(), (next) => {
    state = next;
    draw();
  });
  const stop = start();
  return () => {
    left = true;
    toTheEnd.leave();
    stop();
  };
};

async function ask(): Promise<Answer> {
  const [{ allocations }, { councils }] = await Promise.all([call(listAllocations, {}), call(listPatrolStarts, {})]);
  return { runs: allocations, councils };
}

/** Two runs to set side by side: the latest and the one before it, unless others are chosen. */
function runFields(runs: readonly AllocationRun[]): Field[] {
  const options = runs.map((run) => ({ value: run.id, label: `Week of ${shortDate(run.week)}, made ${shortInstant(run.createdAt)}` }));
  return [
    { kind: 'select', name: 'first', label: 'First', value: options[1]?.value, options, required: true },
    { kind: 'select', name: 'second', label: 'Second', value: options[0]?.value, options, required: true },
  ];
}

/** The week after the latest one allocated, or this one. */
function fieldsFor({ runs, councils }: Answer): Field[] {
  const latest = runs.map((run) => run.week).toSorted().at(-1);
  const week: Field = { kind: 'date', name: 'week', label: 'Week', hint: 'Its Monday', value: latest ? addDays(latest, 7) : mondayOf(today()), required: true };
  if (councils.length < 2) return [week];
  return [week, { kind: 'select', name: 'council', label: 'Council', blank: 'All councils', options: councils.map((one) => ({ value: one.councilCode, label: one.council })) }];
}

function progressOf(job: Job): Content {
  const words = job.state === 'queued' ? 'Waiting for its turn' : job.step || 'Starting';
  return html`<div class="progress-line" role="status"><p>${words}</p>${progressBar(job.state === 'queued' ? undefined : job.progress, 'Progress of the allocation')}</div>`;
}

/** Asks until the work has ended; throws its problem. Undefined when the page was left. */
async function follow(id: string, tell: (job: Job) => void, left: () => boolean): Promise<Job | undefined> {
  while (!left()) {
    const job = await call(getJob, { id });
    tell(job);
    if (job.state === 'done') return job;
    if (job.problem) throw new ApiError(job.problem);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return undefined;
}

function idOf(job: Job): string | undefined {
  const { result } = job;
  return typeof result === 'object' && result !== null && 'allocationId' in result ? String(result.allocationId) : undefined;
}

const columns: readonly Column<AllocationRun>[] = [
  { key: 'week', label: 'Week of', kind: 'date', value: (run) => run.week, show: (run) => html`<a href="/allocation/${run.id}">${shortDate(run.week)}</a>` },
  { key: 'visits', label: 'Visits', kind: 'count', value: (run) => run.visits },
  { key: 'hours', label: 'Person-hours', kind: 'minutes', value: (run) => run.personMinutes },
  { key: 'spent', label: 'Cost', kind: 'money', value: (run) => run.spentPence },
  { key: 'objective', label: 'Incidents prevented', hint: 'Expected, at the central effect', kind: 'decimal', digits: 2, value: (run) => run.objective },
  { key: 'gap', label: 'From the bound', hint: 'No plan within the money is better by more', kind: 'percent', digits: 2, value: (run) => run.gap, show: (run) => percent(run.gap, 2) },
  { key: 'made', label: 'Made', kind: 'instant', value: (run) => run.createdAt },
];
