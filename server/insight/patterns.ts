/** Patterns in time, decided from counts and days. Pure. */
import { cellNeighbours } from '../../geo/cellNeighbours.ts';
import type { CellCover } from '../../geo/cells.ts';
import { type EmergingClass, emergingCells } from '../../geo/persistence.ts';
import { nearRepeats } from '../../geo/repeats.ts';
import { seasonalIndex } from '../../geo/temporal.ts';
import type { HeldSource } from '../hotspots/incidentFilter.ts';
import { whole } from '../hotspots/words.ts';
import type { EmergingName } from './patternsContract.ts';
import { type Period, percentWords, periodWords } from './words.ts';

/** Change whenever the same counts would give other figures. */
export const persistenceVersion = 'persistence-1';
export const seasonsVersion = 'seasons-1';
export const nearRepeatsVersion = 'near-repeats-1';

/** Esri's classes of emerging hot spots, in the order they are listed, in words a panel can follow. */
export const emergingClasses: readonly { class: EmergingName; name: string; about: string }[] = [
  { class: 'intensifying', name: 'Intensifying', about: 'Hot in at least nine months of ten, the last included, and becoming more so (Mann-Kendall, p under 0.05)' },
  { class: 'persistent', name: 'Persistent', about: 'Hot in at least nine months of ten, the last included, without a trend' },
  { class: 'diminishing', name: 'Diminishing', about: 'Hot in at least nine months of ten, the last included, and becoming less so (Mann-Kendall, p under 0.05)' },
  { class: 'consecutive', name: 'Consecutive', about: 'Hot in one unbroken run of months up to the last, never before, and in under nine months of ten' },
  { class: 'new', name: 'New', about: 'Hot in the last month for the first time' },
  { class: 'sporadic', name: 'Sporadic', about: 'On and off: hot in the last month and in some before, under nine of ten, never cold' },
  { class: 'oscillating', name: 'Oscillating', about: 'Hot in the last month, and cold in at least one before' },
  { class: 'historical', name: 'Historical', about: 'Hot in at least nine months of ten, but not in the last' },
  { class: 'none', name: 'No pattern', about: 'Hot in some months, none of them the last, and in under nine of ten' },
];

export interface PersistenceTask {
  readonly months: readonly string[];
  readonly falseDiscoveryRate: number;
}

export interface PersistenceFigures {
  readonly hot: { cell: string; class: EmergingClass; hotMonths: number; n: number; areaKm2: number; trendZ: number; trendP: number; counts: number[] }[];
}

/** Cells hot in at least one of the months, the longest hot first, ties by incidents. Throws with fewer than ten months. */
export function decidePersistence(cover: CellCover, monthCounts: (month: string) => Float64Array, { months, falseDiscoveryRate }: PersistenceTask): PersistenceFigures {
  const byMonth = months.map(monthCounts);
  const periods = months.length;
  const counts = new Float64Array(cover.cells.length * periods);
  byMonth.forEach((own, period) => own.forEach((count, place) => (counts[place * periods + period] = count)));
  const found = emergingCells(counts, periods, cellNeighbours(cover.cells), falseDiscoveryRate);
  const hot = cover.cells.flatMap((cell, place) => {
    const own = [...counts.subarray(place * periods, (place + 1) * periods)];
    const trend = found.trends[place];
    return (found.hotPeriods[place] ?? 0) === 0 || !trend ? [] : [{
      cell, class: found.classes[place] ?? 'none', hotMonths: found.hotPeriods[place] ?? 0, n: own.reduce((sum, count) => sum + count, 0), areaKm2: cover.areasKm2[place] ?? NaN,
      trendZ: trend.z, trendP: trend.p, counts: own,
    }];
  });
  return { hot: hot.sort((a, b) => b.hotMonths - a.hotMonths || b.n - a.n || (a.cell < b.cell ? -1 : 1)) };
}

export function persistenceWords(hot: readonly { class: string }[], cells: number, months: number, period: Period): string {
  const count = (...names: string[]): number => hot.filter((one) => names.includes(one.class)).length;
  const steady = count('intensifying', 'persistent', 'diminishing');
  return `Of ${whole(cells)} cells ${whole(hot.length)} were hot in at least one of the ${months} months of ${periodWords(period)}, ${whole(steady)} of them in nine months of ten up to the last; `
    + `${whole(count('intensifying'))} grew hotter, ${whole(count('diminishing'))} less hot, ${whole(count('new'))} ${count('new') === 1 ? 'was' : 'were'} hot in the last month for the first time.`;
}

export interface SeasonFigures {
  readonly index: { month: number; index: number | null; low: number | null; high: number | null }[];
  readonly wholeYears: string[];
}

/** The seasonal index from whole calendar years, with the lowest and highest year of each month; nulls without a whole year. */
export function decideSeasons(months: readonly { month: string; n: number }[]): SeasonFigures {
  const years = [...new Set(months.map(({ month }) => month.slice(0, 4)))].sort();
  const of = (year: string) => months.filter(({ month }) => month.startsWith(year));
  const wholeYears = years.filter((year) => of(year).length === 12 && of(year).some(({ n }) => n > 0));
  const counts = wholeYears.flatMap(of).map(({ month, n }) => ({ month, count: n }));
  const index = seasonalIndex(counts);
  const single = wholeYears.map((year) => seasonalIndex(of(year).map(({ month, n }) => ({ month, count: n })))).filter((one) => one !== undefined);
  return {
    wholeYears,
    index: Array.from({ length: 12 }, (_, at) => {
      const own = single.map((year) => year[at] ?? NaN);
      return { month: at + 1, index: index?.[at] ?? null, low: own.length > 1 ? Math.min(...own) : null, high: own.length > 1 ? Math.max(...own) : null };
    }),
  };
}

const calendar = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

export function seasonsWords({ index, wholeYears }: SeasonFigures): string {
  if (wholeYears.length === 0) return 'There is no whole calendar year in the period, so no season can be told from a trend. Choose a period with January to December of at least one year.';
  const sorted = index.filter((one): one is typeof one & { index: number } => one.index !== null).sort((a, b) => b.index - a.index);
  const [most, least] = [sorted[0], sorted.at(-1)];
  const years = wholeYears.length === 1 ? `the year ${wholeYears[0]}` : `the ${wholeYears.length} whole years ${wholeYears[0]} to ${wholeYears.at(-1)}`;
  return `Over ${years} ${calendar[(most?.month ?? 1) - 1] ?? ''} had ${(most?.index ?? 1).toFixed(2)} times an average month’s incidents and ${calendar[(least?.month ?? 1) - 1] ?? ''} ${(least?.index ?? 1).toFixed(2)} times: compare a month with the same month of another year.`;
}

/** Sources split into those that know the day of an incident and those that do not, with the sentence that says why not. */
export function sourcesByDay(sources: readonly HeldSource[]): { dated: HeldSource[]; leftOut: { code: string; name: string; why: string }[] } {
  const dated = sources.filter((source) => source.timePrecision !== 'month' && source.locationPrecision !== 'area');
  const leftOut = sources.filter((source) => !dated.includes(source)).map(({ code, name, timePrecision, locationPrecision }) => ({
    code, name, why: timePrecision === 'month' ? `${name} gives the month of each incident and not the day, so which came first cannot be told.` : `${name} places incidents at the ${locationPrecision === 'area' ? 'middle of an area' : 'point'}, so how far apart they were cannot be told.`,
  }));
  return { dated, leftOut };
}

export interface NearRepeatTask {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly days: Float64Array;
  readonly distanceBands: readonly number[];
  readonly dayBands: readonly number[];
  readonly permutations: number;
  readonly seed: number;
}

export interface NearRepeatBand {
  readonly fromMetres: number;
  readonly toMetres: number;
  readonly fromDays: number;
  readonly toDays: number;
  readonly observed: number;
  readonly expected: number;
  readonly ratio: number | null;
  readonly p: number;
}

/** Knox's test band by band, nearest and soonest first; a ratio is null where chance has none either. */
export function decideNearRepeats({ x, y, ...task }: NearRepeatTask): NearRepeatBand[] {
  const found = nearRepeats({ points: { x, y }, ...task });
  return found.distanceBands.flatMap((toMetres, s) => found.dayBands.map((toDays, t): NearRepeatBand => {
    const at = s * found.dayBands.length + t;
    const expected = found.expected[at] ?? 0;
    return {
      fromMetres: found.distanceBands[s - 1] ?? 0, toMetres, fromDays: t === 0 ? 0 : (found.dayBands[t - 1] ?? 0) + 1, toDays,
      observed: found.observed[at] ?? 0, expected, ratio: expected > 0 ? (found.ratios[at] ?? 0) : null, p: found.ps[at] ?? 1,
    };
  }));
}

export function nearRepeatWords(bands: readonly NearRepeatBand[], n: number, period: Period): string {
  if (n < 2) return `There were not two such incidents with a day and a place in ${periodWords(period)}.`;
  const telling = bands.filter((band) => band.p <= 0.05 && band.ratio !== null && band.ratio > 1.2);
  const place = (band: NearRepeatBand): string => (band.toMetres === 0 ? 'at the same place' : `within ${band.toMetres} m`);
  const strongest = telling.reduce<NearRepeatBand | undefined>((best, band) => (!best || (band.ratio ?? 0) > (best.ratio ?? 0) ? band : best), undefined);
  if (!strongest) return `In ${periodWords(period)} the ${whole(n)} incidents did not follow one another nearby more than chance has it.`;
  return `In ${periodWords(period)} pairs of incidents ${place(strongest)} and ${strongest.fromDays} to ${strongest.toDays} days apart were ${(strongest.ratio ?? 0).toFixed(2)} times as many as chance has (p ${strongest.p.toFixed(3)}); ${percentWords(telling.length / bands.length)} of the bands tell such a thing.`;
}
