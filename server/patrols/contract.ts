/** Who goes there: wardens by reference, visits and what was done on them, planned against delivered. */
import { z } from 'zod';
import { commaList, endpoint, id, isoDate, wholeNumber } from '../endpoint.ts';
import { freeText } from '../freeText.ts';

export const staffCategories = ['warden', 'pcso', 'police_officer', 'special', 'other'] as const;
export type StaffCategory = (typeof staffCategories)[number];
export const staffCategoryNames: Record<StaffCategory, string> = {
  warden: 'Council warden',
  pcso: 'Police community support officer',
  police_officer: 'Police officer',
  special: 'Special constable',
  other: 'Other',
};

/** What a warden must hold on a day for the hour to be paid. */
export const clearanceKinds = ['vetting', 'training', 'accreditation'] as const;
export type ClearanceKind = (typeof clearanceKinds)[number];
/** What is entered of a warden: what hours are paid for, and who may drive. */
export const heldKinds = [...clearanceKinds, 'driving'] as const;
export type HeldKind = (typeof heldKinds)[number];
export const clearanceNames: Record<HeldKind, string> = { vetting: 'Vetting', training: 'Training', accreditation: 'Accreditation', driving: 'Driving' };

export const waysRecorded = ['gps', 'gpx', 'nfc', 'qr', 'self_report'] as const;
export type WayRecorded = (typeof waysRecorded)[number];
export const wayRecordedNames: Record<WayRecorded, string> = {
  gps: 'GPS device',
  gpx: 'GPX track',
  nfc: 'NFC tag',
  qr: 'QR code',
  self_report: 'Written down by the warden',
};

/** What a record stands on: A GPS or GPX, B NFC, C QR, D the warden's word. Totals are always split by it. */
export const evidenceClasses = ['A', 'B', 'C', 'D'] as const;
export type EvidenceClass = (typeof evidenceClasses)[number];

const councilCode = z.string().min(1, 'Give a council’s code, for example E06000001.').max(20);
/** A council by code or by name. */
const council = z.string().trim().min(1).max(80).optional();
const reference = z.string().trim().regex(/^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}$/, 'Give a reference of letters, digits and dashes, at most 40 characters; never a name.');
const monday = isoDate.describe('A Monday');

export const warden = z.object({
  id,
  councilCode: z.string(),
  reference: z.string(),
  staffCategory: z.enum(staffCategories),
  employedFrom: isoDate,
  /** The first day no longer employed. */
  employedTo: isoDate.nullable(),
  contractMinutesPerWeek: z.number().int(),
});
export type Warden = z.infer<typeof warden>;

const wardenInput = {
  reference,
  staffCategory: z.enum(staffCategories).default('warden'),
  employedFrom: isoDate,
  employedTo: isoDate.nullish(),
  contractMinutesPerWeek: wholeNumber.min(0, 'Give minutes a week, 0 or more.').max(10_080, 'A week has 10,080 minutes.'),
};

export const listWardens = endpoint({
  method: 'GET', path: '/api/wardens', allow: 'seePatrols',
  summary: 'Wardens by reference, with the dates they are employed',
  input: z.strictObject({ council }),
  output: z.object({ wardens: z.array(warden) }),
});

export const addWarden = endpoint({
  method: 'POST', path: '/api/wardens', allow: 'manageWardens',
  summary: 'Add a warden of one’s own council by reference, without a name',
  input: z.strictObject(wardenInput),
  output: warden,
});

export const changeWarden = endpoint({
  method: 'PUT', path: '/api/wardens/:id', allow: 'manageWardens',
  summary: 'Change a warden’s reference, dates or contract',
  input: z.strictObject({ id, ...wardenInput }),
  output: warden,
});

export const patrolStart = z.object({
  councilCode: z.string(),
  council: z.string(),
  /** Null until the council has said when its patrols start: its figures are then "not started", never 0. */
  startedOn: isoDate.nullable(),
});
export type PatrolStart = z.infer<typeof patrolStart>;

export const listPatrolStarts = endpoint({
  method: 'GET', path: '/api/patrol-starts', allow: 'seePatrols',
  summary: 'The day each council’s patrols started',
  input: z.strictObject({}),
  output: z.object({ councils: z.array(patrolStart) }),
});

export const changePatrolStart = endpoint({
  method: 'PUT', path: '/api/patrol-starts/:councilCode', allow: 'setPatrolStart',
  summary: 'Say when a council’s patrols start',
  input: z.strictObject({ councilCode, startedOn: isoDate }),
  output: patrolStart,
});

export const actionKind = z.object({
  code: z.string(),
  name: z.string(),
  policeOnly: z.boolean(),
  pcsoMay: z.boolean(),
  enforcement: z.boolean(),
  asbPower: z.boolean(),
  /** Offered first where a visit is entered. */
  common: z.boolean(),
  describes: z.string(),
});
export type ActionKind = z.infer<typeof actionKind>;

export const listActionKinds = endpoint({
  method: 'GET', path: '/api/action-kinds', allow: 'seePatrols',
  summary: 'Kinds of action in force on a day, and which of them are enforcement, a power, or for the police only',
  input: z.strictObject({ on: isoDate.optional() }),
  output: z.object({ kinds: z.array(actionKind) }),
});

export const visitAction = z.object({ code: z.string(), n: z.number().int() });

export const visit = z.object({
  id,
  hotspotId: id,
  hotspot: z.string(),
  councilCode: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  /** The local day it starts on. */
  visitedOn: isoDate,
  /** Whole minutes with anybody there. */
  minutes: z.number().int(),
  /** The same times the persons there. */
  personMinutes: z.number().int(),
  staffCategory: z.enum(staffCategories),
  persons: z.number().int(),
  onFoot: z.boolean(),
  extended: z.boolean(),
  jointWithPolice: z.boolean(),
  /** Code and name of the police force, where it was named. */
  jointForce: z.string().nullable(),
  jointForceName: z.string().nullable(),
  recordedHow: z.enum(waysRecorded),
  evidenceClass: z.enum(evidenceClasses),
  patrolReference: z.string(),
  note: z.string(),
  wardens: z.array(z.string()),
  actions: z.array(visitAction),
});
export type Visit = z.infer<typeof visit>;

const clock = z.string().trim().min(1, 'Give a date and time.').max(40)
  .describe('A local time such as 2023-10-02 18:05 (Europe/London), or an instant with its offset');

/** A visit as it is entered. Its id is made where it is entered, so that sending it twice cannot count it twice. */
export const visitInput = {
  id,
  hotspotId: id,
  startedAt: clock,
  endedAt: clock,
  staffCategory: z.enum(staffCategories).default('warden'),
  persons: wholeNumber.min(1, 'At least one person makes a visit.').max(20, 'More than 20 persons is not one visit.'),
  onFoot: z.boolean().default(true),
  extended: z.boolean().default(false),
  jointWithPolice: z.boolean().default(false),
  jointForce: z.string().regex(/^[A-Z]\d{8}$/, 'Give a police force by its area code, for example E23000013.').optional().describe('Area code of the police force that was there'),
  recordedHow: z.enum(waysRecorded).default('self_report'),
  patrolReference: reference.optional().describe('One for each outing of a crew; left out, the visit is its own patrol'),
  note: freeText(500).default(''),
  wardens: z.array(reference).max(20).default([]).describe('References of the wardens who were there'),
  actions: z.array(z.strictObject({ code: z.string(), n: wholeNumber.min(1, 'Leave an action out when there were none.').max(1000, 'More than 1,000 of one action is not one visit.') })).default([]),
};

const recorded = z.object({ visit, alreadyRecorded: z.boolean() });

export const recordVisit = endpoint({
  method: 'POST', path: '/api/visits', allow: 'recordVisits',
  summary: 'Record a visit; the same visit sent again is answered the same and counted once',
  input: z.strictObject(visitInput),
  output: recorded,
});

export const importVisits = endpoint({
  method: 'POST', path: '/api/visits/file', allow: 'recordVisits',
  summary: 'Record visits from a CSV file: all of them, or none and every error by row and column',
  input: z.strictObject({ fileName: z.string().max(255) }),
  output: z.object({ fileName: z.string(), rows: z.number().int(), recorded: z.number().int(), alreadyRecorded: z.number().int(), withdrawnBefore: z.number().int(), says: z.string(), personMinutes: z.number().int() }),
  receivesFile: true,
});

export const visitTemplate = endpoint({
  method: 'GET', path: '/api/visits/template', allow: 'seePatrols',
  summary: 'An empty CSV file with the columns a visit file may have',
  input: z.strictObject({}),
  output: z.null(),
  sends: 'text/csv',
});

const span = { from: isoDate, to: isoDate, council, hotspot: id.optional() };

export const visitTotals = z.object({
  visits: z.number().int(),
  /** Visits of `qualifyingMinutes` or more. */
  qualifyingVisits: z.number().int(),
  qualifyingMinutes: z.number(),
  /** Distinct patrol references of a council: one crew's outing counts once however many hotspots it saw. */
  patrols: z.number().int(),
  patrolMinutes: z.number().int(),
  personMinutes: z.number().int(),
});
export type VisitTotals = z.infer<typeof visitTotals>;

export const listVisits = endpoint({
  method: 'GET', path: '/api/visits', allow: 'seePatrols',
  summary: 'Visits that start between two days, both included, newest first, with totals over all of them',
  input: z.strictObject({ ...span, limit: wholeNumber.min(1).max(5000).default(1000) }),
  output: z.object({ visits: z.array(visit), totals: visitTotals }),
});

export const getVisit = endpoint({
  method: 'GET', path: '/api/visits/:id', allow: 'seePatrols',
  summary: 'One visit',
  input: z.strictObject({ id }),
  output: visit,
});

export const dosageStates = ['not started', 'not live', 'recorded'] as const;

const classMinutes = z.object({ A: z.number().int(), B: z.number().int(), C: z.number().int(), D: z.number().int() });

/** One hotspot in one week. Null is "not known" (no plan made; patrols not started), never 0. */
export const dosageRow = z.object({
  hotspotId: id,
  hotspot: z.string(),
  councilCode: z.string(),
  week: isoDate,
  state: z.enum(dosageStates),
  plannedVisits: z.number().int().nullable(),
  plannedPersonMinutes: z.number().int().nullable(),
  deliveredVisits: z.number().int().nullable(),
  qualifyingVisits: z.number().int().nullable(),
  patrols: z.number().int().nullable(),
  patrolMinutes: z.number().int().nullable(),
  deliveredPersonMinutes: z.number().int().nullable(),
  personMinutesByClass: classMinutes.nullable(),
});
export type DosageRow = z.infer<typeof dosageRow>;

export const getDosage = endpoint({
  method: 'GET', path: '/api/dosage', allow: 'seePatrols',
  summary: 'Planned against delivered person-minutes by hotspot and week, delivered split by evidence class',
  input: z.strictObject({ from: monday, to: monday, council, hotspot: id.optional() }),
  output: z.object({ weeks: z.array(isoDate), rows: z.array(dosageRow) }),
});

export const plannedHours = z.object({
  hotspotId: id,
  hotspot: z.string(),
  councilCode: z.string(),
  /** 1 for Monday. */
  day: z.number().int(),
  /** 0 for 00:00 to 04:00, 5 for 20:00 to 24:00. */
  band: z.number().int(),
  visits: z.number().int(),
  personMinutes: z.number().int(),
  paidMinutes: z.number().int(),
  allocationId: id.nullable(),
});
export type PlannedHoursRow = z.infer<typeof plannedHours>;

export const listPlannedHours = endpoint({
  method: 'GET', path: '/api/planned-hours', allow: 'seePatrols',
  summary: 'The plan in force for a week by hotspot, day and 4-hour band',
  input: z.strictObject({ week: monday, council, hotspots: commaList.pipe(z.array(id)).optional() }),
  output: z.object({ week: isoDate, rows: z.array(plannedHours) }),
});
