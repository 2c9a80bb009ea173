/** Tracks over HTTP. A file is looked through and thrown away; what is kept of it is its hash, its visits and its points inside hotspots. */
import { readFile } from 'node:fs/promises';
import type { Mount, ReceivedFile } from '../mount.ts';
import { localTime } from '../patrols/calendar.ts';
import { councilCodes } from '../patrols/councilQueries.ts';
import { numberSetting } from '../settings/queries.ts';
import type { Knex } from 'knex';
import * as contract from './trackContract.ts';
import { refuseTrack } from './trackGpx.ts';
import { listTracks, positionsKeepDays } from './trackQueries.ts';
import { keepTrack, lookThrough, previewOf } from './trackWork.ts';

export function trackRoutes(mount: Mount): void {
  mount(contract.previewTrack, async ({ db, scope, actor, now, input, file }) => {
    const looked = await lookThrough(db, { actor, councils: scope.councils, now }, input, await bytesOf(db, now, input.fileName, file));
    return previewOf(looked);
  });

  mount(contract.recordTrack, async ({ db, scope, actor, now, input, file }) => {
    const context = { actor, councils: scope.councils, now };
    const looked = await lookThrough(db, context, input, await bytesOf(db, now, input.fileName, file));
    return { sha256: looked.sha256, ...(await keepTrack(db, context, input, looked)) };
  });

  mount(contract.listTracks, async ({ db, scope, input, now }) => ({
    tracks: await listTracks(db, { ...input, councils: await councilCodes(db, scope.councils) }),
    keepDays: (await positionsKeepDays(db, localTime(now.getTime()).date)) ?? 0,
  }));
}

/** Asked for its size before it is read into memory. */
async function bytesOf(db: Knex, now: Date, fileName: string, file: ReceivedFile | undefined): Promise<Uint8Array> {
  const megabytes = await numberSetting(db, 'track_most_megabytes', localTime(now.getTime()).date);
  if (!file) return new Uint8Array();
  if (file.size > megabytes * 1_000_000) throw refuseTrack(fileName, `the file has over ${megabytes} MB, too much for one outing. Send the outing alone.`);
  return readFile(file.path);
}
