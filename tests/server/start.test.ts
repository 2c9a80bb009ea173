import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import supertest from 'supertest';
import { afterAll, describe, expect, test } from 'vitest';
import { connect, type Connection } from '../../server/database.ts';
import { describeServer, onServer } from '../support/server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const serverUrl = process.env['DATABASE_URL'];
const dataDir = mkdtempSync(join(tmpdir(), 'hotspots-start-'));
const minutes = 60_000;

const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly output: () => string;
}

function run(script: string, args: readonly string[], environment: Record<string, string>): Running {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !['NODE_ENV', 'DATABASE_URL', 'DEMONSTRATION'].includes(name)));
  const child = spawn(process.execPath, [script, ...args], { cwd: root, env: { ...inherited, DATA_DIR: dataDir, PORT: '0', TILE_URL: 'none', ...environment } });
  children.add(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output };
}

/** Waits until the output has such a line; fails with the output when the process ends without one. */
function said(running: Running, line: RegExp): Promise<RegExpExecArray> {
  return expect.poll(() => {
    const match = line.exec(running.output());
    if (!match && running.child.exitCode !== null) throw new Error(`It ended with code ${running.child.exitCode}: ${running.output()}`);
    return match;
  }, { timeout: 6 * minutes, interval: 200 }).not.toBeNull().then(() => line.exec(running.output()) as RegExpExecArray);
}

async function end(running: Running, signal: NodeJS.Signals): Promise<void> {
  const ended = once(running.child, 'exit');
  running.child.kill(signal);
  await ended;
  children.delete(running.child);
}

async function startService(): Promise<Running & { address: string; summary: string[] }> {
  const running = run('server/index.ts', [], {});
  const [, address = ''] = await said(running, /Hotspot Patrols is at (\S+)/);
  await said(running, /^Return, .*\n/m);
  return { ...running, address, summary: running.output().trim().split('\n').slice(-5) };
}

/** Rows of every table the demonstration fills, and what must be in them once. */
async function holdings(connection: Connection): Promise<Record<string, number>> {
  const db = connect(connection, 1);
  try {
    const { rows } = await db.raw(`
      select (select count(*) from person) as people, (select count(*) from boundary) as boundaries, (select count(*) from boundary where schematic) as schematic,
        (select count(*) from incident) as incidents, (select sum(rows) from source_month) as imported, (select count(*) from source_month) as "sourceMonths",
        (select sum(times_replaced) from source_month) as replaced, (select count(*) from source where demonstration) as sources,
        (select count(*) from analysis_run) as analyses, (select count(*) from hotspot) as hotspots, (select count(distinct hotspot_id) from hotspot_baseline) as baselines,
        (select sum(ceiling_pence) from agreement) as "agreedPence", (select count(*) from warden) as wardens, (select count(*) from allocation_run) as allocations,
        (select count(distinct week) from allocation_run) as "allocatedWeeks", (select count(*) from visit) as visits, (select count(*) from return_version) as returns`);
    return rows[0] as Record<string, number>;
  } finally {
    await db.destroy();
  }
}

const expected = {
  people: 15, boundaries: 55, schematic: 55, incidents: 96_363, imported: 96_363, sourceMonths: 180, replaced: 0, sources: 5,
  analyses: 1, hotspots: 19, baselines: 19, agreedPence: 100_000_000, wardens: 27, allocations: 13, allocatedWeeks: 13, returns: 1,
};

describe.runIf(!serverUrl)('a start on an empty data directory', () => {
  const embedded = { host: join(dataDir, 'run'), user: 'postgres', database: 'postgres' };
  let visits = 0;

  test('that is killed half-way is finished by the next one, which tells the main job in five lines', async () => {
    const killed = run('server/index.ts', [], {});
    await said(killed, /^First start/m);
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    await end(killed, 'SIGKILL');

    const service = await startService();
    await supertest(service.address).get('/health').expect(200);
    expect(service.summary.map((line) => line.slice(0, line.indexOf(',')))).toEqual(['Incidents', 'Hotspots', 'Hours', 'Patrols', 'Return']);
    expect(service.summary[0]).toBe('Incidents, 2021-07 to 2024-06: 96,363 in (49,587 anti-social behaviour) = 95,811 in the councils + 84 outside + 419 without a place + 49 at excluded geocodes.');
    expect(service.summary[1]).toMatch(/^Hotspots, 2022-07 to 2023-06: .* 19 agreed, live from 2023-07-01\.$/);
    const [, file = ''] = /^Return, 2023-10: (.*\.xlsx), 15 of 19 hotspots patrolled/.exec(service.summary[4] ?? '') ?? [];
    expect(existsSync(file)).toBe(true);
    const { visits: made, ...rest } = await holdings(embedded);
    visits = made ?? 0;
    expect(rest).toEqual(expected);
    expect(visits).toBeGreaterThan(3_000);

    const agent = supertest.agent(service.address);
    await agent.post('/api/session').send({ email: 'lead@hartlepool.demo', password: 'demonstration' }).expect(200);
    const { body: month } = await agent.get('/api/returns/2023-10').expect(200);
    expect(month.figures.demonstration).toBe(true);
    expect(month.figures.hotspots).toHaveLength(4);
    const counted = month.figures.hotspots.flatMap((hotspot: { figures: { status: string; value: number | null }[] }) => hotspot.figures).filter((figure: { status: string }) => figure.status === 'counted');
    expect(counted.some((figure: { value: number }) => figure.value > 0)).toBe(true);
    const { body: hotspots } = await agent.get('/api/hotspots').expect(200);
    expect(hotspots.hotspots.every((hotspot: { councilCode: string }) => hotspot.councilCode === 'E06000001')).toBe(true);
    await end(service, 'SIGTERM');
    expect(service.child.exitCode).toBe(0);
  }, 15 * minutes);

  test('a second start says the same and makes nothing twice', async () => {
    const service = await startService();
    expect(service.output()).not.toContain('First start');
    expect(await holdings(embedded)).toEqual({ ...expected, visits });
    await end(service, 'SIGTERM');
  }, 5 * minutes);
});

describe.runIf(serverUrl !== undefined)('the command demonstrate on a server', () => {
  const name = `hotspots_start_${randomUUID().slice(0, 8)}`;
  const url = describeServer(serverUrl ?? 'postgres://none', name);
  const demonstrate = async (environment: Record<string, string>): Promise<Running> => {
    const running = run('server/cli.ts', ['demonstrate'], { DATABASE_URL: url, ...environment });
    await once(running.child, 'exit');
    return running;
  };
  afterAll(() => onServer(serverUrl ?? '', `drop database if exists ${name} with (force)`));

  test('fills an empty database once, and only where every page will say so', async () => {
    await onServer(serverUrl ?? '', `create database ${name}`);
    const unmarked = await demonstrate({});
    expect(unmarked.child.exitCode).toBe(1);
    expect(unmarked.output()).toContain('Set DEMONSTRATION=true');
    for (const time of ['first', 'second']) {
      const done = await demonstrate({ DEMONSTRATION: 'true' });
      expect({ time, code: done.child.exitCode, output: done.output() }).toMatchObject({ time, code: 0, output: expect.stringContaining('19 agreed') });
      const { visits, ...rest } = await holdings({ connectionString: url });
      expect(rest).toEqual(expected);
      expect(visits).toBeGreaterThan(3_000);
    }
  }, 15 * minutes);
});
