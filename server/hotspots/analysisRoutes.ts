/** Analysis runs over HTTP. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import { notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { settingsOn } from '../settings/queries.ts';
import { countRunCells, findRun, listRunCells, listRuns } from './analysisQueries.ts';
import { type AnalysisJob, runProvenance } from './analysisWork.ts';
import { candidatesWords, describeCandidates } from './candidates.ts';
import { type Analysis, type Provenance, getAnalysis, listAnalyses, listCandidates, listHotCells, startAnalysis } from './contract.ts';
import { tagEvidence } from './evidenceQueries.ts';
import { liveOutlines } from './hotspotQueries.ts';
import { resolveFilter } from './incidentFilter.ts';
import { today, type Viewer } from './mapRoutes.ts';
import { readBreaks } from './mapView.ts';
import { listedNames } from './placeNames.ts';
import { incidentTotals, loadHoldings } from './queries.ts';
import { numberOf, textOf } from './settings.ts';

export function analysisRoutes(mount: Mount): void {
  mount(startAnalysis, async ({ db, input, actor, person, scope, jobs, now }) => {
    // Refused here in words what the job would refuse, so that the person is told at once.
    const windowMonths = numberOf(await settingsOn(db, today(now)), 'analysis_window_months');
    resolveFilter(input, await loadHoldings(db), { windowMonths, scope: scope.councils });
    const job: AnalysisJob = { asked: input, scope: scope.councils };
    return { jobId: await jobs.enqueue(db, 'analyse', job, actor, person?.councilCode ?? null) };
  });

  mount(listAnalyses, async ({ db, scope }) => ({ analyses: await listRuns(db, scope.councils) }));

  mount(getAnalysis, async ({ db, input, scope }) => {
    const run = await getRun(db, scope.councils, input.id);
    return { ...run, provenance: await provenanceOfRun(db, run, scope.councils) };
  });

  mount(listHotCells, async ({ db, input, scope }) => {
    const run = await getRun(db, scope.councils, input.id);
    const cells = await listRunCells(db, run, { councils: input.council, limit: input.limit });
    return { cells, total: await countRunCells(db, run.id) };
  });

  mount(listCandidates, async ({ db, input, scope, now }) => {
    const run = await getRun(db, scope.councils, input.id);
    return loadCandidates(db, run, { scope: scope.councils, now });
  });
}

/** What a run says of itself, from its own parameters; counts by source are of the data held now. */
export async function provenanceOfRun(db: Knex, { parameters }: Analysis, scope: readonly string[]): Promise<Provenance> {
  const asked = { from: parameters.from, to: parameters.to, council: parameters.councils, category: parameters.categories, source: parameters.sources };
  const filter = resolveFilter(asked, await loadHoldings(db), { windowMonths: 12, scope });
  return runProvenance(db, filter, await incidentTotals(db, filter), parameters);
}

export async function loadCandidates(db: Knex, run: Analysis, { scope, now }: Viewer): Promise<z.input<typeof listCandidates.output>> {
  const settings = await settingsOn(db, today(now));
  const widestMetres = numberOf(settings, 'hotspot_widest_metres');
  const cells = await listRunCells(db, run, { candidatesOnly: true });
  const live = await liveOutlines(db, { scope, today: today(now) });
  const candidates = describeCandidates(cells, { widestMetres, figures: run.figures, generalNames: listedNames(textOf(settings, 'place_names_general')), live, evidence: await tagEvidence(db, run, cells, settings) });
  return { widestMetres, breaks: readBreaks(textOf(settings, 'map_class_breaks')), candidates, says: candidatesWords(candidates, run.figures) };
}

export async function getRun(db: Knex, scope: readonly string[], id: string): Promise<Analysis> {
  const run = await findRun(db, scope, id);
  if (!run) throw notFound('analysis run');
  return run;
}
