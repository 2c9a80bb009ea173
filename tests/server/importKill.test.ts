import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { folderOf, importInto, squareCouncil, streetFile, streetRow } from '../support/imports.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const old = streetFile(Array.from({ length: 40 }, () => streetRow({ place: 'old' })));
  await importInto(database, [folderOf({ 'councils.geojson': squareCouncil, 'old.csv': old })]);
});
afterAll(() => database.close());

async function kill(child: ChildProcess): Promise<void> {
  // One that was faster than the killer has ended already and will not say so again.
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** What the month holds, told three ways that must agree. */
async function held(): Promise<{ places: unknown; counted: number; written: number }> {
  const { db } = database;
  return {
    places: await db('incident').where({ month: '2023-07-01' }).groupBy('place_name').select('place_name as place').count('* as n'),
    counted: (await db('incident_count').where({ month: '2023-07-01', resolution: 10, council_code: 'E06000001' }).sum('n as n'))[0]?.n as number,
    written: (await db('source_month').where({ month: '2023-07-01' }).first('rows')).rows as number,
  };
}

test('an import killed half-way through a month leaves the old one', async () => {
  const child = spawn(process.execPath, ['tests/support/stallingImport.ts', JSON.stringify(database.connection), 'police-uk-cleveland', '2023-07'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(said.toString()).toBe('half\n');
  await kill(child);
  expect(await held()).toEqual({ places: [{ place: 'old', n: 40 }], counted: 40, written: 40 });
});

test('the command line killed at any time leaves the old month or the new one', async () => {
  const fresh = folderOf({ 'new.csv': streetFile(Array.from({ length: 30_000 }, () => streetRow({ place: 'new' }))) });
  const { DATABASE_URL: _, ...environment } = process.env;
  const settings = { ...environment, DATA_DIR: database.config.dataDir, ...(database.config.databaseUrl ? { DATABASE_URL: database.config.databaseUrl } : {}) };
  for (const pause of [0, 300, 900]) {
    const before = (await database.db('import_run').count('* as n'))[0]?.n as number;
    const child = spawn(process.execPath, ['server/cli.ts', 'import', join(fresh, 'new.csv')], { env: settings, stdio: 'ignore' });
    await expect.poll(async () => (await database.db('import_run').count('* as n'))[0]?.n, { timeout: 60_000, interval: 20 }).toBe(before + 1);
    await new Promise((resolve) => setTimeout(resolve, pause));
    await kill(child);
    const { places, counted, written } = await held();
    expect([[{ place: 'old', n: 40 }], [{ place: 'new', n: 30_000 }]]).toContainEqual(places);
    expect(counted).toBe(written);
  }
});
