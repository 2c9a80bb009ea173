/**
 * Rotas made of whole rows: a linear programme chooses one row for each warden, and rows that would make it cheaper are priced and added until
 * none is left (column generation; Barnhart and others, "Branch-and-Price", Operations Research 46 (1998)). What it costs then no rota goes
 * below. A dive fixes the shifts it is surest of and prices again, until it has chosen a rota.
 */
import type { RandomStream } from '../../geo/random.ts';
import type { LinearSession, Solver } from '../patrols/solver.ts';
import { open } from './rotaDayGraph.ts';
import { type Cut, frameOf, type RotaFrame } from './rotaFrame.ts';
import type { RotaGrid } from './rotaGrid.ts';
import { createPricing, type Pricing } from './rotaPricing.ts';
import { createPool, type RowPool } from './rotaRowPool.ts';

export interface PartOptions {
  /** Warden × day: the shift that stays, -1 for none, `open` where anything may stand. */
  readonly must: Int32Array;
  /** Only a rota that costs less is wanted. */
  readonly below: number;
  /** Crews missing over all shifts. */
  readonly leastShort: number;
  readonly mostShort: number;
  /** How far chance disturbs the order in which a dive fixes shifts: 0 not at all. */
  readonly noise: number;
  /** Whether the crews that are to be missing are drawn before a dive: `leastShort` of them, by how much of each the programme leaves out. */
  readonly drawShort: boolean;
  readonly random: RandomStream;
}

export interface PartAnswer {
  /** Where a dive ended, or null where none can end below what was asked; its true cost may lie above that. */
  readonly cells: Int32Array | null;
  /** No rota as asked costs less. */
  readonly bound: number;
}

export interface Master {
  readonly pool: RowPool;
  /** The best rota a dive finds that keeps the cells of `must`; `cells` is a rota that keeps them. */
  solve(cells: Int32Array, options: PartOptions): PartAnswer;
}

/** Rows taken from one pricing, solves between two steps of a dive, shifts fixed in one step and how sure they have to be, rounds of cuts. */
const rowsPerPricing = 4;
const solvesPerStep = 5;
const fixedPerStep = 8;
const sure = 0.7;
const cutRounds = 6;
/** Solves of which one asks everybody: that gives a bound, by which a dive that leads nowhere ends early. */
const everybodyEach = 3;
/** Solves of a part through which a row that was used stays in the programme. */
const turnsKept = 8;
/** Weight of a shift of which the programme leaves nothing out when missing crews are drawn. */
const seldom = 0.005;
/** How many times its price a missing crew costs where none is to be. Forbidden it cannot be: rows that fill the shift may not be known yet. */
const dearer = 3;
/** Violation from which on a cut is worth adding; distance to the bound at which pricing ends. */
const violated = 0.05;
const near = 0.02;

interface Solved {
  readonly bound: number;
  readonly x: Float64Array | null;
}

/** What one part's programme holds while it is solved. */
interface Work {
  readonly session: LinearSession;
  readonly frame: RotaFrame;
  readonly must: Int32Array;
  readonly below: number;
  readonly cuts: Cut[];
  /** Rows in the programme, in the order of their columns. */
  readonly used: number[];
  readonly known: Set<number>;
  /** Wardens with anything open, those asked longest ago first. */
  readonly order: number[];
}

/** `wholeCosts` says that every cost is a whole number, so that a bound may be rounded up; `out` that time is over. */
export function createMaster(grid: RotaGrid, solver: Solver, wholeCosts: boolean, out: () => boolean): Master {
  const { wardens, days, shifts } = grid;
  const count = shifts.length;
  const pool = createPool(grid);
  const pricing: Pricing[] = Array.from({ length: wardens }, (_, warden) => createPricing(grid, warden));
  const idle = Array.from({ length: wardens }, (_, warden) => pool.add(warden, new Int32Array(days).fill(-1)));

  function solve(cells: Int32Array, { must: kept, below, leastShort, mostShort, noise, drawShort, random }: PartOptions): PartAnswer {
    const must = kept.slice();
    pool.turn();
    const own = pool.rowsOf(cells);
    const frame = frameOf(grid, leastShort, mostShort);
    return solver.withSession(frame.model, (session) => {
      const work: Work = { session, frame, must, below, cuts: [], used: [], known: new Set(), order: Array.from({ length: wardens }, (_, warden) => warden).filter((warden) => must.subarray(warden * days, (warden + 1) * days).includes(open)) };
      for (const row of new Set([...idle, ...own, ...pool.recent(turnsKept)])) if (keeps(row, must)) add(work, row);
      const root = generate(work, Number.POSITIVE_INFINITY);
      if (root.x && drawShort && leastShort > 0) {
        fixShort(work, root.x, leastShort, random);
        const drawn = generate(work, Number.POSITIVE_INFINITY);
        return { cells: drawn.x ? dive(work, drawn.x, noise, random) : null, bound: root.bound };
      }
      return { cells: root.x ? dive(work, root.x, noise, random) : null, bound: root.bound };
    });
  }

  const keeps = (row: number, must: Int32Array): boolean => {
    const { warden, cells } = pool.rows[row]!;
    return cells.every((shift, day) => must[warden * days + day] === open || must[warden * days + day] === shift);
  };

  function add({ session, frame, cuts, used, known }: Work, row: number): boolean {
    if (known.has(row)) return false;
    known.add(row);
    used.push(row);
    const { warden, cells, cost } = pool.rows[row]!;
    const rows = [warden];
    const values = [1];
    for (const shift of cells) if (shift >= 0) frame.factors(warden, shift, cuts, (to, factor) => { rows.push(to); values.push(factor); });
    session.addColumn(-cost, rows, values);
    return true;
  }

  /** Solves and prices in turn until no row is left that would help, at most so many times; stops where nothing below what is asked can come. */
  function generate(work: Work, most: number): Solved {
    let bound = Number.NEGATIVE_INFINITY;
    let solves = 0;
    for (let rounds = 0; ; ) {
      const linear = work.session.solve();
      if (!linear) return { bound: Number.POSITIVE_INFINITY, x: null };
      const priced = price(work, linear.rowDual, solves % everybodyEach === everybodyEach - 1 || solves >= most);
      const cost = -linear.objective;
      bound = Math.max(bound, cost + priced.gain);
      const rounded = wholeCosts ? Math.ceil(bound - 1e-4) : bound;
      if (rounded >= work.below - 1e-6 || out()) return { bound: rounded, x: null };
      work.session.primal(priced.added > 0);
      if (priced.added > 0 && cost - bound > near && ++solves <= most) continue;
      if (rounds++ >= cutRounds || separate(work, linear.x) === 0) return { bound: rounded, x: linear.x };
      work.session.primal(false);
    }
  }

  function pricesOf({ frame, cuts }: Work, warden: number, dual: Float64Array): Float64Array {
    const prices = new Float64Array(count);
    for (let shift = 0; shift < count; shift++) {
      let sum = 0;
      frame.factors(warden, shift, cuts, (row, factor) => { sum += dual[row]! * factor; });
      prices[shift] = sum;
    }
    return prices;
  }

  /**
   * Adds the rows that would make the programme cheaper, of half of the wardens in turn, and of the others too where those have none or
   * `everybody` is asked. `gain` is the most that all rows together could, or -Infinity where not everybody was asked.
   */
  function price(work: Work, dual: Float64Array, everybody: boolean): { readonly added: number; readonly gain: number } {
    let added = 0;
    let gain = 0;
    let asked = 0;
    for (const warden of work.order.slice()) {
      if (!everybody && added > 0 && asked >= work.order.length / 2) return { added, gain: Number.NEGATIVE_INFINITY };
      asked++;
      work.order.push(work.order.shift()!);
      const rows = pricing[warden]!(pricesOf(work, warden, dual), -dual[warden]! - 1e-6, work.must.subarray(warden * days, (warden + 1) * days));
      if (rows.length > 0) gain += rows[0]!.cost + dual[warden]!;
      for (const { cells } of rows.slice(0, rowsPerPricing)) {
        const row = pool.add(warden, cells);
        if (pool.rows[row]!.hard === 0 && add(work, row)) added++;
      }
    }
    return { added, gain };
  }

  /** How much of each warden is on each shift, and whether every row is chosen whole or not at all. */
  function worked({ frame, used }: Work, x: Float64Array): { readonly parts: Float64Array; readonly whole: boolean } {
    const parts = new Float64Array(wardens * count);
    let whole = true;
    used.forEach((row, at) => {
      const part = x[frame.model.cost.length + at] ?? 0;
      if (part < 1e-7) return;
      pool.use(row);
      if (part < 1 - 1e-6) whole = false;
      const { warden, cells } = pool.rows[row]!;
      for (const shift of cells) if (shift >= 0) parts[warden * count + shift]! += part;
    });
    return { parts, whole };
  }

  /** Of all but crews × size - 1 persons one is needed on a shift, or a crew is short: said where fractions do not keep it. */
  function separate(work: Work, x: Float64Array): number {
    const { session, frame, cuts, used } = work;
    const { parts } = worked(work, x);
    const before = cuts.length;
    shifts.forEach(({ shift: { cover } }, shift) => {
      const among = cover.crews * cover.crewSize - 1;
      if (among < 0) return;
      const order = Array.from({ length: wardens }, (_, warden) => warden).sort((a, b) => parts[b * count + shift]! - parts[a * count + shift]!);
      if (order.slice(among).reduce((sum, warden) => sum + parts[warden * count + shift]!, x[frame.shortOf(shift)]!) > 1 - violated) return;
      const inside = Uint8Array.from({ length: wardens }, (_, warden) => Number(order.indexOf(warden) < among));
      const columns = [frame.shortOf(shift)];
      used.forEach((row, at) => { if (inside[pool.rows[row]!.warden] === 0 && pool.rows[row]!.cells.includes(shift)) columns.push(frame.model.cost.length + at); });
      session.addRow(1, columns, columns.map(() => 1), Number.POSITIVE_INFINITY);
      cuts.push({ shift, inside });
    });
    return cuts.length - before;
  }

  /** Draws so many shifts that miss a crew; no other may. */
  function fixShort({ session, frame }: Work, x: Float64Array, many: number, random: RandomStream): void {
    const weights = shifts.map(({ shift: { cover } }, shift) => (cover.crews > 0 ? x[frame.shortOf(shift)]! + seldom : 0));
    const drawn = new Set<number>();
    while (drawn.size < Math.min(many, weights.filter((weight) => weight > 0).length)) {
      let left = random.uniform() * weights.reduce((sum, weight, shift) => sum + (drawn.has(shift) ? 0 : weight), 0);
      drawn.add(weights.findIndex((weight, shift) => !drawn.has(shift) && weight > 0 && (left -= weight) <= 0));
    }
    shifts.forEach((_, shift) => { if (!drawn.has(shift)) session.setCost(frame.shortOf(shift), dearer * frame.model.cost[frame.shortOf(shift)]!); });
    session.primal(true);
  }

  function dive(work: Work, from: Float64Array, noise: number, random: RandomStream): Int32Array | null {
    const { frame, must, used, session } = work;
    for (let x: Float64Array | null = from; x; x = generate(work, solvesPerStep).x) {
      const { parts, whole } = worked(work, x);
      if (whole) return cellsOf(work, x);
      const undecided = Array.from(parts.keys()).filter((at) => parts[at]! > 1e-6 && must[cellOf(at)] === open);
      const ranked = undecided.map((at) => ({ at, rank: Math.min(1, parts[at]!) * (1 - noise * random.uniform()) })).sort((a, b) => b.rank - a.rank || a.at - b.at);
      const taken = ranked.filter(({ rank }, order) => order === 0 || (order < fixedPerStep && rank > sure));
      if (taken.length === 0) return null;
      for (const { at } of taken) must[cellOf(at)] = at % count;
      used.forEach((row, at) => { if (!keeps(row, must)) session.setColumnBounds(frame.model.cost.length + at, 0, 0); });
      session.primal(false);
    }
    return null;
  }

  /** The cell of a warden × shift. */
  const cellOf = (at: number): number => Math.floor(at / count) * days + grid.day[at % count]!;

  function cellsOf({ frame, used }: Work, x: Float64Array): Int32Array {
    const cells = new Int32Array(wardens * days).fill(-1);
    used.forEach((row, at) => { if ((x[frame.model.cost.length + at] ?? 0) > 0.5) cells.set(pool.rows[row]!.cells, pool.rows[row]!.warden * days); });
    return cells;
  }

  return { pool, solve };
}
