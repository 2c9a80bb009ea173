/** A workbook's parts out of its archive and back into one: what was not changed keeps its bytes, order and date. */
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { ZipFile as NewZip } from 'yazl';

export interface Part {
  readonly name: string;
  readonly content: Buffer;
  readonly changedOn: Date;
}

const mostParts = 2000;
const mostBytes = 100 * 1024 * 1024;

/** The parts in their order. Throws a RangeError in words for what is no archive, or one that would unpack beyond 100 MB. */
export async function readParts(archive: Buffer): Promise<Part[]> {
  const zip = await open(archive);
  const parts: Part[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => reject(new RangeError(`The workbook cannot be read: ${error.message}. Save it again in the program it was made with.`));
    zip.on('error', refuse).on('end', () => resolve(parts)).on('entry', (entry: Entry) => {
      bytes += entry.uncompressedSize;
      if (parts.length >= mostParts || bytes > mostBytes) return refuse(new Error('it would unpack to more than 100 MB or 2,000 parts'));
      if (entry.fileName.endsWith('/')) return zip.readEntry();
      zip.openReadStream(entry, (error, stream) => {
        if (error) return refuse(error);
        const held: Buffer[] = [];
        stream.on('error', refuse).on('data', (chunk: Buffer) => held.push(chunk)).on('end', () => {
          parts.push({ name: entry.fileName, content: Buffer.concat(held), changedOn: entry.getLastModDate() });
          zip.readEntry();
        });
      });
    });
    zip.readEntry();
  });
}

function open(archive: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(archive, { lazyEntries: true, strictFileNames: true }, (error: Error | null, zip?: ZipFile) => {
      if (zip) resolve(zip);
      else reject(new RangeError(`The file is not a workbook: ${error?.message ?? 'it is no archive'}. Send an .xlsx file.`));
    });
  });
}

/** The archive of some parts, in their order. */
export async function writeParts(parts: readonly Part[]): Promise<Buffer> {
  const zip = new NewZip();
  for (const { name, content, changedOn } of parts) zip.addBuffer(content, name, { mtime: changedOn });
  zip.end();
  const held: Buffer[] = [];
  for await (const chunk of zip.outputStream as AsyncIterable<Buffer>) held.push(chunk);
  return Buffer.concat(held);
}
