/** Figures over all cells of an area: concentration and the back-test. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { IncidentFilter } from '../hotspots/incidentFilter.ts';
import { addMonths } from '../hotspots/months.ts';
import { exactShare, type SourceTotal } from '../hotspots/provenance.ts';
import { numberOf } from '../hotspots/settings.ts';
import { monthsOfAll, monthsToTest, tooFineWords } from './asked.ts';
import { backTestVersion } from './backTest.ts';
import { concentrationVersion } from './concentration.ts';
import type { getBackTest, getConcentration } from './contract.ts';
import type { AreaFigures } from './figures.ts';
import type { Figures } from './figuresPool.ts';
import { keyOf, loadAsked, type LoadedFilter, loadShapes, loadStated, type Viewer } from './loadQueries.ts';
import { cellMonths } from './queries.ts';
import { backTestWords, concentrationWords, percentWords } from './words.ts';

export async function viewConcentration(db: Knex, asked: z.output<typeof getConcentration.input>, viewer: Viewer, figures: Figures): Promise<z.input<typeof getConcentration.output>> {
  const loaded = await loadAsked(db, asked, viewer);
  const { filter, held, settings } = loaded;
  const resolution = asked.resolution ?? numberOf(settings, 'analysis_resolution');
  const { stated, totals } = await loadStated(db, loaded, {
    version: concentrationVersion, unit: `incidents by H3 cell of resolution ${resolution}, cells without any included`,
    method: `80-20 curve over every H3 cell of resolution ${resolution} that touches the councils; Gini coefficient, and G′ for fewer incidents than cells (Bernasco & Steenbeek 2017)`,
  });
  const answer = await figures(`concentration|${resolution}|${keyOf(filter, held)}`, async () => ({ shapes: await loadShapes(db, filter), resolution, counts: await cellMonths(db, filter, resolution) }));
  if (!answer.concentration) throw new Error('A concentration task came back without concentration.');
  const { incidents, ...rest } = answer.concentration;
  return {
    ...stated, ...rest, n: incidents, resolution, areaKm2: answer.areaKm2, meanCellKm2: answer.areaKm2 / answer.cells,
    warnings: [...stated.warnings, ...areaWarnings(answer, { resolution, totals, filter, loaded })],
    says: concentrationWords(answer.concentration, filter),
  };
}

export async function viewBackTest(db: Knex, asked: z.output<typeof getBackTest.input>, viewer: Viewer, figures: Figures): Promise<z.input<typeof getBackTest.output>> {
  const loaded = await loadAsked(db, asked, viewer);
  const { held, settings } = loaded;
  const resolution = asked.resolution ?? numberOf(settings, 'analysis_resolution');
  const trainMonths = numberOf(settings, 'back_test_train_months');
  const areaShare = asked.areaShare ?? numberOf(settings, 'back_test_area_share');
  const known = monthsOfAll(held, loaded.filter.sources);
  const months = monthsToTest(asked, loaded.filter, known, trainMonths);
  // The months learnt from stand before those tested; the answer is about the last of them all.
  const { filter } = await loadAsked(db, { ...asked, from: addMonths(months[0] ?? loaded.filter.from, -trainMonths), to: loaded.filter.to }, viewer);
  const { stated, totals } = await loadStated(db, { filter, held }, {
    version: backTestVersion, unit: `incidents by H3 cell of resolution ${resolution} and month`,
    method: `Rolling back-test: ${trainMonths} months learnt from, the next month tested, ${percentWords(areaShare)} of the area marked in whole cells of resolution ${resolution}, ties taken worst first; `
      + 'hit rate, predictive accuracy index (Chainey, Tompson & Uhlig 2008), prediction efficiency index (Hunt 2016), incidents caught per km² marked (Bowers, Johnson & Pease 2004)',
  });
  const answer = await figures(`backTest|${resolution}|${trainMonths}|${areaShare}|${months.join(',')}|${keyOf(filter, held)}`, async () => ({
    shapes: await loadShapes(db, filter), resolution, counts: await cellMonths(db, filter, resolution), backTest: { months, held: known, trainMonths, areaShare },
  }));
  const { backTest } = answer;
  if (!backTest) throw new Error('A back-test task came back without a back-test.');
  return {
    ...stated, ...backTest, n: backTest.months.reduce((sum, month) => sum + month.n, 0), resolution, cells: answer.cells, areaKm2: answer.areaKm2, areaShare, trainMonths,
    warnings: [...stated.warnings, ...areaWarnings(answer, { resolution, totals, filter, loaded })],
    says: backTestWords(backTest, { areaShare, trainMonths }),
  };
}

interface AreaAbout {
  readonly resolution: number;
  readonly totals: readonly SourceTotal[];
  readonly filter: IncidentFilter;
  readonly loaded: LoadedFilter;
}

function areaWarnings({ outsideCover }: AreaFigures, { resolution, totals, filter, loaded }: AreaAbout): string[] {
  const tooFine = resolution === 10 && exactShare(totals, filter.sources) < numberOf(loaded.settings, 'map_exact_share');
  return [
    ...(tooFine ? [tooFineWords] : []),
    ...(outsideCover > 0 ? [`${outsideCover} incidents lie in the councils by older boundaries and in no cell of the latest: they are left out.`] : []),
  ];
}
