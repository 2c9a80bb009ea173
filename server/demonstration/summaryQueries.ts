/** What the five lines of the summary say, read from the features that did the work. */
import type { Knex } from 'knex';
import { listRuns as listAllocations } from '../grants/allocationQueries.ts';
import { listRuns as listAnalyses } from '../hotspots/analysisQueries.ts';
import { listHotspots } from '../hotspots/hotspotQueries.ts';
import { resolveFilter } from '../hotspots/incidentFilter.ts';
import { countsOf } from '../hotspots/provenance.ts';
import { incidentTotals, loadHoldings } from '../hotspots/queries.ts';
import { councilCodes } from '../patrols/councilQueries.ts';
import { sumVisits } from '../patrols/visitQueries.ts';
import { monthlyDefinition } from '../returns/contract.ts';
import { findVersionFigures, listVersions } from '../returns/versionQueries.ts';
import { workbookName } from '../returns/workbook.ts';
import { analysisPeriod } from './fillHotspots.ts';
import { returnMonth } from './fillReturn.ts';
import { demonstrationFund, patrolStarts } from './grant.ts';
import type { SummaryFacts } from './summary.ts';

const everywhere = ['*'];
/** The week the summary shows the allocation of. */
const shownWeek = '2023-10-02';

/** The facts, or undefined where a part of the main job has not been done. */
export async function loadSummary(db: Knex): Promise<SummaryFacts | undefined> {
  const codes = await councilCodes(db, everywhere);
  const run = (await listAnalyses(db, everywhere)).find(({ parameters }) => parameters.from === analysisPeriod.from && parameters.to === analysisPeriod.to);
  const [allocation] = await listAllocations(db, codes, { week: shownWeek, limit: 1 });
  const made = await loadReturn(db);
  if (!run || !allocation || !made) return undefined;
  const agreed = await listHotspots(db, { scope: everywhere, today: demonstrationFund.startsOn, all: false });
  return {
    incidents: await loadIncidents(db),
    hotspots: { ...analysisPeriod, cells: run.figures.cells, candidates: run.figures.candidates, agreed: agreed.length, liveFrom: demonstrationFund.startsOn },
    hours: {
      week: shownWeek, visits: allocation.visits, personMinutes: allocation.personMinutes, agreements: allocation.agreements.length, spentPence: allocation.spentPence,
      weekPence: allocation.agreements.reduce((sum, { money }) => sum + money.weekPence, 0), gap: allocation.gap,
    },
    patrols: await loadPatrols(db, codes),
    return: made,
  };
}

async function loadIncidents(db: Knex): Promise<SummaryFacts['incidents']> {
  const held = await loadHoldings(db);
  const months = held.months.map(({ month }) => month).sort();
  const options = { windowMonths: 12, scope: everywhere };
  const asked = { from: months[0], to: months.at(-1) };
  const everything = resolveFilter({ ...asked, category: ['all'] }, held, options);
  const asb = resolveFilter({ ...asked, category: ['asb'] }, held, options);
  const counts = countsOf(await incidentTotals(db, everything), everything.councils);
  return { from: everything.from, to: everything.to, ...counts, asb: countsOf(await incidentTotals(db, asb), asb.councils).in };
}

async function loadPatrols(db: Knex, codes: readonly string[]): Promise<SummaryFacts['patrols']> {
  const from = Object.values(patrolStarts()).sort()[0] ?? demonstrationFund.startsOn;
  const to = demonstrationFund.endsOn;
  const { patrols, visits, personMinutes } = await sumVisits(db, { councils: codes, from, to }, 15);
  return { from, to, patrols, visits, personMinutes };
}

async function loadReturn(db: Knex): Promise<SummaryFacts['return'] | undefined> {
  const [version] = await listVersions(db, monthlyDefinition, returnMonth);
  const figures = version && (await findVersionFigures(db, monthlyDefinition, returnMonth, version.version));
  if (!version || !figures) return undefined;
  const started = figures.hotspots.filter(({ patrolsFrom }) => patrolsFrom !== null).length;
  return { month: returnMonth, hotspots: figures.hotspots.length, started, file: workbookName(figures), sha256: version.sha256 };
}
