/** Versions of an agreement: the one way its amount, dates and budgets change, with the journal that carries the difference. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approvalLegs, atRiskLegs, claimLegs, paymentLegs } from '../../server/ledger/ledger.ts';
import { layPeriods, move } from '../../server/ledger/ledgerWork.ts';
import { listPeriods } from '../../server/ledger/queries.ts';
import { currentVersion, lockForTerms, makeVersion, type VersionChange, type VersionRow } from '../../server/terms/versionWork.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { asOffice, balancesOf, faultsIn, type OpenLedger, postOne } from '../support/ledger.ts';
import { addFund, hartlepool, middlesbrough } from '../support/patrols.ts';
import { addSigned, agreementNow } from '../support/terms.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const heads = [{ head: 'Wardens', budgetPence: 700_000, tolerancePence: 5_000 }, { head: 'Vehicles', budgetPence: 300_000, tolerancePence: 0 }];
const onTwoHeads = (given: Parameters<typeof addSigned>[1] = {}): Promise<OpenLedger> => addSigned(database.db, given, { heads });

/** A version by a reallocation, which needs no variation behind it: of what is given, from October 2023 unless told. */
const change = async ({ agreement }: OpenLedger, given: Partial<VersionChange> = {}): Promise<VersionRow> => {
  const now = await agreementNow(database.db, agreement.id);
  return asOffice(database.db, async (context) => {
    await lockForTerms(context.db, [now.id]);
    return makeVersion(context, now, {
      effectiveFrom: '2023-10-01', ceilingPence: now.ceilingPence, endsOn: now.endsOn, productiveRatio: now.productiveRatio, paymentBasis: 'cost', heads,
      source: { kind: 'reallocation', id: randomUUID() }, reason: 'Underspend moved', key: randomUUID(), ...given,
    });
  });
};
const raised = { ceilingPence: 1_200_000, heads: [{ head: 'Wardens', budgetPence: 850_000, tolerancePence: 5_000 }, { head: 'Vehicles', budgetPence: 250_000, tolerancePence: 0 }, { head: 'Training', budgetPence: 100_000, tolerancePence: 0 }] };

test('version 1 is what was signed: heads with a profile over the periods by their days, and the ledger opens on it', async () => {
  const ledger = await onTwoHeads();
  const version = await currentVersion(database.db, ledger.agreement.id, '2023-08-01');
  expect(version).toMatchObject({ number: 1, effectiveFrom: '2023-07-03', ceilingPence: 1_000_000, endsOn: '2024-03-31', paymentBasis: 'cost', sourceKind: 'signed', overheadsAgreed: false, overheadsPercent: null, targets: [], hotspotIds: [], difference: [] });
  // 90, 92 and 91 days of 273.
  expect(version?.heads).toEqual([
    { head: 'Vehicles', budgetPence: 300_000, tolerancePence: 0, profile: [{ startsOn: '2023-07-03', amountPence: 98_901 }, { startsOn: '2023-10-01', amountPence: 101_099 }, { startsOn: '2024-01-01', amountPence: 100_000 }] },
    { head: 'Wardens', budgetPence: 700_000, tolerancePence: 5_000, profile: [{ startsOn: '2023-07-03', amountPence: 230_769 }, { startsOn: '2023-10-01', amountPence: 235_898 }, { startsOn: '2024-01-01', amountPence: 233_333 }] },
  ]);
  expect(await balancesOf(database.db, ledger.agreement.id)).toEqual({ award: -1_000_000, 'available Wardens': 700_000, 'available Vehicles': 300_000 });
  expect(await currentVersion(database.db, ledger.agreement.id, '2023-07-02')).toBeUndefined();
});

test('a version changes the award head by head in one journal, keeps what is past, and says what differs', async () => {
  const ledger = await onTwoHeads();
  const version = await change(ledger, raised);
  expect(version).toMatchObject({ number: 2, effectiveFrom: '2023-10-01', ceilingPence: 1_200_000 });
  expect(version.difference).toEqual([
    { field: 'ceiling', of: '', from: 1_000_000, to: 1_200_000 },
    { field: 'budget', of: 'Training', from: null, to: 100_000 }, { field: 'tolerance', of: 'Training', from: null, to: 0 },
    { field: 'budget', of: 'Vehicles', from: 300_000, to: 250_000 }, { field: 'budget', of: 'Wardens', from: 700_000, to: 850_000 },
  ]);
  // The first quarter stays; £1,510.99 is spread over 92 and 91 days.
  expect(version.heads.find(({ head }) => head === 'Vehicles')?.profile).toEqual([{ startsOn: '2023-07-03', amountPence: 98_901 }, { startsOn: '2023-10-01', amountPence: 75_962 }, { startsOn: '2024-01-01', amountPence: 75_137 }]);
  expect(await balancesOf(database.db, ledger.agreement.id)).toEqual({ award: -1_200_000, 'available Training': 100_000, 'available Vehicles': 250_000, 'available Wardens': 850_000 });
  expect(await balancesOf(database.db, ledger.agreement.id, { on: '2023-09-30' })).toMatchObject({ award: -1_000_000 });
  expect(await agreementNow(database.db, ledger.agreement.id)).toMatchObject({ ceilingPence: 1_200_000 });
  expect(await currentVersion(database.db, ledger.agreement.id, '2023-09-30')).toMatchObject({ number: 1 });
  const journal = await database.db('journal').where({ agreement_id: ledger.agreement.id, kind: 'reallocation' });
  expect(journal.map(({ reason, effective_on }) => [reason, effective_on])).toEqual([['Underspend moved', '2023-10-01']]);
  const event = await database.db('audit_event').where({ action: 'agreementVersionMade', subject_id: ledger.agreement.id }).orderBy('id', 'desc').first();
  expect(event).toMatchObject({ reason: 'Underspend moved', council_code: hartlepool, before: { version: 1 }, after: { version: 2, difference: version.difference } });
  expect(await faultsIn(database.db)).toEqual([]);
});

test('the same source makes one version and one journal', async () => {
  const ledger = await onTwoHeads();
  const source = { kind: 'reallocation' as const, id: randomUUID() };
  const first = await change(ledger, { ...raised, source, key: 'once' });
  expect((await change(ledger, { ...raised, source, key: 'once' })).id).toBe(first.id);
  expect(await database.db('journal').where({ agreement_id: ledger.agreement.id })).toHaveLength(2);
});

test('a later end lays the periods again; the period of the effective day opens where it had not', async () => {
  const ledger = await onTwoHeads();
  await change(ledger, { ...raised, endsOn: '2024-09-30', effectiveFrom: '2024-04-01' });
  const periods = await listPeriods(database.db, ledger.agreement.id);
  expect(periods.map(({ startsOn, endsOn, state }) => [startsOn, endsOn, state])).toEqual([
    ['2023-07-03', '2023-09-30', 'open'], ['2023-10-01', '2023-12-31', 'scheduled'], ['2024-01-01', '2024-03-31', 'scheduled'], ['2024-04-01', '2024-06-30', 'open'], ['2024-07-01', '2024-09-30', 'scheduled'],
  ]);
  expect((await currentVersion(database.db, ledger.agreement.id, '2024-04-01'))?.heads[0]?.profile.map(({ startsOn }) => startsOn)).toEqual(['2023-07-03', '2023-10-01', '2024-01-01', '2024-04-01', '2024-07-01']);
  expect(await faultsIn(database.db)).toEqual([]);
});

test('an end moved twice leaves what opened, and what had not opened before it, where it is', async () => {
  const ledger = await onTwoHeads();
  await change(ledger, { ...raised, endsOn: '2024-05-15', effectiveFrom: '2024-04-01' });
  await change(ledger, { ...raised, endsOn: '2024-09-30', effectiveFrom: '2024-04-02' });
  const spans = (await listPeriods(database.db, ledger.agreement.id)).map(({ startsOn, endsOn, state }) => [startsOn, endsOn, state]);
  expect(spans).toEqual([
    ['2023-07-03', '2023-09-30', 'open'], ['2023-10-01', '2023-12-31', 'scheduled'], ['2024-01-01', '2024-03-31', 'scheduled'], ['2024-04-01', '2024-05-15', 'open'], ['2024-05-16', '2024-06-30', 'scheduled'], ['2024-07-01', '2024-09-30', 'scheduled'],
  ]);
  expect((await currentVersion(database.db, ledger.agreement.id, '2024-05-01'))?.heads[0]?.profile.map(({ startsOn }) => startsOn)).toEqual(spans.map(([startsOn]) => startsOn));
});

test('an earlier end takes periods out that have not opened; within one that has, it is refused', async () => {
  const ledger = await onTwoHeads();
  await change(ledger, { endsOn: '2024-01-31' });
  expect((await listPeriods(database.db, ledger.agreement.id)).map(({ startsOn, endsOn }) => [startsOn, endsOn])).toEqual([['2023-07-03', '2023-09-30'], ['2023-10-01', '2023-12-31'], ['2024-01-01', '2024-01-31']]);
  const other = await onTwoHeads();
  await expect(change(other, { endsOn: '2023-09-29', effectiveFrom: '2023-07-03' })).rejects.toMatchObject({ errors: [{ field: 'endsOn', message: 'The period from 2023-07-03 to 2023-09-30 is open in the ledger and keeps its days. End the agreement on 2023-09-30 or later.' }] });
  expect(await faultsIn(database.db)).toEqual([]);
});

test('a version whose period is closed posts on the first day of the next that is not', async () => {
  const ledger = await onTwoHeads();
  for (const state of ['submitted', 'locked'] as const) await asOffice(database.db, (context) => move(context, ledger.agreement, ledger.periods[0]!.id, state));
  await change(ledger, { ...raised, effectiveFrom: '2023-08-01' });
  expect(await database.db('journal').where({ agreement_id: ledger.agreement.id, kind: 'reallocation' }).pluck('effective_on')).toEqual(['2023-10-01']);
});

describe('refused', () => {
  const refusal = async (work: Promise<unknown>): Promise<unknown> => work.then(() => 'not refused', (error: { constraint?: string; errors?: { message: string }[] }) => error.constraint ?? error.errors?.map(({ message }) => message) ?? error);

  test('below what is claimed, approved, paid or at risk, in all and by head', async () => {
    const ledger = await onTwoHeads();
    for (const [kind, legs] of [['claim', claimLegs], ['approval', (pence: number, head: string) => approvalLegs(pence, 0, head)], ['payment', paymentLegs]] as const) await postOne(database.db, ledger, { kind, legs: legs(500_000, 'Wardens') });
    await postOne(database.db, ledger, { kind: 'claim', legs: claimLegs(100_000, 'Wardens') });
    await postOne(database.db, ledger, { kind: 'at risk', legs: atRiskLegs(50_000, 'Vehicles') });
    const to = (wardens: number, vehicles: number): Promise<unknown> => refusal(change(ledger, { ceilingPence: wardens + vehicles, heads: [{ head: 'Wardens', budgetPence: wardens, tolerancePence: 0 }, { head: 'Vehicles', budgetPence: vehicles, tolerancePence: 0 }] }));
    expect(await to(599_999, 50_000)).toBe('agreement_version_not_below_spent');
    expect(await to(599_999, 50_001)).toBe('budget_line_not_below_spent');
    expect(await to(600_001, 49_999)).toBe('budget_line_not_below_spent');
    expect(await refusal(change(ledger, { ceilingPence: 700_000, heads: [{ head: 'Wardens', budgetPence: 700_000, tolerancePence: 0 }] }))).toBe('ledger_account_available_within_head');
    expect(await to(600_000, 50_000)).toBe('not refused');
    expect(await balancesOf(database.db, ledger.agreement.id)).toEqual({ award: -650_000, 'paid Wardens': 500_000, 'pending Wardens': 100_000, 'at risk Vehicles': 50_000 });
    expect(await faultsIn(database.db)).toEqual([]);
  });

  test('below what is committed', async () => {
    const ledger = await onTwoHeads({ committedPence: 800_000 });
    expect(await refusal(change(ledger, { ceilingPence: 799_999, heads: [{ head: 'Wardens', budgetPence: 799_999, tolerancePence: 0 }] }))).toBe('agreement_version_not_below_committed');
  });

  test('past the fund’s award', async () => {
    const fundId = await addFund(database.db, 1_100_000);
    expect(await refusal(change(await onTwoHeads({ fundId }), raised))).toBe('fund_agreements_within_award');
  });

  test('budgets and periods that do not add up, unknown heads, overheads not agreed or past their percentage', async () => {
    const ledger = await onTwoHeads();
    const of = (given: VersionChange['heads'], more: Partial<VersionChange> = {}): Promise<unknown> => refusal(change(ledger, { heads: given, ...more }));
    const line = (head: string, budgetPence: number, profile?: { startsOn: string; amountPence: number }[]) => ({ head, budgetPence, tolerancePence: 0, profile });
    expect(await of([line('Wardens', 999_999)])).toEqual(['The budgets add up to £9,999.99 and the agreement’s value is £10,000.00. Change a budget by £0.01.']);
    expect(await of([line('Boats', 1_000_000)])).toEqual([expect.stringMatching(/^“Boats” is no budget head in use on this day\. Use one of: Equipment, .*Wardens; or add it to the list first\.$/)]);
    expect(await of([line('Wardens', 1_000_000, [{ startsOn: '2023-07-03', amountPence: 1 }])])).toEqual(['The periods of “Wardens” add up to £0.01, its budget is £10,000.00. Change a period by £9,999.99.']);
    const overheads = [line('Wardens', 909_090), line('Overheads', 90_910)];
    expect(await of(overheads)).toEqual(['Overheads are in the budget and the agreement does not allow them. Say that they are agreed, or take them out.']);
    expect(await of(overheads, { overheadsAgreed: true, overheadsPercent: 10 })).toEqual(['Overheads of £909.10 pass 10 % of the other heads, £909.09. Lower them.']);
    expect(await of(overheads, { overheadsAgreed: true, overheadsPercent: 10.01 })).toBe('not refused');
  });

  test('days out of order', async () => {
    const ledger = await onTwoHeads();
    await change(ledger, raised);
    expect(await refusal(change(ledger, { ...raised, effectiveFrom: '2023-09-30' }))).toBe('agreement_version_days_in_order');
    expect(await refusal(change(ledger, { ...raised, effectiveFrom: '2024-04-01' }))).toBe('agreement_version_within_agreement');
  });
});

describe('the database itself refuses', () => {
  const refusal = (work: (db: TestDatabase['db']) => Promise<unknown>): Promise<unknown> => database.db.transaction((trx) => work(trx)).then(() => 'not refused', (error: { constraint?: string }) => error.constraint ?? error);
  /** A whole version written by the owner of the tables, past every rule in front of them. */
  const write = (ledger: OpenLedger, given: Record<string, unknown>, lines: readonly (readonly [string, number])[], profile: readonly (readonly [string, string, number])[] = []) => async (db: TestDatabase['db']): Promise<void> => {
    const version_id = randomUUID();
    const own = { version_id, agreement_id: ledger.agreement.id };
    await db('agreement_version').insert({
      id: version_id, agreement_id: ledger.agreement.id, number: 2, effective_from: '2023-10-01', ceiling_pence: 1_000_000, ends_on: '2024-03-31', productive_ratio: 0.5, payment_basis: 'cost', reason: 'x',
      source_kind: 'virement', source_id: randomUUID(), ...given,
    });
    for (const [head, budget_pence] of lines) await db('budget_line').insert({ ...own, head, budget_pence });
    for (const [head, starts_on, amount_pence] of profile) await db('budget_profile').insert({ ...own, head, starts_on, amount_pence });
  };

  test('a version whose budgets do not add up to its value', async () => {
    const ledger = await onTwoHeads();
    expect(await refusal(write(ledger, {}, [['Wardens', 999_999]]))).toBe('budget_line_sum_is_value');
    expect(await refusal(write(ledger, {}, []))).toBe('budget_line_sum_is_value');
    expect(await refusal(write(ledger, {}, [['Wardens', 1_000_000]], [['Wardens', '2023-07-03', 999_999]]))).toBe('budget_profile_sum_is_budget');
    expect(await refusal(write(ledger, {}, [['Wardens', 900_000], ['Overheads', 100_000]]))).toBe('budget_line_overheads_agreed');
    expect(await refusal(write(ledger, { overheads_agreed: true, overheads_percent: 11.11 }, [['Wardens', 900_000], ['Overheads', 100_000]]))).toBe('budget_line_overheads_within_percent');
    expect(await refusal(write(ledger, { overheads_percent: 5 }, [['Wardens', 1_000_000]]))).toBe('agreement_version_percent_of_agreed');
    expect(await refusal(write(ledger, {}, [['Boats', 1_000_000]]))).toBe('budget_line_head_known');
    expect(await refusal(write(ledger, {}, [['Wardens', 1_000_000]]))).toBe('not refused');
  });

  test('an agreement that is not what its version says, and a version it does not follow', async () => {
    const ledger = await onTwoHeads();
    const set = (values: Record<string, unknown>) => refusal((db) => db('agreement').where({ id: ledger.agreement.id }).update(values));
    expect(await set({ ceiling_pence: 1_000_001 })).toBe('agreement_follows_its_version');
    expect(await set({ productive_ratio: 0.6 })).toBe('agreement_follows_its_version');
    expect(await refusal(async (db) => {
      await db('agreement').where({ id: ledger.agreement.id }).update({ ends_on: '2024-06-30' });
      await asOffice(db, (context) => layPeriods(context, { ...ledger.agreement, endsOn: '2024-06-30' }, 'quarter'));
    })).toBe('agreement_follows_its_version');
    expect(await refusal(write(ledger, { ceiling_pence: 1_100_000 }, [['Wardens', 1_100_000]]))).toBe('agreement_follows_its_version');
  });

  test('a version by a variation that nobody approved, a second first one, a number left out', async () => {
    const ledger = await onTwoHeads();
    const base = await currentVersion(database.db, ledger.agreement.id, '2024-01-01');
    const id = randomUUID();
    await database.db('variation').insert({ id, agreement_id: ledger.agreement.id, number: 1, effective_from: '2023-10-01', base_version_id: base?.id, changes: '{}', difference: '[]', reason: 'x', proposed_by: randomUUID() });
    expect(await refusal(write(ledger, { source_kind: 'variation', source_id: id, variation_id: id }, [['Wardens', 1_000_000]]))).toBe('agreement_version_needs_approval');
    expect(await refusal(write(ledger, { source_kind: 'signed' }, [['Wardens', 1_000_000]]))).toBe('agreement_version_first_is_signed');
    expect(await refusal(write(ledger, { number: 3 }, [['Wardens', 1_000_000]]))).toBe('agreement_version_follows');
  });

  test('adding to a version, changing or removing it, and rates beside it', async () => {
    const { agreement } = await onTwoHeads({ councilCode: middlesbrough });
    const version = await currentVersion(database.db, agreement.id, '2024-01-01');
    const own = { version_id: version?.id, agreement_id: agreement.id };
    expect(await refusal((db) => db('budget_line').insert({ ...own, head: 'Training', budget_pence: 1 }))).toBe('agreement_version_is_whole');
    expect(await refusal((db) => db('target').insert({ ...own, starts_on: '2023-08-01', ends_on: '2023-08-31', person_minutes: 60 }))).toBe('agreement_version_is_whole');
    for (const table of ['agreement_version', 'budget_line', 'budget_profile', 'target', 'version_hotspot']) expect(await refusal((db) => db(table).delete()), table).toBe(`${table}_append_only`);
    expect(await refusal((db) => db('agreement_rate').insert({ agreement_id: agreement.id, band: 'day', pence_per_hour: 9_999, valid_from: '2023-10-01' }))).toBe('agreement_rate_by_variation');
  });
});
