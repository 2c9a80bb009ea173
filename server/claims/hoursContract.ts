/** Which recorded hours an agreement pays for, and what is done about those it does not. */
import { z } from 'zod';
import { endpoint, id, isoDate, pence, wholeNumber } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';
import { rateBands } from '../grants/contract.ts';
import { staffCategories } from '../patrols/contract.ts';

/** Why a minute is not paid, in the order in which it is asked. */
export const hoursReasons = [
  'claimed before', 'outside agreement', 'hotspot not live', 'hotspot not named', 'police time', 'staff not paid', 'joint patrol', 'not employed', 'not vetted', 'not trained', 'not accredited', 'not named', 'no rate',
  'overlap', 'over the shift',
] as const;
export type HoursReason = (typeof hoursReasons)[number];
/** What a second person may accept; the others are put right where they are wrong, or nobody would know who was paid for what. */
export const waivableReasons = ['hotspot not live', 'not employed', 'not vetted', 'not trained', 'not accredited', 'not named', 'over the shift'] as const satisfies readonly HoursReason[];

/** What happens with persons on a visit who are not named: paid while cleared wardens are free, always, or never. */
export const unnamedRules = ['cover', 'pay', 'refuse'] as const;
export type UnnamedRule = (typeof unnamedRules)[number];

const span = { from: isoDate.optional().describe('First day; with no days given, the ledger’s latest period that has begun'), to: isoDate.optional().describe('Last day, included') };

const line = z.object({
  head: z.string(), band: z.enum(rateBands), pencePerHour: pence,
  /** First day of the rate. */
  validFrom: isoDate,
  /** Person-minutes. */
  minutes: z.number().int(),
  /** Minutes × pence an hour ÷ 60, rounded half up once. */
  amountPence: pence,
  /** What of it fits under what is left of the agreement. */
  payablePence: pence,
  visits: z.array(z.object({ visitId: id, minutes: z.number().int(), amountPence: pence })),
});

export const decisionStates = ['explained', 'accepted', 'declined', 'corrected'] as const;

export const hoursDecision = z.object({
  id, visitId: id, day: isoDate, reason: z.enum(hoursReasons), minutes: z.number().int(), state: z.enum(decisionStates),
  explanation: z.string(), explainedAt: z.string(),
  /** True when whoever asks wrote the explanation: somebody else decides. */
  own: z.boolean(),
  decidedAt: z.string().nullable(), decidedWhy: z.string().nullable(),
});
export type HoursDecision = z.infer<typeof hoursDecision>;

const refusal = z.object({
  key: z.string(), visitId: id, hotspot: z.string(), day: isoDate,
  /** Instants. */
  from: z.string(), to: z.string(),
  wardenReference: z.string().nullable(), persons: z.number().int(), minutes: z.number().int(),
  reason: z.enum(hoursReasons), says: z.string(), cure: z.string(),
  /** Visits it clashes with. */
  rows: z.array(id),
  mayBeAccepted: z.boolean(),
  decision: hoursDecision.nullable(),
});
export type Refusal = z.infer<typeof refusal>;

/** A visit that stands behind a line or a refusal. */
export const checkedVisit = z.object({
  id, hotspotId: id, hotspot: z.string(), startedAt: z.string(), endedAt: z.string(), minutes: z.number().int(), persons: z.number().int(),
  staffCategory: z.enum(staffCategories), patrolReference: z.string(), wardens: z.array(z.string()),
});
export type CheckedVisit = z.infer<typeof checkedVisit>;

export const hoursTotals = z.object({
  recordedPersonMinutes: z.number().int(), payablePersonMinutes: z.number().int(), refusedPersonMinutes: z.number().int(), acceptedPersonMinutes: z.number().int(),
  recordedPatrolMinutes: z.number().int(), payablePatrolMinutes: z.number().int(),
  amountPence: pence, payablePence: pence,
  /** Null when no hour is paid. */
  pencePerPersonHour: pence.nullable(), pencePerPatrolHour: pence.nullable(),
  /** What is left under the agreement for these lines; null where there is no ledger to ask. */
  leftPence: pence.nullable(),
});

export const hoursCheck = z.object({
  agreementId: id, reference: z.string(), council: z.string(), from: isoDate, to: isoDate,
  /** The ledger's periods: what is claimed at once. */
  periods: z.array(z.object({ from: isoDate, to: isoDate })),
  lines: z.array(line), refused: z.array(refusal), decisions: z.array(hoursDecision), visits: z.array(checkedVisit), totals: hoursTotals,
  /** What an hour is, and the rules that held, in sentences. */
  definitions: z.array(z.string()),
});
export type HoursCheck = z.infer<typeof hoursCheck>;
export type HoursCheckLine = HoursCheck['lines'][number];

export const getHoursCheck = endpoint({
  method: 'GET', path: '/api/agreements/:id/hours-check', allow: 'seeMoney',
  summary: 'Recorded hours of an agreement checked: lines to claim by band and rate, and every refused minute with its reason and its rows',
  input: z.strictObject({ id, ...span }),
  output: hoursCheck,
});

const decisionId = id.describe('Made where it is entered: sent again, it changes nothing more');

export const explainHours = endpoint({
  method: 'POST', path: '/api/agreements/:id/hours-explanations', allow: 'explainHours',
  summary: 'Explain refused minutes, for a second person to accept',
  input: z.strictObject({ id, ...span, decisionId, key: z.string().max(300).describe('The refusal’s key, from the check'), explanation: reasonText() }),
  output: hoursDecision,
});

export const decideHours = endpoint({
  method: 'POST', path: '/api/agreements/:id/hours-explanations/:decisionId/decision', allow: 'acceptHours',
  summary: 'Accept explained minutes, which are then paid, or decline them; never who explained them',
  input: z.strictObject({ id, decisionId: id, decision: z.enum(['accepted', 'declined']), why: reasonText() }),
  output: hoursDecision,
});

export const fillClaim = endpoint({
  method: 'POST', path: '/api/claims/:id/hours-lines', allow: 'prepareClaims',
  summary: 'Fill a draft claim on verified hours from the check of its days: one line for each band and rate. Filled again it is the same',
  input: z.strictObject({ id }),
  output: z.object({ claimId: id, lines: z.number().int(), minutes: z.number().int(), claimedPence: pence, refusedPersonMinutes: z.number().int() }),
});

export const correctVisit = endpoint({
  method: 'POST', path: '/api/agreements/:id/hours-corrections', allow: 'correctVisits',
  summary: 'Correct a recorded visit, with a reason; not once its minutes stand in a claim. What it was stays in its history',
  input: z.strictObject({
    id, visitId: id, key: z.string().max(300).optional().describe('The refusal it puts right'), hotspotId: id, startedAt: freeText(40).min(1, 'Give the start.'), endedAt: freeText(40).min(1, 'Give the end.'), staffCategory: z.enum(staffCategories),
    persons: wholeNumber.min(1, 'At least one person makes a visit.').max(20, 'More than 20 persons is not one visit.'),
    patrolReference: freeText(40).min(1, 'Give the patrol’s reference.'), wardens: z.array(freeText(40)).max(20), reason: reasonText(),
  }),
  output: checkedVisit,
});
