/** A month's return goes out by two people, in its order, and what went out stays. */
import fc from 'fast-check';
import type { Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertStep } from '../../server/returns/signOffQueries.ts';
import { returnSteps } from '../../server/returns/contract.ts';
import type { Consolidation } from '../../server/returns/collectContract.ts';
import { explainAll } from '../support/collecting.ts';
import type { Role } from '../../server/permissions.ts';
import { startDemonstrationService } from '../support/demonstration.ts';
import type { TestService } from '../support/database.ts';
import type { Client } from '../support/walk.ts';

const month = '2023-10';
let service: TestService;
let manager: Client;
let finance: Client;
beforeAll(async () => {
  service = await startDemonstrationService();
  [manager, finance] = [await service.client('manager@opcc.demo'), await service.client('finance@opcc.demo')];
});
afterAll(() => service.close());

const step = (client: Client, path: 'sign-off' | 'certification' | 'answer', body: Record<string, unknown>) => client.post(`/api/returns/${month}/${path}`).send(body);

describe('a return', () => {
  test('is asked for, certified by another person and accepted; each step is in the trail', async () => {
    const { version } = (await manager.post(`/api/returns/${month}/versions`).send({}).expect(200)).body;
    expect((await manager.get(`/api/returns/${month}`).expect(200)).body).toMatchObject({ state: 'in progress', steps: [] });
    expect((await step(manager, 'sign-off', { version: version + 1, step: 'signOffAsked' }).expect(409)).body.code).toBe('return_step_of_version');
    expect((await step(finance, 'certification', { version, step: 'certified' }).expect(409)).body.code).toBe('return_step_in_order');
    expect((await step(manager, 'sign-off', { version, step: 'signOffAsked' }).expect(200)).body.state).toBe('awaiting sign-off');
    expect((await step(manager, 'sign-off', { version, step: 'signOffAsked' }).expect(409)).body.code).toBe('return_step_in_order');
    const own = (await step(manager, 'certification', { version, step: 'certified' }).expect(409)).body;
    expect(own).toMatchObject({ code: 'return_preparer_is_not_certifier', detail: 'Who prepared this return cannot certify it: neither who asked for the sign-off nor who kept the version. Ask a colleague.' });
    expect((await step(finance, 'certification', { version, step: 'sentBack' }).expect(422)).body.errors).toEqual([{ field: 'reason', message: 'Say why.' }]);
    expect((await step(finance, 'certification', { version, step: 'sentBack', reason: 'Stockton is not in' }).expect(200)).body.state).toBe('in progress');
    await step(manager, 'sign-off', { version, step: 'signOffAsked' }).expect(200);
    const open = ((await manager.get(`/api/collecting/${month}/consolidation`).expect(200)).body as Consolidation).flags.filter((flag) => flag.open);
    const refused = (await step(finance, 'certification', { version, step: 'certified' }).expect(409)).body;
    expect(refused.code).toBe('conflicts_unexplained');
    expect(open.filter(({ council, figure, kind }) => !refused.detail.includes(`${council}, ${figure} (${kind})`))).toEqual([]);
    expect(await explainAll(manager, month)).toBe(open.length);
    expect(open.length).toBeGreaterThan(0);
    expect((await step(finance, 'certification', { version, step: 'certified' }).expect(200)).body.state).toBe('submitted');
    expect((await step(manager, 'sign-off', { version, step: 'signOffAsked' }).expect(409)).body.code).toBe('return_step_version_is_new');
    const answered = (await step(manager, 'answer', { version, step: 'changesRequested', reason: 'Totals by council', sections: ['Person-hours'] }).expect(200)).body;
    expect(answered).toMatchObject({ state: 'changes requested' });
    expect(answered.steps.map((one: { step: string; person: string }) => [one.step, one.person])).toEqual([
      ['signOffAsked', 'Grant manager, OPCC'], ['sentBack', 'Finance approver, OPCC'], ['signOffAsked', 'Grant manager, OPCC'], ['certified', 'Finance approver, OPCC'], ['changesRequested', 'Grant manager, OPCC']]);
    const { rows } = await service.database.db.raw(`select action from audit_event where subject_kind = 'monitoring_return' and action like 'return%' and action not in ('returnVersionKept', 'returnConflictExplained') order by id`);
    expect(rows.map((row: { action: string }) => row.action)).toEqual(['returnSignOffAsked', 'returnSentBack', 'returnSignOffAsked', 'returnCertified', 'returnChangesRequested']);
  });

  test('keeps who certified it and the mark of every ledger when it went out', async () => {
    const { db } = service.database;
    const certified = await db('return_step').where({ step: 'certified' }).first();
    expect(certified.prepared_by).not.toBe(certified.taken_by);
    expect(certified.ledger_marks).toEqual(Object.fromEntries((await db('ledger').select('agreement_id', 'journals')).map((row) => [row.agreement_id, row.journals])));
    await expect(db('return_step').update({ taken_by: null })).rejects.toMatchObject({ constraint: 'return_step_append_only' });
  });

  test('shows a council where it stands, not who did what', async () => {
    const { body } = await (await service.client('lead@hartlepool.demo')).get(`/api/returns/${month}`).expect(200);
    expect(body).toMatchObject({ state: 'changes requested', steps: [] });
  });
});

const command = fc.record({
  by: fc.nat(2), step: fc.constantFrom(...returnSteps), version: fc.integer({ min: 1, max: 2 }), as: fc.nat(2),
});

test('in any order, by anybody, under any name, nobody certifies what they prepared', async () => {
  const { db } = service.database;
  const people: string[] = await db('person').whereIn('email', ['manager@opcc.demo', 'finance@opcc.demo', 'analyst@opcc.demo']).orderBy('email').pluck('id');
  const [{ id: figures }] = await db('monitoring_return').where({ month: `${month}-01` }).select('id');
  let certified = 0;
  await fc.assert(fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 14 }), async (commands) => {
    await rolledBack(db, async (trx) => {
      const returnId = '00000000-0000-4000-8000-0000000000aa';
      await trx.raw(`insert into monitoring_return (id, definition_code, month) values (:returnId, 'home_office_monthly', '2029-01-01')`, { returnId });
      for (const [index, maker] of [people[0], people[1]].entries()) {
        await trx.raw(`insert into return_version (return_id, version, definition_version, figures, sha256, made_by) select :returnId, :version, definition_version, figures, sha256, :maker from return_version where return_id = :figures limit 1`,
          { returnId, version: index + 1, maker: maker ?? null, figures });
      }
      for (const each of commands) await tryStep(trx, { ...each, returnId, people });
      const { rows } = await trx.raw(`select count(*) filter (where s.taken_by = v.made_by or s.taken_by = s.prepared_by)::int as own, count(*)::int as all from return_step s join return_version v using (return_id, version) where s.step = 'certified' and s.return_id = :returnId`, { returnId });
      expect(rows[0].own).toBe(0);
      certified += rows[0].all;
    });
  }), { numRuns: 500 });
  // The property says something only where returns were certified.
  expect(certified).toBeGreaterThan(20);
});

const roles: readonly Role[] = ['grant_manager', 'finance_approver'];

/** Takes a step as one person, under another's name perhaps; what the database refuses changes nothing. */
async function tryStep(trx: Knex.Transaction, given: { by: number; as: number; step: (typeof returnSteps)[number]; version: number; returnId: string; people: readonly string[] }): Promise<void> {
  await trx.transaction(async (inner) => {
    await inner.raw(`set local role hotspots_app`);
    await inner.raw(`select set_config('app.person', :person, true), set_config('app.roles', :roles, true), set_config('app.councils', '*', true)`, { person: given.people[given.by] ?? '', roles: roles.join(',') });
    await insertStep(inner, { returnId: given.returnId, step: given.step, version: given.version, takenBy: given.people[given.as] ?? '', takenAt: new Date('2023-11-01T09:00:00Z'), reason: 'x', sections: [] });
    await inner.raw('reset role');
  }).catch((error: { constraint?: string }) => {
    if (!error.constraint?.startsWith('return_')) throw error;
  });
  await trx.raw('reset role');
}

async function rolledBack(db: Knex, work: (trx: Knex.Transaction) => Promise<void>): Promise<void> {
  const done = new Error('done');
  await db.transaction(async (trx) => {
    await work(trx);
    throw done;
  }).catch((error: unknown) => {
    if (error !== done) throw error;
  });
}
