/** Writes a form as a workbook: headings frozen, what is to be filled in marked, each cell held to its kind by data validation. */
import ExcelJS from 'exceljs';
import { safeText } from './spreadsheet.ts';

export type FormCellKind = 'count' | 'hours' | 'percent' | 'change' | 'money' | 'text' | 'list' | 'date';

export interface FormCell {
  /** Minutes, per cent, pence, a count, a day as YYYY-MM-DD, or words. */
  readonly value: number | string | null;
  readonly kind: FormCellKind;
  readonly entry: boolean;
  readonly list?: readonly string[];
}

export interface FormTable {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly columns: readonly { readonly label: string; readonly width: number; readonly entry: boolean }[];
  readonly rows: readonly (readonly FormCell[])[];
}

export interface FormBook {
  readonly title: string;
  readonly author: string;
  readonly made: Date;
  readonly cover: { readonly name: string; readonly facts: readonly (readonly [label: string, value: string])[]; readonly words: readonly string[] };
  readonly tables: readonly FormTable[];
}

const formats: Record<FormCellKind, string> = { count: '#,##0', hours: '[h]:mm', percent: '0.0%', change: '+0.0%;-0.0%;0.0%', money: '£#,##0.00;-£#,##0.00', text: '@', list: '@', date: 'd mmmm yyyy' };
const filled: ExcelJS.Fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFFFF8E1' } };

/** The bytes of the workbook; headings stand in row 4 of each table. */
export async function writeForm(book: FormBook): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  workbook.title = book.title;
  workbook.creator = book.author;
  workbook.created = book.made;
  workbook.modified = book.made;
  Object.assign(workbook, { language: 'en-GB' });
  addCover(workbook, book);
  for (const table of book.tables) addTable(workbook, table);
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

function addCover(workbook: ExcelJS.Workbook, { title, cover }: FormBook): void {
  const sheet = workbook.addWorksheet(cover.name);
  sheet.getColumn(1).width = 28;
  sheet.getColumn(2).width = 80;
  sheet.getCell('A1').value = safeText(title);
  sheet.getCell('A1').font = { size: 16, bold: true };
  cover.facts.forEach(([label, value], index) => {
    sheet.getCell(index + 3, 1).value = label;
    sheet.getCell(index + 3, 1).font = { bold: true };
    sheet.getCell(index + 3, 2).value = safeText(value);
  });
  cover.words.forEach((words, index) => {
    const cell = sheet.getCell(cover.facts.length + 4 + index, 2);
    cell.value = safeText(words);
    cell.alignment = { wrapText: true, vertical: 'top' };
  });
}

function addTable(workbook: ExcelJS.Workbook, table: FormTable): void {
  const sheet = workbook.addWorksheet(table.name, { views: [{ state: 'frozen', xSplit: 2, ySplit: 4 }] });
  sheet.getCell('A1').value = safeText(table.title);
  sheet.getCell('A1').font = { size: 16, bold: true };
  sheet.getCell('A2').value = safeText(`${table.about} Fill in the shaded cells; leave the others as they are.`);
  table.columns.forEach(({ label, width }, index) => {
    const heading = sheet.getCell(4, index + 1);
    heading.value = safeText(label);
    heading.font = { bold: true };
    heading.alignment = { wrapText: true, vertical: 'top' };
    sheet.getColumn(index + 1).width = width;
  });
  table.rows.forEach((row, line) => row.forEach((cell, column) => fillCell(sheet.getCell(line + 5, column + 1), cell)));
  sheet.autoFilter = { from: { row: 4, column: 1 }, to: { row: 4 + table.rows.length, column: table.columns.length } };
}

function fillCell(target: ExcelJS.Cell, cell: FormCell): void {
  target.value = written(cell);
  target.numFmt = formats[cell.kind];
  target.alignment = { vertical: 'top', wrapText: cell.kind === 'text' };
  if (!cell.entry) return;
  target.fill = filled;
  const rule = validationOf(cell);
  if (rule) target.dataValidation = rule;
}

function written({ value, kind }: FormCell): ExcelJS.CellValue {
  if (typeof value === 'string') return kind === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T00:00:00Z`) : safeText(value);
  if (value === null) return null;
  if (kind === 'hours') return value / 1440;
  if (kind === 'money') return value / 100;
  return kind === 'percent' || kind === 'change' ? Math.round(value * 10) / 1000 : value;
}

/** Shorthand in brackets may stand in any cell of numbers, so a rule tells and does not stop. */
function validationOf({ kind, list }: FormCell): ExcelJS.DataValidation | undefined {
  const told = { allowBlank: true, showErrorMessage: true, errorStyle: 'warning' as const, errorTitle: 'Check this cell' };
  if (kind === 'count') return { ...told, type: 'whole', operator: 'between', formulae: [0, 1_000_000], error: 'Write a whole number, 0 or more; or the shorthand that stands there.' };
  if (kind === 'hours') return { ...told, type: 'decimal', operator: 'between', formulae: [0, 5000], error: 'Write hours and minutes as 12:30.' };
  if (kind === 'percent') return { ...told, type: 'decimal', operator: 'between', formulae: [0, 1], error: 'Write a percentage from 0 % to 100 %.' };
  if (kind === 'money') return { ...told, type: 'decimal', operator: 'between', formulae: [-1e9, 1e9], error: 'Write pounds and pence as 1234.50.' };
  if (kind === 'list') return { ...told, type: 'list', formulae: [`"${(list ?? []).join(',')}"`], error: `Choose one of: ${(list ?? []).join(', ')}.` };
  if (kind === 'date') return { ...told, type: 'date', operator: 'greaterThan', formulae: [new Date('2020-01-01T00:00:00Z')], error: 'Write a day as 6/11/2023.' };
  return kind === 'text' ? { ...told, type: 'textLength', operator: 'lessThanOrEqual', formulae: [4000], error: 'Use at most 4,000 characters.' } : undefined;
}

/** One cell to mark in a copy. */
export interface Mark {
  readonly sheet: string;
  /** Like "E9". */
  readonly cell: string;
  readonly words: string;
  readonly severity: 'error' | 'warning' | 'note';
}

const markFills: Record<Mark['severity'], string> = { error: 'FFF8C8C4', warning: 'FFFFE3A3', note: 'FFCFE5FA' };

/** The workbook with the marked cells filled and commented, everything else as it was; several words at one cell stand in one comment. */
export async function markWorkbook(bytes: Buffer, marks: readonly Mark[]): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes as unknown as Parameters<typeof workbook.xlsx.load>[0]);
  const byCell = new Map<string, Mark[]>();
  for (const mark of marks) {
    const key = `${mark.sheet}\n${mark.cell}`;
    byCell.set(key, [...(byCell.get(key) ?? []), mark]);
  }
  for (const own of byCell.values()) {
    const [first] = own;
    const sheet = first && (workbook.getWorksheet(first.sheet) ?? workbook.worksheets[0]);
    if (!first || !sheet) continue;
    const cell = sheet.getCell(first.cell);
    const worst = own.some(({ severity }) => severity === 'error') ? 'error' : own.some(({ severity }) => severity === 'warning') ? 'warning' : 'note';
    // Cells share their styles; without a copy of its own one fill would colour them all.
    cell.style = { ...cell.style, fill: { type: 'pattern', pattern: 'solid', fgColor: { argb: markFills[worst] } } };
    cell.note = own.map(({ words }) => words).join('\n\n');
  }
  return Buffer.from(await workbook.xlsx.writeBuffer());
}
