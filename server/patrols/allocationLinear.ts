/** The problem as a linear programme, row by row what the plan must keep, and the way back from its columns to visits. */
import type { Problem } from './allocationModel.ts';
import type { PlanState } from './allocationState.ts';
import { lacksOf } from './allocationState.ts';
import type { Work } from './greedy.ts';
import type { LinearModel } from './solver.ts';
import { tightener } from './allocationReach.ts';

/**
 * What the programme is asked.
 * `kept`: most gain with every promise kept. `capped`: most gain losing at most `points`. `fewest`: fewest points lost. `priced`: most gain
 * less `price` incidents for each point lost.
 */
export type Question =
  | { readonly ask: 'kept' } | { readonly ask: 'capped'; readonly points: number } | { readonly ask: 'fewest' } | { readonly ask: 'priced'; readonly price: number };

export interface LinearProblem {
  readonly model: LinearModel;
  /** Cell and ordinal (from 0) of each visit column; slack columns, one a requirement, follow them. */
  readonly columnCell: Int32Array;
  readonly columnOrdinal: Int32Array;
  readonly moneyRow: number;
  /** Row of each hotspot's share limit. */
  readonly shareRows: readonly number[];
  /** True when limits were lowered so far that their prices no longer tell what more money is worth. */
  readonly counted: boolean;
}

/** Up to this many visits a fraction of one matters to the bound. */
const fewVisits = 60;

interface Rows {
  readonly lower: number[];
  readonly upper: number[];
}

function addRow(rows: Rows, lower: number, upper: number): number {
  rows.lower.push(lower);
  rows.upper.push(upper);
  return rows.upper.length - 1;
}

/**
 * The programme of a problem. With `tight` the limits are lowered to the largest amount that whole visits can reach, which loses no plan and
 * brings the bound nearer; without, the limits are as given, for the value of more money.
 */
export function linearOf(work: Work, question: Question, tight: boolean): LinearProblem {
  const { problem } = work;
  const rows: Rows = { lower: [], upper: [] };
  const none = Number.NEGATIVE_INFINITY;
  const reach = tight ? tightener(problem.cells.map((cell) => cell.costPence)) : (limit: number): number => limit;
  const reachMinutes = tight ? tightener(problem.cells.map((cell) => cell.personMinutes)) : (limit: number): number => limit;
  const moneyRow = addRow(rows, none, reach(problem.moneyPence));
  const shareRows = problem.shareLimitPence.map((limit) => addRow(rows, none, reach(limit)));
  const minuteRows = problem.minutesAvailable?.map((minutes) => addRow(rows, none, reachMinutes(minutes)));
  const groupRows = groupRowsOf(problem, rows);
  const promiseRows = Array.from(work.rows.wanted, (wanted) => addRow(rows, wanted, Number.POSITIVE_INFINITY));
  const counting = tight ? countingRows(problem, rows) : [];
  const pointsRow = question.ask === 'capped' ? addRow(rows, none, question.points) : -1;

  const columns = { cost: [] as number[], upper: [] as number[], starts: [0], rows: [] as number[], values: [] as number[], cell: [] as number[], ordinal: [] as number[] };
  const entry = (row: number | undefined, value: number): void => {
    if (row === undefined || row < 0) return;
    columns.rows.push(row);
    columns.values.push(value);
  };
  problem.cells.forEach((cell, index) => {
    cell.gains.forEach((gain, ordinal) => {
      entry(moneyRow, cell.costPence);
      entry(shareRows[cell.hotspot], cell.costPence);
      entry(minuteRows?.[cell.band.index], cell.personMinutes);
      if (cell.group >= 0) entry(groupRows[cell.group], 1);
      for (const { row, pence } of counting) if (cell.costPence >= pence) entry(row, Math.floor(cell.costPence / pence));
      for (const row of work.rows.ofCell[index] ?? []) entry(promiseRows[row], 1);
      columns.starts.push(columns.rows.length);
      columns.cost.push(question.ask === 'fewest' ? 0 : gain);
      columns.upper.push(1);
      columns.cell.push(index);
      columns.ordinal.push(ordinal);
    });
  });
  if (question.ask !== 'kept') {
    problem.requirements.forEach((promise, requirement) => {
      work.rows.requirement.forEach((owner, row) => (owner === requirement ? entry(promiseRows[row], 1) : undefined));
      entry(pointsRow, promise.penalty);
      columns.starts.push(columns.rows.length);
      columns.cost.push(-promise.penalty * (question.ask === 'fewest' ? 1 : question.ask === 'priced' ? question.price : 0));
      columns.upper.push(Math.max(...promise.rows.map((row) => row.wanted)));
    });
  }
  return {
    model: {
      cost: Float64Array.from(columns.cost),
      colLower: new Float64Array(columns.cost.length),
      colUpper: Float64Array.from(columns.upper),
      rowLower: Float64Array.from(rows.lower),
      rowUpper: Float64Array.from(rows.upper),
      starts: Int32Array.from(columns.starts),
      rows: Int32Array.from(columns.rows),
      values: Float64Array.from(columns.values),
    },
    columnCell: Int32Array.from(columns.cell),
    columnOrdinal: Int32Array.from(columns.ordinal),
    moneyRow,
    shareRows,
    counted: counting.length > 0,
  };
}

/**
 * With money for few visits, one row for each cost that occurs: as many visits of that cost or more as the money pays for, a dearer one
 * counted as often as it contains the cost. Whole plans lose nothing by it, fractions of visits do.
 */
function countingRows(problem: Problem, rows: Rows): { row: number; pence: number }[] {
  const costs = [...new Set(problem.cells.map((cell) => cell.costPence))].filter((pence) => pence > 0).sort((a, b) => a - b);
  const cheapest = costs[0];
  if (cheapest === undefined || problem.moneyPence / cheapest > fewVisits) return [];
  return costs.slice(0, 6).map((pence) => ({ pence, row: addRow(rows, Number.NEGATIVE_INFINITY, Math.floor(problem.moneyPence / pence)) }));
}

/** A row for each hotspot's shift that could pass the limit a shift has; -1 for the others. */
function groupRowsOf(problem: Problem, rows: Rows): number[] {
  const most = new Int32Array(problem.groups);
  for (const cell of problem.cells) if (cell.group >= 0) most[cell.group] = (most[cell.group] ?? 0) + cell.max;
  return Array.from(most, (visits) => (visits > problem.settings.maxPerShift ? addRow(rows, Number.NEGATIVE_INFINITY, problem.settings.maxPerShift) : -1));
}

/** A plan as the columns' values, for the solver to begin from. */
export function startOf(work: Work, linear: LinearProblem, state: PlanState): Float64Array {
  const values = new Float64Array(linear.model.cost.length);
  const visits = linear.columnCell.length;
  linear.columnCell.forEach((cell, column) => (values[column] = (linear.columnOrdinal[column] ?? 0) < (state.counts[cell] ?? 0) ? 1 : 0));
  if (values.length > visits) lacksOf(work.problem, work.rows, state).forEach((lack, index) => (values[visits + index] = lack));
  return values;
}

/** Visits a cell has in the columns' values, fractions included. */
export function visitsOf(problem: Problem, linear: LinearProblem, values: Float64Array): Float64Array {
  const visits = new Float64Array(problem.cells.length);
  linear.columnCell.forEach((cell, column) => (visits[cell] = (visits[cell] ?? 0) + (values[column] ?? 0)));
  return visits;
}
