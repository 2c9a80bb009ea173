/** allow -> parse -> handle -> parse -> send: the only Express glue. */
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Express, Request, Response } from 'express';
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { Actor } from './audit.ts';
import { endSession, type PendingStep, pendingPerson, saveFlow, sessionKey, type SignInFlow, signedInId, startSession } from './auth.ts';
import type { Config } from './config.ts';
import { inScope, type Scope } from './database.ts';
import type { Endpoint, FileEndpoint, RedirectEndpoint } from './endpoint.ts';
import { AppError, notAllowed, notSignedIn } from './errors.ts';
import { parseInput, refuseWrongKind } from './input.ts';
import { may, permissions } from './permissions.ts';
import type { Person } from './people/contract.ts';
import { agreementLimit, findPerson } from './people/queries.ts';
import { countRequest, tooManyRequests } from './requestLimits.ts';
import { turnstile } from './turnstile.ts';
import type { JobRunner } from './workers.ts';

export interface Deps {
  readonly db: Knex;
  readonly config: Config;
  readonly jobs: JobRunner;
  /** The time, passed in so that a rule never reads a clock. */
  readonly now: () => Date;
}

/** A file sent as an answer. */
export interface FileAnswer {
  readonly fileName: string;
  readonly body: Buffer | Readable;
}

/** A file received, kept until the answer is sent unless the handler moves it. */
export interface ReceivedFile {
  readonly path: string;
  readonly size: number;
}

export interface Call<I> {
  readonly input: I;
  /** This request's transaction, under the application's role and the person's scope. */
  readonly db: Knex.Transaction;
  readonly actor: Actor;
  readonly person: Person | null;
  readonly scope: Scope;
  readonly config: Config;
  readonly jobs: JobRunner;
  readonly now: Date;
  readonly file?: ReceivedFile;
  readonly session: SessionControl;
}

/** What happens to the session once the transaction has committed. */
export interface SessionControl {
  /** `pending` keeps the person outside until a second factor is shown or set up. */
  signIn(personId: string, pending?: PendingStep): void;
  signOut(): void;
  /** Who gave the right password and still owes a second factor. */
  readonly pending: { readonly personId: string; readonly step: PendingStep } | null;
  /** The key of this very session, as it is listed among the person's own. */
  readonly key: string;
  /** Keeps the values a sign-in elsewhere must come back with. */
  remember(flow: SignInFlow): void;
  readonly remembered: SignInFlow | null;
}

/** A call that opens its own transactions, because it waits for something (a password's hash, a drawing) that must not hold one up. */
export type OpenCall<I> = Omit<Call<I>, 'db'> & { readonly transaction: <T>(work: (db: Knex.Transaction) => Promise<T>) => Promise<T> };

/** Types are taken from the contract's schemas: a handler gets the parsed input and gives what the output schema takes. */
export interface Mount {
  <I>(contract: FileEndpoint<z.ZodType<I>>, handler: (call: Call<I>) => Promise<FileAnswer>): void;
  <I, O>(contract: Endpoint<z.ZodType<I>, z.ZodType<unknown, O>>, handler: (call: Call<I>) => Promise<O>): void;
  /** For a browser that is sent on to the path the handler answers. */
  redirect<I>(contract: RedirectEndpoint<z.ZodType<I>>, handler: (call: OpenCall<I>) => Promise<string>): void;
  /** For the few handlers that wait outside a transaction. */
  open<I>(contract: FileEndpoint<z.ZodType<I>>, handler: (call: OpenCall<I>) => Promise<FileAnswer>): void;
  open<I, O>(contract: Endpoint<z.ZodType<I>, z.ZodType<unknown, O>>, handler: (call: OpenCall<I>) => Promise<O>): void;
  /** For those of them that hash a password: a few at a time. */
  hashing<I, O>(contract: Endpoint<z.ZodType<I>, z.ZodType<unknown, O>>, handler: (call: OpenCall<I>) => Promise<O>): void;
}

const largestUpload = 200 * 1024 * 1024;
/** Calls that hash a password wait here, so that a rush at the door leaves the database to those inside. */
const hashingAtOnce = 3;

/** Makes `mount` for an app and keeps the list of what was mounted, for OpenAPI and for the tests that walk it. */
export function mounter(app: Express, deps: Deps): { mount: Mount; mounted: readonly Endpoint[] } {
  const mounted: Endpoint[] = [];
  const inTurn = turnstile(hashingAtOnce);
  const add = (contract: Endpoint, answer: (call: AnyOpenCall) => Promise<unknown>, enter: Enter = (work) => work()): void => {
    mounted.push(contract);
    const method = contract.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    const handle = serve(contract, answer, deps);
    app[method](contract.path, (request, response) => enter(() => handle(request, response)));
  };
  const mount = ((contract: Endpoint, handler: AnyHandler) => {
    add(contract, ({ transaction, ...call }) => transaction((db) => handler({ ...call, db })));
  }) as unknown as Mount;
  mount.open = ((contract: Endpoint, handler: (call: AnyOpenCall) => Promise<unknown>) => add(contract, handler)) as Mount['open'];
  mount.hashing = (contract, handler) => add(contract, handler as unknown as (call: AnyOpenCall) => Promise<unknown>, inTurn);
  mount.redirect = (contract, handler) => add(contract, handler as unknown as (call: AnyOpenCall) => Promise<unknown>);
  return { mount, mounted };
}

type Enter = (work: () => Promise<void>) => Promise<void>;
type AnyHandler = (call: Call<unknown>) => Promise<unknown>;
type AnyOpenCall = OpenCall<unknown>;

function serve(contract: Endpoint, answer: (call: AnyOpenCall) => Promise<unknown>, deps: Deps): (request: Request, response: Response) => Promise<void> {
  return async (request, response) => {
    refuseWrongKind(contract, request);
    const now = deps.now();
    const after: (() => Promise<void>)[] = [];
    const file = contract.receivesFile ? await receive(request, contract, deps) : undefined;
    try {
      const body = await answer(await callFor(contract, request, deps, now, after, file));
      for (const step of after) await step();
      deps.jobs.wake();
      await send(contract, response, body);
    } finally {
      if (file) await rm(file.path, { force: true });
    }
  };
}

async function callFor(contract: Endpoint, request: Request, deps: Deps, now: Date, after: (() => Promise<void>)[], file: ReceivedFile | undefined): Promise<AnyOpenCall> {
  const { person, agreements } = await admit(contract, request, deps, now);
  const scope = { ...scopeOf(person, requestId(request)), agreements };
  return {
    input: parseInput(contract, request),
    transaction: (work) => committing(deps.db, scope, work, contract.identity),
    actor: actorOf(person, request),
    person,
    scope,
    config: deps.config,
    jobs: deps.jobs,
    now,
    ...(file ? { file } : {}),
    session: sessionControl(request, now, after),
  };
}

/** A refusal that must leave a trace (a wrong password counted) commits first and is thrown afterwards. */
async function committing<T>(db: Knex, scope: Scope, work: (trx: Knex.Transaction) => Promise<T>, role?: 'hotspots_sign_in'): Promise<T> {
  let refusal: AppError | undefined;
  const result = await inScope(db, scope, (trx) =>
    work(trx).catch((error: unknown) => {
      if (!(error instanceof AppError) || !error.keepsChanges) throw error;
      refusal = error;
      return undefined as T;
    }),
    role,
  );
  if (refusal) throw refusal;
  return result;
}

function sessionControl(request: Request, now: Date, after: (() => Promise<void>)[]): SessionControl {
  return {
    signIn: (personId, pending) => after.push(() => startSession(request, personId, now.getTime(), pending)),
    signOut: () => after.push(() => endSession(request)),
    pending: pendingPerson(request, now.getTime()),
    key: sessionKey(request.sessionID),
    remember: (flow) => after.push(() => saveFlow(request, flow)),
    remembered: request.session?.flow ?? null,
  };
}

interface Admitted {
  readonly person: Person | null;
  /** `*`, or the agreements the person's roles are limited to. */
  readonly agreements: readonly string[];
}

/** Who asks, and whether they may; the request is counted even when it is refused. */
async function admit(contract: Endpoint, request: Request, deps: Deps, now: Date): Promise<Admitted> {
  const { person, agreements, wait } = await deps.db.transaction(async (trx) => {
    const id = signedInId(request, now.getTime());
    const person = id ? ((await findPerson(trx, id)) ?? null) : null;
    const agreements = person ? await agreementLimit(trx, person.id) : ['*'];
    // Last, since everybody behind one address waits for its row until this transaction ends.
    return { person, agreements, wait: await countRequest(trx, { personId: person?.id ?? null, address: request.ip ?? 'unknown' }) };
  });
  if (wait !== undefined) throw tooManyRequests(wait);
  if (may(person?.roles ?? [], contract.allow, person !== null)) return { person, agreements };
  throw person ? notAllowed(permissions[contract.allow].says) : notSignedIn();
}

/** Council people see their own council, everybody else with a role in the OPCC all of them, and who only administers people none. */
export function scopeOf(person: Person | null, requestId: string): Scope {
  const onlyPeople = person?.roles.length && person.roles.every((role) => role === 'administrator');
  const councils = !person || onlyPeople ? [] : person.councilCode ? [person.councilCode] : ['*'];
  return { personId: person?.id ?? null, roles: person?.roles ?? ['public'], councils, requestId };
}

function actorOf(person: Person | null, request: Request): Actor {
  return {
    personId: person?.id ?? null,
    role: person?.roles.join(',') ?? 'public',
    requestId: requestId(request),
    ...(request.ip ? { address: request.ip } : {}),
  };
}

export function requestId(request: Request): string {
  return (request.res?.locals['requestId'] as string | undefined) ?? '';
}

async function receive(request: Request, contract: Endpoint, deps: Deps): Promise<ReceivedFile> {
  await admit(contract, request, deps, deps.now());
  const folder = join(deps.config.dataDir, 'uploads');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, requestId(request));
  let size = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      done(size > largestUpload ? new AppError(413, 'too_large', 'The file is larger than 200 MB. Split it, or use the command line.') : null, chunk);
    },
  });
  try {
    await pipeline(request, counter, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return { path, size };
}

async function send(contract: Endpoint, response: Response, answer: unknown): Promise<void> {
  if (contract.redirects) return response.set('Cache-Control', 'no-store').redirect(303, answer as string);
  if (contract.sends) return sendFile(contract.sends, response, answer as FileAnswer);
  const parsed = contract.output.safeParse(answer);
  if (!parsed.success) throw new Error(`${contract.method} ${contract.path} answered what its contract does not name: ${parsed.error.message}`);
  response.set('Cache-Control', 'no-store').json(parsed.data);
}

async function sendFile(type: string, response: Response, answer: FileAnswer): Promise<void> {
  response.type(type).set('Cache-Control', 'no-store').attachment(answer.fileName).type(type);
  await pipeline(Buffer.isBuffer(answer.body) ? Readable.from([answer.body]) : answer.body, response);
}
