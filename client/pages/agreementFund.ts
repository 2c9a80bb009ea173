/** A fund: its award, the agreements under it with where the money of each stands, and what is left; every figure opens. */
import { changeFund, listFunds, type Fund } from '../../server/grants/contract.ts';
import { getFundStanding, type Standing } from '../../server/terms/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { date, money, percent, period } from '../format.ts';
import { details, facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content, type TemplateResult } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { fundFields } from './agreementNew.ts';
import { stateTag } from './agreements.ts';

interface Answer {
  fund: Fund | undefined;
  agreements: readonly Standing[];
}

export const fundPage: Page = (root, params) => {
  const id = params['id'] ?? '';
  let state: Loadable<Answer> = loading;
  let said = '';
  const draw = (): void => {
    const fund = state.at === 'ready' ? state.value.fund : undefined;
    render(frame({ title: fund?.name ?? 'Fund', ...(fund ? { caption: `Paid by ${fund.funder}` } : {}), width: 'wide', breadcrumbs: [{ label: 'Agreements', href: '/agreements' }] },
      html`${said ? note('good', said, { live: true }) : nothing}${shown(state, body, { what: 'the fund', retry: () => void start() })}`), root);
  };
  const table = createTable<Standing>({ caption: 'Agreements of this fund', rowId: (row) => row.agreementId, redraw: draw, columns: columns, source: 'ledgers of the agreements', period: () => (state.at === 'ready' && state.value.fund ? period(state.value.fund.startsOn, state.value.fund.endsOn) : '') });
  const form = createForm({
    layout: 'grid', submit: 'Keep the change', redraw: draw,
    fields: () => [...fundFields(state.at === 'ready' ? state.value.fund : undefined), { kind: 'text', name: 'reason', label: 'Reason', required: true }],
    action: async (values) => {
      await call(changeFund, changeFund.input.parse({ id, ...values }));
      state = { at: 'ready', value: await ask(id) };
      said = 'Kept the change.';
      draw();
    },
  });
  const body = ({ fund, agreements }: Answer): Content => {
    if (!fund) return emptyView('There is no such fund', html`<a href="/agreements">All funds and agreements</a>`);
    return html`${standing(fund, agreements)}
      ${details([['Period', period(fund.startsOn, fund.endsOn)], ['Purpose', fund.purpose]])}
      ${section('Agreements', agreements.length > 0 ? table.view(agreements) : emptyView('No agreement is entered under this fund'), { lead: 'Each row opens its agreement; awarded, claimed and paid open its ledger, where every journal stands.' })}
      ${when(mayDo('changeAgreements'), () => section('Change the fund', form.view(), { lead: 'The award never falls below what is agreed.' }))}`;
  };
  const start = (): (() => void) => load(ask(id), (next) => {
    state = next;
    draw();
  });
  return start();
};

async function ask(id: string): Promise<Answer> {
  const { funds } = await call(listFunds, {});
  const fund = funds.find((each) => each.id === id);
  return { fund, agreements: fund ? (await call(getFundStanding, { id })).agreements : [] };
}

/** The fund's figures to who sees all of it; a council sees those of its own agreements. */
function standing(fund: Fund, agreements: readonly Standing[]): Content {
  const sum = (of: (row: Standing) => number): number => agreements.reduce((total, row) => total + of(row), 0);
  const paid = sum((row) => row.paidPence);
  return facts([
    { label: 'Award, up to', value: money(fund.awardPence), note: `from ${date(fund.startsOn)} to ${date(fund.endsOn)}` },
    ...(fund.agreedPence === null ? [] : [{ label: 'Agreed with councils', value: opens('/agreements', fund.agreedPence), note: `${percent(fund.agreedPence / fund.awardPence)} of the award: the ceilings below` }]),
    ...(fund.unagreedPence === null ? [] : [{ label: 'Left to agree', value: money(fund.unagreedPence), note: 'award less ceilings' }]),
    { label: 'Claimed or approved', value: opens('/claims', sum((row) => row.pendingPence + row.approvedPence)), note: 'not paid yet, by the ledgers' },
    { label: 'Paid', value: opens('/claims', paid), note: `${percent(paid / fund.awardPence)} of the award` },
    ...(sum((row) => row.atRiskPence) > 0 ? [{ label: 'Exposure at risk', value: money(sum((row) => row.atRiskPence)), note: 'spent, not to be claimed yet' }] : []),
  ]);
}

/** A figure that leads to what it is added up from. */
const opens = (href: string, pence: number): TemplateResult => html`<a href=${href}>${money(pence)}</a>`;

const ledgerFigure = (key: string, label: string, value: (row: Standing) => number): Column<Standing> => ({
  key, label, kind: 'money', sum: true, missing: 'no ledger', value: (row) => (row.opened ? value(row) : null),
  show: (row) => (row.opened ? html`<a href="/agreements/${row.agreementId}/ledger">${money(value(row))}</a>` : html`<span class="is-missing">no ledger</span>`),
});

const columns: readonly Column<Standing>[] = [
  { key: 'council', label: 'Council', value: (row) => row.council, show: (row) => html`<a href="/agreements/${row.agreementId}">${row.council}</a>` },
  { key: 'reference', label: 'Reference', value: (row) => row.reference },
  { key: 'state', label: 'State', value: (row) => row.state, show: (row) => stateTag(row.state) },
  { key: 'ceiling', label: 'Up to', kind: 'money', sum: true, value: (row) => row.ceilingPence, show: (row) => html`<a href="/agreements/${row.agreementId}/terms">${money(row.ceilingPence)}</a>` },
  ledgerFigure('awarded', 'Awarded', (row) => row.awardedPence),
  ledgerFigure('pending', 'Claimed', (row) => row.pendingPence),
  ledgerFigure('approved', 'Approved, not paid', (row) => row.approvedPence),
  ledgerFigure('paid', 'Paid', (row) => row.paidPence),
  ledgerFigure('accrued', 'Accrued', (row) => row.accruedPence),
  ledgerFigure('risk', 'At risk', (row) => row.atRiskPence),
  ledgerFigure('available', 'Left', (row) => row.availablePence),
];
