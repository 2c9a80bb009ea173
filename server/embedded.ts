/**
 * The embedded PostGIS: PGlite in a worker thread of its own, served on a Unix socket in the data directory (mode 0700).
 * One process owns a data directory at a time; another finds its socket and joins it.
 */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';

export interface EmbeddedDatabase {
  /** What `pg` takes as `host`. */
  readonly socketDir: string;
  /** False when another process of this machine owns the data directory and its socket is used. */
  readonly owned: boolean;
  close(): Promise<void>;
}

const longestSocketPath = 100;

/** Opens the data directory, or joins the process that has it open. `mustOwn` waits for that process to end first. */
export async function openEmbedded(dataDir: string, options: { mustOwn: boolean }): Promise<EmbeddedDatabase> {
  const socketDir = join(dataDir, 'run');
  const socket = join(socketDir, '.s.PGSQL.5432');
  if (socket.length > longestSocketPath) {
    throw new Error(`DATA_DIR is too long for a Unix socket: ${dataDir} gives ${socket.length} characters, at most ${longestSocketPath} fit. Choose a shorter path.`);
  }
  mkdirSync(socketDir, { recursive: true, mode: 0o700 });
  chmodSync(dataDir, 0o700);
  const lock = join(dataDir, 'owner');
  for (let attempt = 0; !takeLock(lock); attempt += 1) {
    if (!options.mustOwn && (await answers(socket))) return { socketDir, owned: false, close: async () => undefined };
    if (attempt === 240) {
      throw new Error(`Another process has used ${dataDir} for two minutes. Stop it, or set DATA_DIR to another folder.`);
    }
    await wait(500);
  }
  rmSync(socket, { force: true });
  const worker = await startWorker({ pgdata: join(dataDir, 'pgdata'), packed: join(dataDir, 'engine'), socket });
  return { socketDir, owned: true, close: () => stopWorker(worker, lock) };
}

/** True when this process now owns the directory; a lock left by a process that is gone is taken over. */
function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const owner = Number(readFileSync(lock, 'utf8'));
  if (owner && owner !== process.pid && isAlive(owner)) return false;
  rmSync(lock, { force: true });
  return takeLock(lock);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect(socket);
    client.once('connect', () => resolve(!client.destroy().connecting));
    client.once('error', () => resolve(false));
  });
}

function startWorker(workerData: { pgdata: string; packed: string; socket: string }): Promise<Worker> {
  // Node 24 can die of freeing compiled WebAssembly it no longer knows (nodejs/node issue 64500): it keeps the code, some tens of megabytes.
  setFlagsFromString('--no-wasm-code-gc');
  const worker = new Worker(new URL('./embeddedWorker.ts', import.meta.url), { workerData });
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve(worker));
    worker.once('error', reject);
  });
}

async function stopWorker(worker: Worker, lock: string): Promise<void> {
  const stopped = new Promise((resolve) => worker.once('exit', resolve));
  worker.postMessage('stop');
  await stopped;
  rmSync(lock, { force: true });
}
