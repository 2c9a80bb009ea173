/** Settings: what is refused at the start, in words that say what to do. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../server/config.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secret = '3f9a1c7e5b2d8046a9e1c3f57b2d8046';
const safe = { NODE_ENV: 'production', SESSION_SECRET: secret, PUBLIC_ADDRESS: 'https://patrols.example', DATA_DIR: folder };

function fileOf(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const issuers = (issuer: string): string => fileOf('issuers.json', JSON.stringify([{ name: 'opcc', organisation: 'The Office', issuer, clientId: 'patrols' }]));

describe('production starts', () => {
  test('on safe settings, without demonstration data, behind one proxy', () => {
    expect(readConfig(safe)).toMatchObject({ production: true, demonstration: false, trustProxy: 1, publicAddress: 'https://patrols.example', securityContact: 'https://patrols.example' });
  });

  test.each([
    ['a public address that is not https', { PUBLIC_ADDRESS: 'http://patrols.example' }, 'PUBLIC_ADDRESS must be an https:// address with NODE_ENV=production'],
    ['no public address', { PUBLIC_ADDRESS: '' }, 'PUBLIC_ADDRESS must be an https:// address with NODE_ENV=production'],
    ['no secret', { SESSION_SECRET: '' }, 'SESSION_SECRET is not set. Give at least 32 random characters'],
    ['a short secret', { SESSION_SECRET: 'short' }, 'SESSION_SECRET: Give at least 32 characters.'],
    ['a secret of few characters', { SESSION_SECRET: 'ab'.repeat(20) }, 'SESSION_SECRET repeats a few characters'],
    ['demonstration data', { DEMONSTRATION: 'true' }, 'DEMONSTRATION=true cannot be used with NODE_ENV=production'],
    ['no proxy before it', { TRUST_PROXY: '0' }, 'TRUST_PROXY=0 cannot be used with NODE_ENV=production'],
    ['tiles without TLS', { TILE_URL: 'http://tile.example/{z}/{x}/{y}.png' }, 'TILE_URL must be an https:// address with NODE_ENV=production'],
  ])('not on %s', (_name, change, words) => {
    expect(() => readConfig({ ...safe, ...change })).toThrow(words);
  });

  test('not on an issuer without TLS, its own machine’s included', () => {
    for (const address of ['http://login.example', 'http://127.0.0.1:9000']) {
      expect(() => readConfig({ ...safe, OIDC_FILE: issuers(address) })).toThrow(`The issuer ${address} of OIDC_FILE is not https://.`);
    }
    expect(readConfig({ ...safe, OIDC_FILE: issuers('https://login.example') }).issuers).toHaveLength(1);
  });

  test('and writes no secret of its own', () => {
    expect(() => readConfig({ ...safe, SESSION_SECRET: '' })).toThrow('makes none of its own');
    expect(existsSync(join(folder, 'session-secret'))).toBe(false);
  });
});

test('the service itself ends with the sentence and nothing more', () => {
  const { NODE_ENV: _, DATABASE_URL: __, ...inherited } = process.env;
  const { status, stderr, stdout } = spawnSync(process.execPath, ['server/index.ts'], { cwd: root, env: { ...inherited, ...safe, PUBLIC_ADDRESS: 'http://patrols.example' }, encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr.trim()).toBe('PUBLIC_ADDRESS must be an https:// address with NODE_ENV=production: the session cookie is sent over TLS only.');
});

describe('anywhere', () => {
  const local = { DATA_DIR: join(folder, 'local') };

  test('nothing need be set, and the secret made is kept for its owner alone', () => {
    const first = readConfig(local);
    expect(first).toMatchObject({ production: false, demonstration: true, trustProxy: 0, host: '127.0.0.1', publicAddress: 'http://127.0.0.1:3000', databaseUrl: undefined });
    expect(readConfig(local).sessionSecret).toBe(first.sessionSecret);
    expect(statSync(join(local.DATA_DIR, 'session-secret')).mode & 0o777).toBe(0o600);
    expect(Object.isFrozen(first)).toBe(true);
  });

  test.each([
    [{ PORT: 'eighty' }, 'PORT:'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL: Give a postgresql:// address'],
    [{ PUBLIC_ADDRESS: 'https://patrols.example/' }, 'PUBLIC_ADDRESS: Give an address like'],
    [{ TRUST_PROXY: 'yes' }, 'TRUST_PROXY: Give how many proxies'],
    [{ TRUST_PROXY: '99' }, 'TRUST_PROXY:'],
    [{ DEMONSTRATION: 'perhaps' }, 'DEMONSTRATION:'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL:'],
    [{ TILE_URL: 'https://tile.example; script-src *' }, 'TILE_URL: Give a tile address'],
    [{ SECURITY_CONTACT: 'the office' }, 'SECURITY_CONTACT: Give an address like'],
    [{ OIDC_FILE: join(folder, 'missing.json') }, 'which is not there'],
  ])('%o is refused by name', (change, words) => {
    expect(() => readConfig({ ...local, ...change })).toThrow(words);
  });

  test('several faults are told at once', () => {
    expect(() => readConfig({ ...local, PORT: 'eighty', LOG_LEVEL: 'loud' })).toThrow(/PORT: .*LOG_LEVEL: /);
  });

  test('a list of issuers that is none is refused by its file', () => {
    const broken = fileOf('broken.json', '[{');
    expect(() => readConfig({ ...local, OIDC_FILE: broken })).toThrow(`${broken} is not JSON.`);
    const wrong = fileOf('wrong.json', '[{"name":"OPCC!"}]');
    expect(() => readConfig({ ...local, OIDC_FILE: wrong })).toThrow('0.name: Use small letters, digits and hyphens.');
  });

  test('an issuer without TLS is taken on the own machine only', () => {
    expect(readConfig({ ...local, OIDC_FILE: issuers('http://127.0.0.1:9000') }).issuers).toHaveLength(1);
    for (const address of ['http://login.example', 'http://127.0.0.1.elsewhere.example', 'http://localhost.elsewhere.example']) expect(() => readConfig({ ...local, OIDC_FILE: issuers(address) })).toThrow('is not https://');
  });
});

describe('a secret in a file', () => {
  test('is read, without the line’s end', () => {
    const config = readConfig({ ...safe, SESSION_SECRET: '', SESSION_SECRET_FILE: fileOf('secret', `${secret}\n`), DATABASE_URL_FILE: fileOf('url', 'postgresql://patrols@db.example/patrols\n') });
    expect(config).toMatchObject({ sessionSecret: secret, databaseUrl: 'postgresql://patrols@db.example/patrols' });
  });

  test('is not taken beside the same in the environment, nor when it is missing', () => {
    expect(() => readConfig({ ...safe, SESSION_SECRET_FILE: fileOf('secret', secret) })).toThrow('SESSION_SECRET and SESSION_SECRET_FILE are both set.');
    expect(() => readConfig({ ...safe, SESSION_SECRET: '', SESSION_SECRET_FILE: join(folder, 'none') })).toThrow('which is not there');
  });

  test('of an issuer stays out of its list', () => {
    const file = fileOf('issuers.json', JSON.stringify([{ name: 'opcc', organisation: 'The Office', issuer: 'https://login.example', clientId: 'patrols', clientSecretFile: fileOf('client', 'the-secret\n') }]));
    expect(readConfig({ ...safe, OIDC_FILE: file }).issuers).toEqual([{ name: 'opcc', organisation: 'The Office', issuer: 'https://login.example', clientId: 'patrols', clientSecret: 'the-secret' }]);
    expect(readFileSync(file, 'utf8')).not.toContain('the-secret');
  });
});
