/** A council's patrol log of 50,000 rows taken in with its month: sound, and with an error in every row; each medians of three, rolled back. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { inScope, migrate, openDatabase } from '../../server/database.ts';
import type { Upload } from '../../server/returns/uploadContract.ts';
import { receiveUpload } from '../../server/returns/uploadWork.ts';
import { fillStockton } from '../support/collecting.ts';
import { patrolLog } from '../support/patrolLog.ts';
import { describeServer, onServer } from '../support/server.ts';

const rows = 50_000;
const hotspots = ['Park', 'Ropner Road', 'Quayside', 'Mill Lane', 'Castle Walk'];
const now = new Date('2023-11-06T12:00:00Z');

/** Milliseconds from the file on disk to every row kept, and to every error named. */
export async function benchPatrolLog(): Promise<Record<string, number>> {
  const url = process.env['DATABASE_URL'];
  const name = `hotspots_bench_${randomUUID().slice(0, 8)}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'hotspots-bench-'));
  if (url) await onServer(url, `create database ${name}`);
  const database = await openDatabase({ databaseUrl: url && describeServer(url, name), dataDir }, { mustOwn: true });
  try {
    await migrate(database.db);
    await fillStockton(database.db);
    return {
      patrolLog50kMs: await measure(database.db, dataDir, { every: 0, expected: ({ report }) => report.kept === `${rows} visits recorded.` }),
      patrolLog50kErrorsMs: await measure(database.db, dataDir, { every: 1, expected: ({ report }) => report.errors === rows }),
    };
  } finally {
    await database.close();
    rmSync(dataDir, { recursive: true, force: true });
    if (url) await onServer(url, `drop database if exists ${name} with (force)`);
  }
}

async function measure(db: Knex, folder: string, { every, expected }: { every: number; expected: (upload: Upload) => boolean }): Promise<number> {
  const content = Buffer.from(patrolLog(hotspots, { rows, every, seed: 7 }).csv);
  const path = join(folder, `log-${every}.csv`);
  writeFileSync(path, content);
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    await inScope(db, { personId: null, roles: ['council_lead'], councils: ['E06000004'] }, async (trx) => {
      const context = { db: trx, actor: { personId: null, role: 'bench' }, councils: ['E06000004'], now };
      const started = performance.now();
      const upload = await receiveUpload(context, { month: '2023-10', councilCode: 'E06000004', kind: 'patrol log', fileName: 'log.csv' }, { path, size: content.length });
      times.push(performance.now() - started);
      if (!expected(upload)) throw new Error(`The log was not read as it is: ${upload.report.errors} errors, ${upload.report.kept}`);
      throw new RolledBack();
    }).catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
  }
  return times.sort((a, b) => a - b)[1] ?? NaN;
}

class RolledBack extends Error {}
