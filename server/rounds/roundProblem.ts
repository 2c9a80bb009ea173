/** The round of a pair of wardens: which stops, in which order, from base to base. What is to be solved, and what a route gives. Pure. */

/** Somewhere a round may stop. Minutes are counted from any one moment; they need not be whole. */
export interface RoundStop {
  /** What the stop is worth: incidents expected to be prevented, over 0. */
  readonly prize: number;
  /** The stop may begin from `opens` to `closes`, both included. */
  readonly opens: number;
  readonly closes: number;
  readonly minutes: number;
  /** A second visit to the same place: the index of the first, which must have ended `apart` minutes before. */
  readonly after?: number;
  /** Earlier visits to the same place that may also be left out: each that is made must have ended `apart` minutes before. */
  readonly apartFrom?: readonly number[];
}

export interface RoundProblem {
  readonly stops: readonly RoundStop[];
  /** Minutes from place to place, row after row: the stops, then the start (row `n`), then the end (row `n + 1`). They obey the triangle inequality. */
  readonly travel: Float64Array;
  readonly startAt: number;
  /** The round is back by then. */
  readonly endBy: number;
  /** Minutes between the end of a first visit and the start of a second. */
  readonly apart: number;
}

export interface Round {
  /** Indexes of stops in the order of the round. */
  readonly route: readonly number[];
  readonly prize: number;
  readonly endsAt: number;
}

/** Minutes at which each stop of a route begins, at the earliest, and when the round ends; undefined where it breaks a rule. */
export function walk(problem: RoundProblem, route: readonly number[]): { starts: number[]; endsAt: number } | undefined {
  const { stops, travel, startAt, endBy, apart } = problem;
  const width = stops.length + 2;
  const ends = new Map<number, number>();
  const starts: number[] = [];
  let at = stops.length;
  let time = startAt;
  for (const next of route) {
    const stop = stops[next];
    if (!stop || ends.has(next)) return undefined;
    if (route.some((done) => ends.has(done) && stops[done]?.apartFrom?.includes(next))) return undefined;
    const first = stop.after === undefined ? undefined : ends.get(stop.after);
    if (stop.after !== undefined && first === undefined) return undefined;
    time = Math.max(time + travel[at * width + next]!, stop.opens, first === undefined ? -Infinity : first + apart, ...(stop.apartFrom ?? []).map((each) => (ends.get(each) ?? -Infinity) + apart));
    if (time > stop.closes + slack) return undefined;
    starts.push(time);
    time += stop.minutes;
    ends.set(next, time);
    at = next;
  }
  const endsAt = time + travel[at * width + stops.length + 1]!;
  return endsAt > endBy + slack ? undefined : { starts, endsAt };
}

/** What rounding of sums may add: far under a second. */
export const slack = 1e-7;

/** The round of a route, which must keep the rules. */
export function roundOf(problem: RoundProblem, route: readonly number[]): Round {
  const walked = walk(problem, route);
  if (!walked) throw new RangeError(`The route ${route.join(', ')} breaks a rule of the round.`);
  return { route, prize: prizeOf(problem, route), endsAt: walked.endsAt };
}

export const prizeOf = ({ stops }: RoundProblem, route: readonly number[]): number => route.reduce((sum, each) => sum + (stops[each]?.prize ?? 0), 0);
