/** How a month's return goes out: asked for, certified by another person, sent, answered. Part of the return's page. */
import type { MonthlyReturn, ReturnState, ReturnStep, ReturnStepKind } from '../../server/returns/contract.ts';
import { answerReturn, askReturnSignOff, certifyReturn } from '../../server/returns/signOffContract.ts';
import { call } from '../api.ts';
import { createForm, type Field } from '../form.ts';
import { instant } from '../format.ts';
import { section } from '../frame.ts';
import { html, nothing, type Content } from '../html.ts';
import { mayDo, session } from '../session.ts';
import { note, tag } from '../states.ts';

const stateKinds: Record<ReturnState, Parameters<typeof tag>[1]> = {
  'not started': 'plain', 'in progress': 'plain', ready: 'info', 'awaiting sign-off': 'warning', submitted: 'info', accepted: 'good', 'changes requested': 'danger',
};
export const returnStateTag = (state: ReturnState): Content => tag(state, stateKinds[state]);

const stepWords: Record<ReturnStepKind, string> = {
  signOffAsked: 'Sign-off asked for', signOffTakenBack: 'Sign-off taken back', certified: 'Certified and submitted', sentBack: 'Sent back', accepted: 'Accepted by the funder', changesRequested: 'Changes requested by the funder',
};

interface Options {
  readonly month: string;
  /** The monthly one unless told. */
  readonly definition: string | undefined;
  readonly redraw: () => void;
  readonly done: (words: string) => void;
}

export function returnSignOff({ month, definition, redraw, done }: Options): { view: (made: MonthlyReturn) => Content } {
  /** The version that waits or went out, and the newest one kept. */
  let version = 0;
  let newest = 0;
  const reason = (hint: string): Field => ({ kind: 'text', name: 'reason', label: 'Reason', hint });
  const choice = (options: readonly (readonly [string, string])[]): Field => ({ kind: 'radios', name: 'step', label: 'Step', required: true, options: options.map(([value, label]) => ({ value, label })) });
  const ask = createForm({
    submit: 'Ask for sign-off', redraw, fields: [],
    action: async () => {
      await call(askReturnSignOff, { month, definition, version: newest, step: 'signOffAsked' });
      done(`Version ${newest} waits for another person to certify it.`);
    },
  });
  const takeBack = createForm({
    submit: 'Take it back', redraw, fields: [{ ...reason('What has to change first'), required: true }],
    action: async (values) => {
      await call(askReturnSignOff, { month, definition, version, step: 'signOffTakenBack', reason: String(values['reason']) });
      done('The sign-off is taken back.');
    },
  });
  const certify = createForm({
    submit: 'Decide', redraw, fields: [choice([['certified', 'I certify these figures: submit them'], ['sentBack', 'Send back']]), reason('Needed to send it back')],
    action: async (values) => {
      await call(certifyReturn, certifyReturn.input.parse({ month, definition, version, step: values['step'], reason: values['reason'] ?? '' }));
      done(values['step'] === 'certified' ? `Version ${version} is certified and submitted; it stays as it is for ever.` : 'Sent back to who prepared it.');
    },
  });
  const answer = createForm({
    submit: 'Enter the answer', redraw,
    fields: [choice([['accepted', 'Accepted'], ['changesRequested', 'Changes requested']]), { kind: 'text', name: 'sections', label: 'Sections', hint: 'Parted by commas, when changes are requested' }, reason('What the funder wrote; needed when changes are requested')],
    action: async (values) => {
      const sections = String(values['sections'] ?? '').split(',').map((each) => each.trim()).filter(Boolean);
      await call(answerReturn, answerReturn.input.parse({ month, definition, version, step: values['step'], reason: values['reason'] ?? '', sections }));
      done(values['step'] === 'accepted' ? 'Accepted: the month is closed.' : 'Changes requested: correct, keep a new version, and ask for its sign-off.');
    },
  });

  const next = ({ state, steps, versions }: MonthlyReturn): Content => {
    const last = steps.at(-1);
    newest = versions.at(-1)?.version ?? 0;
    const sent = steps.findLast(({ step }) => step === 'certified')?.version ?? 0;
    version = last?.version ?? newest;
    if (state === 'awaiting sign-off') return waiting(last);
    return html`${state === 'submitted' && mayDo('makeReturns') ? answer.view() : nothing}${newest > sent ? asking() : nothing}`;
  };
  const asking = (): Content =>
    (mayDo('makeReturns') ? html`<p>Version ${newest} can go out. Another person than who kept it and who asks certifies it.</p>${ask.view()}` : nothing);
  const waiting = (last: ReturnStep | undefined): Content => {
    const own = last?.takenBy === session().person?.id;
    if (own) return html`${note('info', 'You asked for this sign-off, so another person must certify it.')}${takeBack.view()}`;
    return mayDo('certifyReturns') ? html`${definition === undefined ? html`<p>It is not certified while <a href="/month-board/${month}/consolidation">a conflict between its figures</a> is not explained.</p>` : nothing}${certify.view()}` : note('info', 'It waits to be certified.');
  };
  return {
    view: (made) => (session().person?.councilCode === null
      ? section('Sign-off', html`<p>${returnStateTag(made.state)}</p>${journey(made.steps)}${made.versions.length === 0 ? note('info', 'Keep these figures as a version first; a version is what is signed.') : next(made)}`,
        { lead: 'A version is prepared by one person and certified by another; then it is submitted and never changes. A later version shows its difference.' })
      : section('Sign-off', html`<p>${returnStateTag(made.state)}</p>`)),
  };
}

function journey(steps: readonly ReturnStep[]): Content {
  if (steps.length === 0) return nothing;
  return html`<ol class="govuk-list govuk-list--number">${steps.map((one) => html`<li>${stepWords[one.step]}, version ${one.version}: ${one.person ?? 'somebody'}, ${instant(one.takenAt)}${one.sections.length > 0 ? ` (${one.sections.join(', ')})` : ''}${one.reason ? `: ${one.reason}` : ''}</li>`)}</ol>`;
}
