/** One grant agreement: its money, state and signatories, documents, hourly rates with dates, and commitments. */
import { addCommitment, agreementStates, changeAgreement, getAgreement, listCommitments, rateBandNames, rateBands, setRate, type Agreement, type Commitment, type Rate } from '../../server/grants/contract.ts';
import { getTerms, paymentBasisNames, type Terms } from '../../server/terms/contract.ts';
import { subjectTimeline } from '../../server/trail/contract.ts';
import { agreementTabs } from '../agreementTabs.ts';
import { call } from '../api.ts';
import { documentsOf } from '../documents.ts';
import { createForm, type Field } from '../form.ts';
import { date, money, percent, period } from '../format.ts';
import { details, facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, failureText, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { today } from '../weeks.ts';
import { statePart } from './agreementState.ts';
import { stateTag } from './agreements.ts';
import { timeline, type TimelineEvent } from './events.ts';

interface Answer {
  agreement: Agreement;
  terms: Terms;
  commitments: readonly Commitment[];
  events: readonly TimelineEvent[];
}

/** What belongs to the life of an agreement; what happens in its ledger and its claims stands there. */
const ofItsLife = /^(agreement|terms|variation|condition|signator|rateSet|reallocation|closure)/;

/** When each band is paid; the highest that applies is paid, enhancements are not added up. */
export const bandHours: Record<Rate['band'], string> = {
  day: 'any hour without a higher rate', evening: '16:00 to 24:00', night: '00:00 to 08:00', saturday: 'Saturdays', sunday: 'Sundays', bank_holiday: 'bank holidays',
};

export const agreementPage: Page = (root, params) => {
  const id = params['id'] ?? '';
  let state: Loadable<Answer> = loading;
  let said: { kind: 'good' | 'danger'; words: string } | undefined;
  let commitmentId = crypto.randomUUID();

  const draw = (): void => {
    const title = state.at === 'ready' ? state.value.agreement.reference : 'Agreement';
    render(frame({ title, breadcrumbs: [{ label: 'Agreements', href: '/agreements' }], ...(state.at === 'ready' ? { caption: state.value.agreement.council } : {}) },
      html`${agreementTabs(id, 'agreement')}${said ? note(said.kind, said.words, { live: true }) : nothing}${shown(state, body, { what: 'the agreement', retry: () => void start() })}`), root);
  };
  const refresh = async (words: string): Promise<void> => {
    state = { at: 'ready', value: await ask(id) };
    said = { kind: 'good', words };
    draw();
  };
  const failed = (error: unknown): void => {
    said = { kind: 'danger', words: failureText(error) };
    draw();
  };
  const life = statePart({ id, redraw: draw, kept: (_, words) => void refresh(words).catch(failed), failed, terms: () => (state.at === 'ready' ? state.value.terms : undefined) });
  const papers = documentsOf({ agreementId: id, subjectKind: 'agreement', subjectId: id, what: 'documents', redraw: draw });
  const body = ({ agreement, terms, commitments, events }: Answer): Content => {
    const unsigned = ['draft', 'in legal', 'sent'].includes(agreement.state);
    return html`
    ${money3(agreement, terms)}
    ${details(factsOf(agreement, terms))}
    ${life.view(terms)}
    ${section('Documents', papers.view(), { lead: 'The signed agreement, its schedules, letters. Evidence of a condition or a claim stands with it.' })}
    ${section('Hourly rates', html`${agreement.rates.length > 0 ? rates.view(agreement.rates) : emptyView('No rate is agreed', 'Without one no hours can be allocated.')}${when(mayDo('changeAgreements') && terms.versions.length === 0, () => rateForm.view())}`,
      { lead: `Of all rates that apply to an hour the highest is paid; enhancements are not added up.${terms.versions.length > 0 ? ' They are signed and change by a variation.' : ''}` })}
    ${section('Commitments', html`${commitments.length > 0 ? committed.view(commitments) : emptyView('Nothing is committed yet')}${when(mayDo('changeAgreements'), () => commitForm.view())}`)}
    ${when(mayDo('seeTimeline'), () => section('What happened', timeline(events)))}
    ${when(mayDo('changeAgreements') && unsigned && terms.versions.length === 0, () => section('Change the agreement', changeForm.view()))}`;
  };
  const rates = createTable<Rate>({ caption: 'Hourly rates', rowId: (rate) => `${rate.band} ${rate.validFrom}`, redraw: draw, tools: false, columns: [
    { key: 'band', label: 'Band', value: (rate) => rateBandNames[rate.band] },
    { key: 'hours', label: 'Paid for', value: (rate) => bandHours[rate.band] },
    { key: 'rate', label: 'An hour', kind: 'money', value: (rate) => rate.pencePerHour },
    { key: 'from', label: 'From', kind: 'date', value: (rate) => rate.validFrom },
    { key: 'to', label: 'Until the day before', kind: 'date', value: (rate) => rate.validTo, missing: 'no end set' },
  ] });
  const committed = createTable<Commitment>({ caption: 'Commitments', rowId: (row) => row.id, redraw: draw, columns: [
    { key: 'what', label: 'For', value: (row) => row.what },
    { key: 'amount', label: 'Amount', kind: 'money', value: (row) => row.amountPence, sum: true },
    { key: 'on', label: 'Effective on', kind: 'date', value: (row) => row.effectiveOn },
    { key: 'entered', label: 'Entered', kind: 'instant', value: (row) => row.recordedAt },
  ] });
  const rateForm = createForm({
    layout: 'row', submit: 'Agree rate', redraw: draw,
    fields: [
      { kind: 'select', name: 'band', label: 'Band', required: true, options: rateBands.map((value) => ({ value, label: rateBandNames[value] })) },
      { kind: 'money', name: 'perHourPence', label: 'An hour', required: true },
      { kind: 'date', name: 'validFrom', label: 'From', required: true },
    ],
    action: async (values) => {
      await call(setRate, setRate.input.parse({ id, ...values }));
      await refresh('Kept the rate. The one before it ends there.');
    },
  });
  const commitForm = createForm({
    layout: 'row', submit: 'Commit', redraw: draw,
    fields: [
      { kind: 'money', name: 'amountPence', label: 'Amount', hint: 'Negative takes back', required: true },
      { kind: 'text', name: 'what', label: 'For', required: true, size: 'medium' },
      { kind: 'date', name: 'effectiveOn', label: 'Effective on', value: today(), required: true },
    ],
    action: async (values) => {
      const { commitment } = await call(addCommitment, addCommitment.input.parse({ id, commitmentId, ...values }));
      commitmentId = crypto.randomUUID();
      await refresh(`Committed ${money(commitment.amountPence)}.`);
      commitForm.reset();
    },
  });
  const changeForm = createForm({
    layout: 'grid', submit: 'Keep the change', redraw: draw,
    fields: () => (state.at === 'ready' ? [...agreementFields(state.value.agreement).filter(({ name }) => name !== 'state'), { kind: 'text', name: 'reason', label: 'Reason', required: true }] : []),
    action: async (values) => {
      await call(changeAgreement, changeAgreement.input.parse({ id, ...values }));
      await refresh('Kept the change.');
    },
  });
  const start = (): (() => void) => load(ask(id), (next) => {
    state = next;
    draw();
  });
  const stops = [start(), papers.start()];
  return () => stops.forEach((stop) => stop());
};

async function ask(id: string): Promise<Answer> {
  const [agreement, terms, { commitments }, { events }] = await Promise.all([
    call(getAgreement, { id }), call(getTerms, { id }), call(listCommitments, { id }), mayDo('seeTimeline') ? call(subjectTimeline, { subjectKind: 'agreement', subjectId: id }) : { events: [] },
  ]);
  return { agreement, terms, commitments, events: events.filter(({ action }) => ofItsLife.test(action)) };
}

function money3(agreement: Agreement, { atRiskPence }: Terms): Content {
  const exposed = agreement.state === 'live at risk' || (atRiskPence ?? 0) > 0;
  return facts([
    { label: 'Ceiling, up to', value: money(agreement.ceilingPence), note: 'drawn by actual spend, never a sum owed' },
    { label: 'Committed', value: money(agreement.committedPence), note: percent(agreement.committedPence / agreement.ceilingPence) },
    { label: 'Available', value: money(agreement.availablePence), note: `ceiling less commitments, until ${date(agreement.endsOn)}` },
    ...(exposed ? [{ label: 'Exposure at risk', value: atRiskPence === null ? 'no ledger' : money(atRiskPence), note: 'spent before it may be claimed, by the ledger' }] : []),
  ]);
}

function factsOf(agreement: Agreement, { versions, current }: Terms): (readonly [string, Content])[] {
  const now = versions.find(({ number }) => number === current);
  return [
    ['Fund', html`<a href="/funds/${agreement.fundId}">${agreement.fund}</a>`],
    ['State', stateTag(agreement.state)],
    ['Dates', period(agreement.startsOn, agreement.endsOn)],
    ['Productive ratio', html`${agreement.productiveRatio} patrol hours for each paid hour`],
    ['Terms', now ? html`<a href="/agreements/${agreement.id}/terms">Version ${now.number}, effective from ${date(now.effectiveFrom)}</a>: ${paymentBasisNames[now.paymentBasis].toLowerCase()}` : html`<a href="/agreements/${agreement.id}/terms">No version is signed yet</a>`],
    ...(now?.purpose ? [['Purpose', now.purpose] as const] : []),
    ['Heads', mayDo('proposeReallocations') ? html`<a href="/reallocations/new?agreement=${agreement.id}">Move money between heads</a>` : html`<a href="/reallocations">Money moved</a>`], ['Ledger', html`<a href="/agreements/${agreement.id}/ledger">Where every penny stands</a>`],
  ];
}

/** The terms of an agreement as fields, filled with those in force. */
export function agreementFields(agreement?: Agreement): Field[] {
  return [
    { kind: 'text', name: 'reference', label: 'Reference', value: agreement?.reference, required: true, size: 'medium' },
    { kind: 'money', name: 'ceilingPence', label: 'Ceiling', hint: 'The most the agreement pays', value: agreement?.ceilingPence, required: true },
    { kind: 'date', name: 'startsOn', label: 'First day', value: agreement?.startsOn, required: true },
    { kind: 'date', name: 'endsOn', label: 'Last day', value: agreement?.endsOn, required: true },
    { kind: 'select', name: 'state', label: 'State', value: agreement?.state ?? 'draft', required: true, options: agreementStates.map((value) => ({ value, label: value })) },
    { kind: 'number', name: 'productiveRatio', label: 'Productive ratio', hint: 'Patrol hours for each paid hour, over 0 and at most 1', value: agreement?.productiveRatio ?? 0.5, min: 0.001, max: 1, whole: false, required: true },
  ];
}
