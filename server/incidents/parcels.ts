/** What a file's rows come to, by source and month: kept in memory while small, on disk beyond, until the whole file is known to be good. */
import { createReadStream } from 'node:fs';
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { IncidentRow, ReadIncident } from './incident.ts';

export interface Parcel {
  readonly source: string;
  readonly month: string;
  readonly count: number;
  batches(): AsyncIterable<readonly IncidentRow[]>;
}

export interface Parcels {
  add(read: ReadIncident): void;
  /** Writes rows to disk when more are in memory than may be; call it between batches. */
  rest(): Promise<void>;
  /** Writes all rows to disk, to wait for other files. */
  store(): Promise<void>;
  list(): Parcel[];
  drop(): Promise<void>;
}

interface Kept {
  readonly source: string;
  readonly month: string;
  readonly path: string;
  rows: IncidentRow[];
  stored: number;
}

/** Keeps at most `most` rows in memory; files are made in `folder` as `prefix-N`. */
export function createParcels(folder: string, prefix: string, most = 15_000): Parcels {
  const kept = new Map<string, Kept>();
  let inMemory = 0;

  async function store(): Promise<void> {
    for (const parcel of kept.values()) {
      if (parcel.rows.length === 0) continue;
      await appendFile(parcel.path, packed(parcel.rows), { mode: 0o600 });
      parcel.stored += parcel.rows.length;
      parcel.rows = [];
    }
    inMemory = 0;
  }

  return {
    add({ source, month, incident }) {
      const key = `${source} ${month}`;
      let parcel = kept.get(key);
      if (!parcel) kept.set(key, (parcel = { source, month, path: join(folder, `${prefix}-${kept.size}`), rows: [], stored: 0 }));
      parcel.rows.push(incident);
      inMemory += 1;
    },
    rest: async () => (inMemory > most ? store() : undefined),
    store,
    list: () => [...kept.values()].map((parcel) => ({ source: parcel.source, month: parcel.month, count: parcel.stored + parcel.rows.length, batches: () => batchesOf(parcel) })),
    async drop() {
      for (const parcel of kept.values()) if (parcel.stored) await rm(parcel.path, { force: true });
      kept.clear();
    },
  };
}

const rowsAtOnce = 5_000;

/** Batches of rows, each led by its length in four bytes. */
function packed(rows: readonly IncidentRow[]): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const body = serialize(rows.slice(at, at + rowsAtOnce));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(body.length);
    parts.push(length, body);
  }
  return Buffer.concat(parts);
}

async function* batchesOf(parcel: Kept): AsyncGenerator<readonly IncidentRow[]> {
  if (parcel.stored) yield* storedBatches(parcel.path);
  for (let at = 0; at < parcel.rows.length; at += rowsAtOnce) yield parcel.rows.slice(at, at + rowsAtOnce);
}

async function* storedBatches(path: string): AsyncGenerator<IncidentRow[]> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    held = held.length ? Buffer.concat([held, chunk as Buffer]) : (chunk as Buffer);
    while (held.length >= 4 && held.length >= 4 + held.readUInt32LE()) {
      const end = 4 + held.readUInt32LE();
      yield deserialize(held.subarray(4, end)) as IncidentRow[];
      held = held.subarray(end);
    }
  }
}
