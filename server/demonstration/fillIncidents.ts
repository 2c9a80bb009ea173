/** Demonstration incidents, written and reported through the same functions as imported ones. */
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { createRandom } from '../../geo/random.ts';
import type { Category, IncidentRow, MonthSaved } from '../incidents/incident.ts';
import { keysOfRows, saveCategories, saveMonth, saveMonthPartitions, saveSource } from '../incidents/monthQueries.ts';
import { keepReport } from '../incidents/report.ts';
import { finishRun, saveFile, startRun } from '../incidents/runQueries.ts';
import { listCouncils } from '../patrols/councilQueries.ts';
import { saveLocations } from '../places/locationQueries.ts';
import type { SpotKey } from '../places/spots.ts';
import { patrolStarts } from './grant.ts';
import { makeGround, type Ground } from './ground.ts';
import { type DemonstrationIncident, incidentMonths, incidentsOfMonth, sourcePlans } from './incidents.ts';
import { invented } from './invented.ts';
import { repeatableId } from './repeatableId.ts';
import { monthsFrom } from './times.ts';

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

/** Every month of every source, reported as one import of one file a source. */
export async function fillIncidents(trx: Knex.Transaction, options: { seed: number; report(share: number): void }): Promise<void> {
  const importId = repeatableId(createRandom(`${options.seed} import`));
  await startRun(trx, { id: importId, label: 'Demonstration data', personId: null });
  const report = keepReport(new Map((await listCouncils(trx, ['*'])).map(({ code, name }) => [code, name])));
  const rows = await saveMonths(trx, importId, options, (saved) => report.month(saved));
  for (const { code, name } of sourcePlans) {
    const n = rows.get(code) ?? 0;
    const file = { name: `${code} (generated, seed ${options.seed})`, kind: 'incidents', state: 'imported' as const, rows: n, says: `${name}: invented from a seed`, faults: 0 };
    report.readRows(n, 0, false);
    report.file(file, []);
    await saveFile(trx, importId, { ...file, sha256: createHash('sha256').update(file.name).digest('hex') }, []);
  }
  report.credit(invented.attribution);
  await finishRun(trx, importId, report.finish(0, null));
  // The embedded database never looks at its tables by itself; without figures its plans are guesses.
  await trx.raw('analyze boundary, location, location_boundary, incident, incident_count, source_month');
}

/** Saves the months and says how many rows each source has. */
async function saveMonths(trx: Knex.Transaction, importId: string, { seed, report }: { seed: number; report(share: number): void }, told: (saved: MonthSaved) => void): Promise<Map<string, number>> {
  const ground = makeGround(seed);
  const known = await saveLocations(trx, groundKeys(ground));
  const starts = patrolStarts();
  const months = monthsFrom(incidentMonths.first, incidentMonths.last);
  const rowsOf = new Map<string, number>();
  for (const [at, month] of months.entries()) {
    for (const source of sourcePlans) {
      const rows = incidentsOfMonth(seed, ground, source, month, starts).map(toRow);
      told(await saveMonth(trx, { source: source.code, month: month.slice(0, 7), importId, rows, known }));
      rowsOf.set(source.code, (rowsOf.get(source.code) ?? 0) + rows.length);
    }
    report((at + 1) / months.length);
  }
  return rowsOf;
}

function toRow({ category, lng, lat, placeName, occurredFrom, occurredTo, reference }: DemonstrationIncident): IncidentRow {
  return { category, lng, lat, placeName, reference, occurredFrom: instant(occurredFrom), occurredTo: instant(occurredTo) };
}

const instant = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

