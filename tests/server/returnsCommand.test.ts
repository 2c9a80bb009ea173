import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../../server/commands/command.ts';
import { monthlyReturn } from '../../server/commands/return.ts';
import { AppError } from '../../server/errors.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { fillMonth } from '../support/monthFixture.ts';
import { readWorkbook } from '../support/workbook.ts';

const cli = fileURLToPath(new URL('../../server/cli.ts', import.meta.url));
let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await openTestDatabase();
  await fillMonth(database.db);
  folder = mkdtempSync(join(tmpdir(), 'return-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.close();
});

/** Runs the command line as a person would, on this test's database. */
function run(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const { dataDir, databaseUrl } = database.config;
  const env = { ...process.env, DATA_DIR: dataDir, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) };
  const child = spawn(process.execPath, [cli, 'return', ...args], { env });
  let out = '';
  let error = '';
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (error += part.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? -1, out, error })));
}

test('writes the workbook and the figures, and made twice the hash is the same', async () => {
  const file = join(folder, 'october.xlsx');
  const first = await run('--month', '2023-10', '--out', file, '--json');
  expect([first.code, first.error]).toEqual([0, '']);
  const printed = JSON.parse(first.out);
  expect(printed).toMatchObject({ month: '2023-10', definition: { code: 'home_office_monthly', version: 1 }, workbook: file, figuresFile: join(folder, 'october.json'), monthEnded: true });
  expect(createHash('sha256').update(readFileSync(join(folder, 'october.json'))).digest('hex')).toBe(printed.sha256);
  expect(JSON.parse(readFileSync(join(folder, 'october.json'), 'utf8'))).toEqual(printed.figures);
  const cover = (await readWorkbook(readFileSync(file))).getWorksheet('Cover')!;
  expect(cover.getColumn(1).values).toContain(`SHA-256 of the figures: ${printed.sha256}`);

  const second = await run('--month', '2023-10', '--out', file);
  expect(second.code).toBe(0);
  expect(second.out).toContain(`SHA-256 of the figures: ${printed.sha256}`);
  expect(second.out).toContain('Person-hours: 8 h 53 min');
  expect(second.out).toContain('1 of 5 hotspots: patrols not started');
  expect(second.out).toMatch(/ASB incidents in the same month a year before: not available \(Street files/);
});

test('the exit code is 2 for wrong use and 1 for what failed', async () => {
  const wrong = await run('--month', '2023-13', '--out', join(folder, 'x.xlsx'));
  expect([wrong.code, wrong.error]).toEqual([2, expect.stringContaining('--month 2023-13 is not a month')]);
  const failed = await run('--month', '2023-04', '--out', join(folder, 'x.xlsx'));
  expect([failed.code, failed.error]).toEqual([1, expect.stringContaining('No hotspot was live in April 2023')]);
});

/** The command by itself, without a process around it. */
function ask(values: Record<string, string>) {
  return monthlyReturn.run({ values, positionals: [], config: database.config, database, report: () => undefined });
}

test.each<[string, Record<string, string>, typeof UsageError | typeof AppError, RegExp]>([
  ['a month that does not exist', { month: '2023-13', out: 'x.xlsx' }, UsageError, /--month 2023-13 is not a month.*2023-10/],
  ['no month', { out: 'x.xlsx' }, UsageError, /--month is missing/],
  ['no file', { month: '2023-10' }, UsageError, /--out is missing/],
  ['a file of another kind', { month: '2023-10', out: 'x.pdf' }, UsageError, /x\.pdf does not end in \.xlsx/],
  ['a folder that does not exist', { month: '2023-10', out: 'nowhere/at/all/x.xlsx' }, AppError, /The folder .*nowhere.* does not exist/],
  ['a folder in the file’s place', { month: '2023-10', out: 'taken.xlsx' }, AppError, /taken\.xlsx is a folder/],
  ['a folder in the figures’ place', { month: '2023-10', out: 'figures.xlsx' }, AppError, /figures\.json is a folder/],
  ['a name no folder takes', { month: '2023-10', out: `${'x'.repeat(300)}.xlsx` }, AppError, /could not be written in .*Check the folder/],
  ['a month to come', { month: '2099-01', out: 'x.xlsx' }, AppError, /January 2099 has not begun/],
  ['a month without a hotspot', { month: '2023-04', out: 'x.xlsx' }, AppError, /No hotspot was live in April 2023\. .*from May 2023/],
])('%s is said in words', async (_, values, kind, words) => {
  for (const name of ['taken.xlsx', 'figures.json']) mkdirSync(join(folder, name), { recursive: true });
  const asked = ask({ ...values, ...(values['out'] ? { out: join(folder, values['out']) } : {}) });
  await expect(asked).rejects.toThrow(words);
  await expect(asked).rejects.toBeInstanceOf(kind);
});

test('a file that is there is replaced', async () => {
  const file = join(folder, 'old.xlsx');
  writeFileSync(file, 'old');
  await ask({ month: '2023-10', out: file });
  expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
});
