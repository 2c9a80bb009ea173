/** Sessions in PostgreSQL, and who a request is from. */
import connectPgSimple from 'connect-pg-simple';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import pg from 'pg';
import type { Config } from './config.ts';
import type { Connection } from './database.ts';

declare module 'express-session' {
  interface SessionData {
    personId: string;
    startedAt: number;
  }
}

const idleMinutes = 60;
const absoluteHours = 12;

export interface Sessions {
  readonly middleware: RequestHandler;
  close(): Promise<void>;
}

/** Cookie sessions whose state is in the database, so that any process can serve any request. */
export function sessions(config: Config, connection: Connection): Sessions {
  const pool = new pg.Pool({ ...connection, max: 2 });
  const Store = connectPgSimple(session);
  const store = new Store({ pool, tableName: 'session', pruneSessionInterval: 900 });
  const middleware = session({
    store,
    name: config.production ? '__Host-session' : 'session',
    secret: config.sessionSecret,
    resave: false,
    saveUninitialized: false,
    rolling: true,
    cookie: { httpOnly: true, sameSite: 'lax', secure: config.production, path: '/', maxAge: idleMinutes * 60_000 },
  });
  return {
    middleware,
    async close() {
      store.close();
      await pool.end();
    },
  };
}

/** The id of the person signed in, unless the session has lasted longer than it may. */
export function signedInId(request: Request, now: number): string | undefined {
  const { personId, startedAt } = request.session ?? {};
  return personId && startedAt && now - startedAt < absoluteHours * 3_600_000 ? personId : undefined;
}

/** Starts a session under a new id, so that one planted before sign-in is worth nothing. */
export function startSession(request: Request, personId: string, now: number): Promise<void> {
  return new Promise((resolve, reject) => {
    request.session.regenerate((failure: unknown) => {
      if (failure) return reject(failure as Error);
      request.session.personId = personId;
      request.session.startedAt = now;
      request.session.save((error: unknown) => (error ? reject(error as Error) : resolve()));
    });
  });
}

export function endSession(request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    request.session.destroy((error: unknown) => (error ? reject(error as Error) : resolve()));
  });
}
