/** The files of an information pack: what is held of an agreement or a hotspot, version by version, and its timeline. Pure. */
import { csvFile, type CsvValue } from '../csv.ts';
import { licenceText } from './publishedFiles.ts';

export interface PackEvent {
  readonly at: string;
  readonly role: string;
  readonly action: string;
  readonly reason: string | null;
  readonly before: unknown;
  readonly after: unknown;
}

export type PackRow = Readonly<Record<string, unknown>>;

export interface PackFacts {
  readonly subject: string;
  readonly publisher: string;
  readonly made: string;
  readonly events: readonly PackEvent[];
  readonly tables: Readonly<Record<string, readonly PackRow[]>>;
  /** Counts under this in tables of actions are hidden. */
  readonly threshold: number;
}

interface PackFile {
  readonly name: string;
  readonly body: Buffer;
}

/** A README that says what is there and what must be looked at before it is sent, a CSV for each table, and the timeline. */
export function packFiles(facts: PackFacts): PackFile[] {
  const tables = Object.entries(facts.tables).filter(([, rows]) => rows.length > 0);
  return [
    { name: 'README.txt', body: Buffer.from(readme(facts, tables.map(([name, rows]) => `${name}.csv (${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`))) },
    { name: 'timeline.csv', body: csvFile([['When', 'Role', 'What happened', 'Reason', 'Before', 'After'], ...facts.events.map((event) => [event.at, event.role, event.action, event.reason, json(event.before), json(event.after)])]) },
    ...tables.map(([name, rows]) => ({ name: `${name}.csv`, body: tableFile(rows, ['actions', 'figures'].includes(name) ? facts.threshold : 0) })),
  ];
}

const json = (value: unknown): string | null => (value === null || value === undefined ? null : JSON.stringify(value));

/** Counts of what was done to people are hidden where they are small; each stands alone here, without a total that would give it away. */
function tableFile(rows: readonly PackRow[], threshold: number): Buffer {
  const heads = Object.keys(rows[0] ?? {});
  const cell = (name: string, value: unknown): CsvValue => {
    if (name === 'n' && typeof value === 'number' && value > 0 && value < threshold) return `<${threshold}`;
    return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : json(value);
  };
  return csvFile([heads.map((head) => head.replaceAll('_', ' ')), ...rows.map((row) => heads.map((head) => cell(head, row[head])))]);
}

const readme = ({ subject, publisher, made, events }: PackFacts, files: readonly string[]): string => [
  `${subject}: what is held, for a request under the Freedom of Information Act 2000.`, `Made on ${made} by ${publisher}.`, '',
  `timeline.csv (${events.length} ${events.length === 1 ? 'event' : 'events'}), ${files.join(', ')}.`, '',
  'Amounts are whole pence. Officers are named by their role. Nothing about individuals is held.',
  'Before this is sent: check whether an exemption applies (section 31, law enforcement: where exactly and when patrols go; section 43, commercial interests), and',
  'whether names of hotspots are released. Answer within 20 working days.', '', licenceText(publisher),
].join('\r\n');
