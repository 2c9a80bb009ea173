/** [longitude, latitude] in degrees, WGS84. */
export type LngLat = [lng: number, lat: number];

/** A GeoJSON polygon: rings of [lng, lat] (or of metres where a function says so), the first the outer one, the rest holes. */
export interface PolygonShape {
  type: 'Polygon';
  coordinates: number[][][];
}

/** A GeoJSON multipolygon. */
export interface MultiPolygonShape {
  type: 'MultiPolygon';
  coordinates: number[][][][];
}

/** What a study area, an outline or a contour is. */
export type AreaShape = PolygonShape | MultiPolygonShape;

/** Points as two arrays of equal length: x and y in metres, or longitude and latitude in degrees, as the function says. */
export interface PointArrays {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** The polygons of a shape: one for a Polygon, all of them for a MultiPolygon; empty rings are left out. */
export function polygonsOf(shape: AreaShape): number[][][][] {
  const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;
  return polygons.filter((rings) => (rings[0]?.length ?? 0) >= 3);
}

/** The box [west, south, east, north] around a shape, in the shape's own units; throws when the shape has no ring. */
export function boundsOf(shape: AreaShape): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const rings of polygonsOf(shape)) {
    for (const [x = NaN, y = NaN] of rings[0] ?? []) {
      if (!Number.isFinite(x) || !Number.isFinite(y)) throw new RangeError(`The area has a corner at ${x}, ${y}: every corner needs two numbers.`);
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  if (box[0] === Infinity) throw new RangeError('The area has no outline: give a polygon of at least three corners.');
  return box;
}

/** The same shape with every corner passed through `place` (for instance from metres to [lng, lat]); rings keep their order. */
export function mapShape(shape: AreaShape, place: (x: number, y: number) => LngLat): MultiPolygonShape {
  const ring = (corners: number[][]): number[][] => corners.map(([x = NaN, y = NaN]) => place(x, y));
  return { type: 'MultiPolygon', coordinates: polygonsOf(shape).map((rings) => rings.map(ring)) };
}

/** Whether a point lies in a shape, holes left out (even-odd rule); a point on an edge may fall either way. */
export function isInside(shape: AreaShape, x: number, y: number): boolean {
  return polygonsOf(shape).some((rings) => {
    let inside = false;
    for (const ring of rings) if (crossesOdd(ring, x, y)) inside = !inside;
    return inside;
  });
}

function crossesOdd(ring: number[][], x: number, y: number): boolean {
  let odd = false;
  let [lastX = NaN, lastY = NaN] = ring[ring.length - 1] ?? [];
  for (const [cornerX = NaN, cornerY = NaN] of ring) {
    if (cornerY > y !== lastY > y && x < ((lastX - cornerX) * (y - cornerY)) / (lastY - cornerY) + cornerX) odd = !odd;
    lastX = cornerX;
    lastY = cornerY;
  }
  return odd;
}

/** Signed area of a ring in square units of its coordinates (positive anticlockwise). */
export function ringArea(ring: number[][]): number {
  let twice = 0;
  let [lastX = NaN, lastY = NaN] = ring[ring.length - 1] ?? [];
  for (const [x = NaN, y = NaN] of ring) {
    twice += lastX * y - x * lastY;
    lastX = x;
    lastY = y;
  }
  return twice / 2;
}
