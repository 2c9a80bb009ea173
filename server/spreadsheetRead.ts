/**
 * Reads a workbook's sheets as cells: values as they were typed, dates and times by their formats, formulas by the values kept with them.
 * Runs nothing and follows no link (ECMA-376 part 1, 18.3 and 18.8).
 */
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { AppError } from './errors.ts';
import { type Area, cellName, type Grid, placeOf, type ReadCell } from './spreadsheetPlaces.ts';
import { openParts, type WorkbookParts } from './spreadsheetZip.ts';

const mostRows = 200_000;
const mostColumns = 400;
const mostSheets = 60;

/** The sheets of a workbook in their order; throws in words for a file that is none, or that is refused before it is opened. */
export async function readSheets(fileName: string, bytes: Buffer): Promise<Grid[]> {
  const parts = await openParts(fileName, bytes);
  try {
    return await readParts(fileName, parts);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(422, 'wrong_file', `${fileName}: the workbook cannot be read. Open it in a spreadsheet, save it again as .xlsx and send that.`);
  } finally {
    parts.close();
  }
}

async function readParts(fileName: string, parts: WorkbookParts): Promise<Grid[]> {
  const types = await textOf(parts, '[Content_Types].xml');
  if (/macroEnabled/i.test(types)) throw new AppError(422, 'wrong_file', `${fileName}: the workbook may hold macros. Save it as "Excel workbook (.xlsx)", without macros, and send that.`);
  const book = await readBook(parts);
  if (book.sheets.length > mostSheets) throw new AppError(422, 'wrong_file', `${fileName}: the workbook has ${book.sheets.length} sheets. Keep those of the form.`);
  const strings = await readStrings(parts);
  const formats = await readFormats(parts);
  const grids: Grid[] = [];
  for (const { name, hidden, path } of book.sheets) grids.push({ name, hidden, ...(await readSheet(fileName, parts, path, { name, strings, formats, shift: book.date1904 ? 1462 : 0 })) });
  return grids;
}

interface Handlers {
  open?(tag: SaxesTagPlain): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Names come without their prefix: some programs write `x:row`. */
async function parse(parts: WorkbookParts, path: string, handlers: Handlers): Promise<void> {
  const source = await parts.open(path);
  if (!source) return;
  const parser = new SaxesParser();
  const plain = (name: string): string => name.slice(name.indexOf(':') + 1);
  parser.on('doctype', () => {
    throw new Error('A workbook has no document type.');
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => handlers.open?.({ ...tag, name: plain(tag.name) }));
  parser.on('closetag', (tag) => handlers.close?.(plain(tag.name)));
  parser.on('text', (text) => handlers.text?.(text));
  const decoder = new TextDecoder('utf-8');
  for await (const chunk of source) parser.write(decoder.decode(chunk, { stream: true }));
  parser.write(decoder.decode()).close();
}

async function textOf(parts: WorkbookParts, path: string): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of (await parts.open(path)) ?? []) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

async function readBook(parts: WorkbookParts): Promise<{ date1904: boolean; sheets: { name: string; hidden: boolean; path: string }[] }> {
  const targets = new Map<string, string>();
  await parse(parts, 'xl/_rels/workbook.xml.rels', { open: ({ name, attributes: { Id, Target } }) => void (name === 'Relationship' && Id && Target && targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`)) });
  const sheets: { name: string; hidden: boolean; path: string }[] = [];
  let date1904 = false;
  await parse(parts, 'xl/workbook.xml', {
    open({ name, attributes }) {
      if (name === 'workbookPr') date1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      if (name === 'sheet') sheets.push({ name: attributes['name'] ?? '', hidden: (attributes['state'] ?? 'visible') !== 'visible', path: targets.get(attributes['r:id'] ?? '') ?? '' });
    },
  });
  return { date1904, sheets };
}

async function readStrings(parts: WorkbookParts): Promise<string[]> {
  const strings: string[] = [];
  const state = { text: '', inText: false, phonetic: false };
  await parse(parts, 'xl/sharedStrings.xml', {
    open({ name }) {
      if (name === 'si') state.text = '';
      if (name === 'rPh') state.phonetic = true;
      state.inText = name === 't' && !state.phonetic;
    },
    text: (text) => void (state.inText && (state.text += text)),
    close(name) {
      state.inText = false;
      if (name === 'rPh') state.phonetic = false;
      if (name === 'si') strings.push(state.text);
    },
  });
  return strings;
}

type NumberKind = 'number' | 'date' | 'time';

/** What each cell format makes of a number. */
async function readFormats(parts: WorkbookParts): Promise<NumberKind[]> {
  const codes = new Map<number, string>();
  const formats: NumberKind[] = [];
  let inCells = false;
  await parse(parts, 'xl/styles.xml', {
    open({ name, attributes }) {
      if (name === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      if (name === 'cellXfs') inCells = true;
      if (name === 'xf' && inCells) formats.push(kindOfFormat(Number(attributes['numFmtId'] ?? 0), codes));
    },
    close: (name) => void (name === 'cellXfs' && (inCells = false)),
  });
  return formats;
}

function kindOfFormat(id: number, codes: ReadonlyMap<number, string>): NumberKind {
  if ((id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36)) return 'date';
  if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47)) return 'time';
  const code = (codes.get(id) ?? '').replace(/"[^"]*"|\\.|_.|\*./g, '').replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  if (/[yd]/i.test(code)) return 'date';
  return /[hs]/i.test(code) ? 'time' : 'number';
}

interface SheetContext {
  readonly name: string;
  readonly strings: readonly string[];
  readonly formats: readonly NumberKind[];
  readonly shift: number;
}

/** One `<c>` while it is read. */
interface OpenCell {
  place: string;
  type: string;
  style: number;
  formula: boolean;
  text: string;
  has: boolean;
}

async function readSheet(fileName: string, parts: WorkbookParts, path: string, context: SheetContext): Promise<Pick<Grid, 'rows' | 'merged'>> {
  const rows: (ReadCell | undefined)[][] = [];
  const merged: Area[] = [];
  let cell: OpenCell | undefined;
  let taking = false;
  let at = { row: -1, column: -1 };
  await parse(parts, path, {
    open({ name, attributes }) {
      if (name === 'row') at = { row: attributes['r'] === undefined ? at.row + 1 : Number(attributes['r']) - 1, column: -1 };
      else if (name === 'c') cell = { place: attributes['r'] ?? '', type: attributes['t'] ?? 'n', style: Number(attributes['s'] ?? 0), formula: false, text: '', has: false };
      else if (name === 'f' && cell) cell.formula = true;
      else if (name === 'mergeCell') merged.push(areaOf(attributes['ref'] ?? 'A1'));
      taking = cell !== undefined && (name === 'v' || name === 't');
      if (taking && cell) cell.has = true;
    },
    text: (text) => void (taking && cell && (cell.text += text)),
    close(name) {
      if (name === 'v' || name === 't') taking = false;
      if (name !== 'c' || !cell) return;
      const place = cell.place === '' ? { row: at.row, column: at.column + 1 } : placeOf(cell.place);
      at = place;
      const read = valueOf(cell, context);
      cell = undefined;
      if (!read) return;
      if (place.row >= mostRows || place.column >= mostColumns) throw new AppError(422, 'wrong_file', `${fileName}: the sheet "${context.name}" reaches to ${cellName(place.row, place.column)}, further than is read. Delete what is outside the table.`);
      (rows[place.row] ??= [])[place.column] = read;
    },
  });
  return { rows: Array.from(rows, (row) => row ?? []), merged };
}

function valueOf({ type, style, formula, text, has }: OpenCell, { strings, formats, shift }: SheetContext): ReadCell | undefined {
  if (!has) return formula ? { kind: 'text', value: null, formula } : undefined;
  if (type === 's' || type === 'str' || type === 'inlineStr') {
    const value = type === 's' ? (strings[Number(text)] ?? '') : text;
    return value === '' ? (formula ? { kind: 'text', value: null, formula } : undefined) : { kind: 'text', value, formula };
  }
  if (type === 'b') return { kind: 'boolean', value: text === '1' || text === 'true', formula };
  if (type === 'e') return { kind: 'error', value: text, formula };
  if (type === 'd') return { kind: 'date', value: Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text) / 86_400_000 + 25_569, formula };
  if (text.trim() === '') return formula ? { kind: 'text', value: null, formula } : undefined;
  const kind = formats[style] ?? 'number';
  return { kind, value: Number(text) + (kind === 'date' ? shift : 0), formula };
}

function areaOf(ref: string): Area {
  const [from = 'A1', to = from] = ref.split(':');
  const [a, b] = [placeOf(from), placeOf(to)];
  return { top: a.row, left: a.column, bottom: b.row, right: b.column };
}
