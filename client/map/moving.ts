/** An outline that is moved by a handle: dragged, or with the arrow keys while the handle has the focus. */
import L from 'leaflet';
import type { Area } from './rows.ts';
import { ink, latLngs } from './shapes.ts';

export interface MovingOutline {
  readonly layer: L.LayerGroup;
  /** Puts the outline so many metres from where it began, as typed in the fields. */
  place: (eastMetres: number, northMetres: number) => void;
}

export interface MovingOptions {
  /** Called when the handle is let go, or an arrow key was pressed. */
  moved: (eastMetres: number, northMetres: number) => void;
}

/** Metres a press of an arrow key moves it; with Shift, ten times as much. */
const step = 10;
const steps: Readonly<Record<string, readonly [east: number, north: number]>> = { ArrowRight: [step, 0], ArrowLeft: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
export const metresPerDegree = 111_320;

/** The outline as it stands stays where it is; this is the copy that moves. */
export function movingOutline(geometry: Area, options: MovingOptions): MovingOutline {
  const start = L.polygon(latLngs(geometry)).getBounds().getCenter();
  const along = metresPerDegree * Math.cos((start.lat * Math.PI) / 180);
  const shape = L.polygon(latLngs(geometry), { color: ink, weight: 3.5, fillColor: '#ffffff', fillOpacity: 0.35, interactive: false });
  const handle = L.marker(start, { draggable: true, keyboard: true, title: 'Drag, or use the arrow keys', alt: 'Handle that moves the outline', icon: L.divIcon({ className: 'map__handle', html: '✥', iconSize: [32, 32] }) });
  const at = { east: 0, north: 0 };
  const place = (east: number, north: number): void => {
    Object.assign(at, { east, north });
    const shifted = (point: L.LatLngTuple): L.LatLngTuple => [point[0] + north / metresPerDegree, point[1] + east / along];
    shape.setLatLngs(shiftRings(latLngs(geometry), shifted));
    handle.setLatLng([start.lat + north / metresPerDegree, start.lng + east / along]);
  };
  const here = (): readonly [number, number] => {
    const { lat, lng } = handle.getLatLng();
    return [Math.round((lng - start.lng) * along), Math.round((lat - start.lat) * metresPerDegree)];
  };
  handle.on('drag', () => place(...here())).on('dragend', () => options.moved(at.east, at.north));
  handle.on('add', () => slideByKeys(handle.getElement(), 'Move the outline with the arrow keys: 10 metres a press, 100 with Shift', (east, north) => {
    place(at.east + east, at.north + north);
    options.moved(at.east, at.north);
  }));
  return { layer: L.layerGroup([shape, handle]), place };
}

/** Makes a handle a button that arrow keys push: metres to the east and to the north. */
export function slideByKeys(element: HTMLElement | undefined, label: string, moved: (east: number, north: number) => void): void {
  element?.setAttribute('role', 'button');
  element?.setAttribute('aria-label', label);
  element?.addEventListener('keydown', (event) => {
    const by = steps[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const times = event.shiftKey ? 10 : 1;
    moved(by[0] * times, by[1] * times);
  });
}

function shiftRings(rings: L.LatLngTuple[][] | L.LatLngTuple[][][], shifted: (point: L.LatLngTuple) => L.LatLngTuple): L.LatLngTuple[][] | L.LatLngTuple[][][] {
  const isPolygons = (value: L.LatLngTuple[][] | L.LatLngTuple[][][]): value is L.LatLngTuple[][][] => Array.isArray(value[0]?.[0]?.[0]);
  return isPolygons(rings) ? rings.map((polygon) => polygon.map((ring) => ring.map(shifted))) : rings.map((ring) => ring.map(shifted));
}
