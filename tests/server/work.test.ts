import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

describe('long work', () => {
  test('is listed with its state and result, to those who may see it', async () => {
    const { db } = service.database;
    const id = await db.transaction((trx) => service.jobs.enqueue(trx, 'rehearse', {}, { personId: null, role: 'test' }));
    service.jobs.wake();
    const analyst = await service.client('analyst@opcc.demo');
    await expect.poll(async () => (await analyst.get(`/api/jobs/${id}`)).body.state, { timeout: 30_000, interval: 100 }).toBe('done');
    const { body } = await analyst.get('/api/jobs').expect(200);
    expect(body.jobs[0]).toMatchObject({ id, kind: 'rehearse', progress: 1, result: { rehearsed: true }, problem: null });
    const warden = await service.client('warden@hartlepool.demo');
    expect((await warden.get('/api/jobs').expect(403)).body.code).toBe('not_allowed');
  });

  test('of no council is not a council lead’s to see', async () => {
    const { db } = service.database;
    const id = await db.transaction((trx) => service.jobs.enqueue(trx, 'rehearse', {}, { personId: null, role: 'test' }, 'E06000002'));
    const lead = await service.client('lead@hartlepool.demo');
    await lead.get(`/api/jobs/${id}`).expect(404);
    await (await service.client('lead@middlesbrough.demo')).get(`/api/jobs/${id}`).expect(200);
  });

  test('that was running when its service died fails in words', async () => {
    const { db } = service.database;
    const [row] = await db('job').insert({ id: db.raw('gen_random_uuid()'), kind: 'rehearse', input: '{}', state: 'running', heartbeat_at: db.raw(`now() - interval '1 hour'`) }).returning('id');
    service.jobs.wake();
    await expect.poll(async () => (await db('job').where({ id: row.id }).first()).state, { timeout: 30_000, interval: 100 }).toBe('failed');
    expect((await db('job').where({ id: row.id }).first()).problem.code).toBe('interrupted');
  });
});

describe('settings', () => {
  test('change from a date on, with the old value kept for its dates and an audit event', async () => {
    const { db } = service.database;
    await db('setting').insert({ name: 'test_threshold', value: '10', unit: 'incidents', describes: 'A threshold', source: 'this test', valid_from: '2023-01-01' });
    const manager = await service.client('manager@opcc.demo');
    await manager.post('/api/settings/test_threshold').send({ value: 12, validFrom: '2024-01-01', reason: 'The panel asked' }).expect(200);
    const { body } = await manager.get('/api/settings').expect(200);
    expect(body.settings.filter((row: { name: string }) => row.name === 'test_threshold')).toMatchObject([
      { value: 10, validFrom: '2023-01-01', validTo: '2024-01-01' },
      { value: 12, validFrom: '2024-01-01', validTo: null, source: 'The panel asked' },
    ]);
    expect(await db('audit_event').where({ action: 'settingChanged' }).first()).toMatchObject({ reason: 'The panel asked' });
  });

  test('of another type, without a reason, or by somebody else are refused', async () => {
    const manager = await service.client('manager@opcc.demo');
    expect((await manager.post('/api/settings/test_threshold').send({ value: 'ten', validFrom: '2024-02-01', reason: 'x' }).expect(422)).body.errors[0].field).toBe('value');
    expect((await manager.post('/api/settings/test_threshold').send({ value: 9, validFrom: '2024-02-01', reason: ' ' }).expect(422)).body.errors[0].message).toBe('Say why.');
    await manager.post('/api/settings/none').send({ value: 9, validFrom: '2024-02-01', reason: 'x' }).expect(404);
    await (await service.client('analyst@opcc.demo')).post('/api/settings/test_threshold').send({ value: 9, validFrom: '2024-02-01', reason: 'x' }).expect(403);
  });
});

test('OpenAPI names for every endpoint who may call it', async () => {
  const { body } = await (await service.client()).get('/api/openapi.json').expect(200);
  const operations = Object.values(body.paths as Record<string, Record<string, { description: string }>>).flatMap((path) => Object.values(path));
  expect(operations.length).toBe(service.endpoints.length);
  for (const operation of operations) expect(operation.description).toMatch(/^May be called by: .+\./);
});
