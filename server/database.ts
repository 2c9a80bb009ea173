/** PostGIS, a server or embedded, behind one driver: number and date parsers, migrations under a lock, scoped transactions. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import knex, { type Knex } from 'knex';
import pg from 'pg';
import { openEmbedded } from './embedded.ts';
import type { Config } from './config.ts';

/** What `pg` needs to reach the database; plain data, so that it can be handed to a worker thread. */
export type Connection = { connectionString: string } | { host: string; user: string; database: string };

export interface Database {
  readonly db: Knex;
  readonly connection: Connection;
  readonly kind: 'embedded' | 'server';
  close(): Promise<void>;
}

/** Whom a transaction works for: row-level security reads these settings. `councils` is `*` or council codes. */
export interface Scope {
  readonly personId: string | null;
  readonly roles: readonly string[];
  readonly councils: readonly string[];
  /** `*`, or the agreements a person's roles are limited to. */
  readonly agreements?: readonly string[];
  readonly requestId?: string;
}

/** The database roles a transaction or connection takes; none owns a table. */
export type DatabaseRole = 'hotspots_app' | 'hotspots_service' | 'hotspots_sign_in';

const { builtins } = pg.types;

/** int8 and numeric as numbers (never silently inexact), dates as the text they are. */
export function typeParser(oid: number): (value: string) => unknown {
  if (oid === builtins.INT8) return safeInteger;
  if (oid === builtins.NUMERIC) return Number;
  if (oid === builtins.DATE) return (value) => value;
  return pg.types.getTypeParser(oid, 'text') as (value: string) => unknown;
}

function safeInteger(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Error(`The database gave ${value}, which is too large to be exact.`);
  return number;
}

/** Compiling a statement to machine code takes a server longer than running any of ours: the analyst's pages take twice as long with it. */
function withoutCompiling(client: pg.Client, done: (error: Error | null, client: pg.Client) => void): void {
  client.query('set jit = off', (error) => done(error, client));
}

/** `role` is taken for the whole connection: long work runs under its own identity, not the owner's. */
export function connect(connection: Connection, poolSize = 5, role?: DatabaseRole): Knex {
  const db = knex({
    client: 'pg',
    connection: { ...connection, types: { getTypeParser: typeParser }, ...(role ? { options: `-c role=${role}` } : {}) } as Knex.PgConnectionConfig,
    pool: { min: 0, max: poolSize, ...('connectionString' in connection ? { afterCreate: withoutCompiling } : {}) },
    // An error names the statement, never the values bound to it: those may be somebody's.
    compileSqlOnError: false,
  });
  db.on('query-error', (error: object, { sql }: { sql?: string }) => void Object.assign(error, { statement: sql }));
  return db;
}

export async function openDatabase(config: Pick<Config, 'databaseUrl' | 'dataDir'>, options = { mustOwn: false }): Promise<Database> {
  if (config.databaseUrl) {
    const connection = { connectionString: config.databaseUrl };
    const db = connect(connection, 10);
    await refuseOldServer(db);
    return { db, connection, kind: 'server', close: () => db.destroy() };
  }
  const embedded = await openEmbedded(config.dataDir, options);
  const connection = { host: embedded.socketDir, user: 'postgres', database: 'postgres' };
  const db = connect(connection);
  return {
    db,
    connection,
    kind: 'embedded',
    async close() {
      await db.destroy();
      await embedded.close();
    },
  };
}

async function refuseOldServer(db: Knex): Promise<void> {
  const { rows } = await db.raw(`select current_setting('server_version_num')::int as version`);
  if (rows[0].version < 150000) {
    throw new Error('DATABASE_URL names a PostgreSQL older than 15. Use PostgreSQL 15 or later with PostGIS 3.3 or later.');
  }
}

const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url));
const migrationLock = 7_204_531;

/** Brings the schema up to date, all of it or none, one process at a time. Returns the names applied. */
export async function migrate(db: Knex): Promise<string[]> {
  const names = readdirSync(migrationsFolder).filter((name) => /^\d{4}_.*\.ts$/.test(name)).sort();
  return db.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(?)', [migrationLock]);
    await trx.raw('create table if not exists migration (name text primary key, applied_at timestamptz not null default now())');
    const done = new Set((await trx('migration').pluck('name')) as string[]);
    const applied = names.filter((name) => !done.has(name));
    for (const name of applied) {
      const { up } = (await import(new URL(`../migrations/${name}`, import.meta.url).href)) as { up(db: Knex): Promise<void> };
      await up(trx);
      await trx('migration').insert({ name });
    }
    return applied;
  });
}

/** One transaction under the application's role, which owns no table, with the person's scope set for it alone. */
export function inScope<T>(db: Knex, scope: Scope, work: (trx: Knex.Transaction) => Promise<T>, role: DatabaseRole = 'hotspots_app'): Promise<T> {
  return db.transaction(async (trx) => {
    await setScope(trx, scope, role);
    return work(trx);
  });
}

export async function setScope(trx: Knex.Transaction, scope: Scope, role: DatabaseRole = 'hotspots_app'): Promise<void> {
  await trx.raw(
    `select set_config('role', :role, true), set_config('app.person', :person, true), set_config('app.roles', :roles, true),
      set_config('app.councils', :councils, true), set_config('app.agreements', :agreements, true), set_config('app.request', :request, true)`,
    {
      role, person: scope.personId ?? '', roles: scope.roles.join(','), councils: scope.councils.join(','),
      agreements: (scope.agreements ?? ['*']).join(','), request: scope.requestId ?? '',
    },
  );
}
