/** A zip archive: its entries by name, checked against what the archive says of itself and against what comes out. */
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { faultOfFile, FileFault } from '../places/fault.ts';
import { type Limits, tooLarge, within } from './limits.ts';

export interface ArchiveEntry {
  readonly name: string;
  readonly packedBytes: number;
  open(): AsyncIterable<Uint8Array>;
}

export interface Archive {
  readonly entries: readonly ArchiveEntry[];
  close(): void;
}

/** Lists an archive; throws FileFault when it is cut off, locked with a password, a workbook, or larger than the limits. */
export async function openArchive(path: string, limits: Limits): Promise<Archive> {
  const archive = await orFault(openPromise(path, { lazyEntries: true, autoClose: false }));
  try {
    return { entries: await listEntries(archive, limits), close: () => archive.close() };
  } catch (error) {
    archive.close();
    throw error;
  }
}

async function listEntries(archive: ZipFile, limits: Limits): Promise<ArchiveEntry[]> {
  if (archive.entryCount > limits.mostEntries) throw new FileFault(faultOfFile('The archive holds too many files.', `Split it: at most ${limits.mostEntries} files in one archive.`, `${archive.entryCount} files`));
  const entries: Entry[] = [];
  const iterator = archive.eachEntry();
  for (;;) {
    const { value, done } = await orFault(iterator.next());
    if (done) break;
    if (!(value as Entry).fileName.endsWith('/')) entries.push(value as Entry);
  }
  refuseUnusable(entries, limits);
  return entries.map((entry) => ({ name: entry.fileName, packedBytes: entry.compressedSize, open: () => unpack(archive, entry, limits) }));
}

function refuseUnusable(entries: readonly Entry[], limits: Limits): void {
  if (entries.some((entry) => entry.fileName === '[Content_Types].xml')) {
    throw new FileFault(faultOfFile('It is a workbook or document, not CSV.', 'Open it and save the sheet as "CSV UTF-8".'));
  }
  const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  if (total > limits.mostArchiveBytes) throw new FileFault(tooLarge(total));
  for (const entry of entries) {
    const { uncompressedSize: bytes, compressedSize: packed } = entry;
    if (bytes > limits.mostBytes || (bytes > limits.ratioFrom && bytes > packed * limits.mostRatio)) throw new FileFault(tooLarge(bytes));
    if (entry.isEncrypted()) throw new FileFault(faultOfFile('The archive is locked with a password.', 'Unpack it and import the files.', entry.fileName));
  }
}

/** yauzl tells when more or fewer bytes come out than the entry declares; the checksum it leaves to us. */
async function* unpack(archive: ZipFile, entry: Entry, limits: Limits): AsyncGenerator<Uint8Array> {
  let sum = 0;
  try {
    const stream = await archive.openReadStreamPromise(entry);
    for await (const chunk of within(stream, entry.compressedSize, limits)) {
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof FileFault ? error : damaged(error);
  }
  if (sum !== entry.crc32) throw damaged(new Error('checksum does not match'));
}

async function orFault<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw damaged(error);
  }
}

/** An archive's own words are kept as the value. */
function damaged(error: unknown): FileFault {
  const words = error instanceof Error ? error.message : String(error);
  if (/(relative|absolute) path/.test(words)) return new FileFault(faultOfFile('The archive names a file outside itself.', 'Check where it comes from; unpack it with care and import the files.', words));
  return new FileFault(faultOfFile('The archive is cut off or damaged.', 'Download or copy it again.', words));
}
