/** What is reported: the monthly monitoring return, its figures, the rows behind each, and the versions kept. */
import { z } from 'zod';
import { endpoint, id, isoDate, isoInstant, isoMonth } from '../endpoint.ts';
import { roles } from '../permissions.ts';

/** Blank is not zero: a figure that was not counted says which of the three reasons it has. */
export const statuses = ['counted', 'not started', 'not available', 'not applicable'] as const;
export type Status = (typeof statuses)[number];

export const breakdowns = ['none', 'staff category', 'action kind', 'source', 'budget head'] as const;
export const units = ['count', 'person-minutes', 'per cent', 'pence', 'text', 'date'] as const;
export const frequencies = ['monthly', 'quarterly', 'half-yearly', 'yearly', 'on event'] as const;
/** The definition monthly returns are made by. */
export const monthlyDefinition = 'home_office_monthly';
export type Frequency = (typeof frequencies)[number];

/** One field of a return's definition, as kept in the database. `measure` null: listed, but not collected by this service. */
export const definitionField = z.object({
  code: z.string(),
  name: z.string(),
  unit: z.enum(units),
  breakdown: z.enum(breakdowns),
  measure: z.string().nullable(),
  definition: z.string(),
  basis: z.string(),
  /** Shortest visit counted, for the fields that count long visits. */
  minimumMinutes: z.number().int().positive().optional(),
  /** Worked from other fields and named measures, in place of a measure. */
  formula: z.string().optional(),
});
export type DefinitionField = z.infer<typeof definitionField>;

/** The nth working day after the period, or days after its last day, or days before (negative) or after its first; none: as soon as it is known. */
export const deadlineRule = z.object({
  workingDay: z.number().int().positive().optional(), days: z.number().int().optional(), daysFromStart: z.number().int().optional(), basis: z.string(),
});
export type DeadlineRule = z.infer<typeof deadlineRule>;

/** Who signs, and the role of the service that certifies it; null for anybody who may. */
export const signatory = z.object({ title: z.string(), role: z.enum(roles).nullable() });

export const returnDefinition = z.object({
  code: z.string(),
  version: z.number().int(),
  name: z.string(),
  basis: z.string(),
  deadline: deadlineRule,
  fields: z.array(definitionField),
  frequency: z.enum(frequencies),
  signatories: z.array(signatory),
});
export type ReturnDefinition = z.infer<typeof returnDefinition>;

export const figure = z.object({
  field: z.string(),
  /** Which staff category, action kind or source; null for all of them. */
  breakdown: z.string().nullable(),
  value: z.number().nullable(),
  status: z.enum(statuses),
  /** Why there is no value; null when there is one. */
  why: z.string().nullable(),
  /** What was counted. */
  from: z.string(),
  /** Where the rows behind it are served. */
  rows: z.string(),
});
export type Figure = z.infer<typeof figure>;

export const reportedField = definitionField.extend({ parts: z.array(z.object({ code: z.string(), name: z.string() })) });
export type ReportedField = z.infer<typeof reportedField>;

export const reportedHotspot = z.object({
  id,
  name: z.string(),
  councilCode: z.string(),
  wardCode: z.string().nullable(),
  liveFrom: isoDate,
  /** The first day it is live no longer; null while it is live. */
  liveTo: isoDate.nullable(),
  /** First and last day of the month on which it was live. */
  countedFrom: isoDate,
  countedTo: isoDate,
  /** First day whose patrols count; null when the council had not started by the last live day. */
  patrolsFrom: isoDate.nullable(),
  figures: z.array(figure),
});
export type ReportedHotspot = z.infer<typeof reportedHotspot>;

export const area = z.object({
  /** null for all councils together. */
  councilCode: z.string().nullable(),
  name: z.string(),
  hotspots: z.number().int(),
  hotspotsNotStarted: z.number().int(),
  figures: z.array(figure),
});
export type Area = z.infer<typeof area>;

/** What was said of a month beside its counted figures: nothing here changes one. */
export const collectedWords = z.object({
  /** Figures a council corrected or explained; null where there was none. */
  figures: z.array(z.object({
    councilCode: z.string(), field: z.string(), part: z.string(), counted: z.number().nullable(), value: z.number().nullable(),
    hotspots: z.record(z.string(), z.number()), reason: z.string(), explanation: z.string(),
  })),
  /** A council's words; the office's own where the code is null. */
  texts: z.array(z.object({ councilCode: z.string().nullable(), kind: z.string(), text: z.string() })),
  flags: z.array(z.object({ flag: z.string(), explanation: z.string() })),
});
export type CollectedWords = z.infer<typeof collectedWords>;

/** The figures of one month: all of it, and nothing else, is what the hash is made from. */
export const monthlyFigures = z.object({
  /** The first month of the period; `lastMonth` stands where there are more. */
  month: isoMonth,
  lastMonth: isoMonth.optional(),
  yearBefore: isoMonth,
  organisation: z.string(),
  demonstration: z.boolean(),
  definition: z.object({ code: z.string(), version: z.number().int(), name: z.string(), basis: z.string() }),
  councils: z.array(z.object({ code: z.string(), name: z.string(), patrolsStartedOn: isoDate.nullable(), status: z.enum(['started', 'not started']) })),
  sources: z.array(z.object({
    code: z.string(), name: z.string(), publisher: z.string(), licence: z.string(), timePrecision: z.enum(['minute', 'day', 'month']),
    imported: z.boolean(), importedYearBefore: z.boolean(), demonstration: z.boolean(),
  })),
  fields: z.array(reportedField),
  hotspots: z.array(reportedHotspot),
  areas: z.array(area),
  /** Rows of the month that were not counted, and why. */
  leftOut: z.array(z.object({ code: z.string(), says: z.string(), n: z.number().int(), rows: z.string() })),
  /** Left out where nothing was said. */
  collected: collectedWords.optional(),
});
export type MonthlyFigures = z.infer<typeof monthlyFigures>;

export const keptVersion = z.object({ version: z.number().int(), definitionVersion: z.number().int(), sha256: z.string(), madeAt: isoInstant, madeBy: z.string().nullable() });
export type KeptVersion = z.infer<typeof keptVersion>;

export const returnStates = ['not started', 'in progress', 'ready', 'awaiting sign-off', 'submitted', 'accepted', 'changes requested'] as const;
export type ReturnState = (typeof returnStates)[number];

export const returnSteps = ['signOffAsked', 'signOffTakenBack', 'certified', 'sentBack', 'accepted', 'changesRequested'] as const;
export type ReturnStepKind = (typeof returnSteps)[number];

/** One step of a return on its way to the funder, never changed; the state is what they add up to. */
export const returnStep = z.object({
  step: z.enum(returnSteps), version: z.number().int(), takenBy: id, person: z.string().nullable(), takenAt: z.string(), reason: z.string(), sections: z.array(z.string()),
});
export type ReturnStep = z.infer<typeof returnStep>;

/** Where a return stands on its way to the funder. */
export const journey = { state: z.enum(returnStates), steps: z.array(returnStep) };

export const monthlyReturn = z.object({
  ...journey,
  sha256: z.string(),
  monthEnded: z.boolean(),
  /** Null where it is due as soon as it is known. */
  dueOn: isoDate.nullable(),
  frequency: z.enum(frequencies),
  signatories: z.array(signatory),
  versions: z.array(keptVersion),
  figures: monthlyFigures,
});
export type MonthlyReturn = z.infer<typeof monthlyReturn>;

export const boardMonth = z.object({
  month: isoMonth,
  monthEnded: z.boolean(),
  dueOn: isoDate.nullable(),
  hotspots: z.number().int(),
  councilsStarted: z.number().int(),
  councilsNotStarted: z.number().int(),
  visits: z.number().int(),
  incidentsImported: z.boolean(),
  versions: z.number().int(),
  lastSha256: z.string().nullable(),
});
export type BoardMonth = z.infer<typeof boardMonth>;

export const rowKinds = ['visit', 'patrol', 'action', 'incident', 'baseline', 'journal', 'budget', 'target', 'forecast', 'asset'] as const;
/** One row behind a figure; what a kind of row does not have is null. `amount` is what the row adds to the figure. */
export const figureRow = z.object({
  kind: z.enum(rowKinds),
  id: z.string(),
  /** Null for money, which is an agreement's. */
  hotspotId: id.nullable(),
  hotspot: z.string(),
  /** A day, or a month where the source gives months only. */
  on: z.string(),
  amount: z.number().int(),
  startedAt: isoInstant.nullable(),
  endedAt: isoInstant.nullable(),
  minutes: z.number().int().nullable(),
  persons: z.number().int().nullable(),
  staffCategory: z.string().nullable(),
  extended: z.boolean().nullable(),
  jointWithPolice: z.boolean().nullable(),
  patrolReference: z.string().nullable(),
  action: z.string().nullable(),
  source: z.string().nullable(),
  category: z.string().nullable(),
  place: z.string().nullable(),
  /** Of money: the agreement, and why it was posted. */
  about: z.string().nullable(),
});
export type FigureRow = z.infer<typeof figureRow>;

export const figureRows = z.object({
  month: isoMonth,
  figure: z.string(),
  name: z.string(),
  definition: z.string(),
  unit: z.enum(units),
  breakdown: z.string().nullable(),
  hotspot: z.string().nullable(),
  council: z.string().nullable(),
  value: z.number().nullable(),
  status: z.enum(statuses),
  why: z.string().nullable(),
  from: z.string(),
  /** The amounts of the rows added up. */
  total: z.number().int(),
  /** For a percentage: value = 100 × total ÷ of, to one decimal. */
  of: z.number().int().nullable(),
  rows: z.array(figureRow),
  /** For a figure by formula: the formula, and what it was worked from, each with its own rows. */
  formula: z.string().nullable(),
  terms: z.array(z.object({ name: z.string(), unit: z.enum(units), value: z.number().nullable(), status: z.enum(statuses), rows: z.string() })),
});
export type FigureRows = z.infer<typeof figureRows>;

/** In addresses: which return; the Home Office's monthly one unless told. */
export const whichDefinition = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'Give the code of a definition, for example quarterly_claim.');
export const whichVersion = z.coerce.number().int().min(1).max(100_000);
const [definition, version] = [whichDefinition.optional(), whichVersion];
const oneMonth = z.strictObject({ month: isoMonth, definition });

export const listReturns = endpoint({
  method: 'GET', path: '/api/returns', allow: 'seeReturns',
  summary: 'The months there is something to report on, newest first; with a month, that one alone',
  input: z.strictObject({ month: isoMonth.optional(), definition }),
  output: z.object({ months: z.array(boardMonth), definition: z.object({ code: z.string(), name: z.string(), frequency: z.enum(frequencies) }) }),
});

export const getReturn = endpoint({
  method: 'GET', path: '/api/returns/:month', allow: 'seeReturns',
  summary: 'The figures of a month, made now, with the SHA-256 of their canonical JSON; a council sees its own hotspots',
  input: oneMonth,
  output: monthlyReturn,
});

export const getReturnRows = endpoint({
  method: 'GET', path: '/api/returns/:month/rows', allow: 'seeReturns',
  summary: 'The rows behind one figure of a month: of a hotspot, of a council, or of all; or the rows left out. With a version, the rows as they were when it was kept',
  input: z.strictObject({ month: isoMonth, figure: z.string(), breakdown: z.string().optional(), hotspot: id.optional(), council: z.string().optional(), definition, version: version.optional() }),
  output: figureRows,
});

export const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const getReturnWorkbook = endpoint({
  method: 'GET', path: '/api/returns/:month/workbook', allow: 'seeReturns',
  summary: 'The figures of a month, or of a kept version, as an accessible workbook',
  input: z.strictObject({ month: isoMonth, definition, version: version.optional() }),
  output: z.null(),
  sends: workbookType,
});

export const keepReturnVersion = endpoint({
  method: 'POST', path: '/api/returns/:month/versions', allow: 'makeReturns',
  summary: 'Keep the figures of a month as a version that never changes; figures already kept as the last version are not kept twice',
  input: oneMonth,
  output: keptVersion.extend({ isNew: z.boolean() }),
});

export const getReturnVersion = endpoint({
  method: 'GET', path: '/api/returns/:month/versions/:version', allow: 'seeReturns',
  summary: 'A kept version with its figures as they were; for people who see all councils',
  input: z.strictObject({ month: isoMonth, version, definition }),
  output: keptVersion.extend({ figures: monthlyFigures }),
});
