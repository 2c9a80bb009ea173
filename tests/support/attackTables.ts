/** Somebody who has published tables and an integer program: how narrowly can each hidden count be pinned down? */
import type { LinearModel, Solver } from '../../server/patrols/solver.ts';
import type { LinkedCells } from '../../server/evaluation/disclosureTables.ts';

export interface Pinned {
  readonly key: string;
  readonly low: number;
  readonly high: number;
}

const far = 100_000;

/**
 * The least and greatest whole number each hidden cell can be, given every sum, every count shown and what the signs say: `<10` is 1 to 9,
 * `[c]` is 1 or more. Hidden cells seen to range over `enough` values are not looked at further. Knows nothing of how the tables were made.
 */
export function attack(linked: Pick<LinkedCells, 'keys' | 'sums'>, texts: ReadonlyMap<string, string>, solver: Solver, enough: number): Pinned[] {
  const text = linked.keys.map((key) => texts.get(key) ?? '[c]');
  const hidden = text.flatMap((each, cell) => (/^\d+$/.test(each) ? [] : [cell]));
  const low = new Map<number, number>();
  const high = new Map<number, number>();
  for (const cell of hidden) {
    for (const direction of [1, -1]) {
      if ((high.get(cell) ?? 0) - (low.get(cell) ?? 0) + 1 >= enough && high.has(cell)) continue;
      const model = modelOf(linked.sums, text, hidden, cell, direction);
      const linear = solver.solveLinear(model, 30);
      if (!linear) throw new Error(`What is shown contradicts itself at ${linked.keys[cell]}.`);
      const found = linear.x.every((value) => Math.abs(value - Math.round(value)) < 1e-6) ? linear.x
        : solver.solveWhole(model, new Int32Array(hidden.length).fill(1), { relativeGap: 0, absoluteGap: 0.5, nodes: 100_000, seconds: 60 }, null).x;
      if (!found) throw new Error(`No whole numbers fit what is shown at ${linked.keys[cell]}.`);
      // Every table found shows a possible value of every hidden cell at once.
      hidden.forEach((each, column) => {
        const value = Math.round(found[column] ?? 0);
        low.set(each, Math.min(low.get(each) ?? value, value));
        high.set(each, Math.max(high.get(each) ?? value, value));
      });
    }
  }
  return hidden.map((cell) => ({ key: linked.keys[cell] ?? '', low: low.get(cell) ?? 0, high: high.get(cell) ?? 0 }));
}

function modelOf(sums: LinkedCells['sums'], text: readonly string[], hidden: readonly number[], wanted: number, direction: number): LinearModel {
  const column = new Map(hidden.map((cell, index) => [cell, index]));
  const entries: (readonly [row: number, value: number])[][] = hidden.map(() => []);
  const rest = sums.map(({ total, parts }, row) => {
    let known = 0;
    for (const [cell, sign] of [[total, 1] as const, ...parts.map((part) => [part, -1] as const)]) {
      const at = column.get(cell);
      if (at === undefined) known += sign * Number(text[cell]);
      else entries[at]?.push([row, sign]);
    }
    return -known;
  });
  const starts = [0];
  for (const each of entries) starts.push((starts.at(-1) ?? 0) + each.length);
  return {
    cost: Float64Array.from(hidden, (cell) => (cell === wanted ? direction : 0)),
    colLower: new Float64Array(hidden.length).fill(1),
    colUpper: Float64Array.from(hidden, (cell) => (text[cell]?.startsWith('<') ? Number(text[cell]?.slice(1)) - 1 : far)),
    rowLower: Float64Array.from(rest), rowUpper: Float64Array.from(rest),
    starts: Int32Array.from(starts), rows: Int32Array.from(entries.flat(), ([row]) => row), values: Float64Array.from(entries.flat(), ([, value]) => value),
  };
}
