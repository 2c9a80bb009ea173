/** The end of an agreement or of its year: what is not settled, the reconciliation and its decision, what was bought, how long records are kept, and the pack. */
import { approveClosure, closureDecisionNames, closureDecisions, closurePack, exceptItem, getClosure, proposeClosure, withdrawClosure, type CheckItem, type ClosureRow, type ClosureView } from '../../server/closure/contract.ts';
import { agreementTabs } from '../agreementTabs.ts';
import { call, fileAddress } from '../api.ts';
import { documentsOf } from '../documents.ts';
import { createForm } from '../form.ts';
import { hoursMinutes, money, period } from '../format.ts';
import { action, button, facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { assetsOf } from './closureAssets.ts';
import { closureColumns, headColumns, itemColumns, retentionColumns, type HeadRow, type RetentionRow } from './closureRows.ts';

export const closurePage: Page = (root, params) => {
  const id = params['id'] ?? '';
  let state: Loadable<ClosureView> = loading;
  let said = '';
  let closureId = crypto.randomUUID();
  let exceptionId = crypto.randomUUID();

  const draw = (): void => {
    const head = state.at === 'ready' ? { title: `Closure of ${state.value.reference}`, caption: state.value.council } : { title: 'Closure' };
    render(frame({
      ...head, width: 'wide', breadcrumbs: [{ label: 'Agreements', href: '/agreements' }, { label: 'Agreement', href: `/agreements/${id}` }],
      lead: 'At the end of the year or of the agreement: settle what is open, decide with a second person, and give back what is unspent.',
      actions: [action('Closure pack', fileAddress(closurePack, { id })), button('Print', () => window.print())],
    }, html`${agreementTabs(id, 'closure')}${said ? note('good', said, { live: true }) : nothing}${shown(state, body, { what: 'the closure', retry: () => void start() })}`), root);
  };
  const body = (view: ClosureView): Content => html`
    ${standing(view)}
    ${section('Checklist', view.items.length === 0 ? emptyView('Everything is settled', 'Nothing stands against closing the agreement.') : html`${items.view(view.items)}${when(mayDo('closeAgreements') && leavable(view).length > 0, () => exceptForm.view())}`,
      { lead: 'What has money on it must be settled. The rest may be left as it is, with a reason that the second person sees.' })}
    ${section('Reconciliation', heads.view(view.reconciliation.heads), { lead: 'Budget = paid + open + unspent: every penny of a head is on one of its accounts in the ledger.' })}
    ${section('Decision', html`${when(view.closures.length > 0, () => closures.view(view.closures))}${decision(view)}`,
      { lead: 'Continue and amend give back what no approved variation carries over. Discontinue gives back everything unspent and closes the agreement.' })}
    ${section('Assets', assets.view(view), { lead: 'What was bought with the grant and lasts, and what became of it.' })}
    ${section('Documents of the closure', documents.view())}
    ${section('How long records are kept', retention.view(view.retention), { lead: 'Lengths and sources are kept with dates; nothing is removed by this page.' })}`;

  const decision = (view: ClosureView): Content => {
    const open = waiting();
    if (view.state === 'closed') return note('info', 'The agreement is closed.');
    if (!open) return mayDo('closeAgreements') ? proposeForm.view() : nothing;
    return html`
      ${when(open.own, () => note('info', 'You proposed it; somebody else approves.'))}
      ${when(!open.own && mayDo('approveClosure'), () => html`<h3 class="govuk-heading-s">Approve “${closureDecisionNames[open.decision]}” as a second person</h3>
        <p>${money(open.releasedPence)} is given back and ${money(open.carriedPence)} is carried over.</p>${approveForm.view()}`)}
      ${when(mayDo('closeAgreements'), () => html`<h3 class="govuk-heading-s">Withdraw it instead</h3>${withdrawForm.view()}`)}`;
  };
  const show = (value: ClosureView, words: string): void => {
    state = { at: 'ready', value };
    said = words;
    draw();
  };
  const ready = (): ClosureView | undefined => (state.at === 'ready' ? state.value : undefined);
  const waiting = (): ClosureRow | undefined => ready()?.closures.find((each) => each.state === 'proposed');
  const items = createTable<CheckItem>({ caption: 'Not settled', rowId: (row) => row.key, redraw: draw, columns: itemColumns });
  const heads = createTable<HeadRow>({ caption: 'By budget head', rowId: (row) => row.head, redraw: draw, columns: headColumns, source: 'the ledger' });
  const closures = createTable<ClosureRow>({ caption: 'Decisions', rowId: (row) => row.id, redraw: draw, tools: false, columns: closureColumns });
  const retention = createTable<RetentionRow>({ caption: 'Retention', rowId: (row) => row.kind, redraw: draw, columns: retentionColumns });
  const assets = assetsOf({ id, redraw: draw, done: async (words) => show(await call(getClosure, { id }), words) });
  const documents = documentsOf({ agreementId: id, subjectKind: 'closure', subjectId: id, what: 'documents', redraw: draw });
  const exceptForm = createForm({
    layout: 'row', submit: 'Leave it as it is', redraw: draw, fields: () => [
      { kind: 'select', name: 'item', label: 'Item', required: true, options: leavable(ready()).map(({ key, what }) => ({ value: key, label: what })) },
      { kind: 'text', name: 'reason', label: 'Why it is left', required: true },
    ],
    action: async ({ item, reason }) => {
      const view = await call(exceptItem, { id, exceptionId, item: String(item), reason: String(reason) });
      exceptionId = crypto.randomUUID();
      exceptForm.reset();
      show(view, 'Left as it is, with its reason.');
    },
  });
  const proposeForm = createForm({
    submit: 'Propose', redraw: draw, fields: () => [
      { kind: 'radios', name: 'decision', label: 'What is decided', required: true, options: closureDecisions.map((value) => ({ value, label: closureDecisionNames[value] })) },
      { kind: 'select', name: 'variationId', label: 'Approved variation that carries money over', blank: 'None', options: (ready()?.variations ?? []).map((one) => ({ value: one.id, label: `Variation ${one.number}: ${one.reason}` })) },
      { kind: 'money', name: 'carriedPence', label: 'Carried over', hint: 'Nothing without a variation', value: 0 },
      { kind: 'textarea', name: 'reason', label: 'Why', required: true },
    ],
    action: async ({ decision: chosen, variationId, carriedPence, reason }) => {
      const view = await call(proposeClosure, {
        id, closureId, decision: closureDecisions.find((each) => each === chosen) ?? 'continue', reason: String(reason), ...(variationId === undefined ? {} : { variationId: String(variationId) }), carriedPence: Number(carriedPence ?? 0),
      });
      closureId = crypto.randomUUID();
      show(view, 'Proposed. A second person approves it here.');
    },
  });
  const approveForm = createForm({
    layout: 'row', submit: 'Approve', redraw: draw, fields: [{ kind: 'text', name: 'decisionReference', label: 'Reference of the decision', required: true }],
    action: async ({ decisionReference }) => {
      const view = await call(approveClosure, { id, closureId: waiting()?.id ?? '', decisionReference: String(decisionReference) });
      show(view, view.state === 'closed' ? 'Approved. What was unspent is given back, and the agreement is closed.' : 'Approved. What is not carried over is given back.');
    },
  });
  const withdrawForm = createForm({
    layout: 'row', submit: 'Withdraw', redraw: draw, fields: [{ kind: 'text', name: 'reason', label: 'Why it is withdrawn', required: true }],
    action: async ({ reason }) => show(await call(withdrawClosure, { id, closureId: waiting()?.id ?? '', reason: String(reason) }), 'Withdrawn.'),
  });
  const start = (): (() => void) => load(call(getClosure, { id }), (next) => {
    state = next;
    draw();
  });
  const leaveDocuments = documents.start();
  const leave = start();
  return () => {
    leave();
    leaveDocuments();
  };
};

const leavable = (view: ClosureView | undefined): readonly CheckItem[] => (view?.items ?? []).filter(({ blocks, exception }) => !blocks && exception === null);

function standing({ reconciliation: sum, startsOn, endsOn, items, state }: ClosureView): Content {
  const open = items.filter(({ exception }) => exception === null).length;
  return facts([
    { label: 'Awarded', value: money(sum.awardedPence), note: `in the ledger up to journal ${sum.mark}; ${period(startsOn, endsOn)}` },
    { label: 'Paid', value: money(sum.paidPence), note: sum.recoveredPence === 0 ? 'nothing was recovered' : `after ${money(sum.recoveredPence)} was recovered` },
    { label: 'Open', value: money(sum.openPence), note: 'claimed or approved and not paid, accrued, or at risk' },
    { label: 'Unspent', value: money(sum.unspentPence), note: 'to be given back, but what an approved variation carries over' },
    { label: 'Hours paid', value: hoursMinutes(sum.paidMinutes), note: sum.targetMinutes === 0 ? 'person-hours in claims on verified hours; no target is set' : `person-hours in claims on verified hours, of a target of ${hoursMinutes(sum.targetMinutes)}` },
    { label: 'Checklist', value: open === 0 ? 'settled' : `${open} open`, note: `the agreement is ${state}` },
  ]);
}
