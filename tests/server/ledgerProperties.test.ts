/** Random commands: whatever is sent, in whatever order, nothing is ever found that must not be, and the events alone give the balances. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inScope } from '../../server/database.ts';
import { AppError, constraintError } from '../../server/errors.ts';
import type { AccountKind, JournalKind, Leg } from '../../server/ledger/contract.ts';
import { accrualLegs, approvalLegs, atRiskLegs, claimLegs, paymentLegs, recoveryLegs, replay } from '../../server/ledger/ledger.ts';
import { type LedgerContext, move, post, reverse, unlock } from '../../server/ledger/ledgerWork.ts';
import { countFaults, listAccounts, listJournals } from '../../server/ledger/reportQueries.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { addLedger, bursar, type OpenLedger, postOne } from '../support/ledger.ts';

let database: TestDatabase;
let agreementId: string;
let ledger: OpenLedger;
const office = { personId: bursar.personId, roles: ['grant_manager'], councils: ['*'] };
beforeAll(async () => {
  database = await openTestDatabase();
  ledger = await addLedger(database.db, { ceilingPence: 100_000 });
  agreementId = ledger.agreement.id;
  // Something in each state, so that any command may go through as the first.
  await postOne(database.db, ledger, { kind: 'claim', legs: claimLegs(30_000) });
  await postOne(database.db, ledger, { kind: 'approval', legs: approvalLegs(15_000, 0) });
  await postOne(database.db, ledger, { kind: 'payment', legs: paymentLegs(5_000) });
});
afterAll(() => database.close());

type Money = 'claim' | 'approval' | 'payment' | 'recovery' | 'accrual' | 'at risk';
type Command =
  | { readonly do: 'post'; readonly kind: Money; readonly pence: number; readonly cut: number; readonly day: string; readonly key: string }
  | { readonly do: 'reverse'; readonly nth: number; readonly day: string }
  | { readonly do: 'move'; readonly nth: number; readonly state: 'open' | 'submitted' | 'locked' }
  | { readonly do: 'unlock'; readonly nth: number };

const legsOf: Record<Money, (pence: number, cut: number) => Leg[]> = {
  claim: (pence) => claimLegs(pence), approval: (pence, cut) => approvalLegs(pence, cut), payment: (pence) => paymentLegs(pence),
  recovery: (pence) => recoveryLegs(pence), accrual: (pence) => accrualLegs(pence), 'at risk': (pence) => atRiskLegs(pence),
};
const inFirst = ['2023-07-03', '2023-08-01', '2023-08-15', '2023-09-01', '2023-09-30'] as const;
const day = fc.constantFrom(...inFirst, ...inFirst, ...inFirst, '2023-10-01', '2023-12-31', '2024-01-01', '2024-03-31', '2024-04-01');
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ do: fc.constant('post' as const), kind: fc.constantFrom<Money>('claim', 'claim', 'claim', 'approval', 'approval', 'approval', 'payment', 'payment', 'recovery', 'accrual', 'at risk'), pence: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(500, 500, 1000, 5000) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 120_000 }) }), cut: fc.constantFrom(0, 0, 0, 500), day, key: fc.integer({ min: 1, max: 30 }).map((nth) => `key ${nth}`) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reverse' as const), nth: fc.nat({ max: 8 }), day }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), nth: fc.constantFrom(0, 0, 1, 2), state: fc.constantFrom<'open' | 'submitted' | 'locked'>('open', 'open', 'open', 'submitted', 'locked') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unlock' as const), nth: fc.constantFrom(0, 0, 1, 2) }) },
);

async function run(context: LedgerContext, { agreement, periods }: OpenLedger, command: Command): Promise<void> {
  if (command.do === 'post') {
    await post(context, agreement, { kind: command.kind, legs: legsOf[command.kind](command.pence, command.cut), effectiveOn: command.day, reason: 'As agreed', key: command.key });
  } else if (command.do === 'reverse') {
    const journal = (await listJournals(context.db, agreement.id)).toReversed()[command.nth];
    if (journal) await reverse(context, agreement, { journalId: journal.id, effectiveOn: command.day, key: randomUUID(), reason: 'Entered twice' });
  } else if (command.do === 'move') await move(context, agreement, periods[command.nth]?.id ?? '', command.state);
  else {
    const unlockId = randomUUID();
    await context.db('period_unlock').insert({ id: unlockId, agreement_id: agreement.id, period_id: periods[command.nth]?.id, reason: 'Late payslips', proposed_by: bursar.personId });
    const signIn = (person: string): Promise<unknown> => context.db.raw(`select set_config('app.person', :person, true)`, { person });
    await signIn('00000000-0000-4000-8000-000000000002');
    await unlock(context, agreement, { id: unlockId, agreementId: agreement.id, periodId: periods[command.nth]?.id ?? '', reason: 'Late payslips', proposedBy: bursar.personId ?? '' }, '00000000-0000-4000-8000-000000000002');
    await signIn(bursar.personId ?? '');
  }
}

/** One command at a savepoint, its deferred rules looked at; true when it was refused in words. Anything else that is thrown is a fault of ours. */
async function refused({ db, actor }: LedgerContext, ledger: OpenLedger, given: Command): Promise<boolean> {
  try {
    await db.transaction(async (inner) => {
      await run({ db: inner, actor }, ledger, given);
      // What a commit would look at.
      await inner.raw('set constraints all immediate; set constraints all deferred');
    });
    return false;
  } catch (error) {
    if (!(error instanceof AppError) && !constraintError(error)) throw error;
    return true;
  }
}

/** Balances by kind from the audit trail alone. */
async function balancesOfEvents(db: Knex): Promise<Record<string, number>> {
  const events: { action: string; after: { journalId: string; legs: Leg[] } }[] = await db('audit_event').select('action', 'after').where({ subject_id: agreementId }).whereIn('action', ['journalPosted', 'journalReversed']).orderBy('id');
  const legs = new Map(events.filter(({ action }) => action === 'journalPosted').map(({ after }) => [after.journalId, after.legs]));
  const balances: Record<string, number> = {};
  for (const { action, after } of events) {
    for (const { kind, pence } of legs.get(after.journalId) ?? []) balances[kind] = (balances[kind] ?? 0) + (action === 'journalPosted' ? pence : -pence);
  }
  return balances;
}

const signs: Record<AccountKind, 1 | -1> = { award: -1, available: 1, pending: 1, approved: 1, paid: 1, accrued: 1, 'at risk': 1 };

async function check(db: Knex, on: string): Promise<void> {
  expect((await countFaults(db)).filter(({ found }) => found > 0)).toEqual([]);
  const accounts = await listAccounts(db, agreementId);
  const balances = Object.fromEntries(accounts.map(({ kind, balancePence }) => [kind, balancePence]));
  expect({ ...Object.fromEntries(accounts.map(({ kind }) => [kind, 0])), ...(await balancesOfEvents(db)) }).toEqual(balances);
  expect(accounts.filter(({ kind, balancePence }) => balancePence * signs[kind] < 0)).toEqual([]);
  // As at the moment of any journal and any day: what a replay of the journals until then gives.
  const journals = await listJournals(db, agreementId, { limit: 500 });
  const middle = journals[Math.floor(journals.length / 2)];
  const then = replay(journals.filter(({ number, effectiveOn }) => number <= (middle?.number ?? 0) && effectiveOn <= on));
  // A journal's time has microseconds, the text of it only three decimals.
  const { at } = await db('journal').select(db.raw('recorded_at::text as at')).where({ id: middle?.id }).first();
  const asAt = await listAccounts(db, agreementId, { asAt: at as string, on });
  expect(asAt.map(({ id, balancePence }) => [id, balancePence])).toEqual(accounts.map(({ id }) => [id, then.get(id) ?? 0]));
}

const stop = new Error('rolled back');
const sequences = Number(process.env['LEDGER_SEQUENCES'] ?? 2000);

test(`${sequences} random sequences: whatever is sent, every invariant holds, and the events give the balances`, async () => {
  const seen: Partial<Record<JournalKind | Command['do'] | 'refused', number>> = {};
  const tally = (name: keyof typeof seen): void => void (seen[name] = (seen[name] ?? 0) + 1);
  await fc.assert(fc.asyncProperty(fc.array(command, { minLength: 2, maxLength: 7, size: 'max' }), day, async (commands, on) => {
    // The ledger was opened once; each sequence starts from there and is rolled back.
    const whole = inScope(database.db, office, async (db) => {
      const context = { db, actor: bursar };
      // Compiling the invariant query takes longer than running it over so little.
      await db.raw('set local jit = off');
      for (const each of commands) tally((await refused(context, ledger, each)) ? 'refused' : each.do === 'post' ? each.kind : each.do);
      await check(db, on);
      throw stop;
    });
    await expect(whole).rejects.toBe(stop);
  }), { numRuns: sequences });
  // Not all were refused: the commands went through too.
  for (const name of ['claim', 'approval', 'payment', 'recovery', 'accrual', 'at risk', 'reverse', 'move', 'unlock', 'refused'] as const) expect(seen[name] ?? 0, name).toBeGreaterThan(sequences / 400);
}, 900_000);
