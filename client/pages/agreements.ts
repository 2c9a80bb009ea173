/** Funds and grant agreements: ceiling, commitments, what is available, dates and state. */
import { listAgreements, listBankHolidays, listFunds, type Agreement, type BankHoliday, type Fund } from '../../server/grants/contract.ts';
import { call } from '../api.ts';
import { date, money, percent } from '../format.ts';
import { action, facts, frame, section } from '../frame.ts';
import { html, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, shown, tag, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';

interface Answer {
  funds: readonly Fund[];
  agreements: readonly Agreement[];
  holidays: readonly BankHoliday[];
}

export const agreementsPage: Page = (root) => {
  let state: Loadable<Answer> = loading;
  const manages = mayDo('changeAgreements');

  const draw = (): void => render(frame({
    title: 'Agreements', width: 'wide', lead: 'What each council, and the police force for patrols with its support, may spend, what is committed of it, and what is left. The agreements of a fund never pass its award, commitments never an agreement’s ceiling.',
    actions: manages ? [action('New agreement', '/agreements/new', 'main'), action('New fund', '/funds/new')] : [],
  }, shown(state, body, { what: 'agreements', retry: () => void start() })), root);
  const agreements = createTable<Agreement>({ caption: 'Grant agreements', rowId: (row) => row.id, redraw: draw, columns: agreementColumns, source: 'agreements entered by the OPCC' });
  const funds = createTable<Fund>({ caption: 'Funds', rowId: (row) => row.id, redraw: draw, tools: false, columns: fundColumns });
  const holidays = createTable<BankHoliday>({
    caption: 'Bank holidays', rowId: (row) => row.heldOn, redraw: draw, tools: false,
    columns: [{ key: 'name', label: 'Holiday', value: (row) => row.name }, { key: 'day', label: 'Day', kind: 'date', value: (row) => row.heldOn }],
  });
  const body = (answer: Answer): Content => html`
    ${totals(answer.agreements)}
    ${answer.agreements.length > 0 ? agreements.view(answer.agreements) : emptyView('No agreement is entered yet', manages ? 'Enter the fund, then an agreement with each council.' : 'The grant manager enters it.')}
    ${section('Funds', answer.funds.length > 0 ? funds.view(answer.funds) : emptyView('No fund is entered yet'))}
    ${section('Bank holidays', holidays.view(answer.holidays), { lead: 'Days paid at the bank holiday rate.', actions: manages ? [action('Change the list', '/bank-holidays')] : [] })}`;
  const start = (): (() => void) => load(ask(), (next) => {
    state = next;
    draw();
  });
  return start();
};

async function ask(): Promise<Answer> {
  const [{ funds }, { agreements }, { bankHolidays }] = await Promise.all([call(listFunds, {}), call(listAgreements, {}), call(listBankHolidays, {})]);
  return { funds, agreements, holidays: bankHolidays };
}

function totals(agreements: readonly Agreement[]): Content {
  const sum = (value: (row: Agreement) => number): number => agreements.reduce((total, row) => total + value(row), 0);
  const ceiling = sum((row) => row.ceilingPence);
  return when(agreements.length > 0, () => facts([
    { label: 'Agreed', value: money(ceiling), note: `${agreements.length} ${agreements.length === 1 ? 'agreement' : 'agreements'}` },
    { label: 'Committed', value: money(sum((row) => row.committedPence)), note: ceiling > 0 ? `${percent(sum((row) => row.committedPence) / ceiling)} of it` : 'no money yet' },
    { label: 'Available', value: money(sum((row) => row.availablePence)), note: 'ceiling less commitments' },
  ]));
}

const stateLooks: Record<Agreement['state'], 'plain' | 'good' | 'warning' | 'info'> = {
  draft: 'plain', 'in legal': 'plain', sent: 'info', signed: 'info', live: 'good', 'live at risk': 'warning', closing: 'warning', closed: 'plain',
};

/** An agreement's state in a box; the word says it, not the colour. */
export function stateTag(state: Agreement['state']): Content {
  return tag(state, stateLooks[state]);
}

/** The rate of the day band in force on a day, or null. */
export function dayRate(agreement: Agreement, on: string): number | null {
  return agreement.rates.find((rate) => rate.band === 'day' && rate.validFrom <= on && (rate.validTo === null || on < rate.validTo))?.pencePerHour ?? null;
}

const agreementColumns: readonly Column<Agreement>[] = [
  { key: 'council', label: 'Council', value: (row) => row.council, show: (row) => html`<a href="/agreements/${row.id}">${row.council}</a>` },
  { key: 'reference', label: 'Reference', value: (row) => row.reference },
  { key: 'state', label: 'State', value: (row) => row.state, show: (row) => stateTag(row.state) },
  { key: 'ceiling', label: 'Ceiling', kind: 'money', value: (row) => row.ceilingPence, sum: true },
  { key: 'committed', label: 'Committed', kind: 'money', value: (row) => row.committedPence, sum: true },
  { key: 'available', label: 'Available', kind: 'money', value: (row) => row.availablePence, sum: true },
  { key: 'share', label: 'Committed share', kind: 'percent', value: (row) => (row.ceilingPence > 0 ? row.committedPence / row.ceilingPence : null) },
  { key: 'from', label: 'First day', kind: 'date', value: (row) => row.startsOn },
  { key: 'to', label: 'Last day', kind: 'date', value: (row) => row.endsOn },
  { key: 'rate', label: 'Day rate', hint: 'Pounds an hour at the latest date of the agreement', kind: 'money', value: (row) => dayRate(row, row.endsOn), missing: 'none agreed' },
];

const fundColumns: readonly Column<Fund>[] = [
  { key: 'name', label: 'Fund', value: (row) => row.name, show: (row) => html`<a href="/funds/${row.id}">${row.name}</a>` },
  { key: 'funder', label: 'Paid by', value: (row) => row.funder },
  { key: 'award', label: 'Award', kind: 'money', value: (row) => row.awardPence },
  { key: 'agreed', label: 'Agreed with councils', kind: 'money', value: (row) => row.agreedPence, missing: 'not shown to councils' },
  { key: 'unagreed', label: 'Not yet agreed', kind: 'money', value: (row) => row.unagreedPence, missing: 'not shown to councils' },
  { key: 'period', label: 'Period', value: (row) => `${date(row.startsOn)} to ${date(row.endsOn)}` },
  { key: 'purpose', label: 'Purpose', value: (row) => row.purpose },
];
