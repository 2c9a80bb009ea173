/** What is left at the end and what becomes of it: the release of unspent money by head, what stands against closing, how long records are kept. Pure. */
import { splitPence } from '../claims/hoursCheckSplit.ts';
import type { AgreementState } from '../grants/contract.ts';
import type { Leg } from '../ledger/contract.ts';
import type { CheckItem, ClosureDecision, HeadFigures, Reconciliation } from './contract.ts';

export interface AccountBalance {
  readonly kind: string;
  readonly head: string;
  readonly balancePence: number;
}

/** Each head at the end, in pence: budget = paid + open + unspent, since every penny of it is on one of its accounts. */
export function headsOf(accounts: readonly AccountBalance[]): HeadFigures[] {
  const heads = [...new Set(accounts.filter(({ kind }) => kind !== 'award').map(({ head }) => head))].sort();
  return heads.map((head) => {
    const sum = (kinds: readonly string[]): number => accounts.filter((each) => each.head === head && kinds.includes(each.kind)).reduce((total, { balancePence }) => total + balancePence, 0);
    const [paidPence, openPence, unspentPence] = [sum(['paid']), sum(['pending', 'approved', 'accrued', 'at risk']), sum(['available'])];
    return { head, budgetPence: paidPence + openPence + unspentPence, paidPence, openPence, unspentPence };
  });
}

/**
 * The legs (pence) that give unspent money back to the funder, all but what is carried over. The carried part stays under the heads with money
 * left, in proportion, by the largest remainder. None when nothing is to move. Throws a RangeError when more is carried than is left.
 */
export function releaseLegs(heads: readonly Pick<HeadFigures, 'head' | 'unspentPence'>[], carriedPence: number): Leg[] {
  const left = heads.reduce((sum, { unspentPence }) => sum + unspentPence, 0);
  if (carriedPence < 0 || carriedPence > left) throw new RangeError(`${carriedPence} pence cannot be carried over: ${left} are left.`);
  const stay = splitPence(carriedPence, heads.map(({ unspentPence }) => Math.max(0, unspentPence)));
  const legs = heads.map(({ head, unspentPence }, index): Leg => ({ kind: 'available', head, pence: (stay[index] ?? 0) - unspentPence })).filter(({ pence }) => pence !== 0);
  const released = left - carriedPence;
  return released === 0 ? legs : [{ kind: 'award', head: '', pence: released }, ...legs];
}

export interface Proposed {
  readonly decision: ClosureDecision;
  readonly state: AgreementState;
  readonly carriedPence: number;
  readonly hasVariation: boolean;
  readonly figures: Pick<Reconciliation, 'unspentPence' | 'openPence'>;
  readonly items: readonly Pick<CheckItem, 'what' | 'blocks' | 'exception'>[];
}

/** What stands against a decision, in sentences with the cure; none where it may be proposed. */
export function closureFaults({ decision, state, carriedPence, hasVariation, figures, items }: Proposed): string[] {
  const faults: string[] = [];
  if (state !== 'live' && state !== 'live at risk' && state !== 'closing') faults.push(`An agreement that is ${state} is not reconciled.`);
  if (carriedPence > figures.unspentPence) faults.push('More is carried over than is left. Carry less.');
  if (carriedPence > 0 && !hasVariation) faults.push('Money is carried over only by an approved variation. Name it, or carry nothing.');
  if (decision === 'amend' && !hasVariation) faults.push('An agreement is amended by an approved variation. Name it.');
  if (decision !== 'discontinue') return faults;
  if (carriedPence > 0 || hasVariation) faults.push('An agreement that is discontinued carries nothing over.');
  if (state !== 'closing') faults.push('The agreement is not closing yet. Move it to “closing” on its terms first, so that nothing new begins.');
  const open = items.filter(({ blocks, exception }) => blocks || exception === null);
  if (open.length > 0) faults.push(`${open.length} ${open.length === 1 ? 'item of the checklist is' : 'items of the checklist are'} open: ${open.slice(0, 3).map(({ what }) => what).join('; ')}${open.length > 3 ? '; and more' : ''}.`);
  return faults;
}

export interface RetentionRule {
  readonly kind: string;
  readonly name: string;
  readonly base: string;
  readonly keepYears: number | null;
  readonly keepDays: number | null;
  readonly source: string;
}

/** The last day a kind of record is kept: years or days after the agreement's last day, or after the 31 March that ends its financial year; null where each record has its own day. */
export function keepUntil({ base, keepYears, keepDays }: RetentionRule, endsOn: string): string | null {
  if (base === 'day it was recorded') return null;
  const year = Number(endsOn.slice(0, 4));
  const from = base === 'end of the financial year' ? `${endsOn.slice(5) > '03-31' ? year + 1 : year}-03-31` : endsOn;
  if (keepYears === null) return new Date(Date.parse(from) + (keepDays ?? 0) * 86_400_000).toISOString().slice(0, 10);
  const day = `${Number(from.slice(0, 4)) + keepYears}${from.slice(4)}`;
  // 29 February in a year without one.
  return new Date(Date.parse(day)).toISOString().slice(0, 10) === day ? day : `${day.slice(0, 4)}-02-28`;
}

export const lengthOf = ({ keepYears, keepDays }: RetentionRule): string => (keepYears === null ? `${keepDays} days` : `${keepYears} ${keepYears === 1 ? 'year' : 'years'}`);
