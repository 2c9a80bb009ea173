/** Correcting and withdrawing a recorded visit: judged as a new one would be; what it was is kept with the reason. */
import type { Knex } from 'knex';
import { recordEvent } from '../audit.ts';
import { invalid } from '../errors.ts';
import type { Visit } from './contract.ts';
import { deleteFixes, deleteVisit, insertVisitChange, updateVisit } from './visitCorrectionQueries.ts';
import { listHotspotFacts, listVisits, lockCouncils } from './visitQueries.ts';
import { checkVisits, type NewVisit } from './visits.ts';
import { loadFacts, toRow, type VisitContext } from './visitWork.ts';

/** What may be corrected: everything but the visit's id and what its record stands on. */
export type Correction = Partial<Omit<NewVisit, 'id' | 'recordedHow'>>;

/** The visit with what is corrected; the rest stays. Throws by field what would be wrong with it; the database refuses a visit that a claim holds. */
export async function saveCorrection(trx: Knex.Transaction, context: VisitContext, before: Visit, { correction, reason }: { readonly correction: Correction; readonly reason: string }): Promise<Visit> {
  const { councilCode } = before;
  await lockCouncils(trx, [councilCode]);
  const moved = movedBy(before, correction);
  const visit: NewVisit = { ...before, ...correction, ...(moved ? { recordedHow: 'self_report' } : {}) };
  const hotspots = new Map((await listHotspotFacts(trx, [councilCode])).map((fact) => [fact.id, fact]));
  const facts = await loadFacts(trx, context, { councils: [councilCode], hotspots, visits: [visit] });
  const problems = checkVisits([visit], { ...facts, busy: facts.busy.filter(({ visitId }) => visitId !== visit.id) });
  if (problems.length > 0) throw invalid(problems);
  await updateVisit(trx, toRow(visit, facts));
  if (moved) await deleteFixes(trx, visit.id);
  const [after] = await listVisits(trx, { councils: [councilCode], ids: [visit.id] });
  await insertVisitChange(trx, { visitId: visit.id, councilCode, subject: 'visit', kind: 'corrected', before, after, reason }, context.actor.personId);
  await recordEvent(trx, context.actor, { action: 'visitCorrected', subjectKind: 'visit', subjectId: visit.id, councilCode, before, after, reason });
  return after ?? before;
}

/** True when the place or a time is another: from then on the record stands on the word of who corrected it. */
function movedBy(before: Visit, { hotspotId, startedAt, endedAt }: Correction): boolean {
  const other = (was: string, is: string | undefined): boolean => is !== undefined && Date.parse(is) !== Date.parse(was);
  return (hotspotId !== undefined && hotspotId !== before.hotspotId) || other(before.startedAt, startedAt) || other(before.endedAt, endedAt);
}

/** Takes a visit out of the record and keeps what it was; the database refuses one that a claim or a decision on its hours stands on. */
export async function withdrawVisit(trx: Knex.Transaction, context: VisitContext, before: Visit, reason: string): Promise<void> {
  const { councilCode } = before;
  await lockCouncils(trx, [councilCode]);
  await deleteVisit(trx, before.id);
  await insertVisitChange(trx, { visitId: before.id, councilCode, subject: 'visit', kind: 'withdrawn', before, reason }, context.actor.personId);
  await recordEvent(trx, context.actor, { action: 'visitWithdrawn', subjectKind: 'visit', subjectId: before.id, councilCode, before, reason });
}
