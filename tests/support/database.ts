/** A test file's own database, a copy of the migrated template, and a service on it. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import type { RequestHandler } from 'express';
import type { DestinationStream } from 'pino';
import supertest from 'supertest';
import { inject } from 'vitest';
import { type Config, readConfig } from '../../server/config.ts';
import { type Database, openDatabase } from '../../server/database.ts';
import { createService, type Service } from '../../server/service.ts';
import { copyEmbedded, makeDataDir } from './copies.ts';
import { describeServer, onServer } from './server.ts';

export interface TestDatabase extends Database {
  readonly config: Config;
}

/** Opens a fresh copy of a template, the migrated one unless told: on the server in DATABASE_URL when there is one, embedded otherwise. */
export async function openTestDatabase(template = inject('template')): Promise<TestDatabase> {
  const url = process.env['DATABASE_URL'];
  const dataDir = makeDataDir();
  const name = `hotspots_test_${randomUUID().slice(0, 8)}`;
  if (url) await onServer(url, `create database ${name} template ${template} strategy file_copy`);
  else await copyEmbedded(template, dataDir);
  const config = readConfig({
    DATA_DIR: dataDir, DEMONSTRATION: 'true', TILE_URL: 'none', LOG_LEVEL: 'fatal', PORT: '0',
    ...(url ? { DATABASE_URL: describeServer(url, name) } : {}),
  });
  const database = await openDatabase(config, { mustOwn: true });
  return {
    ...database,
    config,
    async close() {
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
      if (url) await onServer(url, `drop database if exists ${name} with (force)`);
    },
  };
}

export interface TestService extends Service {
  readonly database: TestDatabase;
  readonly address: string;
  /** A client with a cookie jar, signed in when given a demonstration user's address. */
  client(email?: string): Promise<ReturnType<typeof supertest.agent>>;
}

export interface TestServiceOptions {
  readonly now?: () => Date;
  readonly client?: RequestHandler;
  /** Where the log goes; what is written there at all is set by `config`'s logLevel. */
  readonly logTo?: DestinationStream;
  /** True runs at the start what the timetable may have missed, as the service does; most tests would only wait for it. */
  readonly catchUp?: boolean;
  /** What to copy instead of the migrated template. */
  readonly template?: string;
  /** Changes to the configuration, for what depends on the service's own address. */
  readonly config?: (address: string) => Partial<Config>;
}

export async function startTestService({ config: changes, template, catchUp = false, ...options }: TestServiceOptions = {}): Promise<TestService> {
  const database = await openTestDatabase(template);
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const config = { ...database.config, publicAddress: address, ...changes?.(address) };
  const service = createService({ config, database, catchUp, ...options });
  await new Promise<void>((resolve, reject) => service.server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    ...service,
    database,
    address,
    async client(email) {
      const agent = supertest.agent(address);
      if (email) await agent.post('/api/session').send({ email, password: 'demonstration' }).expect(200);
      return agent;
    },
    async close() {
      await service.close();
      await database.close();
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
