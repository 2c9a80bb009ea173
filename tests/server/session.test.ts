import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

test('a demonstration user signs in, is known, and signs out', async () => {
  const client = await service.client('lead@hartlepool.demo');
  const { body } = await client.get('/api/session').expect(200);
  expect(body.person).toMatchObject({ email: 'lead@hartlepool.demo', councilCode: 'E06000001', roles: ['council_lead'] });
  expect(body.demonstration).toBe(true);
  await client.delete('/api/session').expect(200);
  expect((await client.get('/api/session').expect(200)).body.person).toBeNull();
});

test('a wrong password and an unknown address get the same answer', async () => {
  const client = await service.client();
  const wrong = await client.post('/api/session').send({ email: 'manager@opcc.demo', password: 'wrong' }).expect(401);
  const unknown = await client.post('/api/session').send({ email: 'nobody@opcc.demo', password: 'wrong' }).expect(401);
  expect({ ...wrong.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
  expect(wrong.type).toBe('application/problem+json');
  expect(wrong.body.code).toBe('wrong_sign_in');
});

test('a missing field is named', async () => {
  const client = await service.client();
  const { body } = await client.post('/api/session').send({ email: '', password: '' }).expect(422);
  expect(body.errors).toEqual([
    { field: 'email', message: 'Enter your e-mail address.' },
    { field: 'password', message: 'Enter your password.' },
  ]);
});

test('a change asked for by another site is refused', async () => {
  const client = await service.client('manager@opcc.demo');
  const { body } = await client.delete('/api/session').set('Origin', 'https://elsewhere.example').expect(403);
  expect(body.code).toBe('foreign_origin');
});

test('sign-in writes an audit event, and the trail cannot be changed', async () => {
  await service.client('auditor@opcc.demo');
  const { db } = service.database;
  const event = await db('audit_event').where({ action: 'signedIn' }).orderBy('id', 'desc').first();
  expect(event).toMatchObject({ subject_kind: 'person', role: 'public' });
  await expect(db('audit_event').delete()).rejects.toMatchObject({ constraint: 'audit_event_append_only' });
  await expect(db.raw('truncate audit_event')).rejects.toMatchObject({ constraint: 'audit_event_append_only' });
});

test('a job runs in a worker thread and leaves its result', async () => {
  const { db } = service.database;
  const id = await db.transaction((trx) => service.jobs.enqueue(trx, 'rehearse', {}, { personId: null, role: 'test' }));
  service.jobs.wake();
  await expect.poll(async () => (await db('job').where({ id }).first()).state, { timeout: 30_000, interval: 200 }).toBe('done');
  expect((await db('job').where({ id }).first()).result).toEqual({ rehearsed: true });
});
