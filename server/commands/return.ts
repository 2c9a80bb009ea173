/** The monthly return from the command line: the workbook, and beside it the figures in the form their hash is taken from. */
import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { canonicalJson } from '../canonical.ts';
import { isoMonth } from '../endpoint.ts';
import { AppError } from '../errors.ts';
import type { MonthlyFigures } from '../returns/contract.ts';
import { makeReturn } from '../returns/returnWork.ts';
import { returnBook } from '../returns/workbook.ts';
import { sayMonth } from '../returns/words.ts';
import { writeWorkbook } from '../spreadsheet.ts';
import { type Command, required, UsageError } from './command.ts';

export const monthlyReturn: Command = {
  usage: '--month 2023-10 --out FILE.xlsx   (the figures go to FILE.json)',
  says: 'write the monthly monitoring return as a workbook, with its figures and their hash',
  options: { month: { type: 'string' }, out: { type: 'string' } },
  async run(context) {
    const month = readMonth(required(context, 'month', '2023-10'));
    const out = readOut(required(context, 'out', 'return-2023-10.xlsx'));
    const now = new Date();
    context.report(0.2, 'Counting');
    const { figures, sha256, monthEnded } = await makeReturn(context.database.db, { month, councils: ['*'], now });
    context.report(0.6, 'Writing the workbook');
    const workbook = await writeWorkbook(returnBook(figures, { sha256, monthEnded, made: now }));
    const figuresFile = out.replace(/\.xlsx$/i, '.json');
    keep(out, workbook);
    keep(figuresFile, canonicalJson(figures));
    context.report(1, 'Done');
    const { code, version } = figures.definition;
    return {
      json: { month, definition: { code, version }, sha256, monthEnded, demonstration: figures.demonstration, workbook: out, figuresFile, figures },
      lines: [`${figures.definition.name}, ${sayMonth(month)}${figures.demonstration ? ' (demonstration data)' : ''}`, ...summary(figures), `SHA-256 of the figures: ${sha256}`, `Workbook: ${out}`, `Figures:  ${figuresFile}`],
    };
  },
};

function readMonth(given: string): string {
  if (!isoMonth.safeParse(given).success) throw new UsageError(`--month ${given} is not a month. Give a year and a month from 01 to 12, for example 2023-10.`);
  return given;
}

/** Refuses early, before anything is counted, what could not be written at the end. */
function readOut(given: string): string {
  if (!/\.xlsx$/i.test(given)) throw new UsageError(`--out ${given} does not end in .xlsx. Give a name like return-2023-10.xlsx.`);
  const path = resolve(given);
  if (!isFolder(dirname(path))) throw new AppError(422, 'no_such_folder', `The folder ${dirname(path)} of --out does not exist. Make it first, or choose another.`);
  for (const file of [path, path.replace(/\.xlsx$/i, '.json')]) {
    if (isFolder(file)) throw new AppError(422, 'is_a_folder', `${file} is a folder, so no file of that name can be written. Choose another name.`);
  }
  return path;
}

/** False also for a name that cannot be looked at; writing it then says why. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Written beside and renamed, so that a file is there whole or not at all. */
function keep(path: string, content: Buffer | string): void {
  const beside = `${path}.${process.pid}.part`;
  try {
    writeFileSync(beside, content);
    renameSync(beside, path);
  } catch (error) {
    if (existsSync(beside)) rmSync(beside);
    throw new AppError(422, 'cannot_write', `${basename(path)} could not be written in ${dirname(path)}: ${(error as Error).message}. Check the folder’s rights and the space left.`);
  }
}

/** The headline figures; a figure without a number says why. */
function summary(figures: MonthlyFigures): string[] {
  const all = figures.areas[0];
  if (!all) return [];
  const lines = figures.fields.flatMap((field) => {
    const figure = all.figures.find((one) => one.field === field.code && one.breakdown === null);
    if (!figure) return [];
    return [`  ${field.name}: ${figure.value === null ? `${figure.status} (${figure.why})` : say(figure.value, field.unit)}`];
  });
  const notStarted = all.hotspotsNotStarted > 0 ? [`  ${all.hotspotsNotStarted} of ${all.hotspots} hotspots: patrols not started`] : [];
  return [...lines, ...notStarted];
}

function say(value: number, unit: string): string {
  if (unit === 'person-minutes') return `${Math.trunc(value / 60)} h ${value % 60} min`;
  return unit === 'per cent' ? `${value} %` : String(value);
}
