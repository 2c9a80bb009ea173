/**
 * Rotas: who works which shift.
 *
 * What is published is read by SQL from the view `rota_shift_in_force`, one row a shift of the latest version of its rota:
 *   id uuid            the shift, the same in every version: what a round hangs on (`rota_shift.shift_key`)
 *   shift_id uuid      its row in this version (`rota_shift.id`; `rota_shift_warden (shift_id, warden_id)` holds who is on it)
 *   rota_id, version_id uuid, version integer
 *   council_code text, day date (the local day it starts on), shift_code text, shift_name text
 *   starts_at, ends_at timestamptz, minutes integer (real minutes: 540 and 420 in the nights the clocks change)
 *   cover_wanted, crew_size smallint (persons)
 *   wardens uuid[]     `warden.id`s on it; a signed-in warden sees only the own id, leads and the office all
 * Every version stays in `rota_version`, `rota_shift` and `rota_shift_warden`, which refuse change. A shift that a later version no longer has is not in the view.
 */
import { z } from 'zod';
import { endpoint, id, isoDate, wholeNumber } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';

export const publishedShift = z.object({
  id, rotaId: id, version: z.number().int(), councilCode: z.string(), day: isoDate, code: z.string(), name: z.string(),
  startsAt: z.string(), endsAt: z.string(), minutes: z.number().int(),
  coverWanted: z.number().int(), crewSize: z.number().int(),
  /** References of the wardens on it that the reader may see. */
  wardens: z.array(z.string()),
});
export type PublishedShift = z.infer<typeof publishedShift>;

/** A council by code or by name. */
export const council = z.string().trim().min(1).max(80).optional();
export const shiftCode = z.string().regex(/^[a-z0-9-]{1,12}$/, 'Give a code of up to 12 small letters, digits and dashes, such as “late”.');
const minuteOfDay = wholeNumber.min(0).max(1439);
const crewsOfDay = wholeNumber.min(0).max(20);

const shiftTypeFields = {
  code: shiftCode,
  name: freeText(40).min(1, 'Give the shift a name, such as “Late”.'),
  /** Minutes of the local day; an end at or before the start is on the next day. */
  startMinute: minuteOfDay, endMinute: minuteOfDay,
  /** Crews wanted from Monday to Sunday. */
  crews: z.array(crewsOfDay).length(7, 'Give the crews of each of the seven days.'),
  /** Crews wanted on a bank holiday; null for those of its weekday. */
  bankHolidayCrews: crewsOfDay.nullable().default(null),
  crewSize: wholeNumber.min(1).max(6).default(2),
  breakMinutes: wholeNumber.min(0).max(120).default(30),
  validFrom: isoDate,
  /** The first day it is no longer worked. */
  validTo: isoDate.nullable().default(null),
};
export const shiftType = z.object({ id, councilCode: z.string(), ...shiftTypeFields });
export type ShiftTypeRow = z.infer<typeof shiftType>;

export const listShiftTypes = endpoint({
  method: 'GET', path: '/api/shift-types', allow: 'seeRotas',
  summary: 'The shifts councils work, with their dates and the crews wanted',
  input: z.strictObject({ council }),
  output: z.object({ types: z.array(shiftType) }),
});

export const addShiftType = endpoint({
  method: 'POST', path: '/api/shift-types', allow: 'planRotas',
  summary: 'Enter a shift the council works. Its id is made where it is entered: sent again, it is kept once',
  input: z.strictObject({ shiftTypeId: id, ...shiftTypeFields }),
  output: shiftType,
});

export const changeShiftType = endpoint({
  method: 'PUT', path: '/api/shift-types/:id', allow: 'planRotas',
  summary: 'Change a shift the council works; what is published stays as it is',
  input: z.strictObject({ id, ...shiftTypeFields, reason: reasonText() }),
  output: shiftType,
});

export const rota = z.object({
  id, councilCode: z.string(), council: z.string(),
  startsOn: isoDate,
  /** Included. */
  endsOn: isoDate,
  /** The latest published version; null while none is. */
  version: z.number().int().nullable(),
  publishedAt: z.string().nullable(),
  /** Requests that wait for the lead. */
  waiting: z.number().int(),
});
export type Rota = z.infer<typeof rota>;

export const listRotas = endpoint({
  method: 'GET', path: '/api/rotas', allow: 'seeRotas',
  summary: 'Rotas of councils, the latest first, with what is published',
  input: z.strictObject({ council }),
  output: z.object({ rotas: z.array(rota) }),
});

export const addRota = endpoint({
  method: 'POST', path: '/api/rotas', allow: 'planRotas',
  summary: 'Begin a rota: a first draft at once, a better one worked out behind it. Its id is made where it is entered: sent again, it is kept once',
  input: z.strictObject({ rotaId: id, startsOn: isoDate, endsOn: isoDate.optional() }),
  output: z.object({ id, jobId: id.nullable() }),
});

export const removeRota = endpoint({
  method: 'DELETE', path: '/api/rotas/:id', allow: 'planRotas',
  summary: 'Take out a rota of which nothing was ever published',
  input: z.strictObject({ id, reason: reasonText() }),
  output: z.object({ done: z.literal(true) }),
});
