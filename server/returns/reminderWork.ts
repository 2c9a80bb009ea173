/** Reminders of councils' months that have not been sent: each made once, then everything that waits is sent. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import type { Config } from '../config.ts';
import { addMonths } from '../hotspots/months.ts';
import { queueMail, sendQueued } from '../mail.ts';
import type { ReminderRule } from './collectContract.ts';
import { notSent } from './collectSections.ts';
import { datesOf, loadMonths } from './collectWork.ts';
import { monthlyDefinition } from './contract.ts';
import { localMonth } from './deadline.ts';
import { findDefinition } from './queries.ts';
import { dueReminder, wordReminder } from './reminder.ts';
import * as queries from './reminderQueries.ts';

const clock: Actor = { personId: null, role: 'daily reminders' };
/** Months that may still be reminded of: the one before, and the one before that. */
const monthsBack = [1, 2];

/** Every day: makes the reminders that are due, and sends what waits. Safe to run again. */
export async function remindDaily(db: Knex, config: Config, now: Date): Promise<{ made: number; sent: number; failed: number }> {
  const made = await db.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(7204541)');
    let count = 0;
    for (const back of monthsBack) count += await remindOf(trx, config, addMonths(localMonth(now), -back), now);
    return count;
  });
  return { made, ...(await sendQueued(db, config, now)) };
}

async function remindOf(trx: Knex.Transaction, config: Config, month: string, now: Date): Promise<number> {
  const owing = await queries.listOwing(trx, month);
  const definition = owing.length > 0 ? await findDefinition(trx, monthlyDefinition, month) : undefined;
  if (!definition) return 0;
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(now);
  const { dueOn } = await datesOf(trx, definition, { month, now });
  const rule = dueReminder(await queries.rulesOn(trx, today, 'council month'), dueOn, today);
  if (!rule) return 0;
  const { months } = await loadMonths(trx, { month, councils: owing, now });
  let made = 0;
  for (const { councilCode, council, sections } of months) {
    const waiting = notSent(sections);
    if (waiting.length === 0) continue;
    const words = wordReminder(rule, { council, month, dueOn, today, sections: waiting, address: `${config.publicAddress}/month-board/${month}/${councilCode}` });
    made += await remindCouncil(trx, { rule, month, councilCode, dueOn, today, words, now });
  }
  return made;
}

interface CouncilReminder {
  readonly rule: ReminderRule;
  readonly month: string;
  readonly councilCode: string;
  readonly dueOn: string;
  readonly today: string;
  readonly words: { readonly subject: string; readonly body: string };
  readonly now: Date;
}

async function remindCouncil(trx: Knex.Transaction, { rule, month, councilCode, dueOn, today, words, now }: CouncilReminder): Promise<number> {
  let made = 0;
  for (const person of await queries.listRecipients(trx, councilCode, rule.roles, today)) {
    const mailId = await queueMail(trx, { kind: 'return reminder', key: `${rule.code} ${month} ${councilCode} ${person.id}`, to: person.email, ...words }, now);
    if (mailId === undefined) continue;
    await queries.insertReminder(trx, { id: randomUUID(), rule: rule.code, month, councilCode, personId: person.id, dueOn, mailId, at: now });
    made += 1;
  }
  if (made > 0) await recordEvent(trx, clock, { action: 'returnReminderMade', subjectKind: 'monitoring_return', subjectId: month, councilCode, after: { rule: rule.code, dueOn, people: made } });
  return made;
}
