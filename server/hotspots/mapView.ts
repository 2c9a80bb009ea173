/** What a view of the map draws: cells whose size follows the zoom, never more shapes than a phone can draw, nothing lost in the sums. */
import { cellAreaKm2, cellCentre, cellOfPoint, cellResolution, cellRing } from '../../geo/cells.ts';
import { classOf } from '../../geo/classBreaks.ts';
import type { MapCell } from './contract.ts';

/** Incidents of one source in one cell and council; cell '' without a place, council '' outside all of them. */
export interface CellTotal {
  readonly cell: string;
  readonly councilCode: string;
  readonly source: string;
  /** At an excluded geocode; its cell is ''. */
  readonly excluded?: boolean;
  readonly n: number;
  /** Each incident as much as its source's weight; left out where nothing weighs. */
  readonly weighted?: number;
}

/** A cell with its incidents; the council is the one most of them lie in. */
export interface CountedCell {
  readonly cell: string;
  readonly councilCode: string;
  readonly n: number;
  readonly weighted: number;
}

export type Box = readonly [west: number, south: number, east: number, north: number];

/** Whole force areas at 8, towns at 9 (the unit of account), streets at 10; 10 only where enough points are exact. */
const zoomOf9 = 11.5;
const zoomOf10 = 14.5;

/** Close enough that streets might be drawn, if the sources are exact. */
export const needsExactShare = (zoom: number): boolean => zoom >= zoomOf10;

/** The resolutions to try at a zoom, the finest first; a coarser one is taken when the finest holds too many shapes. */
export function resolutionsForZoom(zoom: number, exactShare: number, leastExactShare: number): number[] {
  if (zoom >= zoomOf10 && exactShare >= leastExactShare && exactShare > 0) return [10, 9, 8];
  return zoom >= zoomOf9 ? [9, 8] : [8];
}

/** One row a cell of the chosen councils: a cell on a boundary between councils counts once, for the one with most; most incidents first, ties by cell. */
export function mergeCells(totals: readonly CellTotal[], councils: readonly { code: string }[]): CountedCell[] {
  const chosen = new Set(councils.map((council) => council.code));
  const cells = new Map<string, Map<string, number>>();
  const weights = new Map<string, number>();
  for (const { cell, councilCode, n, weighted = n } of totals) {
    if (cell === '' || !chosen.has(councilCode)) continue;
    weights.set(cell, (weights.get(cell) ?? 0) + weighted);
    const shares = cells.get(cell);
    if (!shares) cells.set(cell, new Map([[councilCode, n]]));
    else shares.set(councilCode, (shares.get(councilCode) ?? 0) + n);
  }
  const merged = [...cells].map(([cell, shares]) => {
    const [most] = [...shares].sort(([codeA, a], [codeB, b]) => b - a || (codeA < codeB ? -1 : 1));
    return { cell, councilCode: most?.[0] ?? '', n: [...shares.values()].reduce((sum, n) => sum + n, 0), weighted: weights.get(cell) ?? 0 };
  });
  return merged.sort((a, b) => b.n - a.n || (a.cell < b.cell ? -1 : 1));
}

export interface Drawn {
  readonly cells: readonly CountedCell[];
  readonly drawn: Share;
  readonly outOfView: Share;
  readonly leftOut: Share;
}

interface Share {
  readonly cells: number;
  readonly incidents: number;
}

/** The cells in the box, at most so many, those with most incidents first; what is not drawn is counted. */
export function chooseCells(cells: readonly CountedCell[], box: Box | undefined, mostShapes: number): Drawn {
  const inView = box ? cells.filter((one) => isNear(one.cell, box)) : cells;
  const drawn = inView.slice(0, mostShapes);
  const [all, seen, shown] = [cells, inView, drawn].map(shareOf) as [Share, Share, Share];
  return { cells: drawn, drawn: shown, outOfView: less(all, seen), leftOut: less(seen, shown) };
}

function shareOf(cells: readonly CountedCell[]): Share {
  return { cells: cells.length, incidents: cells.reduce((sum, one) => sum + one.n, 0) };
}

function less(a: Share, b: Share): Share {
  return { cells: a.cells - b.cells, incidents: a.incidents - b.incidents };
}

/** Roughly how far a cell reaches from its middle, degrees of latitude, generously. */
const reach: Record<number, number> = { 8: 0.006, 9: 0.0024, 10: 0.001 };

function isNear(cell: string, [west, south, east, north]: Box): boolean {
  const [lng, lat] = cellCentre(cell);
  const margin = reach[cellResolution(cell)] ?? 0.01;
  return lng >= west - 2 * margin && lng <= east + 2 * margin && lat >= south - margin && lat <= north + margin;
}

/** Box as it stands in an address, `west,south,east,north`. */
export function readBox(text: string | undefined): Box | undefined {
  if (text === undefined) return undefined;
  const [west = 0, south = 0, east = 0, north = 0] = text.split(',').map(Number);
  return [Math.min(west, east), Math.min(south, north), Math.max(west, east), Math.max(south, north)];
}

/** What never changes of a cell: worked out once a process and kept, since every step of a slider draws the same cells. */
export interface CellShape {
  readonly areaKm2: number;
  readonly ring: [number, number][];
}

function shapeOfCell(cell: string): CellShape {
  return { areaKm2: cellAreaKm2(cell), ring: cellRing(cell).map(([lng, lat]): [number, number] => [rounded(lng), rounded(lat)]) };
}

/** Remembers shapes of cells, all of them forgotten when there are over fifty thousand. */
export function rememberShapes(): (cell: string) => CellShape {
  const known = new Map<string, CellShape>();
  return (cell) => {
    const found = known.get(cell) ?? shapeOfCell(cell);
    if (known.size > 50_000) known.clear();
    known.set(cell, found);
    return found;
  };
}

/** Cells with their outlines, rates by each cell's own area and their classes on the one scale. */
export function describeCells(cells: readonly CountedCell[], options: { months: number; breaks: readonly number[]; shape?: (cell: string) => CellShape; place: (cell: string) => string; council: (code: string) => string }): MapCell[] {
  const above = options.breaks.slice(1);
  return cells.map(({ cell, councilCode, n, weighted }) => {
    const { areaKm2, ring } = (options.shape ?? shapeOfCell)(cell);
    const rate = (n * 12) / options.months / areaKm2;
    return {
      cell, n, areaKm2, rate, councilCode, ring, weighted, weightedRate: (weighted * 12) / options.months / areaKm2,
      class: classOf(rate, above), place: options.place(cell), council: options.council(councilCode),
    };
  });
}

/** A millionth of a degree is a tenth of a metre. */
const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

/** What a cell is called, from the names of resolution 9, best rank first: its own, its best part's, or that of the cell it lies in. */
export function nameFinder(names: readonly { cell: string; place: string }[]): (cell: string) => string {
  const own = new Map(names.map(({ cell, place }) => [cell, place]));
  const larger = new Map<string, string>();
  for (const { cell, place } of names) {
    const parent = aroundCell(cell, 8);
    if (!larger.has(parent)) larger.set(parent, place);
  }
  return (cell) => own.get(cell) ?? larger.get(cell) ?? (cellResolution(cell) === 10 ? (own.get(aroundCell(cell, 9)) ?? '') : '');
}

function aroundCell(cell: string, resolution: number): string {
  return cellOfPoint(...cellCentre(cell), resolution);
}

/** Class starts as the setting writes them: `0;25;75`. */
export function readBreaks(text: string): number[] {
  const breaks = text.split(';').map(Number);
  if (breaks.length === 0 || breaks.some((value, index) => !Number.isFinite(value) || (index > 0 && value <= (breaks[index - 1] ?? 0)))) {
    throw new Error(`The setting map_class_breaks is "${text}": give rising numbers with semicolons between, for example 0;25;75.`);
  }
  return breaks;
}
