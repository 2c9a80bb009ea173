/** Simulated annealing of a rota: small changes, accepted when better and now and then when worse, less often as it cools. */
import { createRandom, type RandomStream } from '../../geo/random.ts';
import type { RotaGrid } from './rotaGrid.ts';
import { createMoves } from './rotaMoves.ts';
import { createState } from './rotaState.ts';

export interface AnnealOptions {
  readonly seed: number;
  readonly iterations: number;
  /** Asked now and then: the part of its time the search has used. From 1 on it stops; before that it cools faster where it lags behind. */
  readonly timeUsed: () => number;
  /** Cells to begin from; nothing planned where left out. */
  readonly start?: Int32Array;
  readonly hot?: number;
  readonly cold?: number;
}

export interface Annealed {
  readonly cells: Int32Array;
  readonly cost: number;
  /** How far rules are broken in it; 0 unless nothing better was found. */
  readonly hard: number;
  /** Whether time cut steps short. */
  readonly stopped: boolean;
}

const timeEvery = 8192;
/** Cost at which one step in e is still taken, at the start and at the end. A large team has so many steps near its best that less heat finds more. */
const hottest = { small: 15, large: 5 };
const coldest = 0.25;
const smallTeam = 12;
/** Part of the time from which on a search that lags is hurried; before that its speed is not known. */
const hurryFrom = 0.6;
/** The first half of the steps and of the cooling see most of a half-made crew as made: pairs are found that way, and lost without it. */
const smoothing = 0.9;
const smoothShare = 0.5;

/** The best roster met; the same grid, seed and iterations give the same one unless time ran out. */
export function anneal(grid: RotaGrid, options: AnnealOptions): Annealed {
  const random = createRandom(options.seed);
  const middle = Math.floor(options.iterations * smoothShare);
  const hot = options.hot ?? (grid.wardens <= smallTeam ? hottest.small : hottest.large);
  const cold = options.cold ?? coldest;
  const warm = hot * (cold / hot) ** smoothShare;
  const rough = cool(grid, random, { ...options, iterations: middle, hot, cold: warm, smooth: smoothing, done: 0, share: smoothShare });
  const fine = cool(grid, random, { ...options, iterations: options.iterations - middle, hot: warm, cold, smooth: 0, start: rough.last, done: smoothShare, share: 1 - smoothShare });
  return { cells: fine.cells, cost: fine.cost, hard: fine.hard, stopped: rough.stopped || fine.stopped };
}

interface Cooling extends AnnealOptions {
  readonly hot: number;
  readonly cold: number;
  readonly smooth: number;
  /** Part of the whole search that is done before this cooling, and the part that this is. */
  readonly done: number;
  readonly share: number;
}

function cool(grid: RotaGrid, random: RandomStream, { iterations, hot, cold, smooth, timeUsed, start, done, share }: Cooling): Annealed & { readonly last: Int32Array } {
  const walk = createWalk(grid, start ?? null, smooth);
  const moves = createMoves(grid, walk, random);
  let best = { cells: walk.cells.slice(), cost: walk.soft(), hard: walk.hard() };
  let temperature = hot;
  let stopped = false;
  for (let step = 0; step < iterations; step++) {
    if (step % timeEvery === 0) {
      const used = timeUsed();
      if (used > hurryFrom && used > done + (share * step) / iterations) {
        stopped = true;
        step = Math.ceil((iterations * Math.min(1, (used - done) / share)) / timeEvery) * timeEvery;
        if (step >= iterations) break;
      }
    }
    if (step % 1024 === 0) temperature = hot * (cold / hot) ** (step / iterations);
    const before = walk.cost();
    if (!moves()) continue;
    const worse = walk.cost() - before;
    if (worse > 0 && random.uniform() >= Math.exp(-worse / temperature)) walk.undo();
    else {
      walk.keep();
      if (worse < 0 && better(walk.hard(), walk.soft(), best)) best = { cells: walk.cells.slice(), cost: walk.soft(), hard: walk.hard() };
    }
  }
  return { ...best, stopped, last: walk.cells };
}

const better = (hard: number, soft: number, best: { readonly cost: number; readonly hard: number }): boolean => hard < best.hard || (hard === best.hard && soft < best.cost - 1e-9);

/** What one broken rule costs on the way: more than a missing crew, so that none is worth breaking. */
const hardWeightOf = ({ problem, shifts }: RotaGrid): number => 20 + 1.2 * Math.max(problem.weights.underCover, ...shifts.map(({ shift }) => shift.cover.underWeight ?? 0));

export interface Walk {
  readonly cells: Int32Array;
  soft(): number;
  hard(): number;
  /** Soft cost and broken rules in one number. */
  cost(): number;
  /** Sets a cell, to be followed by `settle` once the move is whole. */
  set(warden: number, day: number, shift: number): void;
  /** Works the rows touched out anew. */
  settle(): void;
  keep(): void;
  undo(): void;
}

/** A state with the cost of each row kept, and the last move to be taken back. */
export function createWalk(grid: RotaGrid, start: Int32Array | null, smooth = 0): Walk {
  const state = createState(grid, smooth);
  const { days } = grid;
  const hardWeight = hardWeightOf(grid);
  const rowSoft = new Float64Array(grid.wardens);
  const rowHard = new Float64Array(grid.wardens);
  const touched = new Uint8Array(grid.wardens);
  const rows: number[] = [];
  const oldRows: number[] = [];
  const log: number[] = [];
  let soft = 0;
  let hard = 0;
  const refresh = (warden: number): void => {
    const now = state.row(warden);
    soft += now.soft - rowSoft[warden]!;
    hard += now.hard - rowHard[warden]!;
    rowSoft[warden] = now.soft;
    rowHard[warden] = now.hard;
  };
  if (start) start.forEach((shift, at) => state.put(Math.floor(at / days), at % days, shift));
  for (let warden = 0; warden < grid.wardens; warden++) refresh(warden);
  const keep = (): void => {
    for (const warden of rows) touched[warden] = 0;
    rows.length = 0;
    oldRows.length = 0;
    log.length = 0;
  };
  return {
    cells: state.cells,
    soft: () => soft + state.shared(),
    hard: () => hard + state.sharedHard(),
    cost: () => soft + state.shared() + hardWeight * (hard + state.sharedHard()),
    set(warden, day, shift) {
      log.push(warden, day, state.cells[warden * days + day]!);
      if (touched[warden] === 0) {
        touched[warden] = 1;
        rows.push(warden);
        oldRows.push(rowSoft[warden]!, rowHard[warden]!);
      }
      state.put(warden, day, shift);
    },
    settle() { for (const warden of rows) refresh(warden); },
    keep,
    undo() {
      for (let at = log.length - 3; at >= 0; at -= 3) state.put(log[at]!, log[at + 1]!, log[at + 2]!);
      rows.forEach((warden, at) => {
        soft += oldRows[at * 2]! - rowSoft[warden]!;
        hard += oldRows[at * 2 + 1]! - rowHard[warden]!;
        rowSoft[warden] = oldRows[at * 2]!;
        rowHard[warden] = oldRows[at * 2 + 1]!;
      });
      keep();
    },
  };
}
