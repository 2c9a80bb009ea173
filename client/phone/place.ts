/** Whether a fix lies in a hotspot, worked out on the phone so that the place itself never leaves it. */
import type { Fix } from '../../server/recording/contract.ts';

type Point = readonly [lng: number, lat: number];
type Ring = readonly Point[];
/** Outer ring first, then holes. */
export type Polygons = readonly (readonly Ring[])[];

const metresPerDegree = 111_320;

/** Metres east and north of a point: exact enough over a hotspot's few hundred metres. */
function metresFrom([lng, lat]: Point): (point: Point) => readonly [number, number] {
  const east = metresPerDegree * Math.cos((lat * Math.PI) / 180);
  return (point) => [(point[0] - lng) * east, (point[1] - lat) * metresPerDegree];
}

function inRing([x, y]: Point, ring: Ring): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i] ?? [0, 0];
    const [xj, yj] = ring[j] ?? [0, 0];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** Metres from the origin to the nearest point of a stretch. */
function metresToStretch([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length));
  return Math.hypot(ax + share * dx, ay + share * dy);
}

/** Metres from a point to an outline: 0 inside it. */
export function metresOutside(point: Point, polygons: Polygons): number {
  if (polygons.some(([outer = [], ...holes]) => inRing(point, outer) && !holes.some((hole) => inRing(point, hole)))) return 0;
  const toMetres = metresFrom(point);
  let least = Number.POSITIVE_INFINITY;
  for (const ring of polygons.flat()) {
    for (let i = 1; i < ring.length; i++) least = Math.min(least, metresToStretch(toMetres(ring[i - 1] ?? point), toMetres(ring[i] ?? point)));
  }
  return least;
}

/** What is told of a fix: in the outline, at most `outsideMetres` beside it, or away, and how sure it is. */
export function judgePlace(position: { readonly lng: number; readonly lat: number; readonly accuracyMetres: number }, polygons: Polygons, outsideMetres: number): Fix {
  const metres = metresOutside([position.lng, position.lat], polygons);
  return { found: metres === 0 ? 'inside' : metres <= outsideMetres ? 'near' : 'outside', accuracyMetres: Math.min(100_000, Math.max(0, Math.round(position.accuracyMetres))) };
}

/** One fix of the phone against a hotspot; none where it is not allowed, not possible, or takes longer than a warden waits. */
export function findPlace(polygons: Polygons, outsideMetres: number): Promise<Fix> {
  const none: Fix = { found: 'none', accuracyMetres: null };
  if (!('geolocation' in navigator)) return Promise.resolve(none);
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve(judgePlace({ lng: coords.longitude, lat: coords.latitude, accuracyMetres: coords.accuracy }, polygons, outsideMetres)),
      () => resolve(none),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 5_000 },
    );
  });
}

/** A fix in words. */
export function sayFix(fix: Fix | undefined, when: string): string {
  if (!fix) return `${when}: looking for the place…`;
  if (fix.found === 'none' || fix.accuracyMetres === null) return `${when}: no fix`;
  const where = { inside: 'in the hotspot', near: 'beside the hotspot', outside: 'outside the hotspot', none: '' }[fix.found];
  return `${when}: ${where}, ±${fix.accuracyMetres} m`;
}
