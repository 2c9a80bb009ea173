/** Import files and folders from the command line. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AppError } from '../errors.ts';
import { columnMapping, importOptions, type ImportOptions } from '../incidents/contract.ts';
import { importFiles } from '../incidents/importWork.ts';
import type { NamedMapping } from '../incidents/recognise.ts';
import { reportLines } from '../incidents/report.ts';
import { codeOf } from '../incidents/incident.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';

const actor = { personId: null, role: 'command line' };

export const importCommand: Command = {
  usage: '<files or folders> [--mapping FILE.json|NAME] [--valid-from DATE] [--valid-to DATE] [--kind council|ward|lsoa|force] [--code-property NAME] [--name-property NAME] [--council CODES] [--source NAME] [--publisher NAME] [--licence NAME] [--attribution TEXT]',
  says: 'import police.uk files, boundaries, population, deprivation, or any incident CSV by a mapping; a file with a fault is refused whole',
  options: {
    mapping: { type: 'string' }, 'valid-from': { type: 'string' }, 'valid-to': { type: 'string' }, kind: { type: 'string' }, 'code-property': { type: 'string' },
    'name-property': { type: 'string' }, council: { type: 'string' }, source: { type: 'string' }, publisher: { type: 'string' }, licence: { type: 'string' }, attribution: { type: 'string' },
  },
  async run(context) {
    if (context.positionals.length === 0) throw new UsageError('Name the files or folders to import.');
    const mapping = mappingFile(context.values['mapping']);
    const runId = randomUUID();
    const report = await importFiles({
      db: context.database.db,
      actor,
      runId,
      folder: join(context.config.dataDir, 'imports', runId),
      inputs: context.positionals.map((path) => ({ path, name: path })),
      options: optionsOf(context),
      ...(mapping ? { mapping } : {}),
      report: context.report,
    });
    return { json: report, lines: reportLines(report), failed: report.filesRefused > 0 };
  },
};

function optionsOf({ values }: CommandContext): ImportOptions {
  const text = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);
  const mapping = text('mapping');
  const parsed = importOptions.safeParse({
    kind: text('kind'), codeProperty: text('code-property'), nameProperty: text('name-property'), validFrom: text('valid-from'), validTo: text('valid-to'),
    source: text('source'), publisher: text('publisher'), licence: text('licence'), attribution: text('attribution'), council: text('council'),
    mapping: mapping && isFile(mapping) ? undefined : mapping,
  });
  if (parsed.success) return parsed.data;
  throw new UsageError(parsed.error.issues.map((issue) => `--${issue.path.join('.').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${issue.message}`).join(' '));
}

const isFile = (mapping: string): boolean => /\.json$/i.test(mapping);

/** A mapping given as a file is saved under the file's name. */
function mappingFile(value: string | boolean | undefined): NamedMapping | undefined {
  if (typeof value !== 'string' || !isFile(value)) return undefined;
  const parsed = columnMapping.safeParse(readJson(value));
  if (parsed.success) return { name: codeOf(basename(value).replace(/\.json$/i, '')), mapping: parsed.data };
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'mapping'}: ${issue.message}`);
  throw new AppError(422, 'wrong_mapping', `The mapping ${value} cannot be used. ${wrong.join(' ')}`);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (error) {
    throw new AppError(422, 'wrong_mapping', `The mapping ${path} cannot be read as JSON: ${(error as Error).message}. Correct the file.`);
  }
}
