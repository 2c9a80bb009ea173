/** Cells coloured by class. The table beside the map is the way in without a pointer. */
import type { PathOptions } from 'leaflet';
import { classFor, type MapClass } from './classes.ts';
import type { ValueRow } from './rows.ts';
import { areaGroup, ink, type SelectableLayer, type ShapeOptions } from './shapes.ts';

export interface CellsOptions extends ShapeOptions {
  classes: readonly MapClass[];
}

/** Polygons on the map's canvas, one a row, filled by class; rows without a class get an outline only. */
export function cellsLayer(rows: readonly ValueRow[], options: CellsOptions): SelectableLayer {
  const style = (row: ValueRow): PathOptions => {
    const found = classFor(row.value, options.classes);
    return found
      ? { stroke: true, color: '#ffffff', weight: 0.75, opacity: 0.9, fill: true, fillColor: found.colour, fillOpacity: 0.78 }
      : { stroke: true, color: '#7b8783', weight: 0.75, opacity: 0.8, fill: true, fillColor: '#ffffff', fillOpacity: 0.05 };
  };
  return areaGroup(rows, style, { color: ink, weight: 3.5, opacity: 1 }, options);
}
