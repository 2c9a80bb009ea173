/** A service on a database filled with the demonstration data, for tests of screens and pictures of them. */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Knex } from 'knex';
import pg from 'pg';
import { connect, migrate, openDatabase } from '../../server/database.ts';
import { demonstrationSeed, fillDemonstration } from '../../server/demonstration/steps.ts';
import { easePasswords, shedSpareLog } from './copies.ts';
import { startTestService, type TestService, type TestServiceOptions } from './database.ts';
import { oneAtATime } from './oneAtATime.ts';
import { describeServer, onServer } from './server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules', '.cache');

/** The same instant in every run, after everything the demonstration tells of. */
export const demonstrationNow = new Date('2024-07-01T09:00:00Z');

/** Starts a service on its own copy of the demonstration; the first call after a change of the code that makes it takes half a minute. */
export async function startDemonstrationService(options: Omit<TestServiceOptions, 'template'> = {}): Promise<TestService> {
  return startTestService({ catchUp: true, ...options, template: await demonstrationTemplate() });
}

/** What each copy is made from: a folder, or the name of a database on the server in DATABASE_URL. Kept under a name made from the code that fills it. */
export async function demonstrationTemplate(): Promise<string> {
  const url = process.env['DATABASE_URL'];
  return oneAtATime(join(cache, `${url ? 'server' : 'embedded'}.making`), () => (url ? serverTemplate(url, `hotspots_demonstration_${fingerprint()}`) : embeddedTemplate(join(cache, `demonstration-${fingerprint()}`))));
}

async function embeddedTemplate(folder: string): Promise<string> {
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  for (const old of globSync('demonstration-*', { cwd: cache })) rmSync(join(cache, old), { recursive: true, force: true });
  const making = mkdtempSync(join(cache, 'making-'));
  const database = await openDatabase({ databaseUrl: undefined, dataDir: making }, { mustOwn: true });
  await fill(database.db);
  await database.close();
  shedSpareLog(making);
  renameSync(making, folder);
  return folder;
}

async function serverTemplate(url: string, name: string): Promise<string> {
  const known = await listDemonstrations(url);
  if (known.includes(name)) return name;
  for (const old of known) await onServer(url, `drop database if exists ${old}`);
  const making = `hotspots_making_${randomUUID().slice(0, 8)}`;
  await onServer(url, `create database ${making}`);
  const db = connect({ connectionString: describeServer(url, making) }, 3);
  await fill(db);
  await db.destroy();
  await onServer(url, `alter database ${making} rename to ${name}`);
  return name;
}

async function listDemonstrations(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>(`select datname from pg_database where datname like 'hotspots\\_demonstration\\_%'`);
    return rows.map(({ datname }) => datname);
  } finally {
    await client.end();
  }
}

async function fill(db: Knex): Promise<void> {
  await migrate(db);
  await fillDemonstration(db, { seed: demonstrationSeed, production: false, now: demonstrationNow, report: () => undefined });
  await easePasswords(db);
}

/** Everything that decides what the demonstration holds. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const folders = ['migrations', 'geo', ...['demonstration', 'people', 'places', 'incidents', 'hotspots', 'patrols', 'rota', 'rounds', 'recording', 'grants', 'documents', 'ledger', 'terms', 'claims', 'forecast', 'delivery', 'returns', 'evaluation', 'publication'].map((feature) => `server/${feature}`)];
  for (const folder of folders) {
    for (const file of globSync(`${folder}/*.ts`, { cwd: root }).sort()) hash.update(file).update(readFileSync(join(root, file)));
  }
  hash.update(readFileSync(join(root, 'tests/support/copies.ts')));
  return hash.digest('hex').slice(0, 16);
}
