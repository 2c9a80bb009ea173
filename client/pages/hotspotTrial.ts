/** Candidates of a run tried on a year of data before anybody adopts them. */
import type { z } from 'zod';
import { type TrialScore, tryHotspots } from '../../server/changes/contract.ts';
import { type Candidate, getAnalysis, listCandidates } from '../../server/hotspots/contract.ts';
import { call } from '../api.ts';
import { createForm, type Form } from '../form.ts';
import { count, decimal, percent, period } from '../format.ts';
import { action, frame, section } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { emptyView, load, note, shown } from '../states.ts';
import { createTable, type Column, type Table } from '../table.ts';

type Run = z.output<typeof getAnalysis.output>;
type Trial = z.output<typeof tryHotspots.output>;

export const hotspotTrialPage: Page = (root, { id = '' }) => {
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    leave = load(Promise.all([call(getAnalysis, { id }), call(listCandidates, { id })]), (next) => {
      if (next.at === 'ready') open(root, next.value[0], next.value[1].candidates);
      else render(frame({ title: 'Try candidates', breadcrumbs: crumbs(id) }, shown(next, () => nothing, { what: 'the candidates', retry: start })), root);
    });
  };
  start();
  return () => leave();
};

const crumbs = (id: string) => [{ label: 'Hotspots', href: '/hotspots' }, { label: 'Find hotspots', href: '/analysis' }, { label: 'Analysis', href: `/analysis/${id}` }];

interface Parts {
  readonly form: Form;
  readonly table: Table<TrialScore>;
  trial: Trial | undefined;
}

/** About what an agreed set has; the best candidates, until somebody types another number. */
const usualPlaces = 20;

function open(root: HTMLElement, run: Run, candidates: readonly Candidate[]): void {
  const draw = (): void => render(view(run, candidates, parts), root);
  const parts: Parts = {
    trial: undefined,
    table: createTable<TrialScore>({ caption: 'Scores', rowId: (row) => row.set, redraw: draw, columns, tools: true, narrow: 'scroll' }),
    form: createForm({
      layout: 'row',
      fields: [
        { kind: 'number', name: 'places', label: 'Best candidates', whole: true, min: 1, max: candidates.length, value: Math.min(usualPlaces, candidates.length), required: true },
        { kind: 'month', name: 'from', label: 'Tried on months from' }, { kind: 'month', name: 'to', label: 'To' },
      ],
      submit: 'Try', redraw: draw,
      action: async ({ places, ...months }) => {
        const chosen = candidates.slice(0, Number(places)).map((one) => one.cells[0] ?? '');
        parts.trial = await call(tryHotspots, tryHotspots.input.parse({ id: run.id, candidates: chosen, ...months }));
      },
    }),
  };
  draw();
}

function view(run: Run, candidates: readonly Candidate[], parts: Parts): Content {
  return frame({
    title: 'Try candidates', caption: period(run.parameters.from, run.parameters.to), width: 'wide', breadcrumbs: crumbs(run.id),
    lead: 'What a set would have caught, before it is adopted: against last year’s top list, the agreed set and chance. Leave the months empty for the latest year held.',
    actions: [action('Compare with the agreed set', `/analysis/${run.id}/refresh`)],
  }, candidates.length === 0 ? emptyView('No candidates', 'The run has no candidate, so there is no set to try.') : html`${parts.form.view()}${parts.trial ? resultView(parts.trial, parts) : nothing}`);
}

function resultView(trial: Trial, { table }: Parts): Content {
  return section('What it would have caught', html`
    <p aria-live="polite"><strong>${trial.says}</strong></p>
    ${trial.warnings.map((words) => note('warning', words))}
    ${table.view(trial.scores)}
    <dl class="pairs">${trial.scores.map((score) => html`<div class="pairs__row"><dt>${score.name}</dt><dd>${score.about}</dd></div>`)}</dl>
    <p class="fact__note">${count(trial.n)} incidents in ${count(trial.months)} months, ${decimal(trial.areaKm2, 0)} km². ${trial.method}. Seed ${trial.seed}.</p>`);
}

type Ends = TrialScore['hitRateInterval'];
const ends = (interval: Ends, write: (value: number) => string): string => (interval ? `${write(interval.lower)} to ${write(interval.upper)}` : '–');
const two = (value: number): string => decimal(value, 2);
const one = (value: number): string => decimal(value, 1);

const columns: readonly Column<TrialScore>[] = [
  { key: 'set', label: 'Set', value: (row) => row.name },
  { key: 'places', label: 'Places', kind: 'count', value: (row) => (row.set === 'chance' || row.set === 'hindsight' ? null : row.places), missing: '–' },
  { key: 'area', label: 'Of the area', value: (row) => percent(row.areaShare, 2) },
  { key: 'hits', label: 'Caught', kind: 'count', value: (row) => Math.round(row.hits) },
  { key: 'rate', label: 'Hit rate', hint: 'Share of all incidents caught', value: (row) => percent(row.hitRate) },
  { key: 'rateEnds', label: '95% interval', hint: 'Of the hit rate', value: (row) => ends(row.hitRateInterval, percent) },
  { key: 'pai', label: 'PAI', hint: 'Predictive accuracy index: hit rate over share of the area', kind: 'decimal', value: (row) => row.pai },
  { key: 'paiEnds', label: '95% interval of PAI', value: (row) => ends(row.paiInterval, one) },
  { key: 'pei', label: 'PEI', hint: 'PAI over the best possible PAI for as much area', kind: 'decimal', digits: 2, value: (row) => row.pei },
  { key: 'peiEnds', label: '95% interval of PEI', value: (row) => ends(row.peiInterval, two) },
  { key: 'against', label: 'PAI against the proposed set', hint: 'Its PAI less the proposed set’s; told apart when zero is not in the interval', value: (row) => (row.paiDifference === null ? '–' : `${row.paiDifference > 0 ? '+' : ''}${one(row.paiDifference)}${row.paiDifferenceInterval ? ` (${ends(row.paiDifferenceInterval, one)})` : ''}`) },
];
