/** What is owed: claims on cost or on verified hours, line by line, and what became of them. */
import { z } from 'zod';
import { commaList, endpoint, id, isoDate, pence, wholeNumber } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';
import { journal } from '../ledger/contract.ts';

export const claimBases = ['cost', 'hours'] as const;
export type ClaimBasis = (typeof claimBases)[number];
export const claimBasisNames: Record<ClaimBasis, string> = { cost: 'Actual cost', hours: 'Verified hours' };

export const claimStates = ['draft', 'submitted', 'query', 'approved', 'paid', 'adjusted', 'recovered', 'refused', 'withdrawn'] as const;
export type ClaimState = (typeof claimStates)[number];

export const claimEventKinds = ['claimDrafted', 'claimSubmitted', 'claimQueried', 'claimReplied', 'claimApproved', 'claimRefused', 'claimWithdrawn', 'claimPaid', 'claimAdjusted', 'claimRecovered'] as const;
export type ClaimEventKind = (typeof claimEventKinds)[number];

export const adjustedFigures = ['approval', 'payment', 'recovery'] as const;

const idempotencyKey = id.describe('Made where the step is taken: sent again, it changes nothing more');
const wholePence = z.number('Give whole pence as a number.').int('Give whole pence, without a fraction.');
/** Whole pence under `<name>Pence`, or pounds as people write them under `<name>`, one of the two. */
const amount = <N extends string>(name: N) =>
  ({ [`${name}Pence`]: wholePence.optional(), [name]: z.string().max(40).optional().describe('Pounds as text, for example £1,234.56') }) as
    Record<`${N}Pence`, z.ZodOptional<typeof wholePence>> & Record<N, z.ZodOptional<z.ZodString>>;

const actor = z.enum(['council', 'office']);

export const claimSummary = z.object({
  id, agreementId: id, reference: z.string(), councilCode: z.string(), council: z.string(),
  /** Counted within the agreement. */
  number: z.number().int(),
  basis: z.enum(claimBases), state: z.enum(claimStates),
  periodId: id, startsOn: isoDate, endsOn: isoDate,
  /** Net of VAT that can be recovered. Recovered ≤ paid ≤ approved ≤ claimed. */
  claimedPence: pence, approvedPence: pence, paidPence: pence, recoveredPence: pence,
  /** The day by which it is submitted, and how many days late it was, or is by now. */
  dueOn: isoDate, lateDays: z.number().int(), lateReason: z.string().nullable(),
  submittedOn: isoDate.nullable(),
  /** Once submitted: the day by which it is paid. */
  payBy: isoDate.nullable(),
  nextToAct: actor.nullable(),
});
export type ClaimSummary = z.infer<typeof claimSummary>;

export const claimLine = z.object({
  id, head: z.string(), what: z.string(),
  minutes: z.number().int().nullable(), pencePerHour: pence.nullable(),
  /** What was paid with VAT, and the part of it that can be recovered and is not claimed. */
  grossPence: pence, recoverableVatPence: pence, claimedPence: pence,
  rounding: z.string().nullable(),
  approvedPence: pence.nullable(), cutReason: z.string().nullable(),
  /** Documents attached. */
  evidence: z.number().int(),
});
export type ClaimLine = z.infer<typeof claimLine>;

export const claimMessage = z.object({ id, kind: z.enum(['query', 'reply']), lineId: id.nullable(), words: z.string(), role: z.string(), writtenAt: z.string() });
export type ClaimMessage = z.infer<typeof claimMessage>;

const happened = z.object({ number: z.number().int(), kind: z.enum(claimEventKinds), at: z.string(), role: z.string(), pence: pence.nullable(), reason: z.string().nullable() });
export type ClaimHappened = z.infer<typeof happened>;

const payment = z.object({ id, paidOn: isoDate, reference: z.string(), amountPence: pence });
const recovery = z.object({ id, recoveredOn: isoDate, how: z.string(), reference: z.string(), reason: z.string(), amountPence: pence });
const adjustment = z.object({ id, corrects: id, what: z.enum(adjustedFigures), lineId: id.nullable(), amountPence: pence, reason: z.string() });

export const claim = claimSummary.extend({
  lines: z.array(claimLine), messages: z.array(claimMessage), events: z.array(happened),
  payments: z.array(payment), recoveries: z.array(recovery), adjustments: z.array(adjustment),
  /** The journals of this claim, oldest first, each with the number of the event that posted it. */
  journals: z.array(journal.extend({ event: z.number().int() })),
  /** The agreement's budget heads with what is left under each; one without a name where it has none. */
  heads: z.array(z.object({ head: z.string(), availablePence: pence })),
  /** Hourly rates agreed for days of the claim. */
  rates: z.array(z.object({ band: z.string(), pencePerHour: pence, validFrom: isoDate })),
  ineligible: z.array(z.object({ code: z.string(), what: z.string(), source: z.string() })),
});
export type Claim = z.infer<typeof claim>;

export const listClaims = endpoint({
  method: 'GET', path: '/api/claims', allow: 'seeMoney',
  summary: 'Claims with state, council, period, amounts, how late they are and who has the next step; newest first',
  input: z.strictObject({ agreement: id.optional(), council: z.string().trim().min(1).max(80).optional(), states: commaList.pipe(z.array(z.enum(claimStates))).optional(), next: actor.optional(), limit: wholeNumber.min(1).max(1000).default(500) }),
  output: z.object({ claims: z.array(claimSummary) }),
});

export const getClaim = endpoint({
  method: 'GET', path: '/api/claims/:id', allow: 'seeMoney',
  summary: 'One claim with its lines, messages, payments and every journal behind its figures',
  input: z.strictObject({ id }),
  output: claim,
});

export const claimPart = z.object({ periodId: id, startsOn: isoDate, endsOn: isoDate, basis: z.enum(claimBases), periodState: z.string(), dueOn: isoDate, lateDays: z.number().int(), claims: z.number().int() });
export type ClaimPart = z.infer<typeof claimPart>;

export const listClaimParts = endpoint({
  method: 'GET', path: '/api/agreements/:id/claim-parts', allow: 'seeMoney',
  summary: 'The periods of an agreement that can be claimed for, parted where the payment basis changed, with the day each is due',
  input: z.strictObject({ id }),
  output: z.object({ parts: z.array(claimPart) }),
});

export const prepareClaim = endpoint({
  method: 'POST', path: '/api/agreements/:id/claims', allow: 'prepareClaims',
  summary: 'Begin a claim for a period, or for the part of it with one payment basis. Its id is made where it is entered, so that sending it twice begins one',
  input: z.strictObject({ id, claimId: id, periodId: id, startsOn: isoDate.optional().describe('The part’s first day, where the period has several') }),
  output: claim,
});

export const keepLine = endpoint({
  method: 'PUT', path: '/api/claims/:id/lines/:lineId', allow: 'prepareClaims',
  summary: 'Enter or change a line of a draft: an amount with the VAT in it that can be recovered, or minutes at an agreed rate',
  input: z.strictObject({
    id, lineId: id, head: freeText(60).default(''), what: freeText(200).min(1, 'Enter what the line is for.'),
    ...amount('amount'), ...amount('recoverableVat'),
    minutes: wholePence.min(1, 'Enter the minutes worked, over 0.').max(100_000_000).optional(), ...amount('perHour'),
  }),
  output: claim,
});

export const removeLine = endpoint({
  method: 'DELETE', path: '/api/claims/:id/lines/:lineId', allow: 'prepareClaims',
  summary: 'Take a line out of a draft',
  input: z.strictObject({ id, lineId: id }),
  output: claim,
});

export const submitClaim = endpoint({
  method: 'POST', path: '/api/claims/:id/submission', allow: 'submitClaims',
  summary: 'Submit a claim. Its money is held in the ledger at once, so that a claim past what is available is refused here',
  input: z.strictObject({ id, idempotencyKey, declared: z.literal(true, 'Confirm that nothing on the list of ineligible costs is claimed.'), lateReason: reasonText().optional() }),
  output: claim,
});

const message = { id, messageId: id.describe('Made where the message is written'), lineId: id.optional(), words: freeText(2000).min(1, 'Write the message.') };

export const queryClaim = endpoint({
  method: 'POST', path: '/api/claims/:id/queries', allow: 'queryClaims',
  summary: 'Ask the council about a submitted claim; it waits for a reply', input: z.strictObject(message), output: claim,
});

export const replyToQuery = endpoint({
  method: 'POST', path: '/api/claims/:id/replies', allow: 'prepareClaims',
  summary: 'Reply to a query; the claim is submitted again', input: z.strictObject(message), output: claim,
});

const decision = z.strictObject({ lineId: id, ...amount('approved'), cutReason: freeText(500).optional() });

export const approveClaim = endpoint({
  method: 'POST', path: '/api/claims/:id/approval', allow: 'approveClaims',
  summary: 'Approve a submitted claim as a second person: in full, but for the lines that are cut with a reason. What is cut is available again',
  input: z.strictObject({ id, idempotencyKey, lines: z.array(decision).max(500).default([]) }),
  output: claim,
});

export const refuseClaim = endpoint({
  method: 'POST', path: '/api/claims/:id/refusal', allow: 'approveClaims',
  summary: 'Refuse a submitted claim with a reason; its money is available again', input: z.strictObject({ id, idempotencyKey, reason: reasonText() }), output: claim,
});

export const withdrawClaim = endpoint({
  method: 'POST', path: '/api/claims/:id/withdrawal', allow: 'prepareClaims',
  summary: 'Withdraw a claim that is not approved yet, with a reason', input: z.strictObject({ id, idempotencyKey, reason: reasonText() }), output: claim,
});

export const payClaim = endpoint({
  method: 'POST', path: '/api/claims/:id/payments', allow: 'payClaims',
  summary: 'Record a payment of an approved claim, whole or in part, with its date and reference; never above what is approved',
  input: z.strictObject({ id, idempotencyKey, ...amount('amount'), paidOn: isoDate, reference: freeText(60).min(1, 'Enter the payment’s reference.') }),
  output: claim,
});

export const recoverClaim = endpoint({
  method: 'POST', path: '/api/claims/:id/recoveries', allow: 'payClaims',
  summary: 'Record that money of a paid claim was recovered, and why; never above what was paid',
  input: z.strictObject({ id, idempotencyKey, ...amount('amount'), recoveredOn: isoDate, how: z.enum(['invoice', 'next payment']), reference: freeText(60).min(1, 'Enter the reference.'), reason: reasonText() }),
  output: claim,
});

export const adjustClaim = endpoint({
  method: 'POST', path: '/api/claims/:id/adjustments', allow: 'approveClaims',
  summary: 'Correct an approval, a payment or a recovery of the claim by a signed amount, naming the journal it corrects; an approval by line',
  input: z.strictObject({ id, idempotencyKey, corrects: id, lineId: id.optional(), ...amount('amount'), reason: reasonText() }),
  output: claim,
});
