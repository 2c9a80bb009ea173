/** What tests' databases are copied from, made light: a run copies it two hundred times. */
import { cpSync, existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { hash } from '@node-rs/argon2';
import type { Knex } from 'knex';
import { entriesOf } from '../../server/embeddedPostgis.ts';
import { demonstrationPassword } from '../../server/people/routes.ts';

/** Gives the users a hash of the same password that is quick to check. What a new hash costs is tested in tests/rules/passwords.test.ts. */
export async function easePasswords(db: Knex): Promise<void> {
  const quick = await hash(demonstrationPassword, { memoryCost: 8, timeCost: 1, parallelism: 1 });
  await db('person').whereNotNull('password_hash').update({ password_hash: quick });
}

/** Removes what a closed embedded database keeps for the log to come: 16 MB a file, made again when needed. */
export function shedSpareLog(folder: string): void {
  const log = join(folder, 'pgdata', 'pg_wal');
  const segments = readdirSync(log).filter((name) => /^[0-9A-F]{24}$/.test(name)).sort();
  for (const spare of segments.slice(2)) rmSync(join(log, spare));
}

const memory = '/dev/shm';
const plentyBytes = 4 * 1024 ** 3;

/** A new folder for a test's data: in memory where that is plenty, since on a disk making the files costs ten times the copying. */
export function makeDataDir(): string {
  const room = existsSync(memory) ? statfsSync(memory) : { bavail: 0, bsize: 0 };
  return mkdtempSync(join(room.bavail * room.bsize > plentyBytes ? memory : tmpdir(), 'hotspots-'));
}

/** Copies an embedded data directory; the packed engine in it is never written to, so both share it. */
export async function copyEmbedded(template: string, dataDir: string): Promise<void> {
  const engine = join(template, 'engine');
  cpSync(template, dataDir, { recursive: true, filter: (source) => source !== engine });
  if (!existsSync(engine)) return;
  symlinkSync(engine, join(dataDir, 'engine'));
  await (compiled ??= compile(engine));
}

let compiled: Promise<WebAssembly.Module[]> | undefined;

/** The engine's code, held as long as the process lives: V8 gives the machine code made for one database to the next one that has the same code. */
function compile(engine: string): Promise<WebAssembly.Module[]> {
  const libraries = globSync(join(engine, '*.tar.gz')).flatMap((packed) => [...entriesOf(gunzipSync(readFileSync(packed)))]).filter(({ name }) => name.endsWith('.so'));
  const main = readFileSync(fileURLToPath(new URL('./pglite.wasm', import.meta.resolve('@electric-sql/pglite'))));
  return Promise.all([main, ...libraries.map(({ content }) => content)].map((bytes) => WebAssembly.compile(new Uint8Array(bytes))));
}
