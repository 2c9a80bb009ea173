/** How long the way from place to place takes: a road matrix where it has the way, else the straight line and what streets add. Pure. */

export type TravelBy = 'walk' | 'vehicle';

export interface TravelRules {
  readonly walkKmh: number;
  readonly vehicleKmh: number;
  /** How much longer the way is than the straight line. */
  readonly detour: number;
  /** Getting in, parking and getting out. */
  readonly vehicleMinutes: number;
}

export interface Place {
  readonly id: string;
  /** Metres of the National Grid. */
  readonly easting: number;
  readonly northing: number;
}

/** Minutes from one place to another by the straight line: 0 where they are one. */
export function straightMinutes(a: Place, b: Place, by: TravelBy, { walkKmh, vehicleKmh, detour, vehicleMinutes }: TravelRules): number {
  const kilometres = (Math.hypot(a.easting - b.easting, a.northing - b.northing) / 1000) * detour;
  if (kilometres === 0) return 0;
  return by === 'walk' ? (kilometres / walkKmh) * 60 : (kilometres / vehicleKmh) * 60 + vehicleMinutes;
}

export interface TravelTable {
  /** Whole minutes, row after row in the order of the places: never more than by way of a third place. */
  readonly minutes: number[];
  /** Ways between different places that the road matrix did not have. */
  readonly estimated: number;
  readonly ways: number;
}

/** The table of some places. `road` gives minutes from id to id (joined by a space) where a matrix has them. */
export function travelTable(places: readonly Place[], by: TravelBy, rules: TravelRules, road: ReadonlyMap<string, number>): TravelTable {
  const n = places.length;
  let [estimated, ways] = [0, 0];
  const minutes = places.flatMap((a) => places.map((b) => {
    if (a.id === b.id) return 0;
    ways += 1;
    const known = road.get(`${a.id} ${b.id}`);
    if (known === undefined) estimated += 1;
    return Math.ceil((known ?? straightMinutes(a, b, by, rules)) - 1e-9);
  }));
  // The solver leaves stops out on the strength of it: a way is never longer than two others that lead there (Floyd 1962).
  for (let by = 0; by < n; by++) for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) minutes[a * n + b] = Math.min(minutes[a * n + b]!, minutes[a * n + by]! + minutes[by * n + b]!);
  return { minutes, estimated, ways };
}
