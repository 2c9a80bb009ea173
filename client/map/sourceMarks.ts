/** Incidents of several sources at once: one mark a cell and source, its shape and colour by source, its size by count. */
import L from 'leaflet';
import { textNode } from './shapes.ts';

export interface SourceMark {
  label: string;
  lng: number;
  lat: number;
  /** Metres from the middle to a corner. */
  radius: number;
}

export interface MarkStyle {
  colour: string;
  corners: number;
  /** Degrees by which the first corner is turned. */
  turn: number;
}

/** Told apart by their corners as well as by colour. */
export const markStyles: readonly MarkStyle[] = [
  { colour: '#1b4668', corners: 24, turn: 0 }, { colour: '#a3360f', corners: 3, turn: 90 }, { colour: '#2f6b3c', corners: 4, turn: 45 },
  { colour: '#6a2c7c', corners: 4, turn: 0 }, { colour: '#7a5a00', corners: 6, turn: 0 }, { colour: '#3b3b3b', corners: 5, turn: 90 },
];

/** The corners of a mark around a point, from the east on; in units of its radius, north up. */
export function markCorners({ corners, turn }: MarkStyle): [x: number, y: number][] {
  return Array.from({ length: corners }, (_, index) => {
    const angle = ((turn + (index * 360) / corners) * Math.PI) / 180;
    return [Math.cos(angle), Math.sin(angle)];
  });
}

export function sourceMarksLayer(marks: readonly SourceMark[], style: MarkStyle): L.FeatureGroup {
  return L.featureGroup(marks.map((mark) => {
    const north = mark.radius / 111_320;
    const east = north / Math.cos((mark.lat * Math.PI) / 180);
    const ring = markCorners(style).map(([x, y]): L.LatLngTuple => [mark.lat + y * north, mark.lng + x * east]);
    return L.polygon(ring, { color: style.colour, weight: 1.5, fillColor: style.colour, fillOpacity: 0.35 }).bindTooltip(() => textNode(mark.label), { sticky: true, className: 'map__words' });
  }));
}
