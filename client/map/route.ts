/** A way on foot: a line with numbered stops, and the fixes a receiver wrote. Both are for the eye; the table beside lists the same. */
import L from 'leaflet';
import { ink, textNode } from './shapes.ts';

export interface RouteStop {
  lng: number;
  lat: number;
  /** One or two characters: 1, 2, 3 … or B for the base. */
  mark: string;
  label: string;
}

/** The stops in their order, joined by straight lines: the way to each is the crew's. */
export function routeLayer(stops: readonly RouteStop[]): L.FeatureGroup {
  const line = L.polyline(stops.map(({ lng, lat }): L.LatLngTuple => [lat, lng]), { color: '#0b5d57', weight: 3, opacity: 0.85, dashArray: '2 6', interactive: false });
  return L.featureGroup([line, ...stops.map(stopMark)]);
}

function stopMark({ lng, lat, mark, label }: RouteStop): L.Marker {
  const face = textNode(mark);
  face.className = 'map__stop';
  return L.marker([lat, lng], { icon: L.divIcon({ html: face, className: '', iconSize: [26, 26] }), keyboard: false, interactive: false, title: label });
}

/** Fixes as dots. */
export function fixesLayer(fixes: readonly (readonly [lng: number, lat: number])[]): L.FeatureGroup {
  return L.featureGroup(fixes.map(([lng, lat]) => L.circleMarker([lat, lng], { radius: 3, color: ink, weight: 1, fillColor: '#0b5d57', fillOpacity: 0.9, interactive: false })));
}
