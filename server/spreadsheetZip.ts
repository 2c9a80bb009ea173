/**
 * A workbook as a zip archive, looked at before it is opened: its size, what it says it unpacks to, and what is in it. Nothing is unpacked
 * that was not listed here, and never more than was listed (ECMA-376 part 2; PKWARE APPNOTE 4.3).
 */
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { AppError } from './errors.ts';

export interface WorkbookParts {
  readonly names: readonly string[];
  /** The text of a part in pieces; undefined when there is no such part. */
  open(name: string): Promise<AsyncIterable<Buffer> | undefined>;
  close(): void;
}

const mostBytes = 20 * 1024 * 1024;
const mostUnpacked = 250 * 1024 * 1024;
const mostParts = 2000;
/** Sheets of repeated rows pack some fifty to one; only above this size does more than that tell of a bomb. */
const ratioFrom = 8 * 1024 * 1024;
const mostRatio = 150;

const refuse = (fileName: string, why: string): AppError => new AppError(422, 'wrong_file', `${fileName}: ${why}`);

/** Throws in words when a file is too large to be read at all; asked by its size, before a byte of it is read. */
export function refuseLargeFile(fileName: string, bytes: number): void {
  if (bytes === 0) throw refuse(fileName, 'the file is empty. Choose it again.');
  if (bytes > mostBytes) throw refuse(fileName, `the file has ${Math.round(bytes / 1024 / 1024)} MB; the most is 20 MB. Take out pictures and sheets that do not belong, or split a patrol log by month.`);
}

/** True when a file begins as a zip archive does. */
export const isZip = (bytes: Buffer): boolean => bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004';

/** Lists a workbook's parts; throws in words for what is none, is locked, holds macros or unpacks to too much. */
export async function openParts(fileName: string, bytes: Buffer): Promise<WorkbookParts> {
  refuseLargeFile(fileName, bytes.length);
  if (bytes.subarray(0, 4).toString('hex') === 'd0cf11e0') throw refuse(fileName, 'the workbook is locked with a password or saved in the format before 2007. Save it as "Excel workbook (.xlsx)" without a password.');
  if (!isZip(bytes)) throw refuse(fileName, 'this is not a workbook. Send the .xlsx file, or a CSV file.');
  const archive = await fromBufferPromise(bytes, { lazyEntries: true, autoClose: false }).catch(() => undefined);
  if (!archive) throw refuse(fileName, 'the workbook is cut off or damaged. Save it again and send that.');
  const entries = await listEntries(fileName, archive);
  refuseUnfit(fileName, entries);
  return {
    names: [...entries.keys()],
    async open(name) {
      const entry = entries.get(name);
      return entry ? within(fileName, await archive.openReadStreamPromise(entry), entry.uncompressedSize) : undefined;
    },
    close: () => archive.close(),
  };
}

async function listEntries(fileName: string, archive: ZipFile): Promise<Map<string, Entry>> {
  if (archive.entryCount > mostParts) throw refuse(fileName, `it holds ${archive.entryCount} parts, more than a workbook has. Save the sheets as a new workbook.`);
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of archive.eachEntry()) entries.set(entry.fileName, entry);
  } catch {
    throw refuse(fileName, 'the workbook is cut off or damaged. Save it again and send that.');
  }
  return entries;
}

function refuseUnfit(fileName: string, entries: ReadonlyMap<string, Entry>): void {
  const names = [...entries.keys()];
  if (names.some((name) => /vbaProject|macrosheets|\/activeX\//i.test(name))) throw refuse(fileName, 'the workbook holds macros. Save it as "Excel workbook (.xlsx)", without macros, and send that.');
  if (!entries.has('xl/workbook.xml')) throw refuse(fileName, 'this is a zip file, not a workbook. Send the .xlsx file itself.');
  const unpacked = [...entries.values()].reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  const dense = [...entries.values()].some((entry) => entry.uncompressedSize > ratioFrom && entry.uncompressedSize > entry.compressedSize * mostRatio);
  if (unpacked > mostUnpacked || dense) throw refuse(fileName, `the workbook unpacks to ${Math.round(unpacked / 1024 / 1024)} MB, more than is read. Delete empty rows and columns that were formatted, and save it again.`);
  if ([...entries.values()].some((entry) => entry.isEncrypted())) throw refuse(fileName, 'the workbook is locked with a password. Save it without one.');
}

/** yauzl stops where more or less comes out than is listed; its words are not for readers. */
async function* within(fileName: string, stream: AsyncIterable<Buffer>, listed: number): AsyncGenerator<Buffer> {
  let seen = 0;
  try {
    for await (const chunk of stream) {
      seen += chunk.length;
      if (seen > listed) break;
      yield chunk;
    }
  } catch {
    throw refuse(fileName, 'the workbook is damaged: a part of it is not as large as it says. Save it again and send that.');
  }
  if (seen > listed) throw refuse(fileName, 'the workbook is damaged: a part of it is larger than it says. Save it again and send that.');
}
