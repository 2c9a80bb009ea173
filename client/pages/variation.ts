/** One variation: what changes, old and new, who did which step, and the step that is next for who looks at it. */
import { getTerms, type Terms } from '../../server/terms/contract.ts';
import { agreeVariation, approveVariation, getVariation, proposeVariation, withdrawVariation, type Variation } from '../../server/terms/variationContract.ts';
import { agreementTabs } from '../agreementTabs.ts';
import { call } from '../api.ts';
import { documentsOf, type Documents } from '../documents.ts';
import { createForm } from '../form.ts';
import { date, instant } from '../format.ts';
import { action, button, details, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { failureText, load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { differenceTable } from './termsDifference.ts';

const looks: Record<Variation['state'], 'plain' | 'good' | 'warning' | 'info'> = { draft: 'plain', proposed: 'info', 'council agreed': 'info', approved: 'good', effective: 'good', withdrawn: 'plain' };

/** A variation's state in a box; the word says it. */
export const variationTag = (state: Variation['state']): Content => tag(state, looks[state]);

interface Answer {
  variation: Variation;
  hotspots: Terms['hotspots'];
}

export const variationPage: Page = (root, params) => {
  const id = params['id'] ?? '';
  let state: Loadable<Answer> = loading;
  let said: { kind: 'good' | 'danger'; words: string } | undefined;
  let documents: Documents | undefined;
  let stopDocuments = (): void => undefined;
  const idempotencyKey = crypto.randomUUID();

  const draw = (): void => {
    const one = state.at === 'ready' ? state.value.variation : undefined;
    render(frame({
      title: one ? `Variation ${one.number} of ${one.reference}` : 'Variation', ...(one ? { caption: one.council } : {}), width: 'wide',
      breadcrumbs: [{ label: 'Agreements', href: '/agreements' }, ...(one ? [{ label: one.reference, href: `/agreements/${one.agreementId}` }, { label: 'Terms', href: `/agreements/${one.agreementId}/terms` }] : [])],
      actions: one?.state === 'draft' && mayDo('proposeVariations') ? [action('Change the draft', `/variations/${id}/change`)] : [],
    }, html`${one ? agreementTabs(one.agreementId, 'terms') : nothing}${said ? note(said.kind, said.words, { live: true }) : nothing}${shown(state, body, { what: 'the variation', retry: () => void start() })}`), root);
  };
  const keep = (variation: Variation, words: string): void => {
    if (state.at === 'ready') state = { at: 'ready', value: { ...state.value, variation } };
    said = { kind: 'good', words };
    draw();
  };
  const change = (send: Promise<Variation>, words: string): void => void send.then((variation) => keep(variation, words), (error: unknown) => {
    said = { kind: 'danger', words: failureText(error) };
    draw();
  });
  const differences = differenceTable('What changes', draw, () => (state.at === 'ready' ? state.value.hotspots : []));
  const approval = createForm({
    layout: 'row', submit: 'Approve', redraw: draw, fields: [{ kind: 'text', name: 'decisionReference', label: 'Decision reference', hint: 'The decision notice that allows it', required: true, size: 'medium' }],
    action: async (values) => {
      const variation = await call(approveVariation, approveVariation.input.parse({ id, idempotencyKey, ...values }));
      keep(variation, variation.state === 'effective' ? `Approved, and in effect as version ${variation.version ?? ''}.` : `Approved. It takes effect on ${date(variation.effectiveFrom)}.`);
    },
  });
  const withdrawal = createForm({
    layout: 'row', submit: 'Withdraw', redraw: draw, fields: [{ kind: 'text', name: 'reason', label: 'Why', required: true }],
    action: async (values) => keep(await call(withdrawVariation, withdrawVariation.input.parse({ id, ...values })), 'Withdrawn.'),
  });
  const next = (one: Variation): Content => {
    if (one.state === 'draft' && mayDo('proposeVariations')) return button('Propose to the council', () => change(call(proposeVariation, { id }), 'Proposed. The council’s finance officer agrees to it here.'), { kind: 'main' });
    if (one.state === 'proposed' && mayDo('agreeVariations')) return button('Agree for the council', () => change(call(agreeVariation, { id }), 'Agreed. The Commissioner’s finance approver approves it here.'), { kind: 'main' });
    if (one.state === 'council agreed' && mayDo('approveVariations')) return one.mine ? note('info', 'You proposed this variation, so a second person approves it.') : approval.view();
    return html`<p>${waitsFor(one)}</p>`;
  };
  const body = ({ variation: one }: Answer): Content => html`
    ${one.heldUpBy ? note('warning', html`It could not take effect on its day and is tried again every night: ${one.heldUpBy}`) : nothing}
    ${details([['State', variationTag(one.state)], ['Effective from', date(one.effectiveFrom)], ['Why', one.reason],
      ...(one.decisionReference ? [['Decision reference', one.decisionReference] as const] : []),
      ...(one.version ? [['Made', html`<a href="/agreements/${one.agreementId}/terms">version ${one.version}</a> and, where the amount changed, <a href="/agreements/${one.agreementId}/ledger">a journal</a>`] as const] : [])])}
    ${section('What changes', differences.view(one.difference), { lead: 'Old and new, on the version it was proposed on. What is not here stays as it is.' })}
    ${section('Steps', html`${details(steps(one))}${next(one)}${when(mayDo('withdrawVariations') && !['effective', 'withdrawn'].includes(one.state), () => html`<details class="fold"><summary>Withdraw or turn down</summary>${withdrawal.view()}</details>`)}`)}
    ${section('Documents', documents?.view() ?? nothing)}`;
  const start = (): (() => void) => load(ask(id), (answer) => {
    state = answer;
    if (answer.at === 'ready' && !documents) {
      documents = documentsOf({ agreementId: answer.value.variation.agreementId, subjectKind: 'variation', subjectId: id, what: 'documents', redraw: draw });
      stopDocuments = documents.start();
    }
    draw();
  });
  const stop = start();
  return () => {
    stop();
    stopDocuments();
  };
};

async function ask(id: string): Promise<Answer> {
  const variation = await call(getVariation, { id });
  const { hotspots } = await call(getTerms, { id: variation.agreementId });
  return { variation, hotspots };
}

function waitsFor({ state, effectiveFrom, withdrawnReason }: Variation): string {
  const words: Record<Variation['state'], string> = {
    draft: 'It is still being written.', proposed: 'It waits for the council’s finance officer.', 'council agreed': 'It waits for the Commissioner’s finance approver, who is not the person that proposed it.',
    approved: `It takes effect on ${date(effectiveFrom)}.`, effective: 'It is in effect.', withdrawn: `It was withdrawn: ${withdrawnReason ?? ''}`,
  };
  return words[state];
}

type Step = Variation['proposed'];

function steps(one: Variation): (readonly [string, Content])[] {
  const said = (step: Step, waiting: string): string => (step ? `${instant(step.at)}${step.by ? ` by ${step.by}` : ''}` : waiting);
  const waiting = one.state === 'withdrawn' ? 'not reached' : 'not yet';
  return [
    ['Proposed', said(one.proposed, waiting)], ['Agreed by the council', said(one.agreed, waiting)], ['Approved by a second person', said(one.approved, waiting)], ['In effect', said(one.effective, waiting)],
    ...(one.withdrawn ? [['Withdrawn', said(one.withdrawn, '')] as const] : []),
  ];
}
