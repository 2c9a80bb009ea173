/** The steps a person may take with a claim where it stands: submit, ask, reply, decide, withdraw. Each is a form that cannot be sent twice. */
import { approveClaim, queryClaim, refuseClaim, replyToQuery, submitClaim, withdrawClaim, type Claim } from '../../server/claims/contract.ts';
import { call } from '../api.ts';
import { createForm, type Field, type Form, type Values } from '../form.ts';
import { date, money } from '../format.ts';
import { section } from '../frame.ts';
import { html, when, type Content } from '../html.ts';
import { mayDo } from '../session.ts';
import type { Part, PartOptions } from './claimLines.ts';

const text = (values: Values, name: string): string => String(values[name] ?? '');

export function claimSteps({ claim, done, redraw }: PartOptions): Part {
  /** One key until the step is taken, so that sending it again changes nothing more. */
  let key: string = crypto.randomUUID();
  const step = (submit: string, words: string, fields: () => readonly Field[], send: (values: Values) => Promise<Claim>): Form => {
    const made = createForm({
      submit, redraw, fields,
      action: async (values) => {
        const next = await send(values);
        key = crypto.randomUUID();
        made.reset();
        done(next, words);
      },
    });
    return made;
  };
  const common = () => ({ id: claim().id, idempotencyKey: key });
  const reason = (label: string, hint: string): Field => ({ kind: 'textarea', name: 'reason', label, hint, required: true });
  const words = (label: string): Field[] => [
    { kind: 'select', name: 'lineId', label: 'About', blank: 'the claim as a whole', options: claim().lines.map((line) => ({ value: line.id, label: line.what })) },
    { kind: 'textarea', name: 'words', label, hint: 'Nothing about a person', required: true },
  ];
  const message = (values: Values) => ({ id: claim().id, messageId: key, words: text(values, 'words'), ...(values['lineId'] ? { lineId: text(values, 'lineId') } : {}) });

  const forms = {
    submit: step('Submit the claim', 'The claim is submitted, and its money is held.', () => [
      ...(claim().lateDays > 0 ? [{ kind: 'textarea', name: 'lateReason', label: `Why it is ${claim().lateDays} days late`, hint: `It was due on ${date(claim().dueOn)}`, required: true } satisfies Field] : []),
      { kind: 'checkbox', name: 'declared', label: 'None of this is in the claim, and it is net of VAT that can be recovered', required: true },
    ], (values) => call(submitClaim, { ...common(), declared: true, ...(values['lateReason'] ? { lateReason: text(values, 'lateReason') } : {}) })),
    query: step('Send the query', 'The query is sent. The claim waits for the council’s reply.', () => words('Query'), (values) => call(queryClaim, message(values))),
    reply: step('Send the reply', 'The reply is sent. The claim is submitted again.', () => words('Reply'), (values) => call(replyToQuery, message(values))),
    approve: step('Approve', 'The claim is approved. What was cut is available again.', () => claim().lines.flatMap((line, nth): Field[] => [
      { kind: 'money', name: `lines.${nth}`, label: `Approve of “${line.what}”`, hint: `${money(line.claimedPence)} is claimed`, value: line.claimedPence, required: true },
      { kind: 'text', name: `cut.${nth}`, label: 'Why it is cut', hint: 'Only when less is approved; the council reads it' },
    ]), (values) => call(approveClaim, { ...common(), lines: claim().lines.map((line, nth) => ({ lineId: line.id, approvedPence: Number(values[`lines.${nth}`]), ...(values[`cut.${nth}`] ? { cutReason: text(values, `cut.${nth}`) } : {}) })) })),
    refuse: step('Refuse the claim', 'The claim is refused, and its money is available again.', () => [reason('Why it is refused', 'The council reads it')], (values) => call(refuseClaim, { ...common(), reason: text(values, 'reason') })),
    withdraw: step('Withdraw the claim', 'The claim is withdrawn.', () => [reason('Why it is withdrawn', 'A withdrawn claim is final; a new one can be prepared')], (values) => call(withdrawClaim, { ...common(), reason: text(values, 'reason') })),
  };
  const folded = (label: string, form: Form): Content => html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">${label}</span></summary><div class="govuk-details__text">${form.view()}</div></details>`;
  const ineligible = (): Content => html`<ul class="govuk-list govuk-list--bullet">${claim().ineligible.map(({ what, source }) => html`<li>${what} <span class="documents__about">(${source})</span></li>`)}</ul>`;
  const steps = (): Content => {
    const { state, lines } = claim();
    return html`
      ${when(state === 'draft' && mayDo('submitClaims') && lines.length > 0, () => section('Submit', html`${ineligible()}${forms.submit.view()}`, { lead: 'Grant never pays for:' }))}
      ${when(state === 'draft' && !mayDo('submitClaims') && mayDo('prepareClaims') && lines.length > 0, () => section('Grant never pays for', ineligible(), { lead: 'The council’s finance officer confirms that none of it is in the claim, and submits it.' }))}
      ${when(state === 'query' && mayDo('prepareClaims'), () => section('Reply to the query', forms.reply.view()))}
      ${when(state === 'submitted' && mayDo('approveClaims'), () => section('Decide', html`${forms.approve.view()}${folded('Refuse the claim instead', forms.refuse)}`, { lead: 'Whoever prepared or submitted the claim cannot approve it.' }))}
      ${when(state === 'query' && mayDo('approveClaims'), () => folded('Refuse the claim', forms.refuse))}
      ${when(state === 'submitted' && mayDo('queryClaims'), () => folded('Ask the council about it', forms.query))}
      ${when(['draft', 'submitted', 'query'].includes(state) && mayDo('prepareClaims'), () => folded('Withdraw the claim', forms.withdraw))}`;
  };
  return { stop: () => undefined, view: () => html`<div class="claim__steps">${steps()}</div>` };
}
