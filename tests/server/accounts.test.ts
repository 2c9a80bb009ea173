import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';

let service: TestService;
let now = new Date('2026-03-02T10:00:00Z');
beforeAll(async () => {
  service = await startTestService({ now: () => now });
});
afterAll(() => service.close());

const password = 'three random words';
let counter = 0;

async function organisationId(name: string): Promise<string> {
  return (await service.database.db('organisation').where({ name }).first()).id as string;
}

/** Invites somebody and sets the first password; answers the new person's id and address. */
async function addPerson(organisation = 'Hartlepool'): Promise<{ id: string; email: string }> {
  const administrator = await service.client('admin@opcc.demo');
  const email = `somebody${(counter += 1)}@council.example`;
  const { body } = await administrator.post('/api/people').send({ name: 'Somebody', email, organisationId: await organisationId(organisation) }).expect(200);
  const token = new URL(body.link).hash.slice(1);
  await (await service.client()).post('/api/invitations/accept').send({ token, password }).expect(200);
  await service.database.db('role_grant').insert({ id: randomUUID(), person_id: body.personId, role: 'warden', valid_from: '2026-01-01' });
  return { id: body.personId, email };
}

const codeFor = (secret: string, at: Date): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });

describe('a one-time link', () => {
  test('sets the first password once, and not a second time', async () => {
    const administrator = await service.client('admin@opcc.demo');
    const { body } = await administrator.post('/api/people').send({ name: 'Somebody', email: 'once@council.example', organisationId: await organisationId('Hartlepool') }).expect(200);
    const token = new URL(body.link).hash.slice(1);
    const client = await service.client();
    expect((await client.post('/api/invitations/accept').send({ token, password: 'short' }).expect(422)).body.errors[0].message).toBe('Use at least 12 characters, for example three random words.');
    await client.post('/api/invitations/accept').send({ token, password }).expect(200);
    expect((await client.post('/api/invitations/accept').send({ token, password: 'another three words' }).expect(410)).body.code).toBe('link_spent');
    await client.post('/api/session').send({ email: 'once@council.example', password }).expect(200);
  });

  test('is good for 15 minutes, and a new one ends the earlier', async () => {
    const { id } = await addPerson();
    const administrator = await service.client('admin@opcc.demo');
    const first = new URL((await administrator.post(`/api/people/${id}/invitation`).expect(200)).body.link).hash.slice(1);
    const second = new URL((await administrator.post(`/api/people/${id}/invitation`).expect(200)).body.link).hash.slice(1);
    const client = await service.client();
    await client.post('/api/invitations/accept').send({ token: first, password }).expect(410);
    const before = now;
    now = new Date(now.getTime() + 15 * 60_000 + 1);
    await client.post('/api/invitations/accept').send({ token: second, password }).expect(410);
    now = before;
    await client.post('/api/invitations/accept').send({ token: second, password }).expect(200);
  });
});

describe('the second factor', () => {
  async function approver(): Promise<{ id: string; email: string }> {
    const added = await addPerson('Office of the Police and Crime Commissioner for Cleveland');
    await service.database.db('role_grant').insert({ id: randomUUID(), person_id: added.id, role: 'finance_approver', valid_from: '2026-01-01' });
    return added;
  }

  test('must be set up by an approver before anything else, and its codes are good once', async () => {
    const { email } = await approver();
    const client = await service.client();
    expect((await client.post('/api/session').send({ email, password }).expect(200)).body).toMatchObject({ person: null, next: 'enrol_second_factor' });
    await client.get('/api/account/sessions').expect(401);
    const { secret } = (await client.post('/api/account/second-factor').expect(200)).body;
    await client.put('/api/account/second-factor').send({ code: '000000' }).expect(422);
    const set = await client.put('/api/account/second-factor').send({ code: codeFor(secret, now) }).expect(200);
    expect(set.body.recoveryCodes).toHaveLength(10);
    expect(set.body.session.person.email).toBe(email);
    await client.get('/api/account/sessions').expect(200);

    const again = await service.client();
    expect((await again.post('/api/session').send({ email, password }).expect(200)).body).toMatchObject({ person: null, next: 'second_factor' });
    expect((await again.post('/api/session/second-factor').send({ code: codeFor(secret, now) }).expect(401)).body.code).toBe('wrong_code');
    now = new Date(now.getTime() + 30_000);
    await again.post('/api/session/second-factor').send({ code: codeFor(secret, now) }).expect(200);

    const lost = await service.client();
    await lost.post('/api/session').send({ email, password }).expect(200);
    await lost.post('/api/session/second-factor').send({ code: set.body.recoveryCodes[0] }).expect(200);
    const twice = await service.client();
    await twice.post('/api/session').send({ email, password }).expect(200);
    await twice.post('/api/session/second-factor').send({ code: set.body.recoveryCodes[0] }).expect(401);
  });

  test('is kept encrypted', async () => {
    const { id, email } = await approver();
    const client = await service.client();
    await client.post('/api/session').send({ email, password }).expect(200);
    const { secret } = (await client.post('/api/account/second-factor').expect(200)).body;
    const row = await service.database.db('person').where({ id }).first();
    expect(row.second_factor).not.toContain(secret);
  });
});

describe('tries', () => {
  test('are counted by account, kept although refused, and forgotten after 15 minutes', async () => {
    const { email } = await addPerson();
    const client = await service.client();
    for (let wrong = 0; wrong < 10; wrong += 1) await client.post('/api/session').send({ email, password: 'wrong' }).expect(401);
    expect((await client.post('/api/session').send({ email, password }).expect(429)).body.code).toBe('too_many_tries');
    await service.database.db.raw(`update sign_in_try set window_started_at = now() - interval '16 minutes'`);
    await client.post('/api/session').send({ email, password }).expect(200);
  });
});

describe('one’s own account', () => {
  test('lists its sessions, ends another one, and not its own key guessed', async () => {
    const { email } = await addPerson();
    const [desk, phone] = [await service.client(), await service.client()];
    await desk.post('/api/session').send({ email, password }).expect(200);
    await phone.post('/api/session').send({ email, password }).expect(200);
    const { sessions } = (await desk.get('/api/account/sessions').expect(200)).body;
    expect(sessions.map((row: { current: boolean }) => row.current).sort()).toEqual([false, true]);
    const other = sessions.find((row: { current: boolean }) => !row.current);
    await desk.delete(`/api/account/sessions/${other.key}`).expect(200);
    expect((await phone.get('/api/session').expect(200)).body.person).toBeNull();
    await desk.delete(`/api/account/sessions/${'0'.repeat(32)}`).expect(404);
  });

  test('a changed password ends every other session', async () => {
    const { email } = await addPerson();
    const [desk, phone] = [await service.client(), await service.client()];
    await desk.post('/api/session').send({ email, password }).expect(200);
    await phone.post('/api/session').send({ email, password }).expect(200);
    expect((await desk.post('/api/account/password').send({ current: 'wrong', next: 'four other random words' }).expect(422)).body.errors[0].field).toBe('current');
    await desk.post('/api/account/password').send({ current: password, next: 'four other random words' }).expect(200);
    expect((await phone.get('/api/session')).body.person).toBeNull();
    expect((await desk.get('/api/session')).body.person.email).toBe(email);
  });

  test('the session’s id changes at sign-in', async () => {
    const { email } = await addPerson();
    const client = await service.client();
    const first = (await client.post('/api/session').send({ email, password })).headers['set-cookie']![0];
    const second = (await client.post('/api/session').send({ email, password })).headers['set-cookie']![0];
    expect(first).not.toBe(second);
    expect(first).toMatch(/HttpOnly/);
    expect(first).toMatch(/SameSite=Lax/);
  });
});

describe('roles', () => {
  test('that approve wait for a second administrator, who is not the first', async () => {
    const { id } = await addPerson();
    const first = await service.client('admin@opcc.demo');
    const proposed = (await first.post(`/api/people/${id}/roles`).send({ role: 'council_finance', validFrom: '2026-01-01', reason: 'New in post' }).expect(200)).body;
    expect(proposed.state).toBe('proposed');
    expect((await first.post(`/api/role-grants/${proposed.id}/decision`).send({ approve: true, reason: 'Fine' }).expect(409)).body.code).toBe('role_grant_proposer_is_not_approver');
    const other = await addPerson('Office of the Police and Crime Commissioner for Cleveland');
    await service.database.db('role_grant').insert({ id: randomUUID(), person_id: other.id, role: 'administrator', valid_from: '2026-01-01' });
    await service.database.db('person').where({ id: other.id }).update({ demonstration: true });
    const second = await service.client();
    await second.post('/api/session').send({ email: other.email, password }).expect(200);
    expect((await second.post(`/api/role-grants/${proposed.id}/decision`).send({ approve: true, reason: 'Checked' }).expect(200)).body.state).toBe('approved');
  });

  test('are not given to oneself', async () => {
    const { db } = service.database;
    const administrator = await db('person').where({ email: 'admin@opcc.demo' }).first();
    const client = await service.client('admin@opcc.demo');
    expect((await client.post(`/api/people/${administrator.id}/roles`).send({ role: 'analyst', validFrom: '2026-01-01', reason: 'x' }).expect(409)).body.code).toBe('role_grant_not_to_oneself');
  });

  test('can be lent to a colleague between two dates, and to nobody else', async () => {
    const colleague = await addPerson('Hartlepool');
    const stranger = await addPerson('Middlesbrough');
    const lead = await service.client('lead@hartlepool.demo');
    const lend = { role: 'council_lead', validFrom: '2026-03-01', validTo: '2026-03-15', reason: 'On leave' };
    const grant = (await lead.post('/api/account/delegations').send({ ...lend, toEmail: colleague.email }).expect(200)).body;
    expect(grant).toMatchObject({ state: 'approved', validTo: '2026-03-15', delegatedFrom: 'Council lead, Hartlepool' });
    expect((await lead.post('/api/account/delegations').send({ ...lend, toEmail: stranger.email }).expect(422)).body.errors[0].field).toBe('toEmail');
    expect((await lead.post('/api/account/delegations').send({ ...lend, role: 'analyst', toEmail: colleague.email }).expect(422)).body.errors[0].field).toBe('role');
  });
});

test('disabling somebody ends their sessions within one request', async () => {
  const { id, email } = await addPerson();
  const client = await service.client();
  await client.post('/api/session').send({ email, password }).expect(200);
  await client.get('/api/account/sessions').expect(200);
  await (await service.client('admin@opcc.demo')).post(`/api/people/${id}/disable`).send({ reason: 'Left' }).expect(200);
  await client.get('/api/account/sessions').expect(401);
  await client.post('/api/session').send({ email, password }).expect(401);
});
