/** What will be spent, what that rests on, why less than agreed, and who has been told. */
import { z } from 'zod';
import { endpoint, id, isoDate, isoMonth, pence } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';
import { agreementStates } from '../grants/contract.ts';

export const knowledges = ['recorded', 'happened'] as const;
export type Knowledge = (typeof knowledges)[number];
/** What a forecast made as known at an earlier day takes in. */
export const knowledgeNames: Record<Knowledge, string> = {
  recorded: 'what was recorded by then', happened: 'what had happened by then, whenever it was recorded',
};

export const ratings = ['red', 'amber', 'green'] as const;
export const causes = ['vacancy', 'vetting', 'abstraction', 'late start', 'weather', 'other'] as const;

const asKnown = {
  on: isoDate.optional().describe('The forecast as known at the end of this day; today unless told'),
  knowledge: z.enum(knowledges).default('recorded').describe('What was recorded by then, or what had happened by then: for history entered later'),
};

const byScenario = z.object({ low: pence, central: pence, high: pence });

const toDate = z.object({
  paidPence: pence, approvedPence: pence, claimedPence: pence, accruedPence: pence, atRiskPence: pence,
  committedPence: pence, deliveredPence: pence, totalPence: pence,
});

/** Cumulative, by month; null where a line has no figure. */
export const forecastMonth = z.object({
  month: isoMonth, profilePence: pence.nullable(), actualPence: pence.nullable(), committedPence: pence.nullable(),
  lowPence: pence.nullable(), centralPence: pence.nullable(), highPence: pence.nullable(),
});
export type ForecastMonth = z.infer<typeof forecastMonth>;

export const ratingOverride = z.object({ rating: z.enum(ratings), untilOn: isoDate, reason: z.string(), madeBy: z.string().nullable(), recordedAt: z.string() });

export const rated = z.object({
  computed: z.enum(ratings), because: z.string(),
  /** The rule in words and the first day of its thresholds. */
  rule: z.string(), since: isoDate,
  override: ratingOverride.nullable(),
});
export type RatedOut = z.infer<typeof rated>;

export const forecastAlert = z.object({
  id, fundId: id, fund: z.string(), agreementId: id.nullable(), council: z.string().nullable(),
  raisedOn: isoDate, ceilingPence: pence, outturnPence: pence, underspendPence: pence, thresholdShare: z.number(), endedOn: isoDate.nullable(),
  acknowledged: z.object({ by: z.string().nullable(), at: z.string(), reason: z.string() }).nullable(),
});
export type ForecastAlert = z.infer<typeof forecastAlert>;

/** One agreement's forecast in a line. */
export const agreementForecast = z.object({
  agreementId: id, fundId: id, councilCode: z.string(), council: z.string(), reference: z.string(), state: z.enum(agreementStates),
  startsOn: isoDate, endsOn: isoDate, knownOn: isoDate, daysLeft: z.number().int(), ceilingPence: pence,
  patrolsStart: isoDate.nullable(), postsInPost: z.number().int(), posts: z.number().int(),
  toDate, outturn: byScenario, underspend: byScenario, underspendShare: z.number(), moneyOutOn: isoDate.nullable(), rating: rated,
});
export type AgreementForecast = z.infer<typeof agreementForecast>;

export const fundForecast = z.object({
  id, name: z.string(), startsOn: isoDate, endsOn: isoDate, daysLeft: z.number().int(),
  /** What its agreements come to, of those a person sees. */
  awardPence: pence, ceilingPence: pence, spentPence: pence, outturn: byScenario, underspend: byScenario, underspendShare: z.number(),
  profileBasis: z.string(), months: z.array(forecastMonth), agreements: z.array(agreementForecast),
});
export type FundForecast = z.infer<typeof fundForecast>;

export const listForecasts = endpoint({
  method: 'GET', path: '/api/forecast', allow: 'seeForecast',
  summary: 'Every fund’s forecast and that of its agreements: spent, outturn low, central and high, underspend, rating and alerts; now or as known at a day',
  input: z.strictObject(asKnown),
  output: z.object({ knownOn: isoDate, knowledge: z.enum(knowledges), alertShare: z.number(), funds: z.array(fundForecast), alerts: z.array(forecastAlert) }),
});

export const staffPlan = z.object({ startsOn: isoDate, posts: z.number().int(), contractMinutesPerWeek: z.number().int(), filledOn: isoDate.nullable(), reason: z.string(), recordedAt: z.string() });
export const dataCause = z.object({ cause: z.enum(['late start', 'vacancy', 'vetting', 'hours', 'rest']), pence, says: z.string() });
export const underspendCause = z.object({
  id, cause: z.enum(causes), fromOn: isoDate, toOn: isoDate, amountPence: pence, reason: z.string(), madeBy: z.string().nullable(), recordedAt: z.string(),
});
export type UnderspendCause = z.infer<typeof underspendCause>;

export const councilForecast = z.object({
  id, quarterEndsOn: isoDate, version: z.number().int(), actualPence: pence, outturnPence: pence, signedBy: z.string(), receivedOn: isoDate, reason: z.string(), recordedAt: z.string(),
  /** Ours, as known when theirs was received. */
  ours: z.object({ actualPence: pence, outturn: byScenario, differencePence: pence, differenceShare: z.number(), within: z.boolean() }),
});
export type CouncilForecast = z.infer<typeof councilForecast>;

export const forecastRun = z.object({
  id, agreementId: id, knownOn: isoDate, knowledge: z.enum(knowledges), lowPence: pence, centralPence: pence, highPence: pence, ceilingPence: pence, sha256: z.string(), madeAt: z.string(), madeBy: z.string().nullable(),
});
export type ForecastRun = z.infer<typeof forecastRun>;

export const getForecast = endpoint({
  method: 'GET', path: '/api/agreements/:id/forecast', allow: 'seeForecast',
  summary: 'One agreement’s forecast with its assumptions in words, its months, causes of underspend, the council’s own forecasts beside ours, alerts and kept runs',
  input: z.strictObject({ id, ...asKnown }),
  output: agreementForecast.extend({
    fund: z.string(), knowledge: z.enum(knowledges), basis: z.enum(['cost', 'hours']), sha256: z.string(),
    remaining: byScenario, uncapped: byScenario, assumptions: z.array(z.string()), profileBasis: z.string(), months: z.array(forecastMonth),
    deliveredMinutes: z.number().int(), targetMinutes: z.number().int().nullable(), deliveredShare: z.number().nullable(), timeShare: z.number(),
    plan: staffPlan.nullable(), dataCauses: z.array(dataCause), causes: z.array(underspendCause), councilForecasts: z.array(councilForecast),
    alerts: z.array(forecastAlert), runs: z.array(forecastRun),
  }),
});
export type ForecastOfAgreement = z.infer<typeof getForecast.output>;

export const keepForecasts = endpoint({
  method: 'POST', path: '/api/forecast/runs', allow: 'makeForecasts',
  summary: 'Make the forecast of every agreement and keep it with its inputs and their hash; the same inputs are kept once',
  input: z.strictObject(asKnown),
  output: z.object({ runs: z.array(forecastRun) }),
});

export const getForecastRun = endpoint({
  method: 'GET', path: '/api/forecast/runs/:runId', allow: 'seeForecast',
  summary: 'A kept forecast with everything it was made from',
  input: z.strictObject({ runId: id }),
  output: forecastRun.extend({ inputs: z.unknown(), result: z.unknown() }),
});

export const setStaffPlan = endpoint({
  method: 'POST', path: '/api/agreements/:id/staff-plan', allow: 'planStaffing',
  summary: 'Say how many posts the agreement pays for, when patrols were to begin, and when empty posts are expected to be filled',
  input: z.strictObject({
    id, startsOn: isoDate, posts: z.coerce.number().int().min(0, 'Posts are 0 or more.').max(200, 'Give at most 200 posts.'),
    contractMinutesPerWeek: z.coerce.number().int().min(1, 'A week of a post has minutes.').max(2_880, 'A week of a post is at most 48 hours.'), filledOn: isoDate.optional(), reason: reasonText(),
  }),
  output: staffPlan,
});

export const enterCause = endpoint({
  method: 'POST', path: '/api/agreements/:id/underspend-causes', allow: 'explainUnderspend',
  summary: 'Enter a cause of underspend with its money and a reason; with `replaces` it stands in the place of an earlier one, and £0.00 takes that back',
  input: z.strictObject({ id, cause: z.enum(causes), fromOn: isoDate, toOn: isoDate, amountPence: pence.min(0, 'An amount of underspend is £0.00 or more.'), reason: reasonText(), replaces: id.optional() }),
  output: underspendCause,
});

export const enterCouncilForecast = endpoint({
  method: 'POST', path: '/api/agreements/:id/council-forecasts', allow: 'sendForecasts',
  summary: 'Enter a council’s quarterly return of actual and forecast, signed by its chief finance officer; one that is far from ours needs a reason. The same quarter again is a new version',
  input: z.strictObject({
    id, quarterEndsOn: isoDate, actualPence: pence.min(0, 'What was spent is £0.00 or more.'), outturnPence: pence.min(0, 'An outturn is £0.00 or more.'),
    signedBy: freeText(80).min(1, 'Say who signed, by title.').describe('The title of who signed, not a name'), receivedOn: isoDate, reason: freeText(500).default(''),
  }),
  output: councilForecast,
});

export const overrideRating = endpoint({
  method: 'POST', path: '/api/agreements/:id/rating', allow: 'overrideRatings',
  summary: 'Show another rating beside the computed one until a day, with a reason; without a rating the override ends',
  input: z.strictObject({ id, rating: z.enum(ratings).optional(), untilOn: isoDate, reason: reasonText() }),
  output: rated,
});

export const acknowledgeAlert = endpoint({
  method: 'POST', path: '/api/forecast/alerts/:alertId/acknowledgement', allow: 'acknowledgeAlerts',
  summary: 'Acknowledge an alert once, saying what is done about it',
  input: z.strictObject({ alertId: id, reason: reasonText() }),
  output: forecastAlert,
});
