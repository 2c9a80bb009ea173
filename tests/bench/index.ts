/**
 * `npm run bench [-- --json] [-- --quick] [-- --peers]`: medians of the parts whose speed matters, each beside a reference run in the same call.
 * The server's figures are measured on the one in DATABASE_URL, or on one of our own where PostgreSQL 15 is installed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrate, openDatabase } from '../../server/database.ts';
import { startPostgis } from '../support/postgis.ts';
import { benchAllocation } from './allocation.ts';
import { benchGeo } from './geo.ts';
import { benchHotspots } from './hotspots.ts';
import { benchImport } from './import.ts';
import { benchRota } from './rota.ts';
import { benchSignIn } from './signIn.ts';
import { benchLedger } from './ledger.ts';
import { benchPatrolLog } from './patrolLog.ts';
import { benchReturns } from './returns.ts';
import { benchPeers, whyNoPeers } from './peers.ts';
import { benchRounds } from './rounds.ts';

type Figures = Record<string, number>;

/** The map's view is measured where the service runs by default: on the embedded database. */
async function benchMap(): Promise<Figures> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hotspots-bench-'));
  const database = await openDatabase({ databaseUrl: undefined, dataDir }, { mustOwn: true });
  try {
    await migrate(database.db);
    return await benchHotspots(database.db);
  } finally {
    await database.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const parts: [string, () => Promise<Figures>][] = [
  ['Statistics', benchGeo],
  ['Allocation', benchAllocation],
  ['Rounds', benchRounds],
  ['Rota', benchRota],
  ['Map', benchMap],
  ['Import', benchImport],
  ['Signing in', benchSignIn],
  ['Ledger', benchLedger],
  ['Returns', benchReturns],
  ['Patrol log', benchPatrolLog],
];

const { values } = parseArgs({ options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, peers: { type: 'boolean' } } });
if (values.peers) {
  const why = whyNoPeers();
  if (why) console.error(why);
  else parts.unshift(['Beside R', () => Promise.resolve(benchPeers())]);
}
const chosen = values.quick ? parts.filter(([name]) => ['Beside R', 'Statistics', 'Allocation'].includes(name)) : parts;
const figures: Figures = {};
const postgis = values.quick || process.env['DATABASE_URL'] ? undefined : await startPostgis();
if (postgis) process.env['DATABASE_URL'] = postgis.url;
try {
  for (const [name, measure] of chosen) {
    const found = await measure();
    Object.assign(figures, found);
    if (!values.json) printPart(name, found);
  }
} finally {
  postgis?.stop();
}
if (values.json) console.log(JSON.stringify(figures, null, 2));

function printPart(name: string, found: Figures): void {
  console.log(`\n${name} (medians)`);
  for (const [key, value] of Object.entries(found)) {
    if (key.endsWith('Reference') || key.endsWith('Peer')) continue;
    const reference = found[`${key}Reference`] ?? found[`${key}Peer`];
    const beside = reference === undefined ? '' : `   ${found[`${key}Peer`] === undefined ? 'reference' : 'R'} ${shown(reference)}, ratio ${(value / reference).toFixed(value / reference < 0.01 ? 5 : 3)}`;
    console.log(`  ${key.padEnd(32)} ${shown(value)}${beside}`);
  }
}

function shown(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en-GB') : value.toPrecision(4);
}
