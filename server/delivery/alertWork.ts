/** The nightly look at what was delivered: alerts raised once for each cause, ended when the cause is gone. */
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import { addDays, localTime } from '../patrols/calendar.ts';
import { numberSetting } from '../settings/queries.ts';
import { alertsDue, alertsOver } from './alerts.ts';
import { endAlert, listCouncilFacts, listStanding, raiseAlert } from './alertQueries.ts';

const clock: Actor = { personId: null, role: 'nightly delivery' };

/** Every night, of the day that ended. Safe to run again: the same cause raises nothing twice. */
export async function checkDelivery(db: Knex, now: Date): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(7204571)');
    await alertsAsAt(trx, clock, addDays(localTime(now.getTime()).date, -1));
  });
}

/** Ends what is over at the end of a day and raises what is due. */
export async function alertsAsAt(trx: Knex.Transaction, actor: Actor, on: string): Promise<void> {
  const number = (name: string): Promise<number> => numberSetting(trx, `delivery_alert_${name}`, on);
  const rules = { gapDays: await number('gap_days'), weekShare: await number('week_share'), weekDay: await number('week_day'), silentDays: await number('silent_days') };
  const facts = await listCouncilFacts(trx, on);
  const due = alertsDue(facts, rules, on);
  const standing = await listStanding(trx);
  for (const { id, endedBy } of alertsOver(standing, due, facts, on)) {
    await endAlert(trx, id, on, endedBy);
    await recordEvent(trx, actor, { action: 'deliveryAlertEnded', subjectKind: 'deliveryAlert', subjectId: id, councilCode: standing.find((one) => one.id === id)?.councilCode ?? null, after: { on, endedBy } });
  }
  for (const alert of due) {
    const id = await raiseAlert(trx, alert, on);
    if (id) await recordEvent(trx, actor, { action: 'deliveryAlertRaised', subjectKind: 'deliveryAlert', subjectId: id, councilCode: alert.councilCode, after: { ...alert, on } });
  }
}
