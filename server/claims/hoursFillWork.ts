/** Filling a claim from verified hours, line by line, with the minutes that stand behind each. */
import { recordEvent } from '../audit.ts';
import { conflict, invalid } from '../errors.ts';
import { keepLine, removeLine } from './claimWork.ts';
import type { HoursResult } from './hoursCheck.ts';
import { fillingOf } from './hoursFill.ts';
import { replaceSpans } from './hoursFillQueries.ts';
import { checkDays } from './hoursWork.ts';
import { listLines, lockClaim } from './queries.ts';
import type { ClaimContext, Subject } from './stepWork.ts';

/** Puts the verified hours of a draft's days on it: lines that are there keep their id and evidence, those with no minutes any more go. Filled again it changes nothing. */
export async function fillFromHours(context: ClaimContext, { agreement, claim }: Subject): Promise<HoursResult['totals']> {
  const { db, actor } = context;
  await lockClaim(db, agreement.id, claim.id);
  if (claim.state !== 'draft') throw conflict('claim_line_only_in_draft', 'Lines change in a draft only. Withdraw the claim and begin another.');
  if (claim.basis !== 'hours') throw invalid([{ field: 'id', message: 'This claim is on actual cost. Enter what was spent, line by line.' }]);
  const { result } = await checkDays(db, agreement, { from: claim.startsOn, to: claim.endsOn, claimId: claim.id });
  const filling = fillingOf(result);
  const before = await listLines(db, claim.id);
  const kept = new Set<string>();
  for (const line of filling.lines) {
    const same = before.find(({ id, head, what, pencePerHour }) => !kept.has(id) && head === line.head && what === line.what && pencePerHour === line.pencePerHour);
    const lineId = same?.id ?? crypto.randomUUID();
    kept.add(lineId);
    if (same?.minutes !== line.minutes) await keepLine(context, { agreement, claim }, { lineId, head: line.head, what: line.what, amount: { minutes: line.minutes, pencePerHour: line.pencePerHour } });
  }
  for (const { id } of before.filter((line) => !kept.has(line.id))) await removeLine(context, { agreement, claim }, id);
  await replaceSpans(db, claim, filling.lines[0]?.head ?? '', filling.spans);
  await recordEvent(db, actor, { action: 'claimFilledFromHours', subjectKind: 'claim', subjectId: claim.id, councilCode: agreement.councilCode, after: { totals: result.totals, lines: filling.lines } });
  return result.totals;
}
