/** Makes a rota: greedy at once, annealing from several seeds, for a small team whole rows and the whole-number programme; the best is kept and shown beside what no rota can beat. */
import type { Solver } from '../patrols/solver.ts';
import { anneal } from './rotaAnneal.ts';
import { checkRota, type RotaCheck, withoutBreaches } from './rotaCheck.ts';
import { greedyCells } from './rotaGreedy.ts';
import { gridOf, rosterOf, type RotaGrid } from './rotaGrid.ts';
import type { RotaProblem, Roster } from './rotaProblem.ts';
import { programOf, type RotaProgram } from './rotaProgram.ts';
import { searchesByRows, searchRows } from './rotaRowSearch.ts';

export type RotaMethod = 'greedy' | 'annealing' | 'rows' | 'program';

export interface RotaPlan {
  readonly roster: Roster;
  readonly method: RotaMethod;
  readonly check: RotaCheck;
  /** No rota costs less than this; null when none was worked out. */
  readonly bound: number | null;
  /** How far the cost lies above the bound, as a fraction of the bound (of 1 where it is less); null without a bound. */
  readonly gap: number | null;
  /** What each method reached; a method that did not run is left out. */
  readonly reached: readonly { readonly method: RotaMethod; readonly cost: number }[];
  /** True when time ended a search before its cap: another run may then differ. */
  readonly outOfTime: boolean;
}

interface Found {
  readonly method: RotaMethod;
  readonly cells: Int32Array;
  readonly cost: number;
  readonly hard: number;
}

/** A programme of at most this many wardens × shifts is solved whole: 12 wardens over 28 days of three shifts. */
const wholeLimit = 12 * 28 * 3;
/** Share of the time that annealing may take: little before a programme, most of it before a bound. */
const annealShare = { rows: 0.2, small: 0.35, large: 0.75 };
/** Part of the time after which the search by rows leaves the rest to the programme: where few wardens miss many crews, that finds more. */
const rowShare = { few: 0.45, more: 0.8 };
const fewWardens = 7;

/** The greedy roster alone, in milliseconds, without a bound. */
export function greedyRota(problem: RotaProblem): RotaPlan {
  const grid = gridOf(problem);
  return planOf(problem, rosterOf(grid, greedyCells(grid)), 'greedy', null, [], false);
}

/**
 * The best roster found within the problem's caps. `solver` null leaves the programme and the bound out. `clock` gives milliseconds and only
 * ever stops a search early. The roster breaks no rule, unless what lies before the rota breaks it already.
 */
export function solveRota(problem: RotaProblem, solver: Solver | null, clock: () => number): RotaPlan {
  const grid = gridOf(problem);
  const started = clock();
  const { caps } = problem;
  const left = (): number => caps.seconds - (clock() - started) / 1000;
  const small = grid.wardens * grid.shifts.length <= wholeLimit;
  const byRows = small && searchesByRows(grid);
  const greedy = foundOf(grid, 'greedy', greedyCells(grid));
  const searched = search(grid, greedy, clock, caps.seconds * 1000 * (byRows ? annealShare.rows : small ? annealShare.small : annealShare.large));
  const annealed = searched.found[0]!;
  const best = betterOf(greedy, annealed);
  if (!solver) return ended(grid, [greedy, annealed], null, searched.stopped);
  if (byRows && best.hard === 0) {
    const rows = searchRows(grid, solver, [best, ...searched.found].map(({ cells }) => cells), { seed: problem.seed, rounds: caps.rounds, wholeCosts: isWhole(problem), out: () => left() <= caps.seconds * (1 - (grid.wardens <= fewWardens ? rowShare.few : rowShare.more)) });
    const found = foundOf(grid, 'rows', rows.cells);
    if (rows.bound >= found.cost - 1e-6) return ended(grid, [greedy, annealed, found], rows.bound, searched.stopped);
    return byProgram(grid, solver, [greedy, annealed, found], rows.bound, left(), clock, searched.stopped || rows.stopped);
  }
  const program = programOf(grid, small);
  // The bound may take as long again: the rota is found by then, and is worth little without it.
  const linear = solver.solveLinear(program.model, caps.seconds);
  const bound = linear ? whole(problem, program.base - linear.objective) : null;
  const proved = bound !== null && best.hard === 0 && best.cost <= bound + 1e-6;
  if (!small || proved || left() <= 0) return ended(grid, [greedy, annealed], bound, searched.stopped);
  return byProgram(grid, solver, [greedy, annealed], bound, left(), clock, searched.stopped);
}

/** The whole-number programme, begun from the best so far. */
function byProgram(grid: RotaGrid, solver: Solver, found: readonly Found[], bound: number | null, seconds: number, clock: () => number, stopped: boolean): RotaPlan {
  const { problem } = grid;
  const program = programOf(grid, true);
  const best = found.reduce(betterOf);
  const from = clock();
  const solved = solver.solveWhole(program.model, program.whole, {
    relativeGap: 0, absoluteGap: isWhole(problem) ? 0.999 : 1e-6, nodes: problem.caps.nodes, seconds,
  }, best.hard === 0 ? program.startFrom(best.cells) : null);
  const bounds = [bound, Number.isFinite(solved.bound) ? whole(problem, program.base - solved.bound) : null].filter((one) => one !== null);
  const more = solved.x ? [foundOf(grid, 'program', cellsOf(grid, program, solved.x))] : [];
  return ended(grid, [...found, ...more], bounds.length > 0 ? Math.max(...bounds) : null, stopped || clock() - from >= seconds * 1000);
}

/** Annealing from the greedy roster, once for each seed, the best first. Each gets an equal part of the milliseconds still left. */
function search(grid: RotaGrid, greedy: Found, clock: () => number, milliseconds: number): { readonly found: readonly Found[]; readonly stopped: boolean } {
  const { caps, seed } = grid.problem;
  const end = clock() + milliseconds;
  const found: Found[] = [];
  let stopped = false;
  for (let run = 0; run < caps.seeds; run++) {
    const from = clock();
    const part = Math.max(1, (end - from) / (caps.seeds - run));
    const one = anneal(grid, { seed: seed + run * 7919, iterations: caps.iterations, start: greedy.cells, timeUsed: () => (clock() - from) / part });
    found.push({ ...one, method: 'annealing' });
    stopped ||= one.stopped;
  }
  return { found: found.sort((a, b) => a.hard - b.hard || a.cost - b.cost), stopped };
}

/** The one that breaks less, then the cheaper, then the first. */
const betterOf = (one: Found, other: Found): Found => (other.hard < one.hard || (other.hard === one.hard && other.cost < one.cost - 1e-6) ? other : one);

function foundOf(grid: RotaGrid, method: RotaMethod, cells: Int32Array): Found {
  const check = checkRota(grid.problem, rosterOf(grid, cells));
  return { method, cells, cost: check.cost, hard: check.breaches.length };
}

function cellsOf(grid: RotaGrid, { columns }: RotaProgram, x: Float64Array): Int32Array {
  const cells = new Int32Array(grid.wardens * grid.days).fill(-1);
  columns.forEach((column, at) => {
    if (column >= 0 && (x[column] ?? 0) > 0.5) cells[Math.floor(at / grid.shifts.length) * grid.days + (grid.day[at % grid.shifts.length] ?? 0)] = at % grid.shifts.length;
  });
  return cells;
}

/** Where every weight is a whole number so is every cost, and a bound may be rounded up. */
function isWhole({ weights, shifts, wardens }: RotaProblem): boolean {
  const all = [...Object.values(weights), ...shifts.flatMap(({ cover }) => [cover.underWeight ?? 0, cover.overWeight ?? 0]), ...wardens.flatMap(({ preferences }) => preferences.map(({ weight }) => weight ?? 0))];
  return all.every(Number.isInteger);
}

const whole = (problem: RotaProblem, bound: number): number => (isWhole(problem) ? Math.ceil(bound - 1e-4) : bound);

function ended(grid: RotaGrid, found: readonly Found[], bound: number | null, outOfTime: boolean): RotaPlan {
  const best = found.reduce(betterOf);
  return planOf(grid.problem, rosterOf(grid, best.cells), best.method, bound, found.map(({ method, cost }) => ({ method, cost })), outOfTime);
}

function planOf(problem: RotaProblem, found: Roster, method: RotaMethod, bound: number | null, reached: RotaPlan['reached'], outOfTime: boolean): RotaPlan {
  const roster = withoutBreaches(problem, found);
  const check = checkRota(problem, roster);
  const gap = bound === null ? null : Math.max(0, check.cost - bound) / Math.max(1, Math.abs(bound));
  return { roster, method, check, bound, gap, reached, outOfTime };
}
