/** Patrols that were never walked: seeded paths through an outline, seen by a receiver with noise that wanders, gaps and slow fixes. */
import { toLngLat } from '../../geo/projection.ts';
import { createRandom, type RandomStream } from '../../geo/random.ts';
import type { TrackFix } from '../../server/recording/trackGpx.ts';
import type { Rings, TrackHotspot } from '../../server/recording/trackGround.ts';
import type { TrackRules } from '../../server/recording/trackRules.ts';

export const usualRules: TrackRules = {
  mostBytes: 20_000_000, mostPoints: 100_000, metresPerHdop: 5, assumedErrorMetres: 10, worstFixMetres: 50, inMetres: 10, outMetres: 25, outSeconds: 60,
  bridgeSeconds: 180, mergeSeconds: 180, leastVisitSeconds: 300, longestHours: 24, outsideShiftMinutes: 30, fastestOnFootKmh: 60,
};

export const startMs = Date.parse('2023-10-02T17:00:00Z');

type Place = readonly [x: number, y: number];
const centre: Place = [450_000, 520_000];

/** A star-shaped outline 150 to 400 m across. */
export function outlineAround(random: RandomStream, [cx, cy]: Place = centre): Rings {
  const corners = random.integer(6, 12);
  const size = 75 + 125 * random.uniform();
  const ring = Array.from({ length: corners }, (_, at): Place => {
    const angle = (2 * Math.PI * (at + 0.3 * random.uniform())) / corners;
    const radius = size * (0.75 + 0.25 * random.uniform());
    return [cx + radius * Math.cos(angle), cy + radius * Math.sin(angle)];
  });
  return [[...ring, ring[0]!]];
}

/** True by crossings of a ray, written apart from the rule that is tested. */
export function holds(rings: Rings, [x, y]: Place): boolean {
  let crossings = 0;
  for (const ring of rings) {
    ring.slice(1).forEach(([bx, by], at) => {
      const [ax, ay] = ring[at]!;
      if (ay <= y !== by <= y && ax + ((y - ay) / (by - ay)) * (bx - ax) > x) crossings += 1;
    });
  }
  return crossings % 2 === 1;
}

export interface Walk {
  readonly hotspot: TrackHotspot;
  /** Where the walker truly is, second by second. */
  readonly path: readonly Place[];
  /** Seconds truly inside the outline, from the first entry to the last exit. */
  readonly insideSeconds: number;
}

const metresPerSecond = 1.33;

/** From 600 m off into the outline, about inside it for some minutes (0: straight through), and 600 m off again. */
export function walkThrough(seed: number | string, dwellMinutes: number): Walk {
  const random = createRandom(seed);
  const rings = outlineAround(random);
  const away = (): Place => {
    const angle = 2 * Math.PI * random.uniform();
    return [centre[0] + 600 * Math.cos(angle), centre[1] + 600 * Math.sin(angle)];
  };
  const inside = (): Place => {
    for (;;) {
      const place: Place = [centre[0] + 400 * (random.uniform() - 0.5), centre[1] + 400 * (random.uniform() - 0.5)];
      if (holds(rings, place)) return place;
    }
  };
  const path: Place[] = [away()];
  walkTo(path, dwellMinutes > 0 ? inside() : centre);
  const until = path.length + dwellMinutes * 60;
  while (path.length < until) {
    const next = inside();
    // Only ways that stay inside: the truth is then one stay.
    if (!alongLine(path.at(-1)!, next).every((place) => holds(rings, place))) continue;
    if (random.uniform() < 0.4) for (let second = random.integer(20, 120); second > 0; second--) path.push(path.at(-1)!);
    walkTo(path, next);
  }
  walkTo(path, away());
  const within = path.map((place) => holds(rings, place));
  const insideSeconds = within.lastIndexOf(true) - within.indexOf(true) + 1;
  return { hotspot: { id: 'h', name: 'York Road', rings }, path, insideSeconds: within.includes(true) ? insideSeconds : 0 };
}

function alongLine([ax, ay]: Place, [bx, by]: Place): Place[] {
  const steps = Math.max(1, Math.ceil(Math.hypot(bx - ax, by - ay) / metresPerSecond));
  return Array.from({ length: steps }, (_, at): Place => [ax + ((bx - ax) * (at + 1)) / steps, ay + ((by - ay) * (at + 1)) / steps]);
}

const walkTo = (path: Place[], to: Place): void => void path.push(...alongLine(path.at(-1)!, to));

export interface Receiver {
  readonly noiseMetres: number;
  /** Seconds from fix to fix. */
  readonly every: number;
  /** Seconds over which the noise forgets itself; 0 for noise that is new with each fix. */
  readonly memorySeconds: number;
  /** How many times the signal is lost for 30 to 170 seconds. */
  readonly gaps: number;
}

/** What a receiver would have recorded of a walk. */
export function recorded({ path }: Walk, seed: number | string, { noiseMetres, every, memorySeconds, gaps }: Receiver): TrackFix[] {
  const random = createRandom(`receiver ${seed}`);
  const lost = Array.from({ length: gaps }, () => {
    const from = random.integer(0, path.length - 1);
    return [from, from + random.integer(30, 170)] as const;
  });
  const keeps = memorySeconds === 0 ? 0 : Math.exp(-every / memorySeconds);
  let [errorX, errorY] = [noiseMetres * gauss(random), noiseMetres * gauss(random)];
  const fixes: TrackFix[] = [];
  for (let second = random.integer(0, every - 1); second < path.length; second += every) {
    errorX = keeps * errorX + Math.sqrt(1 - keeps * keeps) * noiseMetres * gauss(random);
    errorY = keeps * errorY + Math.sqrt(1 - keeps * keeps) * noiseMetres * gauss(random);
    const claimed = Math.round(noiseMetres * (0.8 + 0.8 * random.uniform()));
    if (lost.some(([from, to]) => second >= from && second <= to)) continue;
    const [x, y] = path[second]!;
    const [lng, lat] = toLngLat(x + errorX, y + errorY);
    fixes.push({ atMs: startMs + second * 1000, lng, lat, errorMetres: claimed });
  }
  return fixes;
}

/** Standard normal (Box and Muller). */
const gauss = (random: RandomStream): number => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());

/** The fixes as a GPX 1.1 file. */
export function gpxOf(fixes: readonly TrackFix[], head = ''): string {
  const points = fixes.map(({ lng, lat, atMs, errorMetres }) =>
    `<trkpt lat="${lat.toFixed(7)}" lon="${lng.toFixed(7)}"><ele>12</ele><time>${new Date(atMs).toISOString()}</time><hdop>${errorMetres / 5}</hdop></trkpt>`);
  return `<?xml version="1.0" encoding="UTF-8"?>${head}\n<gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1"><metadata><name>Patrol</name></metadata><trk><name>Patrol</name><trkseg>\n${points.join('\n')}\n</trkseg></trk></gpx>\n`;
}
