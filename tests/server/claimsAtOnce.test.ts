/** Claims sent to two processes of the service at once, and to one that is killed on the way: PostgreSQL decides, once. */
import { randomUUID } from 'node:crypto';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepLine, prepare } from '../../server/claims/claimWork.ts';
import { findClaim } from '../../server/claims/queries.ts';
import { inScope } from '../../server/database.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { addLedger, balancesOf, faultsIn, type OpenLedger } from '../support/ledger.ts';
import { hartlepool } from '../support/patrols.ts';
import { cookieOf, type RunningProcess, startProcess } from '../support/processes.ts';

describe.runIf(process.env['DATABASE_URL'])('two processes on one PostgreSQL', () => {
  let database: TestDatabase;
  let processes: RunningProcess[];
  let cookie: string;
  beforeAll(async () => {
    database = await openTestDatabase();
    processes = await Promise.all([startProcess(database), startProcess(database)]);
    cookie = await cookieOf(processes[0]!, 'finance@hartlepool.demo');
  }, 60_000);
  afterAll(async () => {
    for (const each of processes) await each.kill();
    await database.close();
  });

  /** Drafts of one line of £3,000 unless told, by Hartlepool's lead. */
  async function drafts(many: number, { agreement, periods }: OpenLedger, pence = 300_000): Promise<string[]> {
    const { id: personId } = await database.db('person').where({ email: 'lead@hartlepool.demo' }).first();
    return inScope(database.db, { personId, roles: ['council_lead'], councils: [hartlepool] }, async (db) => {
      const context = { db, actor: { personId, role: 'council_lead' }, now: new Date('2023-10-02') };
      const ids = Array.from({ length: many }, () => randomUUID());
      for (const claimId of ids) {
        await prepare(context, agreement, { claimId, periodId: periods[0]?.id ?? '' });
        const claim = (await findClaim(db, [hartlepool], claimId))!;
        await keepLine(context, { agreement, claim }, { lineId: randomUUID(), head: '', what: 'Pay', amount: { grossPence: pence, recoverableVatPence: 0 } });
      }
      return ids;
    });
  }
  const submit = (nth: number, id: string, idempotencyKey: string = randomUUID()): supertest.Test =>
    supertest(processes[nth % 2]!.address).post(`/api/claims/${id}/submission`).set('Cookie', cookie).send({ idempotencyKey, declared: true, lateReason: 'Payroll closed late' });
  const journalsOf = (id: string): Promise<unknown[]> => database.db('claim_journal').where({ claim_id: id });
  const stateOf = async (id: string): Promise<string> => (await database.db('claim').where({ id }).first()).state as string;

  test('sixty claims of £3,000 against £99,999: exactly 33 are accepted, 27 refused in words, and the balance is what its entries add up to', async () => {
    const own = await addLedger(database.db, { ceilingPence: 9_999_900 });
    const ids = await drafts(60, own);
    const answers = await Promise.all(ids.map((id, nth) => submit(nth, id)));
    expect(answers.filter(({ status }) => status === 200).map(({ body }) => body.state)).toEqual(Array.from({ length: 33 }, () => 'submitted'));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.map(({ status, body }) => [status, body.code, body.detail])).toEqual(Array.from({ length: 27 }, () =>
      [409, 'ledger_account_available_within_head', 'This would pass the budget of the head and its tolerance. Lower the amount, or move money to the head by a virement first.']));
    expect(await balancesOf(database.db, own.agreement.id)).toEqual({ award: -9_999_900, available: 99_900, pending: 9_900_000 });
    expect(await faultsIn(database.db)).toEqual([]);
    const states = await database.db('claim').where({ agreement_id: own.agreement.id }).select('state').count('* as n').groupBy('state').orderBy('state');
    expect(states).toEqual([{ state: 'draft', n: 27 }, { state: 'submitted', n: 33 }]);
  }, 120_000);

  test('one key sent twenty times to the two is one journal', async () => {
    const own = await addLedger(database.db, { ceilingPence: 9_999_900 });
    const [id = ''] = await drafts(1, own);
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, nth) => submit(nth, id, key)));
    expect(answers.map(({ status, body }) => [status, body.state])).toEqual(Array.from({ length: 20 }, () => [200, 'submitted']));
    expect(await journalsOf(id)).toHaveLength(1);
    expect(await database.db('journal').where({ agreement_id: own.agreement.id, kind: 'claim' })).toHaveLength(1);
    expect(await database.db('audit_event').where({ subject_id: id, action: 'claimSubmitted' })).toHaveLength(1);
  }, 60_000);

  test('a draft submitted to both under different keys is submitted once', async () => {
    const [id = ''] = await drafts(1, await addLedger(database.db));
    const answers = await Promise.all([submit(0, id), submit(1, id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.detail).toContain('This claim is submitted, so it cannot be submitted.');
    expect(await journalsOf(id)).toHaveLength(1);
  }, 60_000);

  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  const waiting = async (): Promise<boolean> =>
    (await database.db.raw(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).rows.length > 0;
  /** Everything the killed process had begun has ended at the server. */
  const settled = (): Promise<void> => until(async () => (await database.db.raw(`select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state in ('active', 'idle in transaction')`)).rows.length === 0);

  test('a process killed between submit and answer leaves the draft or the whole claim, and the same key brings it to its end', async () => {
    const own = await addLedger(database.db);
    const [held = '', seen = '', ...rushed] = await drafts(6, own, 1000);
    const keys = new Map([held, seen, ...rushed].map((id) => [id, randomUUID()]));
    const send = (id: string): Promise<unknown> => submit(0, id, keys.get(id)).then(() => 'answered', () => 'cut off');

    // Killed while it waits for the ledger: nothing of the claim is there.
    const ledger = await database.db.transaction();
    await ledger.raw('select from ledger where agreement_id = ? for update', [own.agreement.id]);
    const answer = send(held);
    await until(waiting);
    await processes[0]!.kill();
    expect(await answer).toBe('cut off');
    await ledger.rollback();
    await settled();
    expect([await stateOf(held), await journalsOf(held)]).toEqual(['draft', []]);
    expect(await balancesOf(database.db, own.agreement.id)).not.toHaveProperty('pending');

    // Killed as soon as the claim is to be seen: all of it is there.
    processes[0] = await startProcess(database);
    const second = send(seen);
    await until(async () => (await stateOf(seen)) === 'submitted');
    await processes[0].kill();
    await second;
    expect(await journalsOf(seen)).toHaveLength(1);

    // Killed somewhere on the way.
    processes[0] = await startProcess(database);
    const sent = rushed.map(send);
    await new Promise((resolve) => setTimeout(resolve, 40));
    await processes[0].kill();
    await Promise.all(sent);
    await settled();
    for (const id of rushed) expect([await stateOf(id), (await journalsOf(id)).length]).toEqual((await stateOf(id)) === 'draft' ? ['draft', 0] : ['submitted', 1]);
    expect(await faultsIn(database.db)).toEqual([]);

    for (const id of keys.keys()) expect((await submit(1, id, keys.get(id))).body.state).toBe('submitted');
    for (const id of keys.keys()) expect(await journalsOf(id)).toHaveLength(1);
    expect(await balancesOf(database.db, own.agreement.id)).toMatchObject({ pending: 6000 });
    expect(await faultsIn(database.db)).toEqual([]);
  }, 120_000);
});
