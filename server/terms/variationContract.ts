/** Variations of an agreement: proposed, agreed by the council, approved by a second person, effective on a day. */
import { z } from 'zod';
import { endpoint, id, isoDate, pence } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';
import { rateBands } from '../grants/contract.ts';
import { conditionInput, difference, termsInput } from './contract.ts';

export const variationStates = ['draft', 'proposed', 'council agreed', 'approved', 'effective', 'withdrawn'] as const;
export type VariationState = (typeof variationStates)[number];

/** New values of what changes; what is left out stays. */
export const variationChanges = z.strictObject({
  ceilingPence: pence.positive('The amount must be over £0.00.').optional(),
  endsOn: isoDate.optional(),
  productiveRatio: z.number().gt(0).max(1).multipleOf(0.001).optional(),
  paymentBasis: termsInput.paymentBasis.optional(),
  overheadsAgreed: termsInput.overheadsAgreed.optional(), overheadsPercent: termsInput.overheadsPercent.optional(),
  purpose: termsInput.purpose.optional(), schedules: termsInput.schedules.optional(),
  heads: termsInput.heads.optional(), targets: termsInput.targets.optional(), hotspotIds: termsInput.hotspotIds.optional(),
  rates: z.array(z.strictObject({ band: z.enum(rateBands), pencePerHour: pence.positive('A rate is over £0.00.') })).max(rateBands.length).optional(),
  conditions: z.strictObject({ add: z.array(z.strictObject({ id, ...conditionInput })).max(30), end: z.array(id).max(60) }).optional(),
});
export type VariationChanges = z.infer<typeof variationChanges>;

const step = z.object({ by: z.string().nullable(), at: z.string() }).nullable();

export const variation = z.object({
  id, agreementId: id, reference: z.string(), council: z.string(), number: z.number().int(), state: z.enum(variationStates), effectiveFrom: isoDate,
  changes: variationChanges, difference: z.array(difference), reason: z.string(),
  proposed: step, agreed: step, approved: step, effective: step, withdrawn: step,
  decisionReference: z.string().nullable(), withdrawnReason: z.string().nullable(),
  /** Why it could not take effect when its day came. */
  heldUpBy: z.string().nullable(),
  /** Whether who asks proposed it, and so cannot approve it. */
  mine: z.boolean(),
  /** The version it made. */
  version: z.number().int().nullable(),
});
export type Variation = z.infer<typeof variation>;

export const listVariations = endpoint({
  method: 'GET', path: '/api/agreements/:id/variations', allow: 'seeMoney',
  summary: 'Variations of an agreement with their differences, newest first; drafts only to the Commissioner’s office',
  input: z.strictObject({ id }), output: z.object({ variations: z.array(variation) }),
});

export const getVariation = endpoint({
  method: 'GET', path: '/api/variations/:id', allow: 'seeMoney',
  summary: 'One variation: what changes, old and new, and how far it is',
  input: z.strictObject({ id }), output: variation,
});

const given = { effectiveFrom: isoDate, changes: variationChanges, reason: reasonText() };

export const addVariation = endpoint({
  method: 'POST', path: '/api/agreements/:id/variations', allow: 'proposeVariations',
  summary: 'Draft a variation; its id is made where it is entered, so that sending it twice drafts it once',
  input: z.strictObject({ id, variationId: id, ...given }), output: variation,
});

export const changeVariation = endpoint({
  method: 'PUT', path: '/api/variations/:id', allow: 'proposeVariations',
  summary: 'Change a variation that is still a draft; its differences are worked out again on the latest version',
  input: z.strictObject({ id, ...given }), output: variation,
});

export const proposeVariation = endpoint({
  method: 'POST', path: '/api/variations/:id/proposal', allow: 'proposeVariations',
  summary: 'Propose a drafted variation to the council',
  input: z.strictObject({ id }), output: variation,
});

export const agreeVariation = endpoint({
  method: 'POST', path: '/api/variations/:id/agreement', allow: 'agreeVariations',
  summary: 'Agree to a proposed variation for the council',
  input: z.strictObject({ id }), output: variation,
});

export const approveVariation = endpoint({
  method: 'POST', path: '/api/variations/:id/approval', allow: 'approveVariations',
  summary: 'Approve a variation the council agreed to, with the decision’s reference; it takes effect at once when its day has come, else on it',
  input: z.strictObject({ id, idempotencyKey: id, decisionReference: freeText(80).min(1, 'Enter the decision’s reference.') }), output: variation,
});

export const withdrawVariation = endpoint({
  method: 'POST', path: '/api/variations/:id/withdrawal', allow: 'withdrawVariations',
  summary: 'Withdraw or turn down a variation before it is in effect',
  input: z.strictObject({ id, reason: reasonText() }), output: variation,
});
