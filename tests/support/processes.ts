/** The service as processes of its own on one PostgreSQL, to be sent to in parallel and to be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import supertest from 'supertest';
import type { TestDatabase } from './database.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface RunningProcess {
  readonly address: string;
  /** Ends it without a word, as a power cut would. */
  kill(): Promise<void>;
}

/** Starts the service on a test's database and waits until it listens. */
export async function startProcess({ config }: Pick<TestDatabase, 'config'>): Promise<RunningProcess> {
  const { NODE_ENV: _, DATABASE_URL: _url, ...inherited } = process.env;
  const environment = { ...inherited, ...(config.databaseUrl ? { DATABASE_URL: config.databaseUrl } : {}), DATA_DIR: config.dataDir, SESSION_SECRET: config.sessionSecret, PORT: '0', TILE_URL: 'none', LOG_LEVEL: 'fatal', DEMONSTRATION: 'true' };
  const child = spawn(process.execPath, ['server/index.ts'], { cwd: root, env: environment });
  let said = '';
  for await (const part of child.stdout) if (/ is at \S+\n/.test((said += String(part)))) break;
  return { address: / is at (\S+)/.exec(said)?.[1] ?? '', kill: () => kill(child) };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** A session of a demonstration user, good at every process on the database. */
export async function cookieOf({ address }: RunningProcess, email: string): Promise<string> {
  const answer = await supertest(address).post('/api/session').send({ email, password: 'demonstration' }).expect(200);
  return answer.headers['set-cookie']![0]!.split(';')[0]!;
}
