/** The density surface of incidents as contours. Tracing a force area takes some tens of milliseconds, so it is called in a thread of its own. */
import { surfaceContours } from '../../geo/contours.ts';
import { densityGrid, type GridSpec } from '../../geo/density.ts';
import { isoRings } from '../../geo/isoRings.ts';
import { toLngLat } from '../../geo/projection.ts';
import type { LngLat } from '../../geo/shapes.ts';
import { encodeLine } from './lineCode.ts';
import { correctEdges, gridWithin, type StudyArea } from './studyArea.ts';

/** Incidents by point: National Grid, metres, and how many. */
export interface PlacedCounts {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly n: Float64Array;
}

export interface Surface {
  readonly grid: GridSpec;
  /** Incidents per km² a year at each square's middle. */
  readonly values: Float64Array;
  readonly peak: number;
}

export interface SurfaceOptions {
  readonly bandwidthMetres: number;
  readonly squareMetres: number;
  readonly months: number;
  /** With a study area the surface is corrected at its edge and shown inside it alone. */
  readonly area?: StudyArea | undefined;
}

/**
 * Quartic kernel density, incidents per km² a year: over the study area, corrected at its edge, or over the points' own box where there is
 * no area. Undefined without points. Throws when the bandwidth is not a length.
 */
export function drawSurface(points: PlacedCounts, { bandwidthMetres, squareMetres, months, area }: SurfaceOptions): Surface | undefined {
  if (points.x.length === 0) return undefined;
  const grid = area?.grid ?? gridWithin(boxAround(points, bandwidthMetres + squareMetres), squareMetres);
  const weights = points.n.map((n) => (n * 12) / months);
  const values = densityGrid({ x: points.x, y: points.y, weights }, grid, { name: 'quartic', bandwidthMetres });
  if (area) correctEdges(values, area, bandwidthMetres);
  let peak = 0;
  for (let at = 0; at < values.length; at++) if ((values[at] as number) > peak) peak = values[at] as number;
  return { grid, values, peak };
}

function boxAround({ x, y }: PlacedCounts, reach: number): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < x.length; i++) {
    box[0] = Math.min(box[0], (x[i] as number) - reach);
    box[1] = Math.min(box[1], (y[i] as number) - reach);
    box[2] = Math.max(box[2], (x[i] as number) + reach);
    box[3] = Math.max(box[3], (y[i] as number) + reach);
  }
  return box;
}

/** The part of a surface at or above one level: polygons of rings, each ring's corners in WGS84 as text (see lineCode.ts). */
export interface Level {
  readonly level: number;
  readonly polygons: readonly (readonly string[])[];
}

/**
 * The part of the surface at or above one level, its corners thinned to a fifth of a square; undefined where it is nowhere reached.
 * Unless `whole`, all rings stand in one polygon, to be filled by the even-odd rule: finding the ring each hole lies in takes as long as all the rest.
 */
export function surfaceLevel(surface: Surface, level: number, options: { whole: boolean } = { whole: true }): Level | undefined {
  const { grid, values, peak } = surface;
  if (!(peak >= level)) return undefined;
  const polygons = options.whole ? surfaceContours(values, grid, [level], (x, y) => [x, y])[0]?.shape.coordinates : [isoRings(values, grid, level)];
  if (!polygons?.[0]?.length) return undefined;
  const place = degreesOn(grid);
  const written = (ring: number[][]): string => encodeLine(thinnedRing(ring, grid.cellMetres / 5).map(([x = NaN, y = NaN]) => place(x, y)));
  return { level, polygons: polygons.map((rings) => rings.map(written)) };
}

/** Squares between two points that are projected exactly; between them straight lines are 2 cm away at most. */
const stride = 20;

/** Grid metres to degrees over one grid, from points a kilometre apart. */
function degreesOn({ west, south, cellMetres, columns, rows }: GridSpec): (x: number, y: number) => LngLat {
  const step = stride * cellMetres;
  const across = Math.ceil(columns / stride) + 2;
  const nodes = Array.from({ length: across * (Math.ceil(rows / stride) + 2) }, (_, k) => toLngLat(west + ((k % across) - 0.5) * step, south + (Math.floor(k / across) - 0.5) * step));
  return (x, y) => {
    const [atX, atY] = [(x - west) / step + 0.5, (y - south) / step + 0.5];
    const node = Math.floor(atY) * across + Math.floor(atX);
    const [u, v] = [atX - Math.floor(atX), atY - Math.floor(atY)];
    const between = (axis: 0 | 1): number => {
      const value = (k: number): number => (nodes[k] as LngLat)[axis];
      return (1 - v) * ((1 - u) * value(node) + u * value(node + 1)) + v * ((1 - u) * value(node + across) + u * value(node + across + 1));
    };
    return [between(0), between(1)];
  };
}

/** A closed ring without the corners that lie within a tolerance of the line between those kept (Douglas & Peucker 1973); at least a triangle is kept. */
export function thinnedRing(ring: readonly number[][], tolerance: number): number[][] {
  const last = ring.length - 1;
  if (last < 4) return [...ring];
  const keep = new Uint8Array(ring.length);
  // A ring has no ends: it is cut at its first corner, the farthest one from it, and the one farthest from the line between the two.
  const half = farthest(ring, 0, last).at;
  keep[0] = keep[half] = keep[last] = 1;
  const open: [number, number][] = [[0, half], [half, last]];
  for (let span = open.pop(); span; span = open.pop()) {
    const [from, to] = span;
    const { at, distance } = farthest(ring, from, to);
    if (at < 0 || distance <= tolerance) continue;
    keep[at] = 1;
    open.push([from, at], [at, to]);
  }
  const kept = ring.filter((_, at) => keep[at] === 1);
  return kept.length >= 4 ? kept : [ring[0], ring[Math.floor(last / 3)], ring[Math.floor((2 * last) / 3)], ring[last]].map((corner) => corner ?? []);
}

/** The corner between two others that lies farthest from the line through them (from the point, where they are one); -1 when there is none between. */
function farthest(ring: readonly number[][], from: number, to: number): { at: number; distance: number } {
  const [x = NaN, y = NaN] = ring[from] ?? [];
  const [endX = NaN, endY = NaN] = ring[to] ?? [];
  const [dx, dy] = [endX - x, endY - y];
  const length = Math.hypot(dx, dy);
  let [at, most] = [-1, -1];
  for (let k = from + 1; k < to; k++) {
    const corner = ring[k] as number[];
    const [offX, offY] = [(corner[0] as number) - x, (corner[1] as number) - y];
    const distance = length === 0 ? Math.hypot(offX, offY) : Math.abs(offX * dy - offY * dx) / length;
    if (distance > most) [at, most] = [k, distance];
  }
  return { at, distance: most };
}

export interface SurfaceTask extends SurfaceOptions {
  readonly points: PlacedCounts;
  readonly levels: readonly number[];
  /** Holes in the polygon they lie in, as GeoJSON wants them; else see surfaceLevel. */
  readonly whole: boolean;
}

export interface SurfaceContours {
  readonly peak: number;
  readonly squareMetres: number;
  readonly contours: readonly Level[];
}

/** Surface and contours in one; without points there is no contour and a peak of 0. */
export function traceSurface(task: SurfaceTask): SurfaceContours {
  const surface = drawSurface(task.points, task);
  if (!surface) return { peak: 0, squareMetres: task.area?.grid.cellMetres ?? task.squareMetres, contours: [] };
  const contours = task.levels.map((level) => surfaceLevel(surface, level, task)).filter((found) => found !== undefined);
  return { peak: surface.peak, squareMetres: surface.grid.cellMetres, contours };
}
