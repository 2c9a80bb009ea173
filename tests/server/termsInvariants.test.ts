/** Every rule of the terms broken on purpose, by the owner of the tables, whom nothing but the rules themselves hold back. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inScope } from '../../server/database.ts';
import { constraintError } from '../../server/errors.ts';
import { checkTerms, countTermsFaults } from '../../server/terms/checkWork.ts';
import { termsSentences } from '../../server/terms/sentences.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { asOffice, type OpenLedger } from '../support/ledger.ts';
import { addHotspot, middlesbrough } from '../support/patrols.ts';
import { addSigned } from '../support/terms.ts';

let database: TestDatabase;
let ledger: OpenLedger;
let other: OpenLedger;
let hotspot: string;
const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()];
beforeAll(async () => {
  database = await openTestDatabase();
  ledger = await addSigned(database.db, { committedPence: 400_000 });
  other = await addSigned(database.db, { councilCode: middlesbrough });
  hotspot = await addHotspot(database.db);
});
afterAll(() => database.close());

/** The name of what refused, once its sentence is known to be there; what was done before is rolled back. */
async function refusedBy(work: (db: Knex) => Promise<unknown>): Promise<string> {
  const error: unknown = await database.db.transaction(async (trx) => {
    await work(trx);
    await trx.raw('set constraints all immediate');
  }).then(() => new Error('It was not refused.'), (refusal: unknown) => refusal);
  const said = constraintError(error);
  if (!said) throw error;
  expect(said.message).toBe(termsSentences[said.code]);
  return said.code;
}

const agreementId = (): string => ledger.agreement.id;
const baseOf = async (db: Knex, of = agreementId()): Promise<string> => (await db('agreement_version').where({ agreement_id: of }).first('id')).id as string;
/** A variation as far as a state, by three persons. */
async function addVariation(db: Knex, state: 'draft' | 'proposed' | 'council agreed' | 'approved' = 'draft', given: Record<string, unknown> = {}): Promise<string> {
  const id = randomUUID();
  await db('variation').insert({ id, agreement_id: agreementId(), effective_from: '2023-10-01', base_version_id: await baseOf(db), changes: '{}', difference: '[]', reason: 'x', proposed_by: one, ...given });
  const steps = [['proposed', {}], ['council agreed', { agreed_by: two }], ['approved', { approved_by: three, decision_reference: 'DN' }]] as const;
  for (const [next, more] of steps.slice(0, ['draft', 'proposed', 'council agreed', 'approved'].indexOf(state))) await db('variation').where({ id }).update({ state: next, ...more });
  return id;
}
/** A whole second version; `parts` are further rows of it. */
async function addVersion(db: Knex, given: Record<string, unknown> = {}, lines: readonly (readonly [string, number])[] = [['Wardens', 1_000_000]], parts: readonly (readonly [string, Record<string, unknown>])[] = []): Promise<void> {
  const own = { version_id: randomUUID(), agreement_id: agreementId() };
  await db('agreement_version').insert({ id: own.version_id, agreement_id: own.agreement_id, number: 2, effective_from: '2023-10-01', ceiling_pence: 1_000_000, ends_on: '2024-03-31', productive_ratio: 0.5, payment_basis: 'cost', reason: 'x', source_kind: 'virement', source_id: randomUUID(), ...given });
  for (const [head, budget_pence] of lines) await db('budget_line').insert({ ...own, head, budget_pence });
  for (const [table, row] of parts) await db(table).insert({ ...own, ...row });
}
const withPart = (table: string, ...rows: Record<string, unknown>[]) => (db: Knex): Promise<void> => addVersion(db, {}, undefined, rows.map((row) => [table, row] as const));
async function addCondition(db: Knex, given: Record<string, unknown> = {}): Promise<string> {
  const id = randomUUID();
  await db('agreement_condition').insert({ id, agreement_id: agreementId(), kind: 'condition', what: 'Briefing pack', ...given });
  return id;
}
const changeVariation = (state: Parameters<typeof addVariation>[1], values: Record<string, unknown>) => async (db: Knex): Promise<void> => void (await db('variation').where({ id: await addVariation(db, state) }).update(values));
const changeCondition = (...changes: Record<string, unknown>[]) => async (db: Knex): Promise<void> => {
  const id = await addCondition(db, changes[0]?.['from_version'] === undefined ? {} : { from_version: changes[0]['from_version'] });
  for (const values of changes.slice(changes[0]?.['from_version'] === undefined ? 0 : 1)) await db('agreement_condition').where({ id }).update(values);
};
const done = { done_on: '2023-10-01', done_by: one, evidence: 'Register' };
const target = { starts_on: '2023-10-01', ends_on: '2023-12-31', person_minutes: 60 };
const profile = { head: 'Wardens', starts_on: '2023-10-01', amount_pence: 1_000_000 };

/** What is tried -> what refuses it. */
const broken: Record<string, (db: Knex) => Promise<unknown>> = {
  budget_head_name_trimmed: (db) => db('budget_head').insert({ name: ' Boats', describes: 'x', source: 'x', valid_from: '2023-01-01' }),
  budget_head_dates_in_order: (db) => db('budget_head').where({ name: 'Vehicles' }).update({ valid_to: '2019-01-01' }),
  budget_head_pkey: (db) => db('budget_head').insert({ name: 'Vehicles', describes: 'x', source: 'x', valid_from: '2023-01-01' }),
  variation_reason_given: (db) => addVariation(db, 'draft', { reason: ' ' }),
  variation_number_once: async (db) => {
    await addVariation(db);
    await db.raw('alter table variation disable trigger variation_kept');
    await addVariation(db, 'draft', { number: 1, state: 'withdrawn', withdrawn_reason: 'x' });
  },
  variation_pkey: async (db) => {
    const id = await addVariation(db);
    await db('variation').where({ id }).update({ state: 'withdrawn', withdrawn_reason: 'x' });
    await addVariation(db, 'draft', { id });
  },
  variation_preparer_is_not_approver: changeVariation('council agreed', { state: 'approved', approved_by: one, decision_reference: 'DN' }),
  variation_council_is_not_office: changeVariation('proposed', { state: 'council agreed', agreed_by: one }),
  variation_approval_has_reference: changeVariation('council agreed', { state: 'approved', approved_by: three, decision_reference: ' ' }),
  variation_withdrawal_has_reason: changeVariation('proposed', { state: 'withdrawn' }),
  variation_one_at_a_time: async (db) => {
    await addVariation(db);
    await addVariation(db);
  },
  variation_base_of_agreement: async (db) => addVariation(db, 'draft', { base_version_id: await baseOf(db, other.agreement.id) }),
  variation_starts_as_draft: (db) => addVariation(db, 'draft', { state: 'approved' }),
  variation_is_settled: async (db) => {
    const id = await addVariation(db);
    for (const reason of ['No', 'Yes']) await db('variation').where({ id }).update({ state: 'withdrawn', withdrawn_reason: reason });
  },
  variation_is_fixed: changeVariation('proposed', { reason: 'Another' }),
  variation_steps_in_order: changeVariation('proposed', { state: 'approved', approved_by: three, decision_reference: 'DN' }),
  variation_step_by_somebody: changeVariation('proposed', { state: 'council agreed' }),
  variation_effective_has_version: changeVariation('approved', { state: 'effective' }),
  variation_append_only: (db) => db('variation').delete(),
  agreement_version_ceiling_positive: async (db) => {
    await db.raw('alter table agreement_version disable trigger agreement_version_entered');
    await addVersion(db, { ceiling_pence: 0 });
  },
  agreement_version_ratio_a_share: (db) => addVersion(db, { productive_ratio: 1.1 }),
  agreement_version_number_once: async (db) => {
    await db.raw('alter table agreement_version disable trigger agreement_version_entered');
    await addVersion(db, { number: 1, source_kind: 'signed' });
  },
  agreement_version_source_once: async (db) => {
    const source_id = randomUUID();
    for (const number of [2, 3]) await addVersion(db, { number, source_id });
  },
  agreement_version_first_is_signed: (db) => addVersion(db, { source_kind: 'signed' }),
  agreement_version_reason_given: (db) => addVersion(db, { reason: ' ' }),
  agreement_version_follows: (db) => addVersion(db, { number: 3 }),
  agreement_version_days_in_order: (db) => addVersion(db, { effective_from: '2023-07-02' }),
  agreement_version_within_agreement: (db) => addVersion(db, { effective_from: '2024-04-01' }),
  agreement_version_needs_approval: async (db) => {
    const id = await addVariation(db, 'council agreed');
    await addVersion(db, { source_kind: 'variation', source_id: id, variation_id: id });
  },
  agreement_version_not_below_committed: (db) => addVersion(db, { ceiling_pence: 399_999 }, [['Wardens', 399_999]]),
  agreement_version_percent_of_agreed: (db) => addVersion(db, { overheads_percent: 10 }),
  agreement_version_names_variation: async (db) => addVersion(db, { variation_id: await addVariation(db, 'approved') }),
  agreement_version_variation_of_agreement: async (db) => {
    const id = await addVariation(db, 'approved', { agreement_id: other.agreement.id, base_version_id: await baseOf(db, other.agreement.id) });
    await addVersion(db, { source_kind: 'variation', source_id: id, variation_id: id });
  },
  agreement_version_is_whole: async (db) => db('target').insert({ version_id: await baseOf(db), agreement_id: agreementId(), ...target }),
  agreement_version_append_only: (db) => db('agreement_version').update({ reason: 'y' }),
  agreement_follows_its_version: (db) => db('agreement').where({ id: agreementId() }).update({ productive_ratio: 0.6 }),
  agreement_rate_by_variation: (db) => db('agreement_rate').insert({ agreement_id: agreementId(), band: 'day', pence_per_hour: 1, valid_from: '2023-10-01' }),
  budget_line_head_known: (db) => addVersion(db, {}, [['Boats', 1_000_000]]),
  budget_line_positive: (db) => addVersion(db, {}, [['Wardens', 0]]),
  budget_line_tolerance_not_negative: withPart('budget_line', { head: 'Training', budget_pence: 1, tolerance_pence: -1 }),
  budget_line_once: withPart('budget_line', { head: 'Wardens', budget_pence: 1 }),
  budget_line_sum_is_value: (db) => addVersion(db, {}, [['Wardens', 999_999]]),
  budget_line_overheads_agreed: (db) => addVersion(db, {}, [['Wardens', 900_000], ['Overheads', 100_000]]),
  budget_line_overheads_within_percent: (db) => addVersion(db, { overheads_agreed: true, overheads_percent: 11.11 }, [['Wardens', 900_000], ['Overheads', 100_000]]),
  budget_line_append_only: (db) => db('budget_line').delete(),
  budget_profile_not_negative: withPart('budget_profile', { ...profile, amount_pence: -1 }),
  budget_profile_once: withPart('budget_profile', profile, profile),
  budget_profile_sum_is_budget: withPart('budget_profile', { ...profile, amount_pence: 999_999 }),
  budget_profile_append_only: (db) => db('budget_profile').delete(),
  target_positive: withPart('target', { ...target, person_minutes: 0 }),
  target_dates_in_order: withPart('target', { ...target, ends_on: '2023-09-30' }),
  target_once: withPart('target', target, { ...target, ends_on: '2023-10-31' }),
  target_never_overlap: withPart('target', target, { ...target, starts_on: '2023-12-31', ends_on: '2024-01-31' }),
  target_append_only: (db) => db('target').delete(),
  version_hotspot_once: (db) => withPart('version_hotspot', { hotspot_id: hotspot }, { hotspot_id: hotspot })(db),
  version_hotspot_append_only: (db) => db('version_hotspot').delete(),
  signatory_title_given: (db) => db('signatory').insert({ id: randomUUID(), agreement_id: agreementId(), party: 'council', title: ' ' }),
  signatory_once: (db) => db('signatory').insert([1, 2].map(() => ({ id: randomUUID(), agreement_id: agreementId(), party: 'council', title: 'Mayor' }))),
  agreement_condition_what_given: (db) => addCondition(db, { what: ' ' }),
  agreement_condition_done_has_evidence: changeCondition({ done_on: '2023-10-01', done_by: one }),
  agreement_condition_accepted_is_done: changeCondition({ accepted_by: two }),
  agreement_condition_preparer_is_not_approver: changeCondition(done, { accepted_by: one }),
  agreement_condition_is_signed: changeCondition({ from_version: 1 }, { what: 'Less' }),
  agreement_condition_accepted_once: changeCondition(done, { accepted_by: two }, { evidence: 'Another' }),
  agreement_condition_append_only: (db) => db.raw('truncate agreement_condition'),
};

describe('refused with its sentence', () => {
  test.each(Object.entries(broken))('%s', async (name, work) => {
    expect(await refusedBy(work)).toBe(name);
  });

  test('what is spent is broken beside the ledger; every other sentence here', () => {
    const elsewhere = ['agreement_version_not_below_spent', 'budget_line_not_below_spent'];
    expect(Object.keys(termsSentences).filter((name) => !(name in broken))).toEqual(elsewhere);
  });
});

test('who does a step is who is signed in, whatever is written', async () => {
  const id = await database.db.transaction((trx) => addVariation(trx));
  const as = (person: string, values: Record<string, unknown>) => inScope(database.db, { personId: person, roles: ['grant_manager'], councils: ['*'] }, (trx) => trx('variation').where({ id }).update(values));
  await as(two, { state: 'proposed' });
  await as(three, { state: 'council agreed' });
  await expect(as(two, { state: 'approved', decision_reference: 'DN' })).rejects.toMatchObject({ constraint: 'variation_preparer_is_not_approver' });
  await expect(as(one, { approved_by: three })).rejects.toMatchObject({ code: '42501' });
  await as(one, { state: 'approved', decision_reference: 'DN' });
  expect(await database.db('variation').where({ id }).first('proposed_by', 'agreed_by', 'approved_by')).toEqual({ proposed_by: two, agreed_by: three, approved_by: one });
});

test('the nightly check finds nothing, and the right thing once the rules are switched off', async () => {
  await checkTerms(database.db);
  const stop = new Error('rolled back');
  const counted = asOffice(database.db, async ({ db }) => {
    await db.raw('reset role');
    await db.raw('alter table budget_line disable trigger user; alter table agreement disable trigger user');
    await db('budget_line').where({ agreement_id: agreementId() }).update({ budget_pence: 1 });
    await db('agreement').where({ id: agreementId() }).update({ productive_ratio: 0.7 });
    expect((await countTermsFaults(db)).filter(({ found }) => found > 0)).toEqual([
      { fault: 'Agreements that are not what their last version says', found: 1 }, { fault: 'Versions whose budgets do not add up to their value', found: 1 }, { fault: 'Budgets whose periods do not add up', found: 1 },
    ]);
    throw stop;
  });
  await expect(counted).rejects.toBe(stop);
});
