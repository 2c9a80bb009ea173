/** The hours check over HTTP. A council sees, explains and corrects its own; a second person of the Commissioner's office accepts. */
import { randomUUID } from 'node:crypto';
import { invalid, notFound } from '../errors.ts';
import type { Agreement } from '../grants/contract.ts';
import { findAgreement } from '../grants/queries.ts';
import type { Call, Mount } from '../mount.ts';
import { addDays } from '../patrols/calendar.ts';
import { readLocalTime } from '../patrols/localClock.ts';
import { localDay } from '../patrols/visits.ts';
import { saveCorrection } from '../patrols/visitCorrectionWork.ts';
import { listVisits } from '../patrols/visitQueries.ts';
import * as contract from './hoursContract.ts';
import { findDecision, listDecisions } from './hoursDecisionQueries.ts';
import { fillFromHours } from './hoursFillWork.ts';
import { decisionOf, viewOf } from './hoursView.ts';
import { findClaim, listLines } from './queries.ts';
import { checkDays, daysOf, explain, type HoursContext, keepDecision, periodsOf, refusalOf, settle } from './hoursWork.ts';

type Asked = Pick<Call<{ readonly id: string }>, 'db' | 'scope' | 'input'>;

async function agreementOf({ db, scope, input }: Asked): Promise<Agreement> {
  const agreement = await findAgreement(db, scope.councils, input.id);
  if (!agreement) throw notFound('agreement');
  return agreement;
}

const contextOf = ({ db, actor, person }: Pick<Call<unknown>, 'db' | 'actor' | 'person'>): HoursContext => ({ db, actor, personId: person?.id ?? '' });

export function hoursRoutes(mount: Mount): void {
  mount(contract.getHoursCheck, async (call) => {
    const { db, person, input, now } = call;
    const agreement = await agreementOf(call);
    const periods = await periodsOf(db, agreement.id);
    const days = daysOf(agreement, input, periods, localDay(now.toISOString()));
    return viewOf({ agreement, periods, ...days, ...(await checkDays(db, agreement, days)), decisions: await listDecisions(db, agreement.id, days), personId: person?.id ?? null });
  });

  mount(contract.explainHours, async (call) => {
    const { db, input: { decisionId, key, explanation, ...asked } } = call;
    const agreement = await agreementOf(call);
    await explain(contextOf(call), agreement, daysOf(agreement, asked, await periodsOf(db, agreement.id), localDay(call.now.toISOString())), { decisionId, key, explanation });
    const kept = await findDecision(db, agreement.id, decisionId);
    if (!kept) throw notFound('explanation');
    return decisionOf(kept, call.person?.id ?? null);
  });

  mount(contract.decideHours, async (call) => {
    const agreement = await agreementOf(call);
    return decisionOf(await settle(contextOf(call), agreement, call.input.decisionId, call.input), call.person?.id ?? null);
  });

  mount(contract.fillClaim, async (call) => {
    const { db, scope, input } = call;
    const claim = await findClaim(db, scope.councils, input.id);
    const agreement = claim && (await findAgreement(db, scope.councils, claim.agreementId));
    if (!claim || !agreement) throw notFound('claim');
    const { refusedPersonMinutes } = await fillFromHours(call, { agreement, claim });
    const lines = await listLines(db, claim.id);
    const total = (pick: (line: (typeof lines)[number]) => number): number => lines.reduce((sum, line) => sum + pick(line), 0);
    return { claimId: claim.id, lines: lines.length, minutes: total(({ minutes }) => minutes ?? 0), claimedPence: total(({ claimedPence }) => claimedPence), refusedPersonMinutes };
  });

  mount(contract.correctVisit, async (call) => {
    const { db, actor, now, input: { id: _, visitId, key, reason, startedAt, endedAt, ...rest } } = call;
    const agreement = await agreementOf(call);
    const [before] = await listVisits(db, { councils: [agreement.councilCode], ids: [visitId] });
    if (!before) throw notFound('visit');
    // Looked up before the visit changes: afterwards it is another refusal, or none. A visit of the night before may be what it clashes with.
    const refusal = key === undefined ? undefined : await refusalOf(db, agreement, { from: addDays(before.visitedOn, -1), to: before.visitedOn }, key);
    const correction = { ...rest, startedAt: readTime('startedAt', startedAt), endedAt: readTime('endedAt', endedAt) };
    const after = await saveCorrection(db, { actor, councils: [agreement.councilCode], now }, before, { correction, reason });
    if (refusal) await keepDecision(contextOf(call), agreement, refusal, { id: randomUUID(), explanation: reason, state: 'corrected' });
    return after;
  });
}

function readTime(field: string, text: string): string {
  const read = readLocalTime(text);
  if (!read.ok) throw invalid([{ field, message: read.why }]);
  return new Date(read.instantMs).toISOString();
}
