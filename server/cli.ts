/** The command line, over the same functions as the API. Exit codes: 0 done, 1 failed, 2 wrong use. */
import { parseArgs } from 'node:util';
import { type Command, type CommandResult, UsageError } from './commands/command.ts';
import { readConfig } from './config.ts';
import { migrate, openDatabase } from './database.ts';
import { toProblem } from './errors.ts';
import { drawProgress } from './progress.ts';

const migrateCommand: Command = {
  usage: '', says: 'bring the database up to date', options: {}, run: async () => ({ json: { migrated: true }, lines: ['The database is up to date.'] }),
};

/** Each is loaded when it is asked for: an import has no use for the solver, nor an allocation for the archive reader. */
const commands: Record<string, () => Promise<Command>> = {
  allocate: async () => (await import('./commands/allocate.ts')).allocate,
  analyse: async () => (await import('./commands/analyse.ts')).analyse,
  demonstrate: async () => (await import('./commands/demonstrate.ts')).demonstrate,
  import: async () => (await import('./commands/import.ts')).importCommand,
  return: async () => (await import('./commands/return.ts')).monthlyReturn,
  user: async () => (await import('./commands/user.ts')).user,
  migrate: async () => migrateCommand,
};

async function main(args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args;
  if (name === 'serve') return (await import('./index.ts')).serve().then(() => 0);
  if (['', 'help', '--help', '-h'].includes(name)) return help(name === '' ? 2 : 0);
  const command = await commands[name]?.();
  if (!command) throw new UsageError(`"${name}" is not a command.\n${await usage()}`);
  const { values, positionals } = parse(name, command, rest);
  const result = await run(command, values, positionals);
  print(result, values['json'] === true);
  return result.failed ? 1 : 0;
}

type Values = Record<string, string | boolean | undefined>;

function parse(name: string, command: Command, args: string[]): { values: Values; positionals: string[] } {
  try {
    const parsed = parseArgs({ args, options: { ...command.options, json: { type: 'boolean' } }, allowPositionals: true });
    return { values: parsed.values as Values, positionals: parsed.positionals };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nUse: hotspots ${name} ${command.usage}`);
  }
}

async function run(command: Command, values: Values, positionals: string[]): Promise<CommandResult> {
  const config = readConfig();
  const database = await openDatabase(config);
  try {
    await migrate(database.db);
    return await command.run({ values, positionals, config, database, report: values['json'] ? () => undefined : drawProgress });
  } finally {
    await database.close();
  }
}

function print(result: CommandResult, json: boolean): void {
  console.log(json ? JSON.stringify(result.json, null, 2) : result.lines.join('\n'));
}

async function usage(): Promise<string> {
  const all = await Promise.all(Object.entries(commands).map(async ([name, load]) => [name, await load()] as const));
  const lines = all.map(([name, command]) => `  ${name} ${command.usage}\n      ${command.says}`);
  return ['Use: npm run -s hotspots -- <command> [--json]', ...lines, '  serve\n      run the service'].join('\n');
}

async function help(code: number): Promise<number> {
  console.log(await usage());
  return code;
}

function fail(error: unknown, json: boolean): number {
  if (error instanceof UsageError) {
    console.error(error.message);
    return 2;
  }
  const problem = toProblem(error);
  // A person at the command line may see what the API keeps to its log.
  const detail = problem.code === 'unexpected' && error instanceof Error ? error.message : problem.detail;
  if (json) console.log(JSON.stringify({ problem: { ...problem, detail } }, null, 2));
  else console.error(detail);
  return 1;
}

const args = process.argv.slice(2);
process.exitCode = await main(args).catch((error: unknown) => fail(error, args.includes('--json')));
