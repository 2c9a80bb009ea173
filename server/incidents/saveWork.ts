/** Saves months while the next files are being read: two at a time, one after the other for the same source and month. */
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import { saveLocations } from '../places/locationQueries.ts';
import type { SpotKey } from '../places/spots.ts';
import type { IncidentRow, MonthSaved } from './incident.ts';
import { keysOfRows, prepare, saveMonth, saveMonthPartitions } from './monthQueries.ts';
import type { Parcel } from './parcels.ts';

export interface MonthSaver {
  /** Makes ready what the months of these parcels stand on: `more` (their source and categories), partitions, locations. */
  prepare(parcels: readonly Parcel[], more: (trx: Knex.Transaction) => Promise<void>): Promise<void>;
  /** Waits while two months are being saved, then starts this one; `done` runs when its rows are no longer needed. */
  add(parcels: readonly Parcel[], zone: string, done: () => Promise<void>): Promise<void>;
  /** Waits for all of them; throws what any of them threw. */
  finish(): Promise<void>;
}

const mostKnown = 300_000;
const atOnce = 2;

export function createMonthSaver(context: { db: Knex; actor: Actor; importId: string; saved(month: MonthSaved): void }): MonthSaver {
  const { db, actor, importId } = context;
  const known = new Map<SpotKey, number>();
  const running = new Map<string, Promise<void>>();
  let failed: unknown;

  /** Locations are saved ahead, in a transaction of their own, so that months saved side by side never wait for each other's new points. */
  async function learn(trx: Knex.Transaction, rows: readonly IncidentRow[]): Promise<Map<SpotKey, number>> {
    const missing = new Set<SpotKey>();
    for (const key of keysOfRows(rows)) if (key !== undefined && !known.has(key)) missing.add(key);
    return saveLocations(trx, [...missing]);
  }

  function remember(ids: ReadonlyMap<SpotKey, number>): void {
    if (known.size + ids.size > mostKnown) known.clear();
    for (const [key, id] of ids) known.set(key, id);
  }

  async function save(parcels: readonly Parcel[], zone: string): Promise<void> {
    const [{ source, month }] = parcels as [Parcel];
    const saved = await db.transaction(async (trx) => {
      const result = await saveMonth(trx, { source, month, importId, rows: rowsOf(parcels), zone, known });
      await recordEvent(trx, actor, {
        action: result.replaced ? 'monthReplaced' : 'monthImported', subjectKind: 'source_month', subjectId: `${source} ${month}`, after: { rows: result.rows, importId },
      });
      return result;
    });
    context.saved(saved);
  }

  return {
    async prepare(parcels, more) {
      await prepare(db, async (trx) => {
        await more(trx);
        await saveMonthPartitions(trx, [...new Set(parcels.map(({ month }) => month))]);
      });
      for (const parcel of parcels) for await (const batch of parcel.batches()) remember(await prepare(db, (trx) => learn(trx, batch)));
    },
    async add(parcels, zone, done) {
      const [{ source, month }] = parcels as [Parcel];
      const key = `${source} ${month}`;
      await running.get(key);
      while (running.size >= atOnce) await Promise.race(running.values());
      if (failed) throw failed;
      const work = save(parcels, zone).then(done).catch((error: unknown) => (failed ??= error)).finally(() => running.delete(key));
      running.set(key, work as Promise<void>);
    },
    async finish() {
      await Promise.all(running.values());
      if (failed) throw failed;
    },
  };
}

async function* rowsOf(parcels: readonly Parcel[]): AsyncGenerator<IncidentRow> {
  for (const parcel of parcels) for await (const batch of parcel.batches()) yield* batch;
}
