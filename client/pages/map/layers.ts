/** What an answer of the map's endpoints becomes on the map. */
import type { z } from 'zod';
import type { getMapCells, getMapContours, getMapHotspots, MapCell } from '../../../server/hotspots/contract.ts';
import type { listBoundaries } from '../../../server/places/contract.ts';
import { decodeLine } from '../../lineCode.ts';
import { count, decimal, period } from '../../format.ts';
import { boundariesLayer } from '../../map/boundaries.ts';
import { cellsLayer } from '../../map/cells.ts';
import { classesAt, type MapClass } from '../../map/classes.ts';
import { contoursLayer } from '../../map/contours.ts';
import { hotspotsLayer } from '../../map/hotspots.ts';
import type { MapHandle } from '../../map/create.ts';
import type { Area } from '../../map/rows.ts';

export type Cells = z.output<typeof getMapCells.output>;
export type Contours = z.output<typeof getMapContours.output>;
export type Hotspots = z.output<typeof getMapHotspots.output>;
export type Boundaries = z.output<typeof listBoundaries.output>;

/** Close enough that names of hotspots and wards do not cover each other. */
export const isNear = (map: MapHandle): boolean => map.view().zoom >= 13;

export const unit = 'per km² a year';

/** The one scale of the service, in the map's colours. */
export function classesOfCells(cells: Pick<Cells, 'breaks'>): readonly MapClass[] {
  return classesAt(cells.breaks, unit);
}

/** A cell in words: its place where one is known, else its council and the end of its id. */
export function cellName(cell: Pick<MapCell, 'place' | 'cell'>): string {
  return cell.place === '' ? `Cell ${cell.cell.slice(3, 11)}` : cell.place;
}

/** Cells by their rate; `weighted` colours by the weighted rate, with the plain count in the words beside. */
export function drawCells(map: MapHandle, cells: Cells | null, choose: (id: string) => void, weighted = false): void {
  map.set('cells', cells && cellsLayer(cells.cells.map((cell) => ({
    id: cell.cell, value: weighted ? cell.weightedRate : cell.rate, geometry: { type: 'Polygon', coordinates: [cell.ring] },
    label: `${cellName(cell)}, ${cell.council}: ${count(cell.n)} incidents, ${decimal(cell.rate, 0)} ${unit}${weighted ? `; weighted ${decimal(cell.weighted)}, ${decimal(cell.weightedRate, 0)} ${unit}` : ''}`,
  })), { classes: classesOfCells(cells), onSelect: choose }));
}

export function drawContours(map: MapHandle, contours: Contours | null): void {
  map.set('contours', contours && contoursLayer(contours.contours.map(({ level, shape, lines = [] }) => ({
    level, label: `${level} ${unit}`, geometry: shape ?? { type: 'MultiPolygon', coordinates: lines.map((rings) => rings.map(decodeLine)) },
  }))));
}

export function drawHotspots(map: MapHandle, hotspots: Hotspots | null, choose: (id: string) => void): void {
  map.set('hotspots', hotspots && hotspotsLayer(hotspots.features.map(({ id, geometry, properties }) => ({
    id, geometry, name: properties.name, live: properties.state !== 'retired',
    label: `${properties.name}, ${properties.council}: ${properties.liveTo ? period(properties.liveFrom, properties.liveTo) : `live from ${properties.liveFrom}`}`,
  })), { onSelect: choose, names: isNear(map), far: map.view().zoom < 12 }));
}

export function drawBoundaries(map: MapHandle, slot: 'councils' | 'wards', boundaries: Boundaries | null): void {
  map.set(slot, boundaries && boundariesLayer(
    boundaries.features.map((feature) => ({ id: feature.id, label: feature.properties.name, geometry: areaOf(feature.geometry) })),
    { strength: slot === 'wards' ? 'thin' : 'strong', names: slot === 'councils' || isNear(map) },
  ));
}

const areaOf = (geometry: Boundaries['features'][number]['geometry']): Area => geometry;
