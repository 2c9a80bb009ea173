/** The second fence around what goes out: kept returns with their rows, blank templates, what was released to whom, reminders to the office. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inScope } from '../../server/database.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

interface Scope {
  readonly personId: string | null;
  readonly roles: string[];
  readonly councils: string[];
}

let database: TestDatabase;
const hartlepool: Scope = { personId: null, roles: ['council_lead'], councils: ['E06000001'] };
const office: Scope = { personId: null, roles: ['grant_manager'], councils: ['*'] };
const anybody: Scope = { personId: null, roles: ['public'], councils: [] };

beforeAll(async () => {
  database = await openTestDatabase();
  await database.db.raw(`
    insert into monitoring_return (id, definition_code, month) select gen_random_uuid(), 'home_office_monthly', '2023-10-01';
    insert into return_version (return_id, version, definition_version, figures, sha256) select id, 1, 1, '{}', repeat('0', 64) from monitoring_return;
    insert into return_version_rows (return_id, version, packed) select return_id, version, 'x' from return_version;
    insert into return_template (id, definition_code, title, file_name, bytes, sha256, content) select gen_random_uuid(), 'home_office_monthly', 'x', 'x.xlsx', 1, repeat('0', 64), 'x';
    insert into publication (id, kind, month, version, content, sha256) select gen_random_uuid(), kind, '2023-10-01', 1, '{}', repeat('0', 64) from unnest(array['grants', 'public page', 'partners page']) kind;
    insert into publication_release (publication_id, released_by) select id, gen_random_uuid() from publication where kind <> 'grants';
    insert into mail_message (id, kind, key, to_address, subject, body, queued_at) select gen_random_uuid(), 'x', n::text, 'x', 'x', 'x', now() from generate_series(1, 2) n;
    insert into reminder (id, rule, month, council_code, person_id, due_on, mail_id, made_at)
      select gen_random_uuid(), 'x', '2023-10-01', case key when '1' then 'E06000001' end, (select min(id::text)::uuid from person), '2023-11-07', id, now() from mail_message where kind = 'x'`);
});
afterAll(() => database.close());

const rowsSeen = (table: string, scope: Scope): Promise<number> => inScope(database.db, scope, async (trx) => Number((await trx(table).count('* as n').first())?.['n']));
const seenBy = async (table: string): Promise<number[]> => [await rowsSeen(table, anybody), await rowsSeen(table, hartlepool), await rowsSeen(table, office)];

test('what a kept return was counted from is the office’s alone, to read and to keep', async () => {
  expect(await seenBy('return_version_rows')).toEqual([0, 0, 1]);
  const keep = (scope: Scope) => inScope(database.db, scope, (trx) => trx.raw(`insert into return_version_rows (return_id, version, packed) values (gen_random_uuid(), 1, 'x')`));
  await expect(keep(hartlepool)).rejects.toMatchObject({ code: '42501' });
  // The office gets past the fence, and is stopped by there being no such version.
  await expect(keep(office)).rejects.toMatchObject({ constraint: 'return_version_rows_of_version' });
});

test('a blank template is nobody’s secret, and only the office adds one', async () => {
  expect(await seenBy('return_template')).toEqual([1, 1, 1]);
  const add = (scope: Scope) => inScope(database.db, scope, (trx) => trx('return_template').insert({ id: randomUUID(), definition_code: 'x', title: 'x', file_name: 'x.xlsx', bytes: 1, sha256: '0'.repeat(64), content: Buffer.from('x') }));
  await expect(add(hartlepool)).rejects.toMatchObject({ code: '42501' });
  await add(office);
  expect(await seenBy('return_template')).toEqual([2, 2, 2]);
});

test('neither is ever changed', async () => {
  for (const table of ['return_template', 'return_version_rows']) {
    for (const statement of [`delete from ${table}`, `truncate ${table} cascade`]) await expect(database.db.raw(statement), statement).rejects.toMatchObject({ constraint: `${table}_append_only` });
  }
});

test('a draft is the office’s, what was released to partners is for who is signed in, the rest is anybody’s', async () => {
  expect(await seenBy('publication')).toEqual([1, 1, 3]);
  const lead = await database.db('person').where({ email: 'lead@hartlepool.demo' }).first('id');
  expect(await rowsSeen('publication', { ...hartlepool, personId: lead.id })).toBe(2);
});

test('a reminder to the office is seen by the office', async () => expect(await seenBy('reminder')).toEqual([0, 1, 2]));
