/** A claim's life as the fold of what happened to it, and what may happen next. Pure: amounts are whole pence, states the words a grants officer uses. */
import type { ClaimEventKind, ClaimState } from './contract.ts';

export interface ClaimEvent {
  readonly kind: ClaimEventKind;
  /** Claimed, approved, paid or recovered by the event; for an adjustment the signed change. */
  readonly pence?: number | null;
  /** Of an adjustment: which of the figures it changes. */
  readonly what?: AdjustedFigure | undefined;
}
export type AdjustedFigure = 'approval' | 'payment' | 'recovery';

export interface Standing {
  readonly state: ClaimState;
  readonly claimedPence: number;
  readonly approvedPence: number;
  readonly paidPence: number;
  readonly recoveredPence: number;
}

const begun: Standing = { state: 'draft', claimedPence: 0, approvedPence: 0, paidPence: 0, recoveredPence: 0 };

/** Where a claim stands after one more event (pence). */
export function apply(standing: Standing, event: ClaimEvent): Standing {
  const pence = event.pence ?? 0;
  switch (event.kind) {
    case 'claimDrafted': return standing;
    case 'claimSubmitted': return { ...standing, state: 'submitted', claimedPence: pence };
    case 'claimQueried': return { ...standing, state: 'query' };
    case 'claimReplied': return { ...standing, state: 'submitted' };
    case 'claimRefused': return { ...standing, state: 'refused' };
    case 'claimWithdrawn': return { ...standing, state: 'withdrawn' };
    case 'claimApproved': return { ...standing, state: 'approved', approvedPence: pence };
    case 'claimPaid': return paid({ ...standing, paidPence: standing.paidPence + pence });
    case 'claimRecovered': return { ...standing, state: 'recovered', recoveredPence: standing.recoveredPence + pence };
    case 'claimAdjusted': return adjusted(standing, event.what ?? 'approval', pence);
  }
}

/** Paid in parts it stays what it was until all that is approved is paid. */
const paid = (standing: Standing): Standing => (standing.paidPence === standing.approvedPence ? { ...standing, state: 'paid' } : standing);

function adjusted(standing: Standing, what: AdjustedFigure, pence: number): Standing {
  const figure = ({ approval: 'approvedPence', payment: 'paidPence', recovery: 'recoveredPence' } as const)[what];
  return { ...standing, state: 'adjusted', [figure]: standing[figure] + pence };
}

/** Where a claim stands after all its events, in their order. */
export const fold = (events: readonly ClaimEvent[]): Standing => events.reduce(apply, begun);

/** The states each event may follow. */
const follows: Record<ClaimEventKind, readonly ClaimState[]> = {
  claimDrafted: [],
  claimSubmitted: ['draft'],
  claimQueried: ['submitted'],
  claimReplied: ['query'],
  claimApproved: ['submitted'],
  claimRefused: ['submitted', 'query'],
  claimWithdrawn: ['draft', 'submitted', 'query'],
  claimPaid: ['approved', 'adjusted', 'recovered'],
  claimAdjusted: ['approved', 'paid', 'adjusted', 'recovered'],
  claimRecovered: ['approved', 'paid', 'adjusted', 'recovered'],
};

const verbs: Record<ClaimEventKind, string> = {
  claimDrafted: 'drafted', claimSubmitted: 'submitted', claimQueried: 'queried', claimReplied: 'replied to', claimApproved: 'approved', claimRefused: 'refused',
  claimWithdrawn: 'withdrawn', claimPaid: 'paid', claimAdjusted: 'adjusted', claimRecovered: 'recovered from',
};

const cures: Record<ClaimState, string> = {
  draft: 'Submit it first.', submitted: 'Decide on it, or query it.', query: 'Reply to the query first.', approved: 'Pay it, or adjust it with a reason.',
  paid: 'Adjust it, or recover what was paid too much.', adjusted: 'Pay what is left, or recover what was paid too much.', recovered: 'Adjust it with a reason if more is to change.',
  refused: 'A refused claim is final: prepare a new one.', withdrawn: 'A withdrawn claim is final: prepare a new one.',
};

/** Why an event cannot follow where the claim stands, with the cure; undefined when it can. */
export function stepFault(state: ClaimState, kind: ClaimEventKind): string | undefined {
  if (follows[kind].includes(state)) return undefined;
  return `This claim is ${stateWords[state]}, so it cannot be ${verbs[kind]}. ${cures[state]}`;
}

/** A state as it stands in a sentence. */
export const stateWords: Record<ClaimState, string> = {
  draft: 'a draft', submitted: 'submitted', query: 'queried', approved: 'approved', paid: 'paid', adjusted: 'adjusted', recovered: 'partly or wholly recovered', refused: 'refused', withdrawn: 'withdrawn',
};

/** Who has the next step: the council, the Commissioner's office, or nobody. */
export function nextToAct({ state, approvedPence, paidPence }: Standing): 'council' | 'office' | null {
  if (state === 'draft' || state === 'query') return 'council';
  if (state === 'submitted') return 'office';
  return approvedPence > paidPence && state !== 'refused' && state !== 'withdrawn' ? 'office' : null;
}

/** Why an amount (pence) cannot be paid, or undefined: over nothing, and never above what is approved. */
export function paymentFault({ approvedPence, paidPence }: Standing, pence: number, says: (pence: number) => string): string | undefined {
  if (pence <= 0) return 'A payment is over £0.00. To take money back, recover it.';
  const left = approvedPence - paidPence;
  return pence > left ? `${says(pence)} is more than is left to pay: ${says(approvedPence)} is approved and ${says(paidPence)} paid, which leaves ${says(left)}.` : undefined;
}

/** Why an amount (pence) cannot be recovered, or undefined: over nothing, and never above what was paid and not recovered yet. */
export function recoveryFault({ paidPence, recoveredPence }: Standing, pence: number, says: (pence: number) => string): string | undefined {
  if (pence <= 0) return 'A recovery is over £0.00.';
  const left = paidPence - recoveredPence;
  return pence > left ? `${says(pence)} is more than can be recovered: ${says(paidPence)} was paid and ${says(recoveredPence)} recovered, which leaves ${says(left)}.` : undefined;
}

/** Why a figure cannot be changed by a signed amount (pence), or undefined: recovered ≤ paid ≤ approved ≤ claimed, none below zero. */
export function adjustmentFault(standing: Standing, what: AdjustedFigure, pence: number, says: (pence: number) => string): string | undefined {
  if (pence === 0) return 'An adjustment of £0.00 changes nothing. Enter how much more, or with a minus how much less.';
  const { claimedPence, approvedPence, paidPence, recoveredPence } = adjusted(standing, what, pence);
  if (recoveredPence < 0 || recoveredPence > paidPence) return `That would leave ${says(paidPence)} paid and ${says(recoveredPence)} recovered. What is recovered is never below zero, nor above what was paid.`;
  if (paidPence > approvedPence) return `That would leave ${says(paidPence)} paid and ${says(approvedPence)} approved. Recover what was paid too much instead.`;
  return approvedPence > claimedPence ? `That would leave ${says(approvedPence)} approved and ${says(claimedPence)} claimed. What was not claimed is not approved.` : undefined;
}
