/** Patterns in time over HTTP: persistence, seasons, near repeats. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import { cellRing } from '../../geo/cells.ts';
import { AppError } from '../errors.ts';
import { mergeCells, nameFinder } from '../hotspots/mapView.ts';
import { addMonths, monthStretches } from '../hotspots/months.ts';
import { cellNames, cellTotals } from '../hotspots/queries.ts';
import { numberOf, textOf } from '../hotspots/settings.ts';
import type { Mount } from '../mount.ts';
import { createNearRepeats, type Figures, type NearRepeats } from './figuresPool.ts';
import { keyOf, loadAsked, loadShapes, loadStated, type Viewer } from './loadQueries.ts';
import { decideSeasons, emergingClasses, nearRepeatsVersion, nearRepeatWords, persistenceVersion, persistenceWords, seasonsVersion, seasonsWords, sourcesByDay } from './patterns.ts';
import { getNearRepeats, getPersistence, getSeasons } from './patternsContract.ts';
import { cellMonths, incidentDays, monthTotals } from './queries.ts';

export function patternRoutes(mount: Mount, figures: Figures): void {
  const nearRepeats = createNearRepeats();
  mount(getPersistence, async ({ db, input, scope, now }) => viewPersistence(db, input, { scope: scope.councils, now }, figures));
  mount(getSeasons, async ({ db, input, scope, now }) => viewSeasons(db, input, { scope: scope.councils, now }));
  mount(getNearRepeats, async ({ db, input, scope, now }) => viewNearRepeats(db, input, { scope: scope.councils, now }, nearRepeats));
}

/** Fewest months a pattern may be read from. */
const fewestMonths = 10;

async function viewPersistence(db: Knex, asked: z.output<typeof getPersistence.input>, viewer: Viewer, figures: Figures): Promise<z.input<typeof getPersistence.output>> {
  const usual = await loadAsked(db, asked, viewer);
  const span = numberOf(usual.settings, 'persistence_months');
  const loaded = asked.from === undefined ? await loadAsked(db, { ...asked, from: addMonths(usual.filter.to, 1 - span), to: usual.filter.to }, viewer) : usual;
  const { filter, held, settings } = loaded;
  if (filter.months.length < fewestMonths) {
    throw new AppError(409, 'too_few_months', `Persistence is read from at least ${fewestMonths} months; ${filter.from} to ${filter.to} has data for ${filter.months.length} (${monthStretches(filter.months)}). Choose a longer period, or import the months missing.`);
  }
  const resolution = asked.resolution ?? numberOf(settings, 'analysis_resolution');
  const falseDiscoveryRate = numberOf(settings, 'analysis_false_discovery_rate');
  const { stated, totals } = await loadStated(db, loaded, {
    version: persistenceVersion, unit: `months hot, by H3 cell of resolution ${resolution}`,
    method: `Gi* with binary weights and self in each month (Ord & Getis 1995), Benjamini-Hochberg at ${falseDiscoveryRate} in each month; Mann-Kendall on each cell’s monthly Gi*, ties allowed (Kendall 1975); classes as Esri defines them for emerging hot spots`,
  });
  const answer = await figures(`persistence|${resolution}|${falseDiscoveryRate}|${keyOf(filter, held)}`, async () => ({
    shapes: await loadShapes(db, filter), resolution, counts: await cellMonths(db, filter, resolution), persistence: { months: filter.months, falseDiscoveryRate },
  }));
  if (!answer.persistence) throw new Error('A persistence task came back without persistence.');
  const { hot } = answer.persistence;
  const councilOf = new Map(mergeCells(await cellTotals(db, filter, resolution), filter.councils).map(({ cell, councilCode }) => [cell, councilCode]));
  const councilNames = new Map(held.councils.map(({ code, name }) => [code, name]));
  const place = nameFinder(await (await cellNames(db)).names());
  return {
    ...stated, n: totals.reduce((sum, total) => sum + (total.withoutPlace || total.councilCode === '' || total.excluded ? 0 : total.n), 0), resolution, cells: answer.cells, areaKm2: answer.areaKm2,
    months: [...filter.months], falseDiscoveryRate, says: persistenceWords(hot, answer.cells, filter.months.length, filter),
    classes: emergingClasses.map((one) => ({ ...one, cells: hot.filter((cell) => cell.class === one.class).length })),
    hot: hot.map((one) => {
      const councilCode = councilOf.get(one.cell) ?? '';
      return { ...one, ring: cellRing(one.cell), place: place(one.cell), councilCode, council: councilNames.get(councilCode) ?? '', rate: (one.n * 12) / filter.months.length / one.areaKm2 };
    }),
  };
}

async function viewSeasons(db: Knex, asked: z.output<typeof getSeasons.input>, viewer: Viewer): Promise<z.input<typeof getSeasons.output>> {
  const usual = await loadAsked(db, asked, viewer);
  const first = usual.held.months.map((row) => row.month).sort()[0] ?? usual.filter.from;
  // Seasons need whole years: all that is held, unless told.
  const loaded = asked.from === undefined ? await loadAsked(db, { ...asked, from: first, to: usual.filter.to }, viewer) : usual;
  const { stated } = await loadStated(db, loaded, {
    version: seasonsVersion, unit: 'times an average month of the same year',
    method: 'Each month’s count over its own year’s monthly mean, averaged over whole calendar years; part years and years with a month missing are left out',
  });
  const months = await monthTotals(db, loaded.filter);
  const figures = decideSeasons(months);
  return { ...stated, ...figures, n: months.reduce((sum, month) => sum + month.n, 0), says: seasonsWords(figures), months: months.map(({ month, n }) => ({ month, n, perDay: n / daysIn(month) })) };
}

const daysIn = (month: string): number => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).getUTCDate();

async function viewNearRepeats(db: Knex, asked: z.output<typeof getNearRepeats.input>, viewer: Viewer, decide: NearRepeats): Promise<z.input<typeof getNearRepeats.output>> {
  const { seed, ...filters } = asked;
  const all = await loadAsked(db, filters, viewer);
  const { dated, leftOut } = sourcesByDay(all.filter.sources);
  if (dated.length === 0) throw new AppError(422, 'no_days', `Near repeats cannot be looked for. ${leftOut.map((source) => source.why).join(' ')} Choose a source that records the day and the place, such as a force’s own export or a council’s complaints.`);
  const loaded = await loadAsked(db, { ...filters, from: all.filter.from, to: all.filter.to, source: dated.map((source) => source.code) }, viewer);
  const { filter, settings } = loaded;
  const [distanceBands, dayBands] = [numbersOf(textOf(settings, 'near_repeat_metres')), numbersOf(textOf(settings, 'near_repeat_days'))];
  const [most, permutations] = [numberOf(settings, 'near_repeat_most'), numberOf(settings, 'near_repeat_permutations')];
  const rows = await incidentDays(db, filter, most + 1);
  if (rows.length > most) throw new AppError(422, 'too_many', `${filter.from} to ${filter.to} has over ${most} incidents with a place. Choose a shorter period, one council or one category: pairs grow with the square of the incidents.`);
  const withDay = rows.filter((row) => row.day !== null);
  const bands = await decide({
    x: Float64Array.from(withDay, (row) => row.easting), y: Float64Array.from(withDay, (row) => row.northing), days: Float64Array.from(withDay, (row) => row.day ?? NaN), distanceBands, dayBands, permutations, seed,
  });
  const { stated } = await loadStated(db, loaded, {
    version: nearRepeatsVersion, unit: 'pairs of incidents',
    method: `Knox’s test (Knox 1964; Johnson et al. 2007): pairs by distance and days apart, against ${permutations} deals of the same days to the same places at random, seed ${seed}`,
  });
  const snapped = dated.filter((source) => source.locationPrecision === 'snapped').map((source) => `${source.name}’s points are moved to the nearest of a fixed list: short distances are those of the list.`);
  return {
    ...stated, warnings: [...stated.warnings, ...snapped], n: withDay.length, withoutDay: rows.length - withDay.length, permutations, seed, bands, sourcesLeftOut: leftOut,
    says: nearRepeatWords(bands, withDay.length, filter),
  };
}

/** `0;100;200` as the settings write lists. */
function numbersOf(text: string): number[] {
  const numbers = text.split(';').map(Number);
  if (numbers.length > 0 && numbers.every(Number.isFinite)) return numbers;
  throw new AppError(422, 'no_setting', `The setting "${text}" is no list of numbers. Give numbers with semicolons between, for example 0;100;200.`);
}
