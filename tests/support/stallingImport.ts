/** Run as a process of its own: replaces a month, stops half-way through its rows, says so, and waits to be killed. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type Connection, connect } from '../../server/database.ts';
import type { IncidentRow } from '../../server/incidents/incident.ts';
import { saveMonth } from '../../server/incidents/monthQueries.ts';

const [connection = '', source = '', month = ''] = process.argv.slice(2);
const db = connect(JSON.parse(connection) as Connection, 2);

async function* rows(): AsyncGenerator<IncidentRow> {
  // Two batches have been written by then, and the old month deleted.
  for (let i = 0; i < 10_001; i++) yield { lng: -1.25, lat: 54.65, category: 'anti-social-behaviour', placeName: 'new' };
  process.stdout.write('half\n');
  await wait(120_000);
}

await db.transaction((trx) => saveMonth(trx, { source, month, importId: randomUUID(), rows: rows() }));
