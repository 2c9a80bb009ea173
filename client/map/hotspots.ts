/** Agreed hotspots: dark dashed outlines with their names, over the cells. */
import { areaGroup, ink, textNode, type SelectableLayer, type ShapeOptions } from './shapes.ts';
import type { AreaRow } from './rows.ts';

export interface HotspotRow extends AreaRow {
  /** Written on the map; the label is for the pointer. */
  name: string;
  /** False for one that is not live any more: drawn thin and dotted. */
  live?: boolean;
}

/** Outlines one a row; a marked one becomes solid and thick. `far` draws them solid and filled, for views where they are a few pixels wide. */
export function hotspotsLayer(rows: readonly HotspotRow[], options: ShapeOptions & { names?: boolean; far?: boolean } = {}): SelectableLayer {
  const group = areaGroup(
    rows,
    (row) => (row.live === false
      ? { color: ink, weight: 1.5, dashArray: '1 4', fillOpacity: 0.02 }
      : { color: ink, weight: 2.25, dashArray: options.far ? '' : '7 4', fillColor: '#ffffff', fillOpacity: options.far ? 0.85 : 0.12 }),
    { weight: 4.5, dashArray: '' },
    options,
  );
  if (options.names) nameShapes(group, rows);
  return group;
}

function nameShapes(group: SelectableLayer, rows: readonly HotspotRow[]): void {
  for (const [index, shape] of group.getLayers().entries()) {
    const row = rows[index];
    if (row) shape.unbindTooltip().bindTooltip(textNode(row.name), { permanent: true, direction: 'center', className: 'map__name' });
  }
}
