/** The log tells what happened and where, and nothing about anybody. */
import { randomUUID } from 'node:crypto';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog, plainError } from '../../server/log.ts';
import { startTestService, type TestService } from '../support/database.ts';

const lines: string[] = [];
const log = (): string => lines.join('');
const written = (): Record<string, unknown>[] => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ config: () => ({ logLevel: 'debug' }), logTo: { write: (line) => void lines.push(line) } });
});
afterAll(() => service.close());

/** Everything of a person that went in or out, to be looked for in the log. */
const secrets: string[] = [];
const tell = <T extends string>(secret: T): T => (secrets.push(secret), secret);

async function useEverything(): Promise<void> {
  const administrator = await service.client('admin@opcc.demo');
  const { id: organisationId } = await service.database.db('organisation').where({ name: 'Hartlepool' }).first();
  const person = { name: tell('Quillon Vexwood'), email: tell('quillon.vexwood@council.example'), organisationId };
  const { body } = await administrator.post('/api/people').send(person).expect(200);
  const password = tell('correct horse battery staple');
  await service.database.db('role_grant').insert({ id: randomUUID(), person_id: body.personId, role: 'warden', valid_from: '2020-01-01' });
  const client = await service.client();
  await client.post('/api/invitations/accept').send({ token: tell(new URL(body.link).hash.slice(1)), password }).expect(200);
  const signedIn = await client.post('/api/session').send({ email: person.email, password }).expect(200);
  tell(decodeURIComponent(signedIn.headers['set-cookie']![0]!.split(';')[0]!.split('=')[1]!));
  await client.post('/api/session').send({ email: tell('mistyped@council.example'), password: tell('a wrong password here') }).expect(401);
  await client.get(`/api/people/${encodeURIComponent(tell('somebody@council.example'))}`);
  await client.get('/api/audit').query({ subjectId: tell('searched@council.example') });
  await client.get(`/${tell('typed-into-the-address@council.example')}`);
  await client.get('/api/session').set('Authorization', `Bearer ${tell('a-bearer-token-of-somebody')}`);
  await client.get('/api/oidc/opcc/callback').query({ code: tell('a-code-of-an-issuer'), state: tell('a-state-of-an-issuer') });
  await client.post('/api/account/password').send({ current: tell('not the present one'), next: tell('four other random words') }).expect(422);
  await supertest(service.address).post('/api/session').set('Content-Type', 'application/json').send(`{"email":"${tell('broken@council.example')}","password":`).expect(400);
  await administrator.post(`/api/people/${body.personId}/disable`).send({ reason: tell('Reason of the leaving') }).expect(200);
}

/** Makes the database refuse in the middle of a request that carries somebody's name. */
async function failInside(): Promise<void> {
  const { db } = service.database;
  const administrator = await service.client('admin@opcc.demo');
  const { id: organisationId } = await db('organisation').where({ name: 'Hartlepool' }).first();
  const person = (): Record<string, string> => ({ name: tell(`Zebedee ${randomUUID()}`), email: tell(`${randomUUID()}@council.example`), organisationId });
  await db.raw('alter table invitation rename to invitation_away');
  await administrator.post('/api/people').send(person()).expect(500);
  await db.raw('alter table invitation_away rename to invitation');
  await db.raw(`alter table person add constraint nobody_new check (created_at < '2000-01-01') not valid`);
  await administrator.post('/api/people').send(person()).expect(500);
  await db.raw('alter table person drop constraint nobody_new');
  await db.raw(`create function cast_name() returns trigger language plpgsql as $$ begin new.created_at = new.name::timestamptz; return new; end $$;
    create trigger cast_name before insert on person for each row execute function cast_name()`);
  const { status } = await administrator.post('/api/people').send(person());
  expect(status).toBeGreaterThanOrEqual(422);
  await db.raw('drop trigger cast_name on person; drop function cast_name');
}

test('of everything a person does holds the route and the outcome, and no address, name, password, token or cookie', async () => {
  await useEverything();
  expect(secrets.length).toBeGreaterThan(14);
  expect(secrets.filter((secret) => log().includes(secret) || log().includes(encodeURIComponent(secret)))).toEqual([]);
  expect(log()).not.toMatch(/[\w.+-]+@[\w-]+\.[a-z]+/i);
  expect(log()).not.toMatch(/127\.0\.0\.1|\$argon2|set-cookie|s%3A/i);
  expect(written()).toContainEqual(expect.objectContaining({ level: 30, method: 'POST', route: '/api/session', status: 401, requestId: expect.any(String) }));
  expect(written()).toContainEqual(expect.objectContaining({ route: '/api/people/:id/disable', status: 200 }));
});

test('of a failure in the database holds its code, its route and its statement, and none of the values', async () => {
  await failInside();
  expect(secrets.filter((secret) => log().includes(secret))).toEqual([]);
  const failures = written().filter(({ level }) => level === 50);
  expect(failures.map(({ err }) => (err as { code?: string }).code)).toEqual(expect.arrayContaining(['42P01', '23514']));
  expect(failures[0]).toMatchObject({ msg: 'a request failed', requestId: expect.any(String), method: 'POST', route: '/api/people', err: { statement: 'delete from "invitation" where "person_id" = $1 and "used_at" is null' } });
});

test('of a job that failed holds the same', async () => {
  const { db } = service.database;
  const input = { runId: randomUUID(), folder: '/nowhere', path: `/nowhere/${tell('Nettie Upfield')}`, name: 'x.csv', options: { council: null } };
  const id = await db.transaction((trx) => service.jobs.enqueue(trx, 'import', input, { personId: null, role: 'test' }));
  service.jobs.wake();
  await expect.poll(async () => (await db('job').where({ id }).first()).state, { timeout: 60_000, interval: 200 }).toMatch(/failed|done/);
  expect(secrets.filter((secret) => log().includes(secret))).toEqual([]);
});

describe('an error as it is logged', () => {
  test('loses what looks like a person, and its values', () => {
    const error = Object.assign(new Error('Mr Example (07700 900123, x@y.example) was refused'), { email: 'x@y.example', bindings: ['secret'] });
    expect(plainError(error).message).toBe('[a name with a title] ([a telephone number], [an e-mail address]) was refused');
    expect(JSON.stringify(plainError(error))).not.toMatch(/y\.example|secret/);
  });

  test('of the database keeps no words of its own', () => {
    const error = Object.assign(new Error('insert into person - invalid input syntax for type uuid: "Mr Example"'), { severity: 'ERROR', code: '22P02', detail: 'Key (email)=(x@y.example)' });
    expect(plainError(error)).toEqual({ type: 'Error', code: '22P02', stack: expect.any(Array) });
  });

  test('is redacted by key wherever it is put', () => {
    const kept: string[] = [];
    const logger = createLog('info', { write: (line) => void kept.push(line) });
    logger.info({ email: 'a@b.example', person: { name: 'Somebody', password: 'hidden', token: 'hidden' }, cookie: 'hidden' }, 'said');
    logger.error(new Error('thrown alone by x@y.example'));
    expect(kept.join('')).not.toMatch(/b\.example|Somebody|hidden|y\.example/);
    expect(kept[0]).toContain('[Redacted]');
  });
});
