/** One warden's days as a graph: what was worked in the six days before, and the steps that the rules allow from there. */
import { edge, type RotaGrid } from './rotaGrid.ts';

export interface DayGraph {
  readonly nodes: number;
  /** Per day, and one more for the end: its first node. */
  readonly dayStart: Int32Array;
  /** Most nodes of any day. */
  readonly widest: number;
  /** Per node and one more: its first arc. */
  readonly arcStart: Int32Array;
  readonly arcTo: Int32Array;
  /** The shift worked on the way, or -1. */
  readonly arcShift: Int32Array;
  /** What the day before costs as a day alone. */
  readonly arcIsolated: Float64Array;
}

/** A cell in which anything may stand. */
export const open = -2;

const masks = 1 << edge;
const bits = Uint8Array.from({ length: masks }, (_, mask) => mask.toString(2).replaceAll('0', '').length);

/** Days before (the latest bit is yesterday), the shift of yesterday, or that of the day before where yesterday was off. */
interface Node {
  readonly mask: number;
  readonly yesterday: number;
  readonly dayBefore: number;
}

/** Nodes are numbered by day; only those that can be reached are there, and at the end only those that what follows the rota allows. */
export function dayGraphOf(grid: RotaGrid, warden: number): DayGraph {
  const { days, problem: { rules, weights }, clash, minutes } = grid;
  const count = grid.shifts.length;
  const outside = grid.outside.subarray(warden * (days + 2 * edge), (warden + 1) * (days + 2 * edge));
  const options = grid.ofDay.map((of) => of.filter((shift) => grid.allowed[warden * count + shift] === 1));
  const shortest = options.map((of) => Math.min(...of.map((shift) => minutes[shift]!)));
  const after = Array.from({ length: edge }, (_, later) => Number(outside[edge + days + later]! > 0));
  /** Minutes of the six days before at the least. */
  const minutesBefore = ({ mask, yesterday }: Node, day: number): number => {
    let sum = yesterday >= 0 ? minutes[yesterday]! : (mask & 1) === 1 ? outsideOr(day - 1) : 0;
    for (let back = 2; back <= edge; back++) if ((mask >> (back - 1)) & 1) sum += outsideOr(day - back);
    return sum;
  };
  const outsideOr = (day: number): number => (day < 0 ? outside[edge + day]! : shortest[day]!);
  const may = (node: Node, day: number, shift: number): boolean =>
    bits[node.mask]! < rules.shiftsInSevenDays.value && minutesBefore(node, day) + minutes[shift]! <= rules.minutesInSevenDays.value &&
    !(node.yesterday >= 0 && clash[node.yesterday * count + shift] === 1) && !(node.dayBefore >= 0 && clash[node.dayBefore * count + shift]! > 0);
  const matters = (day: number, shift: number): boolean => (options[day + 2] ?? []).some((next) => clash[shift * count + next]! > 0);
  const endsWell = ({ mask }: Node): boolean => after.every((one, later) => one === 0 || bits[(mask << (later + 1)) & (masks - 1)]! + after.slice(0, later + 1).reduce((sum, worked) => sum + worked, 0) <= rules.shiftsInSevenDays.value);

  const arcStart: number[] = [];
  const arcTo: number[] = [];
  const arcShift: number[] = [];
  const arcIsolated: number[] = [];
  const dayStart = [0];
  let layer: Node[] = [{ mask: Array.from({ length: edge }, (_, at) => Number(outside[at]! > 0)).reduce((mask, one) => (mask << 1) | one, 0), yesterday: -1, dayBefore: -1 }];
  for (let day = 0; day < days; day++) {
    const base = dayStart[day]! + layer.length;
    const found = new Map<string, number>();
    const following: Node[] = [];
    const step = (node: Node, shift: number, isolated: number): void => {
      if (day === days - 1 && !endsWell(node)) return;
      const key = `${node.mask} ${node.yesterday} ${node.dayBefore}`;
      if (!found.has(key)) found.set(key, following.push(node) - 1);
      arcTo.push(base + found.get(key)!);
      arcShift.push(shift);
      arcIsolated.push(isolated);
    };
    for (const node of layer) {
      arcStart.push(arcTo.length);
      const alone = day > 0 && (node.mask & 3) === 1 ? weights.isolatedDay : 0;
      const earlier = (node.mask << 1) & (masks - 1);
      step({ mask: earlier, yesterday: -1, dayBefore: node.yesterday >= 0 && matters(day - 1, node.yesterday) ? node.yesterday : -1 }, -1, alone);
      for (const shift of options[day]!) if (may(node, day, shift)) step({ mask: earlier | 1, yesterday: shift, dayBefore: -1 }, shift, 0);
    }
    dayStart.push(base);
    layer = following;
  }
  const nodes = dayStart[days]! + layer.length;
  while (arcStart.length <= nodes) arcStart.push(arcTo.length);
  return {
    nodes, dayStart: Int32Array.from(dayStart), widest: Math.max(...dayStart.map((from, day) => (dayStart[day + 1] ?? nodes) - from)),
    arcStart: Int32Array.from(arcStart), arcTo: Int32Array.from(arcTo), arcShift: Int32Array.from(arcShift), arcIsolated: Float64Array.from(arcIsolated),
  };
}

/** Fills `least` with the cheapest way from each node to the end, `slope` added for each minute worked; gives that of the first node. */
export function cheapestToEnd(grid: RotaGrid, graph: DayGraph, arcCost: Float64Array, least: Float64Array, slope: number): number {
  const { arcStart, arcTo, arcShift } = graph;
  for (let node = graph.nodes - 1; node >= 0; node--) {
    let best = node >= graph.dayStart[grid.days]! ? 0 : Number.POSITIVE_INFINITY;
    for (let arc = arcStart[node]!; arc < arcStart[node + 1]!; arc++) {
      const shift = arcShift[arc]!;
      const cost = arcCost[arc]! + least[arcTo[arc]!]! + (shift < 0 ? 0 : slope * grid.minutes[shift]!);
      if (cost < best) best = cost;
    }
    least[node] = best;
  }
  return least[0]!;
}
