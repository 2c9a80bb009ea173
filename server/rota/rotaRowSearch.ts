/** Searches a small team's rota by whole rows: all of it, half of the wardens, or a fortnight at a time, beginning from the best so far. */
import { createRandom } from '../../geo/random.ts';
import type { Solver } from '../patrols/solver.ts';
import { anneal, createWalk } from './rotaAnneal.ts';
import { open } from './rotaDayGraph.ts';
import type { RotaGrid } from './rotaGrid.ts';
import { createMaster, type PartAnswer } from './rotaMaster.ts';

export interface RowSearch {
  readonly cells: Int32Array;
  /** No rota costs less. */
  readonly bound: number;
  /** Whether time ended it before its rounds. */
  readonly stopped: boolean;
}

export interface RowSearchOptions {
  readonly seed: number;
  readonly rounds: number;
  readonly wholeCosts: boolean;
  /** Whether time is over. */
  readonly out: () => boolean;
}

/** Shares of the rounds: half of the wardens, a fortnight; the rest looks at everything. */
const wardenShare = 0.3;
const fortnightShare = 0.3;
const fortnight = 14;
/** Disturbance of the dives, in turn. */
const noises = [0, 0.1, 0.3];
/** A dive over everything may end this much above the best and still be worth polishing, as a share and in cost. */
const above = { share: 0.04, cost: 3 };
const polishing = { iterations: 60_000, hot: 2 };

/** Whether rows can be priced for this problem: agreements on the pattern of work are not seen by the pricing. */
export const searchesByRows = ({ patterns }: RotaGrid): boolean => patterns.every((pattern) => pattern === null);

/** The best rota found from `starts`, the first of which keeps every rule and is the best of them. */
export function searchRows(grid: RotaGrid, solver: Solver, starts: readonly Int32Array[], { seed, rounds, wholeCosts, out }: RowSearchOptions): RowSearch {
  const { wardens, days } = grid;
  const random = createRandom(`rows ${seed}`);
  const master = createMaster(grid, solver, wholeCosts, out);
  for (const cells of starts) master.pool.rowsOf(cells);
  let best = { cells: starts[0]!, ...costOf(grid, starts[0]!) };
  let round = 1;
  const everything = new Int32Array(wardens * days).fill(open);
  const solve = (must: Int32Array, below: number, leastShort: number, mostShort: number, noise: number): PartAnswer => master.solve(best.cells, { must, below, leastShort, mostShort, noise, drawShort: round % 2 === 0, random });
  const take = (cells: Int32Array | null): void => {
    if (!cells) return;
    const found = costOf(grid, cells);
    if (found.hard === 0 && found.cost < best.cost - 1e-6) best = { cells, ...found };
  };
  const polish = (cells: Int32Array | null, round: number): Int32Array | null => {
    if (!cells || costOf(grid, cells).hard > 0) return cells;
    const polished = anneal(grid, { seed: seed + round, ...polishing, start: cells, timeUsed: () => Number(out()) });
    return polished.hard === 0 && polished.cost < costOf(grid, cells).cost ? polished.cells : cells;
  };

  const root = solve(everything, best.cost, 0, Number.POSITIVE_INFINITY, 0);
  take(polish(root.cells, 0));
  // A rota has either as many crews missing as the best, or fewer: each is asked for by itself, because together their fractions bound little.
  const fewer = new Map<number, number>();
  const asMany = new Map<number, number>();
  const bound = (): number => {
    const short = shortOf(grid, best.cells);
    return Math.min(best.cost, Math.max(root.bound, Math.min(fewer.get(short) ?? root.bound, asMany.get(short) ?? root.bound)));
  };
  for (; round <= rounds && bound() < best.cost - 1e-6 && !out(); round++) {
    const short = shortOf(grid, best.cells);
    if (!fewer.has(short)) {
      const answer = short === 0 ? { cells: null, bound: Number.POSITIVE_INFINITY } : solve(everything, best.cost, 0, short - 1, 0);
      fewer.set(short, answer.bound);
      take(polish(answer.cells, round));
      if (shortOf(grid, best.cells) !== short) continue;
    }
    const kind = random.uniform();
    const all = round === 1 || kind >= wardenShare + fortnightShare;
    const must = all ? everything : kind < wardenShare ? halfOf(grid, best.cells, random) : fortnightOf(grid, best.cells, random);
    const answer = solve(must, all ? best.cost * (1 + above.share) + above.cost : best.cost, short, Number.POSITIVE_INFINITY, noises[round % noises.length]!);
    if (all) asMany.set(short, Math.max(asMany.get(short) ?? Number.NEGATIVE_INFINITY, answer.bound));
    take(polish(answer.cells, round));
  }
  return { cells: best.cells, bound: bound(), stopped: out() && round <= rounds };
}

function costOf(grid: RotaGrid, cells: Int32Array): { readonly cost: number; readonly hard: number } {
  const walk = createWalk(grid, cells);
  return { cost: walk.soft(), hard: walk.hard() };
}

/** Crews missing over all shifts. */
function shortOf({ shifts }: RotaGrid, cells: Int32Array): number {
  const there = new Int32Array(shifts.length);
  for (const shift of cells) if (shift >= 0) there[shift]!++;
  return shifts.reduce((sum, { shift: { cover } }, at) => sum + Math.max(0, cover.crews - Math.floor(there[at]! / cover.crewSize)), 0);
}

/** Half of the wardens, at least three, may be planned anew. */
function halfOf({ wardens, days }: RotaGrid, cells: Int32Array, random: { integer(from: number, to: number): number }): Int32Array {
  const order = Array.from({ length: wardens }, (_, warden) => warden);
  const many = Math.min(wardens, Math.max(3, Math.round(wardens / 2)));
  for (let at = 0; at < many; at++) {
    const other = random.integer(at, wardens - 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  const free = new Set(order.slice(0, many));
  return cells.map((shift, at) => (free.has(Math.floor(at / days)) ? open : shift));
}

/** Fourteen days in a row may be planned anew; near an edge fewer. */
function fortnightOf({ days }: RotaGrid, cells: Int32Array, random: { integer(from: number, to: number): number }): Int32Array {
  const edge = Math.floor(fortnight / 4);
  const from = random.integer(-edge, Math.max(-edge, days - fortnight + edge));
  return cells.map((shift, at) => (at % days >= from && at % days < from + fortnight ? open : shift));
}
