/** What is submitted is what was checked: a claim on verified hours is checked again as it goes. */
import { conflict } from '../errors.ts';
import { hoursMinutes } from './hoursCheckWords.ts';
import { lostMinutes } from './hoursFill.ts';
import { listSpans } from './hoursFillQueries.ts';
import { checkDays } from './hoursWork.ts';
import type { ClaimContext, Subject } from './stepWork.ts';

/** Throws in words when minutes behind a claim would not be paid any more: a clearance ended, a hotspot's dates changed, another claim took them. */
export async function refuseStale({ db }: Pick<ClaimContext, 'db'>, { agreement, claim }: Subject): Promise<void> {
  if (claim.basis !== 'hours') return;
  const { result } = await checkDays(db, agreement, { from: claim.startsOn, to: claim.endsOn, claimId: claim.id });
  const lost = lostMinutes(await listSpans(db, claim.id), result.spans);
  if (lost > 0) throw conflict('claim_hours_changed', `${hoursMinutes(lost)} of this claim would not be paid any more: what was recorded or entered has changed since it was filled. Fill it from verified hours again.`);
}
