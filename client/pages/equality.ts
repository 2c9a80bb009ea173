/** The equality record: actions with their owner, day and evidence, and how many wardens are trained in what. Nothing about individuals. */
import type { z } from 'zod';
import { actionStates, addEqualityAction, characteristics, getEquality, recordTraining, stepEqualityAction, type EqualityAction, type TrainingRow } from '../../server/evaluation/actionsContract.ts';
import { call } from '../api.ts';
import { createForm, type Form } from '../form.ts';
import { count, shortDate, shortInstant } from '../format.ts';
import { action, facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';

type Shown = z.infer<typeof getEquality.output>;

const looks = { open: 'warning', 'in progress': 'info', done: 'good', 'not needed': 'plain' } as const;
const stateView = ({ state, overdue }: EqualityAction): Content => html`${tag(state, looks[state])}${overdue ? html` ${tag('overdue', 'danger')}` : nothing}`;

export const equalityPage: Page = (root) => {
  let state: Loadable<Shown> = loading;
  let said = '';
  let chosen: { of: EqualityAction; form: Form } | undefined;
  const draw = (): void => render(frame({
    title: 'Equality actions', width: 'wide', actions: [action('Who is patrolled', '/reports?kind=equality')],
    lead: 'The equality impact assessment as a living record: what is to be done, which role or organisation answers for it, by when, and what shows that it was done. Nothing about individuals is held; wardens appear by reference.',
  }, html`${said ? note('good', said, { live: true }) : nothing}${shown(state, body, { what: 'the record', retry: () => void start() })}`), root);
  const done = (words: string): void => {
    said = words;
    chosen = undefined;
    start();
  };
  const choose = (of: EqualityAction): void => {
    chosen = { of, form: createForm({
      submit: 'Enter the step', redraw: draw,
      fields: [
        { kind: 'radios', name: 'state', label: 'State', required: true, value: of.state, options: actionStates.map((each) => ({ value: each, label: each })) },
        { kind: 'text', name: 'owner', label: 'Owner', hint: 'A role or an organisation, not a person', value: of.owner, required: true }, { kind: 'date', name: 'dueOn', label: 'Due on', value: of.dueOn, required: true },
        { kind: 'textarea', name: 'evidence', label: 'Evidence', hint: 'Needed when it is done: what shows it', value: of.evidence }, { kind: 'text', name: 'reason', label: 'Reason', hint: 'Needed when it is not needed', size: 'long' },
      ],
      action: async (values) => {
        await call(stepEqualityAction, stepEqualityAction.input.parse({ id: of.id, stepId: crypto.randomUUID(), ...values }));
        done(`“${of.title}” is entered.`);
      },
    }) };
    draw();
    requestAnimationFrame(() => document.querySelector('.figure-form')?.scrollIntoView({ block: 'nearest' }));
  };
  const actions = createTable<EqualityAction>({
    caption: 'Actions', rowId: (row) => row.id, redraw: draw,
    columns: [
      { key: 'title', label: 'Action', value: (row) => row.title }, { key: 'characteristic', label: 'Characteristic', value: (row) => row.characteristic }, { key: 'owner', label: 'Owner', value: (row) => row.owner },
      { key: 'due', label: 'Due', kind: 'date', value: (row) => row.dueOn }, { key: 'state', label: 'State', value: (row) => `${row.state}${row.overdue ? ', overdue' : ''}`, show: stateView },
      { key: 'evidence', label: 'Evidence', value: (row) => row.evidence || null, missing: 'none yet' }, { key: 'basis', label: 'Comes from', value: (row) => row.basis },
      { key: 'steps', label: 'Steps', value: (row) => row.steps.length, show: (row) => html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">${count(row.steps.length)}</span></summary><ol class="govuk-list">${row.steps.map((each) => html`<li>${each.state}, ${each.owner}, due ${shortDate(each.dueOn)}${each.reason ? `: ${each.reason}` : ''} (${each.by ?? 'the demonstration'}, ${shortInstant(each.at)})</li>`)}</ol></details>` },
      ...(mayDo('keepEquality') ? [{ key: 'enter', label: 'Enter', bare: true, value: () => '', show: (row: EqualityAction) => html`<button type="button" class="table__choose" aria-label="Enter a step of ${row.title}" @click=${() => choose(row)}>Enter a step</button>` }] : []),
    ],
  });
  const training = createTable<TrainingRow>({
    caption: 'Training', rowId: (row) => `${row.councilCode} ${row.topic}`, redraw: draw,
    columns: [
      { key: 'council', label: 'Council', value: (row) => row.council }, { key: 'name', label: 'Topic', value: (row) => row.name }, { key: 'trained', label: 'Trained', kind: 'count', value: (row) => row.trained },
      { key: 'wardens', label: 'Of wardens employed', kind: 'count', value: (row) => row.wardens }, { key: 'state', label: 'State', value: (row) => wordOf(row), show: (row) => tag(wordOf(row), wordOf(row) === 'all' ? 'good' : 'warning') },
      { key: 'first', label: 'First', kind: 'date', value: (row) => row.first, missing: 'nobody yet' }, { key: 'last', label: 'Last', kind: 'date', value: (row) => row.last, missing: 'nobody yet' },
    ],
  });
  const adding = createForm({
    submit: 'Add the action', redraw: draw,
    fields: [
      { kind: 'text', name: 'title', label: 'What is to be done', required: true, size: 'long' }, { kind: 'text', name: 'basis', label: 'What it comes from', hint: 'An assessment, a review, a gap in the data', required: true, size: 'long' },
      { kind: 'select', name: 'characteristic', label: 'Protected characteristic', required: true, options: characteristics.map((each) => ({ value: each, label: each })) },
      { kind: 'text', name: 'owner', label: 'Owner', hint: 'A role or an organisation, not a person', required: true }, { kind: 'date', name: 'dueOn', label: 'Due on', required: true },
    ],
    action: async (values) => {
      await call(addEqualityAction, addEqualityAction.input.parse({ actionId: crypto.randomUUID(), ...values }));
      adding.reset();
      done('The action is added.');
    },
  });
  const trained = createForm({
    layout: 'grid', submit: 'Record', redraw: draw,
    fields: () => [
      { kind: 'select', name: 'wardenId', label: 'Warden', required: true, options: state.at === 'ready' ? state.value.wardens.map(({ id, reference }) => ({ value: id, label: reference })) : [] },
      { kind: 'select', name: 'topic', label: 'Topic', required: true, options: state.at === 'ready' ? state.value.topics.map(({ code, name }) => ({ value: code, label: name })) : [] },
      { kind: 'date', name: 'trainedOn', label: 'Trained on', required: true },
    ],
    action: async (values) => {
      await call(recordTraining, recordTraining.input.parse({ trainingId: crypto.randomUUID(), ...values }));
      trained.reset();
      done('The training is recorded.');
    },
  });
  const body = (it: Shown): Content => {
    const waiting = it.actions.filter(({ state: one }) => one === 'open' || one === 'in progress');
    return html`${facts([
      { label: 'Actions', value: count(it.actions.length), note: 'on the record' }, { label: 'Not done', value: count(waiting.length), note: 'open or in progress' },
      { label: 'Overdue', value: count(it.actions.filter(({ overdue }) => overdue).length), note: `on ${shortDate(it.on)}` },
    ])}
      ${section('Actions', html`${it.actions.length === 0 ? emptyView('No action yet', 'Add the first from the equality impact assessment.') : actions.view(it.actions)}${chosen ? html`<div class="figure-form"><h3 class="govuk-heading-s">${chosen.of.title}</h3>${chosen.form.view()}</div>` : nothing}`)}
      ${section('Training', training.view(it.training), { lead: `Wardens employed on ${shortDate(it.on)}, and how many of them were trained by then. That it stands in the agreement is not training.` })}
      ${when(mayDo('manageWardens') && it.wardens.length > 0, () => section('Record training', trained.view(), { lead: 'By reference; the last day entered for a warden and topic holds.' }))}
      ${when(mayDo('keepEquality'), () => section('Add an action', adding.view()))}`;
  };
  let stop = (): void => undefined;
  const start = (): void => {
    stop();
    stop = load(call(getEquality, {}), (next) => {
      state = next;
      draw();
    });
  };
  start();
  return () => stop();
};

const wordOf = ({ wardens, trained }: TrainingRow): string => (wardens === 0 ? 'no wardens' : trained === wardens ? 'all' : `${wardens - trained} to train`);
