/** The money of an approved claim: what was paid, recovered and corrected, and the forms to record it. */
import { adjustClaim, payClaim, recoverClaim, type Claim } from '../../server/claims/contract.ts';
import { call } from '../api.ts';
import { createForm, type Field, type Form, type Values } from '../form.ts';
import { money } from '../format.ts';
import { section } from '../frame.ts';
import { html, when, type Content } from '../html.ts';
import { mayDo } from '../session.ts';
import { createTable } from '../table.ts';
import { today } from '../weeks.ts';
import type { Part, PartOptions } from './claimLines.ts';

const text = (values: Values, name: string): string => String(values[name] ?? '');

interface Move {
  readonly id: string;
  readonly on: string | null;
  readonly what: string;
  readonly reference: string;
  readonly why: string;
  readonly pence: number;
}

export function claimMoney({ claim, done, redraw }: PartOptions): Part {
  let key: string = crypto.randomUUID();
  const form = (submit: string, words: string, fields: () => readonly Field[], send: (values: Values) => Promise<Claim>): Form => {
    const made = createForm({
      submit, redraw, layout: 'grid', fields,
      action: async (values) => {
        const next = await send(values);
        key = crypto.randomUUID();
        made.reset();
        done(next, words);
      },
    });
    return made;
  };
  const common = (values: Values) => ({ id: claim().id, idempotencyKey: key, amountPence: Number(values['amount']) });
  const left = (): number => claim().approvedPence - claim().paidPence;
  const forms = {
    pay: form('Record the payment', 'The payment is recorded.', () => [
      { kind: 'money', name: 'amount', label: 'Amount paid', hint: `${money(left())} is left to pay. It may be paid in parts`, required: true, value: left() },
      { kind: 'date', name: 'paidOn', label: 'Paid on', required: true, value: today(), max: today() },
      { kind: 'text', name: 'reference', label: 'Payment reference', hint: 'As on the bank’s statement', required: true },
    ], (values) => call(payClaim, { ...common(values), paidOn: text(values, 'paidOn'), reference: text(values, 'reference') })),
    recover: form('Record the recovery', 'The recovery is recorded.', () => [
      { kind: 'money', name: 'amount', label: 'Amount recovered', hint: `At most ${money(claim().paidPence - claim().recoveredPence)}`, required: true },
      { kind: 'date', name: 'recoveredOn', label: 'Recovered on', required: true, value: today(), max: today() },
      { kind: 'select', name: 'how', label: 'How', required: true, options: [{ value: 'next payment', label: 'from the next payment' }, { value: 'invoice', label: 'by invoice' }] },
      { kind: 'text', name: 'reference', label: 'Reference', required: true },
      { kind: 'textarea', name: 'reason', label: 'Why', required: true },
    ], (values) => call(recoverClaim, { ...common(values), recoveredOn: text(values, 'recoveredOn'), how: text(values, 'how') as 'invoice', reference: text(values, 'reference'), reason: text(values, 'reason') })),
    adjust: form('Record the adjustment', 'The adjustment is recorded.', () => [
      { kind: 'select', name: 'corrects', label: 'Corrects', required: true, options: claim().journals.filter(({ kind }) => ['approval', 'payment', 'recovery'].includes(kind)).map(({ id, number, kind, effectiveOn }) => ({ value: id, label: `journal ${number}, the ${kind} of ${effectiveOn}` })) },
      { kind: 'select', name: 'lineId', label: 'Line, where an approval is corrected', blank: 'none: a payment or a recovery', options: claim().lines.map((line) => ({ value: line.id, label: line.what })) },
      { kind: 'money', name: 'amount', label: 'How much more, or with a minus how much less', required: true },
      { kind: 'textarea', name: 'reason', label: 'Why', required: true },
    ], (values) => call(adjustClaim, { ...common(values), corrects: text(values, 'corrects'), ...(values['lineId'] ? { lineId: text(values, 'lineId') } : {}), reason: text(values, 'reason') })),
  };
  const moves = createTable<Move>({ caption: 'Payments, recoveries and adjustments', rowId: (row) => row.id, redraw, tools: false, columns: [
    { key: 'on', label: 'On', kind: 'date', value: (row) => row.on, missing: '–' },
    { key: 'what', label: 'What', value: (row) => row.what },
    { key: 'reference', label: 'Reference', value: (row) => row.reference },
    { key: 'why', label: 'Why', value: (row) => row.why || '–' },
    { key: 'pence', label: 'Amount', kind: 'money', value: (row) => row.pence },
  ] });
  const folded = (label: string, each: Form): Content => html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">${label}</span></summary><div class="govuk-details__text">${each.view()}</div></details>`;
  const isDecided = (): boolean => ['approved', 'paid', 'adjusted', 'recovered'].includes(claim().state);
  return {
    stop: () => undefined,
    view: () => html`${when(isDecided(), () => html`
      ${when(movesOf(claim()).length > 0, () => section('Payments, recoveries and adjustments', moves.view(movesOf(claim()))))}
      <div class="claim__steps">
        ${when(mayDo('payClaims') && left() > 0, () => section('Pay', forms.pay.view(), { lead: 'Never above what is approved. The payment is split over the budget heads by what is left to pay under each.' }))}
        ${when(mayDo('payClaims') && claim().paidPence > claim().recoveredPence, () => folded('Recover what was paid too much', forms.recover))}
        ${when(mayDo('approveClaims'), () => folded('Adjust: correct an approval, a payment or a recovery', forms.adjust))}
      </div>`)}`,
  };
}

function movesOf({ payments, recoveries, adjustments, journals }: Claim): Move[] {
  return [
    ...payments.map(({ id, paidOn, reference, amountPence }) => ({ id, on: paidOn, what: 'Paid', reference, why: '', pence: amountPence })),
    ...recoveries.map(({ id, recoveredOn, how, reference, reason, amountPence }) => ({ id, on: recoveredOn, what: `Recovered by ${how}`, reference, why: reason, pence: -amountPence })),
    ...adjustments.map(({ id, corrects, what, reason, amountPence }) => ({ id, on: null, what: `The ${what} adjusted`, reference: `corrects journal ${journals.find((journal) => journal.id === corrects)?.number ?? ''}`, why: reason, pence: amountPence })),
  ];
}
