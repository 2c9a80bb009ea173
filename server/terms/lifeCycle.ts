/** An agreement's life: which state follows which, and what must be there before. Pure. */
import type { AgreementState } from '../grants/contract.ts';

/** Forward first; back only before anything is signed. */
const moves: Record<AgreementState, readonly AgreementState[]> = {
  draft: ['in legal'],
  'in legal': ['sent', 'draft'],
  sent: ['signed', 'draft'],
  signed: ['live', 'live at risk'],
  live: ['closing', 'live at risk'],
  'live at risk': ['live', 'closing'],
  closing: ['closed'],
  closed: [],
};

const order: readonly AgreementState[] = ['draft', 'in legal', 'sent', 'signed', 'live at risk', 'live', 'closing', 'closed'];

/** The states that may follow. */
export const nextStates = (state: AgreementState): readonly AgreementState[] => moves[state];
/** Whether a move takes an agreement back to be written again. */
export const goesBack = (from: AgreementState, to: AgreementState): boolean => to === 'draft' && from !== 'draft';
/** Whether the terms are signed, so that only a variation changes them. */
export const isSigned = (state: AgreementState): boolean => order.indexOf(state) >= order.indexOf('signed');

export interface Readiness {
  /** What is wrong with the terms, in sentences. */
  readonly termsFaults: readonly string[];
  readonly hasVersion: boolean;
  readonly signatories: readonly { readonly party: 'council' | 'office'; readonly title: string; readonly signedOn: string | null }[];
  readonly variationUnderWay: boolean;
}

const partyNames = { council: 'the council', office: 'the Commissioner’s office' };

/** What stands in the way of a move, in sentences with the cure; none where it may be made. */
export function moveFaults(from: AgreementState, to: AgreementState, ready: Readiness): string[] {
  if (!moves[from].includes(to)) {
    const next = moves[from];
    return [`An agreement that is ${from} does not become ${to}. ${next.length > 0 ? `It may become ${next.join(' or ')}.` : 'It stays so.'}`];
  }
  if (to === 'signed') return signingFaults(ready);
  if (to === 'closing' && ready.variationUnderWay) return ['A variation is under way. Settle or withdraw it first.'];
  return [];
}

function signingFaults({ termsFaults, hasVersion, signatories }: Readiness): string[] {
  const missing = (['council', 'office'] as const).filter((party) => !signatories.some((each) => each.party === party));
  return [
    ...(hasVersion ? [] : termsFaults),
    ...missing.map((party) => `Nobody is named to sign for ${partyNames[party]}. Enter a signatory, by title.`),
    ...signatories.filter(({ signedOn }) => signedOn === null).map(({ party, title }) => `${title} of ${partyNames[party]} has not signed. Enter the day it was signed.`),
  ];
}
