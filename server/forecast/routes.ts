/** Forecasts over HTTP. A council sees and explains its own; the Commissioner's office keeps, overrides and acknowledges. */
import { randomUUID } from 'node:crypto';
import { recordEvent } from '../audit.ts';
import { invalid, notFound } from '../errors.ts';
import type { Agreement } from '../grants/contract.ts';
import { findAgreement } from '../grants/queries.ts';
import type { Call, Mount } from '../mount.ts';
import { daysBetween, localTime } from '../patrols/calendar.ts';
import { numberSetting } from '../settings/queries.ts';
import { causesInData } from './causes.ts';
import * as contract from './contract.ts';
import { compareForecasts, isQuarterEnd } from './councilForecast.ts';
import { hasForecast, keepForecast, makeForecast, makeForecasts, type MadeForecast, sumFunds } from './forecastWork.ts';
import * as kept from './keptQueries.ts';
import { type Known, knownAt, ratingRuleOn } from './queries.ts';
import { progressOf } from './progress.ts';

type Asked = Pick<Call<{ readonly id: string }>, 'db' | 'scope' | 'input'>;

async function agreementOf({ db, scope, input }: Asked): Promise<Agreement> {
  const agreement = await findAgreement(db, scope.councils, input.id);
  if (!agreement || !hasForecast(agreement)) throw notFound('agreement with a forecast');
  return agreement;
}

function asked({ input, now }: { input: { on?: string | undefined; knowledge: contract.Knowledge }; now: Date }): Known {
  const today = localTime(now.getTime()).date;
  if (input.on !== undefined && input.on > today) throw invalid([{ field: 'on', message: `${input.on} is still to come, so nothing is known of it. Give today or a day before.` }]);
  return knownAt(input.on, input.knowledge, now);
}

export function forecastRoutes(mount: Mount): void {
  readRoutes(mount);
  enterRoutes(mount);
  judgeRoutes(mount);
}

function readRoutes(mount: Mount): void {
  mount(contract.listForecasts, async (call) => {
    const known = asked(call);
    const made = await makeForecasts(call.db, call.scope.councils, known);
    const { alertShare } = await ratingRuleOn(call.db, known.on);
    return { knownOn: known.on, knowledge: known.knowledge, alertShare, funds: await sumFunds(call.db, call.scope.councils, made, known), alerts: await kept.listAlerts(call.db, { known }) };
  });

  mount(contract.getForecast, async (call) => {
    const known = asked(call);
    return wholeForecast(call, await makeForecast(call.db, await agreementOf(call), known), known);
  });

  mount(contract.getForecastRun, async ({ db, input }) => {
    const run = await kept.findRun(db, input.runId);
    if (!run) throw notFound('kept forecast');
    return run;
  });

  mount(contract.keepForecasts, async (call) => {
    const known = asked(call);
    const runs = [];
    for (const made of await makeForecasts(call.db, call.scope.councils, known)) runs.push(await keepForecast(call.db, call.actor, made, known));
    return { runs };
  });
}

async function wholeForecast({ db }: Pick<Asked, 'db'>, made: MadeForecast, known: Known): Promise<contract.ForecastOfAgreement> {
  const { agreement, loaded: { input, plan, targetMinutes }, outturn, profile, months, line, sha256 } = made;
  const deliveredMinutes = input.delivered.reduce((sum, { minutes }) => sum + minutes, 0);
  const progress = progressOf({ delivered: deliveredMinutes, target: targetMinutes ?? 1, gone: daysBetween(input.startsOn, known.on) + 1, whole: daysBetween(input.startsOn, input.endsOn) + 1 });
  const councilForecasts = [];
  for (const theirs of await kept.listCouncilForecasts(db, agreement.id, known)) councilForecasts.push(await besideOurs(db, agreement, theirs));
  return {
    ...line, fund: agreement.fund, knowledge: known.knowledge, basis: input.basis, sha256, remaining: outturn.remaining, uncapped: outturn.uncapped, assumptions: [...outturn.assumptions],
    profileBasis: profile.says, months, deliveredMinutes, targetMinutes, deliveredShare: targetMinutes === null ? null : progress.deliveredShare, timeShare: progress.timeShare,
    plan: plan && { startsOn: plan.startsOn, posts: plan.posts, contractMinutesPerWeek: plan.minutesPerWeek, filledOn: plan.filledOn, reason: plan.reason, recordedAt: plan.recordedAt },
    dataCauses: causesInData(input, outturn), causes: await kept.listCauses(db, agreement.id, known), councilForecasts,
    alerts: await kept.listAlerts(db, { agreementId: agreement.id, known }), runs: await kept.listRuns(db, agreement.id),
  };
}

/** Ours on the day theirs was received, from what had happened by then: theirs may be entered days later. */
async function besideOurs(db: Asked['db'], agreement: Agreement, theirs: kept.KeptCouncilForecast): Promise<contract.CouncilForecast> {
  const { outturn, loaded } = await makeForecast(db, agreement, { on: theirs.receivedOn, at: theirs.recordedAt, knowledge: 'happened' });
  return { ...theirs, ours: compareForecasts(theirs, outturn, loaded.input.ceilingPence) };
}

function enterRoutes(mount: Mount): void {
  mount(contract.setStaffPlan, async (call) => {
    const { db, actor, person, input: { id: _, reason, filledOn, ...plan } } = call;
    const agreement = await agreementOf(call);
    const row = { ...plan, filledOn: filledOn ?? null, reason };
    const recordedAt = await kept.savePlan(db, { ...row, agreementId: agreement.id, madeBy: person?.id ?? null });
    await recordEvent(db, actor, { action: 'staffPlanSet', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, after: row, reason });
    return { ...row, recordedAt };
  });

  mount(contract.enterCause, async (call) => {
    const { db, actor, person, input: { id: _, replaces, ...given } } = call;
    const agreement = await agreementOf(call);
    if (given.amountPence === 0 && replaces === undefined) throw invalid([{ field: 'amountPence', message: 'A cause of £0.00 explains nothing. Enter its money; £0.00 only takes an earlier entry back.' }]);
    const row = { ...given, id: randomUUID() };
    const recordedAt = await kept.saveCause(db, { ...row, agreementId: agreement.id, replaces: replaces ?? null, madeBy: person?.id ?? null });
    await recordEvent(db, actor, { action: 'underspendCauseEntered', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, after: { ...row, replaces }, reason: given.reason });
    return { ...row, madeBy: person?.name ?? null, recordedAt };
  });

  mount(contract.enterCouncilForecast, async (call) => {
    const { db, actor, person, now, input: { id: _, ...given } } = call;
    const agreement = await agreementOf(call);
    const today = localTime(now.getTime()).date;
    if (!isQuarterEnd(given.quarterEndsOn)) throw invalid([{ field: 'quarterEndsOn', message: `${given.quarterEndsOn} is not the last day of a quarter. Give 31 March, 30 June, 30 September or 31 December.` }]);
    if (given.receivedOn > today) throw invalid([{ field: 'receivedOn', message: `${given.receivedOn} is still to come. Give the day it was received.` }]);
    const { outturn } = await makeForecast(db, agreement, knownAt(given.receivedOn, 'happened', now));
    const { differencePence, differenceShare } = compareForecasts(given, outturn, agreement.ceilingPence);
    if (Math.abs(differenceShare) > (await numberSetting(db, 'forecast_variance_share', today)) && given.reason === '') {
      throw invalid([{ field: 'reason', message: `This outturn is ${pounds(Math.abs(differencePence))} ${differencePence > 0 ? 'over' : 'under'} ours of ${pounds(outturn.outturn.central)}. Say why.` }]);
    }
    const row = await kept.saveCouncilForecast(db, { ...given, id: randomUUID(), agreementId: agreement.id, madeBy: person?.id ?? null });
    await recordEvent(db, actor, { action: 'councilForecastEntered', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, after: row, ...(given.reason ? { reason: given.reason } : {}) });
    return besideOurs(db, agreement, row);
  });
}

const pounds = (pence: number): string => `£${(pence / 100).toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

function judgeRoutes(mount: Mount): void {
  mount(contract.overrideRating, async (call) => {
    const { db, actor, person, now, input: { rating, untilOn, reason } } = call;
    const agreement = await agreementOf(call);
    const known = knownAt(undefined, 'recorded', now);
    if (untilOn < known.on) throw invalid([{ field: 'untilOn', message: `${untilOn} is over. Give today or a later day.` }]);
    const before = (await makeForecast(db, agreement, known)).line.rating;
    await kept.saveOverride(db, { agreementId: agreement.id, rating: rating ?? null, computed: before.computed, untilOn, reason, madeBy: person?.id ?? null });
    await recordEvent(db, actor, { action: rating ? 'ratingOverridden' : 'ratingOverrideEnded', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, before, after: { rating: rating ?? before.computed, untilOn }, reason });
    // What was just kept is part of it.
    return { ...before, override: await kept.findOverride(db, agreement.id, { ...known, at: 'infinity' }) };
  });

  mount(contract.acknowledgeAlert, async ({ db, actor, person, input }) => {
    const [alert] = await kept.listAlerts(db, { id: input.alertId });
    if (!alert || !person) throw notFound('alert');
    await kept.acknowledge(db, alert.id, person.id, input.reason);
    const subject = alert.agreementId === null ? { subjectKind: 'fund', subjectId: alert.fundId } : { subjectKind: 'agreement', subjectId: alert.agreementId };
    await recordEvent(db, actor, { action: 'underspendAlertAcknowledged', ...subject, after: { alertId: alert.id }, reason: input.reason });
    const [after] = await kept.listAlerts(db, { id: input.alertId });
    return after ?? alert;
  });
}
