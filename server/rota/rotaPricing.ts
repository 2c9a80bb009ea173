/** The cheapest rows of one warden when each shift has a price: labels over the days, cut short by what is left at best. */
import type { RotaGrid } from './rotaGrid.ts';
import { cheapestToEnd, type DayGraph, dayGraphOf, open } from './rotaDayGraph.ts';

/** A warden's row: per day the shift's index or -1, and what it costs with the prices in it. */
export interface PricedRow {
  readonly cells: Int32Array;
  readonly cost: number;
}

/**
 * Rows of one warden that cost less than `below` with a price added to each shift, the cheapest of each sum of minutes first. `must` holds per
 * day the shift that stays, -1 for none, `open` where anything may stand.
 */
export type Pricing = (prices: Float64Array, below: number, must: Int32Array) => PricedRow[];

const weekendStates = 16;
const workedNow = 8;
/** How far above the bound of the cheapest row a first look goes. */
const narrow = 12;
const bits3 = Uint8Array.from({ length: 8 }, (_, bits) => (bits & 1) + ((bits >> 1) & 1) + (bits >> 2));

/** A list of labels that grows: state, cost, where it came from and the shift on the way. */
interface Labels {
  state: Int32Array;
  cost: Float64Array;
  parent: Int32Array;
  shift: Int32Array;
  length: number;
}

/**
 * A rule the rows cannot see (an average that begins inside the rota, a long shift early in seven days) only makes a row cheaper than it may
 * be, so that a bound worked out from the cheapest holds.
 */
export function createPricing(grid: RotaGrid, warden: number): Pricing {
  const graph = dayGraphOf(grid, warden);
  const sums = sumsOf(grid, graph, grid.mostMinutes[warden]!);
  const sumAt = new Map(sums.map((sum, at) => [sum, at]));
  const lengths = [...new Set(Array.from(graph.arcShift).flatMap((shift) => (shift < 0 ? [] : [grid.minutes[shift]!])))];
  const nextSum = Int32Array.from(sums.flatMap((sum) => lengths.map((length) => sumAt.get(sum + length) ?? -1)));
  const lengthOf = Int32Array.from(grid.minutes, (length) => lengths.indexOf(length));
  const contract = Float64Array.from(sums, (sum) => contractCost(grid, sum - grid.owed[warden]!));
  const { days, weekend, problem: { weights } } = grid;
  const wish = grid.wish.subarray(warden * grid.shifts.length, (warden + 1) * grid.shifts.length);
  const caps = Float64Array.from({ length: days }, (_, day) => Math.min(Number.POSITIVE_INFINITY, ...(grid.windows[warden] ?? []).flatMap(({ from, to, most }) => (from === 0 && to === day + 1 ? [most] : []))));
  const begun = Array.from(weekend, (of) => (of >= 0 ? grid.weekendBegun[warden * grid.weekends + of]! : 0));
  const history = [0, 1, 2].reduce((sum, at) => (sum << 1) | grid.weekendsBefore[warden * 3 + at]!, 0);
  const where = new Int32Array(graph.widest * sums.length * weekendStates);
  const layers: Labels[] = Array.from({ length: days + 1 }, () => ({ state: new Int32Array(64), cost: new Float64Array(64), parent: new Int32Array(64), shift: new Int32Array(64), length: 0 }));
  const least = new Float64Array(graph.nodes);
  const arcCost = new Float64Array(graph.arcTo.length);
  let slope = 0;

  return (prices, below, must) => {
    for (let arc = 0; arc < arcCost.length; arc++) {
      const shift = graph.arcShift[arc]!;
      arcCost[arc] = shift < 0 ? graph.arcIsolated[arc]! : prices[shift]! + wish[shift]!;
    }
    for (let day = 0; day < days; day++) {
      const only = must[day]!;
      if (only === open) continue;
      const end = graph.arcStart[graph.dayStart[day + 1]!]!;
      for (let arc = graph.arcStart[graph.dayStart[day]!]!; arc < end; arc++) if (graph.arcShift[arc] !== only) arcCost[arc] = Number.POSITIVE_INFINITY;
    }
    slope = steepest(grid, graph, arcCost, least, sums, contract, slope);
    const rest = restOf(sums, contract, slope);
    const bound = grid.wishBase[warden]! + least[0]! + rest;
    // The cheapest rows are wanted, not all: a narrow look first, and a wider one only where it finds none.
    for (let wide = narrow; bound < below; wide *= 4) {
      const most = Math.min(below, bound + wide);
      forward(most, rest);
      const rows = cheapest(most);
      if (rows.length > 0 || most === below) return rows;
    }
    return [];
  };

  function forward(below: number, rest: number): void {
    const first = layers[0]!;
    first.state[0] = history * graph.widest;
    first.cost[0] = grid.wishBase[warden]!;
    first.length = 1;
    for (let day = 0; day < days; day++) {
      const from = layers[day]!;
      const to = layers[day + 1]!;
      to.length = 0;
      const turned = day > 0 && weekend[day - 1]! >= 0 && weekend[day] !== weekend[day - 1];
      const atWeekend = weekend[day]! >= 0;
      const base = graph.dayStart[day]!;
      const nextBase = graph.dayStart[day + 1]!;
      for (let label = 0; label < from.length; label++) {
        const state = from.state[label]!;
        const cost = from.cost[label]!;
        const node = base + (state % graph.widest);
        const high = (state / graph.widest) | 0;
        const sum = high >> 4;
        let weekends = high & 15;
        if (turned) weekends = (((weekends & 7) << 1) | (weekends >> 3) | begun[day - 1]!) & 7;
        for (let arc = graph.arcStart[node]!; arc < graph.arcStart[node + 1]!; arc++) {
          const shift = graph.arcShift[arc]!;
          let next = sum;
          let after = weekends;
          let price = cost + arcCost[arc]!;
          if (shift >= 0) {
            next = nextSum[sum * lengths.length + lengthOf[shift]!]!;
            if (next < 0 || sums[next]! > caps[day]!) continue;
            if (atWeekend) {
              if (weekends < workedNow && bits3[weekends]! >= 2) price += weights.thirdWeekend;
              after = weekends | workedNow;
            }
          }
          const target = graph.arcTo[arc]!;
          if (price + least[target]! + slope * sums[next]! + rest >= below) continue;
          const key = ((next << 4) | after) * graph.widest + target - nextBase;
          const at = where[key]! - 1;
          if (at < 0) {
            if (to.length === to.state.length) grow(to);
            to.state[to.length] = key;
            to.cost[to.length] = price;
            to.parent[to.length] = label;
            to.shift[to.length] = shift;
            where[key] = ++to.length;
          } else if (price < to.cost[at]!) {
            to.cost[at] = price;
            to.parent[at] = label;
            to.shift[at] = shift;
          }
        }
      }
      for (let label = 0; label < to.length; label++) where[to.state[label]!] = 0;
    }
  }

  function cheapest(below: number): PricedRow[] {
    const last = layers[days]!;
    const perSum = new Map<number, { label: number; cost: number }>();
    for (let label = 0; label < last.length; label++) {
      const sum = ((last.state[label]! / graph.widest) | 0) >> 4;
      const cost = last.cost[label]! + contract[sum]!;
      if (cost < Math.min(below, perSum.get(sum)?.cost ?? below)) perSum.set(sum, { label, cost });
    }
    return [...perSum.values()].sort((a, b) => a.cost - b.cost).map(({ label, cost }) => ({ cells: rowOf(label), cost }));
  }

  function rowOf(label: number): Int32Array {
    const cells = new Int32Array(days);
    for (let day = days; day > 0; day--) {
      cells[day - 1] = layers[day]!.shift[label]!;
      label = layers[day]!.parent[label]!;
    }
    return cells;
  }
}

function grow(labels: Labels): void {
  const { state, cost, parent, shift } = labels;
  labels.state = new Int32Array(state.length * 2);
  labels.cost = new Float64Array(state.length * 2);
  labels.parent = new Int32Array(state.length * 2);
  labels.shift = new Int32Array(state.length * 2);
  labels.state.set(state);
  labels.cost.set(cost);
  labels.parent.set(parent);
  labels.shift.set(shift);
}

/** The least that the contract costs beside a slope per minute. */
const restOf = (sums: readonly number[], contract: Float64Array, slope: number): number => sums.reduce((least, sum, at) => Math.min(least, contract[at]! - slope * sum), Number.POSITIVE_INFINITY);

/** Fills `least` with what is left at best after each node; the contract stands in it as a price per minute, the one that bounds best. */
function steepest(grid: RotaGrid, graph: DayGraph, arcCost: Float64Array, least: Float64Array, sums: readonly number[], contract: Float64Array, before: number): number {
  const bound = (slope: number): number => cheapestToEnd(grid, graph, arcCost, least, slope) + restOf(sums, contract, slope);
  const usual = grid.problem.usualShiftMinutes;
  let best = { slope: before, bound: bound(before) };
  for (const step of [16 / usual, 4 / usual, 1 / usual]) {
    for (const slope of [best.slope - step, best.slope + step]) {
      const now = bound(slope);
      if (now > best.bound) { best = { slope, bound: now }; break; }
    }
  }
  bound(best.slope);
  return best.slope;
}

function contractCost({ problem: { usualShiftMinutes, weights } }: RotaGrid, minutes: number): number {
  const apart = minutes / usualShiftMinutes;
  if (apart > 0.5) return Math.ceil(apart - 0.5 - 1e-9) * weights.overContract;
  return apart < -0.5 ? Math.ceil(-apart - 0.5 - 1e-9) * weights.shortOfContract : 0;
}

/** Every sum of minutes that shifts on different days can make, up to the most. */
function sumsOf({ minutes, day, days }: RotaGrid, { arcShift }: DayGraph, most: number): number[] {
  const lengths = Array.from({ length: days }, () => new Set<number>());
  for (const shift of arcShift) if (shift >= 0) lengths[day[shift]!]!.add(minutes[shift]!);
  const sums = new Set([0]);
  for (const today of lengths) {
    const longer = Array.from(sums).flatMap((sum) => Array.from(today, (length) => sum + length).filter((next) => next <= most + 1e-6));
    for (const next of longer) sums.add(next);
  }
  return [...sums].sort((a, b) => a - b);
}
