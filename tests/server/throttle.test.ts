/** Limits whose state is in the database, so that they hold with two servers on it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { AddressInfo } from 'node:net';
import supertest from 'supertest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { forgetCounts } from '../../server/requestLimits.ts';
import { createService, type Service } from '../../server/service.ts';
import { startTestService, type TestService } from '../support/database.ts';

let service: TestService;
let other: Service;
let addresses: readonly [string, string];
beforeAll(async () => {
  service = await startTestService({ config: () => ({ trustProxy: 1 }) });
  other = createService({ config: { ...service.database.config, trustProxy: 1 }, database: service.database });
  await new Promise<void>((resolve) => other.server.listen(0, '127.0.0.1', resolve));
  addresses = [service.address, `http://127.0.0.1:${(other.server.address() as AddressInfo).port}`];
});
afterAll(async () => {
  await other.close();
  await service.close();
});

const set = (name: string, value: number): Promise<number> => service.database.db('setting').where({ name }).update({ value: JSON.stringify(value) });
beforeEach(() => service.database.db.raw('truncate request_count, sign_in_try'));
afterEach(async () => {
  await set('requests_per_minute_person', 600);
  await set('requests_per_minute_address', 3000);
  await set('sign_in_tries_per_address', 100);
});

/** The statuses of so many requests, sent to the two servers by turns. */
async function byTurns(times: number, send: (address: string, i: number) => supertest.Test): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < times; i += 1) statuses.push((await send(addresses[i % 2]!, i)).status);
  return statuses;
}

const signIn = (address: string, email: string, from = '198.51.100.7'): supertest.Test =>
  supertest(address).post('/api/session').set('X-Forwarded-For', from).send({ email, password: 'wrong' });
const times = (n: number, status: number): number[] => Array.from({ length: n }, () => status);

describe('tries at signing in', () => {
  test('on two servers count together by account, from whatever address', async () => {
    expect(await byTurns(11, (address, i) => signIn(address, 'lead@hartlepool.demo', `198.51.100.${i}`))).toEqual([...times(10, 401), 429]);
    const answer = await signIn(addresses[0], 'LEAD@hartlepool.demo', '198.51.100.200').expect(429);
    expect(answer.body.code).toBe('too_many_tries');
    expect(answer.headers['retry-after']).toBe('900');
    expect((await signIn(addresses[1], 'finance@hartlepool.demo')).status).toBe(401);
  });

  test('on two servers count together by address, at whatever account', async () => {
    await set('sign_in_tries_per_address', 7);
    expect(await byTurns(8, (address, i) => signIn(address, `somebody${i}@council.example`))).toEqual([...times(7, 401), 429]);
    expect((await signIn(addresses[0], 'another@council.example', '198.51.100.8')).status).toBe(401);
  });

  test('by IPv6 count by the network, not by each of its addresses', async () => {
    await set('sign_in_tries_per_address', 5);
    expect(await byTurns(6, (address, i) => signIn(address, `somebody${i}@council.example`, `2001:db8:1:2::${i + 1}`))).toEqual([...times(5, 401), 429]);
  });

  test('are cut off for an account that there is none of just the same', async () => {
    expect(await byTurns(11, (address) => signIn(address, 'nobody@council.example'))).toEqual([...times(10, 401), 429]);
  });

  test('at once are all counted', async () => {
    const answers = await Promise.all(Array.from({ length: 24 }, (_, i) => signIn(addresses[i % 2]!, 'warden@hartlepool.demo')));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(14);
  });
});

describe('requests', () => {
  async function cookieOf(email: string): Promise<string> {
    const answer = await supertest(service.address).post('/api/session').set('X-Forwarded-For', '203.0.113.1').send({ email, password: 'demonstration' }).expect(200);
    return answer.headers['set-cookie']![0]!.split(';')[0]!;
  }
  const ask = (address: string, cookie: string, from: string): supertest.Test => supertest(address).get('/api/session').set({ Cookie: cookie, 'X-Forwarded-For': from });

  test('of one person on two servers count together, from whatever address, and nobody else’s with them', async () => {
    const [cookie, colleague] = [await cookieOf('lead@hartlepool.demo'), await cookieOf('warden@hartlepool.demo')];
    await set('requests_per_minute_person', 30);
    expect(await byTurns(31, (address, i) => ask(address, cookie, `198.51.100.${i}`))).toEqual([...times(30, 200), 429]);
    const answer = await ask(addresses[0], cookie, '198.51.100.99').expect(429);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'too_many_requests', status: 429 });
    const wait = Number(answer.headers['retry-after']);
    expect(wait).toBeGreaterThanOrEqual(1);
    expect(wait).toBeLessThanOrEqual(60);
    expect(answer.body.detail).toContain(`Wait ${wait} second`);
    expect((await ask(addresses[0], colleague, '198.51.100.99')).status).toBe(200);
    await service.database.db.raw(`update request_count set window_started_at = now() - interval '61 seconds'`);
    expect((await ask(addresses[1], cookie, '198.51.100.99')).status).toBe(200);
  });

  test('of one address count together whoever asks, also those that are refused', async () => {
    await set('requests_per_minute_address', 30);
    const refused = (address: string): supertest.Test => supertest(address).get('/api/hotspots').set('X-Forwarded-For', '198.51.100.7');
    expect(await byTurns(31, refused)).toEqual([...times(30, 401), 429]);
    expect((await supertest(addresses[0]).get('/api/hotspots').set('X-Forwarded-For', '198.51.100.8')).status).toBe(401);
    expect((await supertest(addresses[1]).post('/api/imports?fileName=a.csv').set({ 'X-Forwarded-For': '198.51.100.7', 'Content-Type': 'application/octet-stream' }).send('a,b')).status).toBe(429);
  });

  test('at once are all counted', async () => {
    const cookie = await cookieOf('lead@hartlepool.demo');
    await set('requests_per_minute_person', 40);
    const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => ask(addresses[i % 2]!, cookie, '198.51.100.7')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(40);
  });

  test('are let in thirty a minute whatever a setting says, so that it can be put right', async () => {
    const cookie = await cookieOf('manager@opcc.demo');
    await set('requests_per_minute_person', 0);
    const today = new Date().toISOString().slice(0, 10);
    await supertest(addresses[1]).post('/api/settings/requests_per_minute_person').set({ Cookie: cookie, 'X-Forwarded-For': '198.51.100.7' }).send({ value: 600, validFrom: today, reason: 'Mistyped' }).expect(200);
    expect(await byTurns(40, (address) => ask(address, cookie, '198.51.100.7'))).toEqual(times(40, 200));
    await service.database.db('setting').where({ name: 'requests_per_minute_person', valid_from: today }).delete();
    await service.database.db('setting').where({ name: 'requests_per_minute_person' }).update({ valid_to: null });
  });

  test('are counted by the service alone: nobody’s role reaches the counts', async () => {
    for (const role of ['hotspots_app', 'hotspots_service', 'hotspots_sign_in']) {
      await expect(service.database.db.transaction(async (trx) => {
        await trx.raw(`select set_config('role', ?, true)`, [role]);
        return trx('request_count').select('*');
      }), role).rejects.toMatchObject({ code: '42501' });
    }
  });

  test('are forgotten once they no longer count', async () => {
    await ask(addresses[0], '', '198.51.100.7');
    await signIn(addresses[0], 'lead@hartlepool.demo');
    const { db } = service.database;
    await db.raw(`update request_count set window_started_at = now() - interval '6 minutes'`);
    await db.raw(`update sign_in_try set window_started_at = now() - interval '2 hours' where key like 'account %'`);
    await forgetCounts(db);
    expect(await db('request_count').select('*')).toEqual([]);
    expect(await db('sign_in_try').pluck('key')).toEqual(['address 198.51.100.7']);
  });
});

describe.runIf(process.env['DATABASE_URL'])('two processes on one PostgreSQL', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));

  test('count tries together', async () => {
    const { databaseUrl, dataDir, sessionSecret } = service.database.config;
    const { NODE_ENV: _, ...inherited } = process.env;
    const environment = { ...inherited, DATABASE_URL: databaseUrl, DATA_DIR: dataDir, SESSION_SECRET: sessionSecret, PORT: '0', TILE_URL: 'none', TRUST_PROXY: '1', DEMONSTRATION: 'false' };
    const children = [1, 2].map(() => spawn(process.execPath, ['server/index.ts'], { cwd: root, env: environment }));
    try {
      const listening = await Promise.all(children.map(async (child) => {
        let said = '';
        for await (const part of child.stdout) if (/ is at \S+\n/.test((said += String(part)))) break;
        return / is at (\S+)/.exec(said)?.[1] ?? '';
      }));
      const statuses: number[] = [];
      for (let i = 0; i < 12; i += 1) statuses.push((await signIn(listening[i % 2]!, 'manager@opcc.demo')).status);
      expect(statuses).toEqual([...times(10, 401), 429, 429]);
    } finally {
      for (const child of children) {
        child.kill('SIGKILL');
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      }
    }
  });
});
