/** Checking hours and settling what is refused: load, decide, save with its event. */
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import type { Agreement } from '../grants/contract.ts';
import { findAgreement } from '../grants/queries.ts';
import { listPeriods } from '../ledger/queries.ts';
import { checkHours, type HoursRefusal, type HoursResult } from './hoursCheck.ts';
import type { HoursInput } from './hoursCheckInput.ts';
import { waivableReasons, type HoursReason } from './hoursContract.ts';
import { cures } from './hoursCheckWords.ts';
import { decide, type DecisionRow, findDecision, insertDecision } from './hoursDecisionQueries.ts';
import { type Days, loadHours } from './hoursQueries.ts';

export interface HoursContext {
  readonly db: Knex.Transaction;
  readonly actor: Actor;
  readonly personId: string;
}

/**
 * Days as asked. When none are: the ledger's latest period that has begun, or without a ledger the agreement's own days. Throws in words when
 * they are the wrong way round or more than any agreement lasts.
 */
export function daysOf({ startsOn, endsOn }: Pick<Agreement, 'startsOn' | 'endsOn'>, asked: { readonly from?: string | undefined; readonly to?: string | undefined }, periods: readonly Days[] = [], today = ''): Days {
  const latest = asked.from === undefined && asked.to === undefined ? periods.findLast(({ from }) => from <= today) : undefined;
  const days = { from: asked.from ?? latest?.from ?? startsOn, to: asked.to ?? latest?.to ?? endsOn };
  if (days.to < days.from) throw invalid([{ field: 'to', message: `${days.to} is before ${days.from}. Give a later day.` }]);
  if (Date.parse(days.to) - Date.parse(days.from) > 1100 * 86_400_000) throw invalid([{ field: 'to', message: 'That is more than three years. Give fewer days.' }]);
  return days;
}

/** The ledger's periods as spans of days, in their order. */
export async function periodsOf(db: Knex, agreementId: string): Promise<Days[]> {
  return (await listPeriods(db, agreementId)).map(({ startsOn, endsOn }) => ({ from: startsOn, to: endsOn }));
}

export async function checkDays(db: Knex, agreement: Agreement, days: Days): Promise<{ readonly input: HoursInput; readonly result: HoursResult }> {
  const input = await loadHours(db, agreement, days);
  return { input, result: checkHours(input) };
}

/** The lines a claim on verified hours of some days is filled with, both days included, and every minute that is not in them. */
export async function hoursLines(db: Knex, agreementId: string, from: string, to: string): Promise<HoursResult> {
  const agreement = await findAgreement(db, ['*'], agreementId);
  if (!agreement) throw notFound('agreement');
  return (await checkDays(db, agreement, { from, to })).result;
}

export interface Explanation {
  readonly decisionId: string;
  readonly key: string;
  readonly explanation: string;
}

/** The refusal with a key among those of some days, as they stand now. */
export async function refusalOf(db: Knex, agreement: Agreement, days: Days, key: string): Promise<HoursRefusal> {
  const refusal = (await checkDays(db, agreement, days)).result.refused.find((each) => each.key === key);
  if (!refusal) throw conflict('hours_not_refused', 'These minutes are not refused for this reason any more, or the visit has changed. Look at the check again.');
  return refusal;
}

/** Keeps a council's explanation of refused minutes; the same sent again is answered the same. */
export async function explain({ db, actor, personId }: HoursContext, agreement: Agreement, days: Days, { decisionId, key, explanation }: Explanation): Promise<void> {
  const sent = await findDecision(db, agreement.id, decisionId);
  if (sent && sent.explanation !== explanation) throw conflict('hours_decision_pkey', 'This id stands for another explanation. Enter this one under a new id.');
  if (sent) return;
  const refusal = await refusalOf(db, agreement, days, key);
  const waivable: readonly HoursReason[] = waivableReasons;
  if (!waivable.includes(refusal.reason)) throw conflict('hours_not_acceptable', `Minutes refused as “${refusal.reason}” cannot be accepted. ${cures[refusal.reason]}`);
  await keepDecision({ db, actor, personId }, agreement, refusal, { id: decisionId, explanation, state: 'explained' });
}

/** Keeps what was said about a refusal, with its event. */
export async function keepDecision({ db, actor, personId }: HoursContext, agreement: Agreement, refusal: HoursRefusal, kept: { readonly id: string; readonly explanation: string; readonly state: 'explained' | 'corrected' }): Promise<void> {
  const { visitId, person, reason, day, fromMs, toMs, fingerprint, minutes } = refusal;
  const row = { ...kept, agreementId: agreement.id, visitId, person, reason, day, fromMs, toMs, fingerprint, minutes, explainedBy: personId };
  await insertDecision(db, row);
  await recordEvent(db, actor, { action: kept.state === 'explained' ? 'hoursExplained' : 'hoursCorrected', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, after: row, reason: kept.explanation });
}

/** Accepts or declines an explanation as a second person; the same decision again changes nothing. */
export async function settle({ db, actor, personId }: HoursContext, agreement: Agreement, id: string, { decision, why }: { readonly decision: 'accepted' | 'declined'; readonly why: string }): Promise<DecisionRow> {
  const before = await findDecision(db, agreement.id, id);
  if (!before) throw notFound('explanation');
  if (before.state === decision && before.decidedWhy === why) return before;
  await decide(db, id, { state: decision, decidedBy: personId, why });
  const after = await findDecision(db, agreement.id, id) ?? before;
  await recordEvent(db, actor, { action: decision === 'accepted' ? 'hoursAccepted' : 'hoursDeclined', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, before, after, reason: why });
  return after;
}
