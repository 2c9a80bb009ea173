/** Small areas coloured by class: deprivation, people, vulnerability. Below everything else; the table beside is the way in without a pointer. */
import type { PathOptions } from 'leaflet';
import type { AreaRow } from './rows.ts';
import { areaGroup, ink, type SelectableLayer, type ShapeOptions } from './shapes.ts';

export interface ClassedArea extends AreaRow {
  /** Which colour; null is drawn empty. */
  class: number | null;
}

/** Light to dark in blue, so that it is never taken for incidents. */
export const areaColours = ['#eef6f8', '#bcdce5', '#84b9cd', '#477f9f', '#1b4668'] as const;

export function areasLayer(rows: readonly ClassedArea[], options: ShapeOptions = {}): SelectableLayer {
  const style = (row: ClassedArea): PathOptions => (row.class === null
    ? { color: '#7b8783', weight: 0.75, fill: true, fillColor: '#ffffff', fillOpacity: 0.1, dashArray: '2 3' }
    : { color: '#ffffff', weight: 0.75, fill: true, fillColor: areaColours[row.class] ?? areaColours[4], fillOpacity: 0.8 });
  return areaGroup(rows, style, { color: ink, weight: 3.5, dashArray: '' }, options);
}
