/** Correcting and withdrawing what was recorded, and the history of it. */
import { z } from 'zod';
import { endpoint, id, isoDate } from '../endpoint.ts';
import { reasonText } from '../freeText.ts';
import { visit, visitInput } from '../patrols/contract.ts';
import { fixesFound } from './contract.ts';

export const visitChange = z.object({
  visitId: id, number: z.number().int(), kind: z.enum(['corrected', 'withdrawn']),
  before: visit,
  /** Null for a withdrawal. */
  after: visit.nullable(),
  reason: z.string(), changedAt: z.string(),
  /** Null for whom the reader may not see. */
  changedBy: z.string().nullable(),
});
export type VisitChange = z.infer<typeof visitChange>;

export const visitFixes = z.array(z.object({ moment: z.enum(['arrived', 'left']), found: z.enum(fixesFound), accuracyMetres: z.number().int().nullable() }));

export const getVisitHistory = endpoint({
  method: 'GET', path: '/api/visits/:id/history', allow: 'seePatrols',
  summary: 'A visit with everything that was corrected, or the visit as it was before it was withdrawn',
  input: z.strictObject({ id }),
  output: z.object({ visit, withdrawn: z.boolean(), recordedAt: z.string().nullable(), fixes: visitFixes, changes: z.array(visitChange) }),
});

const { id: _id, recordedHow: _how, ...correctable } = visitInput;

export const correctRecordedVisit = endpoint({
  method: 'POST', path: '/api/visits/:id/corrections', allow: 'correctVisits',
  summary: 'Correct a recorded visit, with a reason; not once its minutes stand in a claim. What it was is kept',
  input: z.strictObject({ id, ...correctable, reason: reasonText() }),
  output: visit,
});

export const withdrawRecordedVisit = endpoint({
  method: 'POST', path: '/api/visits/:id/withdrawal', allow: 'correctVisits',
  summary: 'Take a visit out of the record, with a reason; a phone or a file that sends it again does not bring it back',
  input: z.strictObject({ id, reason: reasonText() }),
  output: z.object({ id }),
});

export const listVisitChanges = endpoint({
  method: 'GET', path: '/api/visit-changes', allow: 'seePatrols',
  summary: 'Visits that were corrected or withdrawn between two days, both included, newest first',
  input: z.strictObject({ from: isoDate, to: isoDate, council: z.string().trim().min(1).max(80).optional() }),
  output: z.object({ changes: z.array(visitChange) }),
});
