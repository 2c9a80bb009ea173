/** Who pays: the fund, the agreements under it, what they pay an hour, and the patrol hours their money buys in a week. */
import { z } from 'zod';
import { freeText, reasonText } from '../freeText.ts';
import { endpoint, id, isoDate, pence, wholeNumber } from '../endpoint.ts';
import { jobStarted } from '../work/contract.ts';

export const agreementStates = ['draft', 'in legal', 'sent', 'signed', 'live', 'live at risk', 'closing', 'closed'] as const;
export type AgreementState = (typeof agreementStates)[number];

export const rateBands = ['day', 'evening', 'night', 'saturday', 'sunday', 'bank_holiday'] as const;
export type RateBand = (typeof rateBands)[number];
export const rateBandNames: Record<RateBand, string> = {
  day: 'Day', evening: 'Evening', night: 'Night', saturday: 'Saturday', sunday: 'Sunday', bank_holiday: 'Bank holiday',
};

const council = z.string().trim().min(1).max(80).optional().describe('A council’s code or name');
const words = (what: string, most: number) => freeText(most).min(1, `Enter ${what}.`);

const wholePence = z.number('Give whole pence as a number.').int('Give whole pence, without a fraction.');

/**
 * An amount to be kept: whole pence as a number under `<name>Pence`, or pounds as people write them under `<name>`, one of the two.
 * Both are optional here; the handler says which is missing or wrong.
 */
const amount = <N extends string>(name: N) =>
  ({ [`${name}Pence`]: wholePence.optional(), [name]: z.string().max(40).optional().describe('Pounds as text, for example £1,234.56') }) as
    Record<`${N}Pence`, z.ZodOptional<typeof wholePence>> & Record<N, z.ZodOptional<z.ZodString>>;

export const fund = z.object({
  id, name: z.string(), funder: z.string(), purpose: z.string(),
  awardPence: pence,
  startsOn: isoDate, endsOn: isoDate,
  /** The ceilings of all its agreements together; null for a council, which sees its own agreement only. */
  agreedPence: pence.nullable(),
  unagreedPence: pence.nullable(),
});
export type Fund = z.infer<typeof fund>;

const fundInput = {
  name: words('the fund’s name', 120), funder: words('who pays', 120), purpose: words('what the fund is for', 1000),
  ...amount('award'), startsOn: isoDate, endsOn: isoDate,
};

export const listFunds = endpoint({
  method: 'GET', path: '/api/funds', allow: 'seeMoney',
  summary: 'Funds with their award, dates and what is agreed under them',
  input: z.strictObject({}),
  output: z.object({ funds: z.array(fund) }),
});

export const addFund = endpoint({
  method: 'POST', path: '/api/funds', allow: 'changeAgreements',
  summary: 'Enter a fund and its award',
  input: z.strictObject(fundInput),
  output: fund,
});

export const changeFund = endpoint({
  method: 'PUT', path: '/api/funds/:id', allow: 'changeAgreements',
  summary: 'Change a fund; its award never falls below what is agreed',
  input: z.strictObject({ id, ...fundInput, reason: reasonText() }),
  output: fund,
});

export const rate = z.object({
  band: z.enum(rateBands),
  pencePerHour: pence,
  validFrom: isoDate,
  /** The first day it no longer holds. */
  validTo: isoDate.nullable(),
});
export type Rate = z.infer<typeof rate>;

export const agreement = z.object({
  id, fundId: id, fund: z.string(), councilCode: z.string(), council: z.string(), reference: z.string(),
  ceilingPence: pence, committedPence: pence,
  /** Ceiling less commitments. */
  availablePence: pence,
  /** First and last day, both included. */
  startsOn: isoDate, endsOn: isoDate,
  state: z.enum(agreementStates),
  /** Patrol hours for each paid hour. */
  productiveRatio: z.number(),
  rates: z.array(rate),
});
export type Agreement = z.infer<typeof agreement>;

export const listAgreements = endpoint({
  method: 'GET', path: '/api/agreements', allow: 'seeMoney',
  summary: 'Grant agreements with ceiling, commitments, what is available, dates, state and rates',
  input: z.strictObject({ council }),
  output: z.object({ agreements: z.array(agreement) }),
});

export const body = z.object({ code: z.string(), name: z.string() });
export type Body = z.infer<typeof body>;

export const listBodies = endpoint({
  method: 'GET', path: '/api/agreement-bodies', allow: 'seeMoney',
  summary: 'Whom an agreement can be made with: councils, and the police force for patrols with its support',
  input: z.strictObject({}),
  output: z.object({ bodies: z.array(body) }),
});

export const getAgreement = endpoint({
  method: 'GET', path: '/api/agreements/:id', allow: 'seeMoney',
  summary: 'One grant agreement',
  input: z.strictObject({ id }),
  output: agreement,
});

const agreementInput = {
  reference: words('the agreement’s reference', 60),
  ...amount('ceiling'), startsOn: isoDate, endsOn: isoDate,
  state: z.enum(agreementStates),
  productiveRatio: z.coerce.number().gt(0, 'The productive ratio is over 0.').max(1, 'The productive ratio is at most 1: a paid hour gives at most one patrol hour.').multipleOf(0.001, 'Give the productive ratio to three decimals at most.'),
};

export const addAgreement = endpoint({
  method: 'POST', path: '/api/agreements', allow: 'changeAgreements',
  summary: 'Enter a grant agreement with a council or the police force; the agreements of a fund never pass its award',
  input: z.strictObject({ fundId: id, councilCode: z.string().min(1, 'Choose a council.'), ...agreementInput }),
  output: agreement,
});

export const changeAgreement = endpoint({
  method: 'PUT', path: '/api/agreements/:id', allow: 'changeAgreements',
  summary: 'Change a grant agreement that is not signed; what is signed changes by a variation, the state by its own steps',
  input: z.strictObject({ id, ...agreementInput, state: z.enum(agreementStates).optional().describe('As it is, or left out'), reason: reasonText() }),
  output: agreement,
});

export const setRate = endpoint({
  method: 'POST', path: '/api/agreements/:id/rates', allow: 'changeAgreements',
  summary: 'Agree an hourly rate for a band from a day on; the rate before it ends there',
  input: z.strictObject({ id, band: z.enum(rateBands), ...amount('perHour'), validFrom: isoDate }),
  output: agreement,
});

export const commitment = z.object({ id, agreementId: id, amountPence: pence, effectiveOn: isoDate, what: z.string(), recordedAt: z.string() });
export type Commitment = z.infer<typeof commitment>;

export const listCommitments = endpoint({
  method: 'GET', path: '/api/agreements/:id/commitments', allow: 'seeMoney',
  summary: 'What is committed under an agreement, newest first',
  input: z.strictObject({ id }),
  output: z.object({ commitments: z.array(commitment) }),
});

export const addCommitment = endpoint({
  method: 'POST', path: '/api/agreements/:id/commitments', allow: 'changeAgreements',
  summary: 'Commit money under an agreement, or take a commitment back with a negative amount; never past the ceiling. Its id is made where it is entered, so that sending it twice commits once',
  input: z.strictObject({ id, commitmentId: id, ...amount('amount'), effectiveOn: isoDate, what: freeText(500).min(1, 'Enter what the money is for.') }),
  output: z.object({ commitment, agreement }),
});

export const bankHoliday = z.object({ heldOn: isoDate, name: z.string() });
export type BankHoliday = z.infer<typeof bankHoliday>;

export const listBankHolidays = endpoint({
  method: 'GET', path: '/api/bank-holidays', allow: 'seeMoney',
  summary: 'Days paid at the bank holiday rate',
  input: z.strictObject({}),
  output: z.object({ bankHolidays: z.array(bankHoliday) }),
});

export const setBankHoliday = endpoint({
  method: 'PUT', path: '/api/bank-holidays/:heldOn', allow: 'changeAgreements',
  summary: 'Enter or rename a bank holiday',
  input: z.strictObject({ heldOn: isoDate, name: words('the holiday’s name', 80) }),
  output: bankHoliday,
});

export const removeBankHoliday = endpoint({
  method: 'DELETE', path: '/api/bank-holidays/:heldOn', allow: 'changeAgreements',
  summary: 'Take a bank holiday out',
  input: z.strictObject({ heldOn: isoDate }),
  output: bankHoliday,
});

const visitPlanned = z.object({
  hotspotId: id, hotspot: z.string(), date: isoDate, band: z.number().int(), ordinal: z.number().int(),
  expected: z.number(), gain: z.number(), costPence: pence, personMinutes: z.number().int(), why: z.string(),
});

const cellPlanned = z.object({
  /** Day 1 is Monday; band 0 is 00:00 to 04:00. */
  hotspotId: id, date: isoDate, day: z.number().int(), band: z.number().int(), visits: z.number().int(),
  /** Minutes in the hotspot times persons; the same with travel and writing up. */
  personMinutes: z.number().int(), paidMinutes: z.number().int(), costPence: pence,
});

const belief = z.object({
  residualHours: z.number(),
  visits: z.number().int(), spentPence: pence,
  objective: z.number(), bound: z.number(), gap: z.number(),
  /** Incidents that the plan in force prevents if this belief is the true one. */
  ofPlan: z.number(),
});

/** What the week's plan is for one agreement, with everything that decided it. */
export const agreementPlan = z.object({
  agreementId: id, reference: z.string(), councilCode: z.string(), council: z.string(),
  /** Null when visits are given. */
  reason: z.object({ code: z.string(), text: z.string() }).nullable(),
  /** Ceiling less commitments, spread evenly over the days left of the agreement: the money for this week, rounded down. */
  money: z.object({ ceilingPence: pence, committedPence: pence, leftPence: pence, daysLeft: z.number().int(), weekPence: pence, spentPence: pence, unspentPence: pence, says: z.string() }),
  objective: z.number(), objectiveRange: z.object({ low: z.number(), high: z.number() }),
  bound: z.number(), gap: z.number(), method: z.string(),
  /** Incidents the next £1,000 would prevent. */
  shadowPricePerThousandPounds: z.number(),
  visits: z.number().int(), personMinutes: z.number().int(), paidMinutes: z.number().int(),
  hotspots: z.array(z.object({ id, name: z.string(), weeklyIncidents: z.number(), hoursFrom: z.string(), visits: z.number().int(), personMinutes: z.number().int() })),
  cells: z.array(cellPlanned),
  shortfalls: z.array(z.object({ hotspotId: id.nullable(), hotspot: z.string().nullable(), rule: z.string(), wanted: z.number().int(), got: z.number().int(), why: z.string() })),
  binding: z.array(z.string()),
  /** The same week if the effect lasts, and if it ends with the visit. */
  beliefs: z.array(belief),
  /** What other sums for the week would prevent, from the linear bound; the price of the next £1,000 is null while promises are unmet. */
  curve: z.array(z.object({ moneyPence: pence, prevented: z.number(), pointsLost: z.number(), perThousandPounds: z.number().nullable() })).default([]),
});
export type AgreementPlanOut = z.infer<typeof agreementPlan>;

const totals = { visits: z.number().int(), personMinutes: z.number().int(), spentPence: pence, objective: z.number(), bound: z.number(), gap: z.number() };

export const allocationRun = z.object({
  id, week: isoDate, createdAt: z.string(), hash: z.string(),
  /** Months of incidents the plan stands on, and what is to be known about them. */
  months: z.object({ from: z.string(), to: z.string() }),
  notes: z.array(z.string()),
  ...totals,
});
export type AllocationRun = z.infer<typeof allocationRun>;

export const startAllocation = endpoint({
  method: 'POST', path: '/api/allocations', allow: 'planPatrols',
  summary: 'Allocate a week’s patrol hours; the job’s result names the run. The plan replaces the week’s earlier one',
  input: z.strictObject({ week: isoDate.describe('A Monday'), council }),
  output: jobStarted,
});

export const listAllocations = endpoint({
  method: 'GET', path: '/api/allocations', allow: 'seeMoney',
  summary: 'The latest 100 allocations, newest first',
  input: z.strictObject({ week: isoDate.optional() }),
  output: z.object({ allocations: z.array(allocationRun) }),
});

export const getAllocation = endpoint({
  method: 'GET', path: '/api/allocations/:id', allow: 'seeMoney',
  summary: 'One allocation: for each agreement hours by hotspot and band, money, objective, bound and gap, and what was not possible',
  input: z.strictObject({ id }),
  output: allocationRun.extend({ agreements: z.array(agreementPlan), /** Of the settings it was made with. */ minimumVisits: z.number().int(), seed: z.number().int() }),
});

export const listAllocatedVisits = endpoint({
  method: 'GET', path: '/api/allocations/:id/visits', allow: 'seeMoney',
  summary: 'Every visit of an allocation with the sentence that says why it is there',
  input: z.strictObject({ id, agreement: id.optional(), hotspot: id.optional(), limit: wholeNumber.min(1).max(20_000).default(20_000) }),
  output: z.object({ visits: z.array(visitPlanned.extend({ agreementId: id })) }),
});
