/** The running service: database, job queue and app put together, for `start` and for tests. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { DestinationStream } from 'pino';
import { createApp } from './app.ts';
import { sessions as createSessions } from './auth.ts';
import type { Config } from './config.ts';
import type { Database } from './database.ts';
import type { Endpoint } from './endpoint.ts';
import { createLog } from './log.ts';
import { startSchedule } from './schedule.ts';
import { createJobRunner, type JobRunner } from './workers.ts';
import type { RequestHandler } from 'express';

export interface Service {
  readonly server: Server;
  readonly endpoints: readonly Endpoint[];
  readonly jobs: JobRunner;
  close(): Promise<void>;
}

export const version = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;

export interface ServiceOptions {
  readonly config: Config;
  readonly database: Database;
  readonly now?: () => Date;
  readonly client?: RequestHandler;
  /** False leaves what the timetable may have missed to its next time. */
  readonly catchUp?: boolean;
  /** Where the log goes, when not to standard output. */
  readonly logTo?: DestinationStream;
}

export function createService(options: ServiceOptions): Service {
  const { config, database } = options;
  const log = createLog(config.logLevel, options.logTo);
  const sessions = createSessions(config, database.connection);
  const jobs = createJobRunner({ db: database.db, connection: database.connection, log });
  const { app, endpoints } = createApp({
    db: database.db, config, jobs, log, sessions, version, now: options.now ?? (() => new Date()),
    ...(options.client ? { client: options.client } : {}),
  });
  const schedule = startSchedule({ db: database.db, config, log, now: options.now ?? (() => new Date()), catchUp: options.catchUp ?? true });
  const server = createServer(app);
  return {
    server,
    endpoints,
    jobs,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await schedule.stop();
      await jobs.close();
      await sessions.close();
    },
  };
}
