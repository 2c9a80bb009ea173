/** Correcting a recorded visit: judged as a new one would be, what it was kept in its history. */
import type { Knex } from 'knex';
import { recordEvent } from '../audit.ts';
import { invalid } from '../errors.ts';
import type { Visit } from './contract.ts';
import { updateVisit } from './visitCorrectionQueries.ts';
import { listHotspotFacts, listVisits, lockCouncils } from './visitQueries.ts';
import { checkVisits, type NewVisit } from './visits.ts';
import { loadFacts, toRow, type VisitContext } from './visitWork.ts';

export type Correction = Pick<NewVisit, 'hotspotId' | 'startedAt' | 'endedAt' | 'staffCategory' | 'persons' | 'patrolReference' | 'wardens'>;

/** The visit with what is corrected; the rest stays. Throws by field what would be wrong with it; the database refuses a visit that a claim holds. */
export async function saveCorrection(trx: Knex.Transaction, context: VisitContext, before: Visit, { correction, reason }: { readonly correction: Correction; readonly reason: string }): Promise<Visit> {
  const { councilCode } = before;
  await lockCouncils(trx, [councilCode]);
  const visit: NewVisit = { ...before, ...correction };
  const hotspots = new Map((await listHotspotFacts(trx, [councilCode])).map((fact) => [fact.id, fact]));
  const facts = await loadFacts(trx, context, { councils: [councilCode], hotspots, visits: [visit] });
  const problems = checkVisits([visit], { ...facts, busy: facts.busy.filter(({ visitId }) => visitId !== visit.id) });
  if (problems.length > 0) throw invalid(problems);
  await updateVisit(trx, toRow(visit, facts));
  const [after] = await listVisits(trx, { councils: [councilCode], ids: [visit.id] });
  await recordEvent(trx, context.actor, { action: 'visitCorrected', subjectKind: 'visit', subjectId: visit.id, councilCode, before, after, reason });
  return after ?? before;
}
