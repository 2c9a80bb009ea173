/** The allocation run: load money and expectations, plan, keep the plan. The same for the API's job, the command line and the demonstration. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { z } from 'zod';
import { type Actor, recordEvent } from '../audit.ts';
import { isoDate } from '../endpoint.ts';
import { AppError, conflict } from '../errors.ts';
import { canonicalHash } from '../canonical.ts';
import { underBothBeliefs } from '../patrols/allocationBeliefs.ts';
import { type CurvePoint, moneyValueCurve } from '../patrols/allocationCurve.ts';
import { addDays } from '../patrols/calendar.ts';
import type { PlannedVisit } from '../patrols/allocation.ts';
import { listCouncils } from '../patrols/councilQueries.ts';
import { checkMonday } from '../patrols/weeks.ts';
import { settingsOn } from '../settings/queries.ts';
import { listRuns, lockAvailable, saveRun, type FoundRun } from './allocationQueries.ts';
import { listBandProfiles, listHotspotsOfWeek, listRotaMinutes, listSourceWeeks, monthsBefore, notesOn } from './expectedQueries.ts';
import { planInForce, plansOut, type PlanFacts } from './planOut.ts';
import { listAgreements, listBankHolidays } from './queries.ts';
import { questionOf, type WeekFacts, type WeekQuestion } from './weekPlan.ts';

export interface AllocationContext {
  readonly db: Knex;
  readonly actor: Actor;
  /** A Monday. */
  readonly week: string;
  /** Whose agreements: council codes, or `*`. */
  readonly councils: readonly string[];
  /** Told how far it is; waited for, so that whoever listens is heard before the planning takes the thread. */
  report?(progress: number, step: string): unknown;
}

export interface AllocationDone extends FoundRun {
  readonly visitsByAgreement: ReadonlyMap<string, readonly PlannedVisit[]>;
}

/**
 * Allocates a week's hours for the agreements of some councils and puts the plan in force in one transaction.
 * Throws in words for a week that does not start on a Monday, for no agreement at all, and when money moved while it planned.
 */
export async function runAllocation(context: AllocationContext): Promise<AllocationDone> {
  checkMonday('week', context.week);
  const report = context.report ?? (() => undefined);
  await report(0.05, 'Reading agreements and incidents');
  const { facts, months, notes } = await context.db.transaction((trx) => loadWeek(trx, context));
  if (facts.agreements.length === 0) throw new AppError(422, 'no_agreement', 'There is no grant agreement to allocate against. Enter one on the agreements page.');
  const question = questionOf(facts);
  await report(0.3, 'Planning visits');
  const plan: PlanFacts = {
    question,
    both: await underBothBeliefs(question.input).catch(sayRefusal),
    agreements: new Map(facts.agreements.map((agreement) => [agreement.id, agreement])),
    hotspots: new Map(facts.hotspots.map((hotspot) => [hotspot.id, hotspot])),
    curves: await curvesOf(question),
  };
  await report(0.9, 'Keeping the plan');
  const id = await context.db.transaction((trx) => keep(trx, context, plan, { months, notes: [...notes, ...question.notes] }));
  const codes = (await listCouncils(context.db, context.councils)).map(({ code }) => code);
  const [run] = await listRuns(context.db, codes, { id });
  if (!run) throw new Error(`The allocation ${id} was kept and cannot be read.`);
  await report(1, 'Done');
  return { ...run, visitsByAgreement: visitsOf(plan) };
}

/** Shares of the week's money that it is valued at: closest together where a reallocation of up to 30 % ends. */
const curveShares = [0, 0.25, 0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.5, 2, 3];
/** What a week without money is valued up to. */
const curveLeastPence = 100_000;

/** Each agreement's value curve; none where the solver cannot be loaded. */
async function curvesOf({ input }: WeekQuestion): Promise<Map<string, CurvePoint[]>> {
  const curves = new Map<string, CurvePoint[]>();
  for (const { id, moneyPence } of input.agreements) {
    const top = Math.max(moneyPence, curveLeastPence);
    const budgets = [...new Set(curveShares.map((share) => (share === 1 && moneyPence > 0 ? moneyPence : Math.round((share * top) / 100) * 100)))];
    curves.set(id, await moneyValueCurve(input, id, budgets).catch((): CurvePoint[] => []));
  }
  return curves;
}

export interface LoadedWeek {
  readonly facts: WeekFacts;
  readonly months: { readonly from: string; readonly to: string };
  readonly notes: readonly string[];
}

/** What a week is planned from; `until` is the first day after the weeks that hotspots are wanted of. */
export async function loadWeek(trx: Knex, { week, councils, until }: { week: string; councils: readonly string[]; until?: string }): Promise<LoadedWeek> {
  const codes = (await listCouncils(trx, councils)).map(({ code }) => code);
  const window = monthsBefore(week);
  const sources = await listSourceWeeks(trx, window);
  const facts = {
    week,
    agreements: await listAgreements(trx, codes),
    hotspots: await listHotspotsOfWeek(trx, codes, { week, until: until ?? addDays(week, 7) }, window, sources),
    profiles: await listBandProfiles(trx, window),
    timedWeeks: sources.filter((source) => source.timePrecision === 'minute').reduce((most, source) => Math.max(most, Math.round(source.weeks)), 0),
    bankHolidays: (await listBankHolidays(trx)).map((day) => day.heldOn),
    rotaMinutes: await listRotaMinutes(trx, codes, week),
    settings: await settingsOn(trx, week),
  };
  return { facts, months: window, notes: notesOn(window, sources) };
}

/** The rule refuses settings that cannot be meant by a RangeError; people get its sentence. */
function sayRefusal(error: unknown): never {
  if (error instanceof RangeError) throw new AppError(422, 'cannot_allocate', error.message);
  throw error;
}

async function keep(trx: Knex.Transaction, { actor, week }: AllocationContext, plan: PlanFacts, about: { months: { from: string; to: string }; notes: string[] }): Promise<string> {
  const plans = plansOut(plan);
  const available = await lockAvailable(trx, plans.map(({ agreementId }) => agreementId));
  for (const { agreementId, reference, money } of plans) {
    if (available.get(agreementId) !== money.leftPence) throw conflict('money_moved', `The money of ${reference} changed while the hours were allocated. Run the allocation again.`);
  }
  const id = randomUUID();
  const { input } = plan.question;
  const run = { id, week, hash: canonicalHash({ input, refused: [...plan.question.refused] }), parameters: { ...about, settings: input.settings }, createdBy: actor.personId };
  await saveRun(trx, run, plans, { visits: visitsOf(plan), input });
  for (const { councilCode, reference, money, visits } of plans) {
    await recordEvent(trx, actor, { action: 'hoursAllocated', subjectKind: 'allocation', subjectId: id, councilCode, after: { week, reference, visits, spentPence: money.spentPence, weekPence: money.weekPence } });
  }
  return id;
}

function visitsOf(plan: PlanFacts): Map<string, readonly PlannedVisit[]> {
  return new Map(planInForce(plan).agreements.map(({ agreementId, visits }) => [agreementId, visits]));
}

const jobInput = z.object({ week: isoDate, councils: z.array(z.string()) });

/** The job behind POST /api/allocations: its result names the run. */
export async function allocateJob(context: { db: Knex; input: unknown; actor: Actor; report(progress: number, step: string): void }): Promise<unknown> {
  const { week, councils } = jobInput.parse(context.input);
  const { agreements, visitsByAgreement, settings: _, ...run } = await runAllocation({ ...context, week, councils });
  return { allocationId: run.id, ...run, agreements: agreements.length, visits: [...visitsByAgreement.values()].flat().length };
}
