/** How the agreed set changes, over HTTP. */
import { getHotspotRecord } from '../hotspots/adoptionWork.ts';
import type { Mount } from '../mount.ts';
import { listEvents } from './changeQueries.ts';
import * as changes from './changeWork.ts';
import * as contract from './contract.ts';
import { historyEntry } from './history.ts';
import { listKeptRefreshes } from './refreshQueries.ts';
import { decideRefresh, viewRefresh } from './refreshWork.ts';
import * as reshape from './reshapeWork.ts';
import { createTrials } from './trialPool.ts';
import { tryCandidates } from './trialWork.ts';

export function changesRoutes(mount: Mount): void {
  mount(contract.moveHotspot, async ({ db, input, actor, scope, now }) => changes.moveHotspot(db, input, { actor, scope: scope.councils, now }));
  mount(contract.previewMove, async ({ db, input, actor, scope, now }) => changes.previewMove(db, input, { actor, scope: scope.councils, now }));
  mount(contract.renameHotspot, async ({ db, input, actor, scope, now }) => changes.renameHotspot(db, input, { actor, scope: scope.councils, now }));
  mount(contract.pauseHotspot, async ({ db, input, actor, scope, now }) => changes.pauseHotspot(db, input, { actor, scope: scope.councils, now }));
  mount(contract.resumeHotspot, async ({ db, input, actor, scope, now }) => changes.resumeHotspot(db, input, { actor, scope: scope.councils, now }));
  mount(contract.agreeHotspot, async ({ db, input, actor, scope, now }) => changes.agreeHotspot(db, input, { actor, scope: scope.councils, now }));
  mount(contract.splitHotspot, async ({ db, input, actor, scope, now }) => ({ hotspots: await reshape.splitHotspot(db, input, { actor, scope: scope.councils, now }) }));
  mount(contract.mergeHotspots, async ({ db, input, actor, scope, now }) => reshape.mergeHotspots(db, input, { actor, scope: scope.councils, now }));

  mount(contract.getHotspotHistory, async ({ db, input, scope, now }) => {
    await getHotspotRecord(db, { scope: scope.councils, today: now.toISOString().slice(0, 10) }, input.id);
    const events = await listEvents(db, input.id);
    return { entries: events.map((event) => historyEntry({ ...event, happenedAt: event.happenedAt.toISOString() })) };
  });

  mount(contract.getRefresh, async ({ db, input, scope, now }) => viewRefresh(db, input.id, { scope: scope.councils, now }));
  mount(contract.confirmRefresh, async ({ db, input, actor, scope, now }) => decideRefresh(db, input, { actor, scope: scope.councils, now }));
  mount(contract.listRefreshes, async ({ db }) => ({ refreshes: await listKeptRefreshes(db) }));

  const trials = createTrials();
  mount(contract.tryHotspots, async ({ db, input, scope, now }) => tryCandidates(db, input, { scope: scope.councils, now }, trials));
}
