/** A plan while it is made: how many visits each cell has, what they use of every limit, and whether one more fits. */
import type { Problem } from './allocationModel.ts';

export interface PlanState {
  readonly counts: Int32Array;
  readonly hotspotPence: Float64Array;
  readonly bandMinutes: Float64Array;
  readonly groupVisits: Int32Array;
  /** Visits towards each row of each requirement, rows numbered through as in `rowsOf`. */
  readonly rowVisits: Int32Array;
  spentPence: number;
  gain: number;
}

/** Rows of all requirements numbered through, and for each cell the rows it counts towards. */
export interface RequirementRows {
  readonly wanted: Int32Array;
  readonly requirement: Int32Array;
  readonly ofCell: readonly (readonly number[])[];
}

/** What keeps one more visit out of a cell. */
export type Stop = 'band' | 'shift' | 'share' | 'rota' | 'money';

/** Numbers the requirement rows of a problem. */
export function rowsOf(problem: Problem): RequirementRows {
  const wanted: number[] = [];
  const requirement: number[] = [];
  const ofCell: number[][] = problem.cells.map(() => []);
  problem.requirements.forEach((promise, index) => {
    for (const row of promise.rows) {
      for (const cell of row.cells) ofCell[cell]?.push(wanted.length);
      wanted.push(row.wanted);
      requirement.push(index);
    }
  });
  return { wanted: Int32Array.from(wanted), requirement: Int32Array.from(requirement), ofCell };
}

/** A plan without visits. */
export function emptyState(problem: Problem, rows: RequirementRows): PlanState {
  return {
    counts: new Int32Array(problem.cells.length),
    hotspotPence: new Float64Array(problem.hotspots.length),
    bandMinutes: new Float64Array(problem.bands.length),
    groupVisits: new Int32Array(problem.groups),
    rowVisits: new Int32Array(rows.wanted.length),
    spentPence: 0,
    gain: 0,
  };
}

/** A plan of its own with the same visits. */
export function copyState(state: PlanState): PlanState {
  return {
    ...state,
    counts: state.counts.slice(), hotspotPence: state.hotspotPence.slice(), bandMinutes: state.bandMinutes.slice(),
    groupVisits: state.groupVisits.slice(), rowVisits: state.rowVisits.slice(),
  };
}

/** The first limit that keeps one more visit out of a cell, or null when it fits. Money comes last: it is named only when nothing nearer binds. */
export function stopAt(problem: Problem, state: PlanState, index: number): Stop | null {
  const cell = problem.cells[index];
  if (!cell) return 'band';
  const available = problem.minutesAvailable?.[cell.band.index];
  if (available !== undefined && (state.bandMinutes[cell.band.index] ?? 0) + cell.personMinutes > available) return 'rota';
  if ((state.counts[index] ?? 0) >= cell.max) return cell.max < problem.settings.maxPerShift || cell.group < 0 ? 'band' : 'shift';
  if (cell.group >= 0 && (state.groupVisits[cell.group] ?? 0) >= problem.settings.maxPerShift) return 'shift';
  const share = problem.shareLimitPence[cell.hotspot] ?? 0;
  if (share < problem.moneyPence && (state.hotspotPence[cell.hotspot] ?? 0) + cell.costPence > share) return 'share';
  return state.spentPence + cell.costPence > problem.moneyPence ? 'money' : null;
}

/** Adds (`by` 1) or takes away (-1) one visit of a cell; changes the state in place. */
export function change(problem: Problem, rows: RequirementRows, state: PlanState, index: number, by: 1 | -1): void {
  const cell = problem.cells[index];
  if (!cell) return;
  const before = state.counts[index] ?? 0;
  state.gain += by * (cell.gains[by === 1 ? before : before - 1] ?? 0);
  state.counts[index] = before + by;
  state.spentPence += by * cell.costPence;
  state.hotspotPence[cell.hotspot] = (state.hotspotPence[cell.hotspot] ?? 0) + by * cell.costPence;
  state.bandMinutes[cell.band.index] = (state.bandMinutes[cell.band.index] ?? 0) + by * cell.personMinutes;
  if (cell.group >= 0) state.groupVisits[cell.group] = (state.groupVisits[cell.group] ?? 0) + by;
  for (const row of rows.ofCell[index] ?? []) state.rowVisits[row] = (state.rowVisits[row] ?? 0) + by;
}

/** What each requirement lacks: the largest lack of any of its rows. */
export function lacksOf(problem: Problem, rows: RequirementRows, state: PlanState): number[] {
  const lacks = problem.requirements.map(() => 0);
  rows.wanted.forEach((wanted, row) => {
    const requirement = rows.requirement[row] ?? 0;
    lacks[requirement] = Math.max(lacks[requirement] ?? 0, wanted - (state.rowVisits[row] ?? 0));
  });
  return lacks;
}

/** The points a plan loses: each requirement's lack times its penalty. */
export function pointsOf(problem: Problem, rows: RequirementRows, state: PlanState): number {
  return lacksOf(problem, rows, state).reduce((sum, lack, index) => sum + lack * (problem.requirements[index]?.penalty ?? 0), 0);
}

/** The gain added again from the visits, free of what adding and taking away leaves in the last digits. */
export function gainOf(problem: Problem, state: PlanState): number {
  let gain = 0;
  problem.cells.forEach((cell, index) => {
    for (let ordinal = 0; ordinal < (state.counts[index] ?? 0); ordinal++) gain += cell.gains[ordinal] ?? 0;
  });
  return gain;
}

/** True when a plan loses fewer points, or as many and gains more. */
export function isBetter(problem: Problem, rows: RequirementRows, plan: PlanState, than: PlanState): boolean {
  const difference = pointsOf(problem, rows, than) - pointsOf(problem, rows, plan);
  return difference !== 0 ? difference > 0 : plan.gain > than.gain + 1e-12;
}
