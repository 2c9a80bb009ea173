/** What map layers take: plain rows, whatever contract they come from. Positions are `[lng, lat]`, as in GeoJSON. */
import type { MultiPolygon, Polygon } from 'geojson';

export type Area = Polygon | MultiPolygon;

export interface AreaRow {
  id: string;
  /** In words, for the pointer: "Middlesbrough, Gresham: 41 incidents". */
  label: string;
  geometry: Area;
}

export interface ValueRow extends AreaRow {
  /** Coloured by its class; null is drawn as "not available". */
  value: number | null;
}

export interface ContourRow {
  level: number;
  label: string;
  geometry: Area;
}
