import { cellArea, cellToBoundary, cellToLatLng, getResolution, isValidCell, latLngToCell, polygonToCellsExperimental } from 'h3-js';
import { coverOnFace } from './areaCover.ts';
import type { CoveredCells } from './areaCover.ts';
import { cellId } from './cellNumber.ts';
import { pointCellsInto } from './pointCells.ts';
import { polygonsOf } from './shapes.ts';
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

const oneNumber = new Float64Array(1);

/** The H3 id of the cell a WGS84 point falls in, indexed at this resolution itself (a parent would move 6.8 % of points). */
export function cellOfPoint(lng: number, lat: number, resolution: number): string {
  if (!(resolution >= 1 && resolution <= 10)) return latLngToCell(lat, lng, resolution);
  pointCellsInto(lng, lat, [resolution], oneNumber, 0);
  return cellId(oneNumber[0] as number, resolution);
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

/**
 * The cells of a WGS84 study area (holes left out), each cell counted whole with its own area, sea and all at the edge.
 * Throws when the area has no outline or holds no cell under the rule.
 */
export function coverArea(shape: AreaShape, resolution: number, rule: CoverRule = 'touching'): CellCover {
  const covered = coverOnFace(shape, resolution, rule === 'touching') ?? coverByH3(shape, resolution, rule);
  if (covered.cells.length === 0) throw new RangeError(`The area holds no cell at resolution ${resolution}: it is smaller than a cell; cover it with the rule "touching" or a finer resolution.`);
  return coverOf(covered, resolution);
}

function coverByH3(shape: AreaShape, resolution: number, rule: CoverRule): CoveredCells {
  const containment = rule === 'centre' ? 'containmentCenter' : 'containmentOverlapping';
  const cells = [...new Set(polygonsOf(shape).flatMap((rings) => polygonToCellsExperimental(rings, resolution, containment, true)))].sort();
  return { cells, areasKm2: Float64Array.from(cells, cellAreaKm2) };
}

/** A cover made of cells of one resolution, repeats dropped, sorted by id; throws on an empty list or mixed resolutions. */
export function coverOfCells(cells: readonly string[]): CellCover {
  const sorted = [...new Set(cells)].sort();
  const resolution = cellResolution(sorted[0] ?? '');
  const mixed = sorted.find((cell) => cellResolution(cell) !== resolution);
  if (mixed !== undefined) throw new RangeError(`Cell ${mixed} is not of resolution ${resolution} like the others: a cover has one resolution.`);
  return coverOf({ cells: sorted, areasKm2: Float64Array.from(sorted, cellAreaKm2) }, resolution);
}

function coverOf({ cells, areasKm2 }: CoveredCells, resolution: number): CellCover {
  return { resolution, cells, areasKm2, position: new Map(cells.map((cell, index) => [cell, index])) };
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
