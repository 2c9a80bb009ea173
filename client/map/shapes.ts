/** What the area layers share: polygons from rows, pointer words, selection. Used inside client/map only. */
import L from 'leaflet';
import type { AreaRow } from './rows.ts';

/** A layer whose shapes can be marked from the table. */
export type SelectableLayer = L.FeatureGroup & {
  /** Marks one shape, or none; returns where it is when the layer holds it. */
  select: (id: string | null) => L.LatLngBounds | undefined;
};

export interface ShapeOptions {
  onSelect?: ((id: string) => void) | undefined;
}

export const ink = '#14201d';

/** Text as a node, because Leaflet would read a string as HTML. */
export function textNode(text: string): HTMLElement {
  const node = document.createElement('span');
  node.textContent = text;
  return node;
}

function flipped(rings: readonly (readonly (readonly number[])[])[]): L.LatLngTuple[][] {
  return rings.map((ring) => ring.map(([lng = 0, lat = 0]) => [lat, lng]));
}

/** GeoJSON's `[lng, lat]` rings as Leaflet's `[lat, lng]`. */
export function latLngs(geometry: AreaRow['geometry']): L.LatLngTuple[][] | L.LatLngTuple[][][] {
  return geometry.type === 'Polygon' ? flipped(geometry.coordinates) : geometry.coordinates.map(flipped);
}

/** A group of polygons, one a row, each with its words, its click and its marked style. */
export function areaGroup<Row extends AreaRow>(
  rows: readonly Row[], style: (row: Row) => L.PathOptions, marked: L.PathOptions, options: ShapeOptions,
): SelectableLayer {
  const shapes = new Map<string, { shape: L.Polygon; plain: L.PathOptions }>();
  for (const row of rows) {
    const plain = style(row);
    const shape = L.polygon(latLngs(row.geometry), { ...plain, interactive: options.onSelect !== undefined });
    if (options.onSelect) shape.bindTooltip(() => textNode(row.label), { sticky: true, className: 'map__words' }).on('click', () => options.onSelect?.(row.id));
    shapes.set(row.id, { shape, plain });
  }
  let now: string | null = null;
  const group = L.featureGroup([...shapes.values()].map((one) => one.shape));
  return Object.assign(group, {
    select: (id: string | null) => {
      const before = now === null ? undefined : shapes.get(now);
      before?.shape.setStyle(before.plain);
      now = id;
      const after = id === null ? undefined : shapes.get(id);
      after?.shape.setStyle({ ...after.plain, ...marked }).bringToFront();
      return after?.shape.getBounds();
    },
  });
}
