/** The demonstration at a start of the service: made on an empty embedded database, finished when it was cut short, told in five lines. */
import { join } from 'node:path';
import type { Knex } from 'knex';
import type { Config } from '../config.ts';
import type { Database } from '../database.ts';
import { isEmpty } from './queries.ts';
import { writeReturnFile } from './returnFile.ts';
import { demonstrationSeed, fillDemonstration, isBegun, isFilled } from './steps.ts';
import { summaryLines } from './summary.ts';
import { loadSummary } from './summaryQueries.ts';

export interface StartOptions {
  readonly now: Date;
  /** Called once, before anything is made. */
  begin(): void;
  report(progress: number, step: string): void;
}

/** Fills an empty embedded database, or goes on where an earlier start was cut short; leaves every other database alone. */
export async function demonstrateAtStart(config: Config, { db, kind }: Database, options: StartOptions): Promise<void> {
  if (!config.demonstration || config.production || kind !== 'embedded') return;
  const unfinished = (await isBegun(db)) ? !(await isFilled(db)) : await isEmpty(db);
  if (unfinished) {
    options.begin();
    await fillDemonstration(db, { seed: demonstrationSeed, production: config.production, now: options.now, report: options.report });
  }
}

/** The five lines, and the return's workbook under the data directory; nothing where the database holds no whole demonstration. */
export async function tellDemonstration(config: Config, { db, kind }: Database): Promise<string[]> {
  if (!config.demonstration || !(await isFilled(db))) return [];
  const facts = await loadSummary(db);
  if (!facts) return [];
  const file = kind === 'embedded' ? await writeReturnFile(db, join(config.dataDir, 'returns')) : undefined;
  return summaryLines(file ? { ...facts, return: { ...facts.return, file } } : facts);
}

/** Refuses to run in production over a database that holds demonstration users: their password is published. */
export async function refuseDemonstrationPeople(config: Pick<Config, 'production'>, db: Knex): Promise<void> {
  if (!config.production) return;
  const found = await db('person').where({ demonstration: true }).whereNull('disabled_at').first();
  if (found) throw new Error('This database holds demonstration users, whose password is published. Start NODE_ENV=production on an empty database, or disable each of them with "user disable".');
}
