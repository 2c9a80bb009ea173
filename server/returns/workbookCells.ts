/** The cells of one sheet's XML: what is there, and the same sheet with some cells filled and nothing else touched. Pure. */
import { groupBy } from './month.ts';
import { attribute, type Edit, escapeXml, type Tag, tagsOf, withEdits } from './workbookXml.ts';

export type CellValue = string | number;

export interface HeldCell {
  readonly column: number;
  readonly start: number;
  readonly end: number;
  /** Its style's number, as text; undefined where it has none. */
  readonly style: string | undefined;
  readonly formula: boolean;
}

interface HeldRow {
  readonly number: number;
  readonly open: Tag;
  /** Where its closing tag begins; the end of an empty one. */
  readonly closes: number;
  readonly cells: readonly HeldCell[];
}

export interface Range {
  readonly text: string;
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export interface Sheet {
  readonly data: Tag;
  readonly dataCloses: number;
  readonly rows: readonly HeldRow[];
  readonly byNumber: ReadonlyMap<number, HeldRow>;
  readonly merged: readonly Range[];
}

export interface Place {
  readonly row: number;
  readonly column: number;
}

/** `C5` or `$C$5` as numbers from 1; undefined for what names no cell a sheet has. */
export function placeOf(reference: string): Place | undefined {
  const found = /^\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})$/.exec(reference);
  if (!found) return undefined;
  const column = columnOf(found[1] ?? '');
  const row = Number(found[2]);
  return column <= 16_384 && row <= 1_048_576 ? { row, column } : undefined;
}

export function columnOf(letters: string): number {
  return [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

export function referenceOf({ row, column }: Place): string {
  let letters = '';
  for (let left = column; left > 0; left = Math.floor((left - 1) / 26)) letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  return `${letters}${row}`;
}

/** Reads a sheet's rows, cells and merged ranges with where they stand. Throws a RangeError where there is no sheet in it. */
export function readSheet(xml: string): Sheet {
  const rows: { number: number; open: Tag; closes: number; cells: HeldCell[] }[] = [];
  const merged: Range[] = [];
  let data: Tag | undefined;
  let dataCloses = 0;
  let cell: { open: Tag; column: number; formula: boolean } | undefined;
  for (const each of tagsOf(xml)) {
    const row = rows.at(-1);
    if (each.name === 'sheetData') {
      if (each.kind !== 'close') data = each;
      if (each.kind !== 'open') dataCloses = each.kind === 'close' ? each.start : each.end;
    } else if (each.name === 'mergeCell' && each.kind !== 'close') {
      const range = rangeOf(attribute(each, 'ref') ?? '');
      if (range) merged.push(range);
    } else if (!data || dataCloses > 0) continue;
    else if (each.name === 'row') {
      if (each.kind === 'close') { if (row) row.closes = each.start; }
      else rows.push({ number: Number(attribute(each, 'r') ?? (row?.number ?? 0) + 1), open: each, closes: each.end, cells: [] });
    } else if (each.name === 'c' && row) {
      const column = placeOf(attribute(each, 'r') ?? '')?.column ?? (row.cells.at(-1)?.column ?? 0) + 1;
      if (each.kind === 'open') cell = { open: each, column, formula: false };
      else if (each.kind === 'empty') row.cells.push({ column, start: each.start, end: each.end, style: attribute(each, 's'), formula: false });
      else if (cell) row.cells.push({ column: cell.column, start: cell.open.start, end: each.end, style: attribute(cell.open, 's'), formula: cell.formula });
    } else if (each.name === 'f' && cell) cell.formula = true;
  }
  if (!data) throw new RangeError('A sheet of the workbook holds no cells. Save it again in the program it was made with.');
  return { data, dataCloses, rows, byNumber: new Map(rows.map((row) => [row.number, row])), merged };
}

/** `B2:D3`, or one cell, as numbers; undefined for what is neither. */
export function rangeOf(text: string): Range | undefined {
  const [first = '', last = first] = text.split(':');
  const [from, to] = [placeOf(first), placeOf(last)];
  return from && to && { text, top: from.row, left: from.column, bottom: to.row, right: to.column };
}

export const isWithin = ({ row, column }: Place, range: Range): boolean => row >= range.top && row <= range.bottom && column >= range.left && column <= range.right;

export const cellAt = (sheet: Sheet, { row, column }: Place): HeldCell | undefined => sheet.byNumber.get(row)?.cells.find((each) => each.column === column);

export interface Change extends Place {
  readonly value: CellValue;
}

/** The sheet with cells set: a cell keeps its style, one that is not there yet is put in its place, everything else stays byte for byte. */
export function withCells(xml: string, changes: readonly Change[]): string {
  const sheet = readSheet(xml);
  const byRow = groupBy([...changes].sort((a, b) => a.row - b.row || a.column - b.column), (change) => change.row);
  const edits: Edit[] = [];
  const newRows: { before: number; text: string }[] = [];
  const { prefix } = sheet.data;
  for (const [number, cells] of byRow) {
    const row = sheet.byNumber.get(number);
    if (row) edits.push(...rowEdits(xml, row, cells));
    else newRows.push({ before: sheet.rows.find((each) => each.number > number)?.open.start ?? (sheet.data.kind === 'empty' ? sheet.data.start : sheet.dataCloses), text: `<${prefix}row r="${number}">${cells.map((cell) => cellText(cell, prefix)).join('')}</${prefix}row>` });
  }
  if (sheet.data.kind === 'empty') {
    const body = newRows.map(({ text }) => text).join('');
    return body === '' ? xml : withEdits(xml, [{ start: sheet.data.start, end: sheet.data.end, text: `<${prefix}sheetData>${body}</${prefix}sheetData>` }]);
  }
  return withEdits(xml, [...edits, ...newRows.map(({ before, text }) => ({ start: before, end: before, text }))]);
}

function rowEdits(xml: string, row: HeldRow, cells: readonly Change[]): Edit[] {
  const { prefix } = row.open;
  if (row.open.kind === 'empty') {
    const open = `${xml.slice(row.open.start, row.open.end).replace(/\s*\/>$/, '')}>`;
    return [{ start: row.open.start, end: row.open.end, text: `${open}${cells.map((cell) => cellText(cell, prefix)).join('')}</${prefix}row>` }];
  }
  return cells.map((cell) => {
    const held = row.cells.find((each) => each.column === cell.column);
    if (held) return { start: held.start, end: held.end, text: cellText(cell, prefix, held.style) };
    const start = row.cells.find((each) => each.column > cell.column)?.start ?? row.closes;
    return { start, end: start, text: cellText(cell, prefix) };
  });
}

function cellText(change: Change, prefix: string, style?: string): string {
  const shared = `<${prefix}c r="${referenceOf(change)}"${style === undefined ? '' : ` s="${escapeXml(style)}"`}`;
  if (typeof change.value === 'number') return `${shared}><${prefix}v>${change.value}</${prefix}v></${prefix}c>`;
  return `${shared} t="inlineStr"><${prefix}is><${prefix}t xml:space="preserve">${escapeXml(change.value)}</${prefix}t></${prefix}is></${prefix}c>`;
}

/** The sheet with its formulas and without what they came to: worked out while the cells were other, that would stand there as if it were right. */
export function withoutResults(xml: string): string {
  const edits: Edit[] = [];
  let formula = false;
  let value: number | undefined;
  for (const { name, kind, start, end } of tagsOf(xml)) {
    if (name === 'c') [formula, value] = [false, undefined];
    else if (name === 'f') formula = true;
    else if (name === 'v' && kind === 'open') value = start;
    else if (name === 'v' && kind === 'close' && formula && value !== undefined) edits.push({ start: value, end, text: '' });
  }
  return withEdits(xml, edits);
}
