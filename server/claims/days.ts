/** The days of a claim: what it may cover, when it is late, when it is to be paid, and on which day a step counts in the ledger. Pure. */
import { addDays, daysBetween, weekdayOf } from '../patrols/calendar.ts';
import type { PeriodState } from '../ledger/contract.ts';
import type { ClaimBasis } from './contract.ts';

export interface BasisFrom {
  /** First day the basis holds. */
  readonly from: string;
  readonly basis: ClaimBasis;
}

export interface Part {
  readonly startsOn: string;
  readonly endsOn: string;
  readonly basis: ClaimBasis;
}

/**
 * The parts of a period that are claimed apart: one, or more where the payment basis changed within it. Days are `YYYY-MM-DD`, both ends
 * included; `bases` are in order of their first day, and the first holds from the beginning.
 */
export function partsOf(period: { readonly startsOn: string; readonly endsOn: string }, bases: readonly BasisFrom[]): Part[] {
  const parts: Part[] = [];
  for (const [index, { from, basis }] of bases.entries()) {
    const next = bases[index + 1]?.from;
    const startsOn = index === 0 || from < period.startsOn ? period.startsOn : from;
    const last = next === undefined ? period.endsOn : addDays(next, -1);
    const endsOn = last < period.endsOn ? last : period.endsOn;
    if (startsOn > endsOn) continue;
    const before = parts.at(-1);
    // A new version with the same basis parts nothing.
    if (before?.basis === basis) parts[parts.length - 1] = { ...before, endsOn };
    else parts.push({ startsOn, endsOn, basis });
  }
  return parts;
}

/** The day by which a period that ends on a day is claimed, so many days later. */
export const claimDueOn = (endsOn: string, deadlineDays: number): string => addDays(endsOn, deadlineDays);

/** Days past the deadline; 0 up to the deadline itself. */
export const lateDays = (dueOn: string, submittedOn: string): number => Math.max(0, daysBetween(dueOn, submittedOn));

/** The day so many working days after another: Mondays to Fridays that are no bank holiday. */
export function workingDaysAfter(day: string, workingDays: number, holidays: ReadonlySet<string>): string {
  let at = day;
  for (let left = workingDays; left > 0;) {
    at = addDays(at, 1);
    if (weekdayOf(at) < 5 && !holidays.has(at)) left -= 1;
  }
  return at;
}

/** Why a claim for days up to `endsOn` cannot be submitted on a day, or undefined: claims are paid in arrears. */
export function arrearsFault(endsOn: string, today: string): string | undefined {
  return today > endsOn ? undefined : `Claims are made in arrears: this one covers days up to ${endsOn}. Submit it from ${addDays(endsOn, 1)} on.`;
}

export interface LedgerPeriod {
  readonly startsOn: string;
  readonly endsOn: string;
  readonly state: PeriodState;
}

/**
 * The day on which a step that happened on a day counts in the ledger: that day when its period is open, else the last day of the latest
 * open period before it, never before the period the claim is for. Undefined when none of them is open.
 */
export function ledgerDay(happenedOn: string, claimEndsOn: string, periods: readonly LedgerPeriod[]): string | undefined {
  const open = periods.filter(({ state, startsOn, endsOn }) => state === 'open' && startsOn <= happenedOn && endsOn >= claimEndsOn);
  const latest = open.toSorted((a, b) => (a.startsOn < b.startsOn ? -1 : 1)).at(-1);
  if (!latest) return undefined;
  return happenedOn < latest.endsOn ? happenedOn : latest.endsOn;
}

/** The payment basis over time from an agreement's versions: on each day the last version made that is in effect by then. */
export function basesOf(versions: readonly { readonly number: number; readonly effectiveFrom: string; readonly basis: ClaimBasis }[], startsOn: string): BasisFrom[] {
  const days = [...new Set(versions.map(({ effectiveFrom }) => effectiveFrom))].sort();
  const bases = days.map((from): BasisFrom => {
    const inEffect = versions.filter(({ effectiveFrom }) => effectiveFrom <= from);
    return { from, basis: inEffect.reduce((last, each) => (each.number > last.number ? each : last)).basis };
  });
  // An agreement without versions of its terms pays actual cost.
  return bases.length > 0 ? bases : [{ from: startsOn, basis: 'cost' }];
}
