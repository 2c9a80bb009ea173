/** Boundaries and what is known of places, over HTTP. */
import type { Mount } from '../mount.ts';
import { interventionRoutes } from './interventionRoutes.ts';
import { layerRoutes } from './layerRoutes.ts';
import { listBoundaries, listPlaceSets } from './contract.ts';
import { listBoundariesOn, listSets } from './queries.ts';

export function placeRoutes(mount: Mount): void {
  layerRoutes(mount);
  interventionRoutes(mount);
  mount(listBoundaries, async ({ db, input, now }) => {
    const on = input.on ?? now.toISOString().slice(0, 10);
    const { features, attribution } = await listBoundariesOn(db, { kind: input.kind, on, metres: input.metres, ...(input.council ? { council: input.council } : {}) });
    return { type: 'FeatureCollection' as const, features, on, schematic: features.some((feature) => feature.properties.schematic), attribution };
  });

  mount(listPlaceSets, async ({ db }) => ({ sets: await listSets(db) }));
}
