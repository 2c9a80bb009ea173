/** Asking more of an allocation: other money or wardens, two runs side by side, and the weeks to an agreement's end. */
import { z } from 'zod';
import { commaList, endpoint, id, isoDate, pence, wholeNumber } from '../endpoint.ts';
import { jobStarted } from '../work/contract.ts';
import { allocationRun } from './contract.ts';

const shortfall = z.object({ hotspotId: id.nullable(), hotspot: z.string().nullable(), rule: z.string(), wanted: z.number().int(), got: z.number().int(), why: z.string() });

export const whatIf = endpoint({
  method: 'GET', path: '/api/allocations/:id/what-if', allow: 'seeMoney',
  summary: 'What an allocation would be for one agreement with other money, wardens, minimum visits or hours of the day; nothing is kept and the plan in force stays',
  input: z.strictObject({
    id, agreement: id,
    moneyPence: wholeNumber.min(0, 'Money is £0.00 or more.').max(1_000_000_000, 'Give at most £10,000,000 for a week.').optional(),
    wardens: wholeNumber.min(0, 'Wardens are 0 or more.').max(500, 'Give at most 500 wardens.').optional().describe('On duty in each band; left out for no limit'),
    minimumVisits: wholeNumber.min(0, 'Visits are 0 or more.').max(28, 'Give at most 28 visits a week.').optional(),
    bands: commaList.pipe(z.array(z.coerce.number<string>().int().min(0, 'Bands are 0 to 5.').max(5, 'Bands are 0 to 5.'))).optional().describe('Bands of the day in which anybody patrols, 0 for 00:00 to 04:00'),
  }),
  output: z.object({
    agreementId: id, moneyPence: pence, spentPence: pence,
    reason: z.object({ code: z.string(), text: z.string() }).nullable(),
    visits: z.number().int(), personMinutes: z.number().int(), objective: z.number(), bound: z.number(), gap: z.number(), method: z.string(),
    shadowPricePerThousandPounds: z.number(),
    hotspots: z.array(z.object({ id, name: z.string(), visits: z.number().int(), personMinutes: z.number().int() })),
    shortfalls: z.array(shortfall), binding: z.array(z.string()),
  }),
});
export type WhatIf = z.infer<typeof whatIf.output>;

const comparedInput = z.object({ name: z.string(), first: z.string().nullable(), second: z.string().nullable(), differs: z.boolean() });
export type ComparedInput = z.infer<typeof comparedInput>;
const ofRun = z.object({ weekPence: pence, spentPence: pence, visits: z.number().int(), personMinutes: z.number().int(), objective: z.number(), gap: z.number(), losers: z.number().int() }).nullable();
const comparedMoney = z.object({ agreementId: id, council: z.string(), first: ofRun, second: ofRun });
export type ComparedMoney = z.infer<typeof comparedMoney>;
const comparedHotspot = z.object({
  hotspotId: id, hotspot: z.string(), council: z.string(),
  /** Null where the run knows nothing of the hotspot: not live, or another agreement. */
  firstVisits: z.number().int().nullable(), secondVisits: z.number().int().nullable(), firstMinutes: z.number().int().nullable(), secondMinutes: z.number().int().nullable(),
});
export type ComparedHotspot = z.infer<typeof comparedHotspot>;

export const compareAllocations = endpoint({
  method: 'GET', path: '/api/allocations/:id/compared/:other', allow: 'seeMoney',
  summary: 'Two allocations side by side: what differs in what they were asked, money by agreement, hours by hotspot',
  input: z.strictObject({ id, other: id }),
  output: z.object({
    first: allocationRun, second: allocationRun, same: z.boolean(), says: z.string(),
    inputs: z.array(comparedInput), money: z.array(comparedMoney), hotspots: z.array(comparedHotspot),
  }),
});
export type ComparedRuns = z.infer<typeof compareAllocations.output>;

export const horizonWeek = z.object({ weekStart: isoDate, moneyPence: pence, prevented: z.number() });
export const horizonRun = z.object({
  id, agreementId: id, reference: z.string(), council: z.string(), fromWeek: isoDate, createdAt: z.string(), hash: z.string(), seed: z.number().int(),
  moneyPence: pence, leftPence: pence,
  /** Incidents prevented with the money divided so, the most any division prevents, and with every week given the same. */
  prevented: z.number(), bound: z.number(), gap: z.number(), evenly: z.number(), betterBy: z.number(),
  weeks: z.array(horizonWeek),
});
export type HorizonRun = z.infer<typeof horizonRun>;

export const startHorizon = endpoint({
  method: 'POST', path: '/api/allocation-horizons', allow: 'planPatrols',
  summary: 'Divide the money left of an agreement over its weeks from a Monday on so that most incidents are prevented; the job’s result names what was kept. No plan in force changes',
  input: z.strictObject({ agreement: id, fromWeek: isoDate.describe('A Monday') }),
  output: jobStarted,
});

export const listHorizons = endpoint({
  method: 'GET', path: '/api/allocation-horizons', allow: 'seeMoney',
  summary: 'The latest 50 divisions of agreements’ money over weeks, newest first',
  input: z.strictObject({ agreement: id.optional() }),
  output: z.object({ horizons: z.array(horizonRun) }),
});
