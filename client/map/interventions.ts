/** Interventions: long-dashed outlines without fill, so that clicks reach the cells below; with names where there is room for them. */
import L from 'leaflet';
import { latLngs, textNode } from './shapes.ts';
import type { AreaRow } from './rows.ts';

export function interventionsLayer(rows: readonly AreaRow[], options: { names: boolean }): L.FeatureGroup {
  return L.featureGroup(rows.map((row) => {
    const shape = L.polygon(latLngs(row.geometry), { color: '#8a1f5c', weight: 2, dashArray: '12 6', fill: false, interactive: false });
    return options.names ? shape.bindTooltip(textNode(row.label), { permanent: true, direction: 'top', className: 'map__name' }) : shape;
  }));
}
