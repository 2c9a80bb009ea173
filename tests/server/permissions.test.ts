/** Every endpoint × every role × own council, another one, none: from the OpenAPI file, against the permission table. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { may, permissions, type Permission, type Role } from '../../server/permissions.ts';
import { liftLimits } from '../support/attack.ts';
import { startDemonstrationService } from '../support/demonstration.ts';
import type { TestService } from '../support/database.ts';
import { type Operation, operationsOf, walk } from '../support/walk.ts';

const people: Record<string, Role> = {
  'manager@opcc.demo': 'grant_manager', 'finance@opcc.demo': 'finance_approver', 'analyst@opcc.demo': 'analyst', 'auditor@opcc.demo': 'auditor', 'admin@opcc.demo': 'administrator',
  'lead@hartlepool.demo': 'council_lead', 'finance@hartlepool.demo': 'council_finance', 'warden@hartlepool.demo': 'warden',
};
const own = 'E06000001';
const others = ['E06000002', 'E06000003', 'E06000004'];
const otherNames = ['Middlesbrough', 'Redcar and Cleveland', 'Stockton-on-Tees'];
/** Denials by the table; a sign-in refused for its password is not one. */
const denied = (body: { code?: string }): boolean => body.code === 'not_allowed' || body.code === 'not_signed_in';

let service: TestService;
let operations: Operation[];
beforeAll(async () => {
  service = await startDemonstrationService();
  await liftLimits(service.database.db);
  operations = operationsOf((await (await service.client()).get('/api/openapi.json')).body);
});
afterAll(() => service.close());

/** What ends the session or the walk itself; walked last, or on its own. */
const endsWalk = (operation: Operation): boolean => operation.path.startsWith('/api/session') || operation.path.startsWith('/api/account') || operation.path.startsWith('/api/oidc');

test('the OpenAPI file names every endpoint that is mounted, and each has a row of the table', () => {
  expect(operations.length).toBe(service.endpoints.length);
  expect(operations.filter((operation) => !(operation.permission in permissions))).toEqual([]);
});

describe('a role may do what the table says and nothing else', () => {
  test.each(Object.entries(people))('%s', async (email, role) => {
    const client = await service.client(email);
    const wrong: string[] = [];
    for (const operation of operations.filter((each) => !endsWalk(each))) {
      // Whether it is allowed shows as well on one year as on three.
      const { body, status } = await walk(client, operation, {}, { from: '2023-01', to: '2023-12' });
      const allowed = may([role], operation.permission as Permission);
      if (allowed === denied(body)) wrong.push(`${operation.method} ${operation.path}: ${status} ${body.code ?? ''}, table says ${allowed}`);
    }
    expect(wrong).toEqual([]);
  });

  test('nobody signed in', async () => {
    const client = await service.client();
    for (const operation of operations.filter((each) => !endsWalk(each) && each.permission !== 'anyone')) {
      expect((await walk(client, operation)).status, `${operation.method} ${operation.path}`).toBe(401);
    }
  });
});

/** Ids of everything of the other councils, by table. */
async function foreignIds(): Promise<Record<string, string[]>> {
  const { db } = service.database;
  const found: Record<string, string[]> = {};
  for (const table of ['hotspot', 'visit', 'warden', 'agreement', 'job']) found[table] = await db(table).whereIn('council_code', others).pluck('id');
  found['claim'] = await db('claim as c').join('agreement as a', 'a.id', 'c.agreement_id').whereIn('a.council_code', others).pluck('c.id');
  // A run for all four holds this council's plan too, and is its own as well; one for another alone is not.
  await service.database.db.raw(`
    insert into allocation_run (id, week, parameters, hash) values ('00000000-0000-4000-8000-00000000000a', '2023-11-06', '{}', 'x') on conflict do nothing;
    insert into allocation_plan (run_id, agreement_id, council_code, plan, visits)
      select '00000000-0000-4000-8000-00000000000a', id, council_code, '{}', '[]' from agreement where council_code = 'E06000002' on conflict do nothing`);
  found['allocation_run'] = ['00000000-0000-4000-8000-00000000000a'];
  return found;
}

async function foreignRows(): Promise<string> {
  const { rows } = await service.database.db.raw(
    `select md5(string_agg(line, '' order by line)) as sum from (
       select h::text as line from hotspot h where council_code = any(:others) union all select v::text from visit v where council_code = any(:others)
       union all select w::text from warden w where council_code = any(:others) union all select a::text from agreement a where council_code = any(:others)
       union all select c::text from claim c join agreement a on a.id = c.agreement_id where a.council_code = any(:others)
       union all select p::text from patrol_start p where council_code = any(:others)
       union all select p::text from planned_hours p join hotspot h on h.id = p.hotspot_id where h.council_code = any(:others)) lines`,
    { others },
  );
  return rows[0].sum as string;
}

describe.each(['lead@hartlepool.demo', 'finance@hartlepool.demo', 'warden@hartlepool.demo'])('%s and the other councils', (email) => {
  test('no answer holds another council’s id, name or code', async () => {
    const client = await service.client(email);
    const ids = new Set(Object.values(await foreignIds()).flat());
    const told: string[] = [];
    // What two people of the office released to every partner names all of them.
    const shared = ['/api/openapi.json', '/api/demonstration-users', '/api/partners-page'];
    for (const operation of operations.filter((each) => each.method === 'get' && !endsWalk(each) && !shared.includes(each.path))) {
      const ownIds = { id: (await service.database.db('hotspot').where({ council_code: own }).first()).id as string };
      const { text = '', body } = await walk(client, operation, ownIds);
      const answer = text || JSON.stringify(body);
      const names = [...others, ...otherNames].filter((name) => answer.includes(name));
      const foreign = [...answer.matchAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g)].filter(([id]) => ids.has(id));
      if (names.length > 0 || foreign.length > 0) told.push(`${operation.path}: ${[...names, ...foreign.slice(0, 2)].join(', ')}`);
    }
    expect(told).toEqual([]);
  });

  test('another council’s ids open nothing and change nothing', async () => {
    const client = await service.client(email);
    const before = await foreignRows();
    const opened: string[] = [];
    for (const ids of Object.values(await foreignIds())) {
      const id = ids[0];
      if (!id) continue;
      for (const operation of operations.filter((each) => !endsWalk(each) && each.path.includes('{id}'))) {
        const { status, body } = await walk(client, operation, { id, hotspotId: id, agreementId: id, wardenId: id, runId: id, councilCode: others[0]! });
        const fits = operation.method === 'get' ? denied(body) || status === 404 : status >= 400;
        if (!fits) opened.push(`${operation.method} ${operation.path} ${status}`);
      }
      for (const operation of operations.filter((each) => each.method !== 'get' && !endsWalk(each) && !each.path.includes('{id}'))) {
        await walk(client, operation, { hotspotId: id, agreementId: id, wardenId: id, runId: id, councilCode: others[0]! });
      }
    }
    expect(opened).toEqual([]);
    expect(await foreignRows()).toBe(before);
  });
});
