/** How large a packed file may turn out to be. */
import { type Fault, faultOfFile, FileFault } from '../places/fault.ts';

export interface Limits {
  /** Unpacked bytes of one file. */
  readonly mostBytes: number;
  /** Unpacked bytes of one archive. */
  readonly mostArchiveBytes: number;
  /** How many times larger a file may be unpacked than packed; looked at from `ratioFrom` bytes on. */
  readonly mostRatio: number;
  readonly ratioFrom: number;
  readonly mostEntries: number;
}

export const usualLimits: Limits = { mostBytes: 4 * 2 ** 30, mostArchiveBytes: 16 * 2 ** 30, mostRatio: 250, ratioFrom: 50 * 2 ** 20, mostEntries: 20_000 };

/** Passes bytes on until there are more of them than a file of this size may hold: what an archive says of itself is not believed. */
export async function* within(chunks: AsyncIterable<Uint8Array>, packedBytes: number, limits: Limits): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > limits.mostBytes || (bytes > limits.ratioFrom && bytes > packedBytes * limits.mostRatio)) throw new FileFault(tooLarge(bytes));
    yield chunk;
  }
}

export function tooLarge(bytes: number): Fault {
  return faultOfFile('Unpacked, it is far larger than data of this kind.', 'Check where the file comes from; if it is right, unpack it and import the files one by one.', `${Math.round(bytes / 2 ** 20)} MB and more`);
}
