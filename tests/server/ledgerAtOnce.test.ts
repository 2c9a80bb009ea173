/** Many at once: truly so on a server; the embedded database has one session, where they take turns. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { constraintError } from '../../server/errors.ts';
import { claimLegs } from '../../server/ledger/ledger.ts';
import { move, postAll } from '../../server/ledger/ledgerWork.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { addLedger, asOffice, balancesOf, faultsIn, postOne } from '../support/ledger.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const times = <T>(n: number, work: (nth: number) => Promise<T>): Promise<PromiseSettledResult<T>[]> => Promise.allSettled(Array.from({ length: n }, (_, nth) => work(nth)));
const refusals = (answers: PromiseSettledResult<unknown>[]): (string | undefined)[] => answers.flatMap((answer) => (answer.status === 'rejected' ? [constraintError(answer.reason)?.code] : []));

test('sixty claims of £3,000 against £99,999: 33 are held, 27 refused in words, and the balance is what its entries add up to', async () => {
  const own = await addLedger(database.db, { ceilingPence: 9_999_900 });
  const answers = await times(60, () => postOne(database.db, own, { kind: 'claim', legs: claimLegs(300_000) }));
  expect(refusals(answers)).toEqual(Array.from({ length: 27 }, () => 'ledger_account_available_within_head'));
  expect(await balancesOf(database.db, own.agreement.id)).toEqual({ award: -9_999_900, available: 99_900, pending: 9_900_000 });
  expect(await faultsIn(database.db)).toEqual([]);
});

test('two hundred journals that take accounts and agreements in opposite orders: none waits for ever', async () => {
  const [first, second] = [await addLedger(database.db), await addLedger(database.db, { councilCode: 'E06000002' })];
  const journal = (turned: boolean) => ({ kind: 'claim' as const, legs: turned ? claimLegs(100).toReversed() : claimLegs(100), effectiveOn: '2023-08-15', reason: 'As agreed', key: randomUUID() });
  const answers = await times(100, (nth) => {
    const both = [{ agreement: first.agreement, journal: journal(nth % 2 === 0) }, { agreement: second.agreement, journal: journal(nth % 3 === 0) }];
    return asOffice(database.db, (context) => postAll(context, nth % 2 === 0 ? both : both.toReversed()));
  });
  expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
  for (const { agreement } of [first, second]) expect(await balancesOf(database.db, agreement.id)).toMatchObject({ pending: 10_000 });
  expect(await faultsIn(database.db)).toEqual([]);
});

test('one key sent twenty times is one journal, and all get it', async () => {
  const own = await addLedger(database.db);
  const answers = await times(20, () => postOne(database.db, own, { kind: 'claim', legs: claimLegs(700), key: 'the same' }));
  const posted = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  expect(posted).toHaveLength(20);
  expect(new Set(posted.map(({ id }) => id)).size).toBe(1);
  expect(posted.filter(({ fresh }) => fresh)).toHaveLength(1);
  expect(await balancesOf(database.db, own.agreement.id)).toMatchObject({ pending: 700 });
  expect(await database.db('audit_event').where({ action: 'journalPosted', subject_id: own.agreement.id }).whereRaw(`after ->> 'key' = 'the same'`)).toHaveLength(1);
});

test('a period submitted and locked while fifty post into it takes none after', async () => {
  const own = await addLedger(database.db);
  const period = own.periods[0]?.id ?? '';
  const counted = (): Promise<number> => database.db('journal').where({ period_id: period }).count('* as n').first().then((row) => Number(row?.['n']));
  let atLock = -1;
  const close = async (): Promise<void> => {
    // After the first few are in.
    while (database.kind === 'server' && (await counted()) < 10) await new Promise((resolve) => setTimeout(resolve, 1));
    await asOffice(database.db, async (context) => {
      await move(context, own.agreement, period, 'submitted');
      atLock = Number((await context.db('journal').where({ period_id: period }).count('* as n').first())?.['n']);
      await move(context, own.agreement, period, 'locked');
    });
  };
  const [answers] = await Promise.all([times(50, () => postOne(database.db, own, { kind: 'claim', legs: claimLegs(100) })), close()]);
  const refused = refusals(answers);
  expect(new Set([...refused, 'journal_period_closed'])).toEqual(new Set(['journal_period_closed']));
  // The award is in the period too.
  expect(await counted()).toBe(1 + 50 - refused.length);
  expect(await counted()).toBe(atLock);
  expect((await database.db('ledger_period').where({ id: period }).first()).state).toBe('locked');
});
