/** Find hotspots: what to analyse, how far it is, and the runs there are. */
import { z } from 'zod';
import { type Analysis, getMapChoices, listAnalyses, startAnalysis } from '../../server/hotspots/contract.ts';
import { getAnalysisSchedule } from '../../server/hotspots/runsContract.ts';
import { cancelJob, getJob, type Job } from '../../server/work/contract.ts';
import { call } from '../api.ts';
import { createForm, type Field, type Form, type Values } from '../form.ts';
import { count, period, shortInstant } from '../format.ts';
import { button, frame, section } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import { navigate, type Page, readAddress, writeAddress } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loadingView, note, shown } from '../states.ts';
import { createTable, type Column, type Table } from '../table.ts';
import { addressValue, type Choices, filterAddress, filterFields } from './map/filters.ts';

type Run = Omit<Analysis, 'dataVintage'>;

const figure = z.coerce.number().optional().catch(undefined);
const address = z.object({
  ...filterAddress, resolution: z.enum(['8', '9', '10']).optional().catch(undefined), minimumPerYear: figure, falseDiscoveryRate: figure, seed: figure,
});
const pause = 700;

interface PageState {
  readonly choices: Choices;
  readonly runs: readonly Run[];
  readonly schedule: z.output<typeof getAnalysisSchedule.output>;
  /** The job under way; its end opens the run. */
  job: Job | undefined;
}

export const analysisPage: Page = (root) => {
  let leaveOpen = (): void => undefined;
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    leave = load(Promise.all([call(getMapChoices, {}), call(listAnalyses, {}), call(getAnalysisSchedule, {})]), (next) => {
      if (next.at === 'ready') leaveOpen = open(root, { choices: next.value[0], runs: next.value[1].analyses, schedule: next.value[2], job: undefined });
      else render(page(shown(next, () => nothing, { what: 'the analyses', retry: start })), root);
    });
  };
  start();
  return () => {
    leave();
    leaveOpen();
  };
};

function page(body: Content): Content {
  return frame({
    title: 'Find hotspots', lead: 'An analysis ranks equal cells by their incidents over several months, says how sure each rank is, and proposes places to adopt.',
    breadcrumbs: [{ label: 'Hotspots', href: '/hotspots' }],
  }, body);
}

function open(root: HTMLElement, state: PageState): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let left = false;
  const draw = (): void => {
    if (!left) render(page(view(state, { form, table, stop, comparing })), root);
  };
  /** Follows the job to its end; the form waits so long, and shows what went wrong. */
  const follow = async (jobId: string): Promise<void> => {
    for (;;) {
      state.job = await call(getJob, { id: jobId });
      draw();
      if (state.job.state !== 'queued' && state.job.state !== 'running') return;
      await new Promise((resolve) => (timer = setTimeout(resolve, pause)));
      if (left) return;
    }
  };
  const run = async (values: Values): Promise<void> => {
    const asked = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, addressValue(name, String(value ?? ''))]));
    writeAddress(asked, { replace: true });
    const { jobId } = await call(startAnalysis, startAnalysis.input.parse(Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== null))));
    await follow(jobId);
    const ended = state.job;
    state.job = undefined;
    if (left || ended?.state === 'cancelled') return;
    if (ended?.state !== 'done') return form.refuse([{ field: '', message: ended?.problem?.detail ?? 'The analysis failed without saying why. Start it again.' }]);
    await navigate(`/analysis/${runOf(ended)}`);
  };
  const form = createForm({ fields: formFields(state.choices), submit: 'Analyse', layout: 'grid', redraw: draw, action: run });
  const comparing = createForm({
    fields: comparisonFields(state.runs), submit: 'Compare', layout: 'grid', redraw: draw,
    action: async (values) => navigate(`/analysis/compare?first=${String(values['first'])}&second=${String(values['second'])}`),
  });
  const stop = (): void => void (state.job && call(cancelJob, { id: state.job.id }));
  const table = createTable<Run>({ caption: 'Analyses', rowId: (row) => row.id, redraw: draw, columns: runColumns(state.choices), sort: { key: 'made', down: true }, empty: 'No analysis has been run yet.' });
  draw();
  return () => {
    left = true;
    clearTimeout(timer);
  };
}

/** The run a finished job names. */
function runOf(job: Job): string {
  return z.object({ analysisId: z.string() }).parse(job.result).analysisId;
}

function formFields(choices: Choices): readonly Field[] {
  const asked = readAddress(address);
  return [
    ...filterFields(asked, choices),
    {
      kind: 'select', name: 'resolution', label: 'Size of the cells', required: true, value: asked.resolution ?? String(choices.resolution),
      hint: 'About 0.64, 0.09 or 0.013 km². The smallest only for exact points.',
      options: [{ value: '8', label: 'Neighbourhoods (8)' }, { value: '9', label: 'Places (9)' }, { value: '10', label: 'Streets (10)' }],
    },
    { kind: 'number', name: 'minimumPerYear', label: 'Least incidents a year', hint: 'What a candidate needs; as set (usually 12) when left blank', value: asked.minimumPerYear, min: 1 },
    { kind: 'number', name: 'falseDiscoveryRate', label: 'False-discovery rate', hint: 'Of the flag “hot”; as set (usually 0.05) when left blank', value: asked.falseDiscoveryRate, min: 0.0001, max: 0.5 },
    { kind: 'number', name: 'seed', label: 'Seed', hint: 'Starts the dice behind the intervals of ranks; 1 when left blank', value: asked.seed, min: 0, whole: true },
  ];
}

interface Parts {
  readonly form: Form;
  readonly table: Table<Run>;
  readonly comparing: Form;
  readonly stop: () => void;
}

function view(state: PageState, { form, table, stop, comparing }: Parts): Content {
  if (state.choices.months.length === 0) return emptyView('No incidents have been imported yet', 'An analysis needs months of incidents and the boundaries of the councils.');
  const working = state.job && (state.job.state === 'queued' || state.job.state === 'running');
  return html`
    ${mayDo('runAnalysis') ? section('New analysis', html`${form.view()}
      ${working ? html`${loadingView('the analysis', { progress: state.job?.progress ?? 0, step: state.job?.step || 'Waiting for its turn' })}${button('Stop', stop, { kind: 'plain' })}` : nothing}`)
      : note('info', 'Analyses are run by the analyst and the grant manager. Their results are open to you below.')}
    ${section('Runs', table.view(state.runs), { lead: html`By the calendar: ${state.schedule.says} <a href="/settings/analysis_schedule">The setting</a>` })}
    ${state.runs.length > 1 ? section('Two runs side by side', comparing.view(), { lead: 'Parameters, data, ranks that moved and why.' }) : nothing}`;
}

/** Two runs chosen from the list; the latest two unless told. */
function comparisonFields(runs: readonly Run[]): readonly Field[] {
  const options = runs.map((run) => ({ value: run.id, label: `${period(run.parameters.from, run.parameters.to)}, resolution ${run.parameters.resolution}, run ${shortInstant(run.createdAt)} (${run.hash.slice(0, 8)})` }));
  return [
    { kind: 'select', name: 'first', label: 'First run', required: true, value: runs[1]?.id, options },
    { kind: 'select', name: 'second', label: 'Second run', required: true, value: runs[0]?.id, options },
  ];
}

function runColumns(choices: Choices): readonly Column<Run>[] {
  const councilNames = new Map(choices.councils.map(({ code, name }) => [code, name]));
  const councils = (run: Run): string => (run.parameters.councils.length === choices.councils.length ? 'All' : run.parameters.councils.map((code) => councilNames.get(code) ?? code).join(', '));
  const categories = (run: Run): string => run.parameters.categories.map((code) => choices.categories.find((one) => one.code === code)?.name ?? code).join(', ');
  const span = (run: Run): string => period(run.parameters.from, run.parameters.to);
  return [
    { key: 'period', label: 'Period', value: span, show: (run) => html`<a href="/analysis/${run.id}">${span(run)}</a>` },
    { key: 'councils', label: 'Councils', value: councils },
    { key: 'categories', label: 'Categories', value: categories },
    { key: 'resolution', label: 'Cells', value: (run) => `resolution ${run.parameters.resolution}` },
    { key: 'n', label: 'Incidents', kind: 'count', value: (run) => run.figures.mapped },
    { key: 'candidates', label: 'Candidates', kind: 'count', value: (run) => run.figures.candidates },
    { key: 'made', label: 'Run', kind: 'instant', value: (run) => run.createdAt },
    { key: 'by', label: 'Asked by', value: (run) => (run.scheduledFor ? 'the calendar' : 'a person') },
    { key: 'hash', label: 'Hash', hint: `The same parameters and data give the same hash; the first 8 of 64 digits`, value: (run) => run.hash.slice(0, 8) },
  ];
}

/** The counts of a run in one line. */
export function countsLine(figures: Run['figures']): Content {
  return html`<strong>${count(figures.in)}</strong> incidents = <strong>${count(figures.mapped)}</strong> in the study area + ${count(figures.outside)} outside it + ${count(figures.withoutPlace)} without a place${figures.excluded > 0 ? html` + ${count(figures.excluded)} at excluded geocodes` : ''}`;
}
