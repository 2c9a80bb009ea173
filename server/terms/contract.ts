/** What an agreement says: its versions, variations, budget heads, targets, conditions and signatories. */
import { z } from 'zod';
import { endpoint, id, isoDate, pence } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';
import { agreementStates } from '../grants/contract.ts';

export const paymentBases = ['cost', 'hours'] as const;
export type PaymentBasis = (typeof paymentBases)[number];
export const paymentBasisNames: Record<PaymentBasis, string> = { cost: 'Actual cost by budget head', hours: 'Verified hours at the agreed rates' };

export const versionSources = ['signed', 'variation', 'reallocation', 'virement'] as const;
export type VersionSource = (typeof versionSources)[number];

export const profileAmount = z.object({ startsOn: isoDate, amountPence: pence });
export type ProfileAmount = z.infer<typeof profileAmount>;

export const headTerms = z.object({
  /** Empty for money under no head. */
  head: z.string(),
  budgetPence: pence, tolerancePence: pence,
  /** Amounts by the first day of a period, adding up to the budget; none while there is no profile. */
  profile: z.array(profileAmount),
});
export type HeadTerms = z.infer<typeof headTerms>;

export const targetTerms = z.object({ startsOn: isoDate, endsOn: isoDate, personMinutes: z.number().int() });
export type TargetTerms = z.infer<typeof targetTerms>;

export const scheduleTerms = z.object({ title: freeText(120), says: freeText(2000) });
export type ScheduleTerms = z.infer<typeof scheduleTerms>;

export const differenceFields = ['ceiling', 'endsOn', 'productiveRatio', 'paymentBasis', 'overheadsAgreed', 'overheadsPercent', 'budget', 'tolerance', 'target', 'hotspot', 'rate', 'condition', 'purpose', 'schedules'] as const;
export const difference = z.object({
  field: z.enum(differenceFields),
  /** The head, the target's first day, the hotspot, the band; empty for the agreement as a whole. */
  of: z.string(),
  /** Null where there was, or is, nothing. */
  from: z.union([z.string(), z.number(), z.null()]),
  to: z.union([z.string(), z.number(), z.null()]),
});
export type Difference = z.infer<typeof difference>;

export const version = z.object({
  id, agreementId: id, number: z.number().int(), variationId: id.nullable(),
  effectiveFrom: isoDate, ceilingPence: pence, endsOn: isoDate, productiveRatio: z.number(), paymentBasis: z.enum(paymentBases),
  overheadsAgreed: z.boolean(), overheadsPercent: z.number().nullable(),
  purpose: z.string(), schedules: z.array(scheduleTerms),
  heads: z.array(headTerms), targets: z.array(targetTerms),
  /** The hotspots it names; none: every live hotspot of the council. */
  hotspotIds: z.array(id),
  difference: z.array(difference), reason: z.string(),
  sourceKind: z.enum(versionSources), sourceId: id, createdAt: z.string(),
});
export type Version = z.infer<typeof version>;

const heads = z.array(z.strictObject({
  head: freeText(60), budgetPence: pence, tolerancePence: pence.default(0),
  profile: z.array(z.strictObject({ startsOn: isoDate, amountPence: pence })).max(60).default([]),
})).max(30);
const targets = z.array(z.strictObject({ startsOn: isoDate, endsOn: isoDate, personMinutes: z.number().int() })).max(60);
const schedules = z.array(z.strictObject({ title: freeText(120).min(1, 'Name the schedule.'), says: freeText(2000) })).max(20);

/** What terms say beside amount, dates and productive ratio, as it is entered. */
export const termsInput = {
  paymentBasis: z.enum(paymentBases), overheadsAgreed: z.boolean(), overheadsPercent: z.number().gt(0).max(100).multipleOf(0.01).nullable(),
  purpose: freeText(2000), schedules, heads, targets, hotspotIds: z.array(id).max(200),
};

export const draftTerms = z.object(termsInput);
export type DraftTerms = z.infer<typeof draftTerms>;

export const conditionKinds = ['condition', 'milestone'] as const;
export const parties = ['council', 'office'] as const;
export const conditionStates = ['open', 'overdue', 'reported', 'accepted', 'ended'] as const;

export const condition = z.object({
  id, kind: z.enum(conditionKinds), what: z.string(), owedBy: z.enum(parties), dueOn: isoDate.nullable(),
  /** The versions that brought it and took it out; none while the terms are a draft. */
  fromVersion: z.number().int().nullable(), untilVersion: z.number().int().nullable(),
  doneOn: isoDate.nullable(), doneBy: z.string().nullable(), evidence: z.string().nullable(), acceptedAt: z.string().nullable(), acceptedBy: z.string().nullable(),
  state: z.enum(conditionStates), documents: z.number().int(),
});
export type Condition = z.infer<typeof condition>;

export const signatory = z.object({ id, party: z.enum(parties), title: z.string(), signedOn: isoDate.nullable() });
export type Signatory = z.infer<typeof signatory>;

export const budgetHead = z.object({ name: z.string(), describes: z.string(), needsAgreement: z.boolean(), source: z.string(), validFrom: isoDate, validTo: isoDate.nullable() });
export type BudgetHead = z.infer<typeof budgetHead>;

const fieldFault = z.object({ field: z.string(), message: z.string() });

export const terms = z.object({
  agreementId: id, state: z.enum(agreementStates),
  /** Newest first; the version in force today, by its number. */
  versions: z.array(version), current: z.number().int().nullable(),
  /** Until there is a version: what is entered so far, and what is missing before it can be signed. */
  draft: draftTerms.nullable(), missing: z.array(fieldFault),
  periods: z.array(z.object({ startsOn: isoDate, endsOn: isoDate })),
  signatories: z.array(signatory), conditions: z.array(condition),
  /** Where the state may go next, each with what stands in its way. */
  moves: z.array(z.object({ state: z.enum(agreementStates), back: z.boolean(), faults: z.array(z.string()) })),
  /** Spent at risk by the ledger: recorded, not to be claimed; null without a ledger. */
  atRiskPence: pence.nullable(),
  hotspots: z.array(z.object({ id, name: z.string() })),
});
export type Terms = z.infer<typeof terms>;

export const getTerms = endpoint({
  method: 'GET', path: '/api/agreements/:id/terms', allow: 'seeMoney',
  summary: 'What an agreement says: versions with their differences, or the draft; signatories, conditions, and where its state may go',
  input: z.strictObject({ id }), output: terms,
});

export const saveTerms = endpoint({
  method: 'PUT', path: '/api/agreements/:id/terms', allow: 'keepTerms',
  summary: 'Enter the terms of an agreement that has no version yet; they may be incomplete until they are signed',
  input: z.strictObject({ id, ...termsInput }), output: terms,
});

export const signTerms = endpoint({
  method: 'POST', path: '/api/agreements/:id/versions', allow: 'keepTerms',
  summary: 'Make version 1 of an agreement that was signed on paper before it was entered',
  input: z.strictObject({ id, reason: reasonText() }), output: terms,
});

export const moveAgreement = endpoint({
  method: 'POST', path: '/api/agreements/:id/state', allow: 'keepTerms',
  summary: 'Move an agreement to its next state: draft, in legal, sent, signed, live or live at risk, closing. Signing makes version 1',
  input: z.strictObject({ id, state: z.enum(agreementStates).exclude(['closed']), reason: reasonText() }), output: terms,
});

export const addSignatory = endpoint({
  method: 'POST', path: '/api/agreements/:id/signatories', allow: 'keepTerms',
  summary: 'Say who signs an agreement, by title',
  input: z.strictObject({ id, signatoryId: id, party: z.enum(parties), title: freeText(120).min(1, 'Enter the title they sign under.') }), output: terms,
});

export const changeSignatory = endpoint({
  method: 'PUT', path: '/api/agreements/:id/signatories/:signatoryId', allow: 'keepTerms',
  summary: 'Record the day a signatory signed, or take it back before the agreement is signed',
  input: z.strictObject({ id, signatoryId: id, signedOn: isoDate.nullable() }), output: terms,
});

export const removeSignatory = endpoint({
  method: 'DELETE', path: '/api/agreements/:id/signatories/:signatoryId', allow: 'keepTerms',
  summary: 'Take a signatory out who has not signed',
  input: z.strictObject({ id, signatoryId: id }), output: terms,
});

export const conditionInput = { kind: z.enum(conditionKinds), what: freeText(500).min(1, 'Say what it asks for.'), owedBy: z.enum(parties), dueOn: isoDate.nullable() };

export const addCondition = endpoint({
  method: 'POST', path: '/api/agreements/:id/conditions', allow: 'keepTerms',
  summary: 'Enter a condition or a milestone of an agreement without a version; later ones come by a variation',
  input: z.strictObject({ id, conditionId: id, ...conditionInput }), output: terms,
});

export const removeCondition = endpoint({
  method: 'DELETE', path: '/api/agreements/:id/conditions/:conditionId', allow: 'keepTerms',
  summary: 'Take a condition out of an agreement without a version',
  input: z.strictObject({ id, conditionId: id }), output: terms,
});

export const reportCondition = endpoint({
  method: 'POST', path: '/api/agreements/:id/conditions/:conditionId/report', allow: 'reportConditions',
  summary: 'Say that a condition is met, on which day, and what shows it; documents are added to it as evidence',
  input: z.strictObject({ id, conditionId: id, doneOn: isoDate, evidence: reasonText() }), output: terms,
});

export const decideCondition = endpoint({
  method: 'POST', path: '/api/agreements/:id/conditions/:conditionId/decision', allow: 'acceptConditions',
  summary: 'Accept as a second person that a condition is met, or send it back with a reason',
  input: z.strictObject({ id, conditionId: id, accepted: z.boolean(), reason: reasonText() }), output: terms,
});

export const listBudgetHeads = endpoint({
  method: 'GET', path: '/api/budget-heads', allow: 'seeMoney',
  summary: 'Budget heads with their dates and sources',
  input: z.strictObject({}), output: z.object({ heads: z.array(budgetHead) }),
});

export const saveBudgetHead = endpoint({
  method: 'POST', path: '/api/budget-heads', allow: 'keepTerms',
  summary: 'Add a budget head, or change what it is and until when it is in use',
  input: z.strictObject({ name: freeText(60).min(1, 'Name the budget head.'), describes: freeText(300).min(1, 'Say what it pays for.'), needsAgreement: z.boolean(), source: reasonText(), validFrom: isoDate, validTo: isoDate.nullable() }),
  output: z.object({ heads: z.array(budgetHead) }),
});

const standing = { ceilingPence: pence, committedPence: pence, awardedPence: pence, availablePence: pence, pendingPence: pence, approvedPence: pence, paidPence: pence, accruedPence: pence, atRiskPence: pence };
export const standingOfAgreement = z.object({ agreementId: id, reference: z.string(), council: z.string(), state: z.enum(agreementStates), startsOn: isoDate, endsOn: isoDate, opened: z.boolean(), ...standing });
export type Standing = z.infer<typeof standingOfAgreement>;

export const getFundStanding = endpoint({
  method: 'GET', path: '/api/funds/:id/standing', allow: 'seeMoney',
  summary: 'The agreements of a fund that a person sees, each with where its money stands by its ledger',
  input: z.strictObject({ id }), output: z.object({ agreements: z.array(standingOfAgreement) }),
});
