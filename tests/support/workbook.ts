/** Reads a workbook back: its values as we count them, and its XML as it is. */
import ExcelJS from 'exceljs';
import yauzl from 'yauzl';

export type Read = string | number | null;

export interface ReadTable {
  readonly columns: readonly string[];
  /** By column heading. */
  readonly rows: readonly Record<string, Read>[];
  readonly headerRow: number;
}

export async function readWorkbook(bytes: Buffer): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes as unknown as Parameters<typeof workbook.xlsx.load>[0]);
  return workbook;
}

/** A cell as a number or text; a duration comes back from the reader as a date and is given as days, as it is stored. */
export function readCell(value: ExcelJS.CellValue): Read {
  if (value instanceof Date) return (value.getTime() - Date.UTC(1899, 11, 30)) / 86_400_000;
  if (value === null || value === undefined) return null;
  if (typeof value === 'object' && 'result' in value) return readCell(value.result ?? null);
  if (typeof value === 'object' && 'text' in value) return String(value.text);
  if (typeof value === 'object' && 'richText' in value) return value.richText.map((part) => part.text).join('');
  return typeof value === 'number' ? value : String(value);
}

/** The table of a sheet: its header is the first row in which the second column, too, has something. */
export function readTable(sheet: ExcelJS.Worksheet): ReadTable {
  let headerRow = 1;
  while (readCell(sheet.getRow(headerRow).getCell(2).value) === null && headerRow < sheet.rowCount) headerRow += 1;
  const width = sheet.getRow(headerRow).cellCount;
  const read = (row: number): Read[] => Array.from({ length: width }, (_, column) => readCell(sheet.getRow(row).getCell(column + 1).value));
  const columns = read(headerRow).map(String);
  const rows = Array.from({ length: sheet.rowCount - headerRow }, (_, index) => Object.fromEntries(read(headerRow + 1 + index).map((value, column) => [columns[column] ?? '', value])));
  return { columns, rows, headerRow };
}

/** The files in a zip by name, as text. */
export async function unzipText(bytes: Buffer): Promise<Map<string, string>> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  const files = new Map<string, string>();
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: yauzl.Entry) => {
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part)).on('error', reject).on('end', () => {
          files.set(entry.fileName, Buffer.concat(parts).toString('utf8'));
          zip.readEntry();
        });
      });
    }).on('end', resolve).on('error', reject);
    zip.readEntry();
  });
  return files;
}

const tag = /<(?:\?[^>]*\?|(\/)?([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+="[^"<]*")*)\s*(\/)?)>/y;
const text = /(?:[^<&]|&(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)*/y;

/** The first place where a text is not well-formed XML, or undefined. Knows what workbooks are written with: no DOCTYPE, comments or CDATA. */
export function xmlFault(xml: string): string | undefined {
  const open: string[] = [];
  let at = 0;
  while (at < xml.length) {
    text.lastIndex = at;
    const skipped = text.exec(xml)?.[0].length ?? 0;
    at += skipped;
    if (at >= xml.length) break;
    tag.lastIndex = at;
    const found = tag.exec(xml);
    if (!found) return `near ${at}: ${xml.slice(at, at + 60)}`;
    const [whole, closing, name, , empty] = found;
    if (closing && open.pop() !== name) return `near ${at}: ${whole} closes what is not open`;
    if (name && !closing && !empty) open.push(name);
    at += whole.length;
  }
  return open.length > 0 ? `never closed: ${open.join(', ')}` : undefined;
}
