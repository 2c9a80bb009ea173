/** What wardens hold and since when: vetting, training, accreditation. By reference, never by name. */
import { z } from 'zod';
import { endpoint, id, isoDate } from '../endpoint.ts';
import { reasonText } from '../freeText.ts';
import { heldKinds } from './contract.ts';

export const clearance = z.object({
  id, wardenId: id, reference: z.string(), councilCode: z.string(), kind: z.enum(heldKinds),
  validFrom: isoDate,
  /** The first day it no longer holds. */
  validTo: isoDate.nullable(),
});
export type Clearance = z.infer<typeof clearance>;

const council = z.string().trim().min(1).max(80).optional();
const dates = { kind: z.enum(heldKinds), validFrom: isoDate, validTo: isoDate.nullish() };

export const listClearances = endpoint({
  method: 'GET', path: '/api/clearances', allow: 'seeMoney',
  summary: 'What wardens hold and from when to when, by reference',
  input: z.strictObject({ council }),
  output: z.object({ clearances: z.array(clearance) }),
});

export const addClearance = endpoint({
  method: 'POST', path: '/api/wardens/:id/clearances', allow: 'manageWardens',
  summary: 'Enter a warden’s vetting, training or accreditation with its dates. Its id is made where it is entered: sent again, it is kept once',
  input: z.strictObject({ id, clearanceId: id, ...dates }),
  output: clearance,
});

export const changeClearance = endpoint({
  method: 'PUT', path: '/api/clearances/:id', allow: 'manageWardens',
  summary: 'Change the dates or the kind of what a warden holds',
  input: z.strictObject({ id, ...dates, reason: reasonText() }),
  output: clearance,
});

export const removeClearance = endpoint({
  method: 'DELETE', path: '/api/clearances/:id', allow: 'manageWardens',
  summary: 'Take out a clearance that was entered by mistake; what it was stays in the history',
  input: z.strictObject({ id, reason: reasonText() }),
  output: clearance,
});
