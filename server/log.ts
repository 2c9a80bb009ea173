/** The log: what happened and where in the code, never about whom. */
import { type DestinationStream, type LogFn, type Logger, pino } from 'pino';
import { freeTextRules } from './freeText.ts';

/** Makes the service's log; it goes to standard output unless told otherwise. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const secret = ['email', 'password', 'name', 'token', 'cookie', 'authorization'];
  return pino(
    // With another key than `err`, pino does not copy an error's own words into the message.
    { level, errorKey: 'thrown', redact: [...secret, ...secret.map((name) => `*.${name}`)], serializers: { err: plainError, error: plainError }, hooks: { logMethod: wrapErrors } },
    destination ?? pino.destination(1),
  );
}

/** An error logged alone would be told in its own words as well. */
function wrapErrors(this: Logger, [first, message = 'failed', ...rest]: Parameters<LogFn>, method: LogFn): void {
  if ((first as unknown) instanceof Error) method.apply(this, [{ err: first }, String(message)]);
  else method.apply(this, [first, message, ...rest]);
}

export interface PlainError {
  readonly type: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly routine?: string;
  /** The SQL, with places for its values. */
  readonly statement?: string;
  readonly message?: string;
  readonly stack: readonly string[];
  readonly cause?: PlainError;
}

/**
 * An error as plain data that may be logged and sent between threads. What the database says of one is left out, since it
 * quotes the values it refused; its code and the statement tell where to look.
 */
export function plainError(error: unknown): PlainError {
  const { name, code, constraint, table, routine, statement, severity, message, stack, cause } = (error ?? {}) as Partial<Record<string, unknown>>;
  const words = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
  const text = severity === undefined ? words(message ?? (error instanceof Error ? undefined : error)) : undefined;
  const known = { code: words(code), constraint: words(constraint), table: words(table), routine: words(routine), statement: words(statement)?.slice(0, 500), message: text && withoutPersons(text) };
  return {
    type: words(name) ?? typeof error,
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
    stack: (words(stack) ?? '').split('\n').filter((line) => /^\s+at /.test(line)).map((line) => line.trim()),
    ...(cause === undefined ? {} : { cause: plainError(cause) }),
  };
}

function withoutPersons(text: string): string {
  return freeTextRules.reduce((rest, { what, pattern }) => rest.replace(new RegExp(pattern.source, `${pattern.flags}g`), `[${what}]`), text.slice(0, 2000));
}
