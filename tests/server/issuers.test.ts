/** Signing in at an organisation's own issuer: a real one, and ones that lie. */
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Issuer, startForger, startProvider } from '../support/issuers.ts';
import { startTestService, type TestService } from '../support/database.ts';

const opcc = 'Office of the Police and Crime Commissioner for Cleveland';
const lies = {
  'wrong-nonce': (own: { issuer: string }) => ({ ...good(own), nonce: 'another' }),
  'wrong-issuer': (own: { issuer: string; nonce: string }) => ({ ...good(own), nonce: own.nonce, iss: 'https://elsewhere.example' }),
  'wrong-audience': (own: { issuer: string; nonce: string }) => ({ ...good(own), nonce: own.nonce, aud: 'another-client' }),
  expired: (own: { issuer: string; nonce: string }) => ({ ...good(own), nonce: own.nonce, exp: Math.floor(Date.now() / 1000) - 3600 }),
  'wrong-tenant': (own: { issuer: string; nonce: string }) => ({ ...good(own), nonce: own.nonce, tid: 'tenant-b' }),
  'wrong-key': (own: { issuer: string; nonce: string }) => ({ ...good(own), nonce: own.nonce, signedByAnother: true }),
  honest: (own: { issuer: string; nonce: string }) => ({ ...good(own), nonce: own.nonce }),
};

function good({ issuer }: { issuer: string }) {
  const now = Math.floor(Date.now() / 1000);
  return { iss: issuer, aud: 'patrols', sub: 'subject-1', email: 'manager@opcc.demo', email_verified: true, tid: 'tenant-a', iat: now, exp: now + 300 };
}

let service: TestService;
let provider: Issuer;
let account = { sub: 'provider-1', email: 'analyst@opcc.demo' };
const forgers: Record<string, Issuer> = {};

beforeAll(async () => {
  for (const [name, claims] of Object.entries(lies)) forgers[name] = await startForger(claims);
  let started: Promise<Issuer> | undefined;
  service = await startTestService({
    config: (address) => {
      started = startProvider({ redirectUri: `${address}/api/oidc/opcc/callback`, account: () => account });
      const issuers = Object.entries(forgers).map(([name, issuer]) => ({ name, organisation: opcc, issuer: issuer.address, clientId: 'patrols', tenant: { claim: 'tid', value: 'tenant-a' } }));
      // The provider's address is known a moment later; the list is read at each request.
      void started.then((issuer) => issuers.push({ name: 'opcc', organisation: opcc, issuer: issuer.address, clientId: 'patrols', clientSecret: 'a-secret-of-this-test' } as never));
      return { issuers };
    },
  });
  provider = await started!;
});
afterAll(async () => {
  await service.close();
  await provider.close();
  for (const forger of Object.values(forgers)) await forger.close();
});

/** Follows the browser's way to the issuer and back; answers where it ends and the client with its session. */
async function signInAt(name: string, issuer: Issuer, next = ''): Promise<{ end: string; client: Awaited<ReturnType<TestService['client']>> }> {
  const client = await service.client();
  let location = (await client.get(`/api/oidc/${name}/start${next}`).expect(303)).headers['location']!;
  const browser = supertest.agent(issuer.address);
  for (let hop = 0; hop < 10 && !location.startsWith(service.address); hop += 1) {
    const url = new URL(location, issuer.address);
    location = (await browser.get(url.pathname + url.search)).headers['location']!;
  }
  const back = new URL(location);
  const answer = await client.get(back.pathname + back.search).expect(303);
  return { end: answer.headers['location']!, client };
}

describe('a real issuer', () => {
  test('signs in a person of its organisation, who is from then on known by their subject', async () => {
    const { end, client } = await signInAt('opcc', provider, '?next=/hotspots');
    expect(end).toBe('/hotspots');
    expect((await client.get('/api/session')).body.person.email).toBe('analyst@opcc.demo');
    account = { sub: 'provider-1', email: 'renamed@opcc.demo' };
    expect((await (await signInAt('opcc', provider)).client.get('/api/session')).body.person.email).toBe('analyst@opcc.demo');
  });

  test('does not let in somebody of another organisation, or nobody', async () => {
    account = { sub: 'provider-2', email: 'lead@hartlepool.demo' };
    const other = await signInAt('opcc', provider);
    expect(other.end).toBe('/sign-in?problem=no_account');
    expect((await other.client.get('/api/session')).body.person).toBeNull();
  });

  test('cannot be made to send the browser elsewhere', async () => {
    account = { sub: 'provider-1', email: 'analyst@opcc.demo' };
    expect((await signInAt('opcc', provider, '?next=//elsewhere.example')).end).toBe('/');
  });

  test('whose answer comes without having been asked for is refused', async () => {
    const client = await service.client();
    const answer = await client.get('/api/oidc/opcc/callback?code=x&state=y').expect(303);
    expect(answer.headers['location']).toBe('/sign-in?problem=issuer_flow_lost');
  });
});

describe('an answer that lies', () => {
  for (const name of ['wrong-nonce', 'wrong-issuer', 'wrong-audience', 'expired', 'wrong-key']) {
    test(`${name} is refused and written down`, async () => {
      const { end, client } = await signInAt(name, forgers[name]!);
      expect(end).toBe('/sign-in?problem=issuer_answer_refused');
      expect((await client.get('/api/session')).body.person).toBeNull();
      expect(await service.database.db('audit_event').where({ action: 'signInRefused', subject_id: name }).first()).toBeDefined();
    });
  }

  test('wrong tenant is refused', async () => {
    expect((await signInAt('wrong-tenant', forgers['wrong-tenant']!)).end).toBe('/sign-in?problem=wrong_tenant');
  });

  test('while the honest one of the same make is let in', async () => {
    const { end, client } = await signInAt('honest', forgers['honest']!);
    expect(end).toBe('/');
    expect((await client.get('/api/session')).body.person.email).toBe('manager@opcc.demo');
  });
});

test('an issuer that does not answer is named with what to do', async () => {
  const gone = await startForger(good);
  await gone.close();
  const other = await startTestService({ config: () => ({ issuers: [{ name: 'gone', organisation: 'Hartlepool', issuer: gone.address, clientId: 'x' }] }) });
  const { body } = await (await other.client()).get('/api/oidc/gone/start').expect(503);
  expect(body.code).toBe('issuer_unreachable');
  expect(body.detail).toMatch(/Hartlepool does not answer/);
  await other.close();
});
