/** Attacks by the shape of a request: keys that are not asked for, depth, size, repetition. */
import { request as httpRequest } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callers, liftLimits } from '../support/attack.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { type Client, operationsOf, sampleObject } from '../support/walk.ts';

let service: TestService;
let manager: Client;
let administrator: Client;
beforeAll(async () => {
  service = await startTestService();
  await liftLimits(service.database.db);
  [manager, administrator] = [await service.client('manager@opcc.demo'), await service.client('admin@opcc.demo')];
});
afterAll(() => service.close());

const fund = { name: 'Hotspot response', funder: 'Home Office', purpose: 'Patrols', award: '£1,000.00', startsOn: '2023-07-01', endsOn: '2024-03-31' };

describe('keys that are not asked for', () => {
  const extras = ['role', 'roles', 'councilCode', 'personId', 'isAdmin', 'demonstration', 'passwordHash', 'state', 'grantedBy', 'approvedBy'];

  test('are refused by name on every endpoint that takes a body', async () => {
    const { body: openapi } = await manager.get('/api/openapi.json');
    const taken: string[] = [];
    const callerOf = callers(service);
    for (const operation of operationsOf(openapi).filter((each) => each.body)) {
      const given = sampleObject(operation.body!, {});
      const path = operation.path.replace(/\{(\w+)\}/g, '00000000-0000-4000-8000-000000000000');
      // As one who may: otherwise it would be refused for that alone.
      const client = await callerOf(operation);
      const planted = extras.filter((name) => !(name in (operation.body?.properties ?? {})));
      const sent = { ...given, ...Object.fromEntries(planted.map((name) => [name, 'administrator'])) };
      const { status, body } = await client[operation.method as 'post'](path).send(sent);
      const errors: readonly { field: string; message: string }[] = body.errors ?? [];
      // A name of the path is refused as that field: the body's value for it is never read.
      const refused = (name: string): boolean => status === 422 && errors.some(({ field, message }) => field === name || message.includes(`"${name}"`));
      const missed = planted.filter((name) => !refused(name));
      taken.push(...missed.map((name) => `${operation.method} ${operation.path} ${name}: ${status}`));
    }
    expect(taken).toEqual([]);
  });

  test('give nobody a role', async () => {
    const { id: organisationId } = await service.database.db('organisation').where({ name: 'Hartlepool' }).first();
    await administrator.post('/api/people').send({ name: 'Somebody', email: 'mass@council.example', organisationId, roles: ['administrator'] }).expect(422);
    expect(await service.database.db('person').where({ email: 'mass@council.example' })).toEqual([]);
  });

  test.each(['{"__proto__":{"role":"administrator"}}', '{"constructor":{"prototype":{"role":"administrator"}}}', '{"award":{"__proto__":{"role":"administrator"}}}'])('%s changes no other object', async (body) => {
    await manager.post('/api/funds').set('Content-Type', 'application/json').send(body).expect(422);
    await manager.get('/api/funds?__proto__[role]=administrator&constructor[prototype][role]=administrator').expect(422);
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
    expect(Object.prototype.hasOwnProperty.call(Object.prototype, 'role')).toBe(false);
  });

  test('hidden in a body that is right otherwise change nothing either', async () => {
    const text = JSON.stringify({ ...fund, name: 'Prototype' }).replace('{', '{"__proto__":{"awardPence":1},');
    const { status, body } = await manager.post('/api/funds').set('Content-Type', 'application/json').send(text);
    expect([[200, 100_000], [422, undefined]]).toContainEqual([status, body.awardPence]);
  });
});

describe('shapes', () => {
  test.each([
    ['an object 10,000 deep', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)],
    ['a list 10,000 deep', '{"name":' + '['.repeat(10_000) + ']'.repeat(10_000) + '}'],
  ])('%s is refused and nothing falls over', async (_name, body) => {
    await manager.post('/api/funds').set('Content-Type', 'application/json').send(body).expect(422);
    await manager.put('/api/column-mappings/deep').set('Content-Type', 'application/json').send(`{"mapping":{"categories":${body}}}`).expect(422);
  });

  test.each([['a list', '[]'], ['a number', '7'], ['a text', '"x"'], ['null', 'null'], ['half an object', '{"name":'], ['nothing at all', '']])('%s in place of an object is refused', async (_name, body) => {
    const { status } = await manager.post('/api/funds').set('Content-Type', 'application/json').send(body);
    expect([400, 422]).toContain(status);
  });

  test('a body with a hundred thousand faults is answered with a hundred sentences', async () => {
    const { body, text } = await manager.post('/api/analyses').send({ from: '2023-07', to: '2023-10', council: Array.from({ length: 100_000 }, () => 1) }).expect(422);
    expect(body.errors.length).toBeLessThanOrEqual(100);
    expect(text.length).toBeLessThan(100_000);
  });

  test('a parameter given twice is refused where one is meant', async () => {
    expect((await manager.get('/api/returns/2023-10/rows?figure=a&figure=b').expect(422)).body.errors[0].field).toBe('figure');
    expect((await manager.get('/api/audit?from=2023-10-01&from=2023-10-02')).status).toBe(403);
    const auditor = await service.client('auditor@opcc.demo');
    expect((await auditor.get('/api/audit?from=2023-10-01&from=2023-10-02').expect(422)).body.errors[0].field).toBe('from');
  });

  test('nested parameters are one odd name, and refused', async () => {
    expect((await manager.get('/api/funds?a[b][c]=1').expect(422)).body.code).toBe('invalid_input');
  });

  test('an address of 100,000 characters is refused, and the service goes on', async () => {
    // Node answers 431 and closes while the rest still comes, so that the sender may see the closing only.
    const refused = await manager.get(`/api/wardens?council=${'x'.repeat(100_000)}`).then(({ status }) => status, (error: { code?: string }) => error.code);
    expect([431, 'ECONNRESET', 'EPIPE']).toContain(refused);
    const { status: many } = await manager.get(`/api/wardens?${'a=1&'.repeat(3000)}`);
    expect(many).toBe(422);
    await manager.get('/api/session').expect(200);
  });

  test('an address that is not UTF-8 is refused', async () => {
    expect((await manager.get('/api/hotspots/%E0%A4%A').expect(400)).type).toBe('application/problem+json');
  });
});

/** A pattern that tries every way through such a text would take days: the test's own time limit tells. */
describe('a text made to keep a pattern busy', () => {
  const long = 300_000;
  const bombs: readonly [string, string][] = [
    ['the letter a', 'a'.repeat(long)],
    ['almost an address', `${'a.'.repeat(long / 2)}@`],
    ['digits and blanks', '1 '.repeat(long / 2)],
    ['dashes between letters', 'a-'.repeat(long / 2)],
    ['blanks', ' '.repeat(long)],
    ['capitals and figures', 'AB12 '.repeat(long / 5)],
  ];

  test.each(bombs)('%s, 300,000 characters of it, is refused at once', async (_name, bomb) => {
    const sent = [
      manager.post('/api/funds').send({ ...fund, name: bomb }),
      manager.put('/api/column-mappings/bomb').send({ mapping: { source: { code: bomb, name: bomb } } }),
      administrator.post('/api/people').send({ name: bomb, email: bomb, organisationId: bomb }),
    ];
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([422, 422, 422]);
  });

  test.each(bombs)('%s, within the length a text may have, takes no longer', async (_name, bomb) => {
    const { status } = await manager.post('/api/funds').send({ ...fund, name: `Bomb ${_name}`, purpose: bomb.slice(0, 999) });
    expect([200, 422]).toContain(status);
  });
});

describe('a body of 50 MB', () => {
  const megabyte = 1024 * 1024;
  const chunk = Buffer.alloc(64 * 1024, 'a');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  /** What is in use, without what only waits to be swept up. */
  const held = (): number => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };

  /** Sends chunk after chunk until it is answered or 50 MB are sent; the most memory held meanwhile. */
  function pour(path: string, headers: Record<string, string>): Promise<{ status: number; most: number }> {
    return new Promise((resolve, reject) => {
      let most = 0;
      let sent = 0;
      let answered = false;
      const outgoing = httpRequest(`${service.address}${path}`, { method: 'POST', headers }, (answer) => {
        answered = true;
        answer.resume().on('end', () => resolve({ status: answer.statusCode ?? 0, most }));
      });
      outgoing.on('error', (error) => (answered ? undefined : reject(error)));
      const more = (): void => {
        if (sent % (2 * megabyte) === 0) most = Math.max(most, held());
        while (!answered && sent < 50 * megabyte) {
          sent += chunk.length;
          if (!outgoing.write(chunk)) return void outgoing.once('drain', more);
        }
        outgoing.end();
      };
      outgoing.write('{"name":"');
      more();
    });
  }

  test.each([
    ['whose length is told', { 'Content-Length': String(50 * megabyte + 9) }],
    ['whose length is not told', { 'Transfer-Encoding': 'chunked' }],
  ])('%s is refused without being kept in memory', async (_name, headers) => {
    const cookie = (await (await service.client()).post('/api/session').send({ email: 'manager@opcc.demo', password: 'demonstration' })).headers['set-cookie']![0]!.split(';')[0]!;
    const before = held();
    const { status, most } = await pour('/api/funds', { ...headers, 'Content-Type': 'application/json', Cookie: cookie });
    expect(status).toBe(413);
    expect(most - before).toBeLessThan(10 * megabyte);
    await manager.get('/api/session').expect(200);
  });

  test('at the door 16 KB are enough', async () => {
    const client = await service.client();
    expect((await client.post('/api/session').send({ email: 'x', password: 'y'.repeat(20_000) }).expect(413)).body.code).toBe('too_large');
    expect((await client.post('/api/invitations/accept').send({ token: 'x', password: 'y'.repeat(20_000) }).expect(413)).body.code).toBe('too_large');
  });
});
