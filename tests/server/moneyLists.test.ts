/** Budget heads, costs never claimed and retention rules: rows with dates that a grant manager changes and nobody removes. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

test('a cost is added once, ended with a reason, and never removed', async () => {
  const manager = await service.client('manager@opcc.demo');
  const cost = { costId: randomUUID(), what: 'Parking fines of patrol vehicles', source: 'Agreement, schedule 2', validFrom: '2024-04-01' };
  for (let nth = 0; nth < 2; nth++) await manager.post('/api/ineligible-costs').send(cost).expect(200);
  const { costs } = (await manager.get('/api/ineligible-costs').expect(200)).body;
  expect(costs.filter((one: { what: string }) => one.what === cost.what)).toEqual([{ code: cost.costId, what: cost.what, source: cost.source, validFrom: '2024-04-01', validTo: null }]);
  expect((await manager.post(`/api/ineligible-costs/${cost.costId}/end`).send({ validTo: '2024-03-01', reason: 'Wrong' }).expect(409)).body.code).toBe('ineligible_cost_dates_in_order');
  await manager.post(`/api/ineligible-costs/${cost.costId}/end`).send({ validTo: '2025-04-01', reason: 'Paid by the council now' }).expect(200);
  await manager.post('/api/ineligible-costs/nothing/end').send({ validTo: '2025-04-01', reason: 'x' }).expect(404);
  await expect(service.database.db('ineligible_cost').where({ code: cost.costId }).delete()).rejects.toMatchObject({ constraint: 'ineligible_cost_append_only' });
  const actions = await service.database.db('audit_event').where({ subject_id: cost.costId }).orderBy('id').select('action', 'reason');
  expect(actions).toEqual([{ action: 'ineligibleCostAdded', reason: null }, { action: 'ineligibleCostEnded', reason: 'Paid by the council now' }]);
});

test('a retention rule changes from a day on; the one before keeps its days', async () => {
  const manager = await service.client('manager@opcc.demo');
  const change = { base: 'day it was recorded', length: 14, unit: 'days', source: 'Office policy of 2025', validFrom: '2025-01-01', reason: 'Asked by the data protection officer' };
  const { rules } = (await manager.post('/api/retention-rules/positions').send(change).expect(200)).body;
  expect(rules.filter((one: { kind: string }) => one.kind === 'positions').map((one: { keepDays: number; validFrom: string; validTo: string | null }) => [one.keepDays, one.validFrom, one.validTo])).toEqual([[30, '2020-01-01', '2025-01-01'], [14, '2025-01-01', null]]);
  expect((await manager.post('/api/retention-rules/positions').send(change).expect(422)).body.errors[0]).toEqual({ field: 'validFrom', message: 'The rule in force began on 2025-01-01. Give a later day.' });
  await manager.post('/api/retention-rules/nothing').send(change).expect(404);
  await (await service.client('lead@hartlepool.demo')).post('/api/retention-rules/positions').send(change).expect(403);
  await expect(service.database.db('retention_rule').delete()).rejects.toMatchObject({ constraint: 'retention_rule_append_only' });
});
