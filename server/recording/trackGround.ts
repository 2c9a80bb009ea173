/** Distances of fixes from each other and from outlines, in metres of the National Grid. Pure. */
import { toGrid } from '../../geo/projection.ts';

/** Rings of [easting, northing] in metres, closed, of all parts and holes of an outline. */
export type Rings = readonly (readonly (readonly [number, number])[])[];

export interface TrackHotspot {
  readonly id: string;
  readonly name: string;
  readonly rings: Rings;
}

/** Straight-line metres between two places in degrees (haversine, sphere of 6,371,009 m). */
export function distanceMetres(a: { readonly lng: number; readonly lat: number }, b: { readonly lng: number; readonly lat: number }): number {
  const radians = Math.PI / 180;
  const [dLat, dLng] = [(b.lat - a.lat) * radians, (b.lng - a.lng) * radians];
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * Math.sin(dLng / 2) ** 2;
  return 2 * 6_371_009 * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** An outline ready to be asked how far places lie outside it. */
export interface Ground {
  readonly rings: Rings;
  readonly box: readonly [west: number, south: number, east: number, north: number];
}

export function groundOf(rings: Rings): Ground {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (const [x, y] of ring) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return { rings, box };
}

/** Beyond this the distance to the box around the outline stands for the distance to it. */
const farMetres = 2_000;

/** Metres from a place on the grid to an outline: negative inside, by the even-odd rule over its rings. */
export function outsideMetres({ rings, box }: Ground, x: number, y: number): number {
  const far = Math.hypot(Math.max(box[0] - x, 0, x - box[2]), Math.max(box[1] - y, 0, y - box[3]));
  if (far > farMetres) return far;
  let [nearest, inside] = [Infinity, false];
  for (const ring of rings) {
    for (let at = 1; at < ring.length; at++) {
      const [a, b] = [ring[at - 1]!, ring[at]!];
      nearest = Math.min(nearest, toSegment(x, y, a, b));
      if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
    }
  }
  return inside ? -nearest : nearest;
}

function toSegment(x: number, y: number, [ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}

/** The place on the grid of a fix. */
export function onGrid({ lng, lat }: { readonly lng: number; readonly lat: number }): readonly [x: number, y: number] {
  const { easting, northing } = toGrid(lng, lat);
  return [easting, northing];
}
