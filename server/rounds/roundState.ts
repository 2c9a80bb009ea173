/** A round while it is searched: its stops, when each begins, how much later it could, and putting stops in. */
import type { RandomStream } from '../../geo/random.ts';
import { type RoundProblem, slack } from './roundProblem.ts';

export interface Kept {
  readonly route: number[];
  readonly prize: number;
  readonly endsAt: number;
}

export interface Search {
  readonly problem: RoundProblem;
  readonly random: RandomStream;
  readonly n: number;
  /** True when no window or second visit ties a stop to a time and ways are as long there as back: order is only a matter of length. */
  readonly free: boolean;
  readonly route: number[];
  readonly inside: Uint8Array;
  /** By place in the route: when the stop begins, and how much later it could begin with all that follow still in time. */
  readonly starts: Float64Array;
  readonly room: Float64Array;
  /** Starts of a route that is being tried. */
  readonly trial: Float64Array;
  endsAt: number;
}

export function begin(problem: RoundProblem, random: RandomStream): Search {
  const n = problem.stops.length;
  const free = isSymmetric(problem) && problem.stops.every(({ opens, closes, after, apartFrom }) => after === undefined && !apartFrom?.length && opens <= problem.startAt && closes >= problem.endBy);
  return { problem, random, n, free, route: [], inside: new Uint8Array(n), starts: new Float64Array(n + 1), room: new Float64Array(n + 2), trial: new Float64Array(n + 1), endsAt: problem.startAt };
}

function isSymmetric({ stops: { length: n }, travel }: RoundProblem): boolean {
  for (let a = 0; a < n; a++) for (let b = 0; b < a; b++) if (Math.abs(travel[a * (n + 2) + b]! - travel[b * (n + 2) + a]!) > slack) return false;
  return true;
}

export const copyOf = ({ route, problem, endsAt }: Search): Kept => ({ route: [...route], endsAt, prize: route.reduce((sum, each) => sum + problem.stops[each]!.prize, 0) });
export const better = (a: Kept, b: Kept): boolean => a.prize > b.prize + slack || (a.prize > b.prize - slack && a.endsAt < b.endsAt - slack);

export function restore(search: Search, kept: Kept): void {
  search.route.length = 0;
  search.route.push(...kept.route);
  search.inside.fill(0);
  for (const each of kept.route) search.inside[each] = 1;
  retime(search);
}

/** Works out when everything begins and how much room there is; false when the route breaks a rule. */
export function retime(search: Search): boolean {
  const { problem: { stops, travel, endBy }, route, n, starts, room } = search;
  const endsAt = endOf(search, route, starts);
  if (endsAt === Infinity) return false;
  search.endsAt = endsAt;
  let later = endBy - endsAt;
  for (let place = route.length - 1; place >= 0; place--) {
    const stop = stops[route[place]!]!;
    const next = route[place + 1];
    const leaves = starts[place]! + stop.minutes;
    const waits = next === undefined ? 0 : Math.max(0, starts[place + 1]! - (leaves + travel[route[place]! * (n + 2) + next]!));
    later = Math.min(stop.closes - starts[place]!, later + waits);
    room[place] = later;
  }
  return true;
}

/** When a route ends, with the start of each stop left in `into`; Infinity when it breaks a rule. */
export function endOf({ problem: { stops, travel, startAt, endBy, apart }, n }: Search, route: readonly number[], into: Float64Array): number {
  let [at, time] = [n, startAt];
  for (let place = 0; place < route.length; place++) {
    const next = route[place]!;
    const { opens, closes, minutes, after, apartFrom } = stops[next]!;
    time += travel[at * (n + 2) + next]!;
    if (opens > time) time = opens;
    if (after !== undefined) {
      const first = route.indexOf(after);
      if (first < 0 || first >= place) return Infinity;
      time = Math.max(time, into[first]! + stops[after]!.minutes + apart);
    }
    if (apartFrom) {
      for (const each of apartFrom) {
        const first = route.indexOf(each);
        if (first >= place) return Infinity;
        if (first >= 0) time = Math.max(time, into[first]! + stops[each]!.minutes + apart);
      }
    }
    if (time > closes + slack) return Infinity;
    into[place] = time;
    time += minutes;
    at = next;
  }
  time += travel[at * (n + 2) + n + 1]!;
  return time > endBy + slack ? Infinity : time;
}

/** Begins a route with one stop, where the round can reach it. */
export function putFirst(search: Search, stop: number): void {
  if (search.problem.stops[stop]!.after !== undefined) return;
  search.route.push(stop);
  if (retime(search)) search.inside[stop] = 1;
  else search.route.pop();
}

/** Puts stops in while any fits: the one with the most prize, to a power, for the time it adds; a little noise makes every try another. */
export function fill(search: Search, exponent: number, noise = 0.2): void {
  const { problem: { stops }, inside, n, random } = search;
  const closed = new Uint8Array(n);
  for (;;) {
    let [chosen, at, most] = [-1, -1, -1];
    for (let stop = 0; stop < n; stop++) {
      if (inside[stop] === 1 || closed[stop] === 1) continue;
      const place = cheapest(search, stop);
      if (place.at < 0) continue;
      const worth = (stops[stop]!.prize ** exponent / (place.adds + 0.01)) * (1 - noise + 2 * noise * random.uniform());
      if (worth > most) [chosen, at, most] = [stop, place.at, worth];
    }
    if (chosen < 0) return;
    search.route.splice(at, 0, chosen);
    inside[chosen] = 1;
    if (retime(search)) continue;
    // Only one of several visits to a place can fail here: their distance from each other is no part of the room that is kept.
    search.route.splice(at, 1);
    if (putAnywhere(search, chosen)) continue;
    inside[chosen] = 0;
    closed[chosen] = 1;
    retime(search);
  }
}

/** Puts a stop where the round then ends first, looking at every place; false when it fits nowhere. */
function putAnywhere(search: Search, stop: number): boolean {
  const { route } = search;
  let [best, endsAt] = [-1, Infinity];
  for (let place = 0; place <= route.length; place++) {
    route.splice(place, 0, stop);
    const ends = endOf(search, route, search.trial);
    if (ends < endsAt) [best, endsAt] = [place, ends];
    route.splice(place, 1);
  }
  if (best < 0) return false;
  route.splice(best, 0, stop);
  return retime(search);
}

interface Place {
  at: number;
  adds: number;
}
const cheapestPlace: Place = { at: -1, adds: Infinity };

/** Where a stop adds the least time, among the places where everything after it stays in time. */
function cheapest({ problem: { stops, travel, startAt, endBy }, route, n, starts, room, endsAt }: Search, stop: number): Place {
  const { opens, closes, minutes } = stops[stop]!;
  const width = n + 2;
  cheapestPlace.at = -1;
  cheapestPlace.adds = Infinity;
  let [from, leaves] = [n, startAt];
  for (let place = 0; place <= route.length; place++) {
    const to = route[place] ?? n + 1;
    const begins = Math.max(opens, leaves + travel[from * width + stop]!);
    // Everything later begins later still.
    if (leaves > closes) break;
    if (begins <= closes) {
      const arrives = begins + minutes + travel[stop * width + to]!;
      const planned = place < route.length ? starts[place]! : endsAt;
      const shift = Math.max(0, arrives - planned);
      const spare = place < route.length ? room[place]! : endBy - endsAt;
      const adds = arrives - leaves - travel[from * width + to]!;
      if (shift <= spare + slack && adds < cheapestPlace.adds) {
        cheapestPlace.at = place;
        cheapestPlace.adds = adds;
      }
    }
    if (place === route.length) break;
    from = to;
    leaves = starts[place]! + stops[to]!.minutes;
  }
  return cheapestPlace;
}
