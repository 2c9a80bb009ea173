import type { GridSpec, WeightedPoints } from './density.ts';
import { sharedMass } from './densityNodes.ts';
import type { NodeLattice } from './densityNodes.ts';
import { isUsual, usualDensity } from './densityUsual.ts';
import { kernelAt } from './kernel.ts';
import type { Kernel } from './kernel.ts';

/**
 * Nodes that carry the incidents' mass, with a border all round. `twice` of them lie along two sides of an output square, so that output
 * middles fall on nodes or half way between two.
 */
interface Nodes extends NodeLattice {
  twice: number;
  border: number;
}

/** The binned Gaussian is cut at this many standard deviations: 0.03 % of the peak. */
const gaussianReach = 4;

/**
 * Density per km² from mass on nodes instead of point by point: every incident is shared between the four nodes around it (linear binning),
 * the kernel is made narrower by what that sharing widens it, and one pass over the nodes gives the surface.
 * The nodes are close enough (an eighth of the quartic's bandwidth, a quarter of the Gaussian's deviation) that no value is more than 1 % of
 * the peak away from the exact surface, even with all incidents at one place.
 */
export function binnedDensity(points: WeightedPoints, grid: GridSpec, kernel: Kernel): Float64Array {
  if (isUsual(grid, kernel)) return usualDensity(points, grid, kernel);
  const nodes = nodesFor(grid, kernel);
  const mass = sharedMass(points, nodes);
  return kernel.name === 'quartic' ? convolveDisc(mass, nodes, grid, kernel) : convolveTwice(mass, nodes, grid, kernel);
}

function nodesFor(grid: GridSpec, kernel: Kernel): Nodes {
  const widest = kernel.bandwidthMetres * (kernel.name === 'quartic' ? 0.125 : 0.25);
  const twice = Math.max(2, Math.ceil((2 * grid.cellMetres) / widest - 1e-9));
  const step = (2 * grid.cellMetres) / twice;
  const border = Math.ceil(((kernel.name === 'quartic' ? 1 : gaussianReach) * kernel.bandwidthMetres) / step) + 2;
  const first = grid.cellMetres / 2 - border * step;
  const nodesAlong = (squares: number): number => Math.ceil(((squares - 1) * twice) / 2) + 1 + 2 * border;
  return { step, twice, border, west: grid.west + first, south: grid.south + first, columns: nodesAlong(grid.columns), rows: nodesAlong(grid.rows) };
}

/** Every second square's middle when middles fall between nodes by turns, otherwise all: from where, in what steps, and whether between two. */
interface Phase {
  start: number;
  every: number;
  node: number;
  nodeStep: number;
  between: 0 | 1;
}

function phasesOf({ twice, border }: Nodes): Phase[] {
  if (twice % 2 === 0) return [{ start: 0, every: 1, node: border, nodeStep: twice / 2, between: 0 }];
  const odd: Phase = { start: 1, every: 2, node: border + (twice - 1) / 2, nodeStep: twice, between: 1 };
  return [{ start: 0, every: 2, node: border, nodeStep: twice, between: 0 }, odd];
}

/** The quartic over the nodes, a row below and the row above at a time, since the kernel is the same on both sides. */
function convolveDisc(mass: Float64Array, nodes: Nodes, grid: GridSpec, kernel: Kernel): Float64Array {
  const out = new Float64Array(grid.columns * grid.rows);
  const line = new Float64Array(nodes.columns);
  const phases = phasesOf(nodes);
  for (const up of phases) {
    const taps = phases.map((along) => narrowedTaps(nodes.step, kernel, along.between, up.between));
    for (let row = up.start, middle = up.node; row < grid.rows; row += up.every, middle += up.nodeStep) {
      for (let dy = 0; dy < (taps[0] as Float64Array[]).length; dy++) {
        addRows(mass, line, (middle - dy) * nodes.columns, (middle + up.between + dy) * nodes.columns);
        for (let k = 0; k < phases.length; k++) addTaps(line, taps[k]?.[dy] ?? line.subarray(0, 0), out, row * grid.columns, grid.columns, phases[k] as Phase);
      }
    }
  }
  return out;
}

/**
 * The kernel at node distances less a part of its second difference, which undoes the widening by the shared mass. That widening is between
 * none (an incident on a node) and an eighth, a twelfth on average: a fourteenth leaves the least error in the worst case.
 * A line for each step up, itself from the middle outwards. On a node the middle entry counts for both sides and is halved.
 */
function narrowedTaps(step: number, kernel: Kernel, betweenX: number, betweenY: number): Float64Array[] {
  const at = (dx: number, dy: number): number => 1e6 * kernelAt(kernel, (dx * dx + dy * dy) * step * step);
  const narrowed = (dx: number, dy: number): number => at(dx, dy) - (at(dx + 1, dy) + at(dx - 1, dy) + at(dx, dy + 1) + at(dx, dy - 1) - 4 * at(dx, dy)) / 14;
  const halved = (d: number): number => (d === 0 ? 0.5 : 1);
  const size = Math.ceil(kernel.bandwidthMetres / step) + 1;
  return Array.from({ length: size }, (_, row) => {
    const dy = row + betweenY / 2;
    const half = Array.from({ length: size }, (_unused, column) => halved(column + betweenX / 2) * halved(dy) * narrowed(column + betweenX / 2, dy));
    return Float64Array.from(half.slice(0, half.findLastIndex((tap) => tap !== 0) + 1));
  });
}

function addRows(mass: Float64Array, line: Float64Array, below: number, above: number): void {
  for (let c = 0; c < line.length; c++) line[c] = (mass[below + c] as number) + (mass[above + c] as number);
}

/** Adds a line's share to one row of the surface, four squares at a time so that the sums do not wait for one another. */
function addTaps(line: Float64Array, taps: Float64Array, out: Float64Array, at: number, columns: number, { start, every, node, nodeStep, between }: Phase): void {
  const size = taps.length;
  let column = start;
  let left = node;
  for (; column + 3 * every < columns; column += 4 * every, left += 4 * nodeStep) {
    const left1 = left + nodeStep;
    const left2 = left1 + nodeStep;
    const left3 = left2 + nodeStep;
    let sum = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let d = 0, e = between as number; d < size; d++, e++) {
      const tap = taps[d] as number;
      sum += tap * ((line[left - d] as number) + (line[left + e] as number));
      sum1 += tap * ((line[left1 - d] as number) + (line[left1 + e] as number));
      sum2 += tap * ((line[left2 - d] as number) + (line[left2 + e] as number));
      sum3 += tap * ((line[left3 - d] as number) + (line[left3 + e] as number));
    }
    const to = at + column;
    out[to] = (out[to] as number) + sum;
    out[to + every] = (out[to + every] as number) + sum1;
    out[to + 2 * every] = (out[to + 2 * every] as number) + sum2;
    out[to + 3 * every] = (out[to + 3 * every] as number) + sum3;
  }
  for (; column < columns; column += every, left += nodeStep) {
    let sum = 0;
    for (let d = 0; d < size; d++) sum += (taps[d] as number) * ((line[left - d] as number) + (line[left + between + d] as number));
    out[at + column] = (out[at + column] as number) + sum;
  }
}

/** The Gaussian over the nodes: along every row, then along every column. */
function convolveTwice(mass: Float64Array, nodes: Nodes, grid: GridSpec, kernel: Kernel): Float64Array {
  const variance = kernel.bandwidthMetres ** 2 - nodes.step ** 2 / 7;
  const size = Math.ceil((gaussianReach * kernel.bandwidthMetres) / nodes.step) + 1;
  const tapsOf = ({ between }: Phase): Float64Array =>
    Float64Array.from({ length: size }, (_, d) => (d + between === 0 ? 0.5 : 1) * Math.exp((-0.5 * ((d + between / 2) * nodes.step) ** 2) / variance));
  const phases = phasesOf(nodes);
  const taps = phases.map(tapsOf);
  const scale = 1e6 / (2 * Math.PI * variance);
  const upward = taps.map((line) => line.map((tap) => scale * tap));
  const along = new Float64Array(grid.columns * nodes.rows);
  for (let row = 0; row < nodes.rows; row++) {
    const line = mass.subarray(row * nodes.columns, (row + 1) * nodes.columns);
    phases.forEach((phase, k) => addTaps(line, taps[k] as Float64Array, along, row * grid.columns, grid.columns, phase));
  }
  const out = new Float64Array(grid.columns * grid.rows);
  phases.forEach(({ start, every, node, nodeStep, between }, k) => {
    for (let row = start, middle = node; row < grid.rows; row += every, middle += nodeStep) {
      for (let d = 0; d < size; d += 3) addThreeLines(along, out, row * grid.columns, middle - d, middle + between + d, (upward[k] as Float64Array).subarray(d, d + 3), grid.columns);
    }
  });
  return out;
}

/** Three rows below and the three above put on one row of the surface: it is fetched and written a third as often. */
function addThreeLines(along: Float64Array, out: Float64Array, to: number, below: number, above: number, taps: Float64Array, columns: number): void {
  const [tap0 = 0, tap1 = 0, tap2 = 0] = taps;
  // Past the last tap a row of no weight is read, and it must be there.
  const [step1, step2] = [taps.length > 1 ? columns : 0, taps.length > 2 ? 2 * columns : 0];
  for (let c = 0, low = below * columns, high = above * columns; c < columns; c++, low++, high++) {
    out[to + c] = (out[to + c] as number) + tap0 * ((along[low] as number) + (along[high] as number))
      + tap1 * ((along[low - step1] as number) + (along[high + step1] as number)) + tap2 * ((along[low - step2] as number) + (along[high + step2] as number));
  }
}
