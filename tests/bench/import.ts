/**
 * Rows a second of an import with boundaries, cells and counts, on a PostGIS server and embedded; on the published street files when
 * REAL_DATA names them, on made-up ones of the same shape otherwise. The reference puts the same rows into a plain table by `unnest`.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { createRandom } from '../../geo/random.ts';
import { type Database, migrate, openDatabase } from '../../server/database.ts';
import { importFiles } from '../../server/incidents/importWork.ts';
import { textArray } from '../../server/places/arrayLiteral.ts';
import { readCsv } from '../../server/places/csv.ts';
import { describeServer, onServer } from '../support/server.ts';

interface Input {
  readonly boundaries: string;
  readonly street: string;
}

/** importRowsPerSecond and its reference where a server can be reached, importEmbeddedRowsPerSecond always. */
export async function benchImport(): Promise<Record<string, number>> {
  const data = process.env['REAL_DATA'];
  const made = data ? undefined : makeFiles();
  const input = data ? { boundaries: join(data, 'boundaries'), street: join(data, 'police-uk/street') } : (made as Input);
  try {
    const url = process.env['DATABASE_URL'];
    const server = url ? await onServerDatabases(url, input) : {};
    return { ...server, importEmbeddedRowsPerSecond: await median(2, () => embedded(input)) };
  } finally {
    if (made) rmSync(join(made.street, '..'), { recursive: true, force: true });
  }
}

async function median(times: number, measure: () => Promise<number>): Promise<number> {
  const found: number[] = [];
  for (let i = 0; i < times; i++) found.push(await measure());
  found.sort((a, b) => a - b);
  return ((found[Math.floor((times - 1) / 2)] ?? 0) + (found[Math.ceil((times - 1) / 2)] ?? 0)) / 2;
}

async function onServerDatabases(url: string, input: Input): Promise<Record<string, number>> {
  const fresh = async (measure: (database: Database, folder: string) => Promise<number>): Promise<number> => {
    const name = `hotspots_bench_${randomUUID().slice(0, 8)}`;
    await onServer(url, `create database ${name}`);
    const dataDir = mkdtempSync(join(tmpdir(), 'hotspots-bench-'));
    const database = await openDatabase({ databaseUrl: describeServer(url, name), dataDir });
    try {
      await migrate(database.db);
      return await measure(database, dataDir);
    } finally {
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
      await onServer(url, `drop database if exists ${name} with (force)`);
    }
  };
  return {
    importRowsPerSecond: await median(3, () => fresh((database, folder) => importInto(database, folder, input))),
    importRowsPerSecondReference: await median(3, () => fresh((database) => plainInsert(database.db, input.street))),
  };
}

async function embedded(input: Input): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hotspots-bench-'));
  const database = await openDatabase({ databaseUrl: undefined, dataDir }, { mustOwn: true });
  try {
    await migrate(database.db);
    return await importInto(database, dataDir, input);
  } finally {
    await database.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Boundaries first, not timed; then the street files into an empty database, to the last commit. */
async function importInto(database: Database, folder: string, input: Input): Promise<number> {
  let rate = 0;
  for (const path of [input.boundaries, input.street]) {
    const runId = randomUUID();
    const report = await importFiles({
      db: database.db, actor: { personId: null, role: 'bench' }, runId, folder: join(folder, runId), inputs: [{ path, name: path }], options: {}, report: () => undefined,
    });
    if (report.filesRefused) throw new Error(`The bench’s own files were refused: ${JSON.stringify(report.faults[0])}`);
    rate = report.accepted / report.seconds;
  }
  return rate;
}

/** The same files read the same way, seven text columns into a table without an index, 5,000 rows a statement. */
async function plainInsert(db: Knex, folder: string): Promise<number> {
  await db.raw('create table plain (month text, lng text, lat text, place text, lsoa text, kind text, reference text)');
  const started = performance.now();
  let rows = 0;
  for (const name of readdirSync(folder).sort()) {
    let held: string[][] = [];
    for await (const batch of readCsv(createReadStream(join(folder, name), { highWaterMark: 256 * 1024 }))) {
      for (const { row, fields } of batch) if (row > 1) held.push(fields);
      while (held.length >= 5_000) rows += await insert(db, held.splice(0, 5_000));
    }
    if (held.length) rows += await insert(db, held);
    held = [];
  }
  return rows / ((performance.now() - started) / 1000);
}

const kept = [1, 4, 5, 6, 7, 9, 0];

async function insert(db: Knex, rows: readonly string[][]): Promise<number> {
  const columns = kept.map((at) => textArray(rows.map((fields) => fields[at] ?? '')));
  await db.raw('insert into plain select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])', columns);
  return rows.length;
}

const header = 'Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context';
const kinds = ['Anti-social behaviour', 'Violence and sexual offences', 'Criminal damage and arson', 'Shoplifting', 'Public order', 'Other theft', 'Burglary', 'Vehicle crime'];

/** Eighteen months of 7,900 rows at 7,800 points, and 360 small areas in four councils. */
function makeFiles(): Input {
  const folder = mkdtempSync(join(tmpdir(), 'hotspots-street-'));
  const street = mkdtempSync(join(folder, 'street-'));
  const boundaries = mkdtempSync(join(folder, 'boundaries-'));
  const stream = createRandom(20_230_701);
  const points = Array.from({ length: 7_800 }, () => [(-1.4 + stream.uniform() * 0.6).toFixed(6), (54.46 + stream.uniform() * 0.24).toFixed(6)].join(','));
  const pick = <T>(list: readonly T[]): T => list[Math.floor(stream.uniform() ** 2 * list.length)] as T;
  for (let month = 0; month < 18; month++) {
    const name = `${2023 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
    const rows = Array.from({ length: 7_900 }, (_, i) => {
      const reference = i % 5 ? Math.floor(stream.uniform() * 2 ** 50).toString(16).padStart(64, '0') : '';
      return `${reference},${name},Cleveland Police,Cleveland Police,${pick(points)},On or near Street ${i % 500},E01011949,Hartlepool 009A,${pick(kinds)},,`;
    });
    writeFileSync(join(street, `${name}-cleveland-street.csv`), [header, ...rows, ''].join('\n'));
  }
  for (const [file, across, properties] of [
    ['councils', 2, (i: number) => ({ LADCD: `E0600000${i + 1}`, LADNM: `Council ${i + 1}` })],
    ['areas', 19, (i: number) => ({ LSOA21CD: `E0100${String(i).padStart(4, '0')}`, LSOA21NM: `Area ${i}` })],
  ] as const) writeFileSync(join(boundaries, `${file}.geojson`), JSON.stringify({ type: 'FeatureCollection', features: grid(across, properties) }));
  return { boundaries, street };
}

/** Squares side by side over the whole of the made-up area. */
function grid(across: number, properties: (i: number) => object): object[] {
  return Array.from({ length: across * across }, (_, i) => {
    const west = -1.4 + ((i % across) * 0.6) / across;
    const south = 54.46 + (Math.floor(i / across) * 0.24) / across;
    const [east, north] = [west + 0.6 / across, south + 0.24 / across];
    return { type: 'Feature', properties: properties(i), geometry: { type: 'Polygon', coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] } };
  });
}
