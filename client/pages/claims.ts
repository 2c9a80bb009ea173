/** Claims: all that a person may see, or those of one agreement with the periods that can be claimed for. */
import { z } from 'zod';
import { claimBasisNames, claimStates, listClaimParts, listClaims, prepareClaim, type ClaimPart, type ClaimSummary } from '../../server/claims/contract.ts';
import { getAgreement, type Agreement } from '../../server/grants/contract.ts';
import { agreementTabs } from '../agreementTabs.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { date, money, period } from '../format.ts';
import { button, facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { navigate, onAddress, readAddress, writeAddress, type Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, failureText, load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { daysWords, dueWords, nextWords, stateTag } from './claimWords.ts';

const filters = z.object({ state: z.enum(claimStates).optional().catch(undefined), next: z.enum(['council', 'office']).optional().catch(undefined) });

interface Answer {
  asked: z.output<typeof filters>;
  claims: readonly ClaimSummary[];
  agreement: Agreement | undefined;
  parts: readonly ClaimPart[];
}

export const claimsPage: Page = (root, { id }) => {
  let state: Loadable<Answer> = loading;
  let failed = '';

  const draw = (): void => {
    const agreement = state.at === 'ready' ? state.value.agreement : undefined;
    render(frame({
      title: agreement ? `Claims of ${agreement.reference}` : 'Claims', width: 'wide', ...(agreement ? { caption: agreement.council } : {}),
      ...(id ? { breadcrumbs: [{ label: 'Agreements', href: '/agreements' }] } : {}),
      lead: 'What is claimed is net of VAT that can be recovered. What is recovered is never above what was paid, nor that above what is approved, nor that above what is claimed.',
    }, html`${id ? agreementTabs(id, 'claims') : nothing}${failed ? note('danger', failed, { live: true }) : nothing}${shown(state, body, { what: 'claims', retry: () => void start() })}`), root);
  };
  const body = ({ claims, parts, asked }: Answer): Content => html`
    ${totals(claims)}
    ${when(id && parts.length > 0, () => section('Periods to claim for', periods.view(parts), { lead: 'A period is claimed for in arrears, once it is open in the ledger; in parts where the payment basis changed within it.' }))}
    ${when(id && parts.length === 0, () => note('info', 'No period of this agreement is open yet, so nothing can be claimed. The Commissioner’s office opens periods in the ledger.'))}
    ${section('Claims', html`${filter.view()}${claims.length > 0 ? table.view(claims) : emptyView(asked.state || asked.next ? 'No claim fits the filter' : 'No claim yet', mayDo('prepareClaims') ? 'Prepare one from the agreement’s page of claims.' : nothing)}`)}`;
  const table = createTable<ClaimSummary>({ caption: 'Claims', rowId: (row) => row.id, redraw: draw, source: 'claims entered by councils', columns: claimColumns(id !== undefined) });
  const periods = createTable<ClaimPart>({ caption: 'Periods', rowId: (row) => `${row.periodId} ${row.startsOn}`, redraw: draw, tools: false, columns: [
    { key: 'days', label: 'Days', value: (row) => period(row.startsOn, row.endsOn) },
    { key: 'basis', label: 'Paid on', value: (row) => claimBasisNames[row.basis] },
    { key: 'claims', label: 'Claims so far', kind: 'count', value: (row) => row.claims },
    { key: 'due', label: 'Claim by', kind: 'date', value: (row) => row.dueOn },
    { key: 'late', label: 'Days past that', kind: 'count', value: (row) => (row.claims === 0 ? row.lateDays : null), missing: 'claimed' },
    { key: 'next', label: 'Next step', bare: true, value: () => null, show: (row) => (mayDo('prepareClaims') && row.periodState === 'open' ? button('Prepare a claim', () => void prepare(row)) : row.periodState === 'open' ? 'The council prepares it' : `The period is ${row.periodState}`) },
  ] });
  const prepare = async ({ periodId, startsOn }: ClaimPart): Promise<void> => {
    try {
      const claim = await call(prepareClaim, { id: id ?? '', claimId: crypto.randomUUID(), periodId, startsOn });
      await navigate(`/claims/${claim.id}`);
    } catch (error) {
      failed = failureText(error);
      draw();
    }
  };
  const filter = createForm({
    layout: 'row', submit: 'Show', redraw: draw, allOptional: true, fields: () => {
      const asked = state.at === 'ready' ? state.value.asked : {};
      return [
        { kind: 'select', name: 'state', label: 'State', blank: 'any', value: asked.state, options: claimStates.map((each) => ({ value: each, label: each === 'query' ? 'queried' : each })) },
        { kind: 'select', name: 'next', label: 'Next step is', blank: 'anybody’s', value: asked.next, options: [{ value: 'council', label: 'the council’s' }, { value: 'office', label: 'the Commissioner’s office’s' }] },
      ];
    },
    action: async (values) => {
      writeAddress({ state: values['state'] as string | undefined, next: values['next'] as string | undefined });
      state = { at: 'ready', value: await ask(id) };
    },
  });
  const start = (): (() => void) => load(ask(id), (next) => {
    state = next;
    draw();
  });
  let stop = start();
  const off = onAddress(() => {
    stop();
    stop = start();
  });
  return () => {
    stop();
    off();
  };
};

async function ask(id: string | undefined): Promise<Answer> {
  const asked = readAddress(filters);
  const { claims } = await call(listClaims, { ...(id ? { agreement: id } : {}), ...(asked.state ? { states: [asked.state] } : {}), ...(asked.next ? { next: asked.next } : {}) });
  if (!id) return { asked, claims, agreement: undefined, parts: [] };
  const [agreement, { parts }] = await Promise.all([call(getAgreement, { id }), call(listClaimParts, { id })]);
  return { asked, claims, agreement, parts };
}

function claimColumns(ofOne: boolean): Column<ClaimSummary>[] {
  const agreement: Column<ClaimSummary>[] = ofOne ? [] : [
    { key: 'council', label: 'Council', value: (row) => row.council },
    { key: 'agreement', label: 'Agreement', value: (row) => row.reference, show: (row) => html`<a href="/agreements/${row.agreementId}/claims">${row.reference}</a>` },
  ];
  return [
    { key: 'number', label: 'Claim', value: (row) => `Claim ${row.number}`, show: (row) => html`<a href="/claims/${row.id}">Claim ${row.number}<span class="govuk-visually-hidden"> of ${row.reference}</span></a>` },
    ...agreement,
    { key: 'days', label: 'Period', value: (row) => period(row.startsOn, row.endsOn) },
    { key: 'basis', label: 'Paid on', value: (row) => claimBasisNames[row.basis] },
    { key: 'state', label: 'State', value: (row) => row.state, show: (row) => stateTag(row.state) },
    { key: 'claimed', label: 'Claimed', kind: 'money', value: (row) => row.claimedPence, sum: true },
    { key: 'approved', label: 'Approved', kind: 'money', value: (row) => row.approvedPence, sum: true },
    { key: 'paid', label: 'Paid less recovered', kind: 'money', value: (row) => row.paidPence - row.recoveredPence, sum: true },
    { key: 'late', label: 'Late', value: dueWords, show: (row) => (row.lateDays > 0 ? html`${tag(daysWords(row.lateDays), 'warning')} due ${date(row.dueOn)}` : dueWords(row)) },
    { key: 'next', label: 'Next step', value: nextWords },
    { key: 'payBy', label: 'Pay by', kind: 'date', value: (row) => (row.nextToAct === 'office' ? row.payBy : null), missing: '–' },
  ];
}

function totals(claims: readonly ClaimSummary[]): Content {
  const open = claims.filter(({ state }) => state === 'submitted' || state === 'query');
  const sum = (rows: readonly ClaimSummary[], value: (row: ClaimSummary) => number): string => money(rows.reduce((total, row) => total + value(row), 0));
  return when(claims.length > 0, () => facts([
    { label: 'Claimed, not decided', value: sum(open, (row) => row.claimedPence), note: `${open.length} ${open.length === 1 ? 'claim' : 'claims'} shown` },
    { label: 'Approved, not paid', value: sum(claims, (row) => row.approvedPence - row.paidPence), note: 'of the claims shown' },
    { label: 'Paid less recovered', value: sum(claims, (row) => row.paidPence - row.recoveredPence), note: 'of the claims shown' },
    { label: 'Late', value: String(claims.filter(({ lateDays, state }) => lateDays > 0 && state !== 'withdrawn').length), note: 'after the period’s claim deadline' },
  ]));
}
