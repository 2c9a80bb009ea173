/** What a command of the command line is. */
import type { ParseArgsConfig } from 'node:util';
import type { Config } from '../config.ts';
import type { Database } from '../database.ts';

export interface CommandContext {
  /** Options by name; `--name value` as a string, flags as true. */
  readonly values: Record<string, string | boolean | undefined>;
  readonly positionals: readonly string[];
  readonly config: Config;
  readonly database: Database;
  /** Draws the progress bar on a terminal; does nothing elsewhere. */
  report(progress: number, step: string): void;
}

export interface CommandResult {
  /** What `--json` prints. */
  readonly json: unknown;
  /** What a person reads. */
  readonly lines: readonly string[];
  /** Ends with exit code 1 although there is a result to print. */
  readonly failed?: boolean;
}

export interface Command {
  /** After the name: `<files or folders> [--valid-from DATE]`. */
  readonly usage: string;
  readonly says: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  run(context: CommandContext): Promise<CommandResult>;
}

/** Wrong use of the command line: exit code 2 and the usage. */
export class UsageError extends Error {}

export function required(context: CommandContext, name: string, example: string): string {
  const value = context.values[name];
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${name} is missing. Give --${name} ${example}.`);
  return value;
}
