/** Random commands on claims by random people: whatever is sent, no rule of the ledger breaks, nobody decides on what they prepared, and events give the balances. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fold } from '../../server/claims/claim.ts';
import { countClaimFaults } from '../../server/claims/checkWork.ts';
import * as work from '../../server/claims/claimWork.ts';
import { adjust, pay, recover } from '../../server/claims/moneyWork.ts';
import { findClaim, listClaims, listLines } from '../../server/claims/queries.ts';
import { listClaimEvents, listClaimJournals } from '../../server/claims/stepQueries.ts';
import type { ClaimContext, Subject } from '../../server/claims/stepWork.ts';
import { inScope } from '../../server/database.ts';
import { AppError, constraintError, notFound } from '../../server/errors.ts';
import type { Agreement } from '../../server/grants/contract.ts';
import { findAgreement } from '../../server/grants/queries.ts';
import { replay } from '../../server/ledger/ledger.ts';
import { move, open, reverse } from '../../server/ledger/ledgerWork.ts';
import { listPeriods } from '../../server/ledger/queries.ts';
import { countFaults, listAccounts, listJournals } from '../../server/ledger/reportQueries.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { bursar } from '../support/ledger.ts';
import { addAgreement, addFund } from '../support/patrols.ts';

let database: TestDatabase;
let agreementId: string;
beforeAll(async () => {
  database = await openTestDatabase();
  agreementId = await addAgreement(database.db, await addFund(database.db), { ceilingPence: 100_000 });
});
afterAll(() => database.close());

const people = [1, 2, 3].map((nth) => `00000000-0000-4000-8000-00000000001${nth}`);
/** Who mostly writes a claim, and who mostly decides on it. */
const writers = [0, 0, 0, 1, 2];
const deciders = [1, 1, 2, 2, 0];
const heads = [{ head: 'Vehicles', budgetPence: 40_000, tolerancePence: 500 }, { head: 'Wardens', budgetPence: 60_000, tolerancePence: 0 }];
const doings = ['draft', 'line', 'remove', 'submit', 'query', 'reply', 'approve', 'refuse', 'withdraw', 'pay', 'recover', 'adjust', 'period', 'byHand'] as const;
type Doing = (typeof doings)[number];
const weights: Record<Doing, number> = { draft: 3, line: 5, remove: 1, submit: 7, query: 2, reply: 3, approve: 6, refuse: 1, withdraw: 1, pay: 5, recover: 3, adjust: 3, period: 1, byHand: 1 };
const pence = fc.oneof(fc.constantFrom(500, 1000, 5000, 20_000), fc.integer({ min: -500, max: 70_000 }));
const command = fc.record({
  doing: fc.constantFrom(...doings.flatMap((doing) => Array.from({ length: weights[doing] }, () => doing))),
  /** Both are mostly the same claim and person, so that sequences get somewhere. */
  by: fc.nat({ max: 4 }), which: fc.constantFrom(0, 0, 0, 1, 2), nth: fc.nat({ max: 4 }), pence, key: fc.constantFrom(...Array.from({ length: 12 }, (_, nth) => nth)), fresh: fc.constantFrom(true, true, true, false),
});
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

/** Keys of a sequence: some are sent twice. */
const keys = Array.from({ length: 12 }, () => randomUUID());

/** Most sequences begin where a claim usually is. */
const usual: Command[] = (['draft', 'line', 'line', 'submit', 'approve'] as const).map((doing, nth) => ({ doing, by: 0, which: 0, nth, pence: 10_000, key: nth, fresh: true }));
const sequence = fc.record({ begin: fc.constantFrom(0, 3, 4, 5, 5), commands: fc.array(command, { minLength: 20, maxLength: 50, size: 'max' }) }).map(({ begin, commands }) => [...usual.slice(0, begin), ...commands]);

interface Scene {
  readonly context: ClaimContext;
  readonly agreement: Agreement;
  /** Claims in the order they were begun, and who really touched each. */
  readonly begun: string[];
  readonly wrote: Map<string, Set<string>>;
}

async function run(scene: Scene, given: Command): Promise<void> {
  const { context, agreement, begun } = scene;
  const { db } = context;
  const periods = await listPeriods(db, agreementId);
  if (given.doing === 'draft') {
    const claimId = randomUUID();
    await work.prepare(context, agreement, { claimId, periodId: periods[given.nth % 2]?.id ?? '' });
    return void begun.push(claimId);
  }
  if (given.doing === 'period') return void (await move(context, agreement, periods[given.nth % 2]?.id ?? '', given.pence % 5 === 1 ? 'submitted' : 'open'));
  const claim = await findClaim(db, ['*'], begun[given.which % Math.max(1, begun.length)] ?? randomUUID());
  if (!claim) throw notFound('claim');
  await onClaim(scene, { agreement, claim }, given);
}

async function onClaim({ context }: Scene, subject: Subject, given: Command): Promise<void> {
  const { db } = context;
  const { claim, agreement } = subject;
  const lines = await listLines(db, claim.id);
  const line = lines[given.nth % Math.max(1, lines.length)];
  const journals = await listClaimJournals(db, agreement.id, claim.id);
  const key = given.fresh ? randomUUID() : (keys[given.key] ?? '');
  const one = journals.toReversed()[given.nth % Math.max(1, journals.length)];
  const reason = 'As the payslips say';
  const does: Record<Exclude<Doing, 'draft' | 'period'>, () => Promise<unknown>> = {
    line: () => work.keepLine(context, subject, { lineId: given.fresh ? randomUUID() : (line?.id ?? randomUUID()), head: given.nth % 2 === 0 ? 'Wardens' : 'Vehicles', what: 'Pay', amount: { grossPence: given.pence, recoverableVatPence: given.nth } }),
    remove: () => work.removeLine(context, subject, line?.id ?? randomUUID()),
    submit: () => work.submit(context, subject, { key, lateReason: reason }),
    query: () => work.write(context, subject, 'query', { messageId: key, words: 'Which weeks?' }),
    reply: () => work.write(context, subject, 'reply', { messageId: key, words: 'All of them' }),
    approve: () => work.approve(context, subject, { key, decisions: given.pence % 3 === 0 && line ? [{ lineId: line.id, approvedPence: Math.trunc(line.claimedPence / 2), cutReason: reason }] : [] }),
    refuse: () => work.refuse(context, subject, { key, reason }),
    withdraw: () => work.withdraw(context, subject, { key, reason }),
    pay: () => pay(context, subject, { key, pence: given.nth > 1 ? claim.approvedPence - claim.paidPence : given.pence, paidOn: given.pence % 7 === 0 ? '2023-10-20' : '2024-01-20', reference: `BACS ${key}` }),
    recover: () => recover(context, subject, { key, pence: given.nth > 2 ? given.pence : Math.min(given.pence, claim.paidPence), recoveredOn: '2024-01-20', how: 'invoice', reference: 'INV 1', reason }),
    adjust: () => adjust(context, subject, { key, corrects: one?.id ?? randomUUID(), lineId: one?.kind === 'approval' ? line?.id : undefined, pence: given.nth % 2 === 0 ? given.pence : -given.pence, reason }),
    byHand: () => reverse(context, agreement, { journalId: one?.id ?? randomUUID(), effectiveOn: '2023-09-30', key: randomUUID(), reason }),
  };
  await does[given.doing as 'line']();
}

/** One command at a savepoint, its deferred rules looked at; true when it was refused in words. Anything else that is thrown is a fault of ours. */
async function refused(scene: Scene, given: Command): Promise<boolean> {
  const personId = people[(['draft', 'line', 'remove', 'submit', 'reply', 'withdraw'].includes(given.doing) ? writers : deciders)[given.by] ?? 0] ?? '';
  const before = scene.begun.length;
  try {
    await scene.context.db.transaction(async (inner) => {
      await inner.raw(`select set_config('app.person', :personId, true)`, { personId });
      await run({ ...scene, context: { ...scene.context, db: inner, actor: { personId, role: 'finance_approver' } } }, given);
      await inner.raw('set constraints all immediate');
      await inner.raw('set constraints all deferred');
    });
    if (['draft', 'line', 'remove', 'submit'].includes(given.doing)) {
      const id = given.doing === 'draft' ? (scene.begun.at(-1) ?? '') : (scene.begun[given.which % Math.max(1, before)] ?? '');
      scene.wrote.set(id, (scene.wrote.get(id) ?? new Set()).add(personId));
    }
    return false;
  } catch (error) {
    scene.begun.length = before;
    if (!(error instanceof AppError) && !constraintError(error)) throw error;
    return true;
  }
}

async function check({ context: { db }, wrote }: Scene): Promise<void> {
  expect((await countFaults(db)).filter(({ found }) => found > 0)).toEqual([]);
  expect((await countClaimFaults(db)).filter(({ found }) => found > 0)).toEqual([]);
  const accounts = await listAccounts(db, agreementId);
  const replayed = replay(await listJournals(db, agreementId, { limit: 500 }));
  expect(accounts.map(({ id, balancePence }) => [id, balancePence])).toEqual(accounts.map(({ id }) => [id, replayed.get(id) ?? 0]));
  const standing = { pending: 0, approved: 0, paid: 0 };
  for (const row of await listClaims(db, ['*'], { limit: 100 })) {
    const now = fold(await listClaimEvents(db, row.id));
    // A draft, and one withdrawn before it was submitted, claims its lines in no event yet.
    const claimedPence = row.submittedOn === null ? row.claimedPence : now.claimedPence;
    expect({ ...now, claimedPence }).toEqual({ state: row.state, claimedPence: row.claimedPence, approvedPence: row.approvedPence, paidPence: row.paidPence, recoveredPence: row.recoveredPence });
    standing.pending += row.state === 'submitted' || row.state === 'query' ? row.claimedPence : 0;
    standing.approved += row.approvedPence - row.paidPence;
    standing.paid += row.paidPence - row.recoveredPence;
    const { approved_by: approvedBy } = await db('claim').where({ id: row.id }).first('approved_by');
    expect(wrote.get(row.id)?.has(approvedBy) ?? false, 'nobody decides on what they prepared').toBe(false);
    const adjusters: string[] = await db('claim_adjustment').where({ claim_id: row.id }).pluck('made_by');
    expect(adjusters.filter((person) => wrote.get(row.id)?.has(person))).toEqual([]);
  }
  const kept = (kind: string): number => accounts.filter((account) => account.kind === kind).reduce((sum, { balancePence }) => sum + balancePence, 0);
  expect({ pending: kept('pending'), approved: kept('approved'), paid: kept('paid') }).toEqual(standing);
}

const stop = new Error('rolled back');

async function play(db: Knex, commands: readonly Command[], tally: (name: string) => void): Promise<void> {
  const office = { personId: bursar.personId, roles: ['finance_approver'], councils: ['*'] };
  await inScope(db, office, async (trx) => {
    const agreement = (await findAgreement(trx, ['*'], agreementId))!;
    const context: ClaimContext = { db: trx, actor: bursar, now: new Date('2024-01-20T12:00:00Z') };
    await open(context, agreement, { key: 'opening', cut: 'quarter', heads });
    const scene: Scene = { context, agreement, begun: [], wrote: new Map() };
    for (const each of commands) tally((await refused(scene, each)) ? 'refused' : each.doing);
    await check(scene);
    throw stop;
  });
}

test('whatever is sent, every invariant holds, two people stand behind every approval, and the events give the balances', async () => {
  const seen: Record<string, number> = {};
  // `CLAIM_SEQUENCES=2000` runs it for long.
  const sequences = Number(process.env['CLAIM_SEQUENCES'] ?? (database.kind === 'server' ? 80 : 15));
  await fc.assert(fc.asyncProperty(sequence, async (commands) => {
    await expect(play(database.db, commands, (name) => void (seen[name] = (seen[name] ?? 0) + 1))).rejects.toBe(stop);
  }), { numRuns: sequences });
  const often = database.kind === 'server' ? [...doings.filter((doing) => doing !== 'byHand'), 'refused'] : ['draft', 'line', 'submit', 'approve', 'refused'];
  // A claim's journal is never reversed behind the claim's back.
  expect(seen['byHand'] ?? 0).toBe(0);
  for (const name of often) expect(seen[name] ?? 0, name).toBeGreaterThan(0);
}, 900_000);
