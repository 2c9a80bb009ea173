/** Attacks at the door: planted and stolen cookies, requests of other sites, links used twice. */
import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';

const door = { email: 'lead@hartlepool.demo', password: 'demonstration' };
const cookieOf = (answer: supertest.Response): string => (answer.headers['set-cookie']?.[0] ?? '').split(';')[0]!;
const whoIs = async (service: TestService, cookie: string): Promise<string | null> =>
  (await supertest(service.address).get('/api/session').set('Cookie', cookie).expect(200)).body.person?.email ?? null;

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

describe('a planted cookie', () => {
  test('of a session that was never made is not taken up at sign-in', async () => {
    const planted = `session=s%3A${'a'.repeat(32)}.${'b'.repeat(43)}`;
    const answer = await supertest(service.address).post('/api/session').set('Cookie', planted).send(door).expect(200);
    expect(cookieOf(answer)).not.toBe(planted);
    expect(await whoIs(service, planted)).toBeNull();
    expect(await whoIs(service, cookieOf(answer))).toBe(door.email);
  });

  test('of the attacker’s own session is worth nothing once somebody signed in over it', async () => {
    const attacker = cookieOf(await supertest(service.address).post('/api/session').send({ ...door, email: 'warden@hartlepool.demo' }).expect(200));
    expect(await whoIs(service, attacker)).toBe('warden@hartlepool.demo');
    const victim = cookieOf(await supertest(service.address).post('/api/session').set('Cookie', attacker).send(door).expect(200));
    expect(await whoIs(service, victim)).toBe(door.email);
    expect(await whoIs(service, attacker)).toBeNull();
  });
});

describe('a stolen cookie', () => {
  test('is worth nothing after signing out', async () => {
    const stolen = cookieOf(await supertest(service.address).post('/api/session').send(door).expect(200));
    await supertest(service.address).get('/api/account/sessions').set('Cookie', stolen).expect(200);
    await supertest(service.address).delete('/api/session').set('Cookie', stolen).expect(200);
    expect(await whoIs(service, stolen)).toBeNull();
    await supertest(service.address).get('/api/account/sessions').set('Cookie', stolen).expect(401);
  });

  test('with one letter of its signature changed is nobody’s', async () => {
    const cookie = cookieOf(await supertest(service.address).post('/api/session').send(door).expect(200));
    const changed = cookie.slice(0, -1) + (cookie.endsWith('A') ? 'B' : 'A');
    expect(await whoIs(service, changed)).toBeNull();
  });
});

describe('a change asked for by another site', () => {
  const reason = { reason: 'Left' };
  let victim: string;
  let path: string;
  beforeAll(async () => {
    victim = (await service.database.db('person').where({ email: 'warden@hartlepool.demo' }).first()).id as string;
    path = `/api/people/${victim}/disable`;
  });
  const disabled = async (): Promise<unknown> => (await service.database.db('person').where({ id: victim }).first()).disabled_at;

  test.each([
    ['form fields', 'application/x-www-form-urlencoded', 'reason=Left'],
    ['a form with files', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="reason"\r\n\r\nLeft\r\n--x--\r\n'],
    ['a form of plain text, holding JSON', 'text/plain', JSON.stringify(reason)],
    ['JSON under a type of its own', 'application/csp-report', JSON.stringify(reason)],
  ])('by %s is not read, even without an Origin', async (_name, type, body) => {
    const client = await service.client('admin@opcc.demo');
    const answer = await client.post(path).set('Content-Type', type).send(body).expect(415);
    expect(answer.body.code).toBe('wrong_content_type');
    expect(await disabled()).toBeNull();
  });

  test('by a form without fields is not obeyed where no field is needed', async () => {
    const client = await service.client('admin@opcc.demo');
    await client.post(`/api/people/${victim}/invitation`).set('Content-Type', 'application/x-www-form-urlencoded').expect(415);
    expect(await service.database.db('invitation').where({ person_id: victim })).toEqual([]);
  });

  test.each([
    ['another Origin', { Origin: 'https://elsewhere.example' }],
    ['no Origin to speak of', { Origin: 'null' }],
    ['the same host on another port', { Origin: 'http://127.0.0.1:1' }],
    ['Sec-Fetch-Site: cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['Sec-Fetch-Site: same-site', { 'Sec-Fetch-Site': 'same-site' }],
  ])('by fetch with %s is refused', async (_name, headers) => {
    const client = await service.client('admin@opcc.demo');
    expect((await client.post(path).set(headers).send(reason).expect(403)).body.code).toBe('foreign_origin');
    expect((await client.post('/api/imports?fileName=a.csv').set(headers).set('Content-Type', 'application/octet-stream').send('a,b').expect(403)).body.code).toBe('foreign_origin');
    expect(await disabled()).toBeNull();
  });

  test('cannot sign somebody in either', async () => {
    const answer = await supertest(service.address).post('/api/session').set('Origin', 'https://elsewhere.example').send(door).expect(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('is done when the service’s own page asks', async () => {
    const client = await service.client('admin@opcc.demo');
    await client.post(path).set({ Origin: service.address, 'Sec-Fetch-Site': 'same-origin' }).send(reason).expect(200);
    expect(await disabled()).not.toBeNull();
    await client.post(`/api/people/${victim}/enable`).send({ reason: 'Back' }).expect(200);
  });

  test('by a form that sends a file is not read', async () => {
    const client = await service.client('analyst@opcc.demo');
    for (const type of ['multipart/form-data; boundary=x', 'text/plain', 'text/csv', 'application/json']) {
      await client.post('/api/imports?fileName=a.csv').set('Content-Type', type).send(type.endsWith('json') ? '{}' : 'a,b').expect(415);
    }
    expect(await service.database.db('job').where({ kind: 'import' })).toEqual([]);
  });
});

describe('a one-time link', () => {
  const password = 'three random words';

  async function newLink(): Promise<{ token: string; email: string; id: string }> {
    const administrator = await service.client('admin@opcc.demo');
    const email = `${randomUUID()}@council.example`;
    const { id: organisationId } = await service.database.db('organisation').where({ name: 'Hartlepool' }).first();
    const { body } = await administrator.post('/api/people').send({ name: 'Somebody', email, organisationId }).expect(200);
    return { token: new URL(body.link).hash.slice(1), email, id: body.personId };
  }

  test('sent many times at once is taken once', async () => {
    const { token } = await newLink();
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => supertest(service.address).post('/api/invitations/accept').send({ token, password: `${password} ${i}` })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410, 410, 410, 410]);
  });

  test('is kept as a hash, and the hash opens nothing', async () => {
    const { token, id } = await newLink();
    const { token_hash } = await service.database.db('invitation').where({ person_id: id }).first();
    expect(token_hash).not.toContain(token);
    await supertest(service.address).post('/api/invitations/accept').send({ token: token_hash, password }).expect(410);
  });

  test('of somebody disabled meanwhile opens nothing', async () => {
    const { token, id } = await newLink();
    await (await service.client('admin@opcc.demo')).post(`/api/people/${id}/disable`).send({ reason: 'Left' }).expect(200);
    await supertest(service.address).post('/api/invitations/accept').send({ token, password }).expect(410);
  });
});

describe('guessing', () => {
  const password = 'three random words';

  test('the code is cut off for who knows the password too', async () => {
    const { db } = service.database;
    const { body } = await (await service.client('admin@opcc.demo')).post('/api/people')
      .send({ name: 'Somebody', email: 'guessed@council.example', organisationId: (await db('organisation').where({ name: 'Hartlepool' }).first()).id }).expect(200);
    const client = await service.client();
    await client.post('/api/invitations/accept').send({ token: new URL(body.link).hash.slice(1), password }).expect(200);
    await db('role_grant').insert({ id: randomUUID(), person_id: body.personId, role: 'council_finance', valid_from: '2020-01-01' });
    const signIn = { email: 'guessed@council.example', password };
    await client.post('/api/session').send(signIn).expect(200);
    const { secret } = (await client.post('/api/account/second-factor').expect(200)).body;
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    await client.put('/api/account/second-factor').send({ code }).expect(200);
    const answers = new Set<number>();
    for (let guess = 0; guess < 8; guess += 1) {
      const attacker = await service.client();
      answers.add((await attacker.post('/api/session').send(signIn)).status);
      answers.add((await attacker.post('/api/session/second-factor').send({ code: String(100_000 + guess) })).status);
    }
    expect([...answers].sort()).toEqual([200, 401, 429]);
  });

  test('the present password in a session left open is cut off', async () => {
    const client = await service.client('finance@hartlepool.demo');
    const statuses: number[] = [];
    for (let guess = 0; guess < 11; guess += 1) statuses.push((await client.post('/api/account/password').send({ current: `guess ${guess}`, next: 'four other random words' })).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 422), 429]);
  });
});
