import { contours as isoContours } from 'd3-contour';
import type { GridSpec } from './density.ts';
import { toLngLat } from './projection.ts';
import { ringArea } from './shapes.ts';
import type { LngLat, MultiPolygonShape } from './shapes.ts';

/** The part of a surface at or above one level, as polygons. */
export interface Contour {
  level: number;
  shape: MultiPolygonShape;
}

/**
 * Where a surface reaches each level, as GeoJSON multipolygons (levels ascending, each lying within the one below; outer rings anticlockwise).
 * `surface` holds one value a grid square; corners are in grid metres put through `place`, by default to WGS84 [lng, lat]. Levels nowhere
 * reached are left out. Throws when the surface does not fit the grid.
 */
export function surfaceContours(surface: Float64Array, grid: GridSpec, levels: readonly number[], place: (x: number, y: number) => LngLat = toLngLat): Contour[] {
  const { columns, rows } = grid;
  if (surface.length !== columns * rows) throw new RangeError(`The surface has ${surface.length} values for ${columns} by ${rows} squares: give one a square.`);
  const values = Array.from(surface);
  const trace = isoContours().size([columns, rows]).smooth(true);
  const ascending = [...new Set(levels)].filter((level) => Number.isFinite(level)).sort((a, b) => a - b);
  const toPlace = ([x = NaN, y = NaN]: number[]): LngLat => place(grid.west + x * grid.cellMetres, grid.south + y * grid.cellMetres);
  return ascending.map((level) => ({ level, shape: multiPolygon(trace.contour(values, level).coordinates, toPlace) })).filter(({ shape }) => shape.coordinates.length > 0);
}

function multiPolygon(polygons: number[][][][], toPlace: (corner: number[]) => LngLat): MultiPolygonShape {
  return { type: 'MultiPolygon', coordinates: polygons.map((rings) => rings.map((ring, i) => turned(ring.map(toPlace), i === 0))) };
}

/** GeoJSON wants outer rings anticlockwise and holes clockwise (RFC 7946, 3.1.6). */
function turned(ring: LngLat[], outer: boolean): LngLat[] {
  return ringArea(ring) > 0 === outer ? ring : ring.toReversed();
}
