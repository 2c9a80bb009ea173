/** Reminders by a real SMTP server: whom they reach, when, once each; and as files where there is none. */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '../../server/config.ts';
import { sendQueued } from '../../server/mail.ts';
import { forecastDaily } from '../../server/forecast/forecastWork.ts';
import { remindPublications } from '../../server/publication/dueWork.ts';
import { remindReturns } from '../../server/returns/officeReminderWork.ts';
import { remindDaily } from '../../server/returns/reminderWork.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { fillMonth } from '../support/monthFixture.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';

let service: TestService;
let smtp: TestSmtp;
/** October 2023 is due from councils on 7 November, the fifth working day. */
const day = (date: string): Date => new Date(`${date}T06:30:00Z`);
const config = (): Config => ({ ...service.database.config, publicAddress: 'https://patrols.example', mail: { smtpUrl: smtp.url, from: 'patrols@opcc.example' } });
const remind = (date: string) => remindDaily(service.database.db, config(), day(date));

beforeAll(async () => {
  smtp = await startSmtp();
  service = await startTestService({ now: () => day('2023-10-31') });
  const { db } = service.database;
  await fillMonth(db);
  await db.raw(`
    insert into fund (id, name, funder, award_pence, starts_on, ends_on, purpose) values ('00000000-0000-4000-8000-000000000f00', 'F', 'Home Office', 100000000, '2023-07-01', '2024-03-31', 'x');
    insert into agreement (id, fund_id, council_code, reference, ceiling_pence, starts_on, ends_on, state, productive_ratio)
      select gen_random_uuid(), '00000000-0000-4000-8000-000000000f00', code, 'A-' || code, 25000000, '2023-07-01', '2024-03-31', state, 0.8
      from (values ('E06000001', 'live'), ('E06000003', 'draft'), ('E06000004', 'live')) given (code, state)`);
  // Whoever left, whose role ended, and who only walks the streets gets none.
  const lead = await db('person').where({ email: 'lead@hartlepool.demo' }).first();
  for (const [email, more] of [['left@hartlepool.demo', { disabled_at: '2023-09-01' }], ['past@hartlepool.demo', {}]] as const) {
    const id = randomUUID();
    await db('person').insert({ ...lead, id, email, ...more });
    await db('role_grant').insert({ id: randomUUID(), person_id: id, role: 'council_lead', valid_from: '2020-01-01', valid_to: email.startsWith('past') ? '2023-10-01' : null });
  }
});
afterAll(async () => {
  await service.close();
  await smtp.close();
});
beforeEach(() => void smtp.received.splice(0));
afterEach(() => smtp.refused.clear());

const recipients = (): string[] => smtp.received.flatMap(({ to }) => to).sort();

describe('by a server', () => {
  test('nothing goes out before the first day', async () => {
    expect(await remind('2023-11-03')).toEqual({ made: 0, sent: 0, failed: 0 });
    expect(smtp.received).toEqual([]);
  });

  test('three days before, to lead and finance of each council that owes and has not sent', async () => {
    expect(await remind('2023-11-04')).toEqual({ made: 4, sent: 4, failed: 0 });
    expect(recipients()).toEqual(['finance@hartlepool.demo', 'finance@stockton.demo', 'lead@hartlepool.demo', 'lead@stockton.demo']);
    const [mail] = smtp.received.filter(({ to }) => to.includes('lead@hartlepool.demo'));
    expect(mail?.from).toBe('patrols@opcc.example');
    expect(mail?.text).toContain('Subject: Return for October 2023: due on 7 November 2023\r\n');
    expect(mail?.text.replace(/=\r\n/g, '').replace(/\r\n/g, ' ')).toContain('The monitoring return of Hartlepool for October 2023 is due on 7 November 2023, in 3 days. Not sent yet: Patrols and person-hours, Actions, Incidents, Money, Narrative, risks and issues.');
    expect(mail?.text).toContain('https://patrols.example/month-board/2023-10/E06000001');
    expect(mail?.text).toMatch(/Message-ID: <[0-9a-f-]{36}@opcc\.example>/);
  });

  test('run again, also twice at once, nobody is reminded twice', async () => {
    expect(await remind('2023-11-04')).toEqual({ made: 0, sent: 0, failed: 0 });
    const both = await Promise.all([remind('2023-11-07'), remind('2023-11-07')]);
    expect(both.reduce((sum, { made }) => sum + made, 0)).toBe(4);
    expect(recipients()).toEqual(['finance@hartlepool.demo', 'finance@stockton.demo', 'lead@hartlepool.demo', 'lead@stockton.demo']);
    expect(await service.database.db('reminder').count('* as n').first()).toEqual({ n: 8 });
  });

  test('a council that has sent everything is left in peace', async () => {
    const { db } = service.database;
    for (const section of ['patrols', 'actions', 'incidents', 'money', 'words']) {
      for (const step of ['readied', 'submitted']) await db('section_step').insert({ month: '2023-10-01', council_code: 'E06000004', section, step, taken_at: new Date() });
    }
    expect(await remind('2023-11-09')).toEqual({ made: 2, sent: 2, failed: 0 });
    expect(recipients()).toEqual(['finance@hartlepool.demo', 'lead@hartlepool.demo']);
  });

  test('what a server refuses is tried again, and not given up before the sixth time', async () => {
    smtp.refused.add('lead@hartlepool.demo');
    expect(await remind('2023-11-14')).toEqual({ made: 2, sent: 1, failed: 1 });
    const { db } = service.database;
    const waiting = () => db('mail_message').where({ to_address: 'lead@hartlepool.demo' }).whereNot({ state: 'sent' }).first('state', 'attempts', 'last_error');
    expect(await waiting()).toMatchObject({ state: 'queued', attempts: 1, last_error: expect.stringContaining('Mailbox unavailable') as string });
    for (let hour = 7; hour < 12; hour++) await sendQueued(db, config(), new Date(`2023-11-14T${String(hour).padStart(2, '0')}:30:00Z`));
    expect(await waiting()).toMatchObject({ state: 'failed', attempts: 6 });
    smtp.refused.clear();
    expect(await sendQueued(db, config(), day('2023-11-15'))).toEqual({ sent: 0, failed: 0 });
  });

  test('long after, nothing is made up for', async () => {
    expect(await remind('2023-12-30')).toMatchObject({ made: 0 });
  });
});

test('an underspend the daily forecast finds is told to the office once, and only to who answers for it', async () => {
  const { db } = service.database;
  await forecastDaily(db, config(), day('2023-11-20'));
  const told = await db('mail_message').where({ kind: 'underspend alert' }).orderBy('key');
  expect(told.length).toBeGreaterThan(0);
  expect([...new Set(told.map(({ to_address }) => to_address as string))].sort()).toEqual(['finance@opcc.demo', 'manager@opcc.demo']);
  expect(told[0]).toMatchObject({ state: 'queued', subject: expect.stringMatching(/^Forecast underspend: £/) as string });
  await forecastDaily(db, config(), day('2023-11-20'));
  expect(await db('mail_message').where({ kind: 'underspend alert' })).toHaveLength(told.length);
  await db('mail_message').where({ kind: 'underspend alert' }).delete();
});

test('the office reads when and in which words, changes both from a day on, and sees what went out', async () => {
  const manager = await service.client('manager@opcc.demo');
  const { body } = await manager.get('/api/reminders').query({ month: '2023-10' }).expect(200);
  expect(body.rules.filter(({ about }: { about: string }) => about === 'council month').map(({ code, days }: { code: string; days: number }) => [code, days])).toEqual([['before_3', -3], ['due_day', 0], ['after_2', 2], ['after_7', 7]]);
  expect(body.reminders).toHaveLength(12);
  expect(JSON.stringify(body)).not.toContain('@hartlepool');
  const change = { days: -5, subject: 'Return for {month}', body: 'Due on {due}.', validFrom: '2024-01-01', reason: 'The grant agreement asks for five days' };
  await manager.post('/api/reminders/before_3').send({ ...change, validFrom: '2020-01-01' }).expect(422);
  expect((await manager.post('/api/reminders/before_3').send(change).expect(200)).body).toMatchObject({ days: -5, validFrom: '2024-01-01', validTo: null });
  const council = await service.client('lead@stockton.demo');
  expect((await council.get('/api/reminders').query({ month: '2023-10' }).expect(200)).body.reminders).toHaveLength(4);
  await council.post('/api/reminders/before_3').send(change).expect(403);
});

test('without a server, messages are files of the outbox', async () => {
  const { db, config: own } = service.database;
  await db('mail_message').insert({ id: randomUUID(), kind: 'return reminder', key: 'outbox', to_address: 'lead@redcar.demo', subject: 'Rückgabe', body: 'Zeile eins\nZeile zwei', queued_at: day('2023-11-04') });
  expect(await sendQueued(db, own, day('2023-11-20'))).toEqual({ sent: 1, failed: 0 });
  const folder = join(own.dataDir, 'outbox');
  const file = readdirSync(folder).find((name) => name.endsWith('.eml')) ?? '';
  expect(file).toMatch(/^2023-11-04-return-reminder-[0-9a-f-]{36}\.eml$/);
  expect(readFileSync(join(folder, file), 'utf8')).toContain('To: lead@redcar.demo\r\n');
  expect(await db('mail_message').where({ key: 'outbox' }).first('state', 'delivered')).toEqual({ state: 'sent', delivered: join(folder, file) });
});

describe('the office', () => {
  const office = () => service.database.db;

  test('is reminded of a return before its day and after, until it is submitted, each once', async () => {
    const returns = (on: string) => remindReturns(office(), config(), day(on));
    /** Subjects of what was received about the monthly return. */
    const monthly = (): string[] => smtp.received.map(({ text }) => text.replace(/=\r\n/g, '')).filter((text) => text.includes('home_office_monthly')).map((text) => /Subject: ((?:.|\r\n )*)\r\n/.exec(text)?.[1]?.replace(/\r\n/g, '') ?? '');
    await returns('2023-11-10');
    expect(monthly()).toEqual([]);
    // The tenth working day of November is the 14th.
    await returns('2023-11-11');
    expect(new Set(monthly()).size).toBe(1);
    expect(monthly()[0]).toContain('October 2023: due on 14 November 2023');
    expect(new Set(smtp.received.flatMap(({ to }) => to))).toEqual(new Set(['finance@opcc.demo', 'manager@opcc.demo']));
    const before = smtp.received.length;
    expect((await returns('2023-11-11')).made).toBe(0);
    expect(smtp.received.length).toBe(before);
    smtp.received.splice(0);
    await returns('2023-11-16');
    expect(monthly()[0]).toContain('October 2023: late');
    await office().raw(`insert into monitoring_return (id, definition_code, month, state) values (gen_random_uuid(), 'home_office_monthly', '2023-11-01', 'submitted')`);
    smtp.received.splice(0);
    await returns('2023-12-14');
    expect(monthly()).toEqual([]);
  });

  test('is reminded of what it publishes before the dated day and after, and the day is a setting', async () => {
    const publish = (on: string) => remindPublications(office(), config(), day(on));
    expect(await publish('2023-11-06')).toMatchObject({ made: 0 });
    expect(await publish('2023-11-07')).toEqual({ made: 2, sent: 2, failed: 0 });
    const words = (): string => (smtp.received[0]?.text ?? '').replace(/=\r\n/g, '').replace(/\r\n/g, ' ');
    expect(words()).toContain('To be published for October 2023 by 10 November 2023');
    expect(words()).toContain('Not released yet: Crime and disorder reduction grants, Items over');
    smtp.received.splice(0);
    expect(await publish('2023-11-13')).toMatchObject({ made: 2 });
    expect(words()).toContain('due on 10 November 2023, 3 days ago');
    await office()('setting').where({ name: 'publication_due_day' }).update({ valid_to: '2023-12-01' });
    await office()('setting').insert({ ...(await office()('setting').where({ name: 'publication_due_day' }).first()), value: '20', valid_from: '2023-12-01', valid_to: null });
    expect(await publish('2023-12-07')).toMatchObject({ made: 0 });
    expect(await publish('2023-12-17')).toMatchObject({ made: 2 });
    const { reminders, rules } = (await (await service.client('manager@opcc.demo')).get('/api/reminders?month=2023-11').expect(200)).body;
    expect(reminders.filter(({ council }: { council: string }) => council === 'The office').map(({ rule, dueOn }: { rule: string; dueOn: string }) => [rule, dueOn])).toContainEqual(['publish_before_3', '2023-12-20']);
    expect(rules.map(({ about }: { about: string }) => about)).toEqual(expect.arrayContaining(['council month', 'return', 'publication']));
    expect((await (await service.client('lead@hartlepool.demo')).get('/api/reminders').expect(200)).body.reminders.filter(({ council }: { council: string }) => council === 'The office')).toEqual([]);
  });
});
