/** Councils as rectangles and incidents at chosen places and hours, saved the way an import saves them. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { type IncidentRow, saveCategories, saveMonth, saveSource } from '../../server/incidents/monthQueries.ts';
import { saveBoundaries } from '../../server/places/boundaryQueries.ts';

const area = { name: 'Rectangles', publisher: 'Tests', licence: 'None', attribution: 'Rectangles' };

/** West, south, east, north of each council. */
export const councilBoxes: Readonly<Record<string, readonly [number, number, number, number]>> = {
  E06000001: [-1.3, 54.65, -1.15, 54.73],
  E06000002: [-1.28, 54.5, -1.16, 54.6],
  E06000003: [-1.15, 54.5, -0.9, 54.64],
  E06000004: [-1.45, 54.5, -1.29, 54.64],
};

export async function addCouncilBoundaries(db: Knex): Promise<void> {
  const shapes = Object.entries(councilBoxes).map(([code, [west, south, east, north]]) => ({
    code, name: code, councilCode: code,
    geometry: { type: 'Polygon' as const, coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] as [number, number][][] },
  }));
  await db.transaction((trx) => saveBoundaries(trx, { kind: 'council', validFrom: '2020-01-01', source: area, schematic: true, shapes }));
}

export async function addSource(db: Knex, code: string, timePrecision: 'minute' | 'month'): Promise<void> {
  await saveSource(db, { code, name: code, publisher: 'Tests', licence: 'None', attribution: code, timePrecision, locationPrecision: 'exact' });
  await saveCategories(db, [{ code: 'asb', name: 'Anti-social behaviour', asb: true }, { code: 'other', name: 'Something else', asb: false }]);
}

export interface IncidentsGiven {
  readonly source: string;
  readonly month: string;
  readonly rows: readonly { readonly at: readonly [number, number]; readonly n: number; readonly time?: string; readonly category?: string }[];
}

/** Saves a source's month whole. */
export async function addIncidents(db: Knex, given: IncidentsGiven): Promise<void> {
  const rows: IncidentRow[] = given.rows.flatMap(({ at: [lng, lat], n, time, category }) =>
    Array.from({ length: n }, () => ({ lng, lat, category: category ?? 'asb', placeName: '', occurredFrom: time ?? null })));
  await db.transaction((trx) => saveMonth(trx, { source: given.source, month: given.month, importId: randomUUID(), rows }));
}

/** `2022-10` to `2023-09`: the twelve months that a week in October 2023 is planned on. */
export const yearBeforeOctober2023 = Array.from({ length: 12 }, (_, index) => {
  const month = ((index + 9) % 12) + 1;
  return `${index < 3 ? 2022 : 2023}-${String(month).padStart(2, '0')}`;
});
