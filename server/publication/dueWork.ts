/** Reminders of what the office has to publish for a month: before its day and after, until it is released. */
import type { Knex } from 'knex';
import type { Config } from '../config.ts';
import { addMonths } from '../hotspots/months.ts';
import { sendQueued } from '../mail.ts';
import { localDay } from '../patrols/visits.ts';
import { remindOffice } from '../returns/officeReminderWork.ts';
import { sayMonth } from '../returns/words.ts';
import { numberSetting } from '../settings/queries.ts';
import { publicationKindNames } from './contract.ts';
import { hasGrants } from './draftQueries.ts';
import { dueKinds } from './publicationWork.ts';
import { listHeads } from './queries.ts';

/** The day by which what a month makes due is released: that day of the month after, or its last where it has fewer. */
export async function publicationDueOn(db: Knex, month: string): Promise<string> {
  const next = addMonths(month, 1);
  const day = await numberSetting(db, 'publication_due_day', `${next}-01`);
  const last = new Date(Date.UTC(Number(next.slice(0, 4)), Number(next.slice(5, 7)), 0)).getUTCDate();
  return `${next}-${String(Math.min(last, Math.max(1, Math.round(day)))).padStart(2, '0')}`;
}

/** Every day: what of the month before is not released. Safe to run again. */
export async function remindPublications(db: Knex, config: Config, now: Date): Promise<{ made: number; sent: number; failed: number }> {
  const made = await db.transaction(async (trx) => {
    const today = localDay(now.toISOString());
    const month = addMonths(today.slice(0, 7), -1);
    if (!(await hasGrants(trx, month))) return 0;
    await trx.raw('select pg_advisory_xact_lock(7204543)');
    const released = (await listHeads(trx, null)).filter((each) => each.month === month && each.state === 'released').map(({ kind }) => kind);
    const waiting = (await dueKinds(trx, today)).filter((kind) => !released.includes(kind)).map((kind) => publicationKindNames[kind]);
    if (waiting.length === 0) return 0;
    return remindOffice(trx, { about: 'publication', what: 'Publication', month, period: sayMonth(month), dueOn: await publicationDueOn(trx, month), waiting, address: `${config.publicAddress}/publications`, now });
  });
  return { made, ...(await sendQueued(db, config, now)) };
}
