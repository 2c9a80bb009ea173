/** Analyses by the calendar: when a month's data have come in, its analysis is queued; months that were missed are made up for. */
import type { Knex } from 'knex';
import { AppError } from '../errors.ts';
import { setScope } from '../database.ts';
import { settingsOn } from '../settings/queries.ts';
import { enqueueJob } from '../workers.ts';
import type { AnalysisJob } from './analysisWork.ts';
import { decideDue, type ScheduleState } from './schedule.ts';
import { firstDay } from './months.ts';
import { numberOf, textOf } from './settings.ts';

/** Two processes never ask for the same month. */
const lock = 7_204_561;

/** Queues the analyses that are due and gives their months; safe to call again and again. Runs as the service's own identity. */
export async function queueDueAnalyses(db: Knex, now: Date): Promise<string[]> {
  return db.transaction(async (trx) => {
    await setScope(trx, { personId: null, roles: ['service'], councils: ['*'] }, 'hotspots_service');
    await trx.raw('select pg_advisory_xact_lock(?)', [lock]);
    const due = decideDue(await loadSchedule(trx, now));
    for (const { month, tries } of due) {
      const job: AnalysisJob = { asked: { to: month }, scope: ['*'], scheduledFor: month };
      const jobId = await enqueueJob(trx, 'analyse', job, { personId: null, role: 'service' });
      await trx('scheduled_analysis').insert({ month: firstDay(month), job_id: jobId, tries }).onConflict('month').merge({ job_id: jobId, tries, asked_at: trx.fn.now() });
    }
    return due.map(({ month }) => month);
  });
}

/** What the calendar goes by on a day. */
export async function loadSchedule(db: Knex, now: Date): Promise<ScheduleState> {
  const today = now.toISOString().slice(0, 10);
  const settings = await settingsOn(db, today);
  const every = textOf(settings, 'analysis_schedule');
  if (every !== 'monthly' && every !== 'quarterly' && every !== 'off') throw new AppError(422, 'no_such_schedule', `The setting analysis_schedule is "${every}". Give monthly, quarterly or off.`);
  const { rows: held } = await db.raw(
    `select source_code as source, to_char(month, 'YYYY-MM') as month from source_month join source on source.code = source_code
     where not source.demonstration and exists (select from incident_count join category on category.code = category_code
       where category.asb and incident_count.source_code = source_month.source_code and incident_count.month = source_month.month and resolution = 8)
     order by 1, 2`);
  const { rows: asked } = await db.raw(
    `select to_char(month, 'YYYY-MM') as month, job_id as "jobId", tries, job.state, (select id from analysis_run where scheduled_for = scheduled_analysis.month order by created_at desc limit 1) as "runId"
     from scheduled_analysis left join job on job.id = job_id order by month desc`);
  return { every, waitDays: numberOf(settings, 'analysis_schedule_wait_days'), today, held: held as ScheduleState['held'], asked: asked as ScheduleState['asked'] };
}
