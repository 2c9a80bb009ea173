/** A Leaflet map with named slots for layers, a selection shared with a table, and buttons for what is else a drag. */
import L from 'leaflet';
import { moveControl } from './controls.ts';
import type { SelectableLayer } from './shapes.ts';
import { tilesLayer, type TileSource } from './tiles.ts';

/** [west, south, east, north] */
export type Box = readonly [number, number, number, number];

export interface MapView {
  box: Box;
  zoom: number;
}

export interface MapOptions {
  /** What the map shows, for people who do not see it; "the table beside it lists the same" is added. */
  label: string;
  /** Null for no background. */
  tiles: TileSource | null;
  /** Shown at first, and by the "whole area" button. */
  whole: Box;
  /** Called after the map moved or was zoomed. */
  onView?: (view: MapView) => void;
}

/** Slots from bottom to top. */
export type Slot = 'areas' | 'cells' | 'contours' | 'wards' | 'councils' | 'interventions' | 'hotspots' | `source${number}` | 'marks';
const slots: readonly Slot[] = ['areas', 'cells', 'contours', 'wards', 'councils', 'interventions', 'hotspots', 'source0', 'source1', 'source2', 'source3', 'source4', 'source5', 'marks'];

export interface MapHandle {
  /** Stands in `mapFrame`; Leaflet owns what is inside. */
  readonly element: HTMLElement;
  readonly map: L.Map;
  /** Puts a layer into its slot in place of the one there; null empties it. Keeps the selection. */
  set: (slot: Slot, layer: L.Layer | null) => void;
  /** Marks a shape in every layer that has it, and moves to it when it is out of sight. */
  select: (id: string | null) => void;
  fit: (box: Box) => void;
  view: () => MapView;
  remove: () => void;
}

const boundsOf = ([west, south, east, north]: Box): L.LatLngBounds => L.latLngBounds([south, west], [north, east]);

function viewOf(map: L.Map): MapView {
  const bounds = map.getBounds();
  return { box: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], zoom: map.getZoom() };
}

function mapElement(label: string): HTMLElement {
  const element = document.createElement('div');
  element.className = 'map';
  element.setAttribute('role', 'region');
  element.setAttribute('aria-label', `Map: ${label}. Arrow keys move it, plus and minus zoom. The table beside it lists the same rows.`);
  return element;
}

/** Leaflet needs a size before it can fit a box, and hears of a changed one; the element gets its size when it is rendered. */
function watchSize(map: L.Map, element: HTMLElement, firstSize: () => void): ResizeObserver {
  let sized = false;
  const observer = new ResizeObserver(() => {
    if (element.clientWidth === 0) return;
    map.invalidateSize({ animate: false });
    if (!sized) firstSize();
    sized = true;
  });
  observer.observe(element);
  return observer;
}

function addBackground(map: L.Map, element: HTMLElement, tiles: TileSource | null): void {
  map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>');
  if (tiles) tilesLayer(tiles, () => element.append(missingBackground())).addTo(map);
}

function missingBackground(): HTMLElement {
  const words = document.createElement('p');
  words.className = 'map__missing';
  words.textContent = 'The background map could not be loaded. Areas and the table are complete without it.';
  return words;
}

function isSelectable(layer: L.Layer): layer is SelectableLayer {
  return 'select' in layer && typeof layer.select === 'function';
}

/** Makes a map that is drawn once its element stands on the page. */
export function createMap(options: MapOptions): MapHandle {
  const element = mapElement(options.label);
  const map = L.map(element, { preferCanvas: true, zoomControl: false, zoomSnap: 0.5, minZoom: 6, maxZoom: 18, fadeAnimation: false });
  const layers = new Map<Slot, L.Layer>();
  let selected: string | null = null;
  let wanted: Box = options.whole;
  const sized = (): boolean => element.clientWidth > 0;
  const fit = (box: Box): void => {
    wanted = box;
    if (sized()) map.fitBounds(boundsOf(box), { animate: false, padding: [8, 8] });
  };
  map.fitBounds(boundsOf(wanted));
  L.control.zoom({ position: 'topleft', zoomInTitle: 'Zoom in', zoomOutTitle: 'Zoom out' }).addTo(map);
  moveControl(() => fit(options.whole)).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  addBackground(map, element, options.tiles);
  const observer = watchSize(map, element, () => fit(wanted));
  map.on('moveend', () => sized() && options.onView?.(viewOf(map)));

  const order = (): void => {
    for (const slot of slots) {
      const layer = layers.get(slot);
      if (layer instanceof L.FeatureGroup) layer.bringToFront();
    }
  };
  return {
    element,
    map,
    fit,
    view: () => viewOf(map),
    set: (slot, layer) => {
      layers.get(slot)?.remove();
      layers.delete(slot);
      if (!layer) return;
      layers.set(slot, layer.addTo(map));
      if (isSelectable(layer)) layer.select(selected);
      order();
    },
    select: (id) => {
      selected = id;
      const found = [...layers.values()].flatMap((layer) => (isSelectable(layer) ? (layer.select(id) ?? []) : []))[0];
      if (found && !map.getBounds().contains(found.getCenter())) map.panTo(found.getCenter());
    },
    remove: () => {
      observer.disconnect();
      map.remove();
    },
  };
}
