/**
 * A round nobody can foretell and everybody can repeat: one drawn among many that are nearly as good as the best. What is drawn comes from a
 * seed of 256 bits, so that who knows the plan still cannot guess the round. Pure.
 */
import { createHash } from 'node:crypto';
import { createRandom, type RandomStream } from '../../geo/random.ts';
import { exactRound, exactStops, nearBestRounds } from './roundExact.ts';
import { prizeOf, type Round, type RoundProblem, roundOf, slack } from './roundProblem.ts';
import { searchRound } from './roundSearch.ts';
import { begin, endOf, type Search } from './roundState.ts';

/** Numbers made of a seed: SHA-256 of the seed, the name of what is drawn, and a counter. */
export interface Draw {
  /** A whole number from `from` to `to`, both included. */
  integer(what: string, from: number, to: number): number;
}

/** The draws of a seed in hexadecimal; each name has its own numbers, the same for the same seed. */
export function drawsOf(seed: string): Draw {
  const counts = new Map<string, number>();
  return {
    integer(what, from, to) {
      const nth = counts.get(what) ?? 0;
      counts.set(what, nth + 1);
      const bytes = createHash('sha256').update(`${seed} ${what} ${nth}`).digest();
      // 48 bits: what the remainder favours is under one in a thousand million.
      return from + (bytes.readUIntBE(0, 6) % (to - from + 1));
    },
  };
}

export interface DrawRules {
  /** Rounds worth at least this share of the best one are drawn from. */
  readonly nearBestShare: number;
  /** How many rounds are built by chance to draw from, beside those the exact solver gives. */
  readonly tries: number;
  /** How often the search for a larger round begins anew; 48 in draws that keep no number. */
  readonly starts?: number;
}

export interface Drawn {
  readonly round: Round;
  readonly best: Round;
  /** How many different rounds it was drawn from. */
  readonly among: number;
}

/** Draws a round among those worth the share of the best; every round drawn from has no room for another stop. */
export function drawRound(problem: RoundProblem, draw: Draw, rules: DrawRules): Drawn {
  const best = bestRound(problem, rules.starts);
  const rounds = new Map<string, Round>([[best.route.join(), best]]);
  const add = (route: readonly number[]): void => void (rounds.has(route.join()) || rounds.set(route.join(), roundOf(problem, route)));
  const least = rules.nearBestShare * best.prize - slack;
  if (problem.stops.length <= exactStops) for (const { route } of fullest(nearBestRounds(problem, rules.nearBestShare), problem).slice(0, rules.tries)) add(route);
  const random = createRandom(`rounds built by chance ${draw.integer('chance', 0, 2 ** 47)}`);
  for (const route of wander(begin(problem, random), [...rounds.values()], least, rules.tries)) add(route);
  // To wait in one place for its second visit is allowed, and chosen only where there is nothing else.
  const moving = [...rounds].filter(([, { route }]) => !waits(problem, route));
  const keys = (moving.length > 0 ? moving : [...rounds]).map(([key]) => key).sort();
  const key = keys[draw.integer('round', 0, keys.length - 1)]!;
  return { round: rounds.get(key)!, best, among: keys.length };
}

const waits = ({ stops, travel }: RoundProblem, route: readonly number[]): boolean => route.some((stop, at) => at > 0 && travel[route[at - 1]! * (stops.length + 2) + stop] === 0);

/** Exact up to 15 stops, searched above. */
function bestRound(problem: RoundProblem, starts = 48): Round {
  return problem.stops.length <= exactStops ? exactRound(problem) : searchRound(problem, { seed: 1, tries: 50, starts });
}

/** Rounds whose set of stops lies in no other round's. */
function fullest(rounds: readonly Round[], { stops }: RoundProblem): Round[] {
  const masks = new Set(rounds.map(({ route }) => maskOf(route)));
  return rounds.filter(({ route }) => stops.every((_, stop) => route.includes(stop) || !masks.has(maskOf(route) | (1 << stop))));
}

const maskOf = (route: readonly number[]): number => route.reduce((mask, stop) => mask | (1 << stop), 0);

/**
 * Goes from round to round by chance – a part taken out, turned round or moved, then whatever fits put in at any place – and yields those that
 * are still worth enough; what is not is left again.
 */
function* wander(search: Search, from: readonly Round[], least: number, tries: number): Generator<readonly number[]> {
  const { random, problem } = search;
  let route = [...from[0]!.route];
  for (let nth = 0; nth < tries; nth++) {
    // Now and then anew, from another of the best rounds or from none.
    if (nth % 25 === 0) route = random.uniform() < 0.2 ? [] : [...from[random.integer(0, from.length - 1)]!.route];
    const next = filled(search, changed(route, random));
    if (!next || prizeOf(problem, next) < least) continue;
    route = next;
    yield route;
  }
}

function changed(route: readonly number[], random: RandomStream): number[] {
  if (route.length < 2) return [...route];
  const [a, b] = [random.integer(0, route.length - 1), random.integer(0, route.length - 1)];
  const [first, last] = [Math.min(a, b), Math.max(a, b)];
  const kind = random.integer(0, 2);
  if (kind === 0) return route.filter((_, place) => place !== a && place !== b);
  if (kind === 1) return [...route.slice(0, first), ...route.slice(first, last + 1).reverse(), ...route.slice(last + 1)];
  const moved = route.filter((_, place) => place !== a);
  return [...moved.slice(0, b), route[a]!, ...moved.slice(b)];
}

/** A route with stops put in, in any order and at any place they fit, until none fits; undefined when it broke a rule to begin with. */
function filled(search: Search, begun: readonly number[]): number[] | undefined {
  const fits = (route: readonly number[]): boolean => endOf(search, route, search.trial) < Infinity;
  if (!fits(begun)) return undefined;
  let route = [...begun];
  const order = search.random.shuffle(search.problem.stops.map((_, stop) => stop));
  // Twice, since a second visit fits only once its first is in.
  for (const stop of [...order, ...order]) {
    if (route.includes(stop)) continue;
    const places = search.random.shuffle(Array.from({ length: route.length + 1 }, (_, place) => place));
    const place = places.find((each) => fits([...route.slice(0, each), stop, ...route.slice(each)]));
    if (place !== undefined) route = [...route.slice(0, place), stop, ...route.slice(place)];
  }
  return route;
}
