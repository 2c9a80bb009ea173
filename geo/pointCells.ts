import { latticeCell } from './hexLattice.ts';
import { icosahedronFaces, latticeScale, nearestFace } from './icosahedron.ts';
import type { Face, LatticeScale } from './icosahedron.ts';

const degree = Math.PI / 180;
let lastFace: Face | undefined;

/**
 * Writes the cell numbers of one WGS84 point at several resolutions (1 to 10) to `out[at]` onwards: exactly the cells H3 gives for that point
 * at each resolution. Throws for a point off the globe.
 */
export function pointCellsInto(lng: number, lat: number, resolutions: readonly number[], out: Float64Array, at: number): void {
  if (!(lat >= -90 && lat <= 90 && lng >= -180 && lng <= 180)) throw new RangeError(`The point ${lng}, ${lat} (longitude, latitude) is not on the globe: check the coordinate columns.`);
  const cosLat = Math.cos(lat * degree);
  const x = cosLat * Math.cos(lng * degree);
  const y = cosLat * Math.sin(lng * degree);
  const z = Math.sin(lat * degree);
  const face = nearestFace(x, y, z, lastFace ?? (icosahedronFaces()[0] as Face));
  lastFace = face;
  const height = 1 / (x * face.cx + y * face.cy + z * face.cz);
  const p = (x * face.ux + y * face.uy + z * face.uz) * height;
  const q = (x * face.wx + y * face.wy + z * face.wz) * height;
  for (let k = 0; k < resolutions.length; k++) out[at + k] = nearestCell(face, p, q, resolutions[k] as number);
}

/** The cell whose middle is nearest on the face's plane: rounding in three axes, the worst of the three put right. */
function nearestCell(face: Face, p: number, q: number, resolution: number): number {
  const scale: LatticeScale = latticeScale(resolution);
  const a = scale.aP * p + scale.aQ * q;
  const b = scale.bP * p + scale.bQ * q;
  let roundA = Math.round(a);
  let roundB = Math.round(b);
  const roundC = Math.round(-a - b);
  if (roundA + roundB + roundC !== 0) {
    const offA = Math.abs(roundA - a);
    const offB = Math.abs(roundB - b);
    const offC = Math.abs(roundC + a + b);
    if (offA > offB && offA > offC) roundA = -roundB - roundC;
    else if (offB > offC) roundB = -roundA - roundC;
  }
  return latticeCell(face, roundA + roundB, roundB, resolution);
}
