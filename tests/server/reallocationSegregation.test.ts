/** Whoever does whatever in whatever order: nobody approves what they proposed, nobody answers for another body, and nothing is in effect without all of them. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inScope } from '../../server/database.ts';
import { constraintError } from '../../server/errors.ts';
import { insertReallocation } from '../../server/reallocations/queries.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { addPilot, type Pilot } from '../support/reallocations.ts';

let database: TestDatabase;
let pilot: Pilot;
let people: { id: string; councilCode: string | null }[];
beforeAll(async () => {
  database = await openTestDatabase();
  pilot = await addPilot(database.db);
  const emails = ['manager@opcc.demo', 'finance@opcc.demo', 'finance@hartlepool.demo', 'finance@middlesbrough.demo', 'finance@redcar.demo'];
  const rows: { id: string; email: string; councilCode: string | null }[] = await database.db('person as p').join('organisation as o', 'o.id', 'p.organisation_id').select('p.id', 'p.email', 'o.council_code as councilCode').whereIn('p.email', emails);
  people = emails.map((email) => rows.find((row) => row.email === email)!);
});
afterAll(() => database.close());

const person = fc.nat(4);
const parties = ['E06000001', 'E06000002'] as const;
const command = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answer' as const), by: person, as: person, at: fc.nat(1) }) },
  // Those who may, so that some get through.
  { weight: 5, arbitrary: fc.nat(1).map((at) => ({ do: 'answer' as const, by: at + 2, as: 4, at })) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('approve' as const), by: person, as: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const), by: person, state: fc.constantFrom('proposed', 'agreed', 'effective') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rewrite' as const), by: person, set: fc.constantFrom('proposed_by', 'approved_by', 'reason'), as: person }) },
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

/** One step under the person's own scope; what is written in another's name is what a faulty page might send. */
async function act(trx: Knex.Transaction, id: string, each: Command): Promise<unknown> {
  const row = trx('reallocation').where({ id });
  if (each.do === 'answer') return trx('reallocation_party').where({ reallocation_id: id, agreement_id: pilot.agreements[parties[each.at] ?? ''] ?? '' }).update({ agreed_by: people[each.as]!.id });
  if (each.do === 'approve') return row.update({ state: 'approved', decision_reference: 'X', funder_consent: 'Y', funder_consent_on: '2023-11-17' });
  if (each.do === 'settle') return row.update({ state: each.state });
  return row.update({ [each.set]: each.set === 'reason' ? 'Another' : people[each.as]!.id });
}

test('two people of the office and a person of each body, always', async () => {
  let approved = 0;
  await fc.assert(fc.asyncProperty(person.filter((nth) => nth < 2), fc.array(command, { minLength: 5, maxLength: 12, size: 'max' }), async (proposer, commands) => {
    const id = randomUUID();
    const as = <T>(nth: number, work: (trx: Knex.Transaction) => Promise<T>): Promise<T> => inScope(database.db, { personId: people[nth]!.id, roles: [], councils: [people[nth]!.councilCode ?? '*'] }, work);
    await as(proposer, (trx) => insertReallocation(trx, {
      id, fundId: pilot.fundId, kind: 'reallocation', effectiveFrom: '2023-11-20', reason: 'x', proposedBy: people[4]!.id,
      lines: [{ agreementId: pilot.agreements[parties[0]] ?? '', head: 'Wardens', amountPence: -100 }, { agreementId: pilot.agreements[parties[1]] ?? '', head: 'Wardens', amountPence: 100 }],
    }));
    let approver: number | undefined;
    for (const each of commands) {
      const done = await as(each.by, (trx) => act(trx, id, each)).then(Number, (error: { code?: string }) => {
        if (!constraintError(error) && error.code !== '42501') throw error;
        return 0;
      });
      if (each.do === 'approve' && done > 0) approver ??= each.by;
    }
    const row = await database.db('reallocation').where({ id }).first();
    const answers: { agreement_id: string; agreed_by: string | null }[] = await database.db('reallocation_party').where({ reallocation_id: id });
    expect(row).toMatchObject({ proposed_by: people[proposer]!.id, reason: 'x', approved_by: approver === undefined ? null : people[approver]!.id });
    expect(row.approved_by).not.toBe(row.proposed_by);
    for (const { agreement_id: agreement, agreed_by: by } of answers) {
      const body = parties.find((code) => pilot.agreements[code] === agreement);
      expect([null, people.find(({ councilCode }) => councilCode === body)?.id]).toContain(by);
      expect(by !== null || ['proposed'].includes(row.state as string)).toBe(true);
    }
    expect(row.state).not.toBe('effective');
    approved += Number(row.state === 'approved');
  }), { numRuns: database.kind === 'server' ? 120 : 40 });
  expect(approved).toBeGreaterThan(3);
}, 300_000);
