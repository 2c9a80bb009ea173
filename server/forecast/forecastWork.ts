/** Making forecasts from what is known, keeping them, and the daily run that raises an alert once each time an underspend passes its threshold. */
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import { queueToRoles } from '../mail.ts';
import { poundsInWords, sayDay } from './outturnWords.ts';
import { canonicalHash } from '../canonical.ts';
import type { Agreement } from '../grants/contract.ts';
import { listAgreements, listFunds } from '../grants/queries.ts';
import type { AgreementForecast, ForecastMonth, ForecastRun, FundForecast } from './contract.ts';
import { fundForecast, type PartOfFund } from './fund.ts';
import { endAlert, findOverride, raiseAlert, saveRun } from './keptQueries.ts';
import { daysLeft, forecastOutturn, type Outturn } from './outturn.ts';
import { type Profile, profileOf } from './profile.ts';
import { type Known, knownAt, type LoadedForecast, loadForecast, ratingRuleOn } from './queries.ts';
import { passesThreshold, rate, ruleInWords } from './rating.ts';

export interface MadeForecast {
  readonly agreement: Agreement;
  readonly loaded: LoadedForecast;
  readonly outturn: Outturn;
  readonly profile: Profile;
  readonly months: ForecastMonth[];
  readonly line: AgreementForecast;
  /** Of the inputs: the same give the same forecast. */
  readonly sha256: string;
}

/** What is agreed or under way: an agreement nobody signed has no forecast. */
const forecastStates: readonly Agreement['state'][] = ['signed', 'live', 'live at risk', 'closing', 'closed'];
/** Where money may be spent; an agreement that waits for its first money has nothing to forecast. */
export const hasForecast = ({ state, ceilingPence }: Pick<Agreement, 'state' | 'ceilingPence'>): boolean => forecastStates.includes(state) && ceilingPence > 0;

/** One agreement's forecast as known. */
export async function makeForecast(db: Knex, agreement: Agreement, known: Known): Promise<MadeForecast> {
  const loaded = await loadForecast(db, agreement, known);
  const outturn = forecastOutturn(loaded.input);
  const profile = profileOf(loaded.input, loaded.profileParts);
  const rule = await ratingRuleOn(db, known.on);
  const computed = rate({ ceilingPence: loaded.input.ceilingPence, uncappedPence: outturn.uncapped.central }, rule);
  const { startsOn, endsOn, ceilingPence, patrolsStart } = loaded.input;
  const line: AgreementForecast = {
    agreementId: agreement.id, fundId: agreement.fundId, councilCode: agreement.councilCode, council: agreement.council, reference: agreement.reference, state: agreement.state,
    startsOn, endsOn, knownOn: known.on, daysLeft: daysLeft(known.on, endsOn), ceilingPence, patrolsStart, postsInPost: outturn.postsInPost, posts: outturn.pace.posts,
    toDate: outturn.toDate, outturn: outturn.outturn, underspend: outturn.underspend, underspendShare: outturn.underspendShare, moneyOutOn: outturn.moneyOutOn,
    rating: { computed: computed.rating, because: computed.because, rule: ruleInWords(rule), since: rule.since, override: await findOverride(db, agreement.id, known) },
  };
  const months = outturn.months.map((row) => ({ ...row, profilePence: profile.months.find(({ month }) => month === row.month)?.pence ?? null }));
  return { agreement, loaded, outturn, profile, months, line, sha256: canonicalHash(loaded.input) };
}

/** The forecasts of a scope's agreements as known, by council. */
export async function makeForecasts(db: Knex, councils: readonly string[], known: Known): Promise<MadeForecast[]> {
  const made: MadeForecast[] = [];
  for (const agreement of (await listAgreements(db, councils)).filter(hasForecast)) made.push(await makeForecast(db, agreement, known));
  return made;
}

/** Forecasts added up to the funds they are under. */
export async function sumFunds(db: Knex, councils: readonly string[], made: readonly MadeForecast[], known: Known): Promise<FundForecast[]> {
  const parts = (fundId: string): PartOfFund[] => made.filter(({ agreement }) => agreement.fundId === fundId).map(({ line, months, profile }) => ({ line, months, profileBasis: profile.says }));
  return (await listFunds(db, councils)).map((fund) => fundForecast(fund, parts(fund.id), known.on)).filter(({ agreements }) => agreements.length > 0);
}

/** Keeps a forecast with its inputs, with its event when it is new. */
export async function keepForecast(trx: Knex.Transaction, actor: Actor, made: MadeForecast, known: Known): Promise<ForecastRun> {
  const { loaded, outturn, sha256, agreement } = made;
  const { months, pace, ...result } = outturn;
  const { run, fresh } = await saveRun(trx, {
    agreementId: agreement.id, knownOn: known.on, knowledge: known.knowledge, ...outturn.outturn, ceilingPence: loaded.input.ceilingPence, inputs: loaded.input, result: { ...result, pace, months }, sha256, madeBy: actor.personId,
  });
  if (fresh) await recordEvent(trx, actor, { action: 'forecastKept', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, after: { runId: run.id, knownOn: known.on, centralPence: run.centralPence, sha256 } });
  return run;
}

const clock: Actor = { personId: null, role: 'daily forecast' };

/** Every day: forecasts of all agreements that still run are made and kept, and alerts raised or ended. Safe to run again: the same facts raise nothing twice. */
export async function forecastDaily(db: Knex, _config: unknown, now: Date): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(7204536)');
    await forecastAsKnown(trx, clock, knownAt(undefined, 'recorded', now));
  });
}

/** Makes and keeps the forecasts of a day, and raises or ends alerts by them. */
export async function forecastAsKnown(trx: Knex.Transaction, actor: Actor, known: Known): Promise<void> {
  const running = (await makeForecasts(trx, ['*'], known)).filter(({ line }) => line.startsOn <= known.on && line.endsOn >= known.on && line.state !== 'closed');
  for (const made of running) await keepForecast(trx, actor, made, known);
  const { alertShare } = await ratingRuleOn(trx, known.on);
  const by = { actor, alertShare, on: known.on };
  for (const { line } of running) await judge(trx, { fundId: line.fundId, agreementId: line.agreementId, councilCode: line.councilCode, ceilingPence: line.ceilingPence, outturnPence: line.outturn.central }, by);
  for (const fund of await sumFunds(trx, ['*'], running, known)) await judge(trx, { fundId: fund.id, agreementId: null, councilCode: null, ceilingPence: fund.ceilingPence, outturnPence: fund.outturn.central }, by);
}

interface Judged {
  readonly fundId: string;
  readonly agreementId: string | null;
  readonly councilCode: string | null;
  readonly ceilingPence: number;
  readonly outturnPence: number;
}

async function judge(trx: Knex.Transaction, { councilCode, ...of }: Judged, { actor, alertShare, on }: { actor: Actor; alertShare: number; on: string }): Promise<void> {
  const passes = passesThreshold({ ceilingPence: of.ceilingPence, underspendPence: of.ceilingPence - of.outturnPence }, alertShare);
  const subject = of.agreementId === null ? { subjectKind: 'fund', subjectId: of.fundId } : { subjectKind: 'agreement', subjectId: of.agreementId };
  const changed = passes ? await raiseAlert(trx, { ...of, raisedOn: on, thresholdShare: alertShare }) : await endAlert(trx, { fundId: of.fundId, agreementId: of.agreementId, on });
  if (changed) await recordEvent(trx, actor, { action: passes ? 'underspendAlertRaised' : 'underspendAlertEnded', ...subject, councilCode, after: { ...of, alertShare, on } });
  // Told once, by the clock: what somebody makes on a screen is before their eyes.
  if (passes && changed && actor === clock) await tellOffice(trx, of, { ...subject, on });
}

async function tellOffice(trx: Knex.Transaction, { ceilingPence, outturnPence }: Omit<Judged, 'councilCode'>, { subjectKind, subjectId, on }: { subjectKind: string; subjectId: string; on: string }): Promise<void> {
  const left = poundsInWords(ceilingPence - outturnPence);
  const body = `The forecast of ${sayDay(on)} leaves ${left} of ${poundsInWords(ceilingPence)} unspent in ${subjectKind === 'fund' ? 'a fund' : 'an agreement'}. The forecast page says why, and lets you acknowledge it. The funder asks for notice as soon as an underspend is forecast.`;
  await queueToRoles(trx, { kind: 'underspend alert', key: `${subjectKind} ${subjectId} ${on}`, roles: ['grant_manager', 'finance_approver'], subject: `Forecast underspend: ${left}`, body }, new Date(`${on}T03:20:00Z`));
}
