/** A hotspot's months beside its frozen baseline and the rest of its council: never a percentage by itself. */
import type { HotspotDetail, HotspotMonth } from './hotspotContract.ts';
import { addMonths, firstDay, monthsBetween } from './months.ts';
import { whole } from './words.ts';

export interface MonthCount {
  readonly month: string;
  readonly n: number;
}

/** An outline the hotspot was moved to: its days, and the baseline frozen for it. */
export interface MovedGround {
  readonly validFrom: string;
  readonly baselineFrom: string | null;
  readonly baselineTo: string | null;
  readonly frozen: readonly MonthCount[];
}

export interface MonthsInput {
  /** First and last month of the baseline; null when none was frozen. */
  readonly baselineFrom: string | null;
  readonly baselineTo: string | null;
  readonly liveFrom: string;
  readonly liveTo: string | null;
  /** Months for which anti-social behaviour is held at all. */
  readonly held: readonly string[];
  readonly inside: readonly MonthCount[];
  /** All of the council's, the hotspot's own included. */
  readonly council: readonly MonthCount[];
  readonly frozen: readonly MonthCount[];
  /** Outlines after the first, oldest first. */
  readonly moved?: readonly MovedGround[];
  /** Days it was not patrolled; the end is the first day it was again. */
  readonly pauses?: readonly { from: string; to: string | null }[];
}

/** Every month from the baseline on, or from adoption where there is none, beside the same month of the baseline year. */
export function hotspotMonths(input: MonthsInput): HotspotMonth[] {
  const last = input.held.at(-1);
  if (!last) return [];
  const inside = totals(input.inside);
  const council = totals(input.council);
  const grounds = [input, ...(input.moved ?? [])].map((ground) => ({ ...ground, totals: totals(ground.frozen) }));
  const rest = (month: string, own: number | null): number | null => (own === null ? null : (council.get(month) ?? 0) - own);
  const start = input.baselineFrom ?? input.liveFrom.slice(0, 7);
  return monthsBetween(start, last).map((month) => {
    const n = input.held.includes(month) ? (inside.get(month) ?? 0) : null;
    const ground = grounds.findLast((one) => !('validFrom' in one) || one.validFrom <= firstDay(month));
    const baselineMonth = ground ? sameMonthOfBaseline(month, ground) : null;
    const baseline = baselineMonth === null ? null : (ground?.totals.get(baselineMonth) ?? null);
    return {
      month, n, live: isWhollyLive(month, input), baselineMonth, baseline,
      rest: rest(month, n), restBaseline: baselineMonth === null ? null : rest(baselineMonth, baseline),
    };
  });
}

function totals(counts: readonly MonthCount[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { month, n } of counts) sums.set(month, (sums.get(month) ?? 0) + n);
  return sums;
}

/** The baseline's month of the same name; the baseline's own months have none. */
function sameMonthOfBaseline(month: string, { baselineFrom, baselineTo }: Pick<MonthsInput, 'baselineFrom' | 'baselineTo'>): string | null {
  if (!baselineFrom || !baselineTo || month <= baselineTo) return null;
  const found = monthsBetween(baselineFrom, baselineTo).filter((one) => one.slice(5) === month.slice(5));
  return found.at(-1) ?? null;
}

/** A month in which the hotspot was live in one place from the first day to the last. */
function isWhollyLive(month: string, { liveFrom, liveTo, moved = [], pauses = [] }: MonthsInput): boolean {
  const [first, next] = [firstDay(month), firstDay(addMonths(month, 1))];
  const broken = moved.some(({ validFrom }) => validFrom > first && validFrom < next) || pauses.some(({ from, to }) => from < next && (to === null || to > first));
  return first >= liveFrom && (liveTo === null || next <= liveTo) && !broken;
}

/** Counts under this carry no ratio. */
const leastCount = 10;

/**
 * Whole live months against the same months of the baseline, beside the rest of the council over the same months: the ratio of ratios with
 * its 95 % interval, ln IRR ± 1.96·√(φ·Σ1/n) (φ the overdispersion of monthly counts). No ratio where a count is under 10; null without a
 * whole live month that has a baseline.
 */
export function compareMonths(months: readonly HotspotMonth[], overdispersion: number): HotspotDetail['comparison'] {
  const pairs = months.filter((one) => one.live && one.n !== null && one.baseline !== null && one.rest !== null && one.restBaseline !== null);
  if (pairs.length === 0) return null;
  const sum = (pick: (month: HotspotMonth) => number | null): number => pairs.reduce((total, one) => total + (pick(one) ?? 0), 0);
  const counts = { n: sum((one) => one.n), baseline: sum((one) => one.baseline), rest: sum((one) => one.rest), restBaseline: sum((one) => one.restBaseline) };
  const ratio = ratioOf(counts, overdispersion);
  return { months: pairs.length, ...counts, ratio, says: wordsOf(pairs.length, counts, ratio) };
}

type Four = { n: number; baseline: number; rest: number; restBaseline: number };
type Ratio = { value: number; low: number; high: number };

function ratioOf({ n, baseline, rest, restBaseline }: Four, overdispersion: number): Ratio | null {
  if (Math.min(n, baseline, rest, restBaseline) < leastCount) return null;
  const log = Math.log(n / baseline) - Math.log(rest / restBaseline);
  const margin = 1.96 * Math.sqrt(overdispersion * (1 / n + 1 / baseline + 1 / rest + 1 / restBaseline));
  return { value: Math.exp(log), low: Math.exp(log - margin), high: Math.exp(log + margin) };
}

function wordsOf(months: number, { n, baseline, rest, restBaseline }: Four, ratio: Ratio | null): string {
  const counts = `${whole(n)} incidents in ${months === 1 ? 'one whole live month' : `${months} whole live months`}, ${whole(baseline)} in the same months of the baseline; the rest of the council ${whole(rest)}, before ${whole(restBaseline)}.`;
  if (!ratio) return `${counts} Too few for a ratio.`;
  const verdict = ratio.high < 1 ? 'lower than the rest of the council explains' : ratio.low > 1 ? 'higher than the rest of the council explains' : 'not told apart from the rest of the council';
  return `${counts} Relative to the rest: ${ratio.value.toFixed(2)} (95% interval ${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)}), ${verdict}.`;
}

/** What is shown beside every such figure. */
export const comparisonNotes: readonly string[] = [
  'A hotspot is chosen because its counts were high, and the highest places tend to fall back by themselves (regression to the mean): a fall after adoption is partly that, whatever was done.',
  'The baseline is frozen: importing older months again changes the months shown, never the baseline.',
];
