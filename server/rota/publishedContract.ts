/** What is published of rotas: versions, who was told, a warden's own shifts, swaps and cover, and calendars. */
import { z } from 'zod';
import { endpoint, id, isoDate } from '../endpoint.ts';
import { reasonText } from '../freeText.ts';
import { council, publishedShift, rota } from './contract.ts';

export const waysTold = ['in_person', 'telephone', 'print'] as const;
export const wayToldNames: Record<string, string> = { service: 'Own shifts in the service', calendar: 'Calendar', in_person: 'In person', telephone: 'By telephone', print: 'In print' };

export const rotaVersion = z.object({
  id, number: z.number().int(), publishedAt: z.string(), publishedBy: z.string().nullable(), note: z.string(),
  cost: z.number(), bound: z.number().nullable(), inputSha256: z.string(), contentSha256: z.string(),
  breaches: z.array(z.object({ regulation: z.string(), sentence: z.string(), reason: z.string() })),
  /** Whose shifts differ from the version before, and how each was told. */
  changed: z.array(z.object({ wardenId: id, reference: z.string(), says: z.string(), told: z.array(z.object({ how: z.string(), at: z.string() })) })),
});
export type RotaVersion = z.infer<typeof rotaVersion>;

export const getPublishedRota = endpoint({
  method: 'GET', path: '/api/rotas/:id', allow: 'seeRotas',
  summary: 'A rota as it is published, with its versions',
  input: z.strictObject({ id }),
  output: z.object({ rota, shifts: z.array(publishedShift), versions: z.array(rotaVersion) }),
});

export const listPublishedShifts = endpoint({
  method: 'GET', path: '/api/rota-shifts', allow: 'seeRotas',
  summary: 'Published shifts from one day to another, both included',
  input: z.strictObject({ council, from: isoDate, to: isoDate }),
  output: z.object({ shifts: z.array(publishedShift) }),
});

export const recordTold = endpoint({
  method: 'POST', path: '/api/rota-versions/:id/told', allow: 'planRotas',
  summary: 'Note that wardens were told of a version, and how',
  input: z.strictObject({ id, wardenIds: z.array(id).min(1).max(200), how: z.enum(waysTold) }),
  output: z.object({ done: z.literal(true) }),
});

export const rotaRequest = z.object({
  id, rotaId: id, wardenId: id, reference: z.string(), kind: z.enum(['cover', 'swap']), reason: z.string(),
  state: z.enum(['asked', 'granted', 'refused', 'withdrawn']), askedAt: z.string(),
  shift: publishedShift.nullable(), returnShift: publishedShift.nullable(),
  takenBy: z.string().nullable(), decidedWhy: z.string().nullable(),
});
export type RotaRequest = z.infer<typeof rotaRequest>;

export const listRequests = endpoint({
  method: 'GET', path: '/api/rota-requests', allow: 'planRotas',
  summary: 'Swaps and cover that wardens asked for',
  input: z.strictObject({ council }), output: z.object({ requests: z.array(rotaRequest) }),
});

export const whoMayTake = endpoint({
  method: 'GET', path: '/api/rota-requests/:id/choices', allow: 'planRotas',
  summary: 'Who could take a shift that is given away, and what each would break',
  input: z.strictObject({ id }),
  output: z.object({ choices: z.array(z.object({ wardenId: id, reference: z.string(), breaches: z.array(z.object({ regulation: z.string(), sentence: z.string() })) })) }),
});

export const decideRequest = endpoint({
  method: 'PUT', path: '/api/rota-requests/:id', allow: 'planRotas',
  summary: 'Grant a swap or cover, which publishes a new version, or refuse it with a reason',
  input: z.strictObject({ id, decision: z.enum(['granted', 'refused']), takenBy: id.optional().describe('The warden who takes the shift, where it is granted'), why: reasonText() }),
  output: rotaRequest,
});

const calendar = z.object({ id, madeAt: z.string() });

export const listOwnShifts = endpoint({
  method: 'GET', path: '/api/own-shifts', allow: 'useOwnShifts',
  summary: 'The signed-in warden’s own published shifts, requests and calendars',
  input: z.strictObject({}),
  output: z.object({
    /** Null where the lead has not said which warden the account is. */
    reference: z.string().nullable(),
    shifts: z.array(publishedShift), requests: z.array(rotaRequest), calendars: z.array(calendar),
    /** Of the own shifts those that have not begun: what can be asked about. */
    toCome: z.array(id),
    /** Shifts to come of the same rotas on which the warden is not: what can be wanted in return. */
    others: z.array(publishedShift),
  }),
});

export const askForRequest = endpoint({
  method: 'POST', path: '/api/own-shifts/requests', allow: 'useOwnShifts',
  summary: 'Ask for cover of an own shift, or to swap it for another. Its id is made where it is entered: sent again, it is kept once',
  input: z.strictObject({ requestId: id, shiftId: id, returnShiftId: id.nullable().default(null), reason: reasonText() }),
  output: rotaRequest,
});

export const withdrawRequest = endpoint({
  method: 'DELETE', path: '/api/own-shifts/requests/:id', allow: 'useOwnShifts',
  summary: 'Withdraw a request that waits', input: z.strictObject({ id }), output: rotaRequest,
});

export const makeCalendar = endpoint({
  method: 'POST', path: '/api/own-shifts/calendars', allow: 'useOwnShifts',
  summary: 'Make an address that a calendar reads the own shifts from; it is shown once',
  input: z.strictObject({}), output: calendar.extend({ path: z.string() }),
});

export const revokeCalendar = endpoint({
  method: 'DELETE', path: '/api/own-shifts/calendars/:id', allow: 'useOwnShifts',
  summary: 'Take a calendar’s address back: from then on it answers nothing', input: z.strictObject({ id }), output: z.object({ done: z.literal(true) }),
});

export const revokeCalendarsOf = endpoint({
  method: 'DELETE', path: '/api/wardens/:id/calendars', allow: 'planRotas',
  summary: 'Take back every calendar address of a warden', input: z.strictObject({ id }), output: z.object({ revoked: z.number().int() }),
});

export const readCalendar = endpoint({
  method: 'GET', path: '/api/calendars/:token', allow: 'anyone',
  summary: 'A warden’s published shifts as an iCalendar file, for whoever has the address',
  input: z.strictObject({ token: z.string().regex(/^[A-Za-z0-9_-]{43}(\.ics)?$/, 'That is not the address of a calendar.') }), output: z.null(), sends: 'text/calendar; charset=utf-8',
});
