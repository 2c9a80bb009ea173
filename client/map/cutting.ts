/** A line through an outline that is slid by a handle: dragged, or with the arrow keys while the handle has the focus. */
import L from 'leaflet';
import { metresPerDegree, slideByKeys } from './moving.ts';
import type { Area } from './rows.ts';
import { ink, latLngs } from './shapes.ts';

export type Cut = 'north-south' | 'west-east';

export interface CuttingLine {
  readonly layer: L.LayerGroup;
  /** Puts the line so many metres east (or north) of the middle. */
  place: (cut: Cut, offsetMetres: number) => void;
}

/** The middle is the middle of the outline's box, as the service takes it. `slid` is called when the handle is let go or an arrow key pressed. */
export function cuttingLine(geometry: Area, slid: (offsetMetres: number) => void): CuttingLine {
  const bounds = L.polygon(latLngs(geometry)).getBounds();
  const middle = bounds.getCenter();
  const along = metresPerDegree * Math.cos((middle.lat * Math.PI) / 180);
  const wider = bounds.pad(0.25);
  const line = L.polyline([], { color: ink, weight: 3.5, dashArray: '8 6', interactive: false });
  const handle = L.marker(middle, { draggable: true, keyboard: true, title: 'Drag, or use the arrow keys', alt: 'Handle that slides the line', icon: L.divIcon({ className: 'map__handle', html: '✥', iconSize: [32, 32] }) });
  const at: { cut: Cut; offset: number } = { cut: 'north-south', offset: 0 };
  const place = (cut: Cut, offset: number): void => {
    Object.assign(at, { cut, offset });
    const [lat, lng] = cut === 'north-south' ? [middle.lat, middle.lng + offset / along] : [middle.lat + offset / metresPerDegree, middle.lng];
    line.setLatLngs(cut === 'north-south' ? [[wider.getSouth(), lng], [wider.getNorth(), lng]] : [[lat, wider.getWest()], [lat, wider.getEast()]]);
    handle.setLatLng([lat, lng]);
  };
  handle.on('drag', () => {
    const { lat, lng } = handle.getLatLng();
    place(at.cut, Math.round(at.cut === 'north-south' ? (lng - middle.lng) * along : (lat - middle.lat) * metresPerDegree));
  }).on('dragend', () => slid(at.offset));
  handle.on('add', () => slideByKeys(handle.getElement(), 'Slide the line with the arrow keys: 10 metres a press, 100 with Shift', (east, north) => {
    place(at.cut, at.offset + (at.cut === 'north-south' ? east : north));
    slid(at.offset);
  }));
  place(at.cut, at.offset);
  return { layer: L.layerGroup([line, handle]), place };
}
