/** Reminders to the office itself, each made once: of a return that is due from it, by each definition's own deadline. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import type { Config } from '../config.ts';
import { addMonths } from '../hotspots/months.ts';
import { queueMail, sendQueued } from '../mail.ts';
import { localDay } from '../patrols/visits.ts';
import type { ReminderRule } from './collectContract.ts';
import { deadlineOf, lastDayOf, localMonth, periodOf } from './deadline.ts';
import { listDefinitionVersions } from './definitionQueries.ts';
import { findDefinition, listBankHolidays } from './queries.ts';
import { dueReminder, wordReminder } from './reminder.ts';
import * as queries from './reminderQueries.ts';
import { findJourney } from './signOffQueries.ts';
import { sayPeriod } from './words.ts';

const clock: Actor = { personId: null, role: 'daily reminders' };

export interface OfficeReminder {
  readonly about: Exclude<ReminderRule['about'], 'council month'>;
  /** What is due: the return's name; the same for every month. */
  readonly what: string;
  readonly month: string;
  readonly period: string;
  readonly dueOn: string;
  /** What of it is not done, or how far it is. */
  readonly waiting: readonly string[];
  readonly address: string;
  readonly now: Date;
}

/** Makes the reminder whose day has come, to everybody of the office in its roles who did not get it; how many were made. */
export async function remindOffice(trx: Knex.Transaction, { about, what, month, period, dueOn, waiting, address, now }: OfficeReminder): Promise<number> {
  const today = localDay(now.toISOString());
  const rule = dueReminder(await queries.rulesOn(trx, today, about), dueOn, today);
  if (!rule) return 0;
  const words = wordReminder(rule, { council: '', what, month, period, dueOn, today, sections: waiting, address });
  let made = 0;
  for (const person of await queries.listRecipients(trx, null, rule.roles, today)) {
    const mailId = await queueMail(trx, { kind: `${about} reminder`, key: `${rule.code} ${month} ${what} ${person.id}`, to: person.email, ...words }, now);
    if (mailId === undefined) continue;
    await queries.insertReminder(trx, { id: randomUUID(), rule: rule.code, month, councilCode: null, what, personId: person.id, dueOn, mailId, at: now });
    made += 1;
  }
  if (made > 0) await recordEvent(trx, clock, { action: about === 'return' ? 'returnReminderMade' : 'publicationReminderMade', subjectKind: about === 'return' ? 'monitoring_return' : 'publication', subjectId: month, after: { rule: rule.code, what, dueOn, people: made } });
  return made;
}

/** Every day: every return of the office that is near or past its day and not submitted. Safe to run again. */
export async function remindReturns(db: Knex, config: Config, now: Date): Promise<{ made: number; sent: number; failed: number }> {
  const made = await db.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(7204542)');
    let count = 0;
    for (const code of new Set((await listDefinitionVersions(trx)).map((each) => each.code))) count += await remindOf(trx, config, code, now);
    return count;
  });
  return { made, ...(await sendQueued(db, config, now)) };
}

/** The period that runs now and the one before it. */
async function remindOf(trx: Knex.Transaction, config: Config, code: string, now: Date): Promise<number> {
  const current = localMonth(now);
  const latest = await findDefinition(trx, code, current);
  if (!latest || latest.frequency === 'on event') return 0;
  const running = periodOf(current, latest.frequency);
  let made = 0;
  for (const { month, lastMonth } of [running, periodOf(addMonths(running.month, -1), latest.frequency)]) {
    const definition = await findDefinition(trx, code, month);
    const dueOn = definition && deadlineOf(definition.deadline, { first: `${month}-01`, last: lastDayOf(lastMonth) }, await listBankHolidays(trx));
    if (!definition || !dueOn || (await queries.listOwing(trx, lastMonth < current ? lastMonth : current)).length === 0) continue;
    const { state } = await findJourney(trx, code, month);
    if (state === 'submitted' || state === 'accepted') continue;
    made += await remindOffice(trx, { about: 'return', what: definition.name, month, period: sayPeriod({ month, lastMonth }), dueOn, waiting: [state], address: `${config.publicAddress}/returns/${month}?definition=${code}`, now });
  }
  return made;
}
