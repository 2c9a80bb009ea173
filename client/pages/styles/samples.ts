/** Made-up rows for the page of components; nothing here is read from the service. */
import type { Polygon } from 'geojson';

export interface SampleCell {
  id: string;
  place: string;
  incidents: number;
  rate: number;
  hours: number | null;
  paidPence: number | null;
  change: number | null;
  geometry: Polygon;
}

const places = ['Harbour steps', 'Long parade', 'Mill arcade', 'North shelter', 'Old station', 'Park gate', 'Quarry path', 'River walk'] as const;

/** A six-sided cell around a point; flat enough for a sample. */
function hexagon(lng: number, lat: number, size: number): Polygon {
  const ring = Array.from({ length: 7 }, (_, corner) => {
    const angle = (Math.PI / 3) * (corner % 6) + Math.PI / 6;
    return [lng + (size * Math.cos(angle)) / Math.cos((lat * Math.PI) / 180), lat + size * Math.sin(angle)];
  });
  return { type: 'Polygon', coordinates: [ring] };
}

/** A honeycomb of cells whose counts fall away from two peaks. */
export function sampleCells(columns = 8, rows = 6): readonly SampleCell[] {
  const size = 0.0032;
  return Array.from({ length: columns * rows }, (_, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const lng = -1.235 + (column + (row % 2) / 2) * size * Math.sqrt(3) * 1.72;
    const peak = Math.exp(-((column - 2) ** 2 + (row - 2) ** 2) / 3) * 62 + Math.exp(-((column - 6) ** 2 + (row - 4) ** 2) / 2) * 34;
    const incidents = Math.round(peak + ((index * 7) % 5));
    return {
      id: `cell-${index + 1}`,
      place: `${places[index % places.length]} ${Math.floor(index / places.length) + 1}`,
      incidents,
      rate: incidents / 0.105,
      hours: index % 9 === 4 ? null : incidents * 37,
      paidPence: index % 7 === 3 ? null : incidents * 12345,
      change: index % 11 === 5 ? null : (((index * 13) % 41) - 22) / 100,
      geometry: hexagon(lng, 54.575 + row * size * 1.5, size),
    };
  });
}

export const sampleMonths = ['2023-04', '2023-05', '2023-06', '2023-07', '2023-08', '2023-09', '2023-10', '2023-11', '2023-12', '2024-01', '2024-02', '2024-03'] as const;
