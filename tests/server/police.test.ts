/** An agreement with the police force, for patrols with its support: fenced like a council's, and no council anywhere else. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';
import { addAgreement, addFund } from '../support/patrols.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

test('is entered without money yet, seen by the force and by no council', async () => {
  const fundId = await addFund(service.database.db);
  const council = await addAgreement(service.database.db, fundId);
  const manager = await service.client('manager@opcc.demo');
  expect((await manager.get('/api/agreement-bodies').expect(200)).body.bodies).toContainEqual({ code: 'E23000013', name: 'Cleveland Police' });
  const terms = { fundId, councilCode: 'E23000013', reference: 'POLICE-1', ceilingPence: 0, startsOn: '2023-07-03', endsOn: '2024-03-31', state: 'signed', productiveRatio: 1 };
  expect((await manager.post('/api/agreements').send({ ...terms, state: 'live' }).expect(409)).body.code).toBe('agreement_ceiling_positive');
  const { body: own } = await manager.post('/api/agreements').send(terms).expect(200);
  expect(own).toMatchObject({ council: 'Cleveland Police', ceilingPence: 0 });
  const force = await service.client('finance@police.demo');
  expect((await force.get('/api/agreements').expect(200)).body.agreements.map(({ id }: { id: string }) => id)).toEqual([own.id]);
  await force.get(`/api/agreements/${council}`).expect(404);
  expect((await force.get('/api/agreement-bodies').expect(200)).body.bodies).toHaveLength(1);
  const lead = await service.client('lead@hartlepool.demo');
  expect((await lead.get('/api/agreements').expect(200)).body.agreements.map(({ id }: { id: string }) => id)).toEqual([council]);
  await lead.get(`/api/agreements/${own.id}`).expect(404);
});

test('the force is no council: no patrols start there and a file cannot be limited to it', async () => {
  const manager = await service.client('manager@opcc.demo');
  expect(JSON.stringify((await manager.get('/api/patrol-starts').expect(200)).body)).not.toContain('E23000013');
  const { body } = await manager.post('/api/imports').query({ fileName: 'a.csv', council: 'E23000013' }).set('Content-Type', 'application/octet-stream').send(Buffer.from('a,b\n1,2\n'));
  expect(body.errors?.[0]?.message).toContain('knows no council "E23000013"');
  await expect(service.database.db('organisation').insert({ id: '00000000-0000-4000-8000-0000000000aa', name: 'Another force', kind: 'police' })).rejects.toMatchObject({ constraint: 'organisation_body_has_code' });
});
