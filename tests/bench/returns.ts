/** The returns of 100 hotspots over 36 months as one workbook, counted and written by a process of its own: its time and its most memory. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { migrate, openDatabase } from '../../server/database.ts';
import { fillMany } from '../support/manyMonths.ts';
import { describeServer, onServer } from '../support/server.ts';

const script = fileURLToPath(new URL('returnsExport.ts', import.meta.url));

/** return100x36Ms and return100x36PeakMb, medians of three; nothing where no server can be reached. */
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
    const runs: { ms: number; countedMs: number; peakMb: number }[] = [];
    for (let run = 0; run < 3; run += 1) runs.push(JSON.parse((await promisify(execFile)(process.execPath, [script, databaseUrl, '2023-04', '2026-03'])).stdout) as (typeof runs)[number]);
    const median = (of: (run: (typeof runs)[number]) => number): number => runs.map(of).sort((a, b) => a - b)[1] ?? Number.NaN;
    return { return100x36Ms: median(({ ms }) => ms), return100x36CountedMs: median(({ countedMs }) => countedMs), return100x36PeakMb: Math.max(...runs.map(({ peakMb }) => peakMb)) };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
    await onServer(url, `drop database if exists ${name} with (force)`);
  }
}
