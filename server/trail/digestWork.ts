/** The daily digest of the audit trail, kept in the database and written out beside it, so that a change to either shows. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { daysWithoutDigest, digestDay, listDigests, saveDigest } from './queries.ts';

/** Makes every digest that is due and writes each to `folder`; returns the days. */
export async function makeDigests(db: Knex, now: Date, folder: string): Promise<string[]> {
  const made = await db.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(7204532)');
    let previous = (await listDigests(trx))[0]?.sha256 ?? null;
    const done: { day: string; events: number; sha256: string; previousSha256: string | null }[] = [];
    for (const day of await daysWithoutDigest(trx, now.toISOString().slice(0, 10))) {
      const digest = await digestDay(trx, day, previous);
      if (!digest) continue;
      await saveDigest(trx, day, digest, previous);
      done.push({ day, events: digest.events, sha256: digest.sha256, previousSha256: previous });
      previous = digest.sha256;
    }
    return done;
  });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const digest of made) await writeFile(join(folder, `audit-digest-${digest.day}.json`), `${JSON.stringify(digest)}\n`, { mode: 0o600 });
  return made.map((digest) => digest.day);
}
