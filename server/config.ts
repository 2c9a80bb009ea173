/** Environment -> typed, frozen config. The only reader of `process.env`; wrong settings are refused in words. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

export interface Config {
  readonly production: boolean;
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** A PostGIS server's address, or undefined for the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly sessionSecret: string;
  /** Where people reach the service, for links in messages; no slash at the end. */
  readonly publicAddress: string;
  /** How many proxies of one's own stand before the service: so many hops of X-Forwarded-For and -Proto are believed. */
  readonly trustProxy: number;
  /** Where faults of security are told, as a URI; the service's own address when nothing else was given. */
  readonly securityContact: string;
  readonly demonstration: boolean;
  /** The organisations' own sign-in services. */
  readonly issuers: readonly IssuerConfig[];
  /** Where messages leave: an SMTP server, or the outbox under the data directory when there is none. */
  readonly mail: { readonly smtpUrl: string | undefined; readonly from: string };
  readonly tiles: { readonly url: string; readonly attribution: string } | null;
  readonly logLevel: string;
}

const issuer = z.strictObject({
  /** In addresses: `/api/oidc/<name>/start`. */
  name: z.string().regex(/^[a-z0-9-]{1,40}$/, 'Use small letters, digits and hyphens.'),
  /** The organisation whose people sign in here, by its name in the service. */
  organisation: z.string().min(1),
  issuer: z.url({ protocol: /^https?$/ }),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  clientSecretFile: z.string().min(1).optional(),
  /** Microsoft Entra puts the tenant in `tid`; any other claim that pins it may be named. */
  tenant: z.strictObject({ claim: z.string().default('tid'), value: z.string().min(1) }).optional(),
});
/** One organisation's issuer, pinned to its tenant. */
export type IssuerConfig = Omit<z.infer<typeof issuer>, 'clientSecretFile'>;

const settings = z.object({
  NODE_ENV: z.string().default('development'),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  DATA_DIR: z.string().default('data'),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'Give a postgresql:// address, or leave it out for the embedded database.').optional(),
  SESSION_SECRET: z.string().min(32, 'Give at least 32 characters.').optional(),
  PUBLIC_ADDRESS: z.string().regex(/^https?:\/\/[^/]+$/, 'Give an address like https://patrols.example.gov.uk, without a slash at the end.').optional(),
  TRUST_PROXY: z.coerce.number('Give how many proxies stand before the service: 1, as a rule.').int().min(0).max(9).optional(),
  SECURITY_CONTACT: z.string().regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, 'Give an address like mailto:security@example.gov.uk or https://….').optional(),
  OIDC_FILE: z.string().optional(),
  DEMONSTRATION: z.enum(['true', 'false']).optional(),
  SMTP_URL: z.string().regex(/^smtps?:\/\/[^\s/]+/, 'Give an address like smtps://name:password@mail.example.gov.uk:465, or leave it out for the outbox.').optional(),
  MAIL_FROM: z.string().regex(/^[^\s@<>]+@[^\s@<>]+$/, 'Give an address like patrols@example.gov.uk.').optional(),
  TILE_URL: z.string().regex(/^(none|https?:\/\/[^\s;,'"]+)$/, 'Give a tile address like https://tile.example/{z}/{x}/{y}.png, or none.').default('https://tile.openstreetmap.org/{z}/{x}/{y}.png'),
  TILE_ATTRIBUTION: z.string().default('© OpenStreetMap contributors'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('warn'),
});

/** Reads the settings; throws one sentence naming every setting that is wrong. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const parsed = settings.safeParse(withSecrets(withoutBlanks(environment)));
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`These settings cannot be used. ${lines.join(' ')}`);
  }
  const values = parsed.data;
  const production = values.NODE_ENV === 'production';
  const dataDir = resolve(values.DATA_DIR);
  const publicAddress = values.PUBLIC_ADDRESS ?? `http://${values.HOST}:${values.PORT}`;
  const config: Config = {
    production,
    port: values.PORT,
    host: values.HOST,
    dataDir,
    databaseUrl: values.DATABASE_URL,
    sessionSecret: values.SESSION_SECRET ?? keptSecret(dataDir, production),
    publicAddress,
    trustProxy: values.TRUST_PROXY ?? (production ? 1 : 0),
    securityContact: values.SECURITY_CONTACT ?? publicAddress,
    demonstration: values.DEMONSTRATION === undefined ? !production && !values.DATABASE_URL : values.DEMONSTRATION === 'true',
    issuers: readIssuers(values.OIDC_FILE),
    mail: { smtpUrl: values.SMTP_URL, from: values.MAIL_FROM ?? `hotspot-patrols@${new URL(publicAddress).hostname}` },
    tiles: values.TILE_URL === 'none' ? null : { url: values.TILE_URL, attribution: values.TILE_ATTRIBUTION },
    logLevel: values.LOG_LEVEL,
  };
  refuseUnsafe(config);
  return Object.freeze(config);
}

/** The issuers in the file OIDC_FILE names: a JSON list. */
function readIssuers(file: string | undefined): IssuerConfig[] {
  if (!file) return [];
  if (!existsSync(file)) throw new Error(`OIDC_FILE names ${file}, which is not there.`);
  const parsed = z.array(issuer).safeParse(jsonOf(file));
  if (!parsed.success) throw new Error(`${file} cannot be used. ${parsed.error.issues.map((each) => `${each.path.join('.')}: ${each.message}`).join(' ')}`);
  return parsed.data.map(({ clientSecretFile, ...each }) => (clientSecretFile ? { ...each, clientSecret: readFileSync(clientSecretFile, 'utf8').trim() } : each));
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(`${file} is not JSON. See the README for what OIDC_FILE holds.`);
  }
}

function withoutBlanks(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

/** Secrets may be files, as containers hand them over: SESSION_SECRET_FILE names the file that holds SESSION_SECRET. */
function withSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const given = { ...environment };
  for (const name of ['SESSION_SECRET', 'DATABASE_URL', 'SMTP_URL']) {
    const file = environment[`${name}_FILE`];
    if (!file) continue;
    if (given[name]) throw new Error(`${name} and ${name}_FILE are both set. Leave one of them out.`);
    if (!existsSync(file)) throw new Error(`${name}_FILE names ${file}, which is not there.`);
    given[name] = readFileSync(file, 'utf8').trim();
  }
  return given;
}

/** Sessions outlive a restart, so the secret made for a small deployment is kept beside its data. */
function keptSecret(dataDir: string, production: boolean): string {
  if (production) throw new Error('SESSION_SECRET is not set. Give at least 32 random characters; NODE_ENV=production makes none of its own.');
  const file = join(dataDir, 'session-secret');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const secret = randomBytes(32).toString('hex');
  writeFileSync(file, secret, { mode: 0o600 });
  return secret;
}

/** One sentence for each setting the service will not start on. */
function refuseUnsafe(config: Config): void {
  const open = config.issuers.find((each) => each.issuer.startsWith('http://') && (config.production || !/^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(each.issuer)));
  if (open) throw new Error(`The issuer ${open.issuer} of OIDC_FILE is not https://. Sign-in answers must not cross a network in the clear.`);
  if (!config.production) return;
  if (!config.publicAddress.startsWith('https://')) {
    throw new Error('PUBLIC_ADDRESS must be an https:// address with NODE_ENV=production: the session cookie is sent over TLS only.');
  }
  if (config.demonstration) {
    throw new Error('DEMONSTRATION=true cannot be used with NODE_ENV=production: demonstration users have a published password. Leave DEMONSTRATION out.');
  }
  if (config.trustProxy === 0) {
    throw new Error('TRUST_PROXY=0 cannot be used with NODE_ENV=production: the service speaks plain HTTP to a proxy that holds the certificate. Give how many proxies stand before it: 1, as a rule.');
  }
  if (new Set(config.sessionSecret).size < 10) {
    throw new Error('SESSION_SECRET repeats a few characters, so it can be guessed. Make one with: openssl rand -hex 32');
  }
  if (config.tiles?.url.startsWith('http://')) {
    throw new Error('TILE_URL must be an https:// address with NODE_ENV=production: browsers load no plain http on a secure page. Give one, or none.');
  }
}

/** The password given to `user add` and `user password`: never an argument, which every process of the machine can read. */
export function readNewPassword(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  return environment['HOTSPOTS_PASSWORD'] || undefined;
}
