/** Random reallocations over several agreements: what is agreed under the fund never changes, every ledger holds, and every version adds up. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inScope } from '../../server/database.ts';
import { AppError, constraintError } from '../../server/errors.ts';
import { claimLegs } from '../../server/ledger/ledger.ts';
import { type LedgerContext, post } from '../../server/ledger/ledgerWork.ts';
import { countFaults } from '../../server/ledger/reportQueries.ts';
import { insertReallocation, type LineToEnter, updateAnswer, updateApproval } from '../../server/reallocations/queries.ts';
import { effect } from '../../server/reallocations/reallocationWork.ts';
import { latestVersion } from '../../server/terms/versionQueries.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { faultsIn } from '../support/ledger.ts';
import { addPilot, councils, decision, type Pilot, police } from '../support/reallocations.ts';

let database: TestDatabase;
let pilot: Pilot;
let people: Record<string, string>;
beforeAll(async () => {
  database = await openTestDatabase();
  pilot = await addPilot(database.db);
  people = Object.fromEntries((await database.db('person').select('email', 'id')).map(({ email, id }: { email: string; id: string }) => [email, id]));
});
afterAll(() => database.close());

const now = new Date('2023-11-20T10:00:00Z');
const bodies = [...councils.map(({ code, email }) => ({ code: code as string, email: email as string })), police];
const who = (email: string): string => people[email] ?? '';
const as = (trx: Knex.Transaction, email: string): Promise<unknown> => trx.raw(`select set_config('app.person', :person, true)`, { person: who(email) });

/** From the proposal to the effect in the caller's transaction, each step as whoever takes it. */
async function carryOut(trx: Knex.Transaction, lines: readonly LineToEnter[], id = randomUUID()): Promise<string> {
  const kind = new Set(lines.map(({ agreementId }) => agreementId)).size === 1 ? ('virement' as const) : ('reallocation' as const);
  await as(trx, 'manager@opcc.demo');
  await insertReallocation(trx, { id, fundId: pilot.fundId, kind, effectiveFrom: '2023-11-20', reason: 'Recruiting was slow', proposedBy: who('manager@opcc.demo'), lines });
  await trx.raw('set constraints all immediate; set constraints all deferred');
  for (const { code, email } of bodies.filter((body) => lines.some(({ agreementId }) => agreementId === pilot.agreements[body.code]))) {
    await as(trx, email);
    await updateAnswer(trx, id, pilot.agreements[code] ?? '', { agreedBy: who(email) });
  }
  await as(trx, 'finance@opcc.demo');
  await updateApproval(trx, id, decision);
  await effect({ db: trx, actor: { personId: who('finance@opcc.demo'), role: 'finance_approver' } }, id, now);
  return id;
}

const office = { personId: null, roles: ['grant_manager'], councils: ['*'] };
const inOffice = <T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> => inScope(database.db, office, work);

const heads = ['Wardens', 'Equipment', 'Extra patrols', 'Vehicles'] as const;
const pence = fc.oneof(fc.integer({ min: 1, max: 3_000_000 }), fc.constantFrom(100_000, 1_000_000, 2_050_000, 6_150_000, 18_000_000));
const movement = fc.record({ from: fc.nat(4), to: fc.nat(4), head: fc.constantFrom(...heads), into: fc.constantFrom(...heads), pence });
const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('move' as const), movements: fc.array(movement, { minLength: 1, maxLength: 4 }), off: fc.constantFrom(0, 0, 0, 0, 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('claim' as const), at: fc.nat(4), head: fc.constantFrom(...heads), pence }) },
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

/** Movements as lines, those on one head added up. */
function linesOf(given: Extract<Command, { do: 'move' }>): LineToEnter[] {
  const sums = new Map<string, number>();
  const add = (body: number, head: string, amount: number): void => void sums.set(`${body} ${head}`, (sums.get(`${body} ${head}`) ?? 0) + amount);
  for (const { from, to, head, into, pence: amount } of given.movements) {
    add(from, head, -amount);
    add(to, into, amount + given.off);
  }
  return [...sums].filter(([, amount]) => amount !== 0).map(([key, amountPence]) => ({ agreementId: pilot.agreements[bodies[Number(key[0])]?.code ?? ''] ?? '', head: key.slice(2), amountPence }));
}

async function run(trx: Knex.Transaction, given: Command): Promise<void> {
  const lines = given.do === 'move' ? linesOf(given) : [];
  if (lines.length > 0) return void (await carryOut(trx, lines));
  if (given.do === 'move') return;
  const id = pilot.agreements[bodies[given.at]?.code ?? ''] ?? '';
  const context: LedgerContext = { db: trx, actor: { personId: who('manager@opcc.demo'), role: 'grant_manager' } };
  await post(context, { id, councilCode: bodies[given.at]?.code ?? '' }, { kind: 'claim', legs: claimLegs(given.pence, given.head), effectiveOn: given.at === 4 ? '2023-11-05' : '2023-08-15', reason: 'As agreed', key: randomUUID() });
}

/** True when it was refused in words, and then nothing of it is left. */
async function refused(trx: Knex.Transaction, given: Command): Promise<boolean> {
  try {
    await trx.transaction(async (inner) => {
      await run(inner, given);
      await inner.raw('set constraints all immediate; set constraints all deferred');
    });
    return false;
  } catch (error) {
    if (!(error instanceof AppError) && !constraintError(error)) throw error;
    return true;
  }
}

async function check(trx: Knex.Transaction): Promise<void> {
  expect((await trx('fund').where({ id: pilot.fundId }).first()).agreed_pence).toBe(100_000_000);
  expect((await countFaults(trx)).filter(({ found }) => found > 0)).toEqual([]);
  for (const { code } of bodies) {
    const id = pilot.agreements[code] ?? '';
    const agreement = await trx('agreement').where({ id }).first();
    const version = await latestVersion(trx, id);
    const total = (version?.heads ?? []).reduce((sum, { budgetPence }) => sum + budgetPence, 0);
    expect([version?.ceilingPence ?? 0, total]).toEqual([agreement.ceiling_pence, agreement.ceiling_pence]);
    const spent = (await trx('ledger_account').where({ agreement_id: id }).whereNotIn('kind', ['award', 'available']).sum({ pence: 'balance_pence' }).first())?.['pence'] ?? 0;
    expect(agreement.ceiling_pence).toBeGreaterThanOrEqual(Math.max(Number(spent), agreement.committed_pence as number));
  }
}

const stop = new Error('rolled back');

test('whatever is moved in whatever order', async () => {
  const seen = { moved: 0, claimed: 0, refused: 0 };
  await fc.assert(fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 6, size: 'max' }), async (commands) => {
    await expect(inOffice(async (trx) => {
      for (const each of commands) seen[(await refused(trx, each)) ? 'refused' : each.do === 'move' ? 'moved' : 'claimed'] += 1;
      await check(trx);
      throw stop;
    })).rejects.toBe(stop);
  }), { numRuns: database.kind === 'server' ? 80 : 20 });
  for (const many of Object.values(seen)) expect(many).toBeGreaterThan(3);
}, 300_000);

describe('at once', () => {
  const one = (code: string, head: string, amountPence: number): LineToEnter => ({ agreementId: pilot.agreements[code] ?? '', head, amountPence });

  test('reallocations in opposite orders, beside postings to the same ledgers: none waits for ever', async () => {
    const there = [one('E06000001', 'Wardens', -10_000), one('E06000004', 'Wardens', 10_000)];
    const back = there.map((line) => ({ ...line, amountPence: -line.amountPence })).toReversed();
    const answers = await Promise.allSettled([
      ...Array.from({ length: 10 }, (_, nth) => inOffice((trx) => carryOut(trx, nth % 2 ? there : back))),
      ...Array.from({ length: 10 }, (_, nth) => inOffice((trx) => run(trx, { do: 'claim', at: nth % 2 ? 0 : 3, head: 'Equipment', pence: 100 }))),
    ]);
    expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect((await database.db('agreement').where({ id: pilot.agreements['E06000001'] }).first()).ceiling_pence).toBe(20_500_000);
    expect(await faultsIn(database.db)).toEqual([]);
  }, 60_000);

  test('one brought into effect ten times at once is in effect once; one that dies half way is not at all', async () => {
    const id = randomUUID();
    const lines = [one('E06000002', 'Wardens', -10_000), one('E06000003', 'Wardens', 10_000)];
    await expect(inOffice(async (trx) => {
      await carryOut(trx, lines, id);
      throw stop;
    })).rejects.toBe(stop);
    expect(await database.db('agreement_version').where({ source_id: id })).toEqual([]);
    expect(await database.db('reallocation').where({ id })).toEqual([]);
    await inOffice((trx) => carryOut(trx, lines, id));
    const again = await Promise.all(Array.from({ length: 10 }, () => inOffice((trx) => effect({ db: trx, actor: { personId: who('finance@opcc.demo'), role: 'finance_approver' } }, id, now))));
    expect(again.map(({ state }) => state)).toEqual(Array.from({ length: 10 }, () => 'effective'));
    expect(await database.db('agreement_version').where({ source_id: id })).toHaveLength(2);
    expect(await database.db('journal').where({ idempotency_key: `reallocation ${id}` })).toHaveLength(2);
  }, 60_000);
});
