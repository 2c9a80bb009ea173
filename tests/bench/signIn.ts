/** How long others wait while two hundred people sign in at once, on a service of its own with the embedded database. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { migrate, openDatabase } from '../../server/database.ts';
import { addDemonstrationPeople } from '../../server/demonstration/people.ts';
import { demonstrationPassword } from '../../server/people/routes.ts';

const signIns = 200;
const root = fileURLToPath(new URL('../..', import.meta.url));
/** What a desk asks for while it is used. */
const paths = ['/api/session', '/api/hotspots', '/api/settings', '/api/agreements', '/api/account/sessions', '/ping'];

/** The slowest of the others' requests and the time until all are in, milliseconds. */
export async function benchSignIn(): Promise<Record<string, number>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hotspots-bench-'));
  let service: ChildProcess | undefined;
  try {
    const emails = await preparePeople(dataDir);
    const started = await startService(dataDir);
    service = started.child;
    return await measure(started.address, emails);
  } finally {
    if (service) {
      service.kill('SIGTERM');
      await once(service, 'exit');
    }
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function preparePeople(dataDir: string): Promise<string[]> {
  const database = await openDatabase({ databaseUrl: undefined, dataDir }, { mustOwn: true });
  try {
    await migrate(database.db);
    await database.db.transaction((trx) => addDemonstrationPeople(trx, { production: false, validFrom: '2020-01-01' }));
    // All come from this machine's one address.
    await database.db('setting').where({ name: 'sign_in_tries_per_address' }).update({ value: '100000' });
    await database.db('setting').where('name', 'like', 'requests_per_minute_%').update({ value: '100000' });
    return await database.db('person').where({ demonstration: true }).pluck('email');
  } finally {
    await database.close();
  }
}

async function startService(dataDir: string): Promise<{ child: ChildProcess; address: string }> {
  const { DATABASE_URL: _, NODE_ENV: __, ...inherited } = process.env;
  const child = spawn(process.execPath, ['server/index.ts'], { cwd: root, env: { ...inherited, DATA_DIR: dataDir, PORT: '0', TILE_URL: 'none', DEMONSTRATION: 'false' }, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const part of child.stdout) {
    said += String(part);
    const address = / is at (\S+)\n/.exec(said)?.[1];
    if (address) return { child, address };
  }
  throw new Error('The service ended before it listened.');
}

async function signIn(address: string, email: string): Promise<string> {
  const answer = await fetch(`${address}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email, password: demonstrationPassword }) });
  await answer.text();
  if (!answer.ok) throw new Error(`Signing in was answered ${answer.status}.`);
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

async function ask(address: string, path: string, cookie: string): Promise<number> {
  const started = performance.now();
  const answer = await fetch(`${address}${path}`, { headers: { cookie } });
  await answer.text();
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}.`);
  return performance.now() - started;
}

async function measure(address: string, emails: readonly string[]): Promise<Record<string, number>> {
  const cookie = await signIn(address, 'manager@opcc.demo');
  for (const path of [...paths, ...paths]) await ask(address, path, cookie);
  const rush = new Worker(new URL('./signInRush.ts', import.meta.url), { workerData: { address, emails, password: demonstrationPassword, signIns } });
  await once(rush, 'online');
  let inside = false;
  const started = performance.now();
  const all = once(rush, 'message').then(([failed]: number[]) => {
    inside = true;
    if (failed) throw new Error(`${failed} of ${signIns} sign-ins failed.`);
    return performance.now() - started;
  });
  rush.postMessage('go');
  const times: number[] = [];
  const others = async (first: number): Promise<void> => {
    for (let i = first; !inside; i += 1) times.push(await ask(address, paths[i % paths.length]!, cookie));
  };
  const [everybodyInMs] = await Promise.all([all, others(0), others(3)]);
  await rush.terminate();
  if (times.length < 20) throw new Error(`Only ${times.length} other requests were served meanwhile.`);
  times.sort((a, b) => a - b);
  return { signInOthersMaxMs: times.at(-1) ?? NaN, signInOthersMedianMs: times[times.length >> 1] ?? NaN, signInEverybodyInMs: everybodyInMs };
}
