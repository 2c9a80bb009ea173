/** Makes the migrated template each test file copies: a database on the server in DATABASE_URL, or an embedded data directory. */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { connect, migrate, openDatabase } from '../../server/database.ts';
import { addDemonstrationPeople } from '../../server/demonstration/people.ts';
import { easePasswords, shedSpareLog } from './copies.ts';
import { describeServer, onServer } from './server.ts';
import type { Knex } from 'knex';

declare module 'vitest' {
  interface ProvidedContext {
    template: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules', '.cache');

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const url = process.env['DATABASE_URL'];
  if (url) {
    const name = `hotspots_template_${randomUUID().slice(0, 8)}`;
    await onServer(url, `create database ${name}`);
    const db = connect({ connectionString: describeServer(url, name) }, 2);
    await fill(db);
    await db.destroy();
    project.provide('template', name);
    return () => onServer(url, `drop database if exists ${name} with (force)`);
  }
  project.provide('template', await embeddedTemplate());
  return undefined;
}

async function fill(db: Knex): Promise<void> {
  await migrate(db);
  await db.transaction((trx) => addDemonstrationPeople(trx, { production: false, validFrom: '2020-01-01' }));
  await easePasswords(db);
}

/** Kept between runs under a name made from what it holds, since making one takes ten seconds. */
async function embeddedTemplate(): Promise<string> {
  const folder = join(cache, `embedded-template-${fingerprint()}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const making = mkdtempSync(join(cache, 'making-'));
  const database = await openDatabase({ databaseUrl: undefined, dataDir: making }, { mustOwn: true });
  await fill(database.db);
  await database.close();
  shedSpareLog(making);
  if (existsSync(folder)) rmSync(making, { recursive: true });
  else renameSync(making, folder);
  return folder;
}

function fingerprint(): string {
  const hash = createHash('sha256');
  const files = readdirSync(join(root, 'migrations')).sort().map((name) => join('migrations', name));
  for (const file of [...files, 'server/demonstration/people.ts', 'tests/support/copies.ts', 'package-lock.json']) {
    if (file.endsWith('.ts') || file.endsWith('.json')) hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
