/**
 * Rounds of up to 15 stops, solved exactly: dynamic programming over (stops visited, last stop), keeping the earliest end
 * (Held and Karp 1962; with prizes and windows as in Feillet, Dejax and Gendreau 2005). Pure.
 */
import { type Round, type RoundProblem, roundOf, slack } from './roundProblem.ts';

export const exactStops = 15;

/** The best round: most prize, then the earliest end. Throws a RangeError above 15 stops. */
export function exactRound(problem: RoundProblem): Round {
  const reached = reach(problem);
  let best = { mask: 0, prize: 0, endsAt: homeFrom(problem, problem.stops.length, problem.startAt) };
  for (let mask = 1; mask < reached.prizes.length; mask++) {
    const prize = reached.prizes[mask]!;
    if (prize < best.prize - slack || !reached.has(mask)) continue;
    const endsAt = earliest(problem, reached, mask).endsAt;
    if (prize > best.prize + slack || endsAt < best.endsAt) best = { mask, prize, endsAt };
  }
  return roundOf(problem, routeOf(problem, reached, best.mask));
}

/** For every set of stops worth at least a share of the best one, its quickest round: what an unpredictable round is drawn from. */
export function nearBestRounds(problem: RoundProblem, share: number): Round[] {
  const reached = reach(problem);
  const masks: number[] = [];
  let most = 0;
  for (let mask = 1; mask < reached.prizes.length; mask++) if (reached.has(mask)) most = Math.max(most, reached.prizes[mask]!);
  for (let mask = 1; mask < reached.prizes.length; mask++) if (reached.prizes[mask]! >= share * most - slack && reached.has(mask)) masks.push(mask);
  return masks.map((mask) => roundOf(problem, routeOf(problem, reached, mask)));
}

/**
 * Labels: ways to have visited a set of stops, none worse in all respects than another of the same set and last stop. A label holds the
 * end of its last stop and, for each first visit whose second is still to come, when that ended.
 */
interface Reach {
  readonly prizes: Float64Array;
  /** The first label of (set, last stop) at `set * stops + last`, then `following`; -1 ends the list. */
  readonly heads: Int32Array;
  readonly labels: Labels;
  has(mask: number): boolean;
}

interface Labels {
  count: number;
  time: Float64Array;
  previous: Int32Array;
  last: Uint8Array;
  following: Int32Array;
  /** `pairs` numbers a label. */
  pending: Float64Array;
  readonly pairs: number;
}

function reach(problem: RoundProblem): Reach {
  const { stops } = problem;
  const n = stops.length;
  if (n > exactStops) throw new RangeError(`The round has ${n} stops: at most ${exactStops} can be solved exactly. Search instead.`);
  const pairs = stops.flatMap(({ after, apartFrom = [] }, second): Pair[] => [...(after === undefined ? [] : [{ first: after, second, needed: true }]), ...apartFrom.map((first) => ({ first, second, needed: false }))]);
  const heads = new Int32Array((1 << n) * n).fill(-1);
  const labels: Labels = { count: 0, pairs: pairs.length, time: new Float64Array(size), previous: new Int32Array(size), last: new Uint8Array(size), following: new Int32Array(size), pending: new Float64Array(size * pairs.length) };
  const seen = new Uint8Array(1 << n);
  const going: Going = { problem, pairs, heads, seen, labels, pending: new Float64Array(pairs.length) };
  for (let next = 0; next < n; next++) extend(going, 0, -1, next);
  // A set's labels all come from smaller sets, which are smaller numbers.
  for (let mask = 1; mask < 1 << n; mask++) {
    if (seen[mask] === 0) continue;
    for (let last = 0; last < n; last++) {
      for (let label = heads[mask * n + last]!; label >= 0; label = labels.following[label]!) {
        for (let next = 0; next < n; next++) if ((mask & (1 << next)) === 0) extend(going, mask, label, next);
      }
    }
  }
  const prizes = Float64Array.from({ length: 1 << n }, () => 0);
  for (let mask = 1; mask < 1 << n; mask++) prizes[mask] = prizes[mask & (mask - 1)]! + stops[31 - Math.clz32(mask & -mask)]!.prize;
  return { prizes, heads, labels, has: (mask) => seen[mask] === 1 };
}

const size = 4096;

/** Two visits to one place; `needed` when the second is none without the first. */
interface Pair {
  readonly first: number;
  readonly second: number;
  readonly needed: boolean;
}

interface Going {
  readonly problem: RoundProblem;
  readonly pairs: readonly Pair[];
  readonly heads: Int32Array;
  /** 1 for a set that some way has visited. */
  readonly seen: Uint8Array;
  readonly labels: Labels;
  /** Of the label that is being made. */
  readonly pending: Float64Array;
}

/** Goes on from a label (-1: the start) to a stop, when the round can still be home in time from there. */
function extend(going: Going, mask: number, label: number, next: number): void {
  const { problem: { stops, travel, startAt, endBy, apart }, pairs, labels } = going;
  const n = stops.length;
  const stop = stops[next]!;
  const from = label < 0 ? n : labels.last[label]!;
  let start = (label < 0 ? startAt : labels.time[label]!) + travel[from * (n + 2) + next]!;
  if (stop.opens > start) start = stop.opens;
  const home = travel[next * (n + 2) + n + 1]!;
  // Most ways on end here, before what pairs ask is looked at.
  if (start > stop.closes + slack || start + stop.minutes + home > endBy + slack) return;
  for (let pair = 0; pair < pairs.length; pair++) {
    const { first, second, needed } = pairs[pair]!;
    if (first === next && (mask & (1 << second)) !== 0) return;
    if (second !== next) continue;
    if ((mask & (1 << first)) === 0) {
      if (needed) return;
      continue;
    }
    start = Math.max(start, labels.pending[label * labels.pairs + pair]! + apart);
  }
  const time = start + stop.minutes;
  if (start > stop.closes + slack || time + home > endBy + slack) return;
  const now = mask | (1 << next);
  for (let pair = 0; pair < pairs.length; pair++) {
    const { first, second } = pairs[pair]!;
    const open = (now & (1 << first)) !== 0 && (now & (1 << second)) === 0;
    // A first visit that ended long enough ago no longer tells two ways apart.
    going.pending[pair] = open ? Math.max(next === first ? time : labels.pending[label * labels.pairs + pair]!, time - apart) : -Infinity;
  }
  going.seen[now] = 1;
  keep(going, now * n + next, { time, last: next, previous: label });
}

/** Keeps a label unless one of its list is no worse; takes those out that it is no worse than. */
function keep({ heads, labels, pending }: Going, at: number, made: { time: number; last: number; previous: number }): void {
  let before = -1;
  for (let each = heads[at]!; each >= 0; each = labels.following[each]!) {
    if (compares(labels, each, made.time, pending, 1)) return;
    if (!compares(labels, each, made.time, pending, -1)) before = each;
    else if (before < 0) heads[at] = labels.following[each]!;
    else labels.following[before] = labels.following[each]!;
  }
  heads[at] = add(labels, made, heads[at]!, pending);
}

/** With sign 1 whether the kept label is no worse than the one made, with -1 the other way round. */
function compares(labels: Labels, kept: number, time: number, pending: Float64Array, sign: 1 | -1): boolean {
  if (sign * (labels.time[kept]! - time) > 0) return false;
  for (let pair = 0; pair < labels.pairs; pair++) {
    const [one, other] = [labels.pending[kept * labels.pairs + pair]!, pending[pair]!];
    if (sign > 0 ? one > other : one < other) return false;
  }
  return true;
}

function add(labels: Labels, { time, last, previous }: { time: number; last: number; previous: number }, following: number, pending: Float64Array): number {
  if (labels.count === labels.time.length) grow(labels);
  const at = labels.count++;
  labels.time[at] = time;
  labels.last[at] = last;
  labels.previous[at] = previous;
  labels.following[at] = following;
  labels.pending.set(pending, at * labels.pairs);
  return at;
}

function grow(labels: Labels): void {
  const twice = labels.time.length * 2;
  const longer = <A extends Float64Array | Int32Array | Uint8Array>(wider: A, old: A): A => {
    wider.set(old);
    return wider;
  };
  labels.time = longer(new Float64Array(twice), labels.time);
  labels.previous = longer(new Int32Array(twice), labels.previous);
  labels.last = longer(new Uint8Array(twice), labels.last);
  labels.following = longer(new Int32Array(twice), labels.following);
  labels.pending = longer(new Float64Array(twice * labels.pairs), labels.pending);
}

const homeFrom = ({ stops, travel }: RoundProblem, from: number, time: number): number => time + travel[from * (stops.length + 2) + stops.length + 1]!;

/** The label of a set that is home first. */
function earliest(problem: RoundProblem, { heads, labels }: Reach, mask: number): { label: number; endsAt: number } {
  const n = problem.stops.length;
  let best = { label: -1, endsAt: Infinity };
  for (let last = 0; last < n; last++) {
    for (let label = heads[mask * n + last]!; label >= 0; label = labels.following[label]!) {
      const endsAt = homeFrom(problem, last, labels.time[label]!);
      if (endsAt < best.endsAt) best = { label, endsAt };
    }
  }
  return best;
}

function routeOf(problem: RoundProblem, reached: Reach, mask: number): number[] {
  const route: number[] = [];
  if (mask === 0) return route;
  for (let label = earliest(problem, reached, mask).label; label >= 0; label = reached.labels.previous[label]!) route.unshift(reached.labels.last[label]!);
  return route;
}
