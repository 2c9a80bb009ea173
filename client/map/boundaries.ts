/** Councils and wards: thin lines without fill, so that clicks reach the cells below. */
import L from 'leaflet';
import { latLngs, textNode } from './shapes.ts';
import type { AreaRow } from './rows.ts';

export interface BoundaryOptions {
  /** Councils are drawn stronger than wards. */
  strength?: 'strong' | 'thin';
  names?: boolean;
}

/** Lines one a row; `names` writes each label at its centre. */
export function boundariesLayer(rows: readonly AreaRow[], options: BoundaryOptions = {}): L.FeatureGroup {
  const style: L.PathOptions = options.strength === 'thin'
    ? { color: '#55635e', weight: 1, opacity: 0.75, dashArray: '2 3' }
    : { color: '#2f3b37', weight: 1.75, opacity: 0.9 };
  return L.featureGroup(rows.map((row) => {
    const shape = L.polygon(latLngs(row.geometry), { ...style, fill: false, interactive: false });
    return options.names ? shape.bindTooltip(textNode(row.label), { permanent: true, direction: 'center', className: 'map__area' }) : shape;
  }));
}
