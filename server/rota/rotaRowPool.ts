/** Every row that a search has met: one way for one warden to work the rota, with what it costs. */
import { edge, type RotaGrid } from './rotaGrid.ts';
import { createRow } from './rotaRow.ts';

export interface WorkRow {
  readonly warden: number;
  /** Per day the shift's index or -1. */
  readonly cells: Int32Array;
  readonly cost: number;
  /** How far it breaks rules by itself; 0 when it keeps them. */
  readonly hard: number;
}

export interface RowPool {
  readonly rows: readonly WorkRow[];
  /** Marks a row as used: a part of a programme's answer, or of a rota. */
  use(row: number): void;
  /** The rows used in the last turns, this one included: others are seldom wanted again and slow a programme down. */
  recent(turns: number): number[];
  /** Begins another turn. */
  turn(): void;
  /** The row's number, the same for the same cells. */
  add(warden: number, cells: Int32Array): number;
  /** The rows of a whole rota, one a warden; they count as used. */
  rowsOf(cells: Int32Array): number[];
}

export function createPool(grid: RotaGrid): RowPool {
  const { wardens, days } = grid;
  const all = new Int32Array(wardens * days).fill(-1);
  const minutes = Float64Array.from(grid.outside);
  const costOf = createRow(grid, all, minutes);
  const rows: WorkRow[] = [];
  const known = new Map<string, number>();
  const lastUsed = new Map<number, number>();
  let now = 0;
  const use = (row: number): void => void lastUsed.set(row, now);
  const add = (warden: number, cells: Int32Array): number => {
    const key = `${warden}:${cells.join()}`;
    const old = known.get(key);
    if (old !== undefined) return old;
    all.set(cells, warden * days);
    cells.forEach((shift, day) => { minutes[warden * (days + 2 * edge) + edge + day] = shift < 0 ? 0 : grid.minutes[shift]!; });
    const { soft, hard } = costOf(warden);
    known.set(key, rows.length);
    return rows.push({ warden, cells, cost: soft, hard }) - 1;
  };
  return {
    rows, add, use,
    recent: (turns) => Array.from(lastUsed).flatMap(([row, at]) => (now - at <= turns ? [row] : [])),
    turn: () => void now++,
    rowsOf: (cells) => Array.from({ length: wardens }, (_, warden) => {
      const row = add(warden, cells.slice(warden * days, (warden + 1) * days));
      use(row);
      return row;
    }),
  };
}
