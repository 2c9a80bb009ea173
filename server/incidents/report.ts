/** What an import did, added up while it runs and told to people. */
import { csvField } from '../csv.ts';
import { type Fault, faultLine } from '../places/fault.ts';
import type { FileReport, ImportReport, MonthReport } from './contract.ts';
import type { MonthSaved } from './incident.ts';


type Changing<T> = { -readonly [K in keyof T]: T[K] };
type Counter = 'boundaries' | 'population' | 'deprivation' | 'lookups';

export interface ReportKeeper {
  /** Incident rows read from a file, with those of them that break a rule. */
  readRows(rows: number, faulty: number, refused: boolean): void;
  file(report: FileReport, faults: readonly Fault[]): void;
  count(what: Counter, n: number): void;
  month(saved: MonthSaved): void;
  note(text: string): void;
  credit(attribution: string): void;
  finish(seconds: number, reportPath: string | null): ImportReport;
  /** The months saved so far. */
  months(): string[];
}

/** Starts a report; `councils` are the codes and names of the grant's councils. */
export function keepReport(councils: ReadonlyMap<string, string>): ReportKeeper {
  const report: Changing<ImportReport> = emptyReport();
  const months: Record<string, Changing<MonthReport>> = {};
  const byCouncil: Record<string, { name: string; rows: number; asb: number }> = {};
  for (const [code, name] of councils) byCouncil[code] = { name, rows: 0, asb: 0 };
  const written = new Map<string, MonthSaved>();

  return {
    readRows(rows, faulty, refused) {
      // A file cut off within its first row has a fault and no row.
      const rejected = Math.min(faulty, rows);
      report.rows += rows;
      report.rejected += rejected;
      if (refused) report.heldBack += rows - rejected;
      else report.accepted += rows;
    },
    file(file, faults) {
      report.files += 1;
      if (file.state === 'imported') report.filesImported += 1;
      else if (file.state === 'refused') report.filesRefused += 1;
      else report.filesLeftOut += 1;
      report.fileReports.push(file);
      report.faults.push(...faults.map((fault) => ({ file: file.name, ...fault })));
    },
    count(what, n) {
      report[what] += n;
    },
    month(saved) {
      const key = `${saved.source} ${saved.month}`;
      const earlier = written.get(key);
      written.set(key, saved);
      if (saved.replaced) report.monthsReplaced += 1;
      if (!earlier) return;
      report.superseded += earlier.rows;
      report.accepted -= earlier.rows;
      report.notes.push(`${saved.month} of ${saved.source} came twice in this import; the later file stands.`);
    },
    note: (text) => void report.notes.push(text),
    credit(attribution) {
      if (!report.attribution.includes(attribution)) report.attribution.push(attribution);
    },
    finish(seconds, reportPath) {
      for (const saved of written.values()) addMonth(report, months, byCouncil, saved);
      return { ...report, months: Object.keys(months).length, byMonth: sorted(months), byCouncil, seconds, rowsPerSecond: seconds > 0 ? Math.round((report.accepted + report.superseded) / seconds) : 0, reportPath };
    },
    months: () => [...new Set([...written.values()].map(({ month }) => month))],
  };
}

function emptyReport(): ImportReport {
  return {
    files: 0, filesImported: 0, filesRefused: 0, filesLeftOut: 0, rows: 0, accepted: 0, asb: 0, outside: 0, withoutPlace: 0, rejected: 0, heldBack: 0, superseded: 0,
    months: 0, monthsReplaced: 0, boundaries: 0, population: 0, deprivation: 0, lookups: 0, seconds: 0, rowsPerSecond: 0,
    byMonth: {}, byCouncil: {}, bySource: {}, notes: [], attribution: [], fileReports: [], faults: [], reportPath: null,
  };
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function addMonth(report: Changing<ImportReport>, months: Record<string, Changing<MonthReport>>, byCouncil: Record<string, { name: string; rows: number; asb: number }>, saved: MonthSaved): void {
  const month = (months[saved.month] ??= { rows: 0, asb: 0, outside: 0, withoutPlace: 0, replaced: false, sources: [], rowsByCouncil: {}, asbByCouncil: {} });
  for (const what of ['rows', 'asb', 'outside', 'withoutPlace'] as const) month[what] += saved[what];
  for (const what of ['asb', 'outside', 'withoutPlace'] as const) report[what] += saved[what];
  month.replaced ||= saved.replaced;
  month.sources.push(saved.source);
  report.bySource[saved.source] = (report.bySource[saved.source] ?? 0) + saved.rows;
  for (const [code, { rows, asb }] of Object.entries(saved.byCouncil)) {
    month.rowsByCouncil[code] = (month.rowsByCouncil[code] ?? 0) + rows;
    month.asbByCouncil[code] = (month.asbByCouncil[code] ?? 0) + asb;
    const council = (byCouncil[code] ??= { name: code, rows: 0, asb: 0 });
    council.rows += rows;
    council.asb += asb;
  }
}

const number = (value: number): string => value.toLocaleString('en-GB');

/** The report in lines for a person. */
export function reportLines(report: ImportReport): string[] {
  const lines = [`Files       ${number(report.files)} (${number(report.filesImported)} imported, ${number(report.filesRefused)} refused, ${number(report.filesLeftOut)} left out)`];
  if (report.rows) lines.push(...incidentLines(report));
  for (const [what, unit] of [['boundaries', 'areas'], ['population', 'figures'], ['deprivation', 'figures'], ['lookups', 'pairs']] as const) {
    if (report[what]) lines.push(`${(what[0] ?? '').toUpperCase()}${what.slice(1)}`.padEnd(12) + `${number(report[what])} ${unit}`);
  }
  lines.push(`Time        ${report.seconds.toFixed(2)} s${report.accepted ? `, ${number(report.rowsPerSecond)} rows a second` : ''}`);
  lines.push(...report.notes, ...report.faults.slice(0, 10).map((fault) => `Refused: ${faultLine(fault.file, fault)}`));
  if (report.faults.length > 10) lines.push(`… and more; see the report file.`);
  if (report.reportPath) lines.push(`Everything refused, with its cure: ${report.reportPath}`);
  return [...lines, ...report.attribution];
}

function incidentLines(report: ImportReport): string[] {
  const lines = [
    `Rows        ${number(report.rows)}`,
    `Accepted    ${number(report.accepted)}, of them ${number(report.asb)} anti-social behaviour`,
    `            ${number(report.outside)} outside the area, ${number(report.withoutPlace)} without a place`,
    `Rejected    ${number(report.rejected)}${report.heldBack ? `, and ${number(report.heldBack)} good rows held back with them` : ''}`,
    ...(report.superseded ? [`            ${number(report.superseded)} rows replaced by a later file of this import`] : []),
    `Months      ${number(report.months)}, of them ${number(report.monthsReplaced)} replaced`,
  ];
  for (const { name, rows, asb } of Object.values(report.byCouncil)) lines.push(`  ${name}: ${number(rows)} rows, ${number(asb)} anti-social behaviour`);
  return lines;
}

/** Faults as CSV: file, row, column, value, rule, cure. A text a spreadsheet would calculate is led by an apostrophe. */
export function faultsCsv(faults: readonly ({ readonly file: string } & Fault)[]): string {
  const lines = faults.map((fault) => [fault.file, fault.row, fault.column, fault.value, fault.rule, fault.cure].map(csvField).join(','));
  return `${['file,row,column,value,rule,cure', ...lines].join('\r\n')}\r\n`;
}
