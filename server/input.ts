/** What a request brings: the right kind of content, parsed by its contract. */
import type { Endpoint } from './endpoint.ts';
import { AppError, type FieldError, invalid } from './errors.ts';

/** The parts of an Express request that are read here. */
export interface Asked {
  readonly body?: unknown;
  readonly query: object;
  readonly params: object;
  get(header: string): string | undefined;
}

/**
 * JSON comes as JSON and a file as bytes: what a form of another site can send without asking (text, multipart, form fields) is
 * refused unread, whatever its Origin says.
 */
export function refuseWrongKind(contract: Endpoint, request: Asked): void {
  if (contract.method === 'GET') return;
  const wanted = contract.receivesFile ? 'application/octet-stream' : 'application/json';
  const given = request.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  const empty = (request.get('content-length') ?? '0') === '0' && request.get('transfer-encoding') === undefined;
  if (given === wanted || (given === undefined && empty)) return;
  throw new AppError(415, 'wrong_content_type', contract.receivesFile ? `Send the file itself, as ${wanted}.` : `Send the body as ${wanted}.`);
}

/** What the contract takes from path, query and body; throws 422 naming each field that is wrong. */
export function parseInput(contract: Endpoint, request: Asked): unknown {
  const fromBody = contract.method !== 'GET' && contract.method !== 'DELETE' && !contract.receivesFile;
  if (fromBody && request.body !== undefined && !isPlainObject(request.body)) throw new AppError(400, 'not_an_object', 'The body must be a JSON object.');
  const given = fromBody ? (request.body as object | undefined) : request.query;
  const parsed = contract.input.safeParse({ ...given, ...request.params });
  const errors = parsed.success ? unkeepable(parsed.data) : parsed.error.issues.map((issue) => ({ field: issue.path.join('.') || 'input', message: issue.message }));
  if (parsed.success && errors.length === 0) return parsed.data;
  throw invalid(errors.slice(0, mostErrors));
}

/** Enough to correct a form by; a body of a million faults is not answered with a million sentences. */
const mostErrors = 100;

/** Texts PostgreSQL cannot keep: with the character NUL, or half of a surrogate pair. The input has its contract's depth by now. */
function unkeepable(value: unknown, path = ''): FieldError[] {
  if (typeof value === 'string') {
    return value.includes('\u0000') || /\p{Surrogate}/u.test(value) ? [{ field: path || 'input', message: 'The text holds a character that cannot be kept. Type it again.' }] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => [...unkeepable(name, path), ...unkeepable(each, path ? `${path}.${name}` : name)]);
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
