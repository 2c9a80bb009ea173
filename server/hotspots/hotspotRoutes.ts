/** The agreed hotspots over HTTP. */
import type { Knex } from 'knex';
import type { Mount } from '../mount.ts';
import { settingsOn } from '../settings/queries.ts';
import { adoptHotspots as adopt, getHotspotRecord, retireHotspot as retire } from './adoptionWork.ts';
import { listBeside } from './besideQueries.ts';
import { comparisonNotes, compareMonths, hotspotMonths } from './comparison.ts';
import { adoptHotspots, listHotspots, retireHotspot } from './contract.ts';
import { getHotspot, type HotspotDetail, type HotspotOutline } from './hotspotContract.ts';
import { listOutlines, listPauses, listSuccession } from './groundQueries.ts';
import { hotspotCounts, listBaseline, listHotspots as selectHotspots } from './hotspotQueries.ts';
import { today } from './mapRoutes.ts';
import { attributionOf } from './provenance.ts';
import { boundaryAttribution, loadHoldings } from './queries.ts';
import { numberOf } from './settings.ts';

export function hotspotRoutes(mount: Mount): void {
  mount(adoptHotspots, async ({ db, input, actor, scope, now }) => ({ hotspots: await adopt(db, input, { actor, scope: scope.councils, now }) }));

  mount(listHotspots, async ({ db, input, scope, now }) => ({ hotspots: await selectHotspots(db, { ...input, scope: scope.councils, today: today(now) }) }));

  mount(getHotspot, async ({ db, input, scope, now }) => describeHotspot(db, input.id, { scope: scope.councils, today: today(now) }));

  mount(retireHotspot, async ({ db, input, actor, scope, now }) => retire(db, input, { actor, scope: scope.councils, now }));
}

async function describeHotspot(db: Knex, id: string, view: { scope: readonly string[]; today: string }): Promise<HotspotDetail> {
  const record = await getHotspotRecord(db, view, id);
  const frozen = await listBaseline(db, id);
  const sources = [...new Set(frozen.map((row) => row.source))];
  const counts = await hotspotCounts(db, record, sources);
  const outlines = await listOutlines(db, id, { validFrom: record.liveFrom, baselineFrom: record.baselineFrom, baselineTo: record.baselineTo, frozen });
  const pauses = await listPauses(db, id);
  const months = hotspotMonths({ ...record, ...counts, frozen, moved: outlines.slice(1), pauses });
  const settings = await settingsOn(db, view.today);
  const held = await loadHoldings(db);
  const used = held.sources.filter((source) => sources.includes(source.code));
  const { adoptedAt, ...rest } = record;
  return {
    ...rest, adoptedAt: adoptedAt.toISOString(), frozen, months, outlines, pauses, ...(await listSuccession(db, id)),
    beside: await listBeside(db, { id, councilCode: record.councilCode, sources, months: months.map(({ month }) => month) }),
    comparison: compareMonths(months, numberOf(settings, 'count_overdispersion')),
    notes: [...(record.agreed ? notesOf(record.baselineMonths, numberOf(settings, 'hotspot_baseline_months')) : []), ...movedNotes(outlines), ...comparisonNotes],
    attribution: attributionOf(used, await boundaryAttribution(db, held.councils, record.liveFrom)),
  };
}

/** What a move does to the figures, said beside them. */
function movedNotes(outlines: readonly HotspotOutline[]): string[] {
  return outlines.slice(1).map(({ validFrom, baselineFrom, baselineTo }) => `From ${validFrom} on incidents are counted in a moved outline and compared with its own baseline`
    + `${baselineFrom && baselineTo ? `, frozen for ${baselineFrom} to ${baselineTo}, months in which the outline before may have been patrolled` : ''}. The first baseline stays as it was.`);
}

function notesOf(frozenMonths: number, wanted: number): string[] {
  if (frozenMonths >= wanted) return [];
  return [frozenMonths === 0 ? 'No months before adoption were held, so there is no baseline.' : `The baseline has ${frozenMonths} of ${wanted} months: the others were not held when the hotspot was adopted.`];
}
