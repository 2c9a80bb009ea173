/** Sessions in PostgreSQL, and who a request is from. */
import { createHash } from 'node:crypto';
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
    /** Set while the person has shown a password only. */
    pending: PendingStep;
    address: string;
    browser: string;
    flow: SignInFlow;
  }
}

/** What a sign-in at an organisation's own issuer must come back with. */
export interface SignInFlow {
  readonly issuer: string;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly next: string;
}

/** What is still owed after the password: a code, or setting up the second factor. */
export type PendingStep = 'second_factor' | 'enrol_second_factor';

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

/** The id of the person signed in, unless the session has lasted longer than it may or a second factor is owed. */
export function signedInId(request: Request, now: number): string | undefined {
  return request.session?.pending ? undefined : sessionPerson(request, now);
}

/** Who gave the right password and still owes a second factor. */
export function pendingPerson(request: Request, now: number): { personId: string; step: PendingStep } | null {
  const personId = sessionPerson(request, now);
  const step = request.session?.pending;
  return personId && step ? { personId, step } : null;
}

function sessionPerson(request: Request, now: number): string | undefined {
  const { personId, startedAt } = request.session ?? {};
  return personId && startedAt && now - startedAt < absoluteHours * 3_600_000 ? personId : undefined;
}

/** What a session is called in the list of one's own: not the secret itself. */
export function sessionKey(sid: string): string {
  return createHash('sha256').update(sid).digest('hex').slice(0, 32);
}

/** Starts a session under a new id, so that one planted before sign-in is worth nothing. */
export function startSession(request: Request, personId: string, now: number, pending?: PendingStep): Promise<void> {
  return new Promise((resolve, reject) => {
    request.session.regenerate((failure: unknown) => {
      if (failure) return reject(failure as Error);
      Object.assign(request.session, { personId, startedAt: now, address: request.ip ?? '', browser: (request.get('user-agent') ?? '').slice(0, 200), ...(pending ? { pending } : {}) });
      request.session.save((error: unknown) => (error ? reject(error as Error) : resolve()));
    });
  });
}

export function saveFlow(request: Request, flow: SignInFlow): Promise<void> {
  request.session.flow = flow;
  return new Promise((resolve, reject) => request.session.save((error: unknown) => (error ? reject(error as Error) : resolve())));
}

export function endSession(request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    request.session.destroy((error: unknown) => (error ? reject(error as Error) : resolve()));
  });
}
