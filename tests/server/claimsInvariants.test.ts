/** Every rule of claims that the database holds, broken on purpose by the owner of the tables, and what the application's roles may not do at all. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkClaims, countClaimFaults } from '../../server/claims/checkWork.ts';
import { keepLine, approve, prepare, submit } from '../../server/claims/claimWork.ts';
import { pay } from '../../server/claims/moneyWork.ts';
import { findClaim } from '../../server/claims/queries.ts';
import { claimSentences } from '../../server/claims/sentences.ts';
import type { Subject } from '../../server/claims/stepWork.ts';
import { inScope } from '../../server/database.ts';
import { constraintError } from '../../server/errors.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { addLedger, asOffice, bursar, faultsIn, type OpenLedger } from '../support/ledger.ts';

let database: TestDatabase;
let ledger: OpenLedger;
const preparer = '00000000-0000-4000-8000-000000000021';
const payer = '00000000-0000-4000-8000-000000000022';
const now = new Date('2023-10-20T12:00:00Z');
beforeAll(async () => {
  database = await openTestDatabase();
  ledger = await addLedger(database.db, { ceilingPence: 1_000_000 });
});
afterAll(() => database.close());

async function refusedBy(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(() => new Error('It was not refused.'), (refusal: unknown) => refusal);
  const said = constraintError(error);
  if (!said) throw error;
  expect(claimSentences[said.code], said.code).toBe(said.message);
  return said.code;
}

const byOwner = (statement: string, bindings: Record<string, string | number> = {}): Promise<unknown> => database.db.transaction(async (trx) => trx.raw(statement, bindings));

/** A claim of one line of £100.00, as far as asked. */
async function claimAt(stage: 'draft' | 'submitted' | 'approved' | 'paid'): Promise<string> {
  const { agreement, periods } = ledger;
  const claimId = randomUUID();
  const as = <T>(personId: string, work: (context: Parameters<typeof submit>[0], subject: Subject) => Promise<T>): Promise<T> =>
    asOffice(database.db, async ({ db, actor }) => work({ db, actor, now }, { agreement, claim: (await findClaim(db, ['*'], claimId))! }), { personId, role: 'x' });
  await asOffice(database.db, ({ db, actor }) => prepare({ db, actor, now }, agreement, { claimId, periodId: periods[0]?.id ?? '' }), { personId: preparer, role: 'x' });
  await as(preparer, (context, subject) => keepLine(context, subject, { lineId: randomUUID(), head: '', what: 'Pay', amount: { grossPence: 12_000, recoverableVatPence: 2000 } }));
  if (stage !== 'draft') await as(preparer, (context, subject) => submit(context, subject, { key: randomUUID() }));
  if (stage === 'approved' || stage === 'paid') await as(payer, (context, subject) => approve(context, subject, { key: randomUUID(), decisions: [] }));
  if (stage === 'paid') await as(payer, (context, subject) => pay(context, subject, { key: randomUUID(), pence: 10_000, paidOn: '2023-10-20', reference: 'BACS 1' }));
  return claimId;
}

describe('a claim', () => {
  test.each([
    [`update claim set approved_by = '${preparer}', state = 'approved' where id = :id`, 'submitted', 'claim_preparer_is_not_approver'],
    [`update claim set state = 'approved' where id = :id`, 'submitted', 'claim_approved_whole'],
    [`update claim set state = 'paid' where id = :id`, 'submitted', 'claim_steps_in_order'],
    [`update claim set state = 'withdrawn' where id = :id`, 'approved', 'claim_steps_in_order'],
    [`update claim set state = 'submitted', submitted_by = '${preparer}' where id = :id`, 'draft', 'claim_submitted_whole'],
    [`update claim set state = 'submitted', submitted_by = '${preparer}', submitted_at = now(), due_on = now(), late_days = 3 where id = :id`, 'draft', 'claim_late_has_reason'],
    [`update claim set state = 'submitted', submitted_by = '${preparer}', submitted_at = now(), due_on = now(), late_days = -1 where id = :id`, 'draft', 'claim_late_days_not_negative'],
    [`update claim set submitted_by = '${payer}' where id = :id`, 'submitted', 'claim_stays_what_it_is'],
    [`update claim set basis = 'hours' where id = :id`, 'draft', 'claim_stays_what_it_is'],
    [`update claim set paid_pence = 1 where id = :id`, 'approved', 'claim_balance_is_added_up'],
    [`update claim set preparers = '{}' where id = :id`, 'submitted', 'claim_balance_is_added_up'],
    [`delete from claim where id = :id`, 'draft', 'claim_append_only'],
    // A step whose money was not moved is no step.
    [`update claim set state = 'submitted', submitted_by = '${preparer}', submitted_at = now(), due_on = now(), late_days = 0 where id = :id`, 'draft', 'claim_agrees_with_ledger'],
    [`update claim set state = 'withdrawn' where id = :id`, 'submitted', 'claim_agrees_with_ledger'],
  ] as const)('%s of one that is %s is refused: %s', async (statement, stage, name) => {
    expect(await refusedBy(byOwner(statement, { id: await claimAt(stage) }))).toBe(name);
  });

  test('starts as a draft, in an open period, within it, with nothing in it', async () => {
    const [first, second] = [ledger.periods[0]?.id ?? '', ledger.periods[1]?.id ?? ''];
    const add = (given: Record<string, string>) => byOwner(
      `insert into claim (id, agreement_id, period_id, number, basis, starts_on, ends_on, prepared_by, state, claimed_pence) values (gen_random_uuid(), :agreement, :period, 900, 'cost', :from, :to, :by, :state, cast(:claimed as bigint))`,
      { agreement: ledger.agreement.id, period: first, from: '2023-07-03', to: '2023-09-30', by: preparer, state: 'draft', claimed: '0', ...given });
    expect(await refusedBy(add({ state: 'submitted' }))).toBe('claim_starts_as_draft');
    expect(await refusedBy(add({ period: second, from: '2023-10-01', to: '2023-12-31' }))).toBe('claim_period_not_open_yet');
    expect(await refusedBy(add({ to: '2023-10-01' }))).toBe('claim_dates_in_period');
    expect(await refusedBy(add({ claimed: '5' }))).toBe('claim_balance_is_added_up');
  });
});

describe('a line', () => {
  const change = (set: string) => `update claim_line set ${set} where claim_id = :id`;
  test.each([
    [change('claimed_pence = 12000'), 'draft', 'claim_line_net_of_vat'],
    [change('gross_pence = 2000, claimed_pence = 0'), 'draft', 'claim_line_amount_over_zero'],
    [change(`minutes = 60, pence_per_hour = 2000, rounding = 'half up'`), 'draft', 'claim_line_has_basis_of_claim'],
    [change('minutes = 60'), 'draft', 'claim_line_has_basis_of_claim'],
    [change(`what = ' '`), 'draft', 'claim_line_says_what'],
    [change('gross_pence = 12001, claimed_pence = 10001'), 'submitted', 'claim_line_only_in_draft'],
    ['delete from claim_line where claim_id = :id', 'submitted', 'claim_line_only_in_draft'],
    [change('approved_pence = 10000'), 'draft', 'claim_line_decided_once_submitted'],
    [change('approved_pence = 10001'), 'submitted', 'claim_line_approved_within_claimed'],
    [change('approved_pence = 9999'), 'submitted', 'claim_line_cut_has_reason'],
    [change('approved_pence = 10000'), 'submitted', 'claim_agrees_with_ledger'],
    [change('gross_pence = 9007199254740990, recoverable_vat_pence = 0, claimed_pence = 9007199254740990') + `; insert into claim_line (id, claim_id, agreement_id, what, gross_pence, claimed_pence) select gen_random_uuid(), id, agreement_id, 'x', 2, 2 from claim where id = :id`, 'draft', 'claim_total_is_exact'],
  ] as const)('%s of a claim that is %s is refused: %s', async (statement, stage, name) => {
    const id = await claimAt(stage);
    // Statements with bindings go one at a time.
    expect(await refusedBy(database.db.transaction(async (trx) => {
      for (const each of statement.split('; ')) await trx.raw(each, { id });
    }))).toBe(name);
  });

  test('of hours comes to its minutes at its rate', async () => {
    const id = randomUUID();
    await byOwner(`insert into claim (id, agreement_id, period_id, number, basis, starts_on, ends_on, prepared_by) values (:id, :agreement, :period, 901, 'hours', '2023-07-03', '2023-09-30', :by)`,
      { id, agreement: ledger.agreement.id, period: ledger.periods[0]?.id ?? '', by: preparer });
    const add = (claimed: number, rounding = `'half up'`) => byOwner(
      `insert into claim_line (id, claim_id, agreement_id, what, minutes, pence_per_hour, gross_pence, claimed_pence, rounding) values (gen_random_uuid(), :id, :agreement, 'x', 91, 2000, :claimed, :claimed, ${rounding})`,
      { id, agreement: ledger.agreement.id, claimed });
    expect(await refusedBy(add(3034))).toBe('claim_line_hours_amount');
    expect(await refusedBy(add(3033, 'null'))).toBe('claim_line_hours_whole');
    await add(3033);
  });
});

describe('money of a claim', () => {
  const add = (table: string, columns: string, values: string) => `insert into ${table} (id, claim_id, agreement_id, ${columns}) select gen_random_uuid(), id, agreement_id, ${values} from claim where id = :id`;
  const payment = (pence: number, reference = 'BACS 9') => add('payment', 'paid_on, reference, amount_pence', `'2023-10-20', '${reference}', ${pence}`);
  const recovery = (pence: number, reason = 'Twice') => add('recovery', 'recovered_on, how, reference, reason, amount_pence', `'2023-10-20', 'invoice', 'INV', '${reason}', ${pence}`);
  test.each([
    [payment(10_001), 'approved', 'claim_paid_within_approved'], [payment(1), 'paid', 'claim_paid_within_approved'], [payment(0), 'approved', 'payment_over_zero'],
    [payment(1, ' '), 'approved', 'payment_reference_given'], [payment(1), 'approved', 'claim_agrees_with_ledger'], [payment(1), 'submitted', 'claim_paid_within_approved'],
    [recovery(10_001), 'paid', 'claim_recovered_within_paid'], [recovery(-1), 'paid', 'recovery_over_zero'], [recovery(1, ''), 'paid', 'recovery_reason_given'], [recovery(1), 'paid', 'claim_agrees_with_ledger'],
    [add('claim_adjustment', 'corrects, what, amount_pence, reason', `gen_random_uuid(), 'payment', -1, 'x'`), 'paid', 'claim_adjustment_corrects_own_journal'],
    [add('claim_adjustment', 'corrects, what, amount_pence, reason, made_by', `(select journal_id from claim_journal where claim_id = :id limit 1), 'payment', -1, 'x', '${preparer}'`), 'paid', 'claim_preparer_is_not_approver'],
    [add('claim_adjustment', 'corrects, what, amount_pence, reason', `(select journal_id from claim_journal where claim_id = :id limit 1), 'payment', 0, 'x'`), 'paid', 'claim_adjustment_not_zero'],
    [add('claim_adjustment', 'corrects, what, amount_pence, reason', `(select journal_id from claim_journal where claim_id = :id limit 1), 'approval', 1, 'x'`), 'paid', 'claim_adjustment_of_approval_names_line'],
  ] as const)('%s of one that is %s is refused: %s', async (statement, stage, name) => {
    expect(await refusedBy(byOwner(statement, { id: await claimAt(stage) }))).toBe(name);
  });

  test('is not recorded twice under one reference', async () => {
    const id = await claimAt('paid');
    expect(await refusedBy(byOwner(payment(1, 'BACS 1'), { id }))).toBe('payment_reference_once');
  });

  test('moves only by the claim: its journals are not reversed on the ledger’s page', async () => {
    const id = await claimAt('submitted');
    const { journal_id: journal } = await database.db('claim_journal').where({ claim_id: id }).first();
    const reversal = byOwner(`select * from reverse_journal(:agreement, :journal, '2023-09-30', 'By hand', 'by hand ${id}')`, { agreement: ledger.agreement.id, journal });
    expect(await refusedBy(reversal)).toBe('claim_journal_changed_by_claim');
  });
});

describe('what happened', () => {
  test('only grows', async () => {
    await claimAt('paid');
    for (const table of ['claim_event', 'claim_message', 'payment', 'recovery', 'claim_adjustment', 'claim_journal']) {
      for (const statement of [`delete from ${table}`, `update ${table} set claim_id = claim_id`, `truncate ${table} cascade`]) expect(await refusedBy(byOwner(statement)), statement).toMatch(/_append_only$/);
    }
  });

  test('is fenced: another council sees none of it, and nobody writes totals', async () => {
    await claimAt('paid');
    const seen = (councils: string[]) => inScope(database.db, { personId: bursar.personId, roles: ['council_lead'], councils }, async (trx) => {
      const counts = [];
      for (const table of ['claim', 'claim_line', 'claim_event', 'payment', 'claim_journal']) counts.push(Number((await trx(table).count('* as n').first())?.['n']) > 0);
      return new Set(counts);
    });
    expect([await seen(['E06000001']), await seen(['E06000002'])]).toEqual([new Set([true]), new Set([false])]);
    await expect(asOffice(database.db, ({ db }) => db('claim').update({ claimed_pence: 0 }))).rejects.toMatchObject({ code: '42501' });
    await expect(asOffice(database.db, ({ db }) => db('claim').delete())).rejects.toMatchObject({ code: '42501' });
    expect(await faultsIn(database.db)).toEqual([]);
  });

  test('is checked at night: a total that is not added up any more is an alert', async () => {
    await checkClaims(database.db);
    const id = await claimAt('approved');
    await expect(database.db.transaction(async (trx) => {
      await trx.raw('alter table claim disable trigger claim_balance_is_added_up');
      await trx.raw('alter table claim disable trigger claim_agrees');
      await trx.raw('update claim set paid_pence = 5 where id = ?', [id]);
      await checkClaims(trx);
    })).rejects.toThrow('Claims that do not say what their journals say: 1. Claims paid or recovered by other amounts than are recorded: 1.');
    expect((await countClaimFaults(database.db)).every(({ found }) => found === 0)).toBe(true);
  });

  test('every sentence says what to do about a rule there is', async () => {
    const { rows } = await database.db.raw(`select conname as name from pg_constraint where contype in ('c', 'f', 'u', 'p') and conrelid::regclass::text in ('claim', 'claim_line', 'claim_event', 'claim_message', 'payment', 'recovery', 'claim_adjustment', 'claim_journal')`);
    const checks = (rows as { name: string }[]).map(({ name }) => name).filter((name) => !/_(pkey|fkey|known|of_claim|once|of_agreement|same_claim)$/.test(name));
    expect(checks.filter((name) => claimSentences[name] === undefined)).toEqual([]);
  });
});
