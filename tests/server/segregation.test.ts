/** Two people, always: whatever anybody does in whatever order, nobody approves what they prepared, and what only grows never changes. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inScope } from '../../server/database.ts';
import type { Role } from '../../server/permissions.ts';
import { decideGrant, endGrant, findGrant, saveGrant } from '../../server/people/roleQueries.ts';
import { secondFactorRoles } from '../../server/people/secondFactor.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const sequences = 2000;

let database: TestDatabase;
let people: string[];
let growing: string[];
beforeAll(async () => {
  database = await openTestDatabase();
  const { db } = database;
  people = await db('person').where('email', 'like', '%@opcc.demo').orderBy('email').limit(5).pluck('id');
  await db.raw(`
    insert into hotspot (id, name, council_code, reason, live_from, outline, outline_27700)
      select '00000000-0000-4000-8000-000000000001', 'H', 'E06000001', 'x', '2023-08-01', st_multi(g), st_multi(st_transform(g, 27700)) from st_makeenvelope(-1.2, 54.6, -1.19, 54.61, 4326) g;
    insert into hotspot_baseline select id, '2023-07-01', 'x', 3 from hotspot;
    insert into fund (id, name, funder, award_pence, starts_on, ends_on, purpose) values ('00000000-0000-4000-8000-000000000002', 'F', 'Home Office', 100000000, '2023-07-01', '2024-03-31', 'x');
    insert into agreement (id, fund_id, council_code, reference, ceiling_pence, starts_on, ends_on, state, productive_ratio)
      select '00000000-0000-4000-8000-000000000003', id, 'E06000001', 'A', 25000000, '2023-07-01', '2024-03-31', 'live', 0.8 from fund;
    insert into commitment (id, agreement_id, amount_pence, effective_on, what) values ('00000000-0000-4000-8000-000000000004', '00000000-0000-4000-8000-000000000003', 1000, '2023-08-01', 'x');
    insert into audit_event (role, action, subject_kind, subject_id) values ('test', 'happened', 'thing', '1');
    insert into audit_digest (day, events, last_event_id, sha256) values ('2023-08-01', 1, 1, 'x')`);
  // Those whose trigger stands before UPDATE (16 in tgtype) as well; tables of several states guard theirs row by row.
  const { rows } = await db.raw(`select distinct tgrelid::regclass::text as name from pg_trigger where tgname like '%append_only' and tgtype & 16 <> 0 order by 1`);
  growing = (rows as { name: string }[]).map(({ name }) => name);
});
afterAll(() => database.close());

const person = fc.nat(4);
const roles = ['finance_approver', 'council_finance', 'grant_manager', 'administrator', 'analyst', 'warden'] as const;
/** A grant of the same sequence, by its place in it. */
const which = fc.nat(1);

const proposal = fc.record({ kind: fc.constant('propose' as const), by: person, to: person, role: fc.constantFrom(...roles), hasty: fc.boolean() });
const command = fc.oneof(
  { weight: 2, arbitrary: proposal },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('decide' as const), by: person, which, approve: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lend' as const), by: person, to: person, role: fc.constantFrom(...roles) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const), by: person, which }) },
  // What code with a fault in it might try: another's name, a second decision, a row rewritten or taken out.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pretend' as const), by: person, as: person, which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rewrite' as const), by: person, as: person, which, set: fc.constantFrom('granted_by', 'person_id', 'approved_by', 'delegated_from') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const), by: person, which, state: fc.constantFrom('proposed', 'approved', 'refused') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('erase' as const), by: person, which }) },
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

interface Prepared {
  readonly id: string;
  readonly by: string;
  readonly holder: string;
  readonly lent: boolean;
  /** Who really decided, once somebody did. */
  decidedBy?: string;
}

let month = 0;

/** Runs one sequence; a refusal of the database is an answer like another. */
async function play(commands: readonly Command[]): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  month += 1;
  const from = `${2030 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
  for (const each of commands) {
    const by = people[each.by]!;
    const done = inScope(database.db, { personId: by, roles: ['administrator'], councils: ['*'] }, (trx) => act(trx, each, by, prepared, from));
    const made = await done.catch((error: { code?: string }) => {
      // Broken constraints and missing rights; anything else is a fault of this test.
      if (!/^(23|42501)/.test(error.code ?? '')) throw error;
      return undefined;
    });
    if (made) prepared.push(made);
  }
  return prepared;
}

async function act(trx: Knex.Transaction, each: Command, by: string, prepared: readonly Prepared[], from: string): Promise<Prepared | undefined> {
  if (each.kind === 'propose' || each.kind === 'lend') {
    const lent = each.kind === 'lend';
    return prepare(trx, { by, holder: people[each.to]!, role: each.role, lent, from, hasty: each.kind === 'propose' && each.hasty });
  }
  const grant = prepared[each.which];
  if (!grant) return undefined;
  const row = trx('role_grant').where({ id: grant.id });
  if (each.kind === 'decide' && (await findGrant(trx, grant.id))?.state === 'proposed') await decideGrant(trx, grant.id, each.approve, by);
  if (each.kind === 'end') await endGrant(trx, grant.id, `${from}-20`);
  if (each.kind === 'pretend') await decideGrant(trx, grant.id, true, people[each.as]!);
  if (each.kind === 'rewrite') await row.update({ [each.set]: people[each.as]! });
  if (each.kind === 'reopen') await row.update({ state: each.state });
  if (each.kind === 'erase') await row.delete();
  const after: { approved_by: string | null } | undefined = await trx('role_grant').where({ id: grant.id }).first('approved_by');
  if (after?.approved_by) grant.decidedBy ??= by;
  return undefined;
}

async function prepare(trx: Knex.Transaction, given: { by: string; holder: string; role: Role; lent: boolean; from: string; hasty: boolean }): Promise<Prepared> {
  const { by, holder, role, lent, from, hasty } = given;
  const id = randomUUID();
  // Hasty: as if nobody had to approve.
  const state = !lent && !hasty && secondFactorRoles.includes(role) ? 'proposed' : 'approved';
  await saveGrant(trx, { id, personId: holder, role, state, agreementId: null, validFrom: `${from}-01`, validTo: `${from}-28`, grantedBy: by, delegatedFrom: lent ? by : null, reason: 'x' });
  return { id, by, holder, lent };
}

interface GrantRow {
  readonly id: string;
  readonly role: string;
  readonly state: string;
  readonly person_id: string;
  readonly granted_by: string;
  readonly approved_by: string | null;
  readonly delegated_from: string | null;
}

/** What is wrong with the grants of a sequence, by who really did what. */
async function faults(prepared: readonly Prepared[]): Promise<string[]> {
  const rows: GrantRow[] = await database.db('role_grant').whereIn('id', prepared.map(({ id }) => id));
  return prepared.flatMap(({ id, by, holder, lent, decidedBy }) => {
    const row = rows.find((each) => each.id === id);
    if (!row) return ['a grant is gone'];
    const approves = secondFactorRoles.includes(row.role);
    return [
      ...(row.granted_by !== by || row.person_id !== holder ? ['a grant was rewritten'] : []),
      ...(row.delegated_from !== (lent ? by : null) ? ['a loan was rewritten'] : []),
      ...(by === holder ? ['somebody gave themselves a role'] : []),
      ...(approves && row.state === 'approved' && !lent && row.approved_by === null ? ['an approver was let in by one person'] : []),
      ...(row.approved_by !== (decidedBy ?? null) ? ['a decision stands in another’s name'] : []),
      ...(row.approved_by === by ? ['who proposed it decided on it'] : []),
      ...(row.state === 'approved' && row.approved_by === holder ? ['who holds it approved it'] : []),
    ];
  });
}

test(`${sequences} random sequences of commands by random people never let one person prepare and approve a role`, async () => {
  await fc.assert(
    fc.asyncProperty(proposal, fc.array(command, { minLength: 1, maxLength: 6, size: 'max' }), async (first, commands) => {
      const prepared = await play([first, ...commands]);
      expect(await faults(prepared)).toEqual([]);
    }),
    { numRuns: sequences },
  );
  const approved = Number((await database.db('role_grant').whereNotNull('approved_by').where({ state: 'approved' }).count('* as n').first())?.['n']);
  // The sequences do get somewhere: two people who agree bring a role about.
  expect(approved).toBeGreaterThan(50);
}, 900_000);

describe('what only grows', () => {
  async function contents(): Promise<Record<string, string>> {
    const sums: Record<string, string> = {};
    for (const table of growing) sums[table] = (await database.db.raw(`select coalesce(md5(string_agg(t::text, ',' order by t::text)), 'empty') as sum from ${table} t`)).rows[0].sum;
    return sums;
  }

  test('holds the trail, its digests, commitments, returns and baselines', () => {
    expect(growing).toEqual(expect.arrayContaining(['audit_digest', 'audit_event', 'commitment', 'hotspot_baseline', 'return_version']));
  });

  test('never changes, whoever tries in whatever order', async () => {
    const before = await contents();
    expect(Object.values(before).filter((sum) => sum !== 'empty').length).toBeGreaterThanOrEqual(4);
    const attempt = fc.record({
      table: fc.constantFrom(...growing),
      role: fc.constantFrom('hotspots_app', 'hotspots_service', 'hotspots_sign_in', 'the owner'),
      how: fc.constantFrom('delete from :t', 'truncate :t cascade', 'update :t set :c = :c', 'delete from :t where false'),
    });
    const columns = Object.fromEntries(await Promise.all(growing.map(async (table) => [table, Object.keys(await database.db(table).columnInfo()).at(-1)!] as const)));
    await fc.assert(
      fc.asyncProperty(attempt, async ({ table, role, how }) => {
        const statement = how.replaceAll(':t', table).replaceAll(':c', `"${columns[table]}"`);
        const tried = database.db.transaction(async (trx) => {
          if (role !== 'the owner') await trx.raw(`select set_config('role', ?, true), set_config('app.roles', 'administrator', true), set_config('app.councils', '*', true)`, [role]);
          await trx.raw(statement);
        });
        await expect(tried, `${statement} as ${role}`).rejects.toMatchObject({ code: expect.stringMatching(/^(23001|42501)$/) });
      }),
      { numRuns: 300 },
    );
    expect(await contents()).toEqual(before);
  });
});
