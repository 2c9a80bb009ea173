/** The programme that a choice of rows stands in: one row a warden, crews on each shift, who works together. */
import type { LinearModel } from '../patrols/solver.ts';
import { createProgram } from './rotaColumns.ts';
import type { RotaGrid } from './rotaGrid.ts';

/** Of the wardens outside, one is needed on the shift, or a crew is short there. */
export interface Cut {
  readonly shift: number;
  /** Per warden: 1 where working the shift does not count. */
  readonly inside: Uint8Array;
}

export interface RotaFrame {
  /** The columns and rows that stand before any choice of rows; rows for cuts follow the last. */
  readonly model: LinearModel;
  readonly rows: number;
  /** The column of a shift's missing crews. */
  shortOf(shift: number): number;
  /** Every row that a warden's working a shift stands in, with its factor. */
  factors(warden: number, shift: number, cuts: readonly Cut[], use: (row: number, factor: number) => void): void;
}

const never = Number.POSITIVE_INFINITY;
/** More than any row costs: taken only where the days fixed leave a warden no row that is known yet. */
const noRow = 10_000;

/** `leastShort` and `mostShort` bound the crews missing over all shifts. */
export function frameOf(grid: RotaGrid, leastShort: number, mostShort: number): RotaFrame {
  const { wardens, shifts, accredited, problem: { weights } } = grid;
  const count = shifts.length;
  const index = new Map(grid.problem.wardens.map(({ id }, at) => [id, at]));
  const pairs = grid.problem.pairs.flatMap(({ kind, first, second }) => {
    const [one, other] = [index.get(first), index.get(second)];
    return one === undefined || other === undefined ? [] : [{ kind, one, other }];
  });
  const program = createProgram();
  const needed = shifts.map(({ shift: { cover } }) => ({
    short: program.column(cover.underWeight ?? weights.underCover, cover.crews, true),
    spare: program.column(cover.overWeight ?? weights.overCover, never, false),
    without: program.column(weights.noAccredited, cover.crews, false),
  }));
  for (let warden = 0; warden < wardens; warden++) program.row(1, [[program.column(noRow, 1, false), 1]], 1);
  shifts.forEach(({ shift: { cover } }, at) => program.row(cover.crews * cover.crewSize, [[needed[at]!.short, cover.crewSize], [needed[at]!.spare, -1]], cover.crews * cover.crewSize));
  shifts.forEach(({ shift: { cover } }, at) => program.row(cover.crews, [[needed[at]!.short, 1], [needed[at]!.without, 1]], never));
  for (const { kind } of pairs) {
    for (let shift = 0; shift < count; shift++) {
      if (kind === 'shouldNot') program.row(-1, [[program.column(weights.shouldNotTogether, 1, false), 1]], never);
      else program.row(-never, [], kind === 'must' ? 0 : 1);
    }
  }
  program.row(leastShort, needed.map(({ short }) => [short, 1] as const), mostShort);
  const rows = wardens + (2 + pairs.length) * count + 1;
  return {
    model: program.build().model, rows,
    shortOf: (shift) => needed[shift]!.short,
    factors(warden, shift, cuts, use) {
      use(wardens + shift, 1);
      if (accredited[warden * count + shift] === 1) use(wardens + count + shift, 1);
      pairs.forEach(({ kind, one, other }, pair) => {
        if (warden === one || warden === other) use(wardens + (2 + pair) * count + shift, kind === 'mustNot' || (kind === 'must' && warden === one) ? 1 : -1);
      });
      cuts.forEach((cut, at) => { if (cut.shift === shift && cut.inside[warden] === 0) use(rows + at, 1); });
    },
  };
}
