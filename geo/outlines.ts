import { cellsToMultiPolygon } from 'h3-js';
import { cellRing } from './cells.ts';
import type { Adjacency } from './neighbours.ts';
import { toGrid } from './projection.ts';
import type { GridPlace } from './projection.ts';
import type { MultiPolygonShape } from './shapes.ts';

/** A group of touching cells and its outline. */
export interface CellGroup {
  /** Indices of its cells, the strongest first. */
  members: number[];
  /** The outline in WGS84 [lng, lat]. */
  shape: MultiPolygonShape;
  /** The largest distance between two of its corners, metres. */
  acrossMetres: number;
}

/**
 * Touching chosen cells gathered into groups at most `widestMetres` across: each group starts at the strongest cell left and takes its
 * strongest touching chosen cell for as long as it stays within the width, so a long strip is split. One resolution-9 cell is about 375 m
 * across and stands alone at the default 400 m; resolution-10 cells gather.
 * `cells` are H3 ids, `chosen` one byte each, `strengths` what "strongest" means, `neighbours` the adjacency of `cells`.
 */
export function groupTouching(cells: readonly string[], chosen: Uint8Array, strengths: ArrayLike<number>, neighbours: Adjacency, widestMetres = 400): CellGroup[] {
  if (!(widestMetres > 0)) throw new RangeError(`Groups ${widestMetres} m across cannot be made: give a width above 0.`);
  const stronger = (a: number, b: number): number => (strengths[b] as number) - (strengths[a] as number) || a - b;
  const left = new Set(cells.map((_, i) => i).filter((i) => chosen[i] === 1).sort(stronger));
  const corners = (i: number): GridPlace[] => cellRing(cells[i] ?? '').map(([lng, lat]) => toGrid(lng, lat));
  const groups: CellGroup[] = [];
  for (const start of left) {
    left.delete(start);
    groups.push(grownGroup(start, left, cells, neighbours, corners, stronger, widestMetres));
  }
  return groups;
}

function grownGroup(start: number, left: Set<number>, cells: readonly string[], { offsets, targets }: Adjacency, corners: (i: number) => GridPlace[], stronger: (a: number, b: number) => number, widest: number): CellGroup {
  const members = [start];
  const outline = corners(start);
  let acrossMetres = widestPair(outline, outline);
  const touching = (i: number): number[] => [...targets.subarray(offsets[i], offsets[i + 1])].filter((j) => left.has(j));
  for (let open = touching(start).sort(stronger); open.length > 0; open = [...new Set(members.flatMap(touching))].sort(stronger)) {
    const added = open.map((cell) => ({ cell, ring: corners(cell) })).find(({ ring }) => widestPair(outline, ring) <= widest);
    if (!added) break;
    acrossMetres = Math.max(acrossMetres, widestPair(outline, added.ring));
    members.push(added.cell);
    outline.push(...added.ring);
    left.delete(added.cell);
  }
  return { members, shape: mergedOutline(members.map((i) => cells[i] ?? '')), acrossMetres };
}

function widestPair(some: GridPlace[], others: GridPlace[]): number {
  let widest = 0;
  for (const a of some) for (const b of others) widest = Math.max(widest, Math.hypot(a.easting - b.easting, a.northing - b.northing));
  return widest;
}

/** The outline of H3 cells of one resolution with the edges between them gone, as GeoJSON [lng, lat]. */
export function mergedOutline(cells: readonly string[]): MultiPolygonShape {
  if (cells.length === 0) return { type: 'MultiPolygon', coordinates: [] };
  return { type: 'MultiPolygon', coordinates: cellsToMultiPolygon([...cells], true) };
}
