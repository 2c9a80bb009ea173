/**
 * Other instances of the kind that is published: places by chance with prizes of 5 to 40 (after Tsiligirides 1984), and lattices whose prizes grow
 * outwards (after Chao 1996). Their best value is proved by an integer program on edges, to which cuts are added until no ring stands apart.
 */
import { createRandom } from '../../geo/random.ts';
import { loadSolver } from '../../server/patrols/solver.ts';
import type { RoundProblem } from '../../server/rounds/roundProblem.ts';

type Point = readonly [x: number, y: number];

function problemOf(points: readonly Point[], prizes: readonly number[], ends: readonly [Point, Point], endBy: number): RoundProblem {
  const at = [...points, ...ends];
  return { stops: prizes.map((prize) => ({ prize, opens: 0, closes: endBy, minutes: 0 })), travel: Float64Array.from(at.flatMap(([x, y]) => at.map(([a, b]) => Math.hypot(x - a, y - b)))), startAt: 0, endBy, apart: 0 };
}

/** `places` places in a square of 20, both ends near its middle. */
export function scattered(seed: number, places: number, budget: number): RoundProblem {
  const random = createRandom(`scattered ${seed}`);
  const points = Array.from({ length: places }, (): Point => [20 * random.uniform(), 20 * random.uniform()]);
  return problemOf(points, points.map(() => 5 * random.integer(1, 8)), [[8, 9], [11, 12]], budget);
}

/** A square lattice turned on its corner or not, prizes by the distance from the start in the middle of one side. */
export function lattice(side: number, diamond: boolean, budget: number): RoundProblem {
  const middle = (side - 1) / 2;
  const points = Array.from({ length: side * side }, (_, at): Point => [at % side, Math.floor(at / side)])
    .map(([x, y]): Point => (diamond ? [(x - y) / Math.SQRT2 + middle, (x + y) / Math.SQRT2] : [x, y])).map(([x, y]): Point => [2 * x, 2 * y]);
  const [from, to]: [Point, Point] = [[2 * middle, -1], [2 * middle, 2 * side]];
  return problemOf(points, points.map(([x, y]) => 6 * (1 + Math.round(Math.hypot(x - from[0], y - from[1]) / 3))), [from, to], budget);
}

/** The most prize a round without windows can have, proved to the last point. */
export async function provedBest({ stops, travel, endBy }: RoundProblem): Promise<number> {
  const n = stops.length;
  const width = n + 2;
  const edges = Array.from({ length: width }, (_, a) => Array.from({ length: width - a - 1 }, (_, b) => [a, a + 1 + b] as const)).flat().filter(([a, b]) => !(a === n && b === n + 1 && n > 0));
  const solver = await loadSolver();
  const rings: { inside: number[]; of: number }[] = [];
  for (let nth = 0; nth < 200; nth++) {
    const rows: { lower: number; upper: number; terms: (readonly [number, number])[] }[] = [{ lower: 0, upper: endBy + 1e-9, terms: edges.map(([a, b], at) => [at, travel[a * width + b]!] as const) }];
    for (let place = 0; place < width; place++) {
      const at = edges.flatMap(([a, b], edge) => (a === place || b === place ? [[edge, 1] as const] : []));
      rows.push(place < n ? { lower: 0, upper: 0, terms: [...at, [edges.length + place, -2]] } : { lower: 1, upper: 1, terms: at });
    }
    for (const { inside, of } of rings) {
      const within = edges.flatMap(([a, b], edge) => (inside.includes(a) && inside.includes(b) ? [[edge, 1] as const] : []));
      rows.push({ lower: -Infinity, upper: 0, terms: [...within, ...inside.filter((place) => place !== of).map((place) => [edges.length + place, -1] as const)] });
    }
    const x = await solve(solver, edges.length + n, stops.map(({ prize }) => prize), edges.length, rows);
    const apart = ringsApart(edges.filter((_, edge) => x[edge]! > 0.5), n);
    if (apart.length === 0) return stops.reduce((sum, { prize }, place) => sum + prize * Math.round(x[edges.length + place]!), 0);
    for (const inside of apart) for (const of of inside) rings.push({ inside, of });
  }
  throw new Error('The cuts came to no end.');
}

/** Parts of the chosen edges that hang on neither end. */
function ringsApart(chosen: readonly (readonly [number, number])[], n: number): number[][] {
  const part = new Map<number, number>();
  const find = (place: number): number => {
    const up = part.get(place) ?? place;
    return up === place ? place : find(up);
  };
  for (const [a, b] of chosen) part.set(find(a), find(b));
  const groups = new Map<number, number[]>();
  for (const place of new Set(chosen.flat())) groups.set(find(place), [...(groups.get(find(place)) ?? []), place]);
  return [...groups.values()].filter((places) => places.every((place) => place < n));
}

async function solve(solver: Awaited<ReturnType<typeof loadSolver>>, columns: number, prizes: readonly number[], edges: number, rows: readonly { lower: number; upper: number; terms: readonly (readonly [number, number])[] }[]): Promise<Float64Array> {
  const byColumn: [number, number][][] = Array.from({ length: columns }, () => []);
  for (const [row, { terms }] of rows.entries()) for (const [at, value] of terms) byColumn[at]!.push([row, value]);
  const starts = new Int32Array(columns + 1);
  for (const [at, entries] of byColumn.entries()) starts[at + 1] = starts[at]! + entries.length;
  const entries = byColumn.flat();
  const answer = solver.solveWhole({
    cost: Float64Array.from({ length: columns }, (_, at) => (at < edges ? 0 : prizes[at - edges]!)), colLower: new Float64Array(columns), colUpper: new Float64Array(columns).fill(1),
    rowLower: Float64Array.from(rows, ({ lower }) => lower), rowUpper: Float64Array.from(rows, ({ upper }) => upper), starts, rows: Int32Array.from(entries, ([row]) => row), values: Float64Array.from(entries, ([, value]) => value),
  }, new Int32Array(columns).fill(1), { relativeGap: 1e-6, nodes: 1_000_000, seconds: 120 }, null);
  if (!answer.x) throw new Error('The program has no round.');
  return Float64Array.from(answer.x);
}
