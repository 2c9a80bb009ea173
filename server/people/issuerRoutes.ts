/** Signing in at an organisation's own issuer: OpenID Connect, code flow with PKCE, issuer and tenant pinned to the organisation. */
import * as openid from 'openid-client';
import { recordEvent } from '../audit.ts';
import type { IssuerConfig } from '../config.ts';
import { AppError, notFound } from '../errors.ts';
import type { Mount, OpenCall } from '../mount.ts';
import { finishIssuerSignIn, listIssuers, startIssuerSignIn } from './contract.ts';
import { findIssuedPerson, linkIssuer } from './issuerQueries.ts';

const discovered = new Map<string, Promise<openid.Configuration>>();

/** The issuer's own description, read once and kept; a failure is not kept. */
function discover(issuer: IssuerConfig): Promise<openid.Configuration> {
  const known = discovered.get(issuer.issuer + issuer.clientId);
  if (known) return known;
  // Unless asked to, the library trusts TLS alone and leaves the signature of an ID token unread.
  const execute = [openid.enableNonRepudiationChecks, ...(issuer.issuer.startsWith('http://') ? [openid.allowInsecureRequests] : [])];
  const found = openid.discovery(new URL(issuer.issuer), issuer.clientId, issuer.clientSecret, undefined, { execute });
  discovered.set(issuer.issuer + issuer.clientId, found);
  found.catch(() => discovered.delete(issuer.issuer + issuer.clientId));
  return found;
}

export function issuerRoutes(mount: Mount): void {
  mount(listIssuers, async ({ config }) => ({ issuers: config.issuers.map(({ name, organisation }) => ({ name, organisation })) }));

  mount.redirect(startIssuerSignIn, async ({ input, config, session }) => {
    const issuer = chosen(config.issuers, input.name);
    const client = await discover(issuer).catch((error: unknown) => {
      throw new AppError(503, 'issuer_unreachable', `The sign-in service of ${issuer.organisation} does not answer (${faultOf(error)}). Try again in a minute, or ask an administrator for a link.`);
    });
    const flow = {
      issuer: issuer.name,
      verifier: openid.randomPKCECodeVerifier(),
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      next: /^\/(?![/\\])/.test(input.next ?? '') ? input.next! : '/',
    };
    session.remember(flow);
    const address = openid.buildAuthorizationUrl(client, {
      redirect_uri: callbackAddress(config.publicAddress, issuer.name),
      scope: 'openid email',
      code_challenge: await openid.calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
      state: flow.state,
      nonce: flow.nonce,
    });
    return address.href;
  });

  mount.redirect(finishIssuerSignIn, async (call) => {
    const issuer = chosen(call.config.issuers, call.input.name);
    const flow = call.session.remembered;
    if (!flow || flow.issuer !== issuer.name) return refused('issuer_flow_lost');
    const answer = await claimsOf(call, issuer, flow).catch(faultOf);
    if (typeof answer === 'string') return noteRefusal(call, issuer, 'issuer_answer_refused', answer);
    if (issuer.tenant && answer[issuer.tenant.claim] !== issuer.tenant.value) return noteRefusal(call, issuer, 'wrong_tenant', 'The tenant is another one.');
    return admit(call, issuer, answer, flow.next);
  });
}

type Flow = NonNullable<OpenCall<unknown>['session']['remembered']>;
type Callback = OpenCall<{ name: string; code?: string | undefined; state?: string | undefined; iss?: string | undefined; session_state?: string | undefined; error?: string | undefined; error_description?: string | undefined }>;

/** Trades the code for an ID token; openid-client checks signature, issuer, audience, nonce and dates. */
async function claimsOf({ input, config }: Callback, issuer: IssuerConfig, flow: Flow): Promise<openid.IDToken> {
  const { name, ...query } = input;
  const address = new URL(callbackAddress(config.publicAddress, name));
  for (const [key, value] of Object.entries(query)) if (value !== undefined) address.searchParams.set(key, value);
  const tokens = await openid.authorizationCodeGrant(await discover(issuer), address, {
    pkceCodeVerifier: flow.verifier, expectedState: flow.state, expectedNonce: flow.nonce, idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (!claims) throw new Error('The answer held no ID token.');
  return claims;
}

/** Why an answer was refused, for the audit trail: the kind of fault, never what the token said. */
function faultOf(error: unknown): string {
  const { name, code, cause } = error as { name?: string; code?: string; cause?: { code?: string } };
  return [name, code, cause?.code].filter(Boolean).join(' ') || 'unknown fault';
}

async function noteRefusal(call: Callback, issuer: IssuerConfig, problem: string, reason: string): Promise<string> {
  await call.transaction((db) => recordEvent(db, call.actor, { action: 'signInRefused', subjectKind: 'issuer', subjectId: issuer.name, reason }));
  return refused(problem);
}

/** Lets in a person already known at this issuer, or one of its organisation with the same verified address, who is then tied to it. */
async function admit(call: Callback, issuer: IssuerConfig, claims: openid.IDToken, next: string): Promise<string> {
  return call.transaction(async (db) => {
    const email = claims['email_verified'] === false ? null : (claims['email'] ?? null);
    const found = await findIssuedPerson(db, { issuer: claims.iss, subject: claims.sub, organisation: issuer.organisation, email: typeof email === 'string' ? email : null });
    if (!found) return refused('no_account');
    if (!found.linked) await linkIssuer(db, found.id, claims.iss, claims.sub);
    await recordEvent(db, { ...call.actor, personId: found.id }, { action: 'signedIn', subjectKind: 'person', subjectId: found.id, after: { issuer: issuer.name } });
    call.session.signIn(found.id);
    return next;
  });
}

const callbackAddress = (publicAddress: string, name: string): string => `${publicAddress}/api/oidc/${name}/callback`;
const refused = (code: string): string => `/sign-in?problem=${code}`;

function chosen(issuers: readonly IssuerConfig[], name: string): IssuerConfig {
  const issuer = issuers.find((each) => each.name === name);
  if (!issuer) throw notFound('sign-in service');
  return issuer;
}
