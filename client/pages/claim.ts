/** One claim as its council and as the Commissioner's office see it: lines with evidence, messages, money, and the journals behind every figure. */
import { z } from 'zod';
import { claimBasisNames, getClaim, type Claim } from '../../server/claims/contract.ts';
import { accountKindNames, type AccountKind } from '../../server/ledger/contract.ts';
import { agreementTabs } from '../agreementTabs.ts';
import { call } from '../api.ts';
import { date, money, period, shortInstant } from '../format.ts';
import { button, details, type Fact, facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { onAddress, readAddress, type Page } from '../router.ts';
import { load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { claimLines, type Part, type PartOptions } from './claimLines.ts';
import { claimMoney } from './claimMoney.ts';
import { claimSteps } from './claimSteps.ts';
import { daysWords, dueWords, happenedWords, nextWords, roleWords, stateTag } from './claimWords.ts';

const address = z.object({ figure: z.enum(['pending', 'approved', 'paid']).optional().catch(undefined) });
type Row = Claim['journals'][number]['entries'][number] & { journal: Claim['journals'][number] };

export const claimPage: Page = (root, params) => {
  const id = params['id'] ?? '';
  let state: Loadable<Claim> = loading;
  let said = '';
  let parts: { of: string; lines: Part; steps: Part; money: Part } | undefined;

  const draw = (): void => {
    const title = state.at === 'ready' ? `Claim ${state.value.number} of ${state.value.reference}` : 'Claim';
    const claims = state.at === 'ready' ? `/agreements/${state.value.agreementId}/claims` : '/claims';
    render(frame({
      title, width: 'wide', ...(state.at === 'ready' ? { caption: state.value.council } : {}), breadcrumbs: [{ label: 'Claims', href: '/claims' }, { label: 'Claims of the agreement', href: claims }],
      actions: [button('Print', () => window.print())],
    }, html`${state.at === 'ready' ? agreementTabs(state.value.agreementId, 'claims') : nothing}${said ? note('good', said, { live: true }) : nothing}${shown(state, body, { what: 'the claim', retry: () => void start() })}`), root);
  };
  const set = (claim: Claim, words: string): void => {
    if (words) said = words;
    const of = `${claim.id} ${claim.state} ${claim.basis}`;
    state = { at: 'ready', value: claim };
    if (parts?.of !== of) {
      parts?.lines.stop();
      const options: PartOptions = { claim: () => (state.at === 'ready' ? state.value : claim), done: set, redraw: draw };
      parts = { of, lines: claimLines(options), steps: claimSteps(options), money: claimMoney(options) };
    }
    draw();
  };
  const body = (claim: Claim): Content => html`
    ${figures(claim)}
    ${details([
      ['State', html`${stateTag(claim.state)} ${nextWords(claim) === 'nobody' ? '' : `Next: ${nextWords(claim)}`}`],
      ['Period', period(claim.startsOn, claim.endsOn)],
      ['Paid on', html`${claimBasisNames[claim.basis]}${claim.basis === 'hours' ? html`: <a href="/agreements/${claim.agreementId}/hours?from=${claim.startsOn}&to=${claim.endsOn}">the check of these days</a>` : nothing}`],
      ['Deadline', claim.lateDays > 0 ? html`${tag(daysWords(claim.lateDays), 'warning')} due ${date(claim.dueOn)}${claim.lateReason ? `: ${claim.lateReason}` : ''}` : dueWords(claim)],
      ['Submitted', claim.submittedOn ? `${date(claim.submittedOn)}${claim.payBy && claim.nextToAct === 'office' ? `, to be paid by ${date(claim.payBy)}` : ''}` : 'not yet'],
    ])}
    ${section('What is claimed', parts?.lines.view() ?? nothing)}
    ${parts?.steps.view() ?? nothing}
    ${parts?.money.view() ?? nothing}
    ${when(claim.messages.length > 0, () => section('Queries and replies', html`<ol class="messages">${claim.messages.map((message) => html`<li class="messages__item">
      <p class="messages__about">${message.kind === 'query' ? 'Query' : 'Reply'} of ${shortInstant(message.writtenAt)}, ${roleWords(message.role)}${message.lineId ? `, about “${claim.lines.find((line) => line.id === message.lineId)?.what ?? ''}”` : ''}</p>
      <p>${message.words}</p></li>`)}</ol>`))}
    ${when(claim.journals.length > 0, () => section('Ledger entries of this claim', entriesView(claim), { lead: html`Every figure above is added up from these. <a href="/agreements/${claim.agreementId}/ledger">The agreement’s whole ledger</a>` }))}
    ${section('What happened', html`<ol class="happened">${claim.events.map((event) => html`<li>${shortInstant(event.at)}: ${happenedWords(event)} <span class="documents__about">(${roleWords(event.role)})</span></li>`)}</ol>`)}`;

  const entriesView = (claim: Claim): Content => {
    const { figure } = readAddress(address);
    const rows: Row[] = claim.journals.flatMap((journal) => journal.entries.map((entry) => ({ ...entry, journal }))).filter(({ kind }) => figure === undefined || kind === figure);
    return html`${when(figure, () => html`<p>Only entries on “${accountKindNames[figure as AccountKind]}”. <a href="/claims/${claim.id}">Show all</a></p>`)}${entries.view(rows)}`;
  };
  const entries = createTable<Row>({ caption: 'Entries', rowId: (row) => `${row.journal.id} ${row.accountId}`, redraw: draw, columns: [
    { key: 'number', label: 'Journal', kind: 'count', value: (row) => row.journal.number },
    { key: 'kind', label: 'Kind', value: (row) => row.journal.kind },
    { key: 'reason', label: 'Why', value: (row) => row.journal.reason },
    { key: 'on', label: 'Counts on', kind: 'date', value: (row) => row.journal.effectiveOn },
    { key: 'recorded', label: 'Recorded', kind: 'instant', value: (row) => row.journal.recordedAt },
    { key: 'account', label: 'Account', value: (row) => [accountKindNames[row.kind], row.head].filter(Boolean).join(': ') },
    { key: 'amount', label: 'Amount', kind: 'money', value: (row) => row.amountPence },
  ] });
  const start = (): (() => void) => load(call(getClaim, { id }), (next) => {
    if (next.at === 'ready') return set(next.value, '');
    state = next;
    draw();
  });
  const stop = start();
  const off = onAddress(draw);
  return () => {
    stop();
    off();
    parts?.lines.stop();
  };
};

/** Each figure with its definition and period; a link shows the entries it is added up from. */
function figures(claim: Claim): Content {
  const open = (figure: string, pence: number): Content => (claim.journals.length > 0 ? html`<a href="/claims/${claim.id}?figure=${figure}">${money(pence)}</a>` : money(pence));
  const days = period(claim.startsOn, claim.endsOn);
  const cut = claim.lines.reduce((sum, { claimedPence, approvedPence }) => sum + (approvedPence === null ? 0 : claimedPence - approvedPence), 0);
  const recovered: Fact[] = claim.recoveredPence > 0 ? [{ label: 'Recovered', value: open('paid', claim.recoveredPence), note: `leaves ${money(claim.paidPence - claim.recoveredPence)} paid` }] : [];
  return facts([
    { label: 'Claimed', value: open('pending', claim.claimedPence), note: `${claim.basis === 'hours' ? 'verified hours at the agreed rates' : 'net of recoverable VAT'}, for ${days}` },
    { label: 'Approved', value: open('approved', claim.approvedPence), note: cut > 0 ? `${money(cut)} was cut` : 'at most what is claimed' },
    { label: 'Paid', value: open('paid', claim.paidPence), note: claim.approvedPence > claim.paidPence ? `${money(claim.approvedPence - claim.paidPence)} is left to pay` : 'at most what is approved' },
    ...recovered,
  ]);
}
