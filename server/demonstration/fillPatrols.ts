/** Patrols month by month: hours allocated, visits made from the plan, and what they cost committed, so that the next plan knows of it. */
import type { Knex } from 'knex';
import { createRandom } from '../../geo/random.ts';
import { listRuns } from '../grants/allocationQueries.ts';
import { runAllocation } from '../grants/allocationWork.ts';
import { saveCommitment } from '../grants/queries.ts';
import { addDays, daysBetween } from '../patrols/calendar.ts';
import { listPlannedHours } from '../patrols/dosageQueries.ts';
import type { NewVisit } from '../patrols/visits.ts';
import { saveVisits } from '../patrols/visitWork.ts';
import { demonstrationActor } from './actor.ts';
import { agreementId } from './fillGrant.ts';
import { type DemonstrationAgreement, demonstrationAgreements, demonstrationFund, wardensOf } from './grant.ts';
import { allocatedWeeks, costOf, mondaysOf, planWeekOf } from './patrolWeeks.ts';
import { repeatableId } from './repeatableId.ts';
import { nextMonth } from './times.ts';
import { type DemonstrationVisit, type PlannedBand, visitsOfWeek } from './visits.ts';

/** Crews find their feet: the share of planned visits made grows over the first weeks. */
const settlingWeeks = 6;
const firstShare = 0.6;
/** Area code of the police force that joint patrols are with. */
const policeForce = 'E23000013';
const councilCodes = demonstrationAgreements.map(({ councilCode }) => councilCode);
/** Allocates the hours of a month's weeks that have an allocation, unless a start that was cut short has done so already. */
export async function fillAllocations(db: Knex, month: string): Promise<void> {
  for (const week of mondaysOf(month).filter((monday) => allocatedWeeks.includes(monday))) {
    const [known] = await listRuns(db, councilCodes, { week, limit: 1 });
    if (!known) await runAllocation({ db, actor: demonstrationActor, week, councils: ['*'] });
  }
}

/** The visits of the weeks that begin in a month and what they cost, every rule of a visit kept. */
export async function fillVisits(trx: Knex.Transaction, options: { seed: number; month: string; now: Date }): Promise<void> {
  for (const agreement of demonstrationAgreements) {
    const visits: DemonstrationVisit[] = [];
    for (const week of mondaysOf(options.month)) {
      const planned = await listPlannedHours(trx, { councils: [agreement.councilCode], week: planWeekOf(week) });
      visits.push(...visitsOfWeek(options.seed, councilWeek(agreement, week, planned)));
    }
    const kept = await saveVisits(trx, { actor: demonstrationActor, councils: ['*'], now: options.now }, visits.map(toNewVisit));
    const [problem] = kept.problems;
    if (problem) throw new Error(`A demonstration visit breaks a rule: ${problem.field} ${problem.value}: ${problem.message}`);
    await commit(trx, options, agreement, visits);
  }
}

function councilWeek(agreement: DemonstrationAgreement, week: string, planned: readonly PlannedBand[]) {
  const { councilCode, reference, patrolsFrom, delivered, mostVisits } = agreement;
  const settled = Math.min(1, Math.max(0, daysBetween(patrolsFrom, week) / 7 / settlingWeeks));
  return {
    councilCode, letter: reference.slice(-1), week, planned, patrolsFrom, patrolsTo: demonstrationFund.endsOn,
    delivered: Math.min(delivered, mostVisits / totalOf(planned)) * (firstShare + (1 - firstShare) * settled), wardens: wardensOf(agreement),
  };
}

const totalOf = (planned: readonly PlannedBand[]): number => planned.reduce((sum, { visits }) => sum + visits, 1);

function toNewVisit(visit: DemonstrationVisit): NewVisit {
  return { ...visit, ...(visit.jointWithPolice ? { jointForce: policeForce } : {}), startedAt: new Date(visit.startedAt).toISOString(), endedAt: new Date(visit.endedAt).toISOString(), note: '' };
}

async function commit(trx: Knex.Transaction, { seed, month }: { seed: number; month: string }, agreement: DemonstrationAgreement, visits: readonly DemonstrationVisit[]): Promise<void> {
  const amountPence = costOf(agreement, visits);
  if (amountPence === 0) return;
  await saveCommitment(trx, {
    id: repeatableId(createRandom(`${seed} commitment ${agreement.councilCode} ${month}`)), agreementId: agreementId(seed, agreement.councilCode), amountPence, madeBy: null,
    effectiveOn: addDays(nextMonth(month), -1), what: `Patrol hours of ${month.slice(0, 7)} (demonstration figure)`,
  });
}
