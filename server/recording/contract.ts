/** What the phone page carries into the street and sends back: visits with what its fixes showed, visits missed, notes for the next shift. */
import { z } from 'zod';
import { commaList, endpoint, id, isoDate, lngLat, wholeNumber } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';
import { actionKind, staffCategories, visit, visitInput } from '../patrols/contract.ts';

/** Where a fix lay: in the outline, beside it, away from it; or there was none. The place itself never leaves the phone. */
export const fixesFound = ['inside', 'near', 'outside', 'none'] as const;
export type FixFound = (typeof fixesFound)[number];

export const fix = z.strictObject({
  found: z.enum(fixesFound),
  /** Null without a fix. */
  accuracyMetres: z.number().int().min(0, 'Give whole metres, 0 or more.').max(100_000, 'Give whole metres, at most 100,000.').nullable(),
});
export type Fix = z.infer<typeof fix>;

const prompt = z.object({ id, language: z.string(), heading: z.string(), words: z.string(), contact: z.string(), draft: z.boolean() });
export type Prompt = z.infer<typeof prompt>;

export const handoverNote = z.object({
  id, councilCode: z.string(), hotspotId: id.nullable(), hotspot: z.string().nullable(), note: z.string(), writtenAt: z.string(), expiresAt: z.string(),
  /** True for who wrote it. */
  own: z.boolean(),
});
export type HandoverNote = z.infer<typeof handoverNote>;

export const missedReason = z.object({ code: z.string(), name: z.string(), position: z.number().int(), validFrom: isoDate, validTo: isoDate.nullable() });
export type MissedReason = z.infer<typeof missedReason>;

const packHotspot = z.object({
  id, name: z.string(), councilCode: z.string(),
  /** Rings of the outline as polygons: outer ring first, then holes. */
  polygons: z.array(z.array(z.array(lngLat))),
  liveFrom: isoDate, liveTo: isoDate.nullable(),
  lastVisitAt: z.string().nullable(),
  /** Visits of the plan in force, by day and band (0 for 00:00 to 04:00). */
  planned: z.array(z.object({ date: isoDate, band: z.number().int(), visits: z.number().int() })),
});
export type PackHotspot = z.infer<typeof packHotspot>;

const packWarden = z.object({
  reference: z.string(), councilCode: z.string(), staffCategory: z.enum(staffCategories),
  /** True for the warden whose own account is signed in. */
  own: z.boolean(),
  /** Enforcement actions this warden may take today, by code. */
  powers: z.array(z.string()),
});
export type PackWarden = z.infer<typeof packWarden>;

/** A stop of a round drawn for the warden who is signed in. */
const packStop = z.object({ hotspotId: id, arrivesAt: z.string(), leavesAt: z.string() });
export type PackStop = z.infer<typeof packStop>;

export const phonePack = z.object({
  personId: id, name: z.string(), council: z.string(), councilCode: z.string().nullable(), madeAt: z.string(),
  hotspots: z.array(packHotspot),
  /** In order of time, from twelve hours ago to a day ahead. */
  stops: z.array(packStop).default([]),
  wardens: z.array(packWarden),
  /** False until the first day the council has entered a power for: until then the staff category alone decides what is offered. */
  powersKept: z.boolean(),
  kinds: z.array(actionKind),
  reasons: z.array(missedReason),
  notes: z.array(handoverNote),
  youth: z.array(prompt), translations: z.array(prompt),
  devices: z.array(z.object({ product: z.string(), deviceId: z.string(), alarmNumber: z.string() })),
  forces: z.array(z.object({ code: z.string(), name: z.string() })),
  settings: z.object({ accuracyMetres: z.number(), outsideMetres: z.number(), patrolHours: z.number(), handoverHours: z.number(), qualifyingMinutes: z.number() }),
});
export type PhonePack = z.infer<typeof phonePack>;

export const getPhonePack = endpoint({
  method: 'GET', path: '/api/phone/pack', allow: 'recordVisits',
  summary: 'Everything the phone page needs while it is offline: hotspots with their plan, crews, actions, reasons, notes and prompts',
  input: z.strictObject({}),
  output: phonePack,
});

const { recordedHow: _, ...phoneVisitInput } = visitInput;

export const recordPhoneVisit = endpoint({
  method: 'POST', path: '/api/phone/visits', allow: 'recordVisits',
  summary: 'Record a visit from the phone page. Its fixes decide what the record stands on; sent again it counts once',
  input: z.strictObject({ ...phoneVisitInput, arrived: fix, left: fix }),
  output: z.object({ visit: visit.nullable(), alreadyRecorded: z.boolean(), says: z.string() }),
});

const band = wholeNumber.min(0, 'Bands are numbered 0 to 5.').max(5, 'Bands are numbered 0 to 5.');

export const missedVisit = z.object({
  id, hotspotId: id, hotspot: z.string(), councilCode: z.string(), missedOn: isoDate, band: z.number().int(), visits: z.number().int(),
  reasonCode: z.string(), reason: z.string(), note: z.string(), recordedAt: z.string(),
});
export type MissedVisit = z.infer<typeof missedVisit>;

export const recordMissedVisit = endpoint({
  method: 'POST', path: '/api/missed-visits', allow: 'recordVisits',
  summary: 'Say that planned visits of a hotspot, day and band were not made, and why. Said by two of a crew it counts once',
  input: z.strictObject({
    id, hotspotId: id, missedOn: isoDate, band,
    visits: wholeNumber.min(1, 'At least one visit was missed.').max(20, 'More than 20 visits are not planned in one band.').default(1),
    reasonCode: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'Choose a reason from the list.'),
    note: freeText(300).default(''),
  }),
  output: z.object({ missed: missedVisit.nullable(), alreadyRecorded: z.boolean(), says: z.string() }),
});

const total = z.object({ key: z.string(), name: z.string(), visits: z.number().int() });

export const listMissedVisits = endpoint({
  method: 'GET', path: '/api/missed-visits', allow: 'seePatrols',
  summary: 'Missed visits between two days, both included, with totals by reason, hotspot and week',
  input: z.strictObject({ from: isoDate, to: isoDate, council: z.string().trim().min(1).max(80).optional(), hotspots: commaList.pipe(z.array(id)).optional() }),
  output: z.object({ missed: z.array(missedVisit), totals: z.object({ visits: z.number().int(), byReason: z.array(total), byHotspot: z.array(total), byWeek: z.array(total) }) }),
});

export const withdrawMissedVisit = endpoint({
  method: 'POST', path: '/api/missed-visits/:id/withdrawal', allow: 'correctVisits',
  summary: 'Take a missed visit out of the record, with a reason; what it was is kept',
  input: z.strictObject({ id, reason: reasonText() }),
  output: z.object({ id }),
});

export const listHandoverNotes = endpoint({
  method: 'GET', path: '/api/handover-notes', allow: 'seePatrols',
  summary: 'Notes for the next shift that have not expired',
  input: z.strictObject({ council: z.string().trim().min(1).max(80).optional() }),
  output: z.object({ notes: z.array(handoverNote) }),
});

export const writeHandoverNote = endpoint({
  method: 'POST', path: '/api/handover-notes', allow: 'recordVisits',
  summary: 'Leave a note for the next shift. It is shown until it expires; nothing about a person',
  input: z.strictObject({
    id, hotspotId: id.nullish(), note: freeText(280).min(1, 'Write the note.'),
    hours: wholeNumber.min(1, 'Keep the note for an hour at least.').max(336, 'Keep the note for two weeks at most.').optional(),
  }),
  output: z.object({ note: handoverNote.nullable(), alreadyRecorded: z.boolean(), says: z.string() }),
});

export const removeHandoverNote = endpoint({
  method: 'DELETE', path: '/api/handover-notes/:id', allow: 'recordVisits',
  summary: 'Take a note for the next shift away before it expires',
  input: z.strictObject({ id }),
  output: z.object({ id }),
});
