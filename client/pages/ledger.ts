/** An agreement's ledger: where every penny stands, now or as at a moment; its periods; its journals with their entries. */
import { z } from 'zod';
import { isoDate, isoInstant } from '../../server/endpoint.ts';
import {
  accountKindNames, approveUnlock, getLedger, listJournals, movePeriod, openLedger, proposeUnlock, reverseJournal, type Account, type Journal, type Ledger, type Period,
} from '../../server/ledger/contract.ts';
import { agreementTabs } from '../agreementTabs.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { date, instant, money, period } from '../format.ts';
import { button, facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { onAddress, readAddress, writeAddress, type Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, failureText, load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { today } from '../weeks.ts';

const address = z.object({ on: isoDate.optional().catch(undefined), asAt: isoInstant.optional().catch(undefined), account: z.uuid().optional().catch(undefined) });
type Asked = z.output<typeof address>;

interface Answer {
  asked: Asked;
  ledger: Ledger;
  journals: readonly Journal[];
}

/** An entry of a journal as a row of its own. */
type Row = Journal['entries'][number] & { journal: Journal };

export const ledgerPage: Page = (root, params) => {
  const id = params['id'] ?? '';
  let state: Loadable<Answer> = loading;
  let said: { kind: 'good' | 'danger'; words: string } | undefined;
  const openingKey = crypto.randomUUID();
  let reversalKey = crypto.randomUUID();

  const draw = (): void => {
    const head = state.at === 'ready' ? { title: `Ledger of ${state.value.ledger.reference}`, caption: state.value.ledger.council } : { title: 'Ledger' };
    render(frame({ ...head, width: 'wide', breadcrumbs: [{ label: 'Agreements', href: '/agreements' }, { label: 'Agreement', href: `/agreements/${id}` }] },
      html`${agreementTabs(id, 'ledger')}${said ? note(said.kind, said.words, { live: true }) : nothing}${shown(state, body, { what: 'the ledger', retry: () => void start() })}`), root);
  };
  const body = ({ asked, ledger, journals }: Answer): Content => (ledger.opened ? html`
    ${standing(ledger)}
    ${section('As at', html`${moment.view()}${when(asked.on || asked.asAt, () => html`<p>${asAtWords(asked, ledger)} <a href="/agreements/${id}/ledger">Show it as it stands now</a></p>`)}`)}
    ${section('Accounts', accounts.view(ledger.accounts), { lead: 'Money only moves between accounts, so together they are £0.00. The award is below zero by what was awarded.' })}
    ${section('Periods', html`${periods.view(ledger.periods)}${when(mayDo('keepLedger') && ledger.periods.some(closed), () => unlockForm.view())}`)}
    ${section('Entries', html`${when(asked.account, () => html`<p>Of one account only. <a href="/agreements/${id}/ledger">Show all</a></p>`)}${entries.view(rowsOf(journals, asked.account))}`,
      { lead: 'The latest 200 journals. A journal is never changed: it is reversed once, and a new one is posted.' })}
    ${when(mayDo('keepLedger'), () => section('Reverse a journal', reverseForm.view()))}` : html`
    ${emptyView('The ledger is not open yet', mayDo('keepLedger') ? 'Opening it awards the agreement’s ceiling and lays its periods by quarters.' : 'The Commissioner’s office opens it.')}
    ${when(mayDo('keepLedger'), () => button('Open the ledger', () => void change(() => call(openLedger, { id, idempotencyKey: openingKey, cut: 'quarter', heads: [] }), 'The ledger is open.')))}`);

  /** Sends a change, says how it went, and shows what there is now. */
  const change = async (send: () => Promise<unknown>, words: string): Promise<void> => {
    try {
      await send();
      said = { kind: 'good', words };
    } catch (error) {
      said = { kind: 'danger', words: failureText(error) };
    }
    state = { at: 'ready', value: await ask(id) };
    draw();
  };
  const moveTo = (one: Period, next: 'open' | 'submitted' | 'locked', words: string) => button(words, () => void change(() => call(movePeriod, { id, periodId: one.id, state: next }), `The period from ${date(one.startsOn)} is ${next}.`));
  const nextStep = (one: Period): Content => {
    if (!mayDo('keepLedger')) return nothing;
    if (one.unlock) return html`Unlocking asked for: ${one.unlock.reason} ${button('Approve', () => void change(() => call(approveUnlock, { id, unlockId: one.unlock?.id ?? '' }), 'The period is open again.'))}`;
    if (one.state === 'scheduled') return moveTo(one, 'open', 'Open');
    if (one.state === 'open') return moveTo(one, 'submitted', 'Submit');
    return one.state === 'submitted' ? moveTo(one, 'locked', 'Lock') : nothing;
  };

  const accounts = createTable<Account>({ caption: 'Accounts', rowId: (one) => one.id, redraw: draw, columns: [
    { key: 'kind', label: 'Money that is', value: (one) => accountKindNames[one.kind], show: (one) => html`<a href="/agreements/${id}/ledger?account=${one.id}">${accountKindNames[one.kind]}</a>` },
    { key: 'head', label: 'Budget head', value: (one) => one.head || 'all' },
    { key: 'balance', label: 'Balance', kind: 'money', value: (one) => one.balancePence, sum: true },
  ] });
  const periods = createTable<Period>({ caption: 'Periods', rowId: (one) => one.id, redraw: draw, tools: false, columns: [
    { key: 'dates', label: 'Period', value: (one) => period(one.startsOn, one.endsOn) },
    { key: 'state', label: 'State', value: (one) => one.state, show: (one) => tag(one.state, one.state === 'open' ? 'good' : 'plain') },
    { key: 'journals', label: 'Journals', kind: 'count', value: (one) => one.journals },
    { key: 'next', label: 'Next step', value: (one) => one.unlock?.reason ?? '', show: nextStep },
  ] });
  const entries = createTable<Row>({ caption: 'Entries', rowId: (row) => `${row.accountId} ${row.version}`, redraw: draw, columns: [
    { key: 'number', label: 'Journal', kind: 'count', value: (row) => row.journal.number },
    { key: 'kind', label: 'Kind', value: kindWords, show: (row) => (ofClaims.includes(row.journal.kind) ? html`<a href="/agreements/${id}/claims">${kindWords(row)}</a>` : kindWords(row)) },
    { key: 'reason', label: 'Why', value: (row) => row.journal.reason },
    { key: 'on', label: 'Effective on', kind: 'date', value: (row) => row.journal.effectiveOn },
    { key: 'recorded', label: 'Recorded', kind: 'instant', value: (row) => row.journal.recordedAt },
    { key: 'account', label: 'Account', value: (row) => [accountKindNames[row.kind], row.head].filter(Boolean).join(': ') },
    { key: 'amount', label: 'Amount', kind: 'money', value: (row) => row.amountPence },
    { key: 'balance', label: 'Balance after', kind: 'money', value: (row) => row.balancePence },
  ] });
  const moment = createForm({
    layout: 'row', submit: 'Show', redraw: draw, fields: () => [
      { kind: 'date', name: 'on', label: 'Effective by', value: state.at === 'ready' ? state.value.asked.on : undefined },
      { kind: 'date', name: 'recorded', label: 'Recorded by the end of', value: state.at === 'ready' ? state.value.asked.asAt?.slice(0, 10) : undefined },
    ],
    action: async ({ on, recorded }) => {
      writeAddress({ on: on as string | undefined, asAt: recorded ? `${String(recorded)}T23:59:59.999Z` : undefined });
      await refresh();
    },
  });
  const unlockForm = createForm({
    layout: 'row', submit: 'Ask for unlocking', redraw: draw, fields: () => [
      { kind: 'select', name: 'periodId', label: 'Open again', required: true, options: (state.at === 'ready' ? state.value.ledger.periods.filter(closed) : []).map((one) => ({ value: one.id, label: `from ${date(one.startsOn)}` })) },
      { kind: 'text', name: 'reason', label: 'Why', hint: 'A second person approves it', required: true },
    ],
    action: async (values) => {
      await call(proposeUnlock, proposeUnlock.input.parse({ id, ...values }));
      said = { kind: 'good', words: 'Asked for. A second person approves it here.' };
      await refresh();
    },
  });
  const reverseForm = createForm({
    layout: 'row', submit: 'Reverse', redraw: draw, fields: () => [
      { kind: 'select', name: 'journalId', label: 'Journal', required: true, options: (state.at === 'ready' ? state.value.journals.filter((one) => one.kind !== 'reversal' && !one.reversedBy) : []).map((one) => ({ value: one.id, label: `${one.number}: ${one.kind}` })) },
      { kind: 'date', name: 'effectiveOn', label: 'Effective on', value: today(), required: true },
      { kind: 'text', name: 'reason', label: 'Why', required: true },
    ],
    action: async (values) => {
      const journal = await call(reverseJournal, reverseJournal.input.parse({ id, idempotencyKey: reversalKey, ...values }));
      reversalKey = crypto.randomUUID();
      said = { kind: 'good', words: `Reversed by journal ${journal.number}.` };
      await refresh();
    },
  });
  const refresh = async (): Promise<void> => {
    state = { at: 'ready', value: await ask(id) };
    draw();
  };
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

/** What a claim posts: its page has the lines, the hours and the evidence behind. */
const ofClaims: readonly Journal['kind'][] = ['claim', 'approval', 'payment', 'recovery'];
const kindWords = ({ journal }: Row): string => (journal.reversedBy ? `${journal.kind}, reversed` : journal.kind);

const closed = (one: Period): boolean => (one.state === 'submitted' || one.state === 'locked') && !one.unlock;

async function ask(id: string): Promise<Answer> {
  const asked = readAddress(address);
  const { account, ...asAt } = asked;
  const [ledger, { journals }] = await Promise.all([call(getLedger, { id, ...asAt }), call(listJournals, { id, ...asAt, account, limit: 200 })]);
  return { asked, ledger, journals };
}

const rowsOf = (journals: readonly Journal[], account?: string): Row[] =>
  journals.flatMap((journal) => journal.entries.filter((entry) => account === undefined || entry.accountId === account).map((entry) => ({ ...entry, journal })));

function asAtWords({ on, asAt }: Asked, { mark }: Ledger): string {
  const parts = [...(on ? [`effective by ${date(on)}`] : []), ...(asAt ? [`recorded by ${instant(asAt)}`] : [])];
  return `What was ${parts.join(' and ')}, up to journal ${mark}.`;
}

function standing({ accounts, ceilingPence, awardedPence }: Ledger): Content {
  const of = (kind: Account['kind']): number => accounts.filter((one) => one.kind === kind).reduce((sum, { balancePence }) => sum + balancePence, 0);
  return facts([
    { label: 'Awarded', value: money(awardedPence), note: `of a ceiling of ${money(ceilingPence)}` },
    { label: 'Available', value: money(of('available')) },
    { label: 'Claimed or approved', value: money(of('pending') + of('approved')) },
    { label: 'Paid', value: money(of('paid')) },
    { label: 'Accrued', value: money(of('accrued')) },
    ...(of('at risk') > 0 ? [{ label: 'Spent at risk', value: money(of('at risk')), note: 'recorded, not to be claimed' }] : []),
  ]);
}
