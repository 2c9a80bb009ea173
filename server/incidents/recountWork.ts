/** Counting months again whose councils or excluded geocodes changed: the same after an import and as a job of its own. */
import type { Knex } from 'knex';
import type { JobHandler } from '../jobs.ts';
import { freshenStatistics, listMonthsDue, recountMonth } from './countQueries.ts';

/** Counts every month that is due; each in a transaction of its own, so that readers wait for none. */
export async function recountDue(db: Knex, report: (progress: number, step: string) => void): Promise<{ source: string; month: string }[]> {
  const due = await listMonthsDue(db);
  for (const [at, { source, month }] of due.entries()) {
    report(at / due.length, `Counting ${month} again (${at + 1} of ${due.length})`);
    await db.transaction((trx) => recountMonth(trx, source, month));
  }
  return due;
}

export const recountJob: JobHandler = async ({ db, report }) => {
  const due = await recountDue(db, report);
  if (due.length > 0) await freshenStatistics(db, [...new Set(due.map(({ month }) => month))]);
  report(1, 'Done');
  return { months: due.length };
};
