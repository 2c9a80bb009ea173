/** The nightly look at what was delivered: alerts raised once for each cause, ended when the cause is gone. */
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import { queueToRoles } from '../mail.ts';
import { addDays, localTime } from '../patrols/calendar.ts';
import { numberSetting } from '../settings/queries.ts';
import { alertsDue, alertsOver } from './alerts.ts';
import type { DeliveryAlert } from './contract.ts';
import { endAlert, listAlerts, listCouncilFacts, listStanding, raiseAlert } from './alertQueries.ts';

const clock: Actor = { personId: null, role: 'nightly delivery' };

/** Every night, of the day that ended. Safe to run again: the same cause raises nothing twice. */
export async function checkDelivery(db: Knex, now: Date): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(7204571)');
    const raised = await alertsAsAt(trx, clock, addDays(localTime(now.getTime()).date, -1));
    await tellLeads(trx, raised, now);
  });
}

/** One message a council, with every alert the night raised. */
async function tellLeads(trx: Knex.Transaction, raised: readonly DeliveryAlert[], now: Date): Promise<void> {
  for (const councilCode of new Set(raised.map((alert) => alert.councilCode))) {
    const alerts = raised.filter((alert) => alert.councilCode === councilCode);
    const body = `${alerts.map(({ says }) => says).join('\n')}\n\nThe week board shows each of them, and lets you acknowledge it with a reason. It ends by itself when the visit comes.`;
    await queueToRoles(trx, { kind: 'delivery alert', key: alerts.map(({ id }) => id).toSorted().join(' '), roles: ['council_lead'], councilCode, subject: `Patrols: ${alerts.length === 1 ? 'an alert' : `${alerts.length} alerts`}`, body }, now);
  }
}

/** Ends what is over at the end of a day and raises what is due; what it raised. */
export async function alertsAsAt(trx: Knex.Transaction, actor: Actor, on: string): Promise<DeliveryAlert[]> {
  const number = (name: string): Promise<number> => numberSetting(trx, `delivery_alert_${name}`, on);
  const rules = { gapDays: await number('gap_days'), weekShare: await number('week_share'), weekDay: await number('week_day'), silentDays: await number('silent_days') };
  const facts = await listCouncilFacts(trx, on);
  const due = alertsDue(facts, rules, on);
  const standing = await listStanding(trx);
  for (const { id, endedBy } of alertsOver(standing, due, facts, on)) {
    await endAlert(trx, id, on, endedBy);
    await recordEvent(trx, actor, { action: 'deliveryAlertEnded', subjectKind: 'deliveryAlert', subjectId: id, councilCode: standing.find((one) => one.id === id)?.councilCode ?? null, after: { on, endedBy } });
  }
  const raised: DeliveryAlert[] = [];
  for (const alert of due) {
    const id = await raiseAlert(trx, alert, on);
    if (!id) continue;
    raised.push(...(await listAlerts(trx, { councils: [alert.councilCode], id })));
    await recordEvent(trx, actor, { action: 'deliveryAlertRaised', subjectKind: 'deliveryAlert', subjectId: id, councilCode: alert.councilCode, after: { ...alert, on } });
  }
  return raised;
}
