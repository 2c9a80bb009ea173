/**
 * Accessible workbooks: a cover, contents, then one marked-up table a sheet under its title in A1.
 * No merged cells, no blank cells in a table, language, title and author set. The only file that knows exceljs.
 * Follows the Analysis Function's guidance on statistics in spreadsheets.
 */
import ExcelJS from 'exceljs';

/** `hours` takes whole minutes and shows hours and minutes; `percent` and `change` take per cent; `money` takes pence and shows pounds; `date` takes YYYY-MM-DD. */
export type ColumnKind = 'text' | 'count' | 'hours' | 'percent' | 'change' | 'money' | 'date';

/** A number takes its column's kind unless it brings its own; a text in a column of numbers is shorthand for why there is none. */
export type Cell = string | number | { readonly value: number; readonly kind: ColumnKind } | { readonly sheet: string };

export interface Column {
  readonly label: string;
  readonly kind: ColumnKind;
}

export interface TableSheet {
  /** At most 31 characters, none of []:*?/\ . */
  readonly name: string;
  readonly title: string;
  /** Lines between title and table: definition, period, source. */
  readonly about: readonly string[];
  readonly columns: readonly Column[];
  /** At least one; a row has a value for every column. */
  readonly rows: readonly (readonly Cell[])[];
}

export interface Book {
  readonly title: string;
  readonly subject: string;
  readonly author: string;
  readonly made: Date;
  readonly cover: readonly string[];
  readonly sheets: readonly TableSheet[];
  /** Stands on the contents and is printed at the foot of every page. */
  readonly mark?: string;
}

const formats: Record<ColumnKind, string> = {
  text: '@', count: '#,##0', hours: '[h]" h "mm" min"', percent: '0.0%', change: '+0.0%;-0.0%;0.0%', money: '£#,##0.00;-£#,##0.00', date: 'd mmmm yyyy',
};

/** Writes a workbook; throws a RangeError naming the sheet and what is wrong with it. */
export async function writeWorkbook(book: Book): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  describe(workbook, book);
  addCover(workbook, book);
  const sheets = [contentsOf(book), ...book.sheets];
  refuseRepeated(['Cover', ...sheets.map((sheet) => sheet.name)]);
  for (const [index, sheet] of sheets.entries()) addTable(workbook, sheet, { index, mark: book.mark });
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

function describe(workbook: ExcelJS.Workbook, book: Book): void {
  workbook.title = book.title;
  workbook.subject = book.subject;
  workbook.creator = book.author;
  workbook.company = book.author;
  workbook.lastModifiedBy = book.author;
  workbook.created = book.made;
  workbook.modified = book.made;
  // exceljs writes dc:language from here but leaves it out of its types.
  Object.assign(workbook, { language: 'en-GB' });
}

function addCover(workbook: ExcelJS.Workbook, book: Book): void {
  const sheet = workbook.addWorksheet('Cover', pageOf(book.mark));
  sheet.getColumn(1).width = 100;
  addTitle(sheet, book.title);
  for (const [index, line] of book.cover.entries()) {
    const cell = sheet.getCell(index + 2, 1);
    cell.value = safeText(line);
    cell.alignment = { wrapText: true, vertical: 'top' };
  }
}

function contentsOf(book: Book): TableSheet {
  return {
    name: 'Contents',
    title: 'Contents',
    about: [...(book.mark === undefined ? [] : [`${book.mark}.`]), 'Each name leads to its sheet.'],
    columns: [{ label: 'Sheet', kind: 'text' }, { label: 'What it holds', kind: 'text' }],
    rows: book.sheets.map((sheet) => [{ sheet: sheet.name }, sheet.title]),
  };
}

function refuseRepeated(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (name.length > 31 || /[[\]:*?/\\]/.test(name) || name === '') throw new RangeError(`A sheet cannot be called "${name}". Use 1 to 31 characters without []:*?/\\.`);
    if (seen.has(name.toLowerCase())) throw new RangeError(`Two sheets are called "${name}". Give each its own name.`);
    seen.add(name.toLowerCase());
  }
}

function pageOf(mark: string | undefined): Partial<ExcelJS.AddWorksheetOptions> {
  const foot = mark === undefined ? 'Page &P of &N' : `${mark.replaceAll('&', '&&')} – page &P of &N`;
  return {
    pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
    headerFooter: { oddFooter: `&C${foot}` },
  };
}

function addTitle(sheet: ExcelJS.Worksheet, title: string): void {
  const cell = sheet.getCell('A1');
  cell.value = safeText(title);
  cell.font = { size: 16, bold: true };
}

function addTable(workbook: ExcelJS.Workbook, table: TableSheet, { index, mark }: { index: number; mark: string | undefined }): void {
  refuseHoles(table);
  const sheet = workbook.addWorksheet(table.name, pageOf(mark));
  addTitle(sheet, table.title);
  for (const [line, text] of table.about.entries()) sheet.getCell(line + 2, 1).value = safeText(text);
  const header = table.about.length + 2;
  sheet.addTable({
    name: `table_${index}`,
    ref: `A${header}`,
    headerRow: true,
    style: { theme: 'TableStyleLight1', showRowStripes: true },
    columns: table.columns.map(({ label }) => ({ name: safeText(label), filterButton: true })),
    rows: table.rows.map((row) => row.map((cell, column) => written(cell, table.columns[column]?.kind ?? 'text'))),
  });
  styleTable(sheet, table, header);
  sheet.views = [{ state: 'frozen', xSplit: 1, ySplit: header }];
  sheet.pageSetup.printTitlesRow = `${header}:${header}`;
}

function refuseHoles({ name, columns, rows }: TableSheet): void {
  if (rows.length === 0) throw new RangeError(`The sheet "${name}" has no rows; a table needs at least one.`);
  const labels = new Set(columns.map(({ label }) => safeText(label).toLowerCase()));
  if (labels.size < columns.length) throw new RangeError(`Two columns of the sheet "${name}" have one heading.`);
  for (const [index, row] of rows.entries()) {
    const blank = columns.findIndex((_, column) => row[column] === undefined || row[column] === '' || Number.isNaN(row[column]));
    if (blank >= 0 || row.length !== columns.length) throw new RangeError(`Row ${index + 1} of the sheet "${name}" has no value for "${columns[blank]?.label ?? 'a column'}". Write why instead.`);
  }
}

/** What exceljs is given for a cell. */
function written(cell: Cell, kind: ColumnKind): ExcelJS.CellValue {
  if (typeof cell === 'number') return asNumber(cell, kind);
  if (typeof cell === 'string') return kind === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(cell) ? new Date(`${cell}T00:00:00Z`) : safeText(cell);
  if ('sheet' in cell) return linkTo(cell.sheet);
  return asNumber(cell.value, cell.kind);
}

function asNumber(value: number, kind: ColumnKind): number {
  if (kind === 'hours') return value / 1440;
  if (kind === 'money') return value / 100;
  // One decimal of a per cent is three of a share; dividing alone would leave a tail of binary noise.
  return kind === 'percent' || kind === 'change' ? Math.round(value * 10) / 1000 : value;
}

/** A formula, because a plain link inside the file is written as one to another file. */
function linkTo(sheet: string): ExcelJS.CellFormulaValue {
  const quoted = sheet.replaceAll("'", "''").replaceAll('"', '""');
  return { formula: `HYPERLINK("#'${quoted}'!A1","${sheet.replaceAll('"', '""')}")`, result: sheet } as ExcelJS.CellFormulaValue;
}

/**
 * Text as it may stand in a cell: control characters out, and an apostrophe before what a spreadsheet would run as a formula
 * when the sheet is saved as CSV and opened again.
 */
export function safeText(text: string): string {
  // Control characters and half characters have no place in XML; tabs and line breaks do.
  const clean = text.replace(/\r\n?/g, '\n').replace(/\p{Cc}|\p{Surrogate}|\p{Noncharacter_Code_Point}/gu, (found) => ('\t\n'.includes(found) ? found : ''));
  return /^\s*[=+\-@]|^[\t\n]/.test(clean) ? `'${clean}` : clean;
}

function styleTable(sheet: ExcelJS.Worksheet, table: TableSheet, header: number): void {
  for (const [index, column] of table.columns.entries()) {
    const heading = sheet.getCell(header, index + 1);
    heading.font = { bold: true };
    heading.alignment = { wrapText: true, vertical: 'top', horizontal: column.kind === 'text' ? 'left' : 'right' };
    sheet.getColumn(index + 1).width = widthOf(table, index);
    for (const [line, row] of table.rows.entries()) styleCell(sheet.getCell(header + 1 + line, index + 1), row[index] ?? '', column.kind);
  }
}

function styleCell(target: ExcelJS.Cell, cell: Cell, columnKind: ColumnKind): void {
  const kind = typeof cell === 'object' && 'kind' in cell ? cell.kind : columnKind;
  if (typeof cell === 'object' && 'sheet' in cell) target.font = { color: { argb: 'FF0B57A4' }, underline: true };
  else if (kind !== 'text') target.numFmt = formats[kind];
  target.alignment = kind === 'text' ? { wrapText: true, vertical: 'top' } : { horizontal: 'right', vertical: 'top' };
}

/** Wide enough for the longest value, within reason; a heading may break into lines. */
function widthOf(table: TableSheet, index: number): number {
  const column = table.columns[index];
  const lengths = table.rows.map((row) => lengthOf(row[index] ?? '', column?.kind ?? 'text'));
  const heading = Math.max(...(column?.label ?? '').split(' ').map((word) => word.length));
  return Math.min(60, Math.max(12, heading + 4, ...lengths.map((length) => length + 2)));
}

function lengthOf(cell: Cell, kind: ColumnKind): number {
  if (typeof cell === 'string') return kind === 'date' ? 18 : cell.length;
  if (typeof cell === 'object' && 'sheet' in cell) return cell.sheet.length;
  const own = typeof cell === 'object' ? cell.kind : kind;
  return own === 'hours' ? 15 : 10;
}
