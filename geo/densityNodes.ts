import type { WeightedPoints } from './density.ts';

/** A lattice of nodes that carry incidents' mass; node (column, row) is number row × columns + column, at west + column·step. */
export interface NodeLattice {
  west: number;
  south: number;
  step: number;
  columns: number;
  rows: number;
}

/** Mass on nodes: fractions, whole numbers of parts, or the sum of both. */
export interface SharedMass {
  mass: Float64Array | undefined;
  counts: Int32Array | undefined;
}

/**
 * Every incident shared between the four nodes around it (linear binning); those beyond the lattice are left out.
 * Throws on a coordinate that is not a number.
 */
export function shareMass({ x, y, weights }: WeightedPoints, lattice: NodeLattice): SharedMass {
  return weights ? { mass: weightedMass(x, y, weights, lattice), counts: undefined } : countedMass(x, y, lattice);
}

/** The mass of the nodes from one on, written into `line`: a row at a time stays where the processor is quick. */
export function readMass({ mass, counts }: SharedMass, from: number, line: Float64Array): void {
  if (!counts) {
    if (mass) line.set(mass.subarray(from, from + line.length));
    return;
  }
  for (let k = 0; k < line.length; k++) line[k] = (counts[from + k] as number) * (1 / whole);
  if (mass) for (let k = 0; k < line.length; k++) line[k] = (line[k] as number) + (mass[from + k] as number);
}

/** All of it at once. */
export function sharedMass(points: WeightedPoints, lattice: NodeLattice): Float64Array {
  const shared = shareMass(points, lattice);
  if (shared.mass && !shared.counts) return shared.mass;
  const all = new Float64Array(lattice.columns * lattice.rows);
  readMass(shared, 0, all);
  return all;
}

/** Parts a step is divided into, and so the mass of one incident in whole numbers: its square. */
const parts = 64;
const whole = parts * parts;
/** So many incidents at one node still fit a whole number of 32 bits, with this much room left. */
const atOnce = 500_000;
const room = 20_000;

/**
 * Incidents of weight 1 in whole numbers, which take half the memory of fractions: places to 1/64 of a step (0.4 m of 25 m), an error of at
 * most 0.2 % of the peak. A node that fills up is emptied into `mass`.
 */
function countedMass(x: Float64Array, y: Float64Array, lattice: NodeLattice): { mass: Float64Array | undefined; counts: Int32Array } {
  const counts = new Int32Array(lattice.columns * lattice.rows);
  let mass: Float64Array | undefined;
  for (let from = 0; from < x.length; from += atOnce) {
    if (from > 0 && anyAbove(counts, room * whole)) {
      mass ??= new Float64Array(counts.length);
      for (let k = 0; k < mass.length; k++) mass[k] = (mass[k] as number) + (counts[k] as number) * (1 / whole);
      counts.fill(0);
    }
    addCounts(x, y, lattice, counts, from, Math.min(x.length, from + atOnce));
  }
  return { mass, counts };
}

function anyAbove(counts: Int32Array, limit: number): boolean {
  for (let k = 0; k < counts.length; k++) if ((counts[k] as number) > limit) return true;
  return false;
}

function addCounts(x: Float64Array, y: Float64Array, { west, south, step, columns, rows }: NodeLattice, counts: Int32Array, from: number, to: number): void {
  const scale = parts / step;
  const originX = 0.5 - west * scale;
  const originY = 0.5 - south * scale;
  const lastX = (columns - 1) * parts;
  const lastY = (rows - 1) * parts;
  // `parts` and `whole` stand as 64 and 4096 in the loop: by name they cost a tenth of its time.
  // One question a point instead of five: what is not a number leaves its trace in `odd`, and a negative place is a large one once its sign is dropped.
  let odd = 0;
  for (let i = from; i < to; i++) {
    const atX = (x[i] as number) * scale + originX;
    const atY = (y[i] as number) * scale + originY;
    odd += atX * 0 + atY * 0;
    const partX = atX | 0;
    const partY = atY | 0;
    // A place beyond 32 bits comes back somewhere else: it is no part of a step away from where it was.
    const lostX = atX - partX;
    const lostY = atY - partY;
    if (!(partX >>> 0 < lastX && partY >>> 0 < lastY && lostX * lostX + lostY * lostY < 4)) continue;
    const u = partX & 63;
    const v = partY & 63;
    const uv = u * v;
    const at = ((partY >> 6) * columns + (partX >> 6)) | 0;
    counts[at] = ((counts[at] as number) + 4096 - 64 * (u + v) + uv) | 0;
    counts[at + 1] = ((counts[at + 1] as number) + 64 * u - uv) | 0;
    counts[at + columns] = ((counts[at + columns] as number) + 64 * v - uv) | 0;
    counts[at + columns + 1] = ((counts[at + columns + 1] as number) + uv) | 0;
  }
  if (Number.isNaN(odd)) refuseNotANumber(x, y, from, to);
}

function refuseNotANumber(x: Float64Array, y: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; i++) if (Number.isNaN(x[i]) || Number.isNaN(y[i])) throw notANumber(i);
}

function weightedMass(x: Float64Array, y: Float64Array, weights: Float64Array, { west, south, step, columns, rows }: NodeLattice): Float64Array {
  const mass = new Float64Array(columns * rows);
  const inverse = 1 / step;
  for (let i = 0; i < x.length; i++) {
    const atX = ((x[i] as number) - west) * inverse;
    const atY = ((y[i] as number) - south) * inverse;
    if (!(atX >= 0 && atY >= 0 && atX < columns - 1 && atY < rows - 1)) {
      if (Number.isNaN(atX + atY)) throw notANumber(i);
      continue;
    }
    const column = atX | 0;
    const row = atY | 0;
    const weight = weights[i] as number;
    const u = weight * (atX - column);
    const v = atY - row;
    const uv = u * v;
    const at = row * columns + column;
    mass[at] = (mass[at] as number) + weight - u - weight * v + uv;
    mass[at + 1] = (mass[at + 1] as number) + u - uv;
    mass[at + columns] = (mass[at + columns] as number) + weight * v - uv;
    mass[at + columns + 1] = (mass[at + columns + 1] as number) + uv;
  }
  return mass;
}

function notANumber(i: number): RangeError {
  return new RangeError(`Point ${i} has a coordinate that is not a number: leave out incidents without a place before drawing a surface.`);
}
