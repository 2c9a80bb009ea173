/** The density surface of incidents as contours. Tracing a force area takes some tens of milliseconds, so it is called in a thread of its own. */
import simplify from '@turf/simplify';
import { surfaceContours } from '../../geo/contours.ts';
import { densityGrid, type GridSpec } from '../../geo/density.ts';
import { toLngLat } from '../../geo/projection.ts';
import { type LngLat, mapShape, type MultiPolygonShape } from '../../geo/shapes.ts';
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

export interface Level {
  readonly level: number;
  readonly shape: MultiPolygonShape;
}

/** The part of the surface at or above one level, in WGS84, its corners thinned to a fifth of a square; undefined where it is nowhere reached. */
export function surfaceLevel(surface: Surface, level: number): Level | undefined {
  if (!(surface.peak >= level)) return undefined;
  const [found] = surfaceContours(surface.values, surface.grid, [level], (x, y) => [x, y]);
  if (!found) return undefined;
  const thinned = simplify(found.shape, { tolerance: surface.grid.cellMetres / 5, mutate: true });
  return { level, shape: mapShape(thinned, degrees) };
}

/** To a hundred-thousandth of a degree, about a metre. */
function degrees(easting: number, northing: number): LngLat {
  const [lng, lat] = toLngLat(easting, northing);
  return [Math.round(lng * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5];
}

export interface SurfaceTask extends SurfaceOptions {
  readonly points: PlacedCounts;
  readonly levels: readonly number[];
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
  const contours = task.levels.map((level) => surfaceLevel(surface, level)).filter((found) => found !== undefined);
  return { peak: surface.peak, squareMetres: surface.grid.cellMetres, contours };
}
