/** What is submitted and what is approved is what was checked: a claim on verified hours is checked again at each of the two. */
import { conflict } from '../errors.ts';
import { hoursMinutes } from './hoursCheckWords.ts';
import { lostByRate, overApproved } from './hoursFill.ts';
import { listSpans } from './hoursFillQueries.ts';
import { checkDays } from './hoursWork.ts';
import type { ClaimContext, Subject } from './stepWork.ts';
import { pounds } from './words.ts';

type Checking = Pick<ClaimContext, 'db'>;

/** Minutes behind a claim that would not be paid any more, by rate: a clearance ended, a hotspot's dates changed, another claim took them. */
async function lostOf({ db }: Checking, { agreement, claim }: Subject): Promise<Map<number, number>> {
  if (claim.basis !== 'hours') return new Map();
  const { result } = await checkDays(db, agreement, { from: claim.startsOn, to: claim.endsOn, claimId: claim.id });
  return lostByRate(await listSpans(db, claim.id), result.spans);
}

/** Throws in words when a claim is submitted with minutes that would not be paid any more. */
export async function refuseStale(context: Checking, subject: Subject): Promise<void> {
  const lost = [...(await lostOf(context, subject)).values()].reduce((sum, minutes) => sum + minutes, 0);
  if (lost > 0) throw conflict('claim_hours_changed', `${hoursMinutes(lost)} of this claim would not be paid any more: what was recorded or entered has changed since it was filled. Fill it from verified hours again.`);
}

/** Throws in words when more is approved than the minutes that would still be paid come to. */
export async function refuseLost(context: Checking, subject: Subject, lines: Parameters<typeof overApproved>[0]): Promise<void> {
  const over = overApproved(lines, await lostOf(context, subject));
  if (over.length === 0) return;
  const each = over.map(({ pencePerHour, minutes, mostPence }) => `${hoursMinutes(minutes)} at ${pounds(pencePerHour)}, so that at most ${pounds(mostPence)} may be approved at this rate`);
  throw conflict('claim_hours_changed', `Since the claim was submitted it has lost ${each.join('; ')}. Cut the lines with that reason, or see in the hours check what would let them be paid.`);
}
