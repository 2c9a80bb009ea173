import { getBaseCellNumber, getPentagons, latLngToCell } from 'h3-js';
import { cellNumber, numberOfId } from './cellNumber.ts';
import { latticePlaceInto, latticeScale } from './icosahedron.ts';
import type { Face } from './icosahedron.ts';

/*
 * From a lattice place on a face to H3's own number for the cell. Every step from a cell to the one above it is a rounding of the lattice by
 * √7, with the place left over as one of seven digits; what remains is a base cell and how H3 has turned its digits there. That last part is
 * learnt from h3-js, once a base cell and face, so this file holds no table of H3's. Base cells that are pentagons are left to h3-js.
 */

/** Digit of the step (a − a′, b − b′) at (a − a′ + 1)·3 + (b − b′ + 1), where i and j are the first two of H3's three axes. */
const digitOfStep = Int8Array.of(1, 3, -1, 5, 0, 2, -1, 4, 6);
/** A digit after a turn of 60° anticlockwise: 1 → 5 → 4 → 6 → 2 → 3 → 1. */
const turnedDigit = [0, 5, 3, 1, 6, 4, 2];

/** How a base cell's digits are written when it is reached from one face; `turns` undefined means: ask h3-js each time. */
interface BaseCell {
  number: number;
  turns: Int8Array | undefined;
}

const baseCells = new Map<number, BaseCell>();

/** Digits packed by the last call of `climb`, and where it ended at resolution 0. */
const climbed = new Int32Array(3);

/** The cell number of the lattice place (i, j) of a resolution on a face: exact, the same as H3's for the cell with that middle. */
export function latticeCell(face: Face, i: number, j: number, resolution: number): number {
  climb(i, j, resolution);
  const base = baseCells.get(baseKey(face, climbed[1] as number, climbed[2] as number));
  if (base?.turns) return cellNumber(base.number, turned(climbed[0] as number, base.turns, resolution), resolution);
  return learnt(face, i, j, resolution);
}

/**
 * The digits alone, before any turn, packed three bits each: for callers that share the climb between resolutions.
 * Even resolutions round by one matrix, odd ones by its mirror image.
 */
function climb(i: number, j: number, resolution: number): void {
  let a = i;
  let b = j;
  let digits = 0;
  for (let level = resolution, place = 0; level >= 1; level--, place += 3) {
    let upA: number;
    let upB: number;
    if (level % 2 === 1) {
      upA = Math.floor((3 * a - b + 3) / 7);
      upB = Math.floor((a + 2 * b + 3) / 7);
      digits |= (digitOfStep[(a - 2 * upA - upB + 1) * 3 + (b - 3 * upB + upA + 1)] as number) << place;
    } else {
      upA = Math.floor((2 * a + b + 3) / 7);
      upB = Math.floor((3 * b - a + 3) / 7);
      digits |= (digitOfStep[(a - 3 * upA + upB + 1) * 3 + (b - upA - 2 * upB + 1)] as number) << place;
    }
    a = upA;
    b = upB;
  }
  climbed[0] = digits;
  climbed[1] = a;
  climbed[2] = b;
}

function baseKey(face: Face, a: number, b: number): number {
  return (face.number * 16 + a + 8) * 16 + b + 8;
}

function turned(digits: number, turns: Int8Array, resolution: number): number {
  let result = 0;
  for (let place = 0; place < 3 * resolution; place += 3) result |= (turns[(digits >>> place) & 7] as number) << place;
  return result;
}

/** Asks h3-js for this one cell and, where its answer shows how the base cell is turned, keeps that for all others. */
function learnt(face: Face, i: number, j: number, resolution: number): number {
  const [digits, a, b] = [climbed[0] as number, climbed[1] as number, climbed[2] as number];
  const place = new Float64Array(2);
  latticePlaceInto(face, latticeScale(resolution), i - j, j, place, 0);
  const number = numberOfId(latLngToCell(place[1] as number, place[0] as number, resolution));
  const size = 2 ** (3 * resolution);
  const baseCell = Math.floor(number / size);
  const theirs = number - baseCell * size;
  const turns = getPentagons(0).some((cell) => getBaseCellNumber(cell) === baseCell) ? undefined : turnThatGives(digits, theirs, resolution);
  if (turns) baseCells.set(baseKey(face, a, b), { number: baseCell, turns });
  return number;
}

function turnThatGives(digits: number, theirs: number, resolution: number): Int8Array | undefined {
  let turns = Int8Array.of(0, 1, 2, 3, 4, 5, 6, 7);
  for (let quarter = 0; quarter < 6 && digits !== 0; quarter++) {
    if (turned(digits, turns, resolution) === theirs) return turns;
    turns = turns.map((digit) => turnedDigit[digit] ?? digit);
  }
  return undefined;
}
