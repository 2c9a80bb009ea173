/** Several files as one archive; the same files give the same bytes. */
import { ZipFile } from 'yazl';

/** A zip of files, in their order, each dated alike so that the archive depends on nothing but them. */
export async function archiveOf(files: readonly { readonly name: string; readonly body: Buffer }[]): Promise<Buffer> {
  const zip = new ZipFile();
  for (const { name, body } of files) zip.addBuffer(body, name, { mtime: new Date('2020-01-01T00:00:00Z'), mode: 0o100644 });
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
