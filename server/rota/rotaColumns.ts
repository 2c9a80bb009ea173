/** Builds a linear programme row by row, for a solver that maximises: what is to be kept small is entered as a cost and given with its sign turned. */
import type { LinearModel } from '../patrols/solver.ts';

/** Columns with their factors in one row. */
export type Terms = readonly (readonly [column: number, factor: number])[];

export interface ProgramBuilder {
  /** A new column's index. */
  column(cost: number, upper: number, whole: boolean): number;
  row(lower: number, terms: Terms, upper: number): void;
  build(): { readonly model: LinearModel; readonly whole: Int32Array };
}

export function createProgram(): ProgramBuilder {
  const cost: number[] = [];
  const upper: number[] = [];
  const whole: number[] = [];
  const entries: [row: number, factor: number][][] = [];
  const rowLower: number[] = [];
  const rowUpper: number[] = [];
  return {
    column(price, most, isWhole) {
      entries.push([]);
      upper.push(most);
      whole.push(Number(isWhole));
      return cost.push(price) - 1;
    },
    row(lower, terms, most) {
      const row = rowLower.push(lower) - 1;
      rowUpper.push(most);
      const sums = new Map<number, number>();
      for (const [column, factor] of terms) sums.set(column, (sums.get(column) ?? 0) + factor);
      for (const [column, factor] of sums) if (factor !== 0) entries[column]?.push([row, factor]);
    },
    build() {
      const starts = Int32Array.from({ length: cost.length + 1 }, () => 0);
      entries.forEach((column, at) => { starts[at + 1] = (starts[at] ?? 0) + column.length; });
      const flat = entries.flat();
      const model: LinearModel = {
        cost: Float64Array.from(cost, (value) => -value), colLower: new Float64Array(cost.length), colUpper: Float64Array.from(upper),
        rowLower: Float64Array.from(rowLower), rowUpper: Float64Array.from(rowUpper),
        starts, rows: Int32Array.from(flat, ([row]) => row), values: Float64Array.from(flat, ([, factor]) => factor),
      };
      return { model, whole: Int32Array.from(whole) };
    },
  };
}
