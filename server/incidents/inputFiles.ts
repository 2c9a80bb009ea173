/** Files to import: as named, found in folders, or inside archives; each opens as a stream of its own bytes. */
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { type Fault, faultOfFile, FileFault } from '../places/fault.ts';
import { openArchive } from './archive.ts';
import { type Limits, usualLimits, within } from './limits.ts';

export interface InputFile {
  /** As it is shown: the path as given, the path below a folder, or `archive.zip › entry`. */
  readonly name: string;
  /** True when it was found in a folder or an archive and not named itself. */
  readonly found: boolean;
  /** Bytes on disk, for progress. */
  readonly size: number;
  /** Its bytes, unpacked. Throws FileFault while being read when it is cut off or larger than it may be. */
  open(): AsyncIterable<Uint8Array>;
}

export interface Gathered {
  readonly files: readonly InputFile[];
  readonly refused: readonly { readonly name: string; readonly fault: Fault }[];
  /** Files of folders and archives whose names say that they are something else. */
  readonly passedOver: number;
  close(): void;
}

interface Gathering {
  readonly files: InputFile[];
  readonly refused: { name: string; fault: Fault }[];
  readonly closers: (() => void)[];
  readonly limits: Limits;
  passedOver: number;
}

/** Finds every file under the paths, in the order given and by name within folders. */
export async function gatherFiles(inputs: readonly { path: string; name: string }[], limits: Limits = usualLimits): Promise<Gathered> {
  const all: Gathering = { files: [], refused: [], closers: [], limits, passedOver: 0 };
  for (const { path, name } of inputs) await orRefuse(all, name, () => add(all, path, name, false));
  return { files: all.files, refused: all.refused, passedOver: all.passedOver, close: () => all.closers.forEach((close) => close()) };
}

async function orRefuse(all: Gathering, name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    all.refused.push({ name, fault: faultOf(error) });
  }
}

const systemFaults: Record<string, [rule: string, cure: string]> = {
  ENOENT: ['There is no such file or folder.', 'Check the path.'],
  EACCES: ['The file may not be read.', 'Give this user the right to read it.'],
};

/** The fault an error stands for; an error of another kind is thrown on. */
export function faultOf(error: unknown): Fault {
  if (error instanceof FileFault) return error.fault;
  const known = systemFaults[(error as NodeJS.ErrnoException).code ?? ''];
  if (!known) throw error;
  return faultOfFile(known[0], known[1]);
}

async function add(all: Gathering, path: string, name: string, found: boolean): Promise<void> {
  const about = await stat(path);
  if (about.isDirectory()) return addFolder(all, path, name);
  if (!about.isFile()) throw new FileFault(faultOfFile('It is neither a file nor a folder.', 'Name a file or a folder.'));
  const start = await firstBytes(path, 4);
  if (start.toString('latin1') === 'PK\u0003\u0004' || start.toString('latin1') === 'PK\u0005\u0006') return addArchive(all, path, name);
  const packed = start[0] === 0x1f && start[1] === 0x8b;
  all.files.push({ name, found, size: about.size, open: () => (packed ? unpack(path, about.size, all.limits) : plain(path)) });
}

async function addFolder(all: Gathering, folder: string, name: string): Promise<void> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter((entry) => !entry.name.startsWith('.'));
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const shown = join(name, entry.name);
    if (entry.isDirectory() || (entry.isFile() && looksLikeData(entry.name))) await orRefuse(all, shown, () => add(all, path, shown, true));
    else all.passedOver += 1;
  }
}

/** True for the file names an import looks into when it meets them in a folder or an archive. */
export function looksLikeData(name: string): boolean {
  return /\.(csv|csv\.gz|geojson|json|zip)$/i.test(name);
}

async function firstBytes(path: string, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function addArchive(all: Gathering, path: string, name: string): Promise<void> {
  const archive = await openArchive(path, all.limits);
  all.closers.push(archive.close);
  for (const entry of archive.entries) {
    if (looksLikeData(entry.name)) all.files.push({ name: `${name} › ${entry.name}`, found: true, size: entry.packedBytes, open: entry.open });
    else all.passedOver += 1;
  }
}

const chunkBytes = 256 * 1024;

function plain(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: chunkBytes });
}

async function* unpack(path: string, packedBytes: number, limits: Limits): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path);
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  file.on('error', (error) => gunzip.destroy(error));
  try {
    yield* within(file.pipe(gunzip), packedBytes, limits);
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error;
    throw new FileFault(faultOfFile('The packed file is cut off or damaged.', 'Download or copy it again.', (error as Error).message));
  } finally {
    file.destroy();
    gunzip.destroy();
  }
}
