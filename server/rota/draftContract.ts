/** A rota's draft: who works what, what it breaks and costs, and what is done with it. Seen by the council's lead, who sees why wardens are away. */
import { z } from 'zod';
import { endpoint, id, isoDate, wholeNumber } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';
import { rota } from './contract.ts';

/** `2023-10-28-night`: a day and a shift's code. */
const shiftId = z.string().regex(/^\d{4}-\d{2}-\d{2}-[a-z0-9-]{1,12}$/, 'Name a shift of the rota by its day and code.');
const changes = z.array(z.strictObject({ wardenId: id, shiftId, on: z.boolean() }));
const breachKey = z.string().regex(/^[A-Za-z]+\|[\w-]*\|[\w-]*\|[\w-]*$/, 'Name a breach of the rota.').max(200);

export const draftShift = z.object({
  id: z.string(), day: isoDate, code: z.string(), name: z.string(), startsAt: z.string(), endsAt: z.string(),
  /** Real minutes: 540 and 420 in the nights the clocks change. */
  minutes: z.number().int(),
  /** Persons. */
  coverWanted: z.number().int(),
});
export type DraftShift = z.infer<typeof draftShift>;

export const draftWarden = z.object({
  id, reference: z.string(),
  contractMinutesPerWeek: z.number(), plannedMinutes: z.number().int(), owedMinutes: z.number(),
  /** Minutes a week on average over the weeks up to the rota's end: 17 where as many are known. */
  averageMinutes: z.number(), averageWeeks: z.number().int(),
  optedOut: z.boolean(), noNights: z.boolean(),
  /** Days of the rota the warden is away. */
  away: z.array(z.object({ day: isoDate, reason: z.string() })),
});
export type DraftWarden = z.infer<typeof draftWarden>;

export const draftBreach = z.object({
  key: z.string(), regulation: z.string(), wardenId: z.string().nullable(), day: isoDate, sentence: z.string(),
  /** Why it stands; null while nobody has said so, and then the rota cannot be published. */
  reason: z.string().nullable(),
});
export type DraftBreach = z.infer<typeof draftBreach>;

export const rotaRun = z.object({
  id, method: z.string(), madeAt: z.string(), cost: z.number(), bound: z.number().nullable(),
  /** Share of the cost above the bound; null without one. */
  gap: z.number().nullable(),
  seed: z.string(), inputSha256: z.string(), used: z.boolean(),
});
export type RotaRun = z.infer<typeof rotaRun>;

export const rotaDraft = z.object({
  rota,
  /** Counts the changes: sent back with the next one. */
  draftNumber: z.number().int(), draftFrom: z.string(), jobId: id.nullable(),
  /** True when the draft is what is published. */
  asPublished: z.boolean(),
  bankHolidays: z.array(isoDate),
  shifts: z.array(draftShift), wardens: z.array(draftWarden),
  cells: z.array(z.object({ wardenId: id, shiftId: z.string() })),
  breaches: z.array(draftBreach),
  penalties: z.array(z.object({ kind: z.string(), sentence: z.string(), cost: z.number() })),
  notes: z.array(z.object({ regulation: z.string(), sentence: z.string() })),
  cost: z.number(), bound: z.number().nullable(), gap: z.number().nullable(),
  inputSha256: z.string(), seed: z.string(),
  runs: z.array(rotaRun),
});
export type RotaDraft = z.infer<typeof rotaDraft>;

export const getDraft = endpoint({
  method: 'GET', path: '/api/rotas/:id/draft', allow: 'planRotas',
  summary: 'A rota’s draft with every breach, every penalty, and the rosters worked out for it',
  input: z.strictObject({ id }), output: rotaDraft,
});

export const changeDraft = endpoint({
  method: 'PUT', path: '/api/rotas/:id/draft', allow: 'planRotas',
  summary: 'Put wardens on shifts and take them off; answers with what that breaks',
  input: z.strictObject({ id, draftNumber: wholeNumber.min(0), changes: changes.min(1).max(500) }),
  output: rotaDraft,
});

const said = z.object({ sentence: z.string(), regulation: z.string() });
const counted = z.object({ sentence: z.string(), cost: z.number() });
export const draftPreview = z.object({
  /** Rules that would be broken anew or worse, and those no longer broken. */
  breaks: z.array(said), mends: z.array(said),
  /** What would count that does not now, and what would count no more. */
  adds: z.array(counted), saves: z.array(counted),
  costBefore: z.number(), costAfter: z.number(),
});
export type DraftPreview = z.infer<typeof draftPreview>;

export const previewDraft = endpoint({
  method: 'POST', path: '/api/rotas/:id/draft/preview', allow: 'planRotas',
  summary: 'What some changes of a draft would break, mend and cost, looked over as a change is; nothing is changed',
  input: z.strictObject({ id, changes: changes.min(1).max(20) }),
  output: draftPreview,
});

export const allowBreach = endpoint({
  method: 'PUT', path: '/api/rotas/:id/exceptions', allow: 'planRotas',
  summary: 'Let a breach stand, with the reason that is published with it',
  input: z.strictObject({ id, breach: breachKey, reason: reasonText() }), output: rotaDraft,
});

export const solveRota = endpoint({
  method: 'POST', path: '/api/rotas/:id/runs', allow: 'planRotas',
  summary: 'Work out a rota anew; it replaces the draft when nobody changed it meanwhile',
  input: z.strictObject({ id }), output: z.object({ jobId: id }),
});

export const takeRun = endpoint({
  method: 'POST', path: '/api/rotas/:id/draft', allow: 'planRotas',
  summary: 'Make a roster that was worked out the draft',
  input: z.strictObject({ id, runId: id, draftNumber: wholeNumber.min(0) }), output: rotaDraft,
});

export const publishRota = endpoint({
  method: 'POST', path: '/api/rotas/:id/versions', allow: 'planRotas',
  summary: 'Publish the draft as a version that never changes; a breach without a reason is refused',
  input: z.strictObject({ id, draftNumber: wholeNumber.min(0), note: freeText(500).default('') }),
  output: z.object({ versionId: id, number: z.number().int() }),
});
