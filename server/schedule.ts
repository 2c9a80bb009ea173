/** What the service does by the clock, every time in UTC: local time would skip a run when the clocks change. */
import { join } from 'node:path';
import type { Knex } from 'knex';
import { schedule, type ScheduledTask } from 'node-cron';
import type { Logger } from 'pino';
import { checkClaims } from './claims/checkWork.ts';
import type { Config } from './config.ts';
import { checkDelivery } from './delivery/alertWork.ts';
import { forecastDaily } from './forecast/forecastWork.ts';
import { queueDueAnalyses } from './hotspots/scheduleWork.ts';
import { checkNightly } from './ledger/ledgerWork.ts';
import { remindPublications } from './publication/dueWork.ts';
import { draftMonthly } from './publication/publicationWork.ts';
import { effectDue } from './reallocations/reallocationWork.ts';
import { forgetPoints } from './recording/trackWork.ts';
import { sendQueued } from './mail.ts';
import { remindReturns } from './returns/officeReminderWork.ts';
import { remindDaily } from './returns/reminderWork.ts';
import { forgetUploads } from './returns/uploadQueries.ts';
import { forgetCounts } from './requestLimits.ts';
import { checkTerms } from './terms/checkWork.ts';
import { bringIntoEffect } from './terms/variationWork.ts';
import { makeDigests } from './trail/digestWork.ts';

interface Timed {
  readonly name: string;
  /** Minute, hour, day, month, weekday. */
  readonly at: string;
  /** Safe to run twice, and makes up for runs that were missed. */
  run(db: Knex, config: Config, now: Date): Promise<unknown>;
}

const timetable: readonly Timed[] = [
  { name: 'counts of requests', at: '*/10 * * * *', run: forgetCounts },
  { name: 'audit digest', at: '10 2 * * *', run: (db, config, now) => makeDigests(db, now, join(config.dataDir, 'outbox')) },
  { name: 'analyses due', at: '25 3 * * *', run: (db, _config, now) => queueDueAnalyses(db, now) },
  { name: 'ledger check', at: '40 2 * * *', run: checkNightly },
  { name: 'reallocations', at: '5 3 * * *', run: effectDue },
  { name: 'forecast', at: '20 3 * * *', run: forecastDaily },
  { name: 'delivery', at: '30 3 * * *', run: (db, _config, now) => checkDelivery(db, now) },
  { name: 'terms check', at: '50 2 * * *', run: checkTerms },
  { name: 'variations due', at: '5 1 * * *', run: (db, _config, now) => bringIntoEffect(db, now) },
  { name: 'points of tracks', at: '35 2 * * *', run: forgetPoints },
  { name: 'reminders of returns', at: '30 6 * * *', run: remindDaily },
  { name: 'reminders of the office’s returns', at: '40 6 * * *', run: remindReturns },
  { name: 'reminders of publications', at: '45 6 * * *', run: remindPublications },
  { name: 'publication drafts', at: '35 3 * * *', run: draftMonthly },
  { name: 'messages', at: '*/15 * * * *', run: sendQueued },
  { name: 'uploaded returns', at: '55 2 * * *', run: forgetUploads },
  { name: 'claims check', at: '45 2 * * *', run: checkClaims },
];

/** Starts the timetable, runs once what may have been missed where asked to, and gives back how to stop. */
export function startSchedule(options: { db: Knex; config: Config; log: Logger; now: () => Date; catchUp: boolean }): { stop(): Promise<void> } {
  const { db, config, log, now, catchUp } = options;
  const runs = new Set<Promise<unknown>>();
  const run = (entry: Timed): void => {
    const running = entry.run(db, config, now()).catch((error: unknown) => log.error({ err: error }, `${entry.name} failed`));
    runs.add(running);
    void running.finally(() => runs.delete(running));
  };
  const tasks: ScheduledTask[] = timetable.map((entry) => schedule(entry.at, () => run(entry), { timezone: 'UTC', name: entry.name }));
  if (catchUp) timetable.forEach(run);
  return {
    async stop() {
      for (const task of tasks) await task.destroy();
      await Promise.all(runs);
    },
  };
}
