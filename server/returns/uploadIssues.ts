/** What is wrong with a file: found cell by cell, told once for all cells it is true of. Pure. */
import { createHash } from 'node:crypto';
import { cellName } from '../spreadsheetPlaces.ts';
import type { Issue, Severity, UploadReport } from './uploadContract.ts';

/** One finding at one cell; row and column from 0. */
export interface Found {
  readonly tier: 1 | 2 | 3;
  readonly severity: Severity;
  readonly sheet: string;
  readonly section: string;
  readonly row: number;
  readonly column: number;
  readonly given: string;
  readonly rule: string;
  readonly message: string;
  readonly cure: string;
  /** Set on a warning: a reason was given for it. */
  readonly answered?: boolean;
}

/** The key under which a reason for a finding is given. */
export function keyOf({ sheet, rule, message, cure }: Pick<Found, 'sheet' | 'rule' | 'message' | 'cure'>): string {
  return createHash('sha256').update(JSON.stringify([sheet, rule, message, cure])).digest('hex').slice(0, 32);
}

/** Identical findings as one, in the order of the sheets and of their first cells. */
export function mergeFound(found: readonly Found[]): Issue[] {
  const groups = new Map<string, Found[]>();
  for (const one of found) {
    const key = `${one.tier} ${one.severity} ${one.answered === true} ${keyOf(one)}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { tier, severity, sheet, section, rule, message, cure } = first;
    return [{
      key: keyOf(first), tier, severity, sheet, section, rule, message, cure, places: sayPlaces(group),
      cells: group.map(({ row, column, given }) => ({ cell: cellName(row, column), given })), needsReason: severity === 'warning' && first.answered !== true,
    }];
  });
}

/** "E9, E12 to E14": cells below one another are told as a stretch. */
export function sayPlaces(cells: readonly { readonly row: number; readonly column: number }[]): string {
  const sorted = cells.toSorted((a, b) => a.column - b.column || a.row - b.row);
  const stretches: { column: number; from: number; to: number }[] = [];
  for (const { row, column } of sorted) {
    const last = stretches.at(-1);
    if (last?.column === column && (row === last.to || row === last.to + 1)) last.to = row;
    else stretches.push({ column, from: row, to: row });
  }
  return stretches.map(({ column, from, to }) => (from === to ? cellName(from, column) : `${cellName(from, column)} to ${cellName(to, column)}`)).join(', ');
}

/** The first tier with an error is told alone; where there is none, every warning and note. */
export function reportOf(kind: UploadReport['kind'], found: readonly Found[], rows: number): UploadReport {
  const tier = ([1, 2, 3] as const).find((one) => found.some((each) => each.tier === one && each.severity === 'error')) ?? 0;
  // A warning whose reason was given is said where the months are put together, not here.
  const shown = found.filter((each) => each.answered !== true && (tier === 0 || each.tier === tier));
  const count = (severity: Severity): number => shown.filter((each) => each.severity === severity).length;
  return { kind, tier, errors: count('error'), warnings: count('warning'), notes: count('note'), issues: mergeFound(shown), rows, kept: '' };
}

/** The name of a list nearest to what was written, by letters to change, add or take out; undefined for an empty list. */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  return names.map((name) => ({ name, far: distance(plain(written).slice(0, 60), plain(name).slice(0, 60)) })).toSorted((a, b) => a.far - b.far)[0]?.name;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}
