/** The findings as sentences a scrutiny panel can read out: every figure with its number and its period. */
import { whole } from '../hotspots/words.ts';
import type { BackTestFigures } from './backTest.ts';
import type { ConcentrationFigures } from './concentration.ts';
import type { ProfileFigures } from './profile.ts';
import type { RepeatsFigures } from './repeats.ts';

export interface Period {
  readonly from: string;
  readonly to: string;
}

const monthNames = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
export const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** 2023-07 -> July 2023. */
export const monthWords = (month: string): string => `${monthNames[Number(month.slice(5, 7)) - 1] ?? ''} ${month.slice(0, 4)}`;
export const periodWords = ({ from, to }: Period): string => (from === to ? monthWords(from) : `${monthWords(from)} to ${monthWords(to)}`);
/** 0.0304 -> 3.0%; shares under a tenth of a per cent keep two decimals. */
export const percentWords = (share: number): string => `${(share * 100).toFixed(share > 0 && share < 0.001 ? 2 : 1)}%`;

/** "12 incidents", "1 incident". */
const counted = (n: number, one: string, many = `${one}s`): string => `${whole(n)} ${n === 1 ? one : many}`;

export function concentrationWords(figures: ConcentrationFigures, period: Period): string {
  const half = figures.holding.find((row) => row.incidentShare === 0.5);
  if (figures.incidents === 0 || !half) return `There were no such incidents in ${periodWords(period)}.`;
  return `In ${periodWords(period)} half of the ${counted(figures.incidents, 'incident')} lay in ${counted(half.cells, 'cell')} of ${whole(figures.cells)} (${percentWords(half.cellShare)}).`;
}

export function backTestWords({ months, means }: BackTestFigures, options: { areaShare: number; trainMonths: number }): string {
  const [first, last] = [months[0], months.at(-1)];
  if (!first || !last) return 'No month could be tested.';
  const rate = (way: string): string => percentWords(means.find((mean) => mean.way === way)?.hitRate ?? 0);
  return `Over ${counted(months.length, 'month')} (${periodWords({ from: first.month, to: last.month })}), marking ${percentWords(options.areaShare)} of the area from the ${options.trainMonths} months before caught on average `
    + `${rate('smoothed')} of the next month’s incidents by smoothed rate, ${rate('plain')} by plain count, ${rate('gi-star')} by Gi*, ${rate('last-year')} by last year’s list and ${rate('chance')} by chance.`;
}

export function profileWords({ n, peak, hidden }: ProfileFigures, period: Period): string {
  const most = peak
    ? `The busiest hour was ${dayNames[peak.day] ?? ''} ${hourWords(peak.hour)}, with ${peak.rate.toFixed(2)} incidents an hour.`
    : 'No hour of the week has enough incidents to be shown.';
  return `${counted(n, 'incident')} with a time in ${periodWords(period)}. ${most} ${hidden} of 168 hours hold under 5 and are hidden.`;
}

export const hourWords = (hour: number): string => `${String(hour).padStart(2, '0')}:00 to ${String((hour + 1) % 24).padStart(2, '0')}:00`;

export function repeatsWords(figures: RepeatsFigures, options: { points: number; mapped: number; fewest: number }, period: Period): string {
  if (options.mapped === 0) return `There were no such incidents in ${periodWords(period)}.`;
  const held = options.mapped - figures.underFewest;
  return `In ${periodWords(period)} ${whole(figures.repeatPoints)} of ${counted(options.points, 'point')} had at least ${counted(options.fewest, 'incident')}: ${whole(held)} of ${whole(options.mapped)} (${percentWords(held / options.mapped)}).`;
}
