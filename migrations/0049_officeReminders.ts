import type { Knex } from 'knex';

/** The office is reminded too, by the same dated rules: of a return that is due from it, and of what it has to publish. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table reminder_rule add column about text not null default 'council month' constraint reminder_rule_about_known check (about in ('council month', 'return', 'publication'));
    alter table reminder alter column council_code drop not null;
    -- Which return or publication; empty for a council's month.
    alter table reminder add column what text not null default '';
    alter table reminder drop constraint reminder_once;
    create unique index reminder_once on reminder (rule, month, coalesce(council_code, ''), what, person_id);
    drop policy reminder_fence on reminder;
    create policy reminder_fence on reminder to hotspots_app using (sees_council(coalesce(council_code, ''))) with check (sees_council(coalesce(council_code, '')))`);
  await db('reminder_rule').insert(rules.map(([code, about, name, days, subject, body]) => (
    { code, about, name, days, roles: ['grant_manager', 'finance_approver'], subject, body, source: 'Office default', valid_from: '2020-01-01' })));
  await db('setting').insert({
    name: 'publication_due_day', value: '10', unit: 'day of the month', describes: 'What a month’s end makes due for the public is released by this day of the month after', source: 'Office policy: as soon as practicable after the month’s end', valid_from: '2020-01-01',
  });
}

const end = '\n\n{address}\n\nThis message was sent by the service because it is not done yet. Nobody reads answers to it.';
const rules: readonly (readonly [code: string, about: string, name: string, days: number, subject: string, body: string])[] = [
  ['return_before_3', 'return', 'Return to the funder, three days before', -3, '{what} for {month}: due on {due}', `{what} for {month} is due on {due}, in {days}. It is not submitted: it is {sections}.${end}`],
  ['return_due', 'return', 'Return to the funder, on the day', 0, '{what} for {month}: due today', `{what} for {month} is due today, {due}. It is not submitted: it is {sections}.${end}`],
  ['return_after_2', 'return', 'Return to the funder, two days after', 2, '{what} for {month}: late', `{what} for {month} was due on {due}, {days} ago. It is not submitted: it is {sections}.${end}`],
  ['publish_before_3', 'publication', 'Publication, three days before', -3, 'To be published for {month} by {due}', `What the office publishes for {month} is due on {due}, in {days}. Not released yet: {sections}.${end}`],
  ['publish_due', 'publication', 'Publication, on the day', 0, 'To be published for {month}: due today', `What the office publishes for {month} is due today, {due}. Not released yet: {sections}.${end}`],
  ['publish_after_3', 'publication', 'Publication, three days after', 3, 'To be published for {month}: late', `What the office publishes for {month} was due on {due}, {days} ago. Not released yet: {sections}.${end}`],
];
