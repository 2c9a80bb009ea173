/** The money left of an agreement divided over its weeks to the end: worked out, kept, never put in force. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { z } from 'zod';
import { type Actor, recordEvent } from '../audit.ts';
import { canonicalHash } from '../canonical.ts';
import { isoDate } from '../endpoint.ts';
import { AppError } from '../errors.ts';
import type { AllocationInput } from '../patrols/allocation.ts';
import { horizon } from '../patrols/allocationHorizon.ts';
import { addDays, daysBetween, mondayOf } from '../patrols/calendar.ts';
import { saveHorizon } from './allocationQueries.ts';
import { loadWeek } from './allocationWork.ts';
import type { Agreement } from './contract.ts';
import { findAgreement } from './queries.ts';
import { questionOf, type WeekFacts } from './weekPlan.ts';

export interface HorizonContext {
  readonly db: Knex;
  readonly actor: Actor;
  readonly agreementId: string;
  /** A Monday. */
  readonly fromWeek: string;
  report?(progress: number, step: string): unknown;
}

/** Weeks that are worth dividing over: three years of an agreement. */
const mostWeeks = 160;

/** Divides and keeps; returns the id of what was kept. Throws in words for an agreement that is not there, over, or without money. */
export async function runHorizon({ db, actor, agreementId, fromWeek, report = () => undefined }: HorizonContext): Promise<string> {
  await report(0.05, 'Reading the agreement and incidents');
  const { agreement, facts } = await db.transaction(async (trx) => {
    const found = await findAgreement(trx, ['*'], agreementId);
    if (!found) throw new AppError(422, 'no_agreement', 'There is no such agreement to divide the money of.');
    if (found.endsOn < fromWeek) throw new AppError(422, 'agreement_over', `${found.reference} ends on ${found.endsOn}, before ${fromWeek}. Give an earlier Monday.`);
    if (found.availablePence <= 0) throw new AppError(422, 'no_money_left', `Nothing is left of ${found.reference}, so there is nothing to divide.`);
    return { agreement: found, facts: (await loadWeek(trx, { week: fromWeek, councils: [found.councilCode], until: addDays(found.endsOn, 1) })).facts };
  });
  const inputs = weeksOf(agreement, facts);
  await report(0.2, `Valuing ${inputs.length} weeks`);
  const { weeks, ...result } = await horizon(inputs, agreement.id, agreement.availablePence);
  await report(0.95, 'Keeping the division');
  const id = randomUUID();
  const row = {
    id, agreementId, councilCode: agreement.councilCode, fromWeek, moneyPence: agreement.availablePence, hash: canonicalHash({ inputs, moneyPence: agreement.availablePence }), seed: inputs[0]?.settings.seed ?? 0,
    result: { ...result, weeks }, createdBy: actor.personId,
  };
  await db.transaction(async (trx) => {
    await saveHorizon(trx, row);
    await recordEvent(trx, actor, { action: 'moneyDividedOverWeeks', subjectKind: 'agreement', subjectId: agreementId, councilCode: agreement.councilCode, after: { horizonId: id, fromWeek, moneyPence: row.moneyPence, prevented: result.prevented, hash: row.hash } });
  });
  await report(1, 'Done');
  return id;
}

/** One question a week to the agreement's end, its rates and live hotspots those of the week; the last visit is known for the first week only. */
function weeksOf(agreement: Agreement, facts: WeekFacts): AllocationInput[] {
  const count = Math.min(mostWeeks, Math.floor(daysBetween(facts.week, mondayOf(agreement.endsOn)) / 7) + 1);
  return Array.from({ length: count }, (_, index) => {
    const week = addDays(facts.week, 7 * index);
    const sunday = addDays(week, 6);
    const live = facts.hotspots.filter(({ liveFrom, liveTo }) => liveFrom <= sunday && (liveTo === null || liveTo > week));
    const hotspots = index === 0 ? live : live.map((hotspot) => ({ ...hotspot, lastVisitOn: null }));
    const { input } = questionOf({ ...facts, week, agreements: [agreement], hotspots, rotaMinutes: new Map() });
    return input;
  });
}

const jobInput = z.object({ agreementId: z.uuid(), fromWeek: isoDate });

/** The job behind POST /api/allocation-horizons: its result names what was kept. */
export async function horizonJob(context: { db: Knex; input: unknown; actor: Actor; report(progress: number, step: string): void }): Promise<unknown> {
  return { horizonId: await runHorizon({ ...context, ...jobInput.parse(context.input) }) };
}
