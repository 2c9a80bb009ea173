/** The density surface of incidents as contours. Tracing a force area takes a tenth of a second a level, so it is called in a thread of its own. */
import simplify from '@turf/simplify';
import { surfaceContours } from '../../geo/contours.ts';
import { densityGrid, gridAround, type GridSpec } from '../../geo/density.ts';
import { toLngLat } from '../../geo/projection.ts';
import { type LngLat, mapShape, type MultiPolygonShape } from '../../geo/shapes.ts';

export interface PlacedCount {
  /** National Grid, metres. */
  readonly easting: number;
  readonly northing: number;
  readonly n: number;
}

export interface Surface {
  readonly grid: GridSpec;
  /** Incidents per km² a year at each square's middle. */
  readonly values: Float64Array;
  readonly peak: number;
}

/** More squares than this and the squares are doubled: a force area needs about half a million at 50 m. */
const mostSquares = 2_000_000;

/**
 * Quartic kernel density of the points over their own box, incidents per km² a year, without edge correction; undefined without points.
 * Throws when the bandwidth is not a length.
 */
export function drawSurface(points: readonly PlacedCount[], options: { bandwidthMetres: number; squareMetres: number; months: number }): Surface | undefined {
  if (points.length === 0) return undefined;
  const x = Float64Array.from(points, (point) => point.easting);
  const y = Float64Array.from(points, (point) => point.northing);
  const weights = Float64Array.from(points, (point) => (point.n * 12) / options.months);
  const reach = options.bandwidthMetres + options.squareMetres;
  const box = [least(x) - reach, least(y) - reach, most(x) + reach, most(y) + reach] as const;
  const grid = gridWithin(box, options.squareMetres);
  const values = densityGrid({ x, y, weights }, grid, { name: 'quartic', bandwidthMetres: options.bandwidthMetres });
  return { grid, values, peak: most(values) };
}

const least = (values: Float64Array): number => values.reduce((low, value) => Math.min(low, value), Infinity);
const most = (values: Float64Array): number => values.reduce((high, value) => Math.max(high, value), -Infinity);

function gridWithin(box: readonly [number, number, number, number], squareMetres: number): GridSpec {
  let side = squareMetres;
  while (((box[2] - box[0]) / side) * ((box[3] - box[1]) / side) > mostSquares) side *= 2;
  return gridAround(box, side);
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
  const thinned = simplify(found.shape, { tolerance: surface.grid.cellMetres / 5 });
  return { level, shape: mapShape(thinned, degrees) };
}

/** To a hundred-thousandth of a degree, about a metre. */
function degrees(easting: number, northing: number): LngLat {
  const [lng, lat] = toLngLat(easting, northing);
  return [Math.round(lng * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5];
}

export interface SurfaceTask {
  readonly points: readonly PlacedCount[];
  readonly bandwidthMetres: number;
  readonly squareMetres: number;
  readonly months: number;
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
  if (!surface) return { peak: 0, squareMetres: task.squareMetres, contours: [] };
  const contours = task.levels.map((level) => surfaceLevel(surface, level)).filter((found) => found !== undefined);
  return { peak: surface.peak, squareMetres: surface.grid.cellMetres, contours };
}
