/** What is particular about a candidate place, as short tags and as sentences: one address, a facility, the edge, neighbours only. */
import { gridDisk } from 'h3-js';
import type { HotCell } from './contract.ts';
import { placeLabel } from './placeNames.ts';
import { whole } from './words.ts';

/** Incidents of a cell at one point under one place name. */
export interface PointName {
  readonly cell: string;
  readonly locationId: number;
  readonly name: string;
  readonly n: number;
}

/** What tags are decided from, beside the ranked cells themselves. */
export interface TagEvidence {
  readonly points: readonly PointName[];
  /** Cells of the study area that touch its edge. */
  readonly edgeCells: ReadonlySet<string>;
  readonly facilityNames: ReadonlySet<string>;
  /** Share of the incidents from which a facility or a single point is said. */
  readonly share: number;
}

export interface Tag {
  readonly tag: string;
  readonly says: string;
}

/** The tags of a group of cells, each with the sentence that says why. */
export function tagsOfCells(cells: readonly HotCell[], evidence: TagEvidence): Tag[] {
  const n = cells.reduce((sum, cell) => sum + cell.n, 0);
  const own = new Set(cells.map((cell) => cell.cell));
  const points = evidence.points.filter((point) => own.has(point.cell));
  return [
    ...addressTag(cells, points, n, evidence.share), ...facilityTag(points, n, evidence),
    ...(cells.some((cell) => evidence.edgeCells.has(cell.cell)) ? [{ tag: 'near the edge', says: 'It lies at the edge of the area analysed: what happens beyond the edge is not counted, so its surroundings may look quieter than they are.' }] : []),
    ...(cells.length > 0 && cells.every((cell) => cell.neighbourOnly) ? [{ tag: 'neighbour only', says: 'It has no incident of its own and is hot by its neighbours only.' }] : []),
  ];
}

function addressTag(cells: readonly HotCell[], points: readonly PointName[], n: number, share: number): Tag[] {
  if (n === 0) return [];
  if (cells.reduce((sum, cell) => sum + cell.points, 0) === 1) return [{ tag: 'single address', says: 'All of them are at one point: a single address, or one snap point that stands for several.' }];
  const most = largest(points, (point) => String(point.locationId));
  return most && most.n > share * n ? [{ tag: 'mostly one point', says: `${whole(most.n)} of ${whole(n)} are at one point: a repeat location.` }] : [];
}

function facilityTag(points: readonly PointName[], n: number, { facilityNames, share }: TagEvidence): Tag[] {
  const known = new Map([...facilityNames].map((name) => [name.toLowerCase(), name]));
  const at = points.flatMap((point) => {
    const name = known.get(placeLabel(point.name).toLowerCase());
    return name ? [{ name, n: point.n }] : [];
  });
  const total = at.reduce((sum, point) => sum + point.n, 0);
  const most = largest(at, (point) => point.name);
  if (!most || total <= share * n) return [];
  return [{ tag: `facility: ${most.key}`, says: `${whole(total)} of ${whole(n)} are recorded at a facility (${[...new Set(at.map((point) => point.name))].sort().join(', ')}).` }];
}

function largest<Row extends { n: number }>(rows: readonly Row[], keyOf: (row: Row) => string): { key: string; n: number } | undefined {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.n);
  const [best] = [...sums].sort(([keyA, a], [keyB, b]) => b - a || (keyA < keyB ? -1 : 1));
  return best && { key: best[0], n: best[1] };
}

/** The cells of a study area with a neighbour outside it. */
export function edgeCellsOf(cells: readonly string[], area: { has(cell: string): boolean }): Set<string> {
  return new Set(cells.filter((cell) => gridDisk(cell, 1).some((other) => !area.has(other))));
}
