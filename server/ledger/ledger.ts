/** The ledger's rule: periods that tile an agreement, the legs of each kind of journal, and what is refused in words. Pure. */
import type { AccountKind, JournalKind, Leg } from './contract.ts';

export interface Span {
  /** First and last day, both included. */
  readonly startsOn: string;
  readonly endsOn: string;
}

/**
 * Parts of a span of days by calendar months or by quarters of the year, without gap or overlap; the first and the last may be short.
 * Days are `YYYY-MM-DD`. Throws a RangeError when the span ends before it starts.
 */
export function tilePeriods(span: Span, cut: 'month' | 'quarter'): Span[] {
  if (span.endsOn < span.startsOn) throw new RangeError(`A span from ${span.startsOn} cannot end on ${span.endsOn}. Give a later last day.`);
  const found: Span[] = [];
  let startsOn = span.startsOn;
  while (startsOn <= span.endsOn) {
    const next = nextStart(startsOn, cut === 'month' ? 1 : 3);
    const last = dayBefore(next);
    found.push({ startsOn, endsOn: last < span.endsOn ? last : span.endsOn });
    startsOn = next;
  }
  return found;
}

/**
 * The periods of a span whose last day changed: up to the last one that has opened they stay as they are, after it they are cut again.
 * Days are `YYYY-MM-DD`; none where there is nothing to cut.
 */
export function periodsAfter(periods: readonly (Span & { readonly state: string })[], span: Span, cut: 'month' | 'quarter'): Span[] {
  const opened = periods.findLast(({ state }) => state !== 'scheduled');
  const kept = periods.filter(({ endsOn }) => opened !== undefined && endsOn <= opened.endsOn).map(({ startsOn, endsOn }) => ({ startsOn, endsOn }));
  const startsOn = opened ? new Date(Date.parse(opened.endsOn) + 86_400_000).toISOString().slice(0, 10) : span.startsOn;
  return [...kept, ...(startsOn <= span.endsOn ? tilePeriods({ startsOn, endsOn: span.endsOn }, cut) : [])];
}

function nextStart(day: string, months: 1 | 3): string {
  const [year = 0, month = 1] = day.split('-').map(Number);
  const following = Math.floor((month - 1) / months) * months + months;
  return new Date(Date.UTC(year, following, 1)).toISOString().slice(0, 10);
}

const dayBefore = (day: string): string => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);

const noHead = '';
const leg = (kind: AccountKind, pence: number, head = noHead): Leg => ({ kind, head, pence });
/** Moves pence from one account to another under the same head. */
const move = (from: AccountKind, to: AccountKind, pence: number, head = noHead): Leg[] => [leg(from, -pence, head), leg(to, pence, head)];

/** The award: what the funder owes the agreement, spread over its heads in pence; without heads it stands under none. */
export function awardLegs(totalPence: number, heads: readonly { readonly head: string; readonly budgetPence: number }[]): Leg[] {
  const spread = heads.length > 0 ? heads.map(({ head, budgetPence }) => leg('available', budgetPence, head)) : [leg('available', totalPence)];
  return [leg('award', -totalPence), ...spread];
}

/** A claim holds money until it is decided. Pence over zero. */
export const claimLegs = (pence: number, head = noHead): Leg[] => move('available', 'pending', pence, head);

/** Approval of a claim, whole or in part; what is cut is available again. Pence; approved + cut is what was claimed. */
export function approvalLegs(approvedPence: number, cutPence: number, head = noHead): Leg[] {
  return [leg('pending', -(approvedPence + cutPence), head), ...[leg('approved', approvedPence, head), leg('available', cutPence, head)].filter(({ pence }) => pence !== 0)];
}

export const paymentLegs = (pence: number, head = noHead): Leg[] => move('approved', 'paid', pence, head);
export const recoveryLegs = (pence: number, head = noHead): Leg[] => move('paid', 'available', pence, head);
export const accrualLegs = (pence: number, head = noHead): Leg[] => move('available', 'accrued', pence, head);
/** Money spent before the agreement is signed: recorded, held, and not to be claimed. */
export const atRiskLegs = (pence: number, head = noHead): Leg[] => move('available', 'at risk', pence, head);
export const virementLegs = (pence: number, fromHead: string, toHead: string): Leg[] => [leg('available', -pence, fromHead), leg('available', pence, toHead)];
/** A change of the award by a variation or a reallocation: pence over zero gives, below zero takes. */
export const variationLegs = (pence: number, head = noHead): Leg[] => [leg('award', -pence), leg('available', pence, head)];

/** The accounts each kind of journal may touch; an adjustment and a reversal may touch any but the award's. */
const touches: Record<JournalKind, readonly AccountKind[]> = {
  award: ['award', 'available'], variation: ['award', 'available'], reallocation: ['award', 'available'], virement: ['available'],
  claim: ['available', 'pending'], approval: ['pending', 'approved', 'available'], payment: ['approved', 'paid'], recovery: ['paid', 'available'],
  accrual: ['available', 'accrued'], 'at risk': ['available', 'at risk'],
  adjustment: ['available', 'pending', 'approved', 'paid', 'accrued', 'at risk'], reversal: ['award', 'available', 'pending', 'approved', 'paid', 'accrued', 'at risk'],
};

/** What is wrong with a journal's legs (pence, whole), in words with the cure; undefined when nothing is. The database refuses the same. */
export function legsFault(kind: JournalKind, legs: readonly Leg[]): string | undefined {
  if (legs.length < 2) return 'A journal has at least two legs: where the money comes from and where it goes.';
  const places = legs.map((each) => `${each.kind} ${each.head}`);
  const twice = places.find((place, index) => places.indexOf(place) !== index);
  if (twice !== undefined) return `The account “${twice.trim()}” is there twice. Give each account once, with the sum.`;
  const zero = legs.find(({ pence }) => pence === 0);
  if (zero) return `The leg on “${`${zero.kind} ${zero.head}`.trim()}” is £0.00. Leave it out.`;
  const total = legs.reduce((sum, { pence }) => sum + pence, 0);
  if (total !== 0) return `The legs add up to ${total} pence, not to 0. What leaves one account must arrive in another.`;
  const stray = legs.find((each) => !touches[kind].includes(each.kind));
  if (stray) return `A journal of the kind “${kind}” does not touch the account “${stray.kind}”. It moves money between: ${touches[kind].join(', ')}.`;
  if (kind === 'accrual' && legs.some((each) => each.kind === 'accrued' && each.pence < 0)) return 'An accrual adds to what is accrued. To take one back, reverse it.';
  return undefined;
}

/** What is wrong with budgets (pence) under a value: their sum must be it, and a head stands once. */
export function budgetFault(valuePence: number, heads: readonly { readonly head: string; readonly budgetPence: number }[]): string | undefined {
  if (heads.length === 0) return undefined;
  const names = heads.map(({ head }) => head);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `The head “${twice}” is there twice. Give each head once.`;
  const low = heads.find(({ budgetPence }) => budgetPence <= 0);
  if (low) return `The budget of “${low.head}” is not over £0.00. Enter an amount, or leave the head out.`;
  const total = heads.reduce((sum, { budgetPence }) => sum + budgetPence, 0);
  return total === valuePence ? undefined : `The budgets add up to ${total} pence and the agreement’s value is ${valuePence} pence. Change a budget by ${valuePence - total} pence.`;
}

/** Balances (pence) from journals alone, by account: what the kept balances must equal. */
export function replay(journals: readonly { readonly entries: readonly { readonly accountId: string; readonly amountPence: number }[] }[]): Map<string, number> {
  const balances = new Map<string, number>();
  for (const { accountId, amountPence } of journals.flatMap(({ entries }) => entries)) balances.set(accountId, (balances.get(accountId) ?? 0) + amountPence);
  return balances;
}
