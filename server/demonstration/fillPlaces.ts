/** Demonstration outlines, written through the same functions as imported ones. */
import type { Knex } from 'knex';
import { saveBoundaries } from '../places/boundaryQueries.ts';
import { invented } from './invented.ts';
import { type DemonstrationOutline, makeOutlines, outlineSource } from './outlines.ts';

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
