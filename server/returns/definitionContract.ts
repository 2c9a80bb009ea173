/** Definitions of returns: in versions by date, edited by a new version after a trial on a past month; and the funder's templates they fill. */
import { z } from 'zod';
import { endpoint, id, isoDate, isoMonth } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';
import { roles } from '../permissions.ts';
import { breakdowns, frequencies, figure, returnDefinition, statuses, units } from './contract.ts';

const code = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'Use small letters, digits and _, with a letter first.');
const line = (longest: number, missing: string) => freeText(longest).min(1, missing);

/** How a figure is written into a cell of a template. */
export const cellForms = ['number', 'hours', 'duration', 'share', 'words'] as const;
export type CellForm = (typeof cellForms)[number];
export const cellFormNames: Record<CellForm, string> = {
  number: 'Number (minutes, pounds, per cent)', hours: 'Hours to two decimals', duration: 'Duration, for a cell shown as [h]:mm', share: 'Share, for a cell shown as %', words: 'In words',
};

/** What else than a figure may stand in a cell. */
export const cellFacts = ['period', 'firstDay', 'lastDay', 'organisation', 'definition', 'version', 'sha256', 'madeOn', 'hotspots'] as const;
export type CellFact = (typeof cellFacts)[number];
export const rowFacts = ['name', 'council', 'ward_code', 'live_from', 'last_live_day'] as const;

const what = z.string().trim().regex(/^[A-Za-z][A-Za-z0-9_]{0,59}$/, 'Name a field of the definition, or a fact such as period.');
const part = freeText(80).optional();
const form = z.enum(cellForms).default('number');
const blank = z.boolean().default(false).describe('True leaves the cell as it is where there is no figure; otherwise the reason is written: "not started"');

/** One cell of the template: `Summary!C5` or a name the template defines, and what stands in it. */
export const cellMap = z.strictObject({ place: line(120, 'Name the cell, for example Summary!C5.'), what, part, council: z.string().max(20).optional(), form, blank });
export type CellMap = z.infer<typeof cellMap>;

/** Rows of the template, one a hotspot or one a council, filled from the first; there must be enough. */
export const rowsMap = z.strictObject({
  sheet: line(60, 'Name the sheet.'), firstRow: z.number().int().min(1).max(1_048_576), lastRow: z.number().int().min(1).max(1_048_576), each: z.enum(['hotspot', 'council']),
  columns: z.array(z.strictObject({ column: z.string().trim().regex(/^[A-Za-z]{1,3}$/, 'Give a column by its letters, for example C.'), what, part, form, blank })).min(1, 'Map at least one column.').max(80),
});
export type RowsMap = z.infer<typeof rowsMap>;

export const templateMap = z.strictObject({ templateId: id, cells: z.array(cellMap).max(500), rows: z.array(rowsMap).max(20) });
export type TemplateMap = z.infer<typeof templateMap>;

const field = z.strictObject({
  code, name: line(120, 'Name the field.'), unit: z.enum(units), breakdown: z.enum(breakdowns), measure: z.string().max(60).nullable(),
  definition: line(1000, 'Say what is counted.'), basis: line(300, 'Say where the field comes from.'),
  minimumMinutes: z.number().int().min(1).max(1440).optional(), formula: z.string().max(600).optional(),
});

/** A definition as it is typed: all of a version but its number and dates. */
export const definitionDraft = z.strictObject({
  name: line(120, 'Name the return.'), basis: line(1000, 'Say what it rests on.'), frequency: z.enum(frequencies),
  deadline: z.strictObject({ workingDay: z.number().int().min(1).max(60).optional(), days: z.number().int().min(-366).max(366).optional(), daysFromStart: z.number().int().min(-366).max(366).optional(), basis: line(500, 'Say what the deadline rests on.') }),
  fields: z.array(field).min(1, 'A definition needs a field.').max(120),
  signatories: z.array(z.strictObject({ title: line(120, 'Say who signs.'), role: z.enum(roles).nullable() })).max(6),
  sources: z.array(z.strictObject({ title: line(200, 'Name the source.'), address: freeText(500) })).max(20),
  template: templateMap.nullable(),
});
export type DefinitionDraft = z.infer<typeof definitionDraft>;

export const definitionVersion = returnDefinition.extend({
  sources: z.array(z.object({ title: z.string(), address: z.string() })), template: templateMap.nullable(),
  validFrom: isoDate, validTo: isoDate.nullable(), reason: z.string(), madeBy: z.string().nullable(), madeAt: z.string(),
});
export type DefinitionVersion = z.infer<typeof definitionVersion>;

/** A fault of a definition: where, what stands there, and the cure. */
export const definitionFault = z.object({ place: z.string(), value: z.string(), message: z.string() });
export type DefinitionFault = z.infer<typeof definitionFault>;

export const listDefinitions = endpoint({
  method: 'GET', path: '/api/return-definitions', allow: 'seeReturns',
  summary: 'Every definition of a return in all its versions, and the measures a field or a formula may name',
  input: z.strictObject({}),
  output: z.object({ definitions: z.array(definitionVersion), measures: z.array(z.object({ name: z.string(), unit: z.enum(units), says: z.string(), of: z.enum(['hotspot', 'area']) })) }),
});

const trialFigure = figure.pick({ field: true, breakdown: true, value: true, status: true, why: true }).extend({ name: z.string(), unit: z.enum(units), area: z.string() });
/** A figure of the trial beside the same one by the definition in force; null where the other has none of the kind. */
export const trialDifference = z.object({
  area: z.string(), name: z.string(), field: z.string(), breakdown: z.string().nullable(), unit: z.enum(units),
  inForce: z.object({ value: z.number().nullable(), status: z.enum(statuses) }).nullable(), trial: z.object({ value: z.number().nullable(), status: z.enum(statuses) }).nullable(),
});
export type TrialDifference = z.infer<typeof trialDifference>;

export const tryDefinition = endpoint({
  method: 'POST', path: '/api/return-definitions/:code/trials', allow: 'keepDefinitions',
  summary: 'Run a definition on a past month without keeping it: its figures, what differs from the definition in force, and every fault with its place',
  input: z.strictObject({ code, month: isoMonth, draft: definitionDraft }),
  output: z.object({ faults: z.array(definitionFault), figures: z.array(trialFigure), differences: z.array(trialDifference), against: z.number().int().nullable() }),
});

export const addDefinitionVersion = endpoint({
  method: 'POST', path: '/api/return-definitions/:code/versions', allow: 'keepDefinitions',
  summary: 'Make a new version of a definition from a day on, or the first of a new one; the version before keeps everything but its last day',
  input: z.strictObject({ code, validFrom: isoDate, reason: reasonText(), draft: definitionDraft }),
  output: definitionVersion,
});

export const returnTemplate = z.object({ id, definitionCode: z.string(), title: z.string(), fileName: z.string(), bytes: z.number().int(), sha256: z.string(), addedAt: z.string() });
export type ReturnTemplate = z.infer<typeof returnTemplate>;

export const listTemplates = endpoint({
  method: 'GET', path: '/api/return-definitions/:code/templates', allow: 'seeReturns',
  summary: 'The funder’s templates that were added for a return, newest first',
  input: z.strictObject({ code }),
  output: z.object({ templates: z.array(returnTemplate) }),
});

export const addTemplate = endpoint({
  method: 'POST', path: '/api/return-definitions/:code/templates', allow: 'keepDefinitions', receivesFile: true,
  summary: 'Add the funder’s template, an .xlsx without macros, byte for byte as it came; the same id again adds nothing more',
  input: z.strictObject({ code, templateId: id, title: line(160, 'Say what the template is.'), fileName: freeText(255) }),
  output: returnTemplate,
});

export const getTemplateFile = endpoint({
  method: 'GET', path: '/api/return-templates/:id/file', allow: 'seeReturns', sends: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  summary: 'A template as it came',
  input: z.strictObject({ id }),
  output: z.null(),
});

export const templateSheet = z.object({ name: z.string(), hidden: z.boolean(), cells: z.number().int(), formulas: z.number().int(), merged: z.array(z.string()) });

export const checkTemplate = endpoint({
  method: 'POST', path: '/api/return-templates/:id/checks', allow: 'keepDefinitions',
  summary: 'What a template holds, and whether every mapped cell is there and may be filled',
  input: z.strictObject({ id, map: templateMap.omit({ templateId: true }), fields: z.array(code).max(120) }),
  output: z.object({ sheets: z.array(templateSheet), names: z.array(z.string()), faults: z.array(definitionFault), cells: z.number().int() }),
});
