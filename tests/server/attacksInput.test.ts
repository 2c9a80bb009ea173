/** Hostile input in every field of every endpoint: SQL, characters, numbers, keys, depth and size. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callers, type Field, fieldsOf, liftLimits, sendWith } from '../support/attack.ts';
import { startDemonstrationService } from '../support/demonstration.ts';
import type { TestService } from '../support/database.ts';
import { type Operation, operationsOf, walk } from '../support/walk.ts';

const texts = [
  `x'); drop table visit; -- " or ''='' \\ $1 ? ?? :id :name: %_ {"$ne":null}`,
  `"; select pg_sleep(9); --`,
  'nul \u0000 in it',
  'half a pair \ud800',
];
const numbers = [9_007_199_254_740_991, -2_147_483_649, 0];
const days = ['0000-01-01', '0001-01-01', '9999-12-31', '1900-01-01', '2099-12-31'];

let service: TestService;
let operations: Operation[];
let callerOf: ReturnType<typeof callers>;
beforeAll(async () => {
  service = await startDemonstrationService();
  await liftLimits(service.database.db);
  callerOf = callers(service);
  operations = operationsOf((await (await service.client()).get('/api/openapi.json')).body);
});
afterAll(() => service.close());

const atDoor = ({ path }: Operation): boolean => /^\/api\/(session|oidc|invitations|account)/.test(path);

/** Real rows, so that a hostile value meets the query behind the check whether there is such a thing. */
async function realIds(): Promise<(path: string) => Record<string, string>> {
  const { db } = service.database;
  const first = async (table: string): Promise<string> => (await db(table).select('id').orderBy('id').first())?.id ?? randomUUID();
  const [hotspotId, agreementId, runId, fundId] = [await first('hotspot'), await first('agreement'), await first('analysis_run'), await first('fund')];
  const tables = { hotspots: 'hotspot', visits: 'visit', wardens: 'warden', agreements: 'agreement', funds: 'fund', analyses: 'analysis_run', allocations: 'allocation_run', imports: 'import_run', jobs: 'job' };
  const byName = { hotspotId, agreementId, runId, fundId };
  const ids = Object.fromEntries(await Promise.all(Object.entries(tables).map(async ([name, table]) => [name, await first(table)] as const)));
  return (path) => ({ ...byName, id: ids[path.split('/')[2] ?? ''] ?? randomUUID() });
}

function hostile({ schema }: Field): readonly unknown[] {
  if (schema.type === 'integer' || schema.type === 'number') return numbers;
  if (schema.format === 'date') return [...days, texts[0]];
  if (schema.enum || schema.const !== undefined || schema.format === 'uuid' || schema.type === 'boolean') return [texts[0]];
  return texts;
}

/** How many rows every table holds, and every table's columns. */
async function shape(): Promise<{ rows: Record<string, number>; columns: unknown }> {
  const { db } = service.database;
  const names = ['visit', 'hotspot', 'person', 'organisation', 'incident', 'agreement', 'commitment', 'audit_event', 'return_version', 'warden', 'setting', 'boundary'];
  const rows: Record<string, number> = {};
  for (const name of names) rows[name] = Number((await db(name).count('* as n').first())?.['n']);
  const { rows: columns } = await db.raw(`select table_name, column_name, data_type from information_schema.columns where table_schema = 'public' order by 1, 2`);
  return { rows, columns };
}

describe('in every field', () => {
  test('SQL, odd characters, numbers and days out of range never fail inside, and every table stands', async () => {
    const before = await shape();
    const idsFor = await realIds();
    const failed: string[] = [];
    let sent = 0;
    for (const operation of operations.filter((each) => !atDoor(each))) {
      const client = await callerOf(operation);
      for (const field of fieldsOf(operation)) {
        for (const value of hostile(field)) {
          sent += 1;
          const { status, body } = await sendWith(client, operation, field, value, idsFor(operation.path));
          if (status >= 500 && body.code !== 'not_ready') failed.push(`${operation.method} ${operation.path} ${field.path.join('.')} = ${JSON.stringify(value)}: ${status}`);
        }
      }
      await service.database.db('job').where({ state: 'queued' }).delete();
    }
    expect(failed).toEqual([]);
    expect(sent).toBeGreaterThan(300);
    const after = await shape();
    expect(after.columns).toEqual(before.columns);
    for (const [table, n] of Object.entries(before.rows)) expect(after.rows[table], table).toBeGreaterThanOrEqual(n);
  });

  test('at the door they never fail inside either', async () => {
    for (const operation of operations.filter((each) => atDoor(each) && each.method !== 'delete')) {
      for (const field of fieldsOf(operation)) {
        for (const value of hostile(field)) {
          const { status } = await sendWith(await service.client(), operation, field, value);
          expect(status, `${operation.method} ${operation.path} ${field.path.join('.')} = ${JSON.stringify(value)}`).toBeLessThan(500);
        }
      }
    }
  });
});

/** Texts that stand for one thing among others, for a secret, or for an officer's own account; everything else people may write is free text. */
const notFreeText = new RegExp(`^(${[
  'email', 'toEmail', 'password', 'current', 'next', 'token', 'startedAt', 'endedAt', 'zone',
  'code', 'field', 'part', 'breakdown', 'councilCode', 'wardCode', 'council', 'category', 'source', 'kind', 'subtype', 'subtypes', 'cells', 'candidates', 'key', 'item',
  'amount', 'ceiling', 'award', 'perHour', 'recoverableVat', 'measure', 'formula', 'approved', 'carried', 'cost', 'proceeds',
].join('|')})$`);

test('no text people may write takes a name or a number of somebody', async () => {
  const taken: string[] = [];
  let asked = 0;
  for (const operation of operations.filter((each) => each.body && each.permission !== 'anyone')) {
    const free = fieldsOf(operation).filter(({ place, path: [...path], schema }) => {
      const name = path.findLast((step) => step !== '0') ?? '';
      const isText = schema.type === 'string' && !schema.enum && !schema.format && !schema.pattern && schema.const === undefined;
      const ofAccount = operation.path === '/api/people' && name === 'name';
      return place === 'body' && isText && !ofAccount && !path.includes('columns') && (path.includes('mapping') ? name !== 'zone' : !notFreeText.test(name));
    });
    for (const field of free) {
      asked += 1;
      const { status, body } = await sendWith(await callerOf(operation), operation, field, 'Rang Mrs Example on 01632 960123');
      const named = status === 422 && (body.errors as { field: string; message: string }[]).some((error) => error.field === field.path.join('.') && /a telephone number/.test(error.message));
      if (!named) taken.push(`${operation.method} ${operation.path} ${field.path.join('.')}: ${status} ${JSON.stringify(body.errors ?? body)}`);
    }
  }
  expect(taken).toEqual([]);
  expect(asked).toBeGreaterThan(15);
});

test('an id of another council’s is answered as one that was made up', async () => {
  const { db } = service.database;
  const lead = await service.client('lead@hartlepool.demo');
  const told: string[] = [];
  let compared = 0;
  for (const [name, table] of [['hotspots', 'hotspot'], ['visits', 'visit'], ['wardens', 'warden'], ['agreements', 'agreement'], ['jobs', 'job'], ['imports', 'import_run'], ['people', 'person']] as const) {
    const row = table === 'person' || table === 'import_run' ? db(table).first() : db(table).where({ council_code: 'E06000002' }).first();
    const foreign = ((await row) as { id: string } | undefined)?.id;
    for (const operation of operations.filter((each) => foreign && each.path.startsWith(`/api/${name}/{id}`))) {
      compared += 1;
      const [theirs, nobodys] = [await walk(lead, operation, { id: foreign! }), await walk(lead, operation, { id: randomUUID() })];
      const plain = (answer: typeof theirs): unknown => ({ status: answer.status, ...answer.body, requestId: '' });
      if (JSON.stringify(plain(theirs)) !== JSON.stringify(plain(nobodys))) told.push(`${operation.method} ${operation.path}: ${theirs.text} / ${nobodys.text}`);
      if (theirs.status < 400) told.push(`${operation.method} ${operation.path} answered ${theirs.status}`);
    }
  }
  expect(told).toEqual([]);
  expect(compared).toBeGreaterThan(8);
});
