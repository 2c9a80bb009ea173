/** Reminders: their rules, whom they go to, and those that were made. */
import type { Knex } from 'knex';
import type { ReminderRule, SentReminder } from './collectContract.ts';

const ruleColumns = ['code', 'about', 'name', 'days', 'roles', 'subject', 'body', 'source', 'valid_from as validFrom', 'valid_to as validTo'];

export async function listRules(db: Knex): Promise<ReminderRule[]> {
  return db('reminder_rule').select(ruleColumns).orderBy(['about', 'days', 'code', 'valid_from']);
}

export async function rulesOn(db: Knex, day: string, about: ReminderRule['about']): Promise<ReminderRule[]> {
  return db('reminder_rule').select(ruleColumns).where({ about }).whereRaw('daterange(valid_from, valid_to) @> ?::date', [day]).orderBy('days');
}

/** One rule in the form in force on a day. */
export async function findRule(db: Knex, code: string, day: string): Promise<ReminderRule | undefined> {
  return db('reminder_rule').select(ruleColumns).where({ code }).whereRaw('daterange(valid_from, valid_to) @> ?::date', [day]).first();
}

/** Ends the form in force the day before and starts the new one. */
export async function replaceRule(trx: Knex.Transaction, before: ReminderRule, after: ReminderRule): Promise<void> {
  await trx('reminder_rule').where({ code: before.code, valid_from: before.validFrom }).update({ valid_to: after.validFrom });
  await trx('reminder_rule').insert({ code: after.code, about: after.about, name: after.name, days: after.days, roles: after.roles, subject: after.subject, body: after.body, source: after.source, valid_from: after.validFrom, valid_to: after.validTo });
}

/** People with one of the roles in a council on a day, or in the office without one, whose account is open. */
export async function listRecipients(db: Knex, councilCode: string | null, roles: readonly string[], day: string): Promise<{ id: string; email: string }[]> {
  const { rows } = await db.raw(
    `select distinct p.id, p.email from person p join organisation o on o.id = p.organisation_id and case when cast(:councilCode as text) is null then o.kind = 'opcc' else o.council_code = :councilCode end
     join role_grant g on g.person_id = p.id and g.role = any(:roles) and g.state = 'approved' and daterange(g.valid_from, g.valid_to) @> cast(:day as date)
     where p.disabled_at is null order by p.email`, { councilCode, roles: [...roles], day });
  return rows as { id: string; email: string }[];
}

/** Councils with an agreement that runs in the month and is not closed: who owes a return. */
export async function listOwing(db: Knex, month: string): Promise<string[]> {
  const { rows } = await db.raw(
    `select distinct council_code as code from agreement
     where starts_on < cast(:first as date) + interval '1 month' and ends_on >= cast(:first as date) and state in ('signed', 'live', 'live at risk', 'closing') order by 1`, { first: `${month}-01` });
  return (rows as { code: string }[]).map(({ code }) => code);
}

/** False when the reminder was made before. */
export async function insertReminder(trx: Knex.Transaction, row: { id: string; rule: string; month: string; councilCode: string | null; what?: string; personId: string; dueOn: string; mailId: string; at: Date }): Promise<void> {
  await trx('reminder').insert({ id: row.id, rule: row.rule, month: `${row.month}-01`, council_code: row.councilCode, what: row.what ?? '', person_id: row.personId, due_on: row.dueOn, mail_id: row.mailId, made_at: row.at });
}

/** Reminders of a month, or the newest of all, without the addresses they went to. */
export async function listReminders(db: Knex, councils: readonly string[], month?: string): Promise<SentReminder[]> {
  const { rows } = await db.raw(
    `select r.id, r.rule, to_char(r.month, 'YYYY-MM') as month, coalesce(r.council_code, '') as "councilCode", coalesce(o.name, 'The office') as council, r.due_on::text as "dueOn",
       coalesce(m.subject, 'Reminder') as subject, coalesce(m.state, 'sent') as state, to_json(m.sent_at) #>> '{}' as "sentAt", to_json(r.made_at) #>> '{}' as "madeAt"
     from reminder r left join organisation o on o.council_code = r.council_code left join mail_message m on m.id = r.mail_id
     where (:all or r.council_code = any(:councils)) and (cast(:first as date) is null or r.month = :first) order by r.made_at desc, r.id limit 200`,
    { all: councils.includes('*'), councils: [...councils], first: month ? `${month}-01` : null });
  return rows as SentReminder[];
}
