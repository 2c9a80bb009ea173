/** A small made-up force for tests: two councils side by side, wards, and incidents whose counts are known by hand. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { cellCentre, cellOfPoint } from '../../geo/cells.ts';
import { saveBoundaries } from '../../server/places/boundaryQueries.ts';
import { type IncidentRow, saveCategories, saveMonth, saveSource } from '../../server/incidents/monthQueries.ts';

export const hartlepool = 'E06000001';
export const middlesbrough = 'E06000002';

/** West and east halves of a box of about 6.5 by 5.6 km. */
const boxes: Record<string, [west: number, south: number, east: number, north: number]> = {
  [hartlepool]: [-1.25, 54.6, -1.2, 54.65],
  [middlesbrough]: [-1.2, 54.6, -1.15, 54.65],
};

const boundarySource = { name: 'Test outlines', publisher: 'Test publisher', licence: 'Test licence', attribution: 'Outlines made for tests' };

function square([west, south, east, north]: [number, number, number, number]): { type: 'Polygon'; coordinates: number[][][] } {
  return { type: 'Polygon', coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] };
}

export async function addCouncils(db: Knex): Promise<void> {
  const shapes = Object.entries(boxes).map(([code, box]) => ({ code, name: `Outline ${code}`, geometry: square(box) }));
  await db.transaction(async (trx) => {
    await saveBoundaries(trx, { kind: 'council', validFrom: '2020-01-01', source: boundarySource, shapes });
    await saveBoundaries(trx, {
      kind: 'ward', validFrom: '2020-01-01', source: boundarySource,
      shapes: Object.entries(boxes).map(([code, box]) => ({ code: `${code}-W`, name: `Ward of ${code}`, councilCode: code, geometry: square(box) })),
    });
  });
}

export interface Spot {
  readonly lng: number;
  readonly lat: number;
  readonly place: string;
}

/** The middle of the resolution 9 cell around a point: safe from edges. */
export function middleOf(lng: number, lat: number, place: string): Spot & { readonly cell: string } {
  const cell = cellOfPoint(lng, lat, 9);
  const [middleLng, middleLat] = cellCentre(cell);
  return { lng: middleLng, lat: middleLat, place, cell };
}

/** A hot place in each council, and quiet ones. */
export const spots = {
  market: middleOf(-1.225, 54.625, 'On or near Market Place'),
  harbour: middleOf(-1.212, 54.612, 'On or near Harbour Walk'),
  arcade: middleOf(-1.175, 54.625, 'On or near Parking Area'),
  lane: middleOf(-1.165, 54.64, 'On or near Long Lane'),
} as const;

export interface MonthOfRows {
  readonly month: string;
  /** Spot and how many incidents. */
  readonly rows: readonly (readonly [Spot | null, number])[];
  readonly category?: string;
  readonly source?: string;
}

const source = {
  code: 'test-police', name: 'Test police file', publisher: 'Test police', licence: 'Test licence', attribution: 'Test police data',
  timePrecision: 'month', locationPrecision: 'snapped',
} as const;
export const exactSource = { ...source, code: 'test-exact', name: 'Test exact file', attribution: 'Test exact data', locationPrecision: 'exact' } as const;

export async function addIncidents(db: Knex, months: readonly MonthOfRows[]): Promise<void> {
  await saveSource(db, source);
  await saveSource(db, exactSource);
  await saveCategories(db, [
    { code: 'anti-social-behaviour', name: 'Anti-social behaviour', asb: true },
    { code: 'burglary', name: 'Burglary', asb: false },
  ]);
  for (const { month, rows, category = 'anti-social-behaviour', source: code = source.code } of months) {
    const incidents = rows.flatMap(([spot, n]) => Array.from({ length: n }, (): IncidentRow => ({ lng: spot?.lng ?? null, lat: spot?.lat ?? null, category, placeName: spot?.place ?? '' })));
    await db.transaction((trx) => saveMonth(trx, { source: code, month, importId: randomUUID(), rows: incidents }));
  }
}

/** `2023-01` … by twelve. */
export function yearOf(year: number): string[] {
  return Array.from({ length: 12 }, (_, index) => `${year}-${String(index + 1).padStart(2, '0')}`);
}

/** Outside every council, within the grid. */
export const outsideSpot: Spot = { lng: -1.05, lat: 54.55, place: 'On or near Elsewhere' };
