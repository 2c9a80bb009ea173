import type { GridSpec } from './density.ts';
import { isoRings } from './isoRings.ts';
import { toLngLat } from './projection.ts';
import { boundsOf, isInside, ringArea } from './shapes.ts';
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
  if (surface.length !== grid.columns * grid.rows) throw new RangeError(`The surface has ${surface.length} values for ${grid.columns} by ${grid.rows} squares: give one a square.`);
  const ascending = [...new Set(levels)].filter((level) => Number.isFinite(level)).sort((a, b) => a - b);
  return ascending.map((level) => ({ level, shape: polygonsOfRings(isoRings(surface, grid, level), place) })).filter(({ shape }) => shape.coordinates.length > 0);
}

/** Rings gathered into polygons: each clockwise ring is a hole of the smallest anticlockwise one around it. */
function polygonsOfRings(rings: number[][][], place: (x: number, y: number) => LngLat): MultiPolygonShape {
  const sized = rings.map((ring) => ({ ring, area: ringArea(ring) }));
  const outers = sized.filter(({ area }) => area > 0).sort((a, b) => a.area - b.area).map(({ ring }) => ({ ring, box: boundsOf({ type: 'Polygon', coordinates: [ring] }), holes: [] as number[][][] }));
  for (const { ring, area } of sized) {
    if (area >= 0) continue;
    const [x = NaN, y = NaN] = ring[0] ?? [];
    outers.find(({ ring: outer, box }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && isInside({ type: 'Polygon', coordinates: [outer] }, x, y))?.holes.push(ring);
  }
  const placed = (ring: number[][]): LngLat[] => ring.map(([x = NaN, y = NaN]) => place(x, y));
  return { type: 'MultiPolygon', coordinates: outers.map(({ ring, holes }) => [ring, ...holes].map(placed)) };
}
