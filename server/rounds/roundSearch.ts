/**
 * Rounds of more stops than can be solved exactly: iterated local search for the orienteering problem with time windows – take some
 * stops out, put others in by prize for the time they cost, keep what is better (after Vansteenwegen and others 2009; record-to-record
 * acceptance, Dueck 1993). The same seed and number of tries give the same round. Pure.
 */
import { createRandom } from '../../geo/random.ts';
import { type Round, type RoundProblem, roundOf, slack } from './roundProblem.ts';
import { begin, better, copyOf, endOf, fill, type Kept, putFirst, restore, retime, type Search } from './roundState.ts';

export interface SearchOptions {
  readonly seed: number | string;
  /** Tries of each start. */
  readonly tries: number;
  /** How often to begin anew; 1 unless told. */
  readonly starts?: number;
  /** Asked now and then; true ends the search early with the best found. An upper stop only. */
  readonly stop?: () => boolean;
}

/** The best round found. */
export function searchRound(problem: RoundProblem, { seed, tries, starts = 1, stop }: SearchOptions): Round {
  let best: Kept = { route: [], prize: 0, endsAt: problem.startAt };
  for (let nth = 0; nth < starts && !stop?.(); nth++) {
    const found = searchOnce(begin(problem, createRandom(`${seed} ${nth}`)), nth, tries, stop);
    if (nth === 0 || better(found, best)) best = found;
  }
  return roundOf(problem, best.route);
}

function searchOnce(search: Search, around: number, tries: number, stop: (() => boolean) | undefined): Kept {
  // Each start is built around another stop, so that no far corner stays unseen.
  if (search.n > 0) putFirst(search, around % search.n);
  fill(search, exponents[search.random.integer(0, exponents.length - 1)]!, 0.9);
  improve(search);
  let best = copyOf(search);
  let current = best;
  let since = 0;
  for (let nth = 0; nth < tries; nth++) {
    if ((nth & 63) === 0 && stop?.()) break;
    restore(search, current);
    takeOut(search);
    fill(search, exponents[search.random.integer(0, exponents.length - 1)]!);
    if (search.free || nth % 8 === 0) improve(search);
    const found = copyOf(search);
    since += 1;
    if (better(found, best)) [best, since] = [found, 0];
    // A little worse is taken too, less and less of it, so that the search leaves where nothing near is better.
    const room = best.prize * 0.08 * (1 - nth / tries);
    if (found.prize >= current.prize - slack || found.prize >= best.prize - room * search.random.uniform()) current = found;
    if (since > 0 && since % 600 === 0) current = best;
  }
  return best;
}

/** How strongly the prize counts against the time it costs; drawn anew for each try. */
const exponents = [1, 1, 1.5, 2, 3];

/** Takes a run of stops, or stops here and there, out of the route, with second visits whose first goes. */
function takeOut(search: Search): void {
  const { route, random, inside, problem: { stops } } = search;
  if (route.length === 0) return;
  const many = random.integer(1, Math.max(1, Math.min(route.length, Math.ceil(route.length * 0.6))));
  const gone = new Set<number>();
  if (random.uniform() < 0.6) {
    const first = random.integer(0, route.length - 1);
    for (let nth = 0; nth < many; nth++) gone.add(route[(first + nth) % route.length]!);
  } else {
    while (gone.size < many) gone.add(route[random.integer(0, route.length - 1)]!);
  }
  for (const each of route) if (stops[each]!.after !== undefined && gone.has(stops[each]!.after)) gone.add(each);
  for (const each of gone) inside[each] = 0;
  const left = route.filter((each) => !gone.has(each));
  route.length = 0;
  route.push(...left);
  retime(search);
}

/** Shortens the route by turning parts round and moving stops along it, then tries one stop for another of more prize. */
function improve(search: Search): void {
  for (let again = true; again;) {
    again = shorten(search) || exchange(search);
    if (again) fill(search, 1.5);
  }
}

function shorten(search: Search): boolean {
  const { route } = search;
  for (let from = 0; from < route.length - 1; from++) {
    for (let to = from + 1; to < route.length; to++) {
      if (search.free) {
        if (turnsShorter(search, from, to)) return keepsIf(search, turned(route, from, to));
        for (const [a, b] of [[from, to], [to, from]] as const) if (movesShorter(search, a, b)) return keepsIf(search, moved(route, a, b));
      } else if (keepsIf(search, moved(route, from, to)) || keepsIf(search, moved(route, to, from))) return true;
    }
  }
  return false;
}

/** Takes a route when it ends earlier; else leaves the one there is. */
function keepsIf(search: Search, route: readonly number[]): boolean {
  if (endOf(search, route, search.trial) >= search.endsAt - 1e-6) return false;
  search.route.splice(0, search.route.length, ...route);
  return retime(search);
}

/** Whether the way is shorter with a part of it turned round. */
function turnsShorter({ problem: { travel }, route, n }: Search, from: number, to: number): boolean {
  const width = n + 2;
  const [before, after] = [route[from - 1] ?? n, route[to + 1] ?? n + 1];
  const [first, last] = [route[from]!, route[to]!];
  return travel[before * width + last]! + travel[first * width + after]! < travel[before * width + first]! + travel[last * width + after]! - 1e-6;
}

/** Whether the way is shorter with the stop at one place moved to another. */
function movesShorter({ problem: { travel }, route, n }: Search, from: number, to: number): boolean {
  const width = n + 2;
  const way = (a: number, b: number): number => travel[a * width + b]!;
  const at = (place: number): number => (place < 0 ? n : (route[place] ?? n + 1));
  const [stop, a, b] = [route[from]!, at(from - 1), at(from + 1)];
  const [c, d] = to > from ? [at(to), at(to + 1)] : [at(to - 1), at(to)];
  return way(a, b) + way(c, stop) + way(stop, d) < way(a, stop) + way(stop, b) + way(c, d) - 1e-6;
}

const turned = (route: readonly number[], from: number, to: number): number[] => [...route.slice(0, from), ...route.slice(from, to + 1).reverse(), ...route.slice(to + 1)];

function moved(route: readonly number[], from: number, to: number): number[] {
  const next = [...route];
  const [each] = next.splice(from, 1);
  next.splice(to, 0, each!);
  return next;
}

function exchange(search: Search): boolean {
  const { route, inside, n, problem: { stops } } = search;
  for (let place = 0; place < route.length; place++) {
    const out = route[place]!;
    for (let stop = 0; stop < n; stop++) {
      if (inside[stop] === 1 || stops[stop]!.prize <= stops[out]!.prize) continue;
      route[place] = stop;
      if (endOf(search, route, search.trial) === Infinity) {
        route[place] = out;
        continue;
      }
      inside[out] = 0;
      inside[stop] = 1;
      retime(search);
      return true;
    }
  }
  return false;
}
