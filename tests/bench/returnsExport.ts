/** A process of its own that exports the returns of many months to nowhere and says how long it took and how much memory it held at most. */
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inScope, openDatabase } from '../../server/database.ts';
import { monthsBook } from '../../server/returns/exportMonthsWork.ts';
import { writeLongBook } from '../../server/returns/workbookWriter.ts';

const [databaseUrl = '', from = '', to = ''] = process.argv.slice(2);
const database = await openDatabase({ databaseUrl, dataDir: '.' });
const started = performance.now();
let bytes = 0;
// Behind the fences of a grant manager, as the service does it.
const scope = { personId: null, roles: ['grant_manager'], councils: ['*'] } as const;
const book = await inScope(database.db, scope, (trx) => monthsBook(trx, { from, to, councils: scope.councils, now: new Date(`${to}-28T12:00:00Z`) }));
const counted = performance.now();
await pipeline(writeLongBook(book), new Writable({ write(chunk: Buffer, _encoding, done) {
  bytes += chunk.length;
  done();
} }));
const ms = performance.now() - started;
console.log(JSON.stringify({ ms, countedMs: counted - started, cpuMs: process.cpuUsage().user / 1000, peakMb: process.resourceUsage().maxRSS / 1024, bytes }));
await database.close();
