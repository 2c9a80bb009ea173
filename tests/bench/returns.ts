/** The returns of 100 hotspots over 36 months as one workbook, counted and written by a process of its own: its time and its most memory. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { migrate, openDatabase } from '../../server/database.ts';
import { fillMany } from '../support/manyMonths.ts';
import { describeServer, onServer } from '../support/server.ts';

interface Run {
  readonly ms: number;
  readonly countedMs: number;
  readonly peakMb: number;
}

const script = fileURLToPath(new URL('returnsExport.ts', import.meta.url));

/** What `npm start` gives node before the service itself, so that the process measured is like the one in use. */
function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { scripts: { start: string } };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

/** return100x36Ms, the median of three, and the most memory of any; the most without the flags of `npm start` beside. Nothing where no server can be reached. */
export async function benchReturns(): Promise<Record<string, number>> {
  const url = process.env['DATABASE_URL'];
  if (!url) return {};
  const name = `hotspots_bench_${randomUUID().slice(0, 8)}`;
  await onServer(url, `create database ${name}`);
  const dataDir = mkdtempSync(join(tmpdir(), 'hotspots-bench-'));
  const databaseUrl = describeServer(url, name);
  try {
    const database = await openDatabase({ databaseUrl, dataDir });
    await migrate(database.db);
    await fillMany(database.db, { hotspots: 100, from: '2023-04', months: 36 });
    await database.close();
    const run = async (flags: readonly string[]): Promise<Run> => JSON.parse((await promisify(execFile)(process.execPath, [...flags, script, databaseUrl, '2023-04', '2026-03'])).stdout) as Run;
    const runs = [await run(startFlags()), await run(startFlags()), await run(startFlags())];
    const median = (of: (run: Run) => number): number => runs.map(of).sort((a, b) => a - b)[1] ?? Number.NaN;
    return {
      return100x36Ms: median(({ ms }) => ms), return100x36CountedMs: median(({ countedMs }) => countedMs),
      return100x36PeakMb: Math.max(...runs.map(({ peakMb }) => peakMb)), return100x36PeakMbWithoutFlags: (await run([])).peakMb,
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
    await onServer(url, `drop database if exists ${name} with (force)`);
  }
}
