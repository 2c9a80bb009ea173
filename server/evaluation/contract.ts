/** Reports made from any sources, any quarter or month, on the boundaries of a date: one shape for screen, print, CSV and workbook. */
import { z } from 'zod';
import { commaList, endpoint, id, isoDate, isoMonth } from '../endpoint.ts';
import { freeText } from '../freeText.ts';
import { workbookType } from '../returns/contract.ts';

/** `hours` holds whole minutes, `money` pence, `percent` and `change` per cent. */
export const reportColumnKinds = ['text', 'count', 'hours', 'percent', 'change', 'decimal', 'money', 'date'] as const;
export type ReportColumnKind = (typeof reportColumnKinds)[number];

/** A number; a text for a count that is hidden or for a name; null where there is none, which is not zero. */
export const reportCell = z.union([z.number(), z.string(), z.null()]);
export type ReportCell = z.infer<typeof reportCell>;

export const reportTable = z.object({
  title: z.string(),
  /** Definition, period, boundaries, source: what stands over the table. */
  about: z.array(z.string()),
  columns: z.array(z.object({ label: z.string(), kind: z.enum(reportColumnKinds) })),
  rows: z.array(z.array(reportCell)),
  /** What the table says in a sentence. */
  says: z.array(z.string()),
  /** Figures in it that contradict each other; never corrected. */
  conflicts: z.array(z.string()),
});
export type ReportTable = z.infer<typeof reportTable>;

export const report = z.object({ title: z.string(), caption: z.string(), about: z.array(z.string()), demonstration: z.boolean(), tables: z.array(reportTable) });
export type Report = z.infer<typeof report>;

export const reportKinds = ['partnership', 'ward', 'tasking', 'scrutiny', 'equality'] as const;
export type ReportKind = (typeof reportKinds)[number];
export const reportKindNames: Record<ReportKind, string> = {
  partnership: 'Community safety partnership: quarterly performance', ward: 'Ward report', tasking: 'Monthly tasking document', scrutiny: 'Tables for a scrutiny panel',
  equality: 'Who is patrolled',
};

const asked = z.strictObject({
  kind: z.enum(reportKinds),
  /** First and last month, both included; a quarter is three. */
  from: isoMonth, to: isoMonth,
  council: z.string().max(20),
  source: commaList.optional().describe('Codes of the sources; all that hold something when left out'),
  boundariesOn: isoDate.optional().describe('Wards as they were on this day; the first day of the period when left out'),
});

export const getReport = endpoint({
  method: 'GET', path: '/api/reports/:kind', allow: 'seeReports',
  summary: 'A report of a council: partnership performance, wards, tasking, scrutiny or who is patrolled; small counts of wards are hidden',
  input: asked, output: report,
});

export const getReportCsv = endpoint({
  method: 'GET', path: '/api/reports/:kind/csv', allow: 'seeReports',
  summary: 'The same report as CSV, table after table', input: asked, output: z.null(), sends: 'text/csv',
});

export const getReportWorkbook = endpoint({
  method: 'GET', path: '/api/reports/:kind/workbook', allow: 'seeReports',
  summary: 'The same report as an accessible workbook', input: asked, output: z.null(), sends: workbookType,
});

export const getReportPdf = endpoint({
  method: 'GET', path: '/api/reports/:kind/pdf', allow: 'seeReports',
  summary: 'The same report as a PDF, where Chromium is installed on the server', input: asked, output: z.null(), sends: 'application/pdf',
});

export const listReportChoices = endpoint({
  method: 'GET', path: '/api/report-choices', allow: 'seeReports',
  summary: 'Councils, sources and months a report can be made of',
  input: z.strictObject({}),
  output: z.object({ councils: z.array(z.object({ code: z.string(), name: z.string() })), sources: z.array(z.object({ code: z.string(), name: z.string() })), first: isoMonth.nullable(), last: isoMonth.nullable(), hotspots: z.array(z.object({ id, name: z.string(), councilCode: z.string() })), /** Whether this server makes PDF. */ pdf: z.boolean() }),
});

export const enterTasking = endpoint({
  method: 'POST', path: '/api/tasking', allow: 'keepTasking',
  summary: 'Say which team looks after a hotspot in a month and what it does; the latest holds',
  input: z.strictObject({ entryId: id, hotspotId: id, month: isoMonth, owner: freeText(120).min(1, 'Say which team or post.'), action: freeText(500).min(1, 'Say what is done.') }),
  output: z.object({ entered: z.literal(true) }),
});
