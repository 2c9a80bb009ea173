/** Interventions: long-dashed outlines with a name, without fill, so that clicks reach the cells below. */
import L from 'leaflet';
import { latLngs, textNode } from './shapes.ts';
import type { AreaRow } from './rows.ts';

export function interventionsLayer(rows: readonly AreaRow[]): L.FeatureGroup {
  return L.featureGroup(rows.map((row) => L.polygon(latLngs(row.geometry), { color: '#8a1f5c', weight: 2, dashArray: '12 6', fill: false, interactive: false })
    .bindTooltip(textNode(row.label), { permanent: true, direction: 'top', className: 'map__name' })));
}
