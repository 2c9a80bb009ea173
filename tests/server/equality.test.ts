/** The equality record: actions with owner, day and evidence, every step kept; training counted by warden's reference. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inScope } from '../../server/database.ts';
import { startTestService, type TestService } from '../support/database.ts';
import type { Client } from '../support/walk.ts';

let service: TestService;
let manager: Client;
let lead: Client;
const wardens: Record<string, string> = {};
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-02-10T12:00:00Z') });
  [manager, lead] = [await service.client('manager@opcc.demo'), await service.client('lead@hartlepool.demo')];
  for (const [reference, council, from, to] of [['H1', 'E06000001', '2023-07-01', null], ['H2', 'E06000001', '2023-10-01', null], ['H3', 'E06000001', '2023-07-01', '2024-01-01'], ['S1', 'E06000004', '2023-07-01', null]] as const) {
    wardens[reference] = randomUUID();
    await service.database.db('warden').insert({ id: wardens[reference], council_code: council, reference, staff_category: 'warden', employed_from: from, employed_to: to, contract_minutes_per_week: 2220 });
  }
});
afterAll(() => service.close());

const id = randomUUID();
const action = { actionId: id, title: 'Briefing pack: engaging with young people', basis: 'Equality impact assessment, action 2', characteristic: 'age', owner: 'Councils’ patrol leads', dueOn: '2024-01-31' };
const move = (body: object) => manager.post(`/api/equality/actions/${id}/steps`).send({ stepId: randomUUID(), owner: action.owner, dueOn: action.dueOn, ...body });

describe('an action', () => {
  test('has an owning role, a day and a state, and is overdue once its day is past', async () => {
    expect((await manager.post('/api/equality/actions').send(action).expect(200)).body).toMatchObject({ state: 'open', owner: 'Councils’ patrol leads', dueOn: '2024-01-31', overdue: true, steps: [{ state: 'open', by: 'Grant manager, OPCC' }] });
    expect((await move({ state: 'in progress', dueOn: '2024-03-31' }).expect(200)).body).toMatchObject({ state: 'in progress', overdue: false });
    const early = await manager.post('/api/equality/actions').send({ ...action, actionId: randomUUID(), owner: 'Mrs Example' }).expect(422);
    expect(early.body.errors[0]).toMatchObject({ field: 'owner', message: expect.stringContaining('a name with a title') });
  });

  test('is done only with what shows it, and dropped only with the reason; every step stays, with its event', async () => {
    expect((await move({ state: 'done' }).expect(422)).body.errors).toEqual([{ field: 'evidence', message: 'Say what shows that it is done: being written in an agreement is not.' }]);
    expect((await move({ state: 'not needed' }).expect(422)).body.errors[0].field).toBe('reason');
    const { body } = await move({ state: 'done', evidence: 'Briefing pack, version 1, read by all' }).expect(200);
    expect([body.state, body.evidence, body.steps.map(({ state }: { state: string }) => state)]).toEqual(['done', 'Briefing pack, version 1, read by all', ['open', 'in progress', 'done']]);
    const { db } = service.database;
    expect(await db('audit_event').where({ subject_kind: 'equality action', subject_id: id }).orderBy('id').pluck('action')).toEqual(['equalityActionAdded', 'equalityActionMoved', 'equalityActionMoved']);
    for (const statement of ['delete from equality_action', `update equality_step set state = 'open'`, 'truncate warden_training']) await expect(db.raw(statement)).rejects.toMatchObject({ code: '23001' });
    await expect(db('equality_step').insert({ id: randomUUID(), action_id: id, state: 'done', owner: 'x', due_on: '2024-01-31' })).rejects.toMatchObject({ constraint: 'equality_step_done_has_evidence' });
  });

  test('is kept by the office and read by councils', async () => {
    expect((await lead.get('/api/equality').expect(200)).body.actions).toHaveLength(1);
    await lead.post(`/api/equality/actions/${id}/steps`).send({ stepId: randomUUID(), state: 'open', owner: 'x', dueOn: '2024-01-31' }).expect(403);
    const council = { personId: null, roles: ['council_lead'], councils: ['E06000001'] };
    await expect(inScope(service.database.db, council, (trx) => trx('equality_action').insert({ id: randomUUID(), title: 'x', basis: 'x', characteristic: 'age' }))).rejects.toMatchObject({ code: '42501' });
  });
});

describe('training', () => {
  const train = (warden: string, topic: string, trainedOn: string | null, client = lead) => client.post('/api/equality/training').send({ trainingId: randomUUID(), wardenId: wardens[warden], topic, trainedOn });
  const counts = async (client: Client, on = ''): Promise<unknown[]> => (await client.get(`/api/equality${on}`).expect(200)).body.training.filter(({ topic, council }: { topic: string; council: string }) => topic === 'hate_crime' && council === 'Hartlepool').map(({ wardens: of, trained, first, last }: Record<string, unknown>) => [trained, of, first, last]);

  test('is counted by council and topic among the wardens employed on a day', async () => {
    for (const [warden, on] of [['H1', '2023-08-01'], ['H2', '2023-11-01'], ['H3', '2023-09-01']] as const) await train(warden, 'hate_crime', on).expect(200);
    expect(await counts(manager)).toEqual([[2, 2, '2023-08-01', '2023-11-01']]);
    expect(await counts(manager, '?on=2023-10-15')).toEqual([[2, 3, '2023-08-01', '2023-09-01']]);
    // Without a day the one before was a mistake.
    await train('H2', 'hate_crime', null).expect(200);
    expect(await counts(lead)).toEqual([[1, 2, '2023-08-01', '2023-08-01']]);
  });

  test('of single wardens is their council’s, by reference; the office reads how many', async () => {
    const own = (await lead.get('/api/equality').expect(200)).body;
    expect(own.wardens).toEqual([{ id: wardens['H1'], reference: 'H1', trained: { hate_crime: '2023-08-01' } }, { id: wardens['H2'], reference: 'H2', trained: {} }]);
    expect(new Set(own.training.map(({ council }: { council: string }) => council))).toEqual(new Set(['Hartlepool']));
    expect((await manager.get('/api/equality').expect(200)).body.wardens).toEqual([]);
    await train('S1', 'hate_crime', '2023-08-01').expect(404);
    expect((await train('H1', 'hate_crime', '2024-03-01').expect(422)).body.errors[0].message).toBe('This day is to come. Record training once it was given.');
    expect((await train('H1', 'juggling', '2023-08-01')).status).toBe(409);
    const other = { personId: null, roles: ['council_lead'], councils: ['E06000004'] };
    expect(await inScope(service.database.db, other, (trx) => trx('warden_training'))).toEqual([]);
  });
});
