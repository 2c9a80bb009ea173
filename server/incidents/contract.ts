/** What happened: imports, sources, column mappings, and how good the data are. */
import { z } from 'zod';
import { commaList, endpoint, id, isoDate, isoMonth } from '../endpoint.ts';
import { freeText } from '../freeText.ts';
import { boundaryKind } from '../places/contract.ts';

const text = freeText(200).min(1);
const column = z.string().min(1).max(200);

export const timePrecision = z.enum(['minute', 'day', 'month']);
export const locationPrecision = z.enum(['exact', 'snapped', 'area']);

/** The subtypes a category may have; rows of the table `subtype`. */
export const subtypeCode = z.enum(['personal', 'nuisance', 'environmental', 'youth', 'vehicle', 'alcohol']);
export type SubtypeCode = z.infer<typeof subtypeCode>;

/** How the columns of some incident CSV are to be read. */
export const columnMapping = z.strictObject({
  source: z.strictObject({
    code: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Use lower-case letters, digits and hyphens.').max(60),
    name: text,
    publisher: text,
    licence: text,
    attribution: freeText(500).default(''),
    timePrecision,
    locationPrecision,
  }),
  columns: z.strictObject({
    longitude: column.optional(),
    latitude: column.optional(),
    /** Metres of the National Grid, in place of longitude and latitude. */
    easting: column.optional(),
    northing: column.optional(),
    category: column.optional(),
    /** What sort of its category a row is: personal, nuisance, environmental. Each pair becomes a category of its own. */
    subtype: column.optional(),
    reference: column.optional(),
    place: column.optional(),
    /** When it happened or began, by the local clock or with an offset. */
    from: column.optional(),
    to: column.optional(),
    /** `YYYY-MM`, where no finer time is known. */
    month: column.optional(),
    lsoa: column.optional(),
    /** A code or name the service must know; the council itself is found from the point. */
    council: column.optional(),
  }),
  /** Category of every row, where no column says it. */
  category: text.optional(),
  /** What the texts of the category column mean; a text not named here is refused. Left out: each text is a category of its own. */
  categories: z.record(z.string(), z.strictObject({ code: z.string().max(60).optional(), name: text.optional(), asb: z.boolean(), subtypes: z.array(subtypeCode).max(6).optional() })).optional(),
  /** What the texts of the subtype column mean; a text not named here must be a subtype's code or name itself. */
  subtypes: z.record(z.string(), subtypeCode).optional(),
  /** Whether categories not described above are anti-social behaviour. */
  asb: z.boolean().default(false),
  /** Whose clock the times follow. */
  zone: z.string().max(60).default('Europe/London'),
  dateOrder: z.enum(['ymd', 'dmy', 'mdy']).default('ymd'),
  delimiter: z.enum([',', ';', '\t', '|']).default(','),
  /** Accept points beyond Great Britain; they count as outside the area. */
  anywhere: z.boolean().default(false),
}).superRefine(({ columns, category, source, zone }, problems) => {
  const say = (path: string, message: string) => problems.addIssue({ code: 'custom', path: [path], message });
  const degrees = columns.longitude !== undefined && columns.latitude !== undefined;
  const metres = columns.easting !== undefined && columns.northing !== undefined;
  if (degrees === metres) say('columns', 'Name either longitude and latitude, or easting and northing.');
  if (!columns.category && !category) say('category', 'Name the category column, or give one category for every row.');
  if (source.timePrecision === 'month' ? !columns.month && !columns.from : !columns.from) say('columns', `Name the ${source.timePrecision === 'month' ? 'month' : 'from'} column.`);
  if (!knownZone(zone)) say('zone', 'Give a time zone such as Europe/London.');
});
export type ColumnMapping = z.infer<typeof columnMapping>;

function knownZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export const mappingName = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Use lower-case letters, digits and hyphens.').max(60);

/** What an importer may say of the files, beside the files themselves. */
export const importOptions = z.strictObject({
  kind: boundaryKind.optional(),
  codeProperty: column.optional(),
  nameProperty: column.optional(),
  validFrom: isoDate.optional(),
  validTo: isoDate.optional(),
  source: text.optional(),
  publisher: text.optional(),
  licence: text.optional(),
  attribution: freeText(500).min(1).optional(),
  /** Takes only areas of these councils. */
  council: commaList.optional(),
  /** The name of a saved column mapping. */
  mapping: mappingName.optional(),
});
export type ImportOptions = z.infer<typeof importOptions>;

const count = z.number().int().nonnegative();
const councilFigures = z.object({ name: z.string(), rows: count, asb: count });

export const fault = z.object({
  file: z.string(),
  row: z.number().int().nullable(),
  column: z.string().nullable(),
  value: z.string().nullable(),
  rule: z.string(),
  cure: z.string(),
});

export const monthReport = z.object({
  rows: count,
  asb: count,
  outside: count,
  withoutPlace: count,
  replaced: z.boolean(),
  sources: z.array(z.string()),
  /** Council code to all rows, and to those of anti-social behaviour. */
  rowsByCouncil: z.record(z.string(), count),
  asbByCouncil: z.record(z.string(), count),
});

export const fileReport = z.object({
  name: z.string(),
  kind: z.string(),
  state: z.enum(['imported', 'refused', 'left out']),
  rows: count,
  /** In words: what was read, or why it was left out. */
  says: z.string(),
  faults: count,
});

/** Figures of one import. rows = accepted + rejected + heldBack + superseded, and accepted = in councils + outside + withoutPlace. */
export const importReport = z.object({
  files: count,
  filesImported: count,
  filesRefused: count,
  filesLeftOut: count,
  /** Incident rows read. */
  rows: count,
  accepted: count,
  asb: count,
  outside: count,
  withoutPlace: count,
  /** Rows that break a rule. */
  rejected: count,
  /** Rows that break none but stand in a file that was refused for others. */
  heldBack: count,
  /** Rows of a month that a later file of the same import brought again. */
  superseded: count,
  months: count,
  monthsReplaced: count,
  boundaries: count,
  population: count,
  deprivation: count,
  lookups: count,
  seconds: z.number(),
  rowsPerSecond: z.number(),
  byMonth: z.record(z.string(), monthReport),
  byCouncil: z.record(z.string(), councilFigures),
  bySource: z.record(z.string(), count),
  notes: z.array(z.string()),
  attribution: z.array(z.string()),
  fileReports: z.array(fileReport),
  faults: z.array(fault),
  reportPath: z.string().nullable(),
});
export type ImportReport = z.infer<typeof importReport>;
export type MonthReport = z.infer<typeof monthReport>;
export type FileReport = z.infer<typeof fileReport>;
export type ReportedFault = z.infer<typeof fault>;

export const startImport = endpoint({
  method: 'POST', path: '/api/imports', allow: 'importData', receivesFile: true,
  summary: 'Import a file: police.uk street files, boundaries, population, deprivation, or a CSV with a saved mapping; alone, packed, or many in a zip',
  input: z.strictObject({ fileName: z.string().trim().min(1, 'Give the file’s name.').max(255), ...importOptions.shape }),
  output: z.object({ jobId: id }),
});

const run = z.object({
  id,
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  label: z.string(),
  by: z.string().nullable(),
  figures: importReport.nullable(),
  problem: z.string().nullable(),
});
export type ImportRun = z.infer<typeof run>;

export const listImports = endpoint({
  method: 'GET', path: '/api/imports', allow: 'seeDataQuality',
  summary: 'The latest 50 imports with their figures',
  input: z.strictObject({}),
  output: z.object({ imports: z.array(run) }),
});

export const importFaults = endpoint({
  method: 'GET', path: '/api/imports/:id/faults', allow: 'seeDataQuality', sends: 'text/csv',
  summary: 'What an import refused, as CSV: file, row, column, value, rule, cure',
  input: z.strictObject({ id }),
  output: z.null(),
});

export const saveMapping = endpoint({
  method: 'PUT', path: '/api/column-mappings/:name', allow: 'importData',
  summary: 'Save how the columns of an incident CSV are to be read',
  input: z.strictObject({ name: mappingName, mapping: columnMapping }),
  output: z.object({ name: z.string(), mapping: columnMapping }),
});

export const listMappings = endpoint({
  method: 'GET', path: '/api/column-mappings', allow: 'seeDataQuality',
  summary: 'The saved column mappings',
  input: z.strictObject({}),
  output: z.object({ mappings: z.array(z.object({ name: z.string(), updatedAt: z.string(), mapping: columnMapping })) }),
});

export const sourceSummary = z.object({
  code: z.string(),
  name: z.string(),
  publisher: z.string(),
  licence: z.string(),
  attribution: z.string(),
  timePrecision,
  locationPrecision,
  demonstration: z.boolean(),
  rows: count,
  months: count,
  firstMonth: isoMonth.nullable(),
  lastMonth: isoMonth.nullable(),
  /** Months between the first and the last that hold nothing. */
  gaps: z.array(isoMonth),
});
export type SourceSummary = z.infer<typeof sourceSummary>;

export const listSources = endpoint({
  method: 'GET', path: '/api/sources', allow: 'seeMap',
  summary: 'Where incidents come from: months held, precision, gaps and attribution',
  input: z.strictObject({}),
  output: z.object({ sources: z.array(sourceSummary) }),
});

const range = { from: isoMonth.optional(), to: isoMonth.optional(), source: z.string().max(60).optional() };

export const qualityMonth = z.object({
  month: isoMonth,
  source: z.string(),
  /** What was imported; the next five add up to it. */
  rows: count,
  mapped: count,
  outside: count,
  withoutPlace: count,
  /** Rows at an excluded geocode: kept, and in no map or analysis. */
  excluded: count,
  /** Rows the reader may not see: other councils', and those of none. */
  notShown: count,
  asb: count,
  byCouncil: z.record(z.string(), councilFigures),
  timesReplaced: count,
  importedAt: z.string(),
  /** True while the counts wait to be made again after boundaries changed. */
  recountDue: z.boolean(),
});
export type QualityMonth = z.infer<typeof qualityMonth>;

export const getQuality = endpoint({
  method: 'GET', path: '/api/quality', allow: 'seeDataQuality',
  summary: 'What was imported, per source and month: rows = mapped + outside + without a place + excluded (+ not shown)',
  input: z.strictObject(range),
  output: z.object({ months: z.array(qualityMonth), total: z.object({ rows: count, mapped: count, outside: count, withoutPlace: count, excluded: count, notShown: count, asb: count }) }),
});
