/** Real and hostile OpenID Connect issuers on this machine's loopback. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import Provider from 'oidc-provider';

export interface Issuer {
  readonly address: string;
  close(): Promise<void>;
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)));
}

const closing = (server: Server) => async (): Promise<void> => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
};

/** A full provider whose one login page signs in whoever is named in `account`. */
export async function startProvider(options: { redirectUri: string; account: () => { sub: string; email: string } }): Promise<Issuer> {
  let handle: Parameters<typeof createServer>[1] = (_request, response) => response.end();
  const server = createServer((request, response) => handle?.(request, response));
  const address = await listen(server);
  const provider = new Provider(address, {
    clients: [{ client_id: 'patrols', client_secret: 'a-secret-of-this-test', redirect_uris: [options.redirectUri] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['a key of this test'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ ...options.account(), email_verified: true, sub }) }),
  });
  const callback = provider.callback();
  handle = (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void callback(request, response);
    void (async () => {
      const details = await provider.interactionDetails(request, response);
      const grant = details.grantId ? await provider.Grant.find(details.grantId) : new provider.Grant({ accountId: options.account().sub, clientId: 'patrols' });
      grant!.addOIDCScope('openid email');
      await provider.interactionFinished(request, response, { login: { accountId: options.account().sub }, consent: { grantId: await grant!.save() } });
    })();
  };
  return { address, close: closing(server) };
}

/** An issuer that signs whatever it is told to: the answers an attacker would give. */
export async function startForger(claims: (own: { issuer: string; nonce: string }) => JWTPayload & { signedByAnother?: boolean }): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const stranger = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  let nonce = '';
  let address = '';
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', address);
    const json = (body: unknown): void => void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    if (url.pathname === '/.well-known/openid-configuration') {
      return json({
        issuer: address, authorization_endpoint: `${address}/authorize`, token_endpoint: `${address}/token`, jwks_uri: `${address}/jwks`, response_types_supported: ['code'],
        subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'], code_challenge_methods_supported: ['S256'],
      });
    }
    if (url.pathname === '/jwks') return json({ keys: [jwk] });
    if (url.pathname === '/authorize') {
      nonce = url.searchParams.get('nonce') ?? '';
      const back = new URL(url.searchParams.get('redirect_uri')!);
      back.searchParams.set('code', 'a-code');
      back.searchParams.set('state', url.searchParams.get('state') ?? '');
      return void response.writeHead(302, { location: back.href }).end();
    }
    void (async () => {
      const { signedByAnother, ...payload } = claims({ issuer: address, nonce });
      const token = await new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(signedByAnother ? stranger.privateKey : privateKey);
      json({ access_token: 'x', token_type: 'bearer', expires_in: 60, id_token: token });
    })();
  });
  address = await listen(server);
  return { address, close: closing(server) };
}
