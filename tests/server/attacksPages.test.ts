/** What every answer carries, what stands at no address, and how the service behaves behind a proxy in production. */
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { startTestService, type TestService } from '../support/database.ts';

const publicAddress = 'https://patrols.example';
const tiles = { url: 'https://tile.example/{z}/{x}/{y}.png', attribution: 'Tiles' };
const door = { email: 'lead@hartlepool.demo', password: 'demonstration' };
const throughProxy = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '198.51.100.7', Origin: publicAddress };

let service: TestService;
let production: TestService;
beforeAll(async () => {
  const client = await clientRoutes();
  service = await startTestService({ client, now: () => new Date('2026-03-02T10:00:00Z') });
  production = await startTestService({ client, config: () => ({ production: true, trustProxy: 1, publicAddress, tiles, securityContact: 'mailto:security@patrols.example' }) });
});
afterAll(async () => {
  await service.close();
  await production.close();
});

describe('every answer', () => {
  test.each(['/', '/map', '/api/session', '/api/nothing', '/assets/nothing.js', '/ping', '/health', '/info', '/api/openapi.json'])('of %s keeps the browser strict', async (path) => {
    const { headers } = await supertest(production.address).get(path);
    const policy = new Map(String(headers['content-security-policy']).split(';').map((part) => part.trim()).map((part) => [part.split(' ')[0]!, part.split(' ').slice(1)]));
    expect(policy.get('default-src')).toEqual([`'none'`]);
    expect(policy.get('script-src')).toEqual([`'self'`]);
    expect(policy.get('style-src')).toEqual([`'self'`]);
    expect(policy.get('frame-ancestors')).toEqual([`'none'`]);
    expect(policy.get('base-uri')).toEqual([`'none'`]);
    expect(policy.get('form-action')).toEqual([`'self'`]);
    expect(policy.get('object-src') ?? policy.get('default-src')).toEqual([`'none'`]);
    expect(policy.get('img-src')).toEqual([`'self'`, 'data:', 'blob:', 'https://tile.example']);
    expect([...policy.values()].flat().filter((source) => /unsafe-|\*|^https?:$/.test(source))).toEqual([]);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin' });
    expect(headers['strict-transport-security']).toMatch(/^max-age=31536000/);
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test('of the page holds no script or style of its own', async () => {
    const { text } = await supertest(service.address).get('/').expect(200);
    expect(text).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:/i);
  });

  test('with somebody’s data is kept by no cache', async () => {
    const client = await service.client(door.email);
    for (const path of ['/api/session', '/api/hotspots', '/api/visits/template', '/api/nothing']) expect((await client.get(path)).headers['cache-control'], path).toBe('no-store');
  });

  test('without TLS asks for none', async () => {
    expect((await supertest(service.address).get('/')).headers['strict-transport-security']).toBeUndefined();
  });
});

describe('no address', () => {
  test.each(['/assets/nothing.js', '/assets/', '/assets/..%2f..%2fpackage.json', '/assets/%2e%2e%2f%2e%2e%2fserver%2findex.ts', '/assets/..%5c..%5cpackage.json', '/api/nothing', '/api/', '/api/imports/', '/assets/%00'])('%s answers 404 as a problem', async (path) => {
    const answer = await supertest(service.address).get(path);
    expect([400, 401, 404]).toContain(answer.status);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.text).not.toMatch(/hotspot-patrols|import .* from/);
  });

  test.each(['/.env', '/.git/config', '/data/session-secret', '/server/config.ts', '/package.json', '/uploads/', '/imports/', '/evidence/'])('%s shows the first page and never a file', async (path) => {
    const { text, type } = await supertest(service.address).get(path).expect(200);
    expect(type).toBe('text/html');
    expect(text).toContain('<title>Hotspot Patrols</title>');
  });

  test.each(['TRACE', 'CONNECT', 'PROPFIND'])('%s is done on nothing', async (method) => {
    const { status } = await fetch(`${service.address}/api/session`, { method }).catch(() => ({ status: 405 }));
    expect([404, 405]).toContain(status);
  });

  test('a change is asked for of no page', async () => {
    expect((await supertest(service.address).post('/').send({}).expect(404)).type).toBe('application/problem+json');
  });
});

describe('in production behind a proxy', () => {
  test('the cookie is bound to the host, sent over TLS only, and out of reach of scripts', async () => {
    const answer = await supertest(production.address).post('/api/session').set(throughProxy).send(door).expect(200);
    const cookie = answer.headers['set-cookie']![0]!;
    const [pair, ...flags] = cookie.split('; ');
    expect(pair).toMatch(/^__Host-session=s%3A[\w-]{32}\./);
    expect(flags.filter((flag) => !flag.startsWith('Expires='))).toEqual(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']);
    expect(cookie).not.toMatch(/Domain/i);
    const { body } = await supertest(production.address).get('/api/session').set({ ...throughProxy, Cookie: pair! }).expect(200);
    expect(body.person.email).toBe(door.email);
    // The plain name of other deployments is not taken.
    expect((await supertest(production.address).get('/api/session').set({ ...throughProxy, Cookie: pair!.replace('__Host-', '') })).body.person).toBeNull();
  });

  test('no cookie crosses a connection that is not TLS', async () => {
    const answer = await supertest(production.address).post('/api/session').set({ ...throughProxy, 'X-Forwarded-Proto': 'http' }).send(door);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test.each(['http://patrols.example', 'https://patrols.example.elsewhere.example', 'https://elsewhere.example'])('a change asked for from %s is refused, also when the Host agrees', async (origin) => {
    const { body } = await supertest(production.address).post('/api/session').set({ ...throughProxy, Origin: origin, Host: new URL(origin).host }).send(door).expect(403);
    expect(body.code).toBe('foreign_origin');
  });

  test('the address is the one the proxy saw, not one the browser made up', async () => {
    await supertest(production.address).post('/api/session').set({ ...throughProxy, 'X-Forwarded-For': '203.0.113.99, 198.51.100.23' }).send(door).expect(200);
    const { address } = await production.database.db('audit_event').where({ action: 'signedIn' }).orderBy('id', 'desc').first();
    expect(address).toBe('198.51.100.23');
  });

  test('and without a proxy nobody’s word for it is taken', async () => {
    await supertest(service.address).post('/api/session').set('X-Forwarded-For', '203.0.113.99').send(door).expect(200);
    const { address } = await service.database.db('audit_event').where({ action: 'signedIn' }).orderBy('id', 'desc').first();
    expect(address).toMatch(/127\.0\.0\.1$/);
  });
});

describe('security.txt', () => {
  test('says whom to tell, until when that holds, and where it stands', async () => {
    const { text, type } = await supertest(production.address).get('/.well-known/security.txt').expect(200);
    expect(type).toBe('text/plain');
    const lines = text.trim().split('\n');
    expect(lines[0]).toBe('Contact: mailto:security@patrols.example');
    expect(lines[3]).toBe('Canonical: https://patrols.example/.well-known/security.txt');
  });

  test('ends half a year on', async () => {
    const { text } = await supertest(service.address).get('/.well-known/security.txt').expect(200);
    expect(text).toContain('Expires: 2026-08-29T10:00:00.000Z\n');
  });
});
