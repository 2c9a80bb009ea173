/** What was delivered of what was planned: by hotspot, week and band, with its gaps, its cost, what was missed and why, and the alerts. */
import { z } from 'zod';
import { endpoint, id, isoDate, pence, wholeNumber } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';

const council = z.string().trim().min(1).max(80).optional().describe('A council’s code or name');
const monday = isoDate.describe('A Monday');
const minutes = z.number().int();

/** One band of the week over the weeks asked for that have a plan; over all of them where none has one. */
const band = z.object({
  hotspotId: id, /** 1 is Monday. */ day: z.number().int(), /** 0 for 00:00 to 04:00. */ band: z.number().int(),
  plannedVisits: minutes, plannedPersonMinutes: minutes, deliveredVisits: minutes, deliveredPersonMinutes: minutes,
});
export type DeliveredBand = z.infer<typeof band>;

const gap = z.object({ hotspotId: id, hotspot: z.string(), councilCode: z.string(), /** The last day with a visit, or the one before visits were to begin. */ afterOn: isoDate, /** The day of the next visit; null while none came. */ untilOn: isoDate.nullable(), days: z.number().int() });
export type DeliveryGap = z.infer<typeof gap>;

const classes = z.object({ A: minutes, B: minutes, C: minutes, D: minutes });

/** £ per patrol-hour beside what it is; null where nothing is claimed or nothing patrolled, and `says` tells which. */
const cost = z.object({
  agreementId: id, reference: z.string(), council: z.string(), from: isoDate, to: isoDate, claims: z.number().int(),
  claimedPence: pence, verifiedPence: pence, patrolMinutes: minutes, personMinutes: minutes,
  claimedPencePerHour: pence.nullable(), verifiedPencePerHour: pence.nullable(), says: z.string(),
});
export type PatrolHourCost = z.infer<typeof cost>;

const missed = z.object({ reason: z.string(), visits: z.number().int() });

export const getDelivery = endpoint({
  method: 'GET', path: '/api/delivery', allow: 'seePatrols',
  summary: 'Planned against delivered by band of the week, gaps without a visit, minutes by evidence class, what was missed and why, and the cost of a patrol-hour beside its definition',
  input: z.strictObject({ from: monday, to: monday, council, hotspot: id.optional() }),
  output: z.object({
    from: isoDate, /** Last day, included. */ to: isoDate,
    /** How many of the weeks have a plan. */
    weeks: z.number().int(), plannedWeeks: z.number().int(),
    totals: z.object({
      plannedVisits: minutes.nullable(), plannedPersonMinutes: minutes.nullable(), deliveredVisits: minutes, patrols: minutes, patrolMinutes: minutes, personMinutes: minutes,
      qualifyingVisits: minutes, qualifyingMinutes: z.number(), /** Visits in bands that the plan did not have. */ outsidePlan: minutes, personMinutesByClass: classes,
    }),
    hotspots: z.array(z.object({ id, name: z.string(), councilCode: z.string() })),
    bands: z.array(band), gapDays: z.number(), gaps: z.array(gap), missed: z.array(missed),
    /** Null for those who do not see money. */
    cost: z.object({ definition: z.string(), source: z.string(), agreements: z.array(cost) }).nullable(),
  }),
});
export type Delivery = z.infer<typeof getDelivery.output>;

export const alertKinds = ['gap', 'week', 'silent'] as const;
export const deliveryAlert = z.object({
  id, kind: z.enum(alertKinds), councilCode: z.string(), council: z.string(), hotspotId: id.nullable(), hotspot: z.string().nullable(),
  raisedOn: isoDate, sinceOn: isoDate, says: z.string(),
  endedOn: isoDate.nullable(), endedBy: z.string().nullable(),
  acknowledged: z.object({ by: z.string().nullable(), at: z.string(), reason: z.string() }).nullable(),
});
export type DeliveryAlert = z.infer<typeof deliveryAlert>;

export const listDeliveryAlerts = endpoint({
  method: 'GET', path: '/api/delivery/alerts', allow: 'seePatrols',
  summary: 'Alerts of gaps, of weeks behind their plan and of councils that record nothing: those that stand on a day, or the latest 200 with those that ended',
  input: z.strictObject({ on: isoDate.optional().describe('As it had happened by this day; today unless told'), all: z.enum(['yes']).optional(), council }),
  output: z.object({ on: isoDate, alerts: z.array(deliveryAlert) }),
});

export const acknowledgeDeliveryAlert = endpoint({
  method: 'POST', path: '/api/delivery/alerts/:alertId/acknowledgement', allow: 'acknowledgeDeliveryAlerts',
  summary: 'Acknowledge an alert once, saying what is done about it; it ends by itself when the visit comes',
  input: z.strictObject({ alertId: id, reason: reasonText() }),
  output: deliveryAlert,
});

const boardHotspot = z.object({
  hotspotId: id, hotspot: z.string(), councilCode: z.string(),
  /** Null where no plan was made for the week. */
  plannedMinutes: minutes.nullable(), plannedVisits: minutes.nullable(), /** Of the plan's bands that are over. */ plannedByNowMinutes: minutes.nullable(),
  /** Null while patrols have not begun. */
  deliveredMinutes: minutes.nullable(), deliveredVisits: minutes.nullable(), owedMinutes: minutes.nullable(),
  lastVisitOn: isoDate.nullable(), /** Whole days since the last visit, or since visits were to begin; null while patrols have not begun. */ gapDays: z.number().int().nullable(),
  missedVisits: minutes,
});
export type BoardHotspot = z.infer<typeof boardHotspot>;

const boardMoney = z.object({
  agreementId: id, reference: z.string(), council: z.string(),
  weekPence: pence, plannedPence: pence, deliveredPence: pence, leftPence: pence, agreementLeftPence: pence,
});
export type BoardMoney = z.infer<typeof boardMoney>;

export const getWeekBoard = endpoint({
  method: 'GET', path: '/api/week-board', allow: 'seePatrols',
  summary: 'A week at a glance: hours owed by hotspot against planned and delivered, gaps, money left, what was missed',
  input: z.strictObject({ week: monday.optional(), council }),
  output: z.object({
    week: isoDate, /** The last day that is looked at: today, or the week's Sunday when it is over. */ on: isoDate,
    gapLimitDays: z.number(), hotspots: z.array(boardHotspot),
    days: z.array(z.object({ date: isoDate, plannedMinutes: minutes.nullable(), deliveredMinutes: minutes.nullable() })),
    /** Empty for those who do not see money. */
    money: z.array(boardMoney), moneyDefinition: z.string(),
    /** Mondays with a plan in force, latest first. */
    plannedWeeks: z.array(isoDate),
  }),
});
export type WeekBoard = z.infer<typeof getWeekBoard.output>;

export const priority = z.object({ id, position: z.number().int(), words: z.string(), fromOn: isoDate, /** First day it no longer holds. */ untilOn: isoDate.nullable(), setBy: z.string().nullable(), setAt: z.string() });
export type Priority = z.infer<typeof priority>;

export const getHotspotDelivery = endpoint({
  method: 'GET', path: '/api/hotspots/:id/delivery', allow: 'seePatrols',
  summary: 'A hotspot’s own page for those who patrol it: priorities, last visits, the plan, notes for the next shift, peak hours where a source has times, and its weeks',
  input: z.strictObject({ id, on: isoDate.optional() }),
  output: z.object({
    on: isoDate, priorities: z.array(priority), formerPriorities: z.array(priority),
    lastVisits: z.array(z.object({ id, startedAt: z.string(), minutes, persons: z.number().int(), evidenceClass: z.string(), patrolReference: z.string(), actions: z.number().int() })),
    /** The latest week up to the day with a plan; null where none has one. */
    plan: z.object({ week: isoDate, cells: z.array(z.object({ day: z.number().int(), band: z.number().int(), visits: z.number().int(), personMinutes: minutes })) }).nullable(),
    notes: z.array(z.object({ note: z.string(), writtenAt: z.string(), expiresAt: z.string() })),
    /** Incidents by band of the week (42) over the twelve months with data; null where no source gives times. */
    peak: z.object({ from: isoDate, to: isoDate, sources: z.array(z.string()), counts: z.array(z.number().int()), says: z.string() }).nullable(),
    /** The twelve weeks up to the day; they may begin before the first day a date may be. */
    weeks: z.array(z.object({ week: z.string(), plannedMinutes: minutes.nullable(), deliveredMinutes: minutes.nullable() })),
    alerts: z.array(deliveryAlert),
  }),
});
export type HotspotDelivery = z.infer<typeof getHotspotDelivery.output>;

export const setPriority = endpoint({
  method: 'PUT', path: '/api/hotspots/:id/priorities/:position', allow: 'keepPriorities',
  summary: 'Say what comes first, second or third at a hotspot from a day on; what stood there ends the day before. Without words the place is empty from that day',
  input: z.strictObject({ id, position: wholeNumber.min(1, 'A priority is 1, 2 or 3.').max(3, 'A priority is 1, 2 or 3.'), words: freeText(140).default(''), fromOn: isoDate, untilOn: isoDate.optional().describe('The last day it holds') }),
  output: z.object({ priorities: z.array(priority) }),
});
