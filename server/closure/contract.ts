/** The end of an agreement or of its year: the checklist, the reconciliation and its decision, assets, retention, and the pack. */
import { z } from 'zod';
import { endpoint, id, isoDate, pence, wholeNumber } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';
import { agreementStates } from '../grants/contract.ts';

export const closureDecisions = ['continue', 'discontinue', 'amend'] as const;
export type ClosureDecision = (typeof closureDecisions)[number];
export const closureDecisionNames: Record<ClosureDecision, string> = { continue: 'Continue', discontinue: 'Discontinue and close', amend: 'Amend and continue' };

export const disposals = ['kept for the same use', 'transferred', 'sold', 'returned', 'scrapped', 'lost'] as const;
export type Disposal = (typeof disposals)[number];

export const itemKinds = ['accrual', 'balance', 'claim', 'variation', 'reallocation', 'unlock', 'condition', 'evidence', 'hours', 'equipment'] as const;
export type ItemKind = (typeof itemKinds)[number];

/** One thing that must be settled before the agreement closes. */
export const checkItem = z.object({
  /** Stays the same while the thing does. */
  key: z.string(), kind: z.enum(itemKinds), what: z.string(), amountPence: pence.nullable(),
  /** Where it is settled: a path under the agreement. */
  at: z.string(),
  /** True where money hangs on it: it cannot be left as it is. */
  blocks: z.boolean(),
  /** Why it is left as it is. */
  exception: z.string().nullable(),
});
export type CheckItem = z.infer<typeof checkItem>;

/** A budget head at the end: together they are the agreement. */
export const headFigures = z.object({
  head: z.string(), budgetPence: pence, paidPence: pence,
  /** Claimed or approved and not paid, accrued, or at risk. */
  openPence: pence,
  unspentPence: pence,
});
export type HeadFigures = z.infer<typeof headFigures>;

export const reconciliation = z.object({
  heads: z.array(headFigures),
  awardedPence: pence, paidPence: pence, recoveredPence: pence, openPence: pence, unspentPence: pence,
  /** Person-minutes: of the targets, and paid in claims on verified hours. */
  targetMinutes: z.number().int(), paidMinutes: z.number().int(),
  /** The number of the last journal it stands on. */
  mark: z.number().int(),
});
export type Reconciliation = z.infer<typeof reconciliation>;

export const asset = z.object({
  id, what: z.string(), head: z.string(), boughtOn: isoDate, costPence: pence, quantity: z.number().int(),
  disposal: z.enum(disposals).nullable(), disposedOn: isoDate.nullable(), proceedsPence: pence.nullable(), disposalReason: z.string().nullable(),
});
export type Asset = z.infer<typeof asset>;

export const retained = z.object({
  kind: z.string(), name: z.string(), base: z.string(), length: z.string(), source: z.string(),
  /** Null where it runs from each record's own day. */
  keepUntil: isoDate.nullable(),
});
export type Retained = z.infer<typeof retained>;

export const closureRow = z.object({
  id, decision: z.enum(closureDecisions), reason: z.string(), state: z.enum(['proposed', 'approved', 'withdrawn']), variationId: id.nullable(),
  carriedPence: pence, releasedPence: pence, sha256: z.string(), proposedAt: z.string(), approvedAt: z.string().nullable(), decisionReference: z.string().nullable(), withdrawnReason: z.string().nullable(),
  /** True when whoever asks proposed it: somebody else approves. */
  own: z.boolean(),
});
export type ClosureRow = z.infer<typeof closureRow>;

export const closureView = z.object({
  agreementId: id, reference: z.string(), council: z.string(), state: z.enum(agreementStates), startsOn: isoDate, endsOn: isoDate,
  items: z.array(checkItem), reconciliation, assets: z.array(asset), retention: z.array(retained), closures: z.array(closureRow),
  /** Variations that may carry money over. */
  variations: z.array(z.object({ id, number: z.number().int(), reason: z.string() })),
});
export type ClosureView = z.infer<typeof closureView>;

export const getClosure = endpoint({
  method: 'GET', path: '/api/agreements/:id/closure', allow: 'seeMoney',
  summary: 'An agreement’s close checklist, reconciliation, asset register, retention dates and decisions',
  input: z.strictObject({ id }),
  output: closureView,
});

const madeThere = id.describe('Made where it is entered: sent again, it changes nothing more');

export const exceptItem = endpoint({
  method: 'POST', path: '/api/agreements/:id/closure-exceptions', allow: 'closeAgreements',
  summary: 'Leave an item of the checklist as it is, with a reason; not one that money hangs on',
  input: z.strictObject({ id, exceptionId: madeThere, item: z.string().min(1).max(200), reason: reasonText() }),
  output: closureView,
});

const poundsOrPence = <N extends string>(name: N) => ({ [`${name}Pence`]: pence.optional(), [name]: z.string().max(40).optional().describe('Pounds as text, for example £1,234.56') }) as
  Record<`${N}Pence`, z.ZodOptional<typeof pence>> & Record<N, z.ZodOptional<z.ZodString>>;

const assetInput = { what: freeText(160).min(1, 'Say what was bought.'), head: freeText(60).default(''), boughtOn: isoDate, quantity: wholeNumber.min(1, 'At least one was bought.').max(100_000).default(1), ...poundsOrPence('cost') };

export const addAsset = endpoint({
  method: 'POST', path: '/api/agreements/:id/assets', allow: 'keepAssets',
  summary: 'Enter what was bought with the grant and lasts',
  input: z.strictObject({ id, assetId: madeThere, ...assetInput }),
  output: asset,
});

export const disposeAsset = endpoint({
  method: 'POST', path: '/api/agreements/:id/assets/:assetId/disposal', allow: 'keepAssets',
  summary: 'Say what became of an asset, when, and what it brought',
  input: z.strictObject({ id, assetId: id, disposal: z.enum(disposals), disposedOn: isoDate, ...poundsOrPence('proceeds'), reason: reasonText() }),
  output: asset,
});

export const proposeClosure = endpoint({
  method: 'POST', path: '/api/agreements/:id/closures', allow: 'closeAgreements',
  summary: 'Propose what the reconciliation comes to: continue, discontinue or amend; what is unspent and not carried by a variation is given back',
  input: z.strictObject({ id, closureId: madeThere, decision: z.enum(closureDecisions), reason: reasonText(), variationId: id.optional(), ...poundsOrPence('carried') }),
  output: closureView,
});

export const approveClosure = endpoint({
  method: 'POST', path: '/api/agreements/:id/closures/:closureId/approval', allow: 'approveClosure',
  summary: 'Approve the decision as a second person: the unspent money is given back by one journal, and an agreement that is discontinued closes',
  input: z.strictObject({ id, closureId: id, decisionReference: freeText(120).min(1, 'Enter the reference of the decision.') }),
  output: closureView,
});

export const withdrawClosure = endpoint({
  method: 'POST', path: '/api/agreements/:id/closures/:closureId/withdrawal', allow: 'closeAgreements',
  summary: 'Withdraw a decision that was proposed',
  input: z.strictObject({ id, closureId: id, reason: reasonText() }),
  output: closureView,
});

export const closurePack = endpoint({
  method: 'GET', path: '/api/agreements/:id/closure-pack', allow: 'seeMoney',
  summary: 'The closure pack as a workbook: versions, ledger, claims, hours, checklist, assets, retention, documents, and the hash of each table',
  input: z.strictObject({ id }),
  output: z.null(),
  sends: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
});
