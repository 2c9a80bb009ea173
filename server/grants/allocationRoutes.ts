/** What more is asked of an allocation over HTTP: sliders, comparison, the weeks to the end. None of it changes the plan in force. */
import { notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { councilCodes } from '../patrols/councilQueries.ts';
import { checkMonday } from '../patrols/weeks.ts';
import { compareRuns } from './allocationCompared.ts';
import * as contract from './allocationContract.ts';
import { createAllocationPool } from './allocationPool.ts';
import { findPlanAsked, listHorizons, listRuns, type PlanAsked } from './allocationQueries.ts';
import { varied } from '../patrols/allocationVaried.ts';
import type { Allocation } from '../patrols/allocation.ts';
import { findAgreement } from './queries.ts';

/** What a slider may take: a hundred times what a council's week does. */
const whatIfSeconds = 8;
/** Good enough to compare with; the plan in force is proved tighter. */
const whatIfGap = 0.005;

export function allocationRoutes(mount: Mount): void {
  const pool = createAllocationPool();

  mount.open(contract.whatIf, async ({ transaction, scope, input }) => {
    const asked = await transaction(async (db) => findPlanAsked(db, await councilCodes(db, scope.councils), { runId: input.id, agreementId: input.agreement }));
    if (!asked) throw notFound('plan that can be asked again. Allocate the week anew');
    const question = varied(asked.question, input);
    const plan = await pool.plan({ ...question, settings: { ...question.settings, targetGap: whatIfGap, timeLimitSeconds: 3 } }, whatIfSeconds);
    return whatIfOut(plan, asked, question.agreements[0]?.moneyPence ?? 0);
  });

  mount(contract.compareAllocations, async ({ db, scope, input }) => {
    const councils = await councilCodes(db, scope.councils);
    const [first] = await listRuns(db, councils, { id: input.id });
    const [second] = await listRuns(db, councils, { id: input.other });
    if (!first || !second) throw notFound('allocation');
    return compareRuns(first, second);
  });

  mount(contract.startHorizon, async ({ db, scope, input, actor, jobs }) => {
    checkMonday('fromWeek', input.fromWeek);
    const agreement = await findAgreement(db, scope.councils, input.agreement);
    if (!agreement) throw notFound('agreement');
    return { jobId: await jobs.enqueue(db, 'horizon', { agreementId: agreement.id, fromWeek: input.fromWeek }, actor, agreement.councilCode) };
  });

  mount(contract.listHorizons, async ({ db, scope, input }) => ({ horizons: await listHorizons(db, await councilCodes(db, scope.councils), { agreementId: input.agreement }) }));
}

function whatIfOut(allocation: Allocation, { names, agreementId, question }: PlanAsked, moneyPence: number): contract.WhatIf {
  const [plan] = allocation.agreements;
  if (!plan) throw new Error(`The plan of agreement ${agreementId} came back empty.`);
  const minutes = question.settings.crew * question.settings.visitMinutes;
  const name = (id: string | null): string | null => (id === null ? null : (names.get(id) ?? id));
  return {
    agreementId, moneyPence, spentPence: plan.spentPence, reason: plan.reason, visits: plan.visits.length, personMinutes: plan.visits.length * minutes,
    objective: plan.objective, bound: plan.bound, gap: plan.gap, method: plan.method, shadowPricePerThousandPounds: plan.shadowPricePerThousandPounds,
    hotspots: question.hotspots.map(({ id }) => {
      const visits = plan.visits.filter(({ hotspotId }) => hotspotId === id).length;
      return { id, name: name(id) ?? id, visits, personMinutes: visits * minutes };
    }),
    shortfalls: plan.shortfalls.map((short) => ({ ...short, hotspot: name(short.hotspotId) })), binding: [...plan.binding],
  };
}
