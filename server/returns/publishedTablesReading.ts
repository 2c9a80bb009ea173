/** A pasted table as columns and rows, with what each probably is from its name; people correct the guess. Pure. */
import type { ColumnMeaning, PublishedColumn, PublishedRow, RowKind } from './publishedTablesContract.ts';

export interface ReadTable {
  readonly columns: readonly PublishedColumn[];
  readonly rows: readonly PublishedRow[];
}

export interface Meant {
  readonly meanings?: readonly ColumnMeaning[] | undefined;
  readonly kinds?: readonly RowKind[] | undefined;
}

const mostCells = 40;

/**
 * Reads text with headings in its first line and a name in front of each row; cells are parted by tabs, bars or commas (then figures with commas stand in quotes).
 * Answers a sentence where it is no such table.
 */
export function readTable(text: string, { meanings, kinds }: Meant = {}): ReadTable | string {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^[\s|:-]+$/.test(line));
  const separator = lines.some((line) => line.includes('\t')) ? '\t' : lines.some((line) => line.includes('|')) ? '|' : ',';
  const [head = [], ...body] = lines.map((line) => splitLine(line, separator));
  const names = head.slice(1);
  if (body.length === 0 || names.length === 0) return 'This is not a table yet. Paste the headings and at least one row, with a name in front and cells parted by tabs, bars or commas.';
  const odd = body.find((cells) => cells.length !== head.length);
  if (odd) return `The row “${odd[0]}” has ${odd.length} cells and the headings are ${head.length}. Give each row a cell for each heading, blank where nothing is printed.`;
  const long = [...head, ...body.flat()].find((cell) => cell.length > 120) ?? body.flatMap((cells) => cells.slice(1)).find((cell) => cell.length > mostCells);
  if (long !== undefined) return `“${long.slice(0, 60)}…” is too long for a cell. Shorten it.`;
  if (meanings && meanings.length !== names.length) return `There are ${names.length} columns after the first and ${meanings.length} meanings. Say for each column what it is.`;
  if (kinds && kinds.length !== body.length) return `There are ${body.length} rows and ${kinds.length} kinds. Say for each row what it is.`;
  const meant = meanings ?? guessMeanings(names);
  return {
    columns: names.map((name, index) => ({ name, meaning: meant[index] ?? 'left alone' })),
    rows: body.map(([label = '', ...cells], index) => ({ label, kind: kinds?.[index] ?? guessKind(label, meant), cells })),
  };
}

function splitLine(line: string, separator: string): string[] {
  if (separator === ',') return [...line.matchAll(/(?:^|,)(?:\s*"((?:[^"]|"")*)"\s*|([^,]*))/g)].map(([, quoted, plain]) => (quoted?.replaceAll('""', '"') ?? plain ?? '').trim());
  const bare = separator === '|' ? line.trim().replace(/^\||\|$/g, '') : line;
  return bare.split(separator).map((cell) => cell.trim());
}

const plain: readonly [RegExp, ColumnMeaning][] = [
  [/per 1,?000|rate/i, 'rate'], [/population|residents/i, 'population'], [/share|% of|proportion/i, 'share'], [/^(out )?of\b|whole/i, 'whole'],
  [/(%|per ?cent).*(change|diff|\+|−)|(change|diff).*(%|per ?cent)/i, 'percent change'], [/change|diff|\+\/[-−]/i, 'change'],
];

/** Two figures with a change or a percentage after them are an earlier and a later one. */
function guessMeanings(names: readonly string[]): ColumnMeaning[] {
  const meant = names.map((name) => plain.find(([pattern]) => pattern.test(name))?.[1] ?? (/%|per ?cent/i.test(name) ? 'percent change' : 'figure'));
  meant.forEach((meaning, index) => {
    const figures = meant.slice(0, index).flatMap((each, nth) => (each === 'figure' ? [nth] : []));
    const [earlier, later] = figures.slice(-2);
    if ((meaning === 'change' || meaning === 'percent change') && earlier !== undefined && later !== undefined) {
      meant[earlier] = 'before';
      meant[later] = 'after';
    }
  });
  return meant.map((meaning, index) => (meaning === 'percent change' && !meant.slice(0, index).includes('after') ? 'share' : meaning));
}

function guessKind(label: string, meanings: readonly ColumnMeaning[]): RowKind {
  if (/year to date|\bytd\b/i.test(label)) return 'year to date';
  if (/\btotal\b|^all\b|^(this )?quarter$/i.test(label)) return 'total';
  return meanings.includes('whole') ? 'alone' : 'part';
}
