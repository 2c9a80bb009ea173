/** Random variations, claims and reallocations by random people: the terms, the ledger and the fund always say the same, and nobody approves their own. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inScope } from '../../server/database.ts';
import { AppError, constraintError } from '../../server/errors.ts';
import { saveFund } from '../../server/grants/queries.ts';
import { approvalLegs, claimLegs, paymentLegs } from '../../server/ledger/ledger.ts';
import { type LedgerContext, post } from '../../server/ledger/ledgerWork.ts';
import { findVariation } from '../../server/terms/variationQueries.ts';
import { approve, bringIntoEffect, draft, step, withdraw } from '../../server/terms/variationWork.ts';
import { currentVersion, latestVersion, lockForTerms, makeVersion } from '../../server/terms/versionWork.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { faultsIn } from '../support/ledger.ts';
import { hartlepool, middlesbrough } from '../support/patrols.ts';
import { addSigned, agreementNow } from '../support/terms.ts';

let database: TestDatabase;
let people: string[];
beforeAll(async () => {
  database = await openTestDatabase();
  people = await database.db('person').whereIn('email', ['manager@opcc.demo', 'finance@opcc.demo', 'finance@hartlepool.demo']).orderBy('email').pluck('id');
});
afterAll(() => database.close());

const names = ['Wardens', 'Vehicles', 'Training'];
const who = fc.nat(2);
const which = fc.nat(1);
const pence = fc.constantFrom(0, 10_000, 20_000, 45_000, 60_000, 90_000);
const days = ['2023-08-01', '2023-10-01', '2023-12-15', '2024-02-01'];
const budgets = fc.tuple(pence, pence, pence).filter((each) => each.some((amount) => amount > 0));
const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('draft' as const), who, which, budgets, day: fc.constantFrom(...days), endsOn: fc.constantFrom(undefined, undefined, '2024-06-30', '2024-01-31') }) },
  // Drafted, proposed, agreed and approved by one after the other.
  { weight: 4, arbitrary: fc.record({ do: fc.constant('whole' as const), who, which, budgets, day: fc.constantFrom(...days), endsOn: fc.constantFrom(undefined, '2024-06-30') }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('step' as const), who, which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), who, which }) },
  // What code with a fault in it might try: approval in another's name.
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pretend' as const), who, which, as: who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('spend' as const), who, which, head: fc.nat(2), pence: fc.constantFrom(5_000, 15_000, 30_000), far: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('virement' as const), who, which, budgets, day: fc.constantFrom(...days) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('night' as const), who, which, day: fc.constantFrom(...days, '2024-03-30') }) },
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

interface World {
  readonly agreements: readonly string[];
  readonly fundId: string;
  /** The variation under way of each agreement, and who really did its steps. */
  readonly current: (string | undefined)[];
  readonly did: Map<string, Record<string, string>>;
}

const heads = (given: readonly number[]): { head: string; budgetPence: number; tolerancePence: number; profile: [] }[] =>
  names.map((head, index) => ({ head, budgetPence: given[index] ?? 0, tolerancePence: 0, profile: [] as [] })).filter(({ budgetPence }) => budgetPence > 0);
const total = (given: readonly number[]): number => given.reduce((sum, each) => sum + each, 0);

async function run(context: LedgerContext, world: World, given: Command, by: string): Promise<void> {
  const { db } = context;
  const id = world.agreements[given.which]!;
  const agreement = await agreementNow(db, id);
  const own = world.current[given.which];
  const variation = own ? await findVariation(db, ['*'], own) : undefined;
  const note = (what: string): void => void world.did.set(own!, { ...world.did.get(own!), [what]: by });
  if (given.do === 'draft') {
    const variationId = randomUUID();
    await draft(context, agreement, { id: variationId, effectiveFrom: given.day, reason: 'As agreed', changes: { ceilingPence: total(given.budgets), heads: heads(given.budgets), ...(given.endsOn ? { endsOn: given.endsOn } : {}) } }, undefined);
    world.current[given.which] = variationId;
    world.did.set(variationId, { drafted: by });
  } else if (given.do === 'step' && variation) {
    if (variation.state === 'draft') await step(context, agreement, variation, 'proposed').then(() => note('proposed'));
    else if (variation.state === 'proposed') await step(context, agreement, variation, 'council agreed').then(() => note('agreed'));
    else if (variation.state === 'council agreed') await approve(context, agreement, variation, { key: randomUUID(), decisionReference: 'DN-1', today: '2023-11-15' }).then(() => note('approved'));
  } else if (given.do === 'withdraw' && variation) await withdraw(context, agreement, variation, 'Not wanted');
  else if (given.do === 'pretend' && variation) await db('variation').where({ id: own }).update({ state: 'approved', decision_reference: 'x', approved_by: people[given.as]! }); else if (given.do === 'spend') {
    const head = names[given.head]!;
    const journals = [['claim', claimLegs(given.pence, head)], ['approval', approvalLegs(given.pence, 0, head)], ['payment', paymentLegs(given.pence, head)]] as const;
    for (const [kind, legs] of journals.slice(0, given.far + 1)) await post(context, agreement, { kind, legs, effectiveOn: '2023-07-15', reason: 'As agreed', key: randomUUID() });
  } else if (given.do === 'virement') {
    await lockForTerms(db, [id]);
    const latest = await latestVersion(db, id);
    await makeVersion(context, agreement, { ...agreement, ceilingPence: total(given.budgets), paymentBasis: latest!.paymentBasis, effectiveFrom: given.day, heads: heads(given.budgets), source: { kind: 'reallocation', id: randomUUID() }, reason: 'Moved', key: randomUUID() });
  }
}

/** One command in a transaction of its own; true when it was refused in words. Anything else that is thrown is a fault of ours. */
async function refused(world: World, given: Command): Promise<boolean> {
  if (given.do === 'night') {
    await bringIntoEffect(database.db, new Date(`${given.day}T01:05:00Z`)).catch((error: Error) => {
      if (error.message.includes('Something failed')) throw error;
    });
    return false;
  }
  const by = people[given.who]!;
  const before = [...world.current];
  try {
    await inScope(database.db, { personId: by, roles: ['grant_manager'], councils: ['*'] }, (db) => run({ db, actor: { personId: by, role: 'test' } }, world, given, by));
    return false;
  } catch (error) {
    if (!(error instanceof AppError) && !constraintError(error) && (error as { code?: string }).code !== '42501') throw error;
    world.current.splice(0, 2, ...before);
    return true;
  }
}

/** A command as the ones it stands for. */
function parts(given: Command): Command[] {
  if (given.do !== 'whole') return [given];
  const { who: first, which: of } = given;
  return [{ ...given, do: 'draft' }, ...[0, 1, 2].map((later): Command => ({ do: 'step', who: (first + later) % 3, which: of }))];
}

async function check(db: Knex, { agreements, fundId, did }: World): Promise<void> {
  for (const id of agreements) {
    const [agreement, version] = [await agreementNow(db, id), await latestVersion(db, id)];
    const { ceilingPence, endsOn, productiveRatio } = version!;
    expect({ ceilingPence, endsOn, productiveRatio }).toEqual({ ceilingPence: agreement.ceilingPence, endsOn: agreement.endsOn, productiveRatio: agreement.productiveRatio });
    expect(version!.heads.reduce((sum, { budgetPence }) => sum + budgetPence, 0)).toBe(ceilingPence);
    for (const head of version!.heads) expect(head.profile.reduce((sum, { amountPence }) => sum + amountPence, 0)).toBe(head.budgetPence);
    const { awarded_pence: awarded } = await db('ledger').where({ agreement_id: id }).first();
    expect(awarded).toBe(ceilingPence);
    const { rows } = await db.raw(`select head, sum(balance_pence)::bigint as pence from ledger_account where agreement_id = :id and kind <> 'award' group by head having sum(balance_pence) <> 0 order by head`, { id });
    expect(rows).toEqual(version!.heads.map(({ head, budgetPence }) => ({ head, pence: budgetPence })));
    expect((await currentVersion(db, id, '2099-12-31'))?.number).toBe(version!.number);
  }
  const fund = await db('fund').where({ id: fundId }).first();
  const ceilings = await db('agreement').where({ fund_id: fundId }).sum({ sum: 'ceiling_pence' }).first();
  expect([fund.agreed_pence, fund.agreed_pence <= fund.award_pence]).toEqual([ceilings?.['sum'], true]);
  const variations = await db('variation').whereIn('agreement_id', [...agreements]);
  for (const row of variations) {
    const really = did.get(row.id as string) ?? {};
    // Nobody approves their own, and each name is of who really did it.
    expect([row.proposed_by, row.agreed_by, row.approved_by]).toEqual([really['proposed'] ?? really['drafted'], really['agreed'] ?? null, really['approved'] ?? null]);
    expect(row.approved_by ?? 'nobody').not.toBe(row.proposed_by);
    const versions = await db('agreement_version').where({ variation_id: row.id });
    expect(versions.length).toBe(row.state === 'effective' ? 1 : 0);
    expect((await db('journal').where({ idempotency_key: `variation ${row.id}` })).length).toBeLessThanOrEqual(versions.length);
  }
  expect(await faultsIn(db)).toEqual([]);
}

test('whatever is proposed, approved, spent and moved, terms, ledger and fund agree, and two persons stand behind each variation', async () => {
  const sequences = Number(process.env['VARIATION_SEQUENCES'] ?? (database.kind === 'server' ? 120 : 15));
  const seen: Record<string, number> = {};
  await fc.assert(fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 24, size: 'max' }), async (commands) => {
    const fundId = randomUUID();
    await saveFund(database.db, { id: fundId, name: fundId, funder: 'Home Office', purpose: 'Patrols', awardPence: 250_000, startsOn: '2023-07-01', endsOn: '2024-03-31' });
    const start = { heads: [{ head: 'Wardens', budgetPence: 60_000, tolerancePence: 0 }, { head: 'Vehicles', budgetPence: 40_000, tolerancePence: 0 }] };
    const ledgers = [await addSigned(database.db, { fundId, ceilingPence: 100_000, councilCode: hartlepool }, start), await addSigned(database.db, { fundId, ceilingPence: 100_000, councilCode: middlesbrough }, start)];
    const world: World = { agreements: ledgers.map(({ agreement }) => agreement.id), fundId, current: [undefined, undefined], did: new Map() };
    for (const each of commands.flatMap(parts)) {
      const name = (await refused(world, each)) ? 'refused' : each.do;
      seen[name] = (seen[name] ?? 0) + 1;
    }
    await check(database.db, world);
  }), { numRuns: sequences });
  const effective = Number((await database.db('variation').where({ state: 'effective' }).count('* as n').first())?.['n']);
  // The sequences do get somewhere.
  expect(effective).toBeGreaterThan(sequences / 10);
  for (const name of ['draft', 'step', 'spend', 'virement', 'refused']) expect(seen[name] ?? 0, name).toBeGreaterThan(0);
}, 900_000);
