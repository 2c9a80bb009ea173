/** How good the data are, and what is kept by hand about them: weights, subtypes, excluded geocodes, notes of changes and gaps. */
import { z } from 'zod';
import { commaList, endpoint, id, isoDate, isoMonth } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';

const count = z.number().int().nonnegative();
const code = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Use lower-case letters, digits and hyphens.').max(60);

/** A weight in force for incidents of months from `validFrom` until before `validTo`; a source without one counts 1. */
export const sourceWeight = z.object({
  id, source: z.string(), sourceName: z.string(), weight: z.number(), validFrom: isoDate, validTo: isoDate.nullable(), reason: z.string(), setAt: z.string(),
});
export type SourceWeight = z.infer<typeof sourceWeight>;

/** A weight as a figure was made with it. */
export const weightUsed = z.object({ source: z.string(), weight: z.number(), validFrom: isoDate, validTo: isoDate.nullable(), reason: z.string() });

export const listWeights = endpoint({
  method: 'GET', path: '/api/source-weights', allow: 'seeMap',
  summary: 'What an incident of each source counts in weighted figures, with dates and reasons',
  input: z.strictObject({}),
  output: z.object({ weights: z.array(sourceWeight) }),
});

export const setWeight = endpoint({
  method: 'POST', path: '/api/source-weights', allow: 'keepDataNotes',
  summary: 'Give a source a weight from a month on; the weight before stays in force for its months',
  input: z.strictObject({ source: code, weight: z.coerce.number().min(0, 'Give a weight of 0 or more.').max(100, 'Give a weight of at most 100.'), fromMonth: isoMonth, reason: reasonText() }),
  output: sourceWeight,
});

export const subtype = z.object({ code: z.string(), name: z.string(), about: z.string() });
export const categorySubtypes = z.object({ code: z.string(), name: z.string(), asb: z.boolean(), subtypes: z.array(z.string()) });
export type CategorySubtypes = z.infer<typeof categorySubtypes>;

export const listSubtypes = endpoint({
  method: 'GET', path: '/api/subtypes', allow: 'seeMap',
  summary: 'The subtypes of incidents, and which categories belong to which',
  input: z.strictObject({}),
  output: z.object({ subtypes: z.array(subtype), categories: z.array(categorySubtypes) }),
});

export const setSubtypes = endpoint({
  method: 'PUT', path: '/api/subtypes/:category', allow: 'keepDataNotes',
  summary: 'Say which subtypes a category belongs to; none is allowed',
  input: z.strictObject({ category: z.string().max(80), subtypes: commaList, reason: reasonText() }),
  output: categorySubtypes,
});

export const exclusion = z.object({
  id, name: z.string(), lng: z.number(), lat: z.number(), radiusMetres: count, source: z.string().nullable(), councilCode: z.string(),
  validFrom: isoDate, validTo: isoDate.nullable(), reason: z.string(), addedAt: z.string(), withdrawnAt: z.string().nullable(), withdrawnReason: z.string().nullable(),
  /** Locations it takes out, and rows at them in its months. */
  points: count, rows: count,
});
export type Exclusion = z.infer<typeof exclusion>;

export const listExclusions = endpoint({
  method: 'GET', path: '/api/excluded-geocodes', allow: 'seeDataQuality',
  summary: 'Points where incidents are put when nobody knows where they happened: left out of maps and analyses, counted as excluded',
  input: z.strictObject({}),
  output: z.object({ exclusions: z.array(exclusion), recountsDue: count }),
});

export const addExclusion = endpoint({
  method: 'POST', path: '/api/excluded-geocodes', allow: 'keepDataNotes',
  summary: 'Leave a point out of maps and analyses; its rows stay and are counted as excluded. The months it touches are counted again as a job',
  input: z.strictObject({
    name: freeText(120).min(1, 'Say what stands there: a police station, a council office.'),
    lng: z.coerce.number().min(-9, 'Give a longitude in Great Britain.').max(2.5, 'Give a longitude in Great Britain.'),
    lat: z.coerce.number().min(49, 'Give a latitude in Great Britain.').max(61, 'Give a latitude in Great Britain.'),
    radiusMetres: z.coerce.number().int().min(0).max(250, 'Give at most 250 m: the point, not a neighbourhood.').default(0),
    source: code.optional(), fromMonth: isoMonth, toMonth: isoMonth.optional(), reason: reasonText(),
  }),
  output: z.object({ exclusion, jobId: id.nullable() }),
});

export const endExclusion = endpoint({
  method: 'POST', path: '/api/excluded-geocodes/:id/end', allow: 'keepDataNotes',
  summary: 'End an exclusion after a month, or withdraw it for all months when none is given',
  input: z.strictObject({ id, lastMonth: isoMonth.optional(), reason: reasonText() }),
  output: z.object({ exclusion, jobId: id.nullable() }),
});

export const noteKind = z.enum(['change', 'period', 'gap']);

export const recordingNote = z.object({
  id, kind: noteKind, source: z.string().nullable(), councilCode: z.string(), startsOn: isoDate, endsOn: isoDate.nullable(), what: z.string(), knownFrom: z.string(),
  addedAt: z.string(), withdrawnAt: z.string().nullable(), withdrawnReason: z.string().nullable(),
});
export type RecordingNote = z.infer<typeof recordingNote>;

/** A note that a comparison crosses, as its banner says it. */
export const crossing = z.object({ id, kind: noteKind, startsOn: isoDate, endsOn: isoDate.nullable(), says: z.string() });
export type Crossing = z.infer<typeof crossing>;

export const listNotes = endpoint({
  method: 'GET', path: '/api/recording-notes', allow: 'seeMap',
  summary: 'Notes of recording changes, periods recorded otherwise, and gaps',
  input: z.strictObject({}),
  output: z.object({ notes: z.array(recordingNote) }),
});

export const addNote = endpoint({
  method: 'POST', path: '/api/recording-notes', allow: 'keepDataNotes',
  summary: 'Note a recording change, a period recorded otherwise, or a gap: every comparison that crosses it says so',
  input: z.strictObject({
    kind: noteKind, source: code.optional(), councilCode: z.string().max(20).optional(), startsOn: isoDate, endsOn: isoDate.optional(),
    what: freeText(500).min(1, 'Say what changed or what is missing.'), knownFrom: freeText(300).default(''),
  }),
  output: recordingNote,
});

export const withdrawNote = endpoint({
  method: 'POST', path: '/api/recording-notes/:id/withdraw', allow: 'keepDataNotes',
  summary: 'Withdraw a note entered by mistake; it stays in the list, struck out',
  input: z.strictObject({ id, reason: reasonText() }),
  output: recordingNote,
});

export const crossedNotes = endpoint({
  method: 'GET', path: '/api/recording-notes/crossed', allow: 'seeMap',
  summary: 'The notes that a comparison of these months crosses',
  input: z.strictObject({ months: commaList.pipe(z.array(isoMonth).min(1).max(600)), source: commaList.optional(), council: commaList.optional() }),
  output: z.object({ crossings: z.array(crossing) }),
});

export const sourceQuality = z.object({
  code: z.string(), name: z.string(), timePrecision: z.string(), locationPrecision: z.string(), weight: z.number(),
  rows: count, withPlace: count, withTime: count,
  /** Different points, the most rows at one of them, and rows identical to another in point, kind and time. */
  points: count, mostAtOnePoint: count, identicalRows: count,
  /** Cells with rows, and those of them where every row stands at one point. */
  cells9: count, cells9OfOnePoint: count, cells10: count, cells10OfOnePoint: count,
  missingMonths: z.array(isoMonth),
});
export type SourceQuality = z.infer<typeof sourceQuality>;

export const lsoaMonth = z.object({ month: isoMonth, both: count, only2011: count, only2021: count, unknown: count, none: count });
export type LsoaMonth = z.infer<typeof lsoaMonth>;

export const getQualityPanel = endpoint({
  method: 'GET', path: '/api/quality/panel', allow: 'seeDataQuality',
  summary: 'How good the data of a period are: rows in and out with reasons, precision, repeats, exclusions, vintages, changes, gaps',
  input: z.strictObject({ from: isoMonth.optional(), to: isoMonth.optional(), source: commaList.optional() }),
  output: z.object({
    from: isoMonth, to: isoMonth,
    /** rows = mapped + outside + withoutPlace + excluded + notShown. */
    total: z.object({ rows: count, mapped: count, outside: count, withoutPlace: count, excluded: count, notShown: count }),
    sources: z.array(sourceQuality),
    refused: z.array(z.object({ rule: z.string(), cure: z.string(), rows: count, files: count })),
    exclusions: z.array(exclusion),
    lsoas: z.array(lsoaMonth),
    /** True when the 2011 to 2021 lookup is held, without which no code can be told. */
    lsoaLookup: z.boolean(),
    boundarySets: z.array(z.object({ kind: z.string(), validFrom: isoDate, validTo: isoDate.nullable(), areas: count, inPeriod: z.boolean() })),
    crossings: z.array(crossing), notes: z.array(recordingNote), missingMonths: z.array(isoMonth), recountsDue: count,
  }),
});
