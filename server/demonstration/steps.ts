/**
 * Filling a database with the demonstration: step by step, each in one transaction with the event that says it is done, so that a start
 * cut short anywhere is finished by the next one and nothing is there twice.
 */
import type { Knex } from 'knex';
import { fillClearances } from './fillClearances.ts';
import { fillClaims } from './fillClaims.ts';
import { fillCollecting } from './fillCollecting.ts';
import { fillDelivery } from './fillDelivery.ts';
import { fillForecasts, fillStaffPlans } from './fillForecasts.ts';
import { fillGrant, fillWardens } from './fillGrant.ts';
import { fillAnalysis, fillHotspots } from './fillHotspots.ts';
import { fillGround, fillIncidents } from './fillIncidents.ts';
import { fillAllocations, fillVisits } from './fillPatrols.ts';
import { fillOutlines } from './fillPlaces.ts';
import { fillEquality } from './fillEquality.ts';
import { fillPublication } from './fillPublication.ts';
import { fillQuality } from './fillQuality.ts';
import { fillRecording } from './fillRecording.ts';
import { fillReturn } from './fillReturn.ts';
import { fillRotas } from './fillRotas.ts';
import { fillRounds } from './fillRounds.ts';
import { fillTerms } from './fillTerms.ts';
import { patrolMonths } from './patrolWeeks.ts';
import { addDemonstrationPeople } from './people.ts';
import { claimStep, listStepsDone, recordStep } from './queries.ts';

export const demonstrationSeed = 2023;

export interface FillOptions {
  readonly seed: number;
  readonly production: boolean;
  readonly now: Date;
  /** `progress` from 0 to 1 and what is being done, in words. */
  report(progress: number, step: string): void;
}

interface Step {
  readonly name: string;
  readonly says: string;
  /** Share of the whole time it takes, about. */
  readonly weight: number;
  /** Work that keeps transactions of its own and may be done again without harm; before `run`. */
  readonly prepare?: (db: Knex, context: StepContext) => Promise<void>;
  readonly run?: (trx: Knex.Transaction, context: StepContext) => Promise<void>;
}

interface StepContext extends FillOptions {
  part(share: number): void;
}

const steps: readonly Step[] = [
  { name: 'people', says: 'Adding a user for each role', weight: 1, run: (trx, { production }) => addDemonstrationPeople(trx, { production, validFrom: '2020-01-01' }) },
  { name: 'outlines', says: 'Drawing schematic councils and wards', weight: 1, run: (trx, { seed }) => fillOutlines(trx, seed) },
  { name: 'ground', says: 'Placing streets', weight: 3, run: (trx, { seed }) => fillGround(trx, seed) },
  { name: 'incidents', says: 'Importing 36 months of incidents', weight: 20, run: (trx, { seed, part }) => fillIncidents(trx, { seed, report: part }) },
  { name: 'hotspots', says: 'Finding and adopting hotspots', weight: 4, prepare: (db) => fillAnalysis(db), run: (trx) => fillHotspots(trx) },
  { name: 'grant', says: 'Entering the fund and its four agreements', weight: 1, run: (trx, { seed }) => fillGrant(trx, seed) },
  { name: 'wardens', says: 'Entering wardens', weight: 1, run: (trx, { seed }) => fillWardens(trx, seed) },
  { name: 'clearances', says: 'Entering when wardens were vetted and trained', weight: 1, run: (trx, { seed }) => fillClearances(trx, seed) },
  ...patrolMonths().map((month): Step => ({
    name: `patrols ${month.slice(0, 7)}`, says: `Allocating hours and recording visits of ${month.slice(0, 7)}`, weight: 1.5,
    prepare: (db) => fillAllocations(db, month), run: (trx, { seed, now }) => fillVisits(trx, { seed, month, now }),
  })),
  { name: 'recording', says: 'Saying why planned visits were not made', weight: 1, run: (trx, { seed, now }) => fillRecording(trx, { seed, now }) },
  { name: 'claims', says: 'Opening the ledgers and entering claims', weight: 1, run: (trx, { seed }) => fillClaims(trx, seed) },
  { name: 'forecasts', says: 'Making the forecasts of each month', weight: 1, run: async (trx, { seed, now }) => {
    await fillStaffPlans(trx, seed);
    await fillForecasts(trx, now);
  } },
  { name: 'delivery', says: 'Looking at what was delivered week by week', weight: 1, run: (trx, { seed }) => fillDelivery(trx, seed) },
  { name: 'terms', says: 'Entering signatories, conditions and a variation', weight: 1, run: (trx, { seed }) => fillTerms(trx, seed) },
  { name: 'return', says: 'Making the return of October 2023', weight: 1, run: (trx, { now }) => fillReturn(trx, now) },
  { name: 'collecting', says: 'Collecting November 2023 from the councils', weight: 1, run: (trx) => fillCollecting(trx) },
  { name: 'quality', says: 'Noting weights, changes, interventions and small areas', weight: 2, run: (trx, { seed, now }) => fillQuality(trx, { seed, now }) },
  { name: 'rotas', says: 'Entering wardens’ terms and publishing rotas', weight: 2, run: (trx, { seed }) => fillRotas(trx, seed) },
  { name: 'rounds', says: 'Drawing the rounds of a week', weight: 1, run: (trx, { seed, now }) => fillRounds(trx, { seed, now }) },
  { name: 'publication', says: 'Publishing what is done in each ward', weight: 1, run: (trx, { seed }) => fillPublication(trx, seed) },
  { name: 'equality', says: 'Entering the equality record', weight: 1, run: (trx, { seed }) => fillEquality(trx, seed) },
];

/** True when every step has been done. */
export async function isFilled(db: Knex): Promise<boolean> {
  const done = new Set(await listStepsDone(db));
  return steps.every(({ name }) => done.has(name));
}

/** True when some step has been done: what began as a demonstration goes on as one. */
export async function isBegun(db: Knex): Promise<boolean> {
  return (await listStepsDone(db)).length > 0;
}

/** Does the steps that are not done yet, in their order. */
export async function fillDemonstration(db: Knex, options: FillOptions): Promise<void> {
  if (options.production) throw new Error('Demonstration data cannot be made with NODE_ENV=production.');
  const whole = steps.reduce((sum, { weight }) => sum + weight, 0);
  let before = 0;
  for (const step of steps) {
    const start = before;
    before += step.weight;
    const part = (share: number): void => options.report((start + share * step.weight) / whole, step.says);
    part(0);
    await doStep(db, step, { ...options, part });
  }
  options.report(1, 'Done');
}

async function doStep(db: Knex, step: Step, context: StepContext): Promise<void> {
  if ((await listStepsDone(db)).includes(step.name)) return;
  await step.prepare?.(db, context);
  await db.transaction(async (trx) => {
    if (!(await claimStep(trx, step.name))) return;
    await step.run?.(trx, context);
    await recordStep(trx, step.name, { seed: context.seed });
  });
}
