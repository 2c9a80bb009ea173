/** A density surface as contours: the higher the level, the darker and the thicker its line. */
import L from 'leaflet';
import { latLngs } from './shapes.ts';
import type { ContourRow } from './rows.ts';

/** Outlines one a level, from the lowest to the highest, above the cells and out of the pointer's way. */
export function contoursLayer(rows: readonly ContourRow[]): L.FeatureGroup {
  const sorted = rows.toSorted((a, b) => a.level - b.level);
  return L.featureGroup(sorted.map((row, index) => {
    const share = sorted.length < 2 ? 1 : index / (sorted.length - 1);
    return L.polygon(latLngs(row.geometry), {
      color: '#3d1452', weight: 0.75 + share * 1.75, opacity: 0.45 + share * 0.5, fillColor: '#641a63', fillOpacity: 0.07, interactive: false,
    });
  }));
}
