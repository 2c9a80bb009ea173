/** The places with most incidents, decided from counts by point: ranked, named without an address, flagged, and all of them accounted for. */
import { commonestName, placeLabel } from '../hotspots/placeNames.ts';
import type { RepeatLocation } from './contract.ts';
import { safePlaceName } from './placeWords.ts';

/** Changes whenever the same counts would give another list. */
export const repeatsVersion = 'repeats-1';

export type LocationPrecision = 'exact' | 'snapped' | 'area';

/** Incidents of one kind, source and place name at one point. */
export interface PointCount {
  readonly locationId: number;
  readonly categoryCode: string;
  readonly sourceCode: string;
  readonly placeName: string;
  readonly n: number;
}

/** A point's council, ward and cell. */
export interface PointPlace {
  readonly locationId: number;
  readonly councilCode: string;
  readonly ward: string | null;
  readonly cell: string;
}

export interface RepeatsInput {
  /** Counts of every point that has at least `fewest`. */
  readonly counts: readonly PointCount[];
  readonly places: readonly PointPlace[];
  /** All incidents with a place in the chosen councils. */
  readonly mapped: number;
  readonly limit: number;
  readonly leaveOutDefaults: boolean;
  readonly precisionOf: ReadonlyMap<string, LocationPrecision>;
  readonly categoryNames: ReadonlyMap<string, string>;
  readonly councilNames: ReadonlyMap<string, string>;
  readonly generalNames: ReadonlySet<string>;
  readonly defaultNames: ReadonlySet<string>;
}

export interface RepeatsFigures {
  readonly locations: RepeatLocation[];
  readonly repeatPoints: number;
  readonly listed: number;
  readonly pastLimit: number;
  readonly defaultsLeftOut: number;
  readonly underFewest: number;
}

const pointSays: Record<LocationPrecision, string> = {
  snapped: 'A single snap point: it stands for several addresses around it, not for one.',
  exact: 'A single point: it may be one address, so only the street or kind of place is named.',
  area: 'The middle of an area: everything recorded for the area stands here.',
};

/**
 * Ranks points by incidents (ties by point), names each without an address and flags default geocodes by name.
 * mapped = listed + pastLimit + defaultsLeftOut + underFewest.
 */
export function decideRepeats(input: RepeatsInput): RepeatsFigures {
  const placeOf = new Map(input.places.map((place) => [place.locationId, place]));
  const points = [...groupByPoint(input.counts)].map(([locationId, rows]) => ({ locationId, rows, n: sum(rows), isDefault: isDefaultGeocode(rows, input.defaultNames) }));
  points.sort((a, b) => b.n - a.n || a.locationId - b.locationId);
  const kept = points.filter((point) => !(input.leaveOutDefaults && point.isDefault));
  const shown = kept.slice(0, input.limit);
  const listed = sum(shown);
  let soFar = 0;
  const locations = shown.map(({ locationId, rows, n, isDefault }, index): RepeatLocation => {
    soFar += n;
    const place = placeOf.get(locationId);
    const precision = finest(rows, input.precisionOf);
    return {
      rank: index + 1, n, share: n / input.mapped, shareSoFar: soFar / input.mapped, defaultGeocode: isDefault, precision, pointSays: pointSays[precision],
      place: nameOf(rows, input) || (place?.ward ? `A place in ${place.ward}` : 'A place without a name'),
      councilCode: place?.councilCode ?? '', council: input.councilNames.get(place?.councilCode ?? '') ?? '', ward: place?.ward ?? null, cell: place?.cell ?? '',
      categories: mixOf(rows, input.categoryNames),
    };
  });
  return {
    locations, listed, repeatPoints: points.length, pastLimit: sum(kept) - listed, defaultsLeftOut: sum(points) - sum(kept), underFewest: input.mapped - sum(points),
  };
}

const sum = (rows: readonly { n: number }[]): number => rows.reduce((total, row) => total + row.n, 0);

function groupByPoint(counts: readonly PointCount[]): Map<number, PointCount[]> {
  const points = new Map<number, PointCount[]>();
  for (const row of counts) {
    const known = points.get(row.locationId);
    if (known) known.push(row);
    else points.set(row.locationId, [row]);
  }
  return points;
}

function isDefaultGeocode(rows: readonly PointCount[], names: ReadonlySet<string>): boolean {
  const known = new Set([...names].map((name) => name.toLowerCase()));
  return rows.some((row) => known.has(placeLabel(row.placeName).toLowerCase()));
}

/** Exact as soon as one source gives the point exactly: then it may be an address. */
function finest(rows: readonly PointCount[], precisionOf: ReadonlyMap<string, LocationPrecision>): LocationPrecision {
  const found = new Set(rows.map((row) => precisionOf.get(row.sourceCode) ?? 'exact'));
  return (['exact', 'snapped', 'area'] as const).find((precision) => found.has(precision)) ?? 'exact';
}

function nameOf(rows: readonly PointCount[], { precisionOf, generalNames }: RepeatsInput): string {
  const names = rows.map((row) => ({ name: safePlaceName(row.placeName, precisionOf.get(row.sourceCode) ?? 'exact', generalNames), n: row.n }));
  return commonestName(names, generalNames);
}

function mixOf(rows: readonly PointCount[], names: ReadonlyMap<string, string>): RepeatLocation['categories'] {
  const totals = new Map<string, number>();
  for (const { categoryCode, n } of rows) totals.set(categoryCode, (totals.get(categoryCode) ?? 0) + n);
  return [...totals].map(([code, n]) => ({ code, name: names.get(code) ?? code, n })).sort((a, b) => b.n - a.n || (a.code < b.code ? -1 : 1));
}
