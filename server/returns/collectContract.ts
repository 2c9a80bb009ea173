/** A council's month on its way into the return: sections with their state, figures confirmed or corrected, words. */
import { z } from 'zod';
import { endpoint, id, isoDate, isoMonth } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';
import { statuses } from './contract.ts';

export const sectionStates = ['not started', 'in progress', 'ready', 'submitted', 'changes requested', 'accepted'] as const;
export type SectionState = (typeof sectionStates)[number];
export const sectionSteps = ['readied', 'reopened', 'submitted', 'accepted', 'changesRequested'] as const;
export type SectionStepKind = (typeof sectionSteps)[number];

export const sectionKinds = ['figures', 'money', 'words'] as const;
/** A section of the return, as kept in the database. */
export const returnSection = z.object({ code: z.string(), name: z.string(), kind: z.enum(sectionKinds), fields: z.array(z.string()), about: z.string() });
export type ReturnSection = z.infer<typeof returnSection>;

export const figureUnits = ['count', 'person-minutes', 'per cent', 'pence'] as const;
export type FigureUnit = (typeof figureUnits)[number];

/** What a council said of a figure, last. */
export const given = z.object({
  value: z.number().nullable(), counted: z.number().nullable(), hotspots: z.record(z.string(), z.number()), reason: z.string(), explanation: z.string(),
  origin: z.enum(['page', 'workbook', 'csv']), by: z.string().nullable(), at: z.string(),
});
export type Given = z.infer<typeof given>;

export const figureStates = ['to confirm', 'confirmed', 'corrected', 'changed since'] as const;

/** One figure of a section: what was counted, what it was last month, and what the council says. */
export const sectionFigure = z.object({
  field: z.string(),
  /** A part of the breakdown or a budget head; empty for all of it. */
  part: z.string(),
  name: z.string(),
  partName: z.string(),
  unit: z.enum(figureUnits),
  counted: z.number().nullable(),
  status: z.enum(statuses),
  why: z.string().nullable(),
  definition: z.string(),
  /** Where the rows behind it are shown. */
  rows: z.string().nullable(),
  lastMonth: z.number().nullable(),
  /** The share by which it differs from last month; null where there is nothing to compare. */
  change: z.number().nullable(),
  /** True where the change is large enough to be explained. */
  mustExplain: z.boolean(),
  given: given.nullable(),
  state: z.enum(figureStates),
});
export type SectionFigure = z.infer<typeof sectionFigure>;

export const sectionStep = z.object({ step: z.enum(sectionSteps), reason: z.string(), by: z.string().nullable(), at: z.string() });
export type SectionStep = z.infer<typeof sectionStep>;

export const textKinds = ['narrative', 'risks', 'issues', 'finality', 'as_at'] as const;
export type TextKind = (typeof textKinds)[number];
export const sectionText = z.object({ kind: z.enum(textKinds), name: z.string(), text: z.string(), by: z.string().nullable(), at: z.string().nullable() });
export type SectionText = z.infer<typeof sectionText>;

export const councilSection = z.object({
  code: z.string(), name: z.string(), kind: z.enum(sectionKinds), about: z.string(), state: z.enum(sectionStates),
  figures: z.array(sectionFigure), texts: z.array(sectionText), steps: z.array(sectionStep),
  /** What stands between the section and being ready, in words; none when it may go. */
  missing: z.array(z.string()),
  /** The SHA-256 of the counted figures: what the council saw when it confirms. */
  seen: z.string(),
});
export type CouncilSection = z.infer<typeof councilSection>;

export const councilMonth = z.object({
  month: isoMonth, councilCode: z.string(), council: z.string(), monthEnded: z.boolean(), started: z.boolean(),
  dueOn: isoDate, daysLeft: z.number().int(), returnDueOn: isoDate, variancePercent: z.number(),
  sections: z.array(councilSection),
});
export type CouncilMonth = z.infer<typeof councilMonth>;

export const boardSection = z.object({ code: z.string(), name: z.string() });
export const boardCouncil = z.object({
  councilCode: z.string(), council: z.string(), started: z.boolean(),
  sections: z.array(z.object({ code: z.string(), state: z.enum(sectionStates), figures: z.number().int(), confirmed: z.number().int(), missing: z.number().int() })),
  /** Errors in the last upload that was refused and not followed by one that was taken. */
  uploadErrors: z.number().int(),
  /** Conflicts between its figures that nobody explained. */
  conflicts: z.number().int(),
  reminders: z.number().int(),
});
export type BoardCouncil = z.infer<typeof boardCouncil>;

export const collectingBoard = z.object({
  month: isoMonth, monthEnded: z.boolean(), dueOn: isoDate, daysLeft: z.number().int(), returnDueOn: isoDate, returnDaysLeft: z.number().int(),
  sections: z.array(boardSection), councils: z.array(boardCouncil),
});
export type CollectingBoard = z.infer<typeof collectingBoard>;

const councilCode = z.string().max(20);
const oneCouncil = { month: isoMonth, councilCode };
const oneSection = { ...oneCouncil, section: z.string().max(40) };

export const getCollectingBoard = endpoint({
  method: 'GET', path: '/api/collecting/:month', allow: 'seeReturns',
  summary: 'The month’s board: each council’s sections with their state, what is missing, and the days left',
  input: z.strictObject({ month: isoMonth }),
  output: collectingBoard,
});

export const getCouncilMonth = endpoint({
  method: 'GET', path: '/api/collecting/:month/councils/:councilCode', allow: 'seeReturns',
  summary: 'A council’s month, pre-filled from visits, actions, incidents and ledger, with what the council said of each figure',
  input: z.strictObject(oneCouncil),
  output: councilMonth,
});

/** Without a value the figure is taken as counted; a value is a correction and says why. */
export const figureToConfirm = z.strictObject({
  field: z.string().max(80), part: z.string().max(80).default(''),
  value: z.number().min(-9_000_000_000_000).max(9_000_000_000_000).optional(),
  reason: freeText(500).default(''), explanation: freeText(500).default(''),
});
export type FigureToConfirm = z.infer<typeof figureToConfirm>;

export const confirmFigures = endpoint({
  method: 'POST', path: '/api/collecting/:month/councils/:councilCode/sections/:section/figures', allow: 'sendMonths',
  summary: 'Confirm figures as counted, correct them with a reason, explain their change',
  input: z.strictObject({ ...oneSection, seen: z.string().regex(/^[0-9a-f]{64}$/, 'Send the page’s own mark of the figures.'), figures: z.array(figureToConfirm).min(1).max(500) }),
  output: councilMonth,
});

export const writeCouncilWords = endpoint({
  method: 'POST', path: '/api/collecting/:month/councils/:councilCode/words', allow: 'sendMonths',
  summary: 'Write a council’s narrative, risks or issues of the month',
  input: z.strictObject({ ...oneCouncil, kind: z.enum(textKinds), text: freeText(4000) }),
  output: councilMonth,
});

export const sendSection = endpoint({
  method: 'POST', path: '/api/collecting/:month/councils/:councilCode/sections/:section/steps', allow: 'sendMonths',
  summary: 'Say that a section is ready, submit it, or take it back with a reason',
  input: z.strictObject({ ...oneSection, step: z.enum(['readied', 'submitted', 'reopened']), reason: freeText(500).default('') }),
  output: councilMonth,
});

export const answerSection = endpoint({
  method: 'POST', path: '/api/collecting/:month/councils/:councilCode/sections/:section/answer', allow: 'makeReturns',
  summary: 'Accept a council’s section, or ask for changes with the reason',
  input: z.strictObject({ ...oneSection, step: z.enum(['accepted', 'changesRequested']), reason: freeText(500).default('') }),
  output: councilMonth,
});

// ---- Consolidating ----

export const flagKinds = ['parts and total', 'council and counted', 'between sources', 'last month', 'ledger'] as const;
export const flag = z.object({
  key: z.string(), kind: z.enum(flagKinds), section: z.string(), councilCode: z.string().nullable(), council: z.string(), figure: z.string(),
  says: z.string(), one: z.number().nullable(), other: z.number().nullable(), unit: z.enum(figureUnits),
  /** What the council itself said of it. */
  councilSays: z.string(), councilSaidBy: z.string().nullable(), councilSaidAt: z.string().nullable(),
  /** The office's. It holds for the two figures it was given for. */
  explanation: z.string(), explainedBy: z.string().nullable(), explainedAt: z.string().nullable(),
  /** True until somebody explains it as it stands: a return with an open one is not certified. */
  open: z.boolean(),
});
export type Flag = z.infer<typeof flag>;

export const consolidatedFigure = z.object({
  section: z.string(), field: z.string(), part: z.string(), name: z.string(), partName: z.string(), unit: z.enum(figureUnits),
  /** What each council says, in the order of `councils`; null where it has no figure. */
  values: z.array(z.number().nullable()),
  corrected: z.array(z.boolean()),
  /** All together: the sum where figures add up, else what was counted for the whole area. */
  total: z.number().nullable(),
  counted: z.number().nullable(),
});
export type ConsolidatedFigure = z.infer<typeof consolidatedFigure>;

export const consolidation = z.object({
  month: isoMonth, councils: z.array(z.object({ code: z.string(), name: z.string(), started: z.boolean(), sections: z.array(z.object({ code: z.string(), state: z.enum(sectionStates) })) })),
  sections: z.array(boardSection), figures: z.array(consolidatedFigure), flags: z.array(flag),
  texts: z.array(sectionText), councilTexts: z.array(z.object({ council: z.string(), kind: z.enum(textKinds), name: z.string(), text: z.string() })),
});
export type Consolidation = z.infer<typeof consolidation>;

export const getConsolidation = endpoint({
  method: 'GET', path: '/api/collecting/:month/consolidation', allow: 'consolidateReturns',
  summary: 'The councils’ figures in one, with every conflict flagged and what was said of it',
  input: z.strictObject({ month: isoMonth }),
  output: consolidation,
});

export const explainFlag = endpoint({
  method: 'POST', path: '/api/collecting/:month/flags', allow: 'makeReturns',
  summary: 'Explain a conflict; the figures stay as they are',
  input: z.strictObject({ month: isoMonth, key: z.string().max(200), explanation: reasonText() }),
  output: consolidation,
});

export const writeReturnWords = endpoint({
  method: 'POST', path: '/api/collecting/:month/words', allow: 'makeReturns',
  summary: 'Write the office’s narrative, risks or issues of the whole return',
  input: z.strictObject({ month: isoMonth, kind: z.enum(['narrative', 'risks', 'issues']), text: freeText(4000) }),
  output: consolidation,
});

// ---- Reminders ----

export const reminderRule = z.object({ code: z.string(), about: z.enum(['council month', 'return', 'publication']), name: z.string(), days: z.number().int(), roles: z.array(z.string()), subject: z.string(), body: z.string(), source: z.string(), validFrom: isoDate, validTo: isoDate.nullable() });
export type ReminderRule = z.infer<typeof reminderRule>;
export const sentReminder = z.object({ id, rule: z.string(), month: isoMonth, councilCode: z.string(), council: z.string(), dueOn: isoDate, subject: z.string(), state: z.enum(['queued', 'sending', 'sent', 'failed']), sentAt: z.string().nullable(), madeAt: z.string() });
export type SentReminder = z.infer<typeof sentReminder>;

export const listReminders = endpoint({
  method: 'GET', path: '/api/reminders', allow: 'seeReturns',
  summary: 'When reminders go out and in which words, and those of a month',
  input: z.strictObject({ month: isoMonth.optional() }),
  output: z.object({ rules: z.array(reminderRule), reminders: z.array(sentReminder) }),
});

export const changeReminder = endpoint({
  method: 'POST', path: '/api/reminders/:code', allow: 'changeSettings',
  summary: 'Give a reminder other days or words from a date on; what was in force stays in force for its dates',
  input: z.strictObject({ code: z.string().max(40), days: z.number().int().min(-30).max(90), subject: freeText(150).min(1, 'Write a subject.'), body: freeText(3000).min(1, 'Write the message.'), validFrom: isoDate, reason: reasonText() }),
  output: reminderRule,
});
