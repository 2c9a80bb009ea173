import { createRandom } from './random.ts';
import type { PointArrays } from './shapes.ts';

/** One place with several incidents. */
export interface RepeatLocation {
  x: number;
  y: number;
  /** Indices of its incidents, in the order given. */
  incidents: number[];
}

/** Repeat locations and what they hold. */
export interface RepeatLocations {
  /** Places with at least `fewest` incidents, most first. */
  locations: RepeatLocation[];
  /** Different places in all. */
  places: number;
  /** Share of all incidents that fell on the locations listed. */
  share: number;
}

/**
 * Places with several incidents, taken as exactly equal coordinates in metres. On police.uk data these are snap points that stand for several
 * addresses: call them repeat snap points on screen, never addresses.
 */
export function repeatLocations(points: PointArrays, fewest = 2): RepeatLocations {
  const found = new Map<string, RepeatLocation>();
  for (let i = 0; i < points.x.length; i++) {
    const [x, y] = [points.x[i] as number, points.y[i] as number];
    const place = found.get(`${x} ${y}`) ?? { x, y, incidents: [] };
    place.incidents.push(i);
    found.set(`${x} ${y}`, place);
  }
  const locations = [...found.values()].filter(({ incidents }) => incidents.length >= fewest).sort((a, b) => b.incidents.length - a.incidents.length || a.x - b.x || a.y - b.y);
  const held = locations.reduce((sum, { incidents }) => sum + incidents.length, 0);
  return { locations, places: found.size, share: points.x.length > 0 ? held / points.x.length : 0 };
}

/** Pairs of incidents near in space and time; band (s, t) is at s × time bands + t. */
export interface NearRepeats {
  /** Upper ends of the bands, metres and days; the first space band of 0 is "the same place". */
  distanceBands: number[];
  dayBands: number[];
  observed: Float64Array;
  /** Mean pairs when dates are dealt out again at random, and observed over that mean (1 = as by chance; 0 where none was expected). */
  expected: Float64Array;
  ratios: Float64Array;
  /** (1 + deals with at least as many pairs)/(deals + 1). */
  ps: Float64Array;
}

/** What to compare. */
export interface NearRepeatInput {
  points: PointArrays;
  /** Whole days, from any start. */
  days: ArrayLike<number>;
  distanceBands: readonly number[];
  dayBands: readonly number[];
  permutations?: number;
  seed: number | string;
}

/**
 * Knox's test for near repeats (Knox 1964; Johnson et al. 2007, J. Quantitative Criminology 23:201-219): pairs by band of distance and of days,
 * against the same places with their dates dealt out at random. Only for sources that know the day. The bands' upper ends belong to them.
 */
export function nearRepeats({ points, days, distanceBands, dayBands, permutations = 99, seed }: NearRepeatInput): NearRepeats {
  const n = points.x.length;
  if (points.y.length !== n || days.length !== n) throw new RangeError(`There are ${n} eastings, ${points.y.length} northings and ${days.length} days: give one of each an incident.`);
  const [near, recent] = [ascendingBands(distanceBands), ascendingBands(dayBands)];
  const pairs = closePairs(points, near);
  const dates = Float64Array.from(days);
  if (!dates.every(Number.isFinite)) throw new RangeError('An incident has no day: near repeats need the date of each.');
  const observed = countPairs(pairs, dates, near.length, recent);
  const random = createRandom(seed);
  const sums = new Float64Array(observed.length);
  const asMany = new Float64Array(observed.length);
  for (let round = 0; round < permutations; round++) {
    countPairs(pairs, random.shuffle(dates), near.length, recent).forEach((count, band) => {
      sums[band] = (sums[band] as number) + count;
      if (count >= (observed[band] as number)) asMany[band] = (asMany[band] as number) + 1;
    });
  }
  const expected = sums.map((sum) => sum / Math.max(1, permutations));
  return {
    distanceBands: near,
    dayBands: recent,
    observed,
    expected,
    ratios: observed.map((count, band) => ((expected[band] as number) > 0 ? count / (expected[band] as number) : 0)),
    ps: asMany.map((count) => (1 + count) / (permutations + 1)),
  };
}

function ascendingBands(bands: readonly number[]): number[] {
  const sorted = [...new Set(bands)].sort((a, b) => a - b);
  if (sorted.length === 0 || !((sorted[0] as number) >= 0)) throw new RangeError('Near repeats need at least one band, and none below 0.');
  return sorted;
}

/** All pairs within the widest band: the two incidents and their band, three numbers a pair. */
function closePairs({ x, y }: PointArrays, bands: number[]): Int32Array {
  const widest = bands[bands.length - 1] as number;
  const order = Int32Array.from(x, (_, i) => i).sort((a, b) => (x[a] as number) - (x[b] as number));
  const pairs: number[] = [];
  order.forEach((i, at) => {
    for (let k = at + 1; k < order.length; k++) {
      const j = order[k] as number;
      const dx = (x[j] as number) - (x[i] as number);
      if (dx > widest) break;
      const distance = Math.hypot(dx, (y[j] as number) - (y[i] as number));
      if (distance <= widest) pairs.push(i, j, bands.findIndex((band) => distance <= band));
    }
  });
  return Int32Array.from(pairs);
}

function countPairs(pairs: Int32Array, days: Float64Array, distanceBands: number, dayBands: number[]): Float64Array {
  const counts = new Float64Array(distanceBands * dayBands.length);
  for (let k = 0; k < pairs.length; k += 3) {
    const apart = Math.abs((days[pairs[k] as number] as number) - (days[pairs[k + 1] as number] as number));
    const recent = dayBands.findIndex((band) => apart <= band);
    if (recent < 0) continue;
    const band = (pairs[k + 2] as number) * dayBands.length + recent;
    counts[band] = (counts[band] as number) + 1;
  }
  return counts;
}
