import { cellId } from './cellNumber.ts';
import { latticeCell } from './hexLattice.ts';
import { depthInFace, icosahedronFaces, latticePlaceInto, latticeScale, nearestFace, unitVector } from './icosahedron.ts';
import type { Face, LatticeScale } from './icosahedron.ts';
import { edgeBands, insideBands } from './edgeBands.ts';
import { boundsOf, polygonsOf } from './shapes.ts';
import type { AreaShape } from './shapes.ts';

/** km of the sphere H3 measures on (authalic radius of WGS84). */
const earthKm = 6371.007180918475;
/** Room on either side of the origin of a lattice key: 2²⁵ rows is more than any face has at resolution 10. */
const half = 2 ** 25;

/** Cells of an area with their own areas, ascending by id. */
export interface CoveredCells {
  cells: string[];
  areasKm2: Float64Array;
}

/**
 * The cells of an area worked out on one flat face of H3's icosahedron, or undefined when the area comes within about 20 km of a face's edge
 * (no part of Britain does) or the resolution is not 1 to 10: then h3-js has to be asked. `touching` adds every cell an outline passes through.
 */
export function coverOnFace(shape: AreaShape, resolution: number, touching: boolean): CoveredCells | undefined {
  const face = faceAround(boundsOf(shape));
  if (!face || !(resolution >= 1 && resolution <= 10)) return undefined;
  const scale = latticeScale(resolution);
  const keys: number[] = [];
  for (const rings of polygonsOf(shape)) {
    addMiddlesInside(rings, face, scale, keys);
    if (touching) for (const ring of rings) addCellsCrossed(ring, face, scale, keys);
  }
  return namedCells(Float64Array.from(keys).sort(), face, resolution, scale);
}

/** The one face that holds a box of longitudes and latitudes with 20 km to spare, looked for along the box's sides. */
function faceAround([west, south, east, north]: readonly [number, number, number, number]): Face | undefined {
  if (!(south >= -85 && north <= 85 && east - west <= 20)) return undefined;
  const first = icosahedronFaces()[0] as Face;
  const face = nearestFace(...unitVector((west + east) / 2, (south + north) / 2), first);
  for (let k = 0; k <= 8; k++) {
    const [lng, lat] = [west + ((east - west) * k) / 8, south + ((north - south) * k) / 8];
    for (const [x, y] of [[lng, south], [lng, north], [west, lat], [east, lat]] as const) {
      if (depthInFace(face, ...unitVector(x, y)) < 0.003) return undefined;
    }
  }
  return face;
}

/** Lattice coordinates (A, B) of a point in degrees, unrounded. */
function latticeOf(face: Face, scale: LatticeScale, lng: number, lat: number): [number, number] {
  const [x, y, z] = unitVector(lng, lat);
  const height = 1 / (x * face.cx + y * face.cy + z * face.cz);
  const p = (x * face.ux + y * face.uy + z * face.uz) * height;
  const q = (x * face.wx + y * face.wy + z * face.wz) * height;
  return [scale.aP * p + scale.aQ * q, scale.bP * p + scale.bQ * q];
}

function keyOf(a: number, b: number): number {
  return (a + half) * 2 * half + (b + half);
}

function addMiddlesInside(rings: number[][][], face: Face, scale: LatticeScale, keys: number[]): void {
  const bands = edgeBands(rings);
  let [leastB, mostB, leastX, mostX] = [Infinity, -Infinity, Infinity, -Infinity];
  forEachPiece(rings[0] ?? [], face, scale, 20, (a, b) => {
    leastB = Math.min(leastB, b);
    mostB = Math.max(mostB, b);
    leastX = Math.min(leastX, a + b / 2);
    mostX = Math.max(mostX, a + b / 2);
  });
  const place = new Float64Array(2);
  for (let b = Math.floor(leastB) - 1; b <= mostB + 1; b++) {
    for (let a = Math.floor(leastX - b / 2) - 1; a <= mostX - b / 2 + 1; a++) {
      latticePlaceInto(face, scale, a, b, place, 0);
      if (insideBands(bands, place[0] as number, place[1] as number)) keys.push(keyOf(a, b));
    }
  }
}

/** Walks a ring's sides (straight in degrees) in pieces of at most `longest` lattice units, giving each piece's two ends. */
function forEachPiece(ring: number[][], face: Face, scale: LatticeScale, longest: number, visit: (a: number, b: number, lastA: number, lastB: number) => void): void {
  let [lastLng = NaN, lastLat = NaN] = ring[ring.length - 1] ?? [];
  let [lastA, lastB] = latticeOf(face, scale, lastLng, lastLat);
  for (const [lng = NaN, lat = NaN] of ring) {
    const [endA, endB] = latticeOf(face, scale, lng, lat);
    const pieces = Math.ceil((Math.abs(endA - lastA) + Math.abs(endB - lastB)) / longest) || 1;
    for (let k = 1; k <= pieces; k++) {
      const [a, b] = k === pieces ? [endA, endB] : latticeOf(face, scale, lastLng + ((lng - lastLng) * k) / pieces, lastLat + ((lat - lastLat) * k) / pieces);
      visit(a, b, lastA, lastB);
      [lastA, lastB] = [a, b];
    }
    [lastLng, lastLat] = [lng, lat];
  }
}

const steps = [0, 0, 1, 0, 0, 1, -1, 1, -1, 0, 0, -1, 1, -1];

/** Adds every cell that a ring enters: for a piece within one cell that cell, otherwise those among both ends' cells and neighbours that it meets. */
function addCellsCrossed(ring: number[][], face: Face, scale: LatticeScale, keys: number[]): void {
  forEachPiece(ring, face, scale, 0.5, (a, b, lastA, lastB) => {
    const [fromA, fromB] = nearestMiddle(lastA, lastB);
    const [toA, toB] = nearestMiddle(a, b);
    keys.push(keyOf(toA, toB));
    if (fromA === toA && fromB === toB) return;
    for (let k = 0; k < steps.length; k += 2) {
      for (const [middleA, middleB] of [[fromA, fromB], [toA, toB]] as const) {
        const cellA = middleA + (steps[k] as number);
        const cellB = middleB + (steps[k + 1] as number);
        if (meetsCell(lastA - cellA, lastB - cellB, a - cellA, b - cellB)) keys.push(keyOf(cellA, cellB));
      }
    }
  });
}

/** The lattice middle nearest to (A, B): rounding in three axes, the worst of the three put right. */
export function nearestMiddle(a: number, b: number): [number, number] {
  const [roundA, roundB, roundC] = [Math.round(a), Math.round(b), Math.round(-a - b)];
  if (roundA + roundB + roundC === 0) return [roundA, roundB];
  const [offA, offB, offC] = [Math.abs(roundA - a), Math.abs(roundB - b), Math.abs(roundC + a + b)];
  if (offA > offB && offA > offC) return [-roundB - roundC, roundB];
  return offB > offC ? [roundA, -roundA - roundC] : [roundA, roundB];
}

/** Whether a segment meets the hexagon around the origin: |2A + B| ≤ 1, |A + 2B| ≤ 1, |B − A| ≤ 1 (the segment is clipped by each). */
function meetsCell(a: number, b: number, endA: number, endB: number): boolean {
  let from = 0;
  let to = 1;
  for (const [start, end] of [[2 * a + b, 2 * endA + endB], [a + 2 * b, endA + 2 * endB], [b - a, endB - endA]] as const) {
    if (start === end) {
      if (Math.abs(start) > 1) return false;
      continue;
    }
    const [one, other] = [(-1 - start) / (end - start), (1 - start) / (end - start)];
    from = Math.max(from, Math.min(one, other));
    to = Math.min(to, Math.max(one, other));
  }
  return from <= to;
}

/** Ids and areas of sorted lattice keys, repeats dropped; the area of a cell on the plane shrinks by cos³ on the sphere (to 10⁻⁸). */
function namedCells(keys: Float64Array, face: Face, resolution: number, scale: LatticeScale): CoveredCells {
  const numbers: number[] = [];
  const areas: number[] = [];
  const place = new Float64Array(2);
  const flatKm2 = (Math.sqrt(3) / 2) * (scale.spacing * earthKm) ** 2;
  keys.forEach((key, at) => {
    if (key === keys[at - 1]) return;
    const a = Math.floor(key / (2 * half)) - half;
    const b = (key % (2 * half)) - half;
    numbers.push(latticeCell(face, a + b, b, resolution));
    areas.push(flatKm2 * latticePlaceInto(face, scale, a, b, place, 0) ** 3);
  });
  const order = Int32Array.from(numbers, (_, i) => i).sort((i, j) => (numbers[i] as number) - (numbers[j] as number));
  return { cells: Array.from(order, (i) => cellId(numbers[i] as number, resolution)), areasKm2: Float64Array.from(order, (i) => areas[i] as number) };
}
