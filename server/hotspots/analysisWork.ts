/** An analysis run: load in one snapshot, decide away from the database, save whole. The same function serves the job and the command line. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { coverArea } from '../../geo/cells.ts';
import { polygonsOf } from '../../geo/shapes.ts';
import { type Actor, recordEvent } from '../audit.ts';
import { AppError } from '../errors.ts';
import { weighNothing } from '../incidents/weights.ts';
import type { JobHandler } from '../jobs.ts';
import { settingsOn } from '../settings/queries.ts';
import { cellDetails, councilBoundaries, type CouncilBoundary, saveRun } from './analysisQueries.ts';
import type { Analysis, AnalysisAsked, AnalysisParameters, DataVintage, Provenance } from './contract.ts';
import { type AnalysisInput, decideAnalysis, methodVersion, type RankedCell } from './hotCells.ts';
import { type Holdings, type IncidentFilter, resolveFilter } from './incidentFilter.ts';
import { firstDay } from './months.ts';
import { listedNames } from './placeNames.ts';
import { exactShare, provenanceOf, type SourceTotal, totalsOf } from './provenance.ts';
import { boundaryAttribution, cellTotals, loadHoldings } from './queries.ts';
import { numberOf, textOf } from './settings.ts';

export interface AnalysisOutcome {
  readonly run: Analysis;
  readonly cells: readonly RankedCell[];
  readonly provenance: Provenance;
  readonly warnings: readonly string[];
}

export interface AnalysisOptions {
  readonly scope: readonly string[];
  readonly actor: Actor;
  readonly now: Date;
  /** The month the calendar asked for, `YYYY-MM`. */
  readonly scheduledFor?: string | undefined;
  report(progress: number, step: string): void;
}

/** Runs an analysis and keeps it; throws in words when what is asked cannot be analysed. */
export async function runAnalysis(db: Knex, asked: AnalysisAsked, options: AnalysisOptions): Promise<AnalysisOutcome> {
  options.report(0.05, 'Loading counts');
  const loaded = await db.transaction((trx) => loadInput(trx, asked, options), { isolationLevel: 'repeatable read' });
  options.report(0.5, 'Ranking cells');
  const { figures, cells, hash } = decideAnalysis(loaded.input);
  options.report(0.8, 'Saving the run');
  const run: Analysis = { id: randomUUID(), parameters: loaded.input.parameters, methodVersion, hash, figures, dataVintage: loaded.dataVintage, createdAt: options.now.toISOString(), scheduledFor: options.scheduledFor ?? null };
  await db.transaction(async (trx) => {
    await saveRun(trx, { ...run, createdBy: options.actor.personId, createdAt: options.now }, cells);
    await recordEvent(trx, options.actor, { action: 'analysisRun', subjectKind: 'analysis', subjectId: run.id, after: { parameters: run.parameters, hash } });
  });
  options.report(1, 'Done');
  return { run, cells, provenance: loaded.provenance, warnings: warningsOf(loaded) };
}

interface Loaded {
  readonly input: AnalysisInput;
  readonly dataVintage: DataVintage;
  readonly provenance: Provenance;
  readonly leastExactShare: number;
}

async function loadInput(trx: Knex.Transaction, asked: AnalysisAsked, options: AnalysisOptions): Promise<Loaded> {
  const settings = await settingsOn(trx, options.now.toISOString().slice(0, 10));
  const held = await loadHoldings(trx);
  const filter = resolveFilter(asked, held, { windowMonths: numberOf(settings, 'analysis_window_months'), scope: options.scope });
  const parameters: AnalysisParameters = {
    from: filter.from, to: filter.to, resolution: asked.resolution ?? numberOf(settings, 'analysis_resolution'),
    councils: codesOf(filter.councils), categories: codesOf(filter.categories), sources: codesOf(filter.sources),
    minimumPerYear: asked.minimumPerYear ?? numberOf(settings, 'analysis_minimum_incidents'), falseDiscoveryRate: asked.falseDiscoveryRate ?? numberOf(settings, 'analysis_false_discovery_rate'),
    seed: asked.seed ?? usualSeed, rankDraws: numberOf(settings, 'analysis_rank_draws'), fewest: numberOf(settings, 'analysis_fewest_incidents'),
    ...(weighNothing(filter.weights) ? {} : { weights: filter.weights.map(({ source, weight, validFrom, validTo, reason }) => ({ source, weight, validFrom, validTo, reason })) }),
  };
  const date = firstDay(filter.to);
  const boundaries = await councilBoundaries(trx, filter.councils, date);
  refuseWithoutBoundaries(filter, boundaries, date);
  const counted = await cellTotals(trx, filter, parameters.resolution);
  options.report(0.2, 'Covering the area with cells');
  const cover = coverArea({ type: 'MultiPolygon', coordinates: boundaries.flatMap(({ shape }) => polygonsOf(shape)) }, parameters.resolution);
  options.report(0.3, 'Loading places');
  return {
    input: {
      parameters, filter, cover, cellTotals: counted,
      details: await cellDetails(trx, filter, parameters.resolution, date), generalNames: listedNames(textOf(settings, 'place_names_general')),
    },
    dataVintage: vintageOf(filter, held, boundaries),
    provenance: await runProvenance(trx, filter, totalsOf(counted), parameters),
    leastExactShare: numberOf(settings, 'map_exact_share'),
  };
}

/** Any number does; what matters is that it is the same next time. */
const usualSeed = 1;

const codesOf = (rows: readonly { code: string }[]): string[] => rows.map((row) => row.code);

/** What a run says of itself, when it is made and when it is looked at again. */
export async function runProvenance(db: Knex, filter: IncidentFilter, totals: readonly SourceTotal[], parameters: AnalysisParameters): Promise<Provenance> {
  // The weights it was made with, whatever they are by now.
  return provenanceOf({ ...filter, weights: parameters.weights ?? [] }, totals, await boundaryAttribution(db, filter.councils, firstDay(filter.to)), {
    unit: 'incidents per km² a year',
    method: `H3 cells of resolution ${parameters.resolution} over the councils’ boundaries, each with its own area; ranked by empirical-Bayes rate (Marshall 1991); `
      + `Gi* with binary weights and self (Ord & Getis 1995), Benjamini-Hochberg at ${parameters.falseDiscoveryRate}; Garwood 95 % intervals; `
      + (parameters.rankDraws ? `ranks’ 90 % intervals from ${parameters.rankDraws} draws, seed ${parameters.seed ?? 0}; ` : '')
      + `a candidate has at least ${parameters.minimumPerYear} incidents a year${parameters.fewest === undefined ? '' : `, never under ${parameters.fewest} in all,`} and an interval above the area’s rate; method ${methodVersion}`,
  });
}

function refuseWithoutBoundaries(filter: IncidentFilter, boundaries: readonly CouncilBoundary[], date: string): void {
  const missing = filter.councils.filter((council) => !boundaries.some((boundary) => boundary.code === council.code));
  if (missing.length === 0) return;
  throw new AppError(409, 'no_boundaries', `There are no boundaries in force on ${date} for ${missing.map((council) => `${council.name} (${council.code})`).join(', ')}. `
    + 'Import council boundaries that cover the date: npm run -s hotspots -- import <boundaries.geojson> --valid-from YYYY-MM-DD.');
}

function vintageOf(filter: IncidentFilter, held: Holdings, boundaries: readonly CouncilBoundary[]): DataVintage {
  const sources = new Set(codesOf(filter.sources));
  return {
    months: held.months.filter((row) => filter.months.includes(row.month) && sources.has(row.source)).map(({ source, month, importId, rows }) => ({ source, month, importId, rows })),
    boundaries: boundaries.map(({ code, name, source, validFrom }) => ({ code, name, source, validFrom })),
  };
}

function warningsOf({ input, leastExactShare }: Loaded): string[] {
  const { filter, parameters, cellTotals: counted } = input;
  const warnings: string[] = [];
  warnings.push(...filter.crossings.map(({ says }) => `Comparisons within the period cross: ${says}`));
  if (filter.missingMonths.length > 0) warnings.push(`No data for ${filter.missingMonths.join(', ')}: rates are over the ${filter.months.length} months held.`);
  if (parameters.resolution === 10 && exactShare(totalsOf(counted), filter.sources) < leastExactShare) {
    warnings.push('Most points are moved to the nearest of a fixed list, so at resolution 10 most cells hold a single point. Use resolution 9.');
  }
  return warnings;
}

/** The input of the job: what was asked and the councils the person may see. */
export interface AnalysisJob {
  readonly asked: AnalysisAsked;
  readonly scope: readonly string[];
  readonly scheduledFor?: string;
}

export const analyseJob: JobHandler = async ({ db, input, actor, report }) => {
  const { asked, scope, scheduledFor } = input as AnalysisJob;
  const { run, warnings } = await runAnalysis(db, asked, { scope, actor, now: new Date(), scheduledFor, report });
  return { analysisId: run.id, hash: run.hash, figures: run.figures, warnings };
};
