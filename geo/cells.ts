import { cellArea, cellToBoundary, cellToLatLng, getResolution, isValidCell, latLngToCell, polygonToCellsExperimental } from 'h3-js';
import { boundsOf, polygonsOf } from './shapes.ts';
import type { AreaShape, LngLat } from './shapes.ts';

/** The H3 resolutions the service counts at: 8 for overview, 9 the unit of account, 10 only for exact points. */
export type CellResolution = 8 | 9 | 10;

export const cellResolutions: readonly CellResolution[] = [8, 9, 10];

/** `centre`: cells whose middle is inside; `touching`: those and every cell the outline passes through. */
export type CoverRule = 'centre' | 'touching';

/** The cells of a study area: ids in ascending order, each with its own area, and where each id stands. */
export interface CellCover {
  resolution: number;
  cells: string[];
  areasKm2: Float64Array;
  position: ReadonlyMap<string, number>;
}

/** The H3 id of the cell a WGS84 point falls in, indexed at this resolution itself (a parent would move 6.8 % of points). */
export function cellOfPoint(lng: number, lat: number, resolution: number): string {
  if (!(Math.abs(lat) <= 90 && Math.abs(lng) <= 180)) throw new RangeError(`The point ${lng}, ${lat} (longitude, latitude) is not on the globe: check the coordinate columns.`);
  return latLngToCell(lat, lng, resolution);
}

/** A cell's own area in km² (authalic sphere, as H3): 13.4 % under the published mean at 54.6°N, so never use a constant. */
export function cellAreaKm2(cell: string): number {
  return cellArea(checkedCell(cell), 'km2');
}

/** The [lng, lat] of a cell's middle. */
export function cellCentre(cell: string): LngLat {
  const [lat, lng] = cellToLatLng(checkedCell(cell));
  return [lng, lat];
}

/** A cell's outline as a closed GeoJSON ring of [lng, lat], anticlockwise. */
export function cellRing(cell: string): LngLat[] {
  return cellToBoundary(checkedCell(cell), true).map(([lng, lat]): LngLat => [lng, lat]);
}

/** The id unchanged; throws when it is not an H3 cell. */
export function checkedCell(cell: string): string {
  if (!isValidCell(cell)) throw new RangeError(`"${cell}" is not an H3 cell: give the 15-character id, such as 89195da49a7ffff.`);
  return cell;
}

/** The resolution of an H3 cell. */
export function cellResolution(cell: string): number {
  return getResolution(checkedCell(cell));
}

/** The cells of a WGS84 study area (holes left out); throws when the area has no outline or holds no cell under the rule. */
export function coverArea(shape: AreaShape, resolution: number, rule: CoverRule = 'touching'): CellCover {
  boundsOf(shape);
  const found = new Set<string>();
  const containment = rule === 'centre' ? 'containmentCenter' : 'containmentOverlapping';
  for (const rings of polygonsOf(shape)) for (const cell of polygonToCellsExperimental(rings, resolution, containment, true)) found.add(cell);
  if (found.size === 0) throw new RangeError(`The area holds no cell at resolution ${resolution}: it is smaller than a cell; cover it with the rule "touching" or a finer resolution.`);
  return coverOfCells([...found]);
}

/** A cover made of cells of one resolution, repeats dropped, sorted by id; throws on an empty list or mixed resolutions. */
export function coverOfCells(cells: readonly string[]): CellCover {
  const sorted = [...new Set(cells)].sort();
  const resolution = cellResolution(sorted[0] ?? '');
  const mixed = sorted.find((cell) => cellResolution(cell) !== resolution);
  if (mixed !== undefined) throw new RangeError(`Cell ${mixed} is not of resolution ${resolution} like the others: a cover has one resolution.`);
  return { resolution, cells: sorted, areasKm2: Float64Array.from(sorted, cellAreaKm2), position: new Map(sorted.map((cell, index) => [cell, index])) };
}

/** Adds up amounts by cell over a cover: `counts[i]` for `cover.cells[i]`, and what fell outside it, so in = counted + outside. */
export function countByCell(cover: CellCover, cells: readonly string[], amounts?: ArrayLike<number>): { counts: Float64Array; outside: number } {
  const counts = new Float64Array(cover.cells.length);
  let outside = 0;
  for (let i = 0; i < cells.length; i++) {
    const at = cover.position.get(cells[i] ?? '');
    const amount = amounts ? (amounts[i] ?? 0) : 1;
    if (at === undefined) outside += amount;
    else counts[at] = (counts[at] ?? 0) + amount;
  }
  return { counts, outside };
}
