import { cellToLatLng, getPentagons } from 'h3-js';

/*
 * The geometry under H3 (Sahr, White & Kimerling 2003, Cartography and GIS 30:121-134): twenty flat faces, each holding one triangular
 * lattice of cell middles under the gnomonic projection. The corners are the middles of H3's own twelve pentagons, so nothing is copied here.
 */

/** One face: `c` points at its middle, `u` along its first axis (towards a corner), `w` a quarter turn anticlockwise from it; unit vectors. */
export interface Face {
  readonly number: number;
  readonly cx: number;
  readonly cy: number;
  readonly cz: number;
  readonly ux: number;
  readonly uy: number;
  readonly uz: number;
  readonly wx: number;
  readonly wy: number;
  readonly wz: number;
  /** Three inward normals of its edges, nine numbers: a point belongs to the face when it lies on the inner side of all three. */
  readonly edges: Float64Array;
}

type Vector = readonly [number, number, number];

const degree = Math.PI / 180;
/** Distance between cell middles at resolution 0 on the plane that touches the sphere of radius 1: half the way to a corner. */
const spacing0 = (3 - Math.sqrt(5)) / 2;
/** Odd resolutions are turned by this against even ones: the angle of the aperture-7 step, asin √(3/28). */
const oddTurn = Math.asin(Math.sqrt(3 / 28));
const cosTurn = Math.cos(oddTurn);
const sinTurn = Math.sin(oddTurn);

let known: readonly Face[] | undefined;

/** The twenty faces, in a fixed order of our own. */
export function icosahedronFaces(): readonly Face[] {
  known ??= buildFaces();
  return known;
}

function buildFaces(): Face[] {
  const corners = getPentagons(0).toSorted().map((cell): Vector => {
    const [lat, lng] = cellToLatLng(cell);
    return unitVector(lng, lat);
  });
  const faces: Face[] = [];
  corners.forEach((a, i) => {
    corners.forEach((b, j) => {
      corners.forEach((c, k) => {
        if (i < j && j < k && dot(a, b) > 0.4 && dot(b, c) > 0.4 && dot(a, c) > 0.4) faces.push(buildFace(faces.length, a, b, c));
      });
    });
  });
  return faces;
}

function buildFace(number: number, a: Vector, b: Vector, c: Vector): Face {
  const [cx, cy, cz] = scaledToOne([a[0] + b[0] + c[0], a[1] + b[1] + c[1], a[2] + b[2] + c[2]]);
  const along = dot(a, [cx, cy, cz]);
  const [ux, uy, uz] = scaledToOne([a[0] - along * cx, a[1] - along * cy, a[2] - along * cz]);
  const edges = Float64Array.from([inwardNormal(a, b, c), inwardNormal(b, c, a), inwardNormal(c, a, b)].flat());
  return { number, cx, cy, cz, ux, uy, uz, wx: cy * uz - cz * uy, wy: cz * ux - cx * uz, wz: cx * uy - cy * ux, edges };
}

/** The unit normal of the edge from a to b, on the side of c. */
function inwardNormal(a: Vector, b: Vector, c: Vector): Vector {
  const normal = scaledToOne([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]);
  return dot(normal, c) > 0 ? normal : [-normal[0], -normal[1], -normal[2]];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function scaledToOne(v: Vector): Vector {
  const length = Math.sqrt(dot(v, v));
  return [v[0] / length, v[1] / length, v[2] / length];
}

/** The point of the unit sphere at a longitude and latitude in degrees. */
export function unitVector(lng: number, lat: number): Vector {
  const cos = Math.cos(lat * degree);
  return [cos * Math.cos(lng * degree), cos * Math.sin(lng * degree), Math.sin(lat * degree)];
}

/** How far inside a face a point of the sphere lies, as the sine of the angle to the nearest edge; below 0 outside. */
export function depthInFace({ edges: e }: Face, x: number, y: number, z: number): number {
  return Math.min((e[0] as number) * x + (e[1] as number) * y + (e[2] as number) * z, (e[3] as number) * x + (e[4] as number) * y + (e[5] as number) * z, (e[6] as number) * x + (e[7] as number) * y + (e[8] as number) * z);
}

/** The face nearest to a point of the sphere; `hint` (the face of the point before) answers at once when the point is inside it. */
export function nearestFace(x: number, y: number, z: number, hint: Face): Face {
  if (depthInFace(hint, x, y, z) > 1e-12) return hint;
  let best = hint;
  let most = -2;
  for (const face of icosahedronFaces()) {
    const near = face.cx * x + face.cy * y + face.cz * z;
    if (near > most) {
      most = near;
      best = face;
    }
  }
  return best;
}

/**
 * How a resolution's lattice lies on a face: a point at (p, q) on the touching plane has lattice coordinates
 * A = aP·p + aQ·q and B = bP·p + bQ·q along two axes 60° apart, one unit between cell middles.
 */
export interface LatticeScale {
  readonly aP: number;
  readonly aQ: number;
  readonly bP: number;
  readonly bQ: number;
  /** Distance between neighbouring middles on the touching plane of the unit sphere. */
  readonly spacing: number;
}

const scales: LatticeScale[] = [];

/** The lattice of a resolution (0 to 15). */
export function latticeScale(resolution: number): LatticeScale {
  return (scales[resolution] ??= buildScale(resolution));
}

function buildScale(resolution: number): LatticeScale {
  if (!Number.isInteger(resolution) || resolution < 0 || resolution > 15) throw new RangeError(`There is no H3 resolution ${resolution}: give a whole number from 0 to 15.`);
  const spacing = spacing0 / Math.sqrt(7) ** resolution;
  const [cos, sin] = resolution % 2 === 1 ? [cosTurn, sinTurn] : [1, 0];
  // x = p cos + q sin, y = q cos − p sin, then A = x − y/√3 and B = 2y/√3.
  const third = 1 / Math.sqrt(3);
  return { spacing, aP: (cos + sin * third) / spacing, aQ: (sin - cos * third) / spacing, bP: (-2 * third * sin) / spacing, bQ: (2 * third * cos) / spacing };
}

/** Longitude and latitude in degrees of a lattice place on a face, written at `out[at]` and `out[at + 1]`; returns the cosine of the angle to the face's middle. */
export function latticePlaceInto(face: Face, scale: LatticeScale, a: number, b: number, out: Float64Array, at: number): number {
  const across = scale.aP * scale.bQ - scale.aQ * scale.bP;
  const p = (a * scale.bQ - b * scale.aQ) / across;
  const q = (b * scale.aP - a * scale.bP) / across;
  const cos = 1 / Math.sqrt(1 + p * p + q * q);
  const x = face.cx + p * face.ux + q * face.wx;
  const y = face.cy + p * face.uy + q * face.wy;
  out[at] = Math.atan2(y, x) / degree;
  out[at + 1] = Math.asin((face.cz + p * face.uz + q * face.wz) * cos) / degree;
  return cos;
}
