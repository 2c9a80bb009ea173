/** A roster while it is searched: cells, counts on each shift, and its cost kept up to date cell by cell. */
import { edge, type RotaGrid } from './rotaGrid.ts';
import { createRow, type RowCost } from './rotaRow.ts';

export interface RotaState {
  /** Warden × day: the shift's index or -1. */
  readonly cells: Int32Array;
  /** Soft cost of everything that is not a row: cover, accredited, who works together. */
  shared(): number;
  /** Broken rules between wardens. */
  sharedHard(): number;
  /** Puts a shift or nothing into a cell; rows are not looked at. */
  put(warden: number, day: number, shift: number): void;
  /** Cost and broken rules of a warden's row as it stands. */
  row(warden: number): RowCost;
}

interface PairTable {
  /** Per warden: rules that name it. */
  readonly of: readonly (readonly { readonly kind: number; readonly first: number; readonly second: number; readonly weight: number }[])[];
}

function pairsOf({ problem }: RotaGrid): PairTable {
  const index = new Map(problem.wardens.map(({ id }, at) => [id, at]));
  const rules = problem.pairs.flatMap(({ kind, first, second }) => {
    const [a, b] = [index.get(first), index.get(second)];
    if (a === undefined || b === undefined) return [];
    return [{ kind: kind === 'must' ? 0 : kind === 'mustNot' ? 1 : 2, first: a, second: b, weight: problem.weights.shouldNotTogether }];
  });
  return { of: problem.wardens.map((_, warden) => rules.filter(({ first, second }) => first === warden || second === warden)) };
}

interface CoverCosts {
  /** Shift × persons on it: the cost of crews short and of spare persons, and the crews they make up. */
  readonly cost: Float64Array;
  readonly formed: Int32Array;
  readonly size: number;
}

/**
 * What a shift costs by how many persons are on it. `smooth` from 0 to 1 credits that part of a crew begun: a search that sees
 * half a pair as worth something finds whole ones sooner. 0 is the true cost.
 */
function coverCosts({ problem, shifts, wardens }: RotaGrid, smooth: number): CoverCosts {
  const size = wardens + 1;
  const cost = new Float64Array(shifts.length * size);
  const formed = new Int32Array(shifts.length * size);
  shifts.forEach(({ shift }, at) => {
    const { crews, crewSize } = shift.cover;
    for (let there = 0; there < size; there++) {
      const whole = Math.min(crews, Math.floor(there / crewSize));
      const begun = whole < crews ? (smooth * (there - whole * crewSize)) / crewSize : 0;
      formed[at * size + there] = whole;
      cost[at * size + there] = (crews - whole - begun) * (shift.cover.underWeight ?? problem.weights.underCover) + (there - whole * crewSize) * (shift.cover.overWeight ?? problem.weights.overCover);
    }
  });
  return { cost, formed, size };
}

export function createState(grid: RotaGrid, smooth: number): RotaState {
  const { wardens, days, shifts } = grid;
  const { cost, formed, size } = coverCosts(grid, smooth);
  const pairs = pairsOf(grid).of;
  const cells = new Int32Array(wardens * days).fill(-1);
  const minutes = Float64Array.from(grid.outside);
  const width = days + 2 * edge;
  const there = new Int32Array(shifts.length);
  const accredited = new Int32Array(shifts.length);
  const row = createRow(grid, cells, minutes);
  let shared = shifts.reduce((sum, _, at) => sum + (cost[at * size] ?? 0), 0);
  let hard = 0;

  const pairTerms = (warden: number, day: number, sign: number): void => {
    for (const { kind, first, second, weight } of pairs[warden]!) {
      const one = cells[first * days + day]!;
      if (one < 0) continue;
      const together = one === cells[second * days + day];
      if (kind === 0) hard += together ? 0 : sign;
      else if (together && kind === 1) hard += sign;
      else if (together) shared += sign * weight;
    }
  };
  const accreditedWeight = grid.problem.weights.noAccredited;
  const costOf = (shift: number): number => {
    const at = shift * size + there[shift]!;
    const without = formed[at]! - accredited[shift]!;
    return without > 0 ? cost[at]! + without * accreditedWeight : cost[at]!;
  };
  const count = (warden: number, shift: number, by: number): void => {
    shared -= costOf(shift);
    there[shift]! += by;
    accredited[shift]! += by * grid.accredited[warden * shifts.length + shift]!;
    shared += costOf(shift);
  };
  const put = (warden: number, day: number, shift: number): void => {
    const at = warden * days + day;
    const old = cells[at]!;
    if (old === shift) return;
    if (pairs[warden]!.length > 0) pairTerms(warden, day, -1);
    if (old >= 0) count(warden, old, -1);
    if (shift >= 0) count(warden, shift, 1);
    cells[at] = shift;
    minutes[warden * width + edge + day] = shift < 0 ? 0 : grid.minutes[shift]!;
    if (pairs[warden]!.length > 0) pairTerms(warden, day, 1);
  };
  return { cells, shared: () => shared, sharedHard: () => hard, put, row };
}
