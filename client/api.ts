/**
 * The only way from a page to the server.
 *
 *   const { rows } = await call(listHotspots, { council: 'E06000001' });
 *
 * The contract fills the path, the query or the JSON body and parses the answer; every failure is an `ApiError`.
 */
import type { z } from 'zod';
import { problem, type Endpoint, type Problem } from '../server/endpoint.ts';

/** A failure as the server named it (or as the browser met it), ready for `failed()` in states.ts and for forms. */
export class ApiError extends Error {
  readonly problem: Problem;
  constructor(failure: Problem) {
    super(failure.detail);
    this.name = 'ApiError';
    this.problem = failure;
  }
}

export interface CallOptions {
  signal?: AbortSignal;
}

export interface UploadOptions extends CallOptions {
  /** Called with 0 to 1 while the file leaves. */
  onProgress?: (share: number) => void;
}

type Fields = Record<string, unknown>;

function queryText(fields: Fields): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null || value === '') continue;
    query.set(name, Array.isArray(value) ? value.map(String).join(',') : String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** The address and body a contract asks for; pure, so that it can be tested without a server. */
export function buildRequest(endpoint: Pick<Endpoint, 'method' | 'path' | 'receivesFile'>, input: unknown): { url: string; body?: string } {
  const rest: Fields = { ...(typeof input === 'object' ? input : {}) };
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest[name];
    if (value === undefined || value === null || value === '') throw new Error(`${endpoint.path} needs ${name}`);
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  const inQuery = endpoint.method === 'GET' || endpoint.method === 'DELETE' || endpoint.receivesFile === true;
  return inQuery ? { url: `${path}${queryText(rest)}` } : { url: path, body: JSON.stringify(rest) };
}

/** The address of an endpoint that `sends` a file, for a plain link: `<a href=${fileAddress(returnWorkbook, { id })} download>`. */
export function fileAddress<I extends z.ZodType, O extends z.ZodType>(endpoint: Endpoint<I, O>, input: z.input<I>): string {
  return buildRequest(endpoint, input).url;
}

/** A failure met before the server could name it. */
function localProblem(status: number, code: string, title: string, detail: string): ApiError {
  return new ApiError({ type: 'about:blank', title, status, code, detail });
}

const noConnection = (): ApiError =>
  localProblem(0, 'no_connection', 'No connection', 'The service could not be reached. Check the connection and try again; nothing was changed.');

/** What a refusal says; a body that is not problem+json (a proxy's page, say) still becomes a sentence. */
export function problemFrom(status: number, text: string): ApiError {
  try {
    const parsed = problem.safeParse(JSON.parse(text));
    if (parsed.success) return new ApiError(parsed.data);
  } catch {
    // not JSON: fall through to the general sentence
  }
  return localProblem(status, 'unexpected_answer', 'Unexpected answer', `The service answered ${status} without saying why. Try again; if it stays, report the time and this page.`);
}

function parseAnswer<O extends z.ZodType>(endpoint: Endpoint<z.ZodType, O>, text: string): z.output<O> {
  const parsed = endpoint.output.safeParse(text === '' ? null : JSON.parse(text));
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  throw localProblem(200, 'unexpected_answer', 'Unexpected answer',
    `${endpoint.method} ${endpoint.path} answered something this page does not know (${first?.path.join('.') ?? ''}: ${first?.message ?? ''}). Reload the page to get its newest version.`);
}

const signedOutListeners = new Set<() => void>();

/** Calls back whenever the server says that nobody is signed in any more. */
export function onSignedOut(listener: () => void): void {
  signedOutListeners.add(listener);
}

function announce(failure: ApiError): ApiError {
  if (failure.problem.code === 'not_signed_in') for (const listener of signedOutListeners) listener();
  return failure;
}

async function send(endpoint: Endpoint, input: unknown, signal: AbortSignal | undefined): Promise<Response> {
  const { url, body } = buildRequest(endpoint, input);
  const headers: Record<string, string> = { accept: endpoint.sends ?? 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    return await fetch(url, { method: endpoint.method, headers, ...(body === undefined ? {} : { body }), ...(signal ? { signal } : {}) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw noConnection();
  }
}

/** Calls an endpoint and returns its parsed answer; throws `ApiError`. */
export async function call<I extends z.ZodType, O extends z.ZodType>(endpoint: Endpoint<I, O>, input: z.input<I>, options: CallOptions = {}): Promise<z.output<O>> {
  const response = await send(endpoint, input, options.signal);
  const text = await response.text();
  if (!response.ok) throw announce(problemFrom(response.status, text));
  return parseAnswer(endpoint, text);
}

/** Sends a file to an endpoint that `receivesFile`; `fileName` is filled from the file when the contract asks for it. */
export function upload<I extends z.ZodType, O extends z.ZodType>(endpoint: Endpoint<I, O>, input: Omit<z.input<I>, 'fileName'>, file: File, options: UploadOptions = {}): Promise<z.output<O>> {
  const { url } = buildRequest(endpoint, { fileName: file.name, ...input });
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(endpoint.method, url);
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.addEventListener('progress', (event) => options.onProgress?.(event.total > 0 ? event.loaded / event.total : 0));
    request.addEventListener('error', () => reject(noConnection()));
    request.addEventListener('abort', () => reject(localProblem(0, 'stopped', 'Stopped', 'The upload was stopped. Nothing was imported.')));
    request.addEventListener('load', () => {
      if (request.status < 200 || request.status > 299) return reject(announce(problemFrom(request.status, request.responseText)));
      try {
        resolve(parseAnswer(endpoint, request.responseText));
      } catch (error) {
        reject(error);
      }
    });
    options.signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

/** Asks for a file (also by POST) and hands it to the browser to keep; returns its name. */
export async function download<I extends z.ZodType, O extends z.ZodType>(endpoint: Endpoint<I, O>, input: z.input<I>, fileName: string): Promise<string> {
  const response = await send(endpoint, input, undefined);
  if (!response.ok) throw announce(problemFrom(response.status, await response.text()));
  const named = /filename="?([^";]+)"?/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  keepFile(await response.blob(), named ?? fileName);
  return named ?? fileName;
}

/** Hands a made file to the browser to keep. */
export function keepFile(content: Blob, fileName: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
