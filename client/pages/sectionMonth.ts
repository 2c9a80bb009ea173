/** A council's own month: each section pre-filled, confirmed or corrected, and sent. */
import { answerSection, getCouncilMonth, sendSection, writeCouncilWords, type CouncilMonth, type CouncilSection, type TextKind } from '../../server/returns/collectContract.ts';
import { call } from '../api.ts';
import { date, instant, month as sayMonth } from '../format.ts';
import { createForm, type Form } from '../form.ts';
import { action, button, facts, frame, section as part } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { failureText, load, loading, note, shown, type Loadable } from '../states.ts';
import { sayDaysLeft, sectionTag } from './monthBoard.ts';
import { noFigures, sectionFigures, type SectionFigures } from './sectionFigures.ts';

const open = ({ state }: CouncilSection): boolean => state === 'not started' || state === 'in progress' || state === 'changes requested';

export const sectionMonthPage: Page = (root, { month = '', council = '' }) => {
  let state: Loadable<CouncilMonth> = loading;
  let told: { kind: 'good' | 'info' | 'danger'; words: string } | undefined;
  let busy = false;
  const figures = new Map<string, SectionFigures>();
  const forms = new Map<string, Form>();

  const draw = (): void => render(frame({
    title: `${state.at === 'ready' ? state.value.council : 'Council'}: ${sayMonth(month)}`, width: 'wide',
    breadcrumbs: [{ label: 'The month’s board', href: `/month-board?month=${month}` }],
    lead: 'Every figure is filled in from what was recorded. Confirm it, or correct it and say why; the return keeps both.',
    actions: mayDo('sendMonths') ? [action('Workbook', `/month-board/${month}/${council}/upload`)] : [],
  }, html`${told ? note(told.kind, told.words, { live: true }) : nothing}${shown(state, view, { what: 'the month', retry: () => void start() })}`), root);
  const done = (after: CouncilMonth, words: string): void => {
    state = { at: 'ready', value: after };
    told = { kind: 'good', words };
    draw();
  };
  const failed = (error: unknown): void => {
    told = { kind: 'danger', words: failureText(error) };
    draw();
    start();
  };
  const send = (section: string, step: 'readied' | 'submitted', words: string): void => void call(sendSection, { month, councilCode: council, section, step }).then((after) => done(after, words), failed);
  const formOf = (key: string, make: () => Form): Form => {
    const known = forms.get(key) ?? make();
    forms.set(key, known);
    return known;
  };

  const view = (own: CouncilMonth): Content => html`${facts([
    { label: 'Send by', value: date(own.dueOn), note: sayDaysLeft(own.daysLeft) },
    { label: 'Accepted', value: `${own.sections.filter(({ state: one }) => one === 'accepted').length} of ${own.sections.length}`, note: 'sections' },
  ])}
    ${own.started ? nothing : note('info', 'Patrols had not started by the end of this month. Its patrol figures say “not started”, which is not 0.')}
    ${sendAll(own)}${acceptAll(own)}${own.sections.map((section) => sectionView(section))}`;

  /** Several sections one after the other, saying which; what was done before one fails stays done. */
  const oneByOne = async (sections: readonly CouncilSection[], step: (section: CouncilSection) => Promise<CouncilMonth>, become: string): Promise<void> => {
    busy = true;
    try {
      for (const [index, section] of sections.entries()) {
        told = { kind: 'info', words: `${section.name} is being ${become} (${index + 1} of ${sections.length}).` };
        draw();
        state = { at: 'ready', value: await step(section) };
      }
      told = { kind: 'good', words: `${sections.length} sections are ${become}.` };
    } catch (error) {
      failed(error);
    }
    busy = false;
    draw();
  };

  const sendAll = (own: CouncilMonth): Content => {
    const ready = own.sections.filter((section) => (open(section) || section.state === 'ready') && section.missing.length === 0);
    if (!mayDo('sendMonths') || !own.monthEnded || ready.length < 2) return nothing;
    const submit = async ({ code, state: at }: CouncilSection): Promise<CouncilMonth> => {
      if (at !== 'ready') await call(sendSection, { month, councilCode: council, section: code, step: 'readied' });
      return call(sendSection, { month, councilCode: council, section: code, step: 'submitted' });
    };
    return html`<p>${button(`Submit ${ready.length} sections that are whole`, () => void oneByOne(ready, submit, 'submitted'), { kind: 'main', disabled: busy })}</p>`;
  };

  /** Whoever has read the whole month need not answer it five times. */
  const acceptAll = (own: CouncilMonth): Content => {
    const submitted = own.sections.filter((section) => section.state === 'submitted');
    if (!mayDo('makeReturns') || submitted.length < 2) return nothing;
    const accept = ({ code }: CouncilSection): Promise<CouncilMonth> => call(answerSection, answerSection.input.parse({ month, councilCode: council, section: code, step: 'accepted', reason: '' }));
    return html`<p>${button(`Accept the ${submitted.length} submitted sections`, () => void oneByOne(submitted, accept, 'accepted'), { kind: 'main', disabled: busy })}</p>`;
  };

  const sectionView = (section: CouncilSection): Content => {
    const writes = mayDo('sendMonths') && open(section);
    const key = `${section.code} ${writes}`;
    const table = figures.get(key) ?? sectionFigures({ month, councilCode: council, section: section.code, called: section.name, writes, redraw: draw, done, failed });
    figures.set(key, table);
    return part(section.name, html`<p>${sectionTag(section.state)}</p>
      ${section.missing.length > 0 && section.state !== 'accepted' ? html`<ul class="govuk-list govuk-list--bullet">${section.missing.map((one) => html`<li>${one}</li>`)}</ul>` : nothing}
      ${section.kind === 'words' ? wordsView(section, writes) : section.figures.length === 0 ? noFigures() : table.view(section)}
      ${stepsView(section)}`, { lead: section.about });
  };

  const wordsView = (section: CouncilSection, writes: boolean): Content => section.texts.filter(({ kind, text }) => writes ? ['narrative', 'risks', 'issues'].includes(kind) : text !== '').map(({ kind, name, text }) => (writes
    ? formOf(`words ${kind}`, () => createForm({
      submit: `Keep ${name.toLowerCase()}`, redraw: draw, fields: [{ kind: 'textarea', name: 'text', label: name, value: text, hint: 'Nothing about a person' }],
      action: async (values) => done(await call(writeCouncilWords, { month, councilCode: council, kind: kind as TextKind, text: String(values['text'] ?? '') }), `${name} is kept.`),
    })).view() : html`<h3 class="govuk-heading-s">${name}</h3><p class="section__words">${text}</p>`));

  const stepsView = (section: CouncilSection): Content => html`
    ${section.steps.length === 0 ? nothing : html`<ol class="govuk-list govuk-list--number">${section.steps.map((one) => html`<li>${stepWords[one.step]}: ${one.by ?? 'somebody'}, ${instant(one.at)}${one.reason ? `: ${one.reason}` : ''}</li>`)}</ol>`}
    ${mayDo('sendMonths') ? councilSteps(section) : nothing}${mayDo('makeReturns') && section.state === 'submitted' ? answerForm(section).view() : nothing}`;

  const councilSteps = (section: CouncilSection): Content => {
    if (open(section)) return section.missing.length === 0 ? html`<p>${button('This section is ready', () => send(section.code, 'readied', `${section.name} is ready.`))}</p>` : nothing;
    if (section.state === 'ready') return html`<p>${button('Submit this section', () => send(section.code, 'submitted', `${section.name} is submitted.`), { kind: 'main' })}</p>${reopenForm(section).view()}`;
    return section.state === 'submitted' ? reopenForm(section).view() : nothing;
  };
  const reopenForm = (section: CouncilSection): Form => formOf(`reopen ${section.code}`, () => createForm({
    submit: 'Take it back', redraw: draw, layout: 'row', fields: [{ kind: 'text', name: 'reason', label: 'Why it has to change', required: true }],
    action: async (values) => done(await call(sendSection, { month, councilCode: council, section: section.code, step: 'reopened', reason: String(values['reason']) }), `${section.name} is open again.`),
  }));
  const answerForm = (section: CouncilSection): Form => formOf(`answer ${section.code}`, () => createForm({
    submit: 'Answer', redraw: draw,
    fields: [{ kind: 'radios', name: 'step', label: `Answer to ${section.name}`, required: true, inline: true, options: [{ value: 'accepted', label: 'Accept' }, { value: 'changesRequested', label: 'Ask for changes' }] }, { kind: 'text', name: 'reason', label: 'What has to change', hint: 'Needed when you ask for changes' }],
    action: async (values) => done(await call(answerSection, answerSection.input.parse({ month, councilCode: council, section: section.code, step: values['step'], reason: values['reason'] ?? '' })), `${section.name} is answered.`),
  }));

  let stop = (): void => undefined;
  const start = (): void => {
    stop();
    stop = load(call(getCouncilMonth, { month, councilCode: council }), (next) => {
      state = next;
      draw();
    });
  };
  start();
  return () => stop();
};

const stepWords = { readied: 'Ready', reopened: 'Taken back', submitted: 'Submitted', accepted: 'Accepted', changesRequested: 'Changes requested' } as const;
