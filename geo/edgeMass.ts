import { edgeBands, insideBands } from './edgeBands.ts';
import type { GridSpec } from './density.ts';
import { kernelReach } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { polygonsOf, ringArea } from './shapes.ts';
import type { AreaShape, PointArrays } from './shapes.ts';

/**
 * How much of the kernel's mass around each place lies inside a study area (both in metres), exactly, 0 to 1: by Green's theorem the mass is
 * what the area's sides leave of it. Quartic in closed form; the Gaussian's sides by 8-point Gauss-Legendre on pieces of half a deviation (10⁻¹²).
 * A place on a side is taken a micrometre beside it. Throws on an area without an outline.
 */
export function kernelMassInside(areaMetres: AreaShape, places: PointArrays, kernel: Kernel): Float64Array {
  const reach = kernelReach(kernel);
  const sides = areaSides(areaMetres);
  if (sides.length === 0) throw new RangeError('The study area has no outline: give a polygon with an area.');
  const near = sidesNear(sides, reach);
  const bands = polygonsOf(areaMetres).map(edgeBands);
  const lost = kernel.name === 'quartic' ? quarticLost(kernel.bandwidthMetres) : gaussianLost(kernel.bandwidthMetres, reach);
  return Float64Array.from(places.x, (placeX, i) => {
    const x = placeX + 1e-6;
    const y = (places.y[i] as number) + 1e-6;
    let mass = bands.some((band) => insideBands(band, x, y)) ? 1 : 0;
    for (const side of near(x, y)) mass -= sideShare(side, x, y, reach, lost) / (2 * Math.PI);
    return Math.min(1, Math.max(0, mass));
  });
}

/** A surface divided by the kernel's exact mass inside the area at every square whose middle is inside; squares outside are 0. */
export function exactlyEdgeCorrected(surface: Float64Array, areaMetres: AreaShape, grid: GridSpec, kernel: Kernel): Float64Array {
  if (surface.length !== grid.columns * grid.rows) throw new RangeError(`The surface has ${surface.length} values for ${grid.columns} by ${grid.rows} squares: give one a square.`);
  const bands = polygonsOf(areaMetres).map(edgeBands);
  const middleX = (at: number): number => grid.west + ((at % grid.columns) + 0.5) * grid.cellMetres;
  const middleY = (at: number): number => grid.south + (Math.floor(at / grid.columns) + 0.5) * grid.cellMetres;
  const inside = Array.from(surface.keys()).filter((at) => bands.some((band) => insideBands(band, middleX(at) + 1e-6, middleY(at) + 1e-6)));
  const mass = kernelMassInside(areaMetres, { x: Float64Array.from(inside, middleX), y: Float64Array.from(inside, middleY) }, kernel);
  const corrected = new Float64Array(surface.length);
  inside.forEach((at, k) => (corrected[at] = (mass[k] as number) > 0 ? (surface[at] as number) / (mass[k] as number) : 0));
  return corrected;
}

interface Side {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** Sides with the area on their left, whichever way its rings were drawn: outer rings anticlockwise, holes clockwise. */
function areaSides(area: AreaShape): Side[] {
  return polygonsOf(area).flatMap((rings) => rings.flatMap((ring, index) => {
    const turned = ringArea(ring) > 0 === (index === 0) ? ring : ring.toReversed();
    return turned.flatMap(([x1 = NaN, y1 = NaN], i) => {
      const [x2 = NaN, y2 = NaN] = turned[(i + 1) % turned.length] ?? [];
      return x1 === x2 && y1 === y2 ? [] : [{ x1, y1, x2, y2 }];
    });
  }));
}

/** Sides by the blocks they pass, so that a place is compared only with those within reach. */
function sidesNear(sides: readonly Side[], reach: number): (x: number, y: number) => readonly Side[] {
  const blocks = new Map<string, Side[]>();
  const block = (value: number): number => Math.floor(value / reach);
  for (const side of sides) {
    const [left, right] = [block(Math.min(side.x1, side.x2) - reach), block(Math.max(side.x1, side.x2) + reach)];
    const [low, high] = [block(Math.min(side.y1, side.y2) - reach), block(Math.max(side.y1, side.y2) + reach)];
    for (let column = left; column <= right; column++) {
      for (let row = low; row <= high; row++) {
        const known = blocks.get(`${column} ${row}`);
        if (known) known.push(side);
        else blocks.set(`${column} ${row}`, [side]);
      }
    }
  }
  return (x, y) => blocks.get(`${block(x)} ${block(y)}`) ?? [];
}

/** ∫ of the mass beyond a distance over the angle a side takes up, seen from a place: `lost(d, t)` from the foot of the perpendicular (d away) to t along. */
type Lost = (distance: number, from: number, to: number) => number;

function sideShare({ x1, y1, x2, y2 }: Side, x: number, y: number, reach: number, lost: Lost): number {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [alongX, alongY] = [(x2 - x1) / length, (y2 - y1) / length];
  const cross = (x1 - x) * alongY - (y1 - y) * alongX;
  const distance = Math.abs(cross);
  if (distance >= reach || distance === 0) return 0;
  const half = Math.sqrt(reach * reach - distance * distance);
  const start = (x1 - x) * alongX + (y1 - y) * alongY;
  const from = Math.max(-half, start);
  const to = Math.min(half, start + length);
  return to > from ? Math.sign(cross) * lost(distance, from, to) : 0;
}

/** ∫ (1 − r²/h²)³ dθ with r² = d² + t², dθ = d·dt/r². */
function quarticLost(bandwidth: number): Lost {
  const h2 = bandwidth * bandwidth;
  return (d, from, to) => {
    const d2 = d * d;
    const upTo = (t: number): number => {
      const t2 = t * t;
      return Math.atan(t / d) - (3 * d * t) / h2 + (3 * d * t * (d2 + t2 / 3)) / (h2 * h2) - (d * t * (d2 * d2 + (2 * d2 * t2) / 3 + (t2 * t2) / 5)) / (h2 * h2 * h2);
    };
    return upTo(to) - upTo(from);
  };
}

/** Places and weights of 8-point Gauss-Legendre on −1 to 1, one side. */
const gaussLegendre: readonly (readonly [at: number, weight: number])[] = [
  [0.1834346424956498, 0.362683783378362], [0.525532409916329, 0.3137066458778873], [0.7966664774136267, 0.2223810344533745], [0.9602898564975363, 0.1012285362903763],
];

/** ∫ exp(−r²/2σ²) dθ as the angle less a smooth rest, so that a place close to the side costs no accuracy. */
function gaussianLost(sigma: number, reach: number): Lost {
  const inverse = 1 / (2 * sigma * sigma);
  return (d, from, to) => {
    const rest = (t: number): number => {
      const r2 = d * d + t * t;
      return (-Math.expm1(-r2 * inverse) * d) / r2;
    };
    const pieces = Math.max(1, Math.min(Math.ceil((to - from) / (sigma / 2)), Math.ceil((4 * reach) / sigma)));
    const width = (to - from) / pieces;
    let sum = 0;
    for (let piece = 0; piece < pieces; piece++) {
      const middle = from + (piece + 0.5) * width;
      for (const [at, weight] of gaussLegendre) sum += (weight * width * (rest(middle - (at * width) / 2) + rest(middle + (at * width) / 2))) / 2;
    }
    return Math.atan(to / d) - Math.atan(from / d) - sum;
  };
}
