/** Nineteen hotspots, found by an analysis of the demonstration incidents and adopted from it, their baselines frozen. */
import type { Knex } from 'knex';
import { listRunCells, listRuns } from '../hotspots/analysisQueries.ts';
import { runAnalysis } from '../hotspots/analysisWork.ts';
import { adoptHotspots } from '../hotspots/adoptionWork.ts';
import { describeCandidates } from '../hotspots/candidates.ts';
import type { Analysis, Candidate } from '../hotspots/contract.ts';
import { listedNames } from '../hotspots/placeNames.ts';
import { numberOf, textOf } from '../hotspots/settings.ts';
import { settingsOn } from '../settings/queries.ts';
import { demonstrationActor } from './actor.ts';
import { demonstrationAgreements, demonstrationFund } from './grant.ts';

/** The twelve months before the fund begins. */
export const analysisPeriod = { from: '2022-07', to: '2023-06' } as const;
/** When the demonstration's people would have looked and agreed. */
const decidedAt = new Date('2023-07-03T09:00:00Z');
const everywhere = ['*'];

/** Runs the analysis hotspots are chosen on, unless a start that was cut short has done so already. */
export async function fillAnalysis(db: Knex): Promise<void> {
  if (await findChoice(db)) return;
  await runAnalysis(db, { ...analysisPeriod, resolution: 9 }, { scope: everywhere, actor: demonstrationActor, now: decidedAt, report: () => undefined });
}

async function findChoice(db: Knex): Promise<Analysis | undefined> {
  return (await listRuns(db, everywhere)).find(({ parameters }) => parameters.from === analysisPeriod.from && parameters.to === analysisPeriod.to);
}

/** Adopts each council's best candidates, live from the fund's first day. */
export async function fillHotspots(trx: Knex.Transaction): Promise<void> {
  const run = await findChoice(trx);
  if (!run) throw new Error('The analysis the demonstration hotspots are chosen on is missing.');
  const settings = await settingsOn(trx, demonstrationFund.startsOn);
  const candidates = describeCandidates(await listRunCells(trx, run, { candidatesOnly: true }), {
    widestMetres: numberOf(settings, 'hotspot_widest_metres'), figures: run.figures, generalNames: listedNames(textOf(settings, 'place_names_general')), live: [],
  });
  for (const { name, candidate } of chooseHotspots(candidates)) {
    await adoptHotspots(trx, { runId: run.id, cells: candidate.cells, name, reason: candidate.why, liveFrom: demonstrationFund.startsOn, split: false }, { actor: demonstrationActor, scope: everywhere, now: decidedAt });
  }
}

/** As many of each council's best as its agreement says, best first. */
export function chooseHotspots(candidates: readonly Candidate[]): { name: string; candidate: Candidate }[] {
  return demonstrationAgreements.flatMap(({ councilCode, hotspots }) => {
    const own = candidates.filter((candidate) => candidate.councilCode === councilCode).slice(0, hotspots);
    if (own.length < hotspots) throw new Error(`The demonstration incidents give ${own.length} hotspots in ${councilCode}, not ${hotspots}. Use another seed.`);
    return own.map((candidate) => ({ name: candidate.suggestedName, candidate }));
  });
}
