/** One reallocation: who gives and takes, the figures it was proposed on, its steps, and the drafted decision notice. */
import type { z } from 'zod';
import {
  answerReallocation, approveReallocation, effectReallocation, getNotice, getNoticeFile, getReallocation, reallocationKindNames, withdrawReallocation, type notice, type Party, type Reallocation,
} from '../../server/reallocations/contract.ts';
import { call, download } from '../api.ts';
import { createForm, type Form } from '../form.ts';
import { date, decimal, hoursMinutes, money, shortInstant } from '../format.ts';
import { button, details, facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { today } from '../weeks.ts';
import { movedPence, nextStep, reallocationTag } from './reallocations.ts';

type Notice = z.infer<typeof notice>;
interface Answer { one: Reallocation; drafted: Notice | undefined }
type LineOut = Party['lines'][number] & { council: string };

export const reallocationPage: Page = (root, params) => {
  const id = params['id'] ?? '';
  let state: Loadable<Answer> = loading;
  let said: { kind: 'good' | 'danger'; words: string } | undefined;

  const draw = (): void => {
    const one = state.at === 'ready' ? state.value.one : undefined;
    render(frame({ title: one ? `${one.kind === 'virement' ? 'Virement' : 'Reallocation'} ${one.number}` : 'Reallocation', width: 'wide', breadcrumbs: [{ label: 'Reallocations', href: '/reallocations' }], ...(one ? { caption: one.fund } : {}) },
      html`${said ? note(said.kind, said.words, { live: true }) : nothing}${shown(state, body, { what: 'the reallocation', retry: () => void start() })}`), root);
  };
  const keep = async (words: string, change: Promise<Reallocation>): Promise<void> => {
    const one = await change;
    state = { at: 'ready', value: { one, drafted: await draftOf(one) } };
    said = { kind: 'good', words };
    draw();
  };
  /** Forms are made once for each agreement that this person may answer for. */
  const answers = new Map<string, { agree: Form; refuse: Form }>();
  const answerForms = (agreementId: string): { agree: Form; refuse: Form } => {
    const known = answers.get(agreementId) ?? {
      agree: createForm({ submit: 'Agree', redraw: draw, fields: [{ kind: 'checkbox', name: 'sure', label: 'My body agrees to what changes in its agreement', required: true }], action: () => keep('Agreed.', call(answerReallocation, { id, agreementId, agrees: true })) }),
      refuse: createForm({ submit: 'Refuse', redraw: draw, fields: [{ kind: 'text', name: 'reason', label: 'Why not', required: true }], action: (values) => keep('Refused.', call(answerReallocation, answerReallocation.input.parse({ id, agreementId, agrees: false, ...values }))) }),
    };
    answers.set(agreementId, known);
    return known;
  };
  const approval = createForm({
    submit: 'Approve', redraw: draw,
    fields: () => [
      { kind: 'text', name: 'decisionReference', label: 'Decision reference', required: true, size: 'medium' },
      ...(state.at === 'ready' && state.value.one.kind === 'reallocation' ? [
        { kind: 'text' as const, name: 'funderConsent', label: 'Funder’s consent', hint: 'Who gave it and how', required: true },
        { kind: 'date' as const, name: 'funderConsentOn', label: 'Given on', value: today(), required: true },
      ] : []),
    ],
    action: (values) => keep('Approved.', call(approveReallocation, approveReallocation.input.parse({ id, ...values }))),
  });
  const withdrawal = createForm({ submit: 'Withdraw', redraw: draw, fields: [{ kind: 'text', name: 'reason', label: 'Why', required: true }], action: (values) => keep('Withdrawn.', call(withdrawReallocation, withdrawReallocation.input.parse({ id, ...values }))) });
  const lines = createTable<LineOut>({
    caption: 'What changes', rowId: (row) => `${row.council} ${row.head}`, redraw: draw, tools: false,
    columns: [
      { key: 'council', label: 'Agreement with', value: (row) => row.council }, { key: 'head', label: 'Head', value: (row) => row.head || 'Not under a head' },
      { key: 'before', label: 'Budget before', kind: 'money', value: (row) => row.budgetPence }, { key: 'change', label: 'Change', kind: 'money', value: (row) => row.amountPence, sum: true },
      { key: 'after', label: 'Budget after', kind: 'money', value: (row) => row.budgetPence + row.amountPence },
    ],
  });
  const effect = (): void => void keep('It is in effect.', call(effectReallocation, { id })).catch((error: unknown) => {
    said = { kind: 'danger', words: error instanceof Error ? error.message : 'It could not take effect.' };
    draw();
  });
  const body = ({ one, drafted }: Answer): Content => html`
    ${facts([{ label: 'Moved', value: money(movedPence(one)), note: reallocationKindNames[one.kind] }, { label: 'State', value: reallocationTag(one.state), ...(nextStep(one) ? { note: `next: ${nextStep(one)}` } : {}) }, { label: 'In effect from', value: date(one.effectiveFrom) }])}
    ${details([['Why', one.reason], ['Proposed', shortInstant(one.proposedAt)], ...decided(one)])}
    ${section('What changes', lines.view(one.parties.flatMap(({ council, lines: own }) => own.map((line) => ({ ...line, council })))), { lead: 'The lines of everybody together add up to £0.00.' })}
    ${section('Who agrees', one.parties.map((party) => partyView(one, party)))}
    ${when(one.state === 'agreed' && mayDo('approveReallocations'), () => section('Approve', one.proposedByMe ? note('info', 'You proposed it, so a second person approves.') : approval.view(), { lead: one.effectiveFrom <= today() ? 'It takes effect at once.' : `It takes effect by itself on ${date(one.effectiveFrom)}.` }))}
    ${when(one.state === 'approved' && mayDo('approveReallocations') && one.effectiveFrom <= today(), () => section('Bring it into effect', button('Bring it into effect', effect, { kind: 'main' })))}
    ${when(drafted, () => noticeView(drafted!))}
    ${when(['proposed', 'agreed', 'approved'].includes(one.state) && mayDo('proposeReallocations'), () => html`<details class="govuk-details"><summary class="govuk-details__summary">Withdraw it</summary><div class="govuk-details__text">${withdrawal.view()}</div></details>`)}`;
  const partyView = (one: Reallocation, party: Party): Content => html`<h3>${party.council}, ${party.reference} ${tag(party.answer === 'waiting' ? 'not answered' : party.answer, party.answer === 'agreed' ? 'good' : party.answer === 'refused' ? 'danger' : 'plain')}</h3>
    <p>${money(party.ceilingPence)} ${party.netPence === 0 ? 'stays' : `becomes ${money(party.ceilingPence + party.netPence)}`}.${party.answeredAt ? ` ${party.answer === 'agreed' ? 'Agreed' : 'Refused'} ${shortInstant(party.answeredAt)}.` : ''}${party.refusedReason ? ` “${party.refusedReason}”` : ''}</p>
    ${figuresView(party)}
    ${when(one.state === 'proposed' && party.answer === 'waiting' && mayDo('agreeReallocations'), () => html`<div class="answers">${answerForms(party.agreementId).agree.view()}${answerForms(party.agreementId).refuse.view()}</div>`)}`;
  const noticeView = (drafted: Notice): Content => section('Decision notice, drafted', html`
    ${drafted.missing.length > 0 ? note('info', `Still to be entered: ${drafted.missing.join('; ')}.`) : nothing}
    <pre class="notice" tabindex="0" aria-label="Decision notice">${drafted.text}</pre>
    <p class="table__about">From the rows of this reallocation alone, in the words in force since ${date(drafted.templateFrom)}.</p>
    <div class="govuk-button-group notice__actions">${button('Download as text', () => void download(getNoticeFile, { id }, 'decision-notice.txt'))}${button('Print', () => globalThis.print())}</div>`);
  const start = (): (() => void) => load(call(getReallocation, { id }).then(async (one) => ({ one, drafted: await draftOf(one) })), (next) => {
    state = next;
    draw();
  });
  return start();
};

const draftOf = async ({ id, state }: Reallocation): Promise<Notice | undefined> => (mayDo('seeNotices') && state !== 'withdrawn' && state !== 'refused' ? call(getNotice, { id }) : undefined);

function decided(one: Reallocation): (readonly [string, Content])[] {
  return [
    ...(one.agreedAt ? [['Agreed by all', shortInstant(one.agreedAt)] as const] : []),
    ...(one.approvedAt ? [['Approved', `${shortInstant(one.approvedAt)}, decision ${one.decisionReference ?? ''}`] as const] : []),
    ...(one.funderConsent ? [['Funder’s consent', `${one.funderConsent}${one.funderConsentOn ? `, ${date(one.funderConsentOn)}` : ''}`] as const] : []),
    ...(one.effectiveAt ? [['Brought into effect', shortInstant(one.effectiveAt)] as const] : []),
    ...(one.withdrawnReason ? [['Withdrawn', one.withdrawnReason] as const] : []),
  ];
}

function figuresView({ figures }: Party): Content {
  if (!figures) return nothing;
  const { underspend, nextThousand, knownOn, suggestedBecause } = figures;
  return html`<p class="table__about">As known on ${date(knownOn)}: ${underspend ? `forecast to stay unspent ${money(underspend.centralPence)} (${money(underspend.lowPence)} to ${money(underspend.highPence)})` : 'no forecast'};
    ${nextThousand ? `the next £1,000 prevents ${decimal(nextThousand.incidents, 2)} incidents and buys ${hoursMinutes(nextThousand.personMinutes)} of patrols, by the allocation of the week of ${date(nextThousand.week)}` : 'what the next £1,000 buys is not known'}.${suggestedBecause ? ` Suggested then: ${suggestedBecause}` : ''}</p>`;
}
