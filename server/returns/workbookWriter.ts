/**
 * An accessible workbook written row by row: for tables too long to be held as cells. Laid out as spreadsheet.ts does: a cover, contents,
 * then one marked-up table a sheet under its title in A1, no merged and no blank cells, language, title and author set (ECMA-376 part 1).
 */
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { type Book, type Cell, type Column, type ColumnKind, safeText, type TableSheet } from '../spreadsheet.ts';
import { referenceOf } from './workbookCells.ts';
import { escapeXml } from './workbookXml.ts';

/** A table whose rows are made as they are written. */
export interface LongSheet extends Omit<TableSheet, 'rows'> {
  readonly rows: Iterable<readonly Cell[]>;
  readonly rowCount: number;
}

export type LongBook = Omit<Book, 'sheets'> & { readonly sheets: readonly LongSheet[] };

const formats: readonly (readonly [kind: ColumnKind, code: string])[] = [
  ['count', '#,##0'], ['hours', '[h]" h "mm" min"'], ['percent', '0.0%'], ['change', '+0.0%;-0.0%;0.0%'], ['money', '£#,##0.00;-£#,##0.00'], ['date', 'd mmmm yyyy'],
];
/** Styles by their place in the style sheet below. */
const style = { title: 1, left: 2, right: 3, text: 4, shorthand: 5, link: 6, first: 7 } as const;
const styleOf = (kind: ColumnKind): number => (kind === 'text' ? style.text : style.first + formats.findIndex(([each]) => each === kind));

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const types = 'application/vnd.openxmlformats-officedocument';

/** The workbook as a stream of its bytes. Throws a RangeError for a table without rows. */
export function writeLongBook(book: LongBook): Readable {
  const sheets: LongSheet[] = [coverOf(book), contentsOf(book), ...book.sheets];
  const empty = sheets.find(({ rowCount }) => rowCount === 0);
  if (empty) throw new RangeError(`The sheet "${empty.name}" has no rows; a table needs at least one.`);
  const zip = new ZipFile();
  const add = (name: string, xml: string): void => zip.addBuffer(Buffer.from(head + xml), name, { mtime: book.made });
  add('[Content_Types].xml', contentTypes(sheets));
  add('_rels/.rels', relsOf([['officeDocument', 'xl/workbook.xml'], ['extended-properties', 'docProps/app.xml']], `<Relationship Id="core" Type="${packages}/relationships/metadata/core-properties" Target="docProps/core.xml"/>`));
  add('docProps/core.xml', core(book));
  add('docProps/app.xml', `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Company>${escapeXml(book.author)}</Company></Properties>`);
  add('xl/workbook.xml', workbook(sheets));
  add('xl/_rels/workbook.xml.rels', relsOf([...sheets.map((_, index) => ['worksheet', `worksheets/sheet${index + 1}.xml`] as const), ['styles', 'styles.xml']]));
  add('xl/styles.xml', styles());
  sheets.forEach((sheet, index) => {
    if (index > 0) {
      add(`xl/worksheets/_rels/sheet${index + 1}.xml.rels`, relsOf([['table', `../tables/table${index}.xml`]]));
      add(`xl/tables/table${index}.xml`, table(sheet, index));
    }
    zip.addReadStream(Readable.from(chunks(sheetXml(sheet, { index, mark: book.mark, names: sheets.map(({ name }) => name) }))), `xl/worksheets/sheet${index + 1}.xml`, { mtime: book.made });
  });
  zip.end();
  return zip.outputStream as Readable;
}

const coverOf = (book: LongBook): LongSheet => ({ name: 'Cover', title: book.title, about: [], columns: [], rows: book.cover.map((line) => [line]), rowCount: book.cover.length });

function contentsOf(book: LongBook): LongSheet {
  return {
    name: 'Contents', title: 'Contents', about: [...(book.mark === undefined ? [] : [`${book.mark}.`]), 'Each name leads to its sheet.'],
    columns: [{ label: 'Sheet', kind: 'text' }, { label: 'What it holds', kind: 'text' }], rows: book.sheets.map(({ name, title }) => [{ sheet: name }, title]), rowCount: book.sheets.length,
  };
}

const headerRow = (sheet: Pick<LongSheet, 'about'>): number => sheet.about.length + 2;

function* sheetXml(sheet: LongSheet, { index, mark, names }: { index: number; mark: string | undefined; names: readonly string[] }): Generator<string> {
  const header = headerRow(sheet);
  yield `${head}<worksheet xmlns="${main}" xmlns:r="${relations}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`;
  yield index === 0 ? '<sheetViews><sheetView workbookViewId="0" tabSelected="1"/></sheetViews><cols><col min="1" max="1" width="100" customWidth="1"/></cols>'
    : `<sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="${header}" topLeftCell="B${header + 1}" activePane="bottomRight" state="frozen"/></sheetView></sheetViews><cols>${sheet.columns.map(width).join('')}</cols>`;
  yield `<sheetData><row r="1">${textCell('A1', sheet.title, style.title)}</row>`;
  yield sheet.about.map((line, nth) => `<row r="${nth + 2}">${textCell(`A${nth + 2}`, line)}</row>`).join('');
  if (index > 0) yield `<row r="${header}">${sheet.columns.map(({ label, kind }, column) => textCell(referenceOf({ row: header, column: column + 1 }), label, kind === 'text' ? style.left : style.right)).join('')}</row>`;
  let row = index === 0 ? 1 : header;
  const letters = sheet.columns.map((_, column) => referenceOf({ row: 1, column: column + 1 }).slice(0, -1));
  for (const cells of sheet.rows) {
    row += 1;
    yield `<row r="${row}">${cells.map((cell, column) => cellXml(`${letters[column] ?? 'A'}${row}`, cell, sheet.columns[column]?.kind ?? 'text')).join('')}</row>`;
  }
  yield '</sheetData>';
  if (sheet.name === 'Contents') yield `<hyperlinks>${names.slice(2).map((name, nth) => `<hyperlink ref="A${header + 1 + nth}" location="'${escapeXml(name.replaceAll("'", "''"))}'!A1" display="${escapeXml(name)}"/>`).join('')}</hyperlinks>`;
  yield `<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/><headerFooter><oddFooter>&amp;C${escapeXml(mark === undefined ? '' : `${mark.replaceAll('&', '&&')} – `)}page &amp;P of &amp;N</oddFooter></headerFooter>`;
  if (index > 0) yield '<tableParts count="1"><tablePart r:id="r1"/></tableParts>';
  yield '</worksheet>';
}

/** Rows gathered to pieces worth compressing. */
function* chunks(pieces: Iterable<string>): Generator<Buffer> {
  let held = '';
  for (const piece of pieces) {
    held += piece;
    if (held.length < 65_536) continue;
    yield Buffer.from(held);
    held = '';
  }
  yield Buffer.from(held);
}

const textCell = (at: string, text: string, styled: number = style.text): string => `<c r="${at}" s="${styled}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(safeText(text))}</t></is></c>`;

function cellXml(at: string, cell: Cell, columnKind: ColumnKind): string {
  if (typeof cell === 'object' && 'sheet' in cell) return textCell(at, cell.sheet, style.link);
  const kind = typeof cell === 'object' ? cell.kind : columnKind;
  const value = typeof cell === 'object' ? cell.value : cell;
  if (typeof value === 'number') return `<c r="${at}" s="${styleOf(kind)}"><v>${numberFor(value, kind)}</v></c>`;
  if (kind === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return `<c r="${at}" s="${styleOf('date')}"><v>${Math.round((Date.parse(`${value}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / 86_400_000)}</v></c>`;
  return textCell(at, value, kind === 'text' ? style.text : style.shorthand);
}

/** Minutes as days, pence as pounds, per cent as shares: what the formats show. */
function numberFor(value: number, kind: ColumnKind): number {
  if (kind === 'hours') return value / 1440;
  if (kind === 'money') return value / 100;
  return kind === 'percent' || kind === 'change' ? Math.round(value * 10) / 1000 : value;
}

const width = ({ label, kind }: Column, index: number): string => {
  const longest = Math.max(...label.split(' ').map((word) => word.length));
  return `<col min="${index + 1}" max="${index + 1}" width="${Math.min(60, Math.max(kind === 'text' ? 28 : 15, longest + 4))}" customWidth="1"/>`;
};

function table({ columns, about, rowCount }: LongSheet, index: number): string {
  const header = headerRow({ about });
  const ref = `A${header}:${referenceOf({ row: header + rowCount, column: columns.length })}`;
  return `<table xmlns="${main}" id="${index}" name="table_${index}" displayName="table_${index}" ref="${ref}" totalsRowShown="0"><autoFilter ref="${ref}"/><tableColumns count="${columns.length}">${
    columns.map(({ label }, nth) => `<tableColumn id="${nth + 1}" name="${escapeXml(safeText(label))}"/>`).join('')}</tableColumns><tableStyleInfo name="TableStyleLight1" showFirstColumn="0" showLastColumn="0" showRowStripes="1" showColumnStripes="0"/></table>`;
}

function workbook(sheets: readonly LongSheet[]): string {
  const named = sheets.map((sheet, index) => (index === 0 ? '' : `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">'${escapeXml(sheet.name.replaceAll("'", "''"))}'!$${headerRow(sheet)}:$${headerRow(sheet)}</definedName>`)).join('');
  return `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${sheets.map(({ name }, index) => `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="r${index + 1}"/>`).join('')}</sheets><definedNames>${named}</definedNames></workbook>`;
}

function relsOf(targets: readonly (readonly [type: string, target: string])[], more = ''): string {
  return `<Relationships xmlns="${packages}/relationships">${targets.map(([type, target], index) => `<Relationship Id="r${index + 1}" Type="${relations}/${type}" Target="${target}"/>`).join('')}${more}</Relationships>`;
}

function contentTypes(sheets: readonly LongSheet[]): string {
  const parts: [string, string][] = [
    ['/xl/workbook.xml', `${types}.spreadsheetml.sheet.main+xml`], ['/xl/styles.xml', `${types}.spreadsheetml.styles+xml`],
    ['/docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml'], ['/docProps/app.xml', `${types}.extended-properties+xml`],
    ...sheets.map((_, index): [string, string] => [`/xl/worksheets/sheet${index + 1}.xml`, `${types}.spreadsheetml.worksheet+xml`]),
    ...sheets.slice(1).map((_, index): [string, string] => [`/xl/tables/table${index + 1}.xml`, `${types}.spreadsheetml.table+xml`]),
  ];
  return `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${parts.map(([name, type]) => `<Override PartName="${name}" ContentType="${type}"/>`).join('')}</Types>`;
}

function core({ title, subject, author, made }: LongBook): string {
  const when = (name: string): string => `<dcterms:${name} xsi:type="dcterms:W3CDTF">${made.toISOString().slice(0, 19)}Z</dcterms:${name}>`;
  return `<cp:coreProperties xmlns:cp="${packages}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${escapeXml(title)}</dc:title><dc:subject>${escapeXml(subject)}</dc:subject><dc:creator>${escapeXml(author)}</dc:creator><dc:language>en-GB</dc:language><cp:lastModifiedBy>${escapeXml(author)}</cp:lastModifiedBy>${when('created')}${when('modified')}</cp:coreProperties>`;
}

function styles(): string {
  const wrap = (horizontal: string): string => `<alignment vertical="top" wrapText="1"${horizontal ? ` horizontal="${horizontal}"` : ''}/>`;
  const xf = (font: number, format: number, alignment: string): string => `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyFont="1" applyNumberFormat="1" applyAlignment="1">${alignment}</xf>`;
  const fonts = ['<sz val="11"/><name val="Arial"/>', '<b/><sz val="16"/><name val="Arial"/>', '<b/><sz val="11"/><name val="Arial"/>', '<u/><sz val="11"/><color rgb="FF0B57A4"/><name val="Arial"/>'];
  const cells = [xf(0, 0, ''), xf(1, 0, ''), xf(2, 0, wrap('left')), xf(2, 0, wrap('right')), xf(0, 0, wrap('')), xf(0, 0, '<alignment vertical="top" horizontal="right"/>'), xf(3, 0, wrap('')), ...formats.map((_, nth) => xf(0, 170 + nth, '<alignment vertical="top" horizontal="right"/>'))];
  return `<styleSheet xmlns="${main}"><numFmts count="${formats.length}">${formats.map(([, code], nth) => `<numFmt numFmtId="${170 + nth}" formatCode="${escapeXml(code)}"/>`).join('')}</numFmts><fonts count="${fonts.length}">${fonts.map((font) => `<font>${font}</font>`).join('')}</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${cells.length}">${cells.join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
}
