import type { Knex } from 'knex';

/** Messages that wait to leave by e-mail, and reminders of returns: when, to whom and in which words are data; each goes out once. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table mail_message (
      id uuid primary key,
      -- What it is about and for whom: the same is queued once.
      kind text not null,
      key text not null,
      to_address text not null,
      subject text not null,
      body text not null,
      state text not null default 'queued' constraint mail_message_state_known check (state in ('queued', 'sending', 'sent', 'failed')),
      attempts integer not null default 0,
      claimed_at timestamptz,
      queued_at timestamptz not null,
      sent_at timestamptz,
      -- Where it went: a server's answer, or a file of the outbox.
      delivered text,
      last_error text,
      constraint mail_message_once unique (kind, key),
      constraint mail_message_sent_whole check ((state = 'sent') = (sent_at is not null))
    );
    create index mail_message_waiting on mail_message (queued_at) where state in ('queued', 'sending');
    create table reminder_rule (
      code text not null constraint reminder_rule_code_plain check (code ~ '^[a-z0-9_]{1,40}$'),
      name text not null,
      -- Days from the day the council's month is due; below 0 before it.
      days integer not null constraint reminder_rule_days_near check (days between -30 and 90),
      roles text[] not null constraint reminder_rule_has_roles check (cardinality(roles) > 0),
      subject text not null,
      body text not null,
      source text not null,
      valid_from date not null,
      valid_to date,
      primary key (code, valid_from),
      constraint reminder_rule_dates_in_order check (valid_to is null or valid_to > valid_from),
      constraint reminder_rule_one_a_day exclude using gist (code with =, daterange(valid_from, valid_to) with &&)
    );
    create table reminder (
      id uuid primary key,
      rule text not null,
      month date not null,
      council_code text not null references organisation (council_code),
      person_id uuid not null references person,
      due_on date not null,
      mail_id uuid not null references mail_message,
      made_at timestamptz not null,
      constraint reminder_once unique (rule, month, council_code, person_id)
    );
    create trigger reminder_append_only before update or delete or truncate on reminder for each statement execute function refuse_change()`);
  await fence(db, 'mail_message', `sees_council('')`);
  await fence(db, 'reminder', 'sees_council(council_code)');
  await fence(db, 'reminder_rule', 'true');
  await db.raw(`
    grant insert, update on mail_message to hotspots_service;
    grant insert on reminder to hotspots_service;
    grant insert on reminder_rule to hotspots_app;
    grant update (valid_to) on reminder_rule to hotspots_app;
    -- Who reads other people's addresses reads them with the account, not in the queue.
    revoke select on mail_message from hotspots_app;
    grant select (id, kind, subject, state, queued_at, sent_at) on mail_message to hotspots_app`);
  await db('reminder_rule').insert(rules.map(([code, name, days, subject, body]) => (
    { code, name, days, roles: ['council_lead', 'council_finance'], subject, body, source: 'Office default: replace with the words and days of the grant agreement', valid_from: '2020-01-01' })));
}

async function fence(db: Knex, table: string, seen: string): Promise<void> {
  await db.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_fence on ${table} to hotspots_app using (${seen}) with check (${seen});
    create policy ${table}_service on ${table} to hotspots_service using (true) with check (true);
    revoke all on ${table} from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select on ${table} to hotspots_app, hotspots_service`);
}

const end = '\n\nConfirm the figures at {address}\n\nThis message was sent by the service because the month has not been submitted. Nobody reads answers to it.';
const rules: readonly (readonly [code: string, name: string, days: number, subject: string, body: string])[] = [
  ['before_3', 'Three days before', -3, 'Return for {month}: due on {due}', `The monitoring return of {council} for {month} is due on {due}, in {days}. Not sent yet: {sections}.${end}`],
  ['due_day', 'On the day', 0, 'Return for {month}: due today', `The monitoring return of {council} for {month} is due today, {due}. Not sent yet: {sections}.${end}`],
  ['after_2', 'Two days after', 2, 'Return for {month}: late', `The monitoring return of {council} for {month} was due on {due}, {days} ago. Not sent yet: {sections}.${end}`],
  ['after_7', 'A week after', 7, 'Return for {month}: a week late', `The monitoring return of {council} for {month} was due on {due}, {days} ago. Not sent yet: {sections}. The return to the Home Office waits for it.${end}`],
];
