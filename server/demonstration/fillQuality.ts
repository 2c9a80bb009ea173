/** Demonstration weights, notes, exclusions, interventions and small areas, written through the same functions as entered ones. */
import type { Knex } from 'knex';
import { listMonthsDue, recountMonth } from '../incidents/countQueries.ts';
import { markRecounts, saveExclusion } from '../incidents/exclusionQueries.ts';
import { saveNote } from '../incidents/noteQueries.ts';
import { saveSubtypes } from '../incidents/subtypeQueries.ts';
import { saveWeight } from '../incidents/weightQueries.ts';
import { saveBoundaries, savePlaceSource } from '../places/boundaryQueries.ts';
import { saveIntervention } from '../places/interventionQueries.ts';
import { saveDeprivation, savePopulation } from '../places/statisticQueries.ts';
import { invented } from './invented.ts';
import { outlineSource } from './outlines.ts';
import { demonstrationExclusion, demonstrationInterventions, demonstrationNotes, demonstrationWeight, smallAreaFigures, smallAreas } from './quality.ts';
import { busiestPoint } from './queries.ts';

const subtypes: Record<string, readonly string[]> = {
  'council-asb-complaint': ['nuisance'], 'nuisance-vehicle': ['nuisance', 'vehicle'], noise: ['nuisance'], 'fly-tipping': ['environmental'],
  'deliberate-fire': ['environmental'], 'deliberate-vehicle-fire': ['environmental', 'vehicle'],
};

export async function fillQuality(trx: Knex.Transaction, { seed, now }: { seed: number; now: Date }): Promise<void> {
  for (const [category, codes] of Object.entries(subtypes)) await saveSubtypes(trx, category, codes);
  await saveWeight(trx, { ...demonstrationWeight, by: null, at: now }, { ends: undefined, validTo: null });
  for (const note of demonstrationNotes) await saveNote(trx, { ...note, councilCode: '', by: null, at: now });
  for (const one of demonstrationInterventions) await saveIntervention(trx, { ...one, about: 'Invented for the demonstration', lng: null, lat: null, radiusMetres: null, by: null, at: now });
  await excludeOffice(trx, now);
  await fillSmallAreas(trx, seed);
}

/** The busiest point of a source stands for the place its calls are put at when nobody knows where they happened. */
async function excludeOffice(trx: Knex.Transaction, now: Date): Promise<void> {
  const point = await busiestPoint(trx, demonstrationExclusion.source);
  if (!point) return;
  const id = await saveExclusion(trx, { ...demonstrationExclusion, ...point, radiusMetres: 0, validTo: null, by: null, at: now });
  await markRecounts(trx, id);
  for (const { source, month } of await listMonthsDue(trx)) await recountMonth(trx, source, month);
}

/** In force since before both indices of deprivation, so that each has its areas. */
async function fillSmallAreas(trx: Knex.Transaction, seed: number): Promise<void> {
  await saveBoundaries(trx, {
    kind: 'lsoa', validFrom: '2011-03-27', validTo: null, schematic: true, source: { ...invented, name: outlineSource },
    shapes: smallAreas(seed).map(({ code, name, councilCode, ring }) => ({ code, name, councilCode, geometry: { type: 'Polygon', coordinates: [ring.map(([lng, lat]) => [lng, lat])] } })),
  });
  const source = { ...invented, name: 'Demonstration figures of small areas' };
  await savePlaceSource(trx, source);
  const { deprivation, population } = smallAreaFigures(seed);
  await saveDeprivation(trx, source, deprivation);
  await savePopulation(trx, source, population);
}
