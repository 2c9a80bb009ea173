/** Every rule of the ledger broken on purpose, once by the owner of the tables and once by whoever may do less. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { constraintError } from '../../server/errors.ts';
import { accrualLegs, approvalLegs, atRiskLegs, claimLegs, paymentLegs, recoveryLegs, variationLegs, virementLegs } from '../../server/ledger/ledger.ts';
import { eventRow } from '../../server/audit.ts';
import { insertJournal, type JournalToPost } from '../../server/ledger/queries.ts';
import { checkNightly, layPeriods, move, reverse } from '../../server/ledger/ledgerWork.ts';
import { listAlerts } from '../../server/ledger/reportQueries.ts';
import { ledgerSentences } from '../../server/ledger/sentences.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { addLedger, asOffice, balancesOf, bursar, faultsIn, type OpenLedger, postOne } from '../support/ledger.ts';

let database: TestDatabase;
let ledger: OpenLedger;
let other: OpenLedger;
beforeAll(async () => {
  database = await openTestDatabase();
  ledger = await addLedger(database.db, { ceilingPence: 1_000_000 }, { heads: [{ head: 'wardens', budgetPence: 700_000, tolerancePence: 5_000 }, { head: 'vehicles', budgetPence: 300_000, tolerancePence: 0 }] });
  other = await addLedger(database.db, { ceilingPence: 500_000, councilCode: 'E06000002' });
});
afterAll(() => database.close());

/** The name of what refused, once its sentence is known to be there. */
async function refusedBy(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(() => new Error('It was not refused.'), (refusal: unknown) => refusal);
  const said = constraintError(error);
  if (!said) throw error;
  expect(said.message).toBe(ledgerSentences[said.code]);
  return said.code;
}

/** A statement of the tables' owner, whom nothing but the rules themselves hold back; its transaction ends with it. */
const byOwner = (statement: string, bindings: Record<string, string> = {}): Promise<unknown> => database.db.transaction(async (trx) => trx.raw(statement, bindings));
const noted = eventRow({ personId: null, role: 'test' }, { action: 'journalPosted', subjectKind: 'agreement', subjectId: 'x', after: {} });
/** Straight to the database's function, past the rule in front of it. */
const direct = (given: Partial<JournalToPost> & Pick<JournalToPost, 'kind' | 'legs'>): Promise<unknown> =>
  asOffice(database.db, ({ db }) => insertJournal(db, { agreementId: ledger.agreement.id, effectiveOn: '2023-08-15', reason: 'x', key: randomUUID(), ...given }, noted));

const id = (): string => ledger.agreement.id;
const account = async (kind: string, head: string, of = id()): Promise<string> => (await database.db('ledger_account').where({ agreement_id: of, kind, head }).first()).id as string;
describe('a journal', () => {
  /** A whole journal by the owner: its own row, then its entries in one statement. */
  const write = (legs: readonly { account: string; pence: number; agreement?: string; more?: Record<string, number | string> }[], day = '2023-08-15', agreement = id()): Promise<unknown> =>
    database.db.transaction(async (trx) => {
      const [journal] = await trx('journal').insert({ agreement_id: agreement, kind: 'claim', reason: 'x', effective_on: day, idempotency_key: randomUUID(), content_sha256: 'x' }).returning('id');
      await trx('journal_entry').insert(legs.map((leg) => ({ agreement_id: leg.agreement ?? agreement, journal_id: journal.id, account_id: leg.account, amount_pence: leg.pence, ...leg.more })));
    });

  test('sums to zero, has two legs, none of £0.00, each account once', async () => {
    const [from, to] = [await account('available', 'wardens'), await account('pending', 'wardens')];
    expect(await refusedBy(write([{ account: from, pence: -5 }, { account: to, pence: 4 }]))).toBe('journal_sums_to_zero');
    expect(await refusedBy(write([{ account: from, pence: -5 }]))).toBe('journal_has_two_legs');
    expect(await refusedBy(write([{ account: from, pence: 0 }, { account: to, pence: 0 }]))).toBe('journal_entry_not_zero');
    expect(await refusedBy(write([{ account: from, pence: -5 }, { account: from, pence: 5 }]))).toBe('journal_entry_account_once');
    expect(await refusedBy(byOwner(`insert into journal (agreement_id, kind, reason, effective_on, idempotency_key, content_sha256) values (:id, 'claim', 'x', '2023-08-15', 'no legs', 'x')`, { id: id() }))).toBe('journal_has_two_legs');
  });

  test('stays in one agreement', async () => {
    const [from, foreign] = [await account('available', 'wardens'), await account('pending', '', other.agreement.id)];
    expect(await refusedBy(write([{ account: from, pence: -5 }, { account: foreign, pence: 5 }]))).toBe('journal_entry_account_of_agreement');
    expect(await refusedBy(write([{ account: from, pence: -5 }, { account: foreign, pence: 5, agreement: other.agreement.id }]))).toBe('journal_entry_one_agreement');
  });

  test('keeps running balances and versions without gaps', async () => {
    const [from, to] = [await account('available', 'wardens'), await account('pending', 'wardens')];
    expect(await refusedBy(write([from, to].map((each, index) => ({ account: each, pence: index ? 5 : -5, more: { version: 9 } }))))).toBe('journal_entry_versions_contiguous');
    expect(await refusedBy(write([from, to].map((each, index) => ({ account: each, pence: index ? 5 : -5, more: { balance_pence: 1 } }))))).toBe('journal_entry_balance_is_running');
    expect(await refusedBy(write([from, to].map((each, index) => ({ account: each, pence: index ? 5 : -5, more: { effective_on: '2023-08-16' } }))))).toBe('journal_entry_times_of_journal');
  });

  test('has a reason, a key of its own, a known account and a ledger', async () => {
    expect(await refusedBy(direct({ kind: 'claim', legs: claimLegs(5, 'wardens'), reason: ' ' }))).toBe('journal_reason_given');
    expect(await refusedBy(direct({ kind: 'claim', legs: claimLegs(5, 'wardens'), key: '' }))).toBe('journal_key_given');
    expect(await refusedBy(direct({ kind: 'claim', legs: claimLegs(5, 'boats') }))).toBe('journal_account_unknown');
    expect(await refusedBy(direct({ kind: 'claim', legs: claimLegs(5), agreementId: randomUUID() }))).toBe('journal_ledger_not_open');
    expect(await refusedBy(direct({ kind: 'claim', legs: [] }))).toBe('journal_has_two_legs');
    expect(await refusedBy(direct({ kind: 'adjustment', legs: claimLegs(5, 'wardens') }))).toBe('journal_adjustment_names_journal');
    await direct({ kind: 'claim', legs: claimLegs(5, 'wardens'), key: 'once' });
    expect(await refusedBy(direct({ kind: 'claim', legs: claimLegs(6, 'wardens'), key: 'once' }))).toBe('journal_key_once');
  });

  test('falls in an open period of the agreement', async () => {
    expect(await refusedBy(direct({ kind: 'claim', legs: claimLegs(5, 'wardens'), effectiveOn: '2023-07-02' }))).toBe('journal_effective_on_in_period');
    expect(await refusedBy(direct({ kind: 'claim', legs: claimLegs(5, 'wardens'), effectiveOn: '2023-10-01' }))).toBe('journal_period_not_open_yet');
  });

  test('is recorded at the server’s time whatever is given', async () => {
    const posted = await postOne(database.db, other, { kind: 'claim', legs: claimLegs(5) });
    const row = await database.db('journal').where({ id: posted.id }).first();
    expect(Math.abs(row.recorded_at.getTime() - Date.now())).toBeLessThan(600_000);
    expect(row.made_by).toBe(bursar.personId);
  });
});

describe('a correction', () => {
  test('is one reversal with the signs turned, and a reversal is final', async () => {
    const before = await balancesOf(database.db, id());
    const { id: journalId } = await postOne(database.db, ledger, { kind: 'claim', legs: claimLegs(1234, 'wardens') });
    const turn = (of: string) => asOffice(database.db, (context) => reverse(context, ledger.agreement, { journalId: of, effectiveOn: '2023-08-20', key: randomUUID(), reason: 'Entered twice' }));
    const reversal = await turn(journalId);
    expect(await balancesOf(database.db, id())).toEqual(before);
    expect(await refusedBy(turn(journalId))).toBe('journal_reversed_once');
    expect(await refusedBy(turn(reversal.id))).toBe('journal_reversal_is_final');
    const next = await postOne(database.db, ledger, { kind: 'claim', legs: claimLegs(77, 'wardens') });
    const crooked = database.db.transaction(async (trx) => {
      await trx.raw(`select * from post_journal(cast(:id as uuid), 'reversal', '2023-08-20', 'x', 'crooked', cast(:legs as jsonb), null, cast(:next as uuid))`,
        { id: id(), legs: JSON.stringify(claimLegs(-76, 'wardens')), next: next.id });
    });
    expect(await refusedBy(crooked)).toBe('journal_reversal_mirrors');
    expect(await refusedBy(byOwner(`select * from post_journal(:id, 'reversal', '2023-08-20', 'x', 'nothing', :legs)`, { id: id(), legs: JSON.stringify(claimLegs(1, 'wardens')) }))).toBe('journal_reversal_names_journal');
    const foreign = await postOne(database.db, other, { kind: 'claim', legs: claimLegs(5) });
    expect(await refusedBy(byOwner(`select * from post_journal(:id, 'adjustment', '2023-08-20', 'x', 'foreign', :legs, null, null, :foreign)`, { id: id(), legs: JSON.stringify(claimLegs(1, 'wardens')), foreign: foreign.id }))).toBe('journal_corrects_same_agreement');
  });

  test('is never an update, a removal or a truncation, for anybody', async () => {
    for (const table of ['journal', 'journal_entry', 'ledger', 'ledger_account', 'period_unlock', 'ledger_alert']) {
      for (const statement of [`delete from ${table}`, `truncate ${table} cascade`]) {
        const by = await refusedBy(byOwner(statement));
        expect(by, statement).toMatch(/_append_only$/);
        await expect(asOffice(database.db, ({ db }) => db.raw(statement)), statement).rejects.toMatchObject({ code: '42501' });
      }
    }
    expect(await refusedBy(byOwner('truncate ledger_period cascade'))).toMatch(/_append_only$/);
    for (const table of ['journal', 'journal_entry', 'ledger_alert']) {
      expect(await refusedBy(byOwner(`update ${table} set agreement_id = agreement_id`.replace('ledger_alert set agreement_id = agreement_id', 'ledger_alert set fault = fault')))).toBe(`${table}_append_only`);
    }
  });

  test('and a balance is never written', async () => {
    expect(await refusedBy(byOwner('update ledger_account set balance_pence = 0'))).toBe('ledger_account_balance_is_added_up');
    expect(await refusedBy(byOwner('update ledger set available_pence = 1'))).toBe('ledger_balance_is_added_up');
    await expect(asOffice(database.db, ({ db }) => db('ledger_account').update({ balance_pence: 0 }))).rejects.toMatchObject({ code: '42501' });
  });

  test('goes in through the one door: the application may not insert', async () => {
    for (const table of ['journal', 'journal_entry', 'ledger_alert']) {
      await expect(asOffice(database.db, ({ db }) => db.raw(`insert into ${table} default values`)), table).rejects.toMatchObject({ code: '42501' });
    }
    await expect(asOffice(database.db, ({ db }) => db('ledger_period').update({ state: 'locked' }))).rejects.toMatchObject({ code: '42501' });
  });
});

describe('a cap', () => {
  test.each([
    ['claims over what is available', 'claim', () => claimLegs(306_000, 'vehicles'), 'ledger_account_available_within_head'],
    ['an approval over what was claimed', 'approval', () => approvalLegs(900_000, 0, 'vehicles'), 'ledger_account_pending_not_below_zero'],
    ['a payment over what is approved', 'payment', () => paymentLegs(1, 'vehicles'), 'ledger_account_paid_within_approved'],
    ['a recovery over what is paid', 'recovery', () => recoveryLegs(1, 'vehicles'), 'ledger_account_recovered_within_paid'],
    ['an accrual taken back that was not made', 'accrual', () => accrualLegs(-1, 'vehicles'), 'ledger_account_accrued_not_below_zero'],
    ['spending at risk taken back that was not made', 'at risk', () => atRiskLegs(-1, 'vehicles'), 'ledger_account_at_risk_not_below_zero'],
    ['an award over the ceiling', 'variation', () => variationLegs(1, 'vehicles'), 'ledger_award_within_ceiling'],
  ] as const)('refuses %s', async (_, kind, legs, name) => {
    expect(await refusedBy(direct({ kind, legs: legs() }))).toBe(name);
  });

  test('lets a head pass its budget by its tolerance and the agreement not at all', async () => {
    const own = await addLedger(database.db, { ceilingPence: 1000 }, { heads: [{ head: 'wardens', budgetPence: 600, tolerancePence: 500 }, { head: 'vehicles', budgetPence: 400, tolerancePence: 0 }] });
    await postOne(database.db, own, { kind: 'claim', legs: claimLegs(1000, 'wardens') });
    expect(await balancesOf(database.db, own.agreement.id)).toMatchObject({ 'available wardens': -400, 'available vehicles': 400 });
    expect(await refusedBy(postOne(database.db, own, { kind: 'claim', legs: claimLegs(1, 'vehicles') }))).toBe('ledger_within_agreement_value');
    await postOne(database.db, own, { kind: 'virement', legs: virementLegs(400, 'vehicles', 'wardens') });
    expect(await balancesOf(database.db, own.agreement.id)).toEqual({ award: -1000, 'pending wardens': 1000 });
    expect(await refusedBy(byOwner('update agreement set ceiling_pence = 999 where id = :id', { id: own.agreement.id }))).toBe('ledger_award_within_ceiling');
  });

  test('keeps an agreement from closing while anything is left', async () => {
    expect(await refusedBy(byOwner(`update agreement set state = 'closed' where id = :id`, { id: other.agreement.id }))).toBe('agreement_closes_with_nothing_left');
  });
});

describe('periods', () => {
  test('never overlap, tile the agreement, start scheduled and keep their dates', async () => {
    const own = await addLedger(database.db, { councilCode: 'E06000003' });
    const [agreement, last] = [own.agreement.id, own.periods.at(-1)?.id ?? ''];
    const add = (starts: string, ends: string, state = 'scheduled') => byOwner(`insert into ledger_period (agreement_id, starts_on, ends_on, state) values (:agreement, :starts, :ends, :state)`, { agreement, starts, ends, state });
    expect(await refusedBy(add('2024-03-31', '2024-04-30'))).toBe('ledger_period_never_overlap');
    expect(await refusedBy(add('2024-04-01', '2024-04-30'))).toBe('ledger_period_tiles_agreement');
    expect(await refusedBy(add('2024-04-30', '2024-04-01'))).toBe('ledger_period_dates_in_order');
    expect(await refusedBy(add('2024-04-01', '2024-04-30', 'open'))).toBe('ledger_period_starts_scheduled');
    expect(await refusedBy(byOwner('delete from ledger_period where id = :last', { last }))).toBe('ledger_period_tiles_agreement');
    expect(await refusedBy(byOwner(`update agreement set ends_on = '2024-06-30' where id = :agreement`, { agreement }))).toBe('ledger_period_tiles_agreement');
    expect(await refusedBy(byOwner(`delete from ledger_period where agreement_id = :agreement and state = 'open'`, { agreement }))).toBe('ledger_period_stays');
    expect(await refusedBy(byOwner(`update ledger_period set ends_on = '2023-09-29' where agreement_id = :agreement and state = 'open'`, { agreement }))).toBe('ledger_period_stays');
    await asOffice(database.db, async (context) => {
      await context.db('agreement').where({ id: agreement }).update({ ends_on: '2024-06-30' });
      await layPeriods(context, { ...own.agreement, endsOn: '2024-06-30' }, 'quarter');
    });
    expect(await database.db('ledger_period').where({ agreement_id: agreement }).orderBy('starts_on').pluck('ends_on')).toEqual(['2023-09-30', '2023-12-31', '2024-03-31', '2024-06-30']);
  });

  test('go one step at a time; a closed one takes nothing and opens again by two people with a reason', async () => {
    const own = await addLedger(database.db, { councilCode: 'E06000004' });
    const [agreement, period] = [own.agreement.id, own.periods[0]?.id ?? ''];
    const to = (state: 'open' | 'submitted' | 'locked') => asOffice(database.db, (context) => move(context, own.agreement, period, state));
    expect(await refusedBy(to('locked'))).toBe('ledger_period_steps_in_order');
    const ask = (reason: string, by = bursar.personId ?? '') => byOwner(`insert into period_unlock (id, agreement_id, period_id, reason, proposed_by) values (gen_random_uuid(), :agreement, :period, :reason, :by)`, { agreement, period, reason, by });
    expect(await refusedBy(ask('Late payslips'))).toBe('period_unlock_of_closed');
    await to('submitted');
    expect(await refusedBy(postOne(database.db, own, { kind: 'claim', legs: claimLegs(5) }))).toBe('journal_period_closed');
    expect(await refusedBy(to('open'))).toBe('ledger_period_unlock_needs_two');
    await to('locked');
    expect(await refusedBy(postOne(database.db, own, { kind: 'claim', legs: claimLegs(5) }))).toBe('journal_period_closed');
    expect(await refusedBy(byOwner(`update ledger_period set state = 'open' where id = :period`, { period }))).toBe('ledger_period_unlock_needs_two');
    expect(await refusedBy(ask(' '))).toBe('period_unlock_reason_given');
    await ask('Late payslips');
    expect(await refusedBy(ask('Late payslips'))).toBe('period_unlock_one_at_a_time');
    const approve = (by: string) => byOwner('update period_unlock set approved_by = :by where period_id = :period', { by, period });
    expect(await refusedBy(approve(bursar.personId ?? ''))).toBe('period_unlock_proposer_is_not_approver');
    await approve('00000000-0000-4000-8000-000000000002');
    expect(await refusedBy(approve('00000000-0000-4000-8000-000000000003'))).toBe('period_unlock_once');
    await postOne(database.db, own, { kind: 'claim', legs: claimLegs(5) });
  });
});

describe('what belongs together', () => {
  const add = (columns: string, values: string, given: Record<string, string>): Promise<unknown> =>
    byOwner(`insert into journal (agreement_id, reason, idempotency_key, content_sha256, effective_on, ${columns}) values (:id, 'x', gen_random_uuid()::text, 'x', '2023-08-15', ${values})`, { id: id(), ...given });

  test('a journal lies in a period of its own agreement and reverses or corrects one of its own', async () => {
    const foreign = await postOne(database.db, other, { kind: 'claim', legs: claimLegs(5) });
    expect(await refusedBy(add('kind, period_id', `'claim', :period`, { period: other.periods[0]?.id ?? '' }))).toBe('journal_effective_on_in_period');
    // Even past the trigger that chooses the period.
    const past = database.db.transaction(async (trx) => {
      await trx.raw('alter table journal disable trigger journal_entered');
      await trx.raw(`insert into journal (agreement_id, number, recorded_at, reason, idempotency_key, content_sha256, effective_on, kind, period_id) values (:id, 900, now(), 'x', 'past', 'x', '2023-08-15', 'claim', :period)`, { id: id(), period: other.periods[0]?.id ?? '' });
    });
    expect(await refusedBy(past)).toBe('journal_period_of_agreement');
    expect(await refusedBy(add('kind, reverses', `'reversal', :foreign`, { foreign: foreign.id }))).toBe('journal_reverses_same_agreement');
  });

  test('two journals never have one number, and a head has one account of each kind with a tolerance of £0.00 or more', async () => {
    const again = database.db.transaction(async (trx) => {
      await trx.raw('alter table journal disable trigger journal_entered');
      await trx.raw(`insert into journal (agreement_id, number, recorded_at, reason, idempotency_key, content_sha256, effective_on, kind, period_id) values (:id, 1, now(), 'x', 'again', 'x', '2023-08-15', 'claim', :period)`, { id: id(), period: ledger.periods[0]?.id ?? '' });
    });
    expect(await refusedBy(again)).toBe('journal_number_once');
    const open = (kind: string, tolerance: string, head: string) => byOwner(`insert into ledger_account (agreement_id, kind, head, name, tolerance_pence) values (:id, :kind, :head, 'x', cast(:tolerance as bigint))`, { id: id(), kind, head, tolerance });
    expect(await refusedBy(open('paid', '0', 'wardens'))).toBe('ledger_account_once');
    expect(await refusedBy(open('accrued', '-1', 'boats'))).toBe('ledger_account_tolerance_not_negative');
  });

  test('no more of an award is taken back than was awarded, and an unlocking is of a period of its agreement', async () => {
    const own = await account('award', '');
    const empty = database.db.transaction(async (trx) => {
      await trx.raw('alter table ledger_account disable trigger user');
      await trx.raw('update ledger_account set balance_pence = 1 where id = :own', { own });
    });
    expect(await refusedBy(empty)).toBe('ledger_account_award_not_above_zero');
    const stray = database.db.transaction(async (trx) => {
      await trx.raw('alter table period_unlock disable trigger period_unlock_kept');
      await trx.raw(`insert into period_unlock (id, agreement_id, period_id, reason, proposed_by) values (gen_random_uuid(), :id, :period, 'x', gen_random_uuid())`, { id: id(), period: other.periods[0]?.id ?? '' });
    });
    expect(await refusedBy(stray)).toBe('period_unlock_same_agreement');
  });
});

describe('the nightly check', () => {
  test('finds nothing after all this, and the right thing once the rules are switched off', async () => {
    expect(await faultsIn(database.db)).toEqual([]);
    await checkNightly(database.db);
    await byOwner('alter table journal_entry disable trigger user');
    await byOwner('update journal_entry set amount_pence = amount_pence + 1 where version = 1 and account_id = :own', { own: await account('award', '') });
    await byOwner('alter table journal_entry enable trigger user');
    await expect(checkNightly(database.db)).rejects.toThrow('Journals that do not sum to zero: 1.');
    expect((await listAlerts(database.db)).map(({ fault }) => fault)).toContain('Accounts whose balance is not the sum of their entries');
  });
});
