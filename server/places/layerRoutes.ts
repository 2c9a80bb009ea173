/** Deprivation and population as layers over HTTP. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { Mount } from '../mount.ts';
import { type AreaLayer, getDeprivation, getPopulation } from './layerContract.ts';
import { deprivationOf, layerAttribution, lsoasOn, populationOf, populationYears } from './layerQueries.ts';
import { classAmong, classOfDecile, classWords, decileClasses, equalClasses, personsBetween } from './layers.ts';

export function layerRoutes(mount: Mount): void {
  mount(getDeprivation, async ({ db, input }) => viewDeprivation(db, input));
  mount(getPopulation, async ({ db, input }) => viewPopulation(db, input));
}

/** The boundaries a year's figures belong to: those in force at its end. */
const lastDay = (year: number): string => `${year}-12-31`;

const noOutlines = (on: string): string => `No LSOA boundaries in force on ${on} are held. Import them on the data page.`;

async function viewDeprivation(db: Knex, { year, measure, council }: z.output<typeof getDeprivation.input>): Promise<AreaLayer> {
  const on = lastDay(year);
  const [shapes, figures] = [await lsoasOn(db, on, council), await deprivationOf(db, year, measure)];
  const areas = shapes.map((shape) => {
    const figure = figures.get(shape.code);
    const decile = figure?.decile ?? null;
    const score = figure?.score === null || figure?.score === undefined ? '' : `, score ${figure.score}`;
    return { ...shape, value: decile, class: decile === null ? null : classOfDecile(decile), detail: figure ? `decile ${decile ?? 'not published'}, rank ${figure.rank ?? 'not published'} of England${score}` : 'no figure' };
  });
  return {
    title: `Deprivation ${year}, ${measure === 'overall' ? 'overall' : `${measure} domain`}`, unit: 'decile of England, 1 most deprived', classes: [...decileClasses], areas, on,
    notes: [
      ...(shapes.length === 0 ? [noOutlines(on)] : figures.size === 0 ? [`The Indices of Deprivation ${year} are not held. Import them on the data page.`] : missingWords(areas)),
      'Deprivation describes areas, not the people in them, and never changes the rank of a cell. The indices of 2019 and 2025 rest on other areas and other data: a change of decile is no measured change.',
    ],
    attribution: await layerAttribution(db, { table: 'deprivation', year, on }),
  };
}

function missingWords(areas: readonly { value: number | null }[]): string[] {
  const missing = areas.filter(({ value }) => value === null).length;
  return missing === 0 ? [] : [`${missing} of ${areas.length} areas have no figure: their codes are of another year.`];
}

async function viewPopulation(db: Knex, asked: z.output<typeof getPopulation.input>): Promise<AreaLayer & { years: number[] }> {
  const years = await populationYears(db);
  const year = asked.year ?? years[0] ?? 2021;
  const on = lastDay(year);
  const [shapes, figures] = [await lsoasOn(db, on, asked.council), await populationOf(db, year)];
  const counted = shapes.map((shape) => {
    const bands = figures.get(shape.code) ?? [];
    const all = bands.reduce((sum, { persons }) => sum + persons, 0);
    const persons = personsBetween(bands, asked.ageFrom, asked.ageTo);
    return { shape, all, persons, value: persons === undefined || all === 0 ? null : persons / all };
  });
  const starts = equalClasses(counted.flatMap(({ value }) => (value === null ? [] : [value])));
  const bands = [...figures.values()][0] ?? [];
  const percent = (value: number): string => `${(value * 100).toFixed(1)}%`;
  return {
    years, title: `People aged ${asked.ageFrom} to ${asked.ageTo}, ${year}`, unit: 'share of residents', classes: classWords(starts, percent), on,
    areas: counted.map(({ shape, all, persons, value }) => ({
      ...shape, value, class: value === null ? null : classAmong(value, starts), detail: value === null ? 'not published for these ages' : `${persons} of ${all} residents, ${percent(value)}`,
    })),
    notes: [
      ...(shapes.length === 0 ? [noOutlines(on)] : []),
      ...(figures.size === 0 ? ['No population of LSOAs is held for the year. Import it on the data page.'] : []),
      ...(figures.size > 0 && starts.length === 0 ? [`The ages ${asked.ageFrom} to ${asked.ageTo} cannot be cut from the bands published for ${year}: ${bands.slice(0, 12).map(({ ageFrom, ageTo }) => (ageTo === null ? `${ageFrom} and over` : `${ageFrom} to ${ageTo}`)).join(', ')}.`] : []),
      'Residents, not the people there in the day or the evening: a town centre has few residents and many visitors.',
    ],
    attribution: await layerAttribution(db, { table: 'population', year, on }),
  };
}
