import type { Adjacency } from './neighbours.ts';

/** What a cell is in an evaluation: treated, in the buffer around, free to be a control, or shut out (too near, or named as unfit). */
export type EvaluationRole = 'treated' | 'buffer' | 'free' | 'excluded';

/**
 * Rings from the treated cells: 0 treated, 1 touching one, 2 the next ring and so on, −1 where no path leads (at resolution 9 a ring is about
 * 330 m). `treated` is one byte a cell, `neighbours` the adjacency of all cells of the area.
 */
export function ringsAround(treated: Uint8Array, { offsets, targets }: Adjacency): Int32Array {
  if (treated.length !== offsets.length - 1) throw new RangeError(`There are ${treated.length} cells for ${offsets.length - 1} rows of neighbours: give one byte a cell.`);
  const rings = new Int32Array(treated.length).fill(-1);
  let edge: number[] = [];
  treated.forEach((flag, cell) => {
    if (flag !== 1) return;
    rings[cell] = 0;
    edge.push(cell);
  });
  for (let ring = 1; edge.length > 0; ring++) {
    const outward: number[] = [];
    for (const cell of edge) {
      for (const next of targets.subarray(offsets[cell], offsets[cell + 1])) {
        if (rings[next] !== -1) continue;
        rings[next] = ring;
        outward.push(next);
      }
    }
    edge = outward;
  }
  return rings;
}

/** Roles by ring: treated, `bufferRings` rings of buffer (1 unless told), free from `controlFrom` rings away (2 unless told); unfit cells are never controls. */
export function evaluationRoles(treated: Uint8Array, neighbours: Adjacency, options: { bufferRings?: number; controlFrom?: number; unfit?: Uint8Array } = {}): EvaluationRole[] {
  const { bufferRings = 1, controlFrom = 2, unfit } = options;
  return Array.from(ringsAround(treated, neighbours), (ring, cell): EvaluationRole => {
    if (ring === 0) return 'treated';
    if (ring > 0 && ring <= bufferRings) return 'buffer';
    return unfit?.[cell] === 1 || (ring > 0 && ring < controlFrom) ? 'excluded' : 'free';
  });
}

/** Controls and how alike they are. */
export interface MatchedControls {
  /** For each treated cell, in the order of the cells, its control cell. */
  pairs: { treated: number; control: number; distance: number }[];
  /** Treated cells for which no free cell was left. */
  unmatched: number[];
  /** Per covariate: difference of means over the pooled standard deviation, all free cells against treated and matched against treated. */
  standardisedBefore: Float64Array;
  standardisedAfter: Float64Array;
}

/**
 * Nearest matched controls, one for one and none twice, on covariates scaled by their spread over treated and free cells together: give
 * twelve monthly counts and deprivation. `covariates` is cells × columns, row by row. The treated cell hardest to match chooses first.
 * A standardised difference beyond ±0.1 after matching should be shown as a warning (Austin 2011).
 */
export function matchControls(roles: readonly EvaluationRole[], covariates: ArrayLike<number>): MatchedControls {
  const columns = covariates.length / Math.max(1, roles.length);
  if (!Number.isInteger(columns) || columns === 0) throw new RangeError(`${covariates.length} covariates do not fit ${roles.length} cells: give as many columns for every cell.`);
  const cellsOf = (wanted: EvaluationRole): number[] => roles.flatMap((role, cell) => (role === wanted ? cell : []));
  const [treated, free] = [cellsOf('treated'), cellsOf('free')];
  const scales = columnScales([...treated, ...free], covariates, columns);
  const distance = (a: number, b: number): number => {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += (((covariates[a * columns + k] as number) - (covariates[b * columns + k] as number)) / (scales[k] as number)) ** 2;
    return Math.sqrt(sum);
  };
  const nearest = (cell: number, among: Iterable<number>): { control: number; distance: number } => {
    let best = { control: -1, distance: Infinity };
    for (const control of among) {
      const apart = distance(cell, control);
      if (apart < best.distance) best = { control, distance: apart };
    }
    return best;
  };
  const left = new Set(free);
  const hardestFirst = treated.map((cell) => ({ cell, apart: nearest(cell, free).distance })).sort((a, b) => b.apart - a.apart || a.cell - b.cell);
  const pairs = hardestFirst.flatMap(({ cell }) => {
    const { control, distance: apart } = nearest(cell, left);
    return left.delete(control) ? [{ treated: cell, control, distance: apart }] : [];
  });
  const matched = pairs.map(({ control }) => control);
  const paired = new Set(pairs.map((pair) => pair.treated));
  return {
    pairs: pairs.sort((a, b) => a.treated - b.treated),
    unmatched: treated.filter((cell) => !paired.has(cell)),
    standardisedBefore: standardisedDifferences(treated, free, covariates, columns),
    standardisedAfter: standardisedDifferences(treated, matched, covariates, columns),
  };
}

/** The standard deviation of each column over some cells; 1 where a column is constant. */
function columnScales(cells: number[], covariates: ArrayLike<number>, columns: number): Float64Array {
  return Float64Array.from({ length: columns }, (_, k) => {
    const { variance } = columnMoments(cells, covariates, columns, k);
    return variance > 0 ? Math.sqrt(variance) : 1;
  });
}

function columnMoments(cells: number[], covariates: ArrayLike<number>, columns: number, column: number): { mean: number; variance: number } {
  const values = cells.map((cell) => covariates[cell * columns + column] as number);
  if (values.some((value) => !Number.isFinite(value))) throw new RangeError(`Covariate ${column} is not a number in some cell: fill it or leave the cell out.`);
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1) };
}

function standardisedDifferences(treated: number[], others: number[], covariates: ArrayLike<number>, columns: number): Float64Array {
  return Float64Array.from({ length: columns }, (_, k) => {
    const [one, other] = [columnMoments(treated, covariates, columns, k), columnMoments(others, covariates, columns, k)];
    const pooled = Math.sqrt((one.variance + other.variance) / 2);
    const apart = one.mean - other.mean;
    if (treated.length === 0 || others.length === 0 || apart === 0) return 0;
    return pooled > 0 ? apart / pooled : Math.sign(apart) * Infinity;
  });
}
