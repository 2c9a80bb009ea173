/** A council's month or patrol log sent as a workbook or CSV file: checked in three tiers, shown one at a time. */
import { z } from 'zod';
import { endpoint, id, isoMonth } from '../endpoint.ts';
import { reasonText } from '../freeText.ts';

export const severities = ['error', 'warning', 'note'] as const;
export type Severity = (typeof severities)[number];
export const tierNames = ['Is it the right file?', 'Each cell', 'Across the tables'] as const;

/** One thing found, over all the cells it is true of. */
export const issue = z.object({
  /** The same for the same thing in the same file. */
  key: z.string(),
  tier: z.number().int().min(1).max(3),
  severity: z.enum(severities),
  sheet: z.string(),
  section: z.string(),
  rule: z.string(),
  message: z.string(),
  cure: z.string(),
  /** "E9, E12 to E14" */
  places: z.string(),
  cells: z.array(z.object({ cell: z.string(), given: z.string() })),
  /** A warning that nobody gave a reason for yet. */
  needsReason: z.boolean(),
});
export type Issue = z.infer<typeof issue>;

export const uploadStates = ['refused', 'needs reasons', 'imported'] as const;
export const uploadKinds = ['return', 'patrol log'] as const;
export const uploadReport = z.object({
  kind: z.enum(uploadKinds),
  /** The first tier with an error, whose issues these are; 0 where there is none. */
  tier: z.number().int().min(0).max(3),
  /** Cells with an error, a warning, something that was read all the same. */
  errors: z.number().int(), warnings: z.number().int(), notes: z.number().int(),
  issues: z.array(issue),
  rows: z.number().int(),
  /** What an import kept, in words. */
  kept: z.string(),
});
export type UploadReport = z.infer<typeof uploadReport>;

export const upload = z.object({ id, month: isoMonth, councilCode: z.string(), fileName: z.string(), media: z.enum(['xlsx', 'csv']), state: z.enum(uploadStates), uploadedBy: z.string().nullable(), uploadedAt: z.string(), hasFile: z.boolean(), report: uploadReport });
export type Upload = z.infer<typeof upload>;

const oneCouncil = { month: isoMonth, councilCode: z.string().max(20) };
const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const getUploadForm = endpoint({
  method: 'GET', path: '/api/collecting/:month/councils/:councilCode/workbook', allow: 'sendMonths',
  summary: 'The council’s month as a workbook to look through and send back, pre-filled',
  input: z.strictObject(oneCouncil),
  output: z.null(),
  sends: workbookType,
});

export const sendUpload = endpoint({
  method: 'POST', path: '/api/collecting/:month/councils/:councilCode/uploads', allow: 'sendMonths',
  summary: 'Send a council’s workbook, or its patrol log as .xlsx or .csv: taken whole, or not at all with every error named',
  input: z.strictObject({ ...oneCouncil, fileName: z.string().max(255), kind: z.enum(uploadKinds).default('return') }),
  output: upload,
  receivesFile: true,
});

export const listUploads = endpoint({
  method: 'GET', path: '/api/collecting/:month/councils/:councilCode/uploads', allow: 'seeReturns',
  summary: 'The files a council sent for a month, newest first',
  input: z.strictObject(oneCouncil),
  output: z.object({ uploads: z.array(upload) }),
});

export const giveReasons = endpoint({
  method: 'POST', path: '/api/collecting/:month/councils/:councilCode/uploads/:uploadId/reasons', allow: 'sendMonths',
  summary: 'Give the reasons a file’s warnings ask for, and take the file in',
  input: z.strictObject({ ...oneCouncil, uploadId: id, reasons: z.array(z.strictObject({ key: z.string().max(64), reason: reasonText() })).max(500) }),
  output: upload,
});

export const getMarkedCopy = endpoint({
  method: 'GET', path: '/api/collecting/:month/councils/:councilCode/uploads/:uploadId/copy', allow: 'sendMonths',
  summary: 'The file as it was sent, each cell with something wrong filled and commented; of a CSV file, with a column that says what to correct',
  input: z.strictObject({ ...oneCouncil, uploadId: id }),
  output: z.null(),
  sends: 'application/octet-stream',
});
