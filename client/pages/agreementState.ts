/** Where an agreement is in its life: who signs it, and the moves that are open to it with what stands in their way. */
import { addSignatory, changeSignatory, moveAgreement, removeSignatory, type Signatory, type Terms } from '../../server/terms/contract.ts';
import { call } from '../api.ts';
import { createForm, type Form } from '../form.ts';
import { button, section } from '../frame.ts';
import { html, nothing, when, type Content } from '../html.ts';
import { mayDo } from '../session.ts';
import { emptyView } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { today } from '../weeks.ts';

const partyNames = { council: 'the council', office: 'the Commissioner’s office' };
const steps = ['draft', 'in legal', 'sent', 'signed', 'live', 'closing', 'closed'];

/** `kept` gets the terms after a change, with words for it. */
export function statePart({ id, redraw, kept, failed, terms }: {
  id: string; redraw: () => void; kept: (terms: Terms, words: string) => void; failed: (error: unknown) => void; terms: () => Terms | undefined;
}): { readonly view: (now: Terms) => Content } {
  const change = (send: Promise<Terms>, words: string): void => void send.then((next) => kept(next, words), failed);
  const moving: Form = createForm({
    layout: 'row', submit: 'Move', redraw,
    fields: () => [
      { kind: 'select', name: 'state', label: 'Move to', required: true, options: (terms()?.moves ?? []).filter(({ faults }) => faults.length === 0).map(({ state, back }) => ({ value: state, label: back ? `back to ${state}` : state })) },
      { kind: 'text', name: 'reason', label: 'Why', required: true },
    ],
    action: async (values) => {
      const next = await call(moveAgreement, moveAgreement.input.parse({ id, ...values }));
      moving.reset();
      kept(next, `The agreement is ${next.state}.`);
    },
  });
  const takeOut: Column<Signatory> = { key: 'out', label: 'Take out', bare: true, value: () => '', show: (one) =>
    (one.signedOn === null ? button('Take out', () => change(call(removeSignatory, { id, signatoryId: one.id }), 'Taken out.')) : nothing) };
  const table = (more: readonly Column<Signatory>[]) => createTable<Signatory>({ caption: 'Signatories', rowId: (one) => one.id, redraw, tools: false, columns: [
    { key: 'title', label: 'Signs as', value: (one) => one.title },
    { key: 'party', label: 'For', value: (one) => partyNames[one.party] },
    { key: 'signed', label: 'Signed on', kind: 'date', value: (one) => one.signedOn, missing: 'not yet' },
    ...more,
  ] });
  const [written, open] = [table([]), table([takeOut])];
  const adding: Form = createForm({
    layout: 'row', submit: 'Add signatory', redraw,
    fields: [
      { kind: 'text', name: 'title', label: 'Signs as', hint: 'A title, never a name: Section 151 officer', required: true, size: 'medium' },
      { kind: 'select', name: 'party', label: 'Signs for', required: true, options: [{ value: 'council', label: 'the council' }, { value: 'office', label: 'the Commissioner’s office' }] },
    ],
    action: async (values) => {
      kept(await call(addSignatory, addSignatory.input.parse({ id, signatoryId: crypto.randomUUID(), ...values })), 'Added the signatory.');
      adding.reset();
    },
  });
  const signing = createForm({
    layout: 'row', submit: 'Record', redraw,
    fields: () => [
      { kind: 'select', name: 'signatoryId', label: 'Who signed', required: true, options: (terms()?.signatories ?? []).filter(({ signedOn }) => signedOn === null).map(({ id: value, title, party }) => ({ value, label: `${title}, ${partyNames[party]}` })) },
      { kind: 'date', name: 'signedOn', label: 'Signed on', value: today(), required: true },
    ],
    action: async (values) => kept(await call(changeSignatory, changeSignatory.input.parse({ id, ...values })), 'Recorded the signature.'),
  });
  const view = (now: Terms): Content => html`${section('State', html`${path(now)}${when(mayDo('keepTerms'), () => movesView(now, moving))}`)}
    ${section('Signatories', html`${now.signatories.length > 0 ? (mayDo('keepTerms') && now.versions.length === 0 ? open : written).view(now.signatories) : emptyView('Nobody is named to sign yet')}
      ${when(mayDo('keepTerms') && now.signatories.some(({ signedOn }) => signedOn === null), () => signing.view())}
      ${when(mayDo('keepTerms') && now.versions.length === 0, () => adding.view())}`)}`;
  return { view };
}

function movesView(now: Terms, moving: Form): Content {
  const blocked = now.moves.filter(({ faults }) => faults.length > 0);
  return html`${when(now.moves.some(({ faults }) => faults.length === 0), () => moving.view())}
    ${blocked.map(({ state, faults }) => html`<p>Before it can be ${state}:</p><ul class="govuk-list govuk-list--bullet">${faults.map((fault) => html`<li>${fault}</li>`)}</ul>`)}`;
}

/** The whole way, with the place it is at. */
function path({ state }: Terms): Content {
  const here = state === 'live at risk' ? 'live' : state;
  return html`<ol class="lifeline">${steps.map((step) => html`<li class="lifeline__step ${steps.indexOf(step) < steps.indexOf(here) ? 'is-past' : ''}" aria-current=${step === here ? 'step' : nothing}>${step === here ? state : step}</li>`)}</ol>`;
}
