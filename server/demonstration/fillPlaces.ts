/** Demonstration outlines and incidents, written through the same functions as imported ones. */
import type { Knex } from 'knex';
import { type Category, type IncidentRow, keysOfRows, saveCategories, saveMonth, saveMonthPartitions, saveSource } from '../incidents/monthQueries.ts';
import { saveBoundaries } from '../places/boundaryQueries.ts';
import { saveLocations } from '../places/locationQueries.ts';
import type { SpotKey } from '../places/spots.ts';
import { patrolStarts } from './grant.ts';
import { makeGround, type Ground } from './ground.ts';
import { type DemonstrationIncident, incidentMonths, incidentsOfMonth, sourcePlans } from './incidents.ts';
import { type DemonstrationOutline, makeOutlines, outlineSource } from './outlines.ts';
import { monthsFrom } from './times.ts';

const invented = { publisher: 'Demonstration data', licence: 'Invented; no licence needed', attribution: 'Demonstration data: invented, describes no real place' };

const categories: readonly Category[] = [
  { code: 'anti-social-behaviour', name: 'Anti-social behaviour', asb: true },
  { code: 'criminal-damage-arson', name: 'Criminal damage and arson', asb: false },
  { code: 'public-order', name: 'Public order', asb: false },
  { code: 'council-asb-complaint', name: 'Council complaint of anti-social behaviour', asb: true },
  { code: 'nuisance-vehicle', name: 'Nuisance vehicle', asb: true },
  { code: 'noise', name: 'Noise complaint', asb: false },
  { code: 'fly-tipping', name: 'Fly-tipping', asb: false },
  { code: 'deliberate-fire', name: 'Deliberate secondary fire', asb: false },
  { code: 'deliberate-vehicle-fire', name: 'Deliberate vehicle fire', asb: false },
];

/** Council and ward outlines, every version with its dates. */
export async function fillOutlines(trx: Knex.Transaction, seed: number): Promise<void> {
  const sets = new Map<string, DemonstrationOutline[]>();
  for (const outline of makeOutlines(seed)) {
    const key = `${outline.kind} ${outline.validFrom} ${outline.validTo ?? ''}`;
    sets.set(key, [...(sets.get(key) ?? []), outline]);
  }
  for (const outlines of sets.values()) {
    const [{ kind, validFrom, validTo }] = outlines as [DemonstrationOutline];
    await saveBoundaries(trx, {
      kind, validFrom, validTo, schematic: true, source: { ...invented, name: outlineSource },
      shapes: outlines.map(({ code, name, councilCode, ring }) => ({
        code, name, councilCode, geometry: { type: 'Polygon', coordinates: [ring.map(([lng, lat]) => [lng, lat])] },
      })),
    });
  }
}

/** Sources, categories and every place incidents happen at, in one transaction before the months that use them. */
export async function fillGround(trx: Knex.Transaction, seed: number): Promise<void> {
  for (const { code, name, timePrecision, locationPrecision } of sourcePlans) await saveSource(trx, { ...invented, code, name, timePrecision, locationPrecision, demonstration: true });
  await saveCategories(trx, categories);
  await saveMonthPartitions(trx, incidentMonthsShort());
  await saveLocations(trx, groundKeys(makeGround(seed)));
}

const incidentMonthsShort = (): string[] => monthsFrom(incidentMonths.first, incidentMonths.last).map((month) => month.slice(0, 7));

function groundKeys(ground: Ground): SpotKey[] {
  const points = ground.councils.flatMap(({ streets, addresses }) => [...streets, ...addresses]);
  const keys = keysOfRows(points.map(({ lng, lat, placeName }) => ({ lng, lat, placeName, category: '' })));
  return [...new Set(keys)].filter((key) => key !== undefined);
}

/** Every month of every source. */
export async function fillIncidents(trx: Knex.Transaction, options: { seed: number; importId: string; report(share: number): void }): Promise<void> {
  const ground = makeGround(options.seed);
  const known = await saveLocations(trx, groundKeys(ground));
  const starts = patrolStarts();
  const months = monthsFrom(incidentMonths.first, incidentMonths.last);
  for (const [at, month] of months.entries()) {
    for (const source of sourcePlans) {
      const rows = incidentsOfMonth(options.seed, ground, source, month, starts).map(toRow);
      await saveMonth(trx, { source: source.code, month: month.slice(0, 7), importId: options.importId, rows, known });
    }
    options.report((at + 1) / months.length);
  }
}

function toRow({ category, lng, lat, placeName, occurredFrom, occurredTo, reference }: DemonstrationIncident): IncidentRow {
  return { category, lng, lat, placeName, reference, occurredFrom: instant(occurredFrom), occurredTo: instant(occurredTo) };
}

const instant = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

