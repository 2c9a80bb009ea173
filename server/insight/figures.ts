/** Figures over all cells of an area, the empty ones included: the area is covered, counts are put on it, and one question is decided. */
import { type CellCover, coverArea } from '../../geo/cells.ts';
import { type AreaShape, polygonsOf } from '../../geo/shapes.ts';
import { type BackTestFigures, type BackTestTask, decideBackTest } from './backTest.ts';
import { decidePersistence, type PersistenceFigures, type PersistenceTask } from './patterns.ts';
import { type ConcentrationFigures, decideConcentration } from './concentration.ts';

/** Incidents of a month in a cell. */
export interface CellMonth {
  readonly cell: string;
  readonly month: string;
  readonly n: number;
}

export interface FiguresTask {
  readonly shapes: readonly AreaShape[];
  readonly resolution: number;
  readonly counts: readonly CellMonth[];
  /** Left out for concentration. */
  readonly backTest?: BackTestTask;
  readonly persistence?: PersistenceTask;
}

export interface AreaFigures {
  readonly cells: number;
  readonly areaKm2: number;
  /** Incidents of the counts in no cell of the area; 0 unless boundaries changed in the period. */
  readonly outsideCover: number;
}

export type FiguresAnswer = AreaFigures & { readonly concentration?: ConcentrationFigures; readonly backTest?: BackTestFigures; readonly persistence?: PersistenceFigures };

/** Covers the area once and decides concentration, or the back-test or persistence when one is asked for. */
export function decideFigures(task: FiguresTask): FiguresAnswer {
  const cover = coverArea({ type: 'MultiPolygon', coordinates: task.shapes.flatMap((shape) => polygonsOf(shape)) }, task.resolution);
  const { byMonth, outside } = countsByMonth(cover, task.counts);
  const area: AreaFigures = { cells: cover.cells.length, areaKm2: cover.areasKm2.reduce((sum, km2) => sum + km2, 0), outsideCover: outside };
  const none = new Float64Array(cover.cells.length);
  if (task.backTest) return { ...area, backTest: decideBackTest(cover, (month) => byMonth.get(month) ?? none, task.backTest) };
  if (task.persistence) return { ...area, persistence: decidePersistence(cover, (month) => byMonth.get(month) ?? none, task.persistence) };
  const all = new Float64Array(cover.cells.length);
  for (const counts of byMonth.values()) counts.forEach((count, i) => (all[i] = (all[i] as number) + count));
  return { ...area, concentration: decideConcentration(all) };
}

function countsByMonth(cover: CellCover, rows: readonly CellMonth[]): { byMonth: Map<string, Float64Array>; outside: number } {
  const byMonth = new Map<string, Float64Array>();
  let outside = 0;
  for (const { cell, month, n } of rows) {
    const at = cover.position.get(cell);
    if (at === undefined) {
      outside += n;
      continue;
    }
    const counts = byMonth.get(month) ?? new Float64Array(cover.cells.length);
    counts[at] = (counts[at] as number) + n;
    byMonth.set(month, counts);
  }
  return { byMonth, outside };
}
