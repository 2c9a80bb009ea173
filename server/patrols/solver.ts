/** Linear and whole-number programmes solved by HiGHS (MIT licence, https://highs.dev), loaded when first wanted because its WebAssembly is large. */
import type { Highs, Model } from 'highs';

/** A programme to maximise. The matrix is column by column: column j has `rows[k]`, `values[k]` for k from `starts[j]` to `starts[j+1]`. */
export interface LinearModel {
  readonly cost: Float64Array;
  readonly colLower: Float64Array;
  readonly colUpper: Float64Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  readonly values: Float64Array;
}

export interface SolverLimits {
  /** Stop when the plan is proved to be within this fraction of the best. */
  readonly relativeGap: number;
  /** Stop when it is proved to be within this many units of the best. */
  readonly absoluteGap?: number;
  /** Branches to look at; keeps the same input on the same answer, which a clock would not. */
  readonly nodes: number;
  /** Upper stop only. */
  readonly seconds: number;
  /** Presolve and heuristics take longer than they save where a good plan is given to start from (measured: three times as long); true leaves them out. */
  readonly startsNearBest?: boolean;
  /** What the solver draws its ties by; 0 unless told. */
  readonly seed?: number;
}

export interface LinearAnswer {
  readonly objective: number;
  readonly x: Float64Array;
  /** What one more unit of each row's limit is worth. */
  readonly rowDual: Float64Array;
}

export interface WholeAnswer {
  /** The best whole-number plan found, or null when none was. */
  readonly x: Float64Array | null;
  /** No plan can be better than this. */
  readonly bound: number;
}

export interface LinearSession {
  /** Solves again from where the last solve ended; null when the limits cannot all hold or the solver gave up. */
  solve(): LinearAnswer | null;
  setRowUpper(row: number, upper: number): void;
  setCost(column: number, cost: number): void;
  setColumn(column: number, cost: number, lower: number, upper: number): void;
  /** Adds a column, from 0 to 1, with its factors in rows that exist. */
  addColumn(cost: number, rows: readonly number[], values: readonly number[]): void;
  addRow(lower: number, columns: readonly number[], values: readonly number[], upper: number): void;
  setColumnBounds(column: number, lower: number, upper: number): void;
  /** The next solves go by the primal simplex, which is faster after columns were added, or by the dual. */
  primal(on: boolean): void;
}

export interface Solver {
  /** The best fractional plan; null when the limits cannot all hold or the solver gave up. */
  solveLinear(model: LinearModel, seconds: number): LinearAnswer | null;
  /** The best whole-number plan, beginning from `start` when given. */
  solveWhole(model: LinearModel, whole: Int32Array, limits: SolverLimits, start: Float64Array | null): WholeAnswer;
  /** Keeps a model for many solves with small changes; what the callback returns is passed on. */
  withSession<T>(model: LinearModel, use: (session: LinearSession) => T): T;
}

const optimal = 7;
let loading: Promise<Solver> | null = null;

/** The solver, loaded once for the process; throws when the WebAssembly cannot be loaded (the greedy plan needs none). */
export function loadSolver(): Promise<Solver> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(): Promise<Solver> {
  const loaded = await import('highs');
  // The package's types describe its CommonJS build, one `default` deeper than the module build that Node loads here.
  const start = loaded.default as unknown as typeof loaded.default.default;
  const highs = await start();
  return {
    solveLinear: (model, seconds) => withModel(highs, model, null, (native) => {
      native.options.set({ time_limit: seconds });
      return runLinear(native);
    }),
    solveWhole: (model, whole, limits, from) => withModel(highs, model, whole, (native) => runWhole(native, limits, from)),
    withSession: (model, use) => withModel(highs, model, null, (native) =>
      use({
        solve: () => runLinear(native),
        setRowUpper: (row, upper) => void native.changeRowBounds(row, -highs.infinity, upper),
        setCost: (column, cost) => void native.changeColCost(column, cost),
        setColumn: (column, cost, lower, upper) => {
          native.changeColCost(column, cost);
          native.changeColBounds(column, lower, upper);
        },
        addColumn: (cost, rows, values) => void native.addCol(cost, 0, 1, { indices: rows, values }),
        addRow: (lower, columns, values, upper) => void native.addRow(lower, upper, { indices: columns, values }),
        setColumnBounds: (column, lower, upper) => void native.changeColBounds(column, lower, upper),
        primal: (on) => void native.options.set({ simplex_strategy: on ? 4 : 1 }),
      }),
    ),
  };
}

function withModel<T>(highs: Highs, model: LinearModel, whole: Int32Array | null, use: (native: Model) => T): T {
  const native: Model = highs.createModel({
    numCols: model.cost.length,
    numRows: model.rowUpper.length,
    sense: highs.constants.objectiveSense.maximize,
    colCost: model.cost, colLower: model.colLower, colUpper: model.colUpper, rowLower: model.rowLower, rowUpper: model.rowUpper,
    matrix: { format: 'csc', numRows: model.rowUpper.length, numCols: model.cost.length, starts: model.starts, indices: model.rows, values: model.values },
    ...(whole ? { integrality: whole } : {}),
  });
  try {
    native.options.set({ output_flag: false, random_seed: 0 });
    return use(native);
  } finally {
    native.dispose();
  }
}

function runLinear(native: Model): LinearAnswer | null {
  const { modelStatus } = native.run();
  if (modelStatus !== optimal) return null;
  const { colValue, rowDual } = native.getSolution();
  return { objective: native.getObjectiveValue(), x: colValue, rowDual };
}

function runWhole(native: Model, limits: SolverLimits, start: Float64Array | null): WholeAnswer {
  native.options.set({ mip_rel_gap: limits.relativeGap, mip_max_nodes: limits.nodes, time_limit: limits.seconds });
  if (limits.absoluteGap !== undefined) native.options.set({ mip_abs_gap: limits.absoluteGap });
  if (limits.seed !== undefined) native.options.set({ random_seed: limits.seed });
  if (limits.startsNearBest) native.options.set({ presolve: 'off', mip_heuristic_effort: 0 });
  if (start) native.setSolution({ colValue: start });
  native.run();
  const feasible = native.info.get('primal_solution_status') === 2;
  const bound = Number(native.info.get('mip_dual_bound'));
  return { x: feasible ? native.getSolution().colValue : null, bound };
}
