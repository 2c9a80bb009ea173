/** The columns a patrol log may have, and which of a file's headings is which. Pure. */
import type { ActionKind } from './contract.ts';

export interface Column {
  readonly key: string;
  readonly label: string;
  readonly required: boolean;
  /** Other headings for the same thing. */
  readonly also: readonly string[];
}

export interface HeadingProblem {
  readonly row: 1;
  readonly column: string;
  readonly value: string;
  readonly message: string;
}

const fixed: readonly Column[] = [
  { key: 'id', label: 'id', required: false, also: ['visit id'] },
  { key: 'hotspot', label: 'hotspot', required: true, also: ['hotspot name', 'hotspot id'] },
  { key: 'date', label: 'date', required: true, also: ['day'] },
  { key: 'start', label: 'start', required: true, also: ['start time', 'from', 'arrived'] },
  { key: 'end', label: 'end', required: true, also: ['end time', 'to', 'left'] },
  { key: 'persons', label: 'persons', required: true, also: ['people', 'officers', 'staff'] },
  { key: 'staff', label: 'staff category', required: false, also: ['category'] },
  { key: 'recorded', label: 'recorded how', required: false, also: ['evidence'] },
  { key: 'patrol', label: 'patrol reference', required: false, also: ['patrol'] },
  { key: 'wardens', label: 'wardens', required: false, also: ['warden references', 'warden'] },
  { key: 'foot', label: 'on foot', required: false, also: ['foot'] },
  { key: 'joint', label: 'joint with police', required: false, also: ['joint', 'joint patrol'] },
  { key: 'extended', label: 'extended', required: false, also: ['extended patrol'] },
  { key: 'note', label: 'note', required: false, also: ['notes', 'comment'] },
];

/** Every column: what describes the visit, then one for each kind of action. */
export function columnsFor(kinds: readonly ActionKind[]): Column[] {
  return [...fixed, ...kinds.map((kind): Column => ({ key: `action ${kind.code}`, label: kind.code, required: false, also: [kind.name] }))];
}

/** Which heading is which column; headings that are missing, twice there or unknown are named, with the nearest known one. */
export function findColumns(headings: readonly string[], columns: readonly Column[]): { columns: Map<string, { place: number; label: string }>; problems: HeadingProblem[] } {
  const found = new Map<string, { place: number; label: string }>();
  const problems: HeadingProblem[] = [];
  const refuse = (value: string, column: string, message: string): number => problems.push({ row: 1, column, value, message });
  headings.forEach((heading, place) => {
    if (plain(heading) === '') return;
    const column = columns.find((one) => [one.label, ...one.also].some((name) => plain(name) === plain(heading)));
    if (!column) refuse(heading, heading, `"${heading}" is not a column of a patrol log. Did you mean "${nearest(heading, columns)}"? Otherwise take the column out.`);
    else if (found.has(column.key)) refuse(heading, heading, `There are two columns for ${column.label}. Keep one.`);
    else found.set(column.key, { place, label: heading.trim() });
  });
  for (const column of columns) {
    if (column.required && !found.has(column.key)) refuse('', column.label, `The column "${column.label}" is missing. Add it; the template has every column.`);
  }
  return { columns: found, problems };
}

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

function nearest(heading: string, columns: readonly Column[]): string {
  const names = columns.flatMap((column) => [column.label, ...column.also].map((name) => ({ label: column.label, far: distance(plain(heading), plain(name)) })));
  return names.reduce((best, one) => (one.far < best.far ? one : best), { label: 'hotspot', far: Number.POSITIVE_INFINITY }).label;
}

/** Levenshtein's distance: letters to change, add or take out. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
