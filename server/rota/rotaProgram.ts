/** A rota as a whole-number programme: one column for each warden and shift, and the counts that the weights are put on. */
import type { LinearModel } from '../patrols/solver.ts';
import { createProgram, type ProgramBuilder, type Terms } from './rotaColumns.ts';
import { edge, type RotaGrid } from './rotaGrid.ts';
import { patternRows } from './rotaProgramPattern.ts';

export interface RotaProgram {
  readonly model: LinearModel;
  readonly whole: Int32Array;
  /** Cost that no roster changes; added to what the programme costs. */
  readonly base: number;
  /** Warden × shift: its column, or -1 where the warden may not work it. */
  readonly columns: Int32Array;
  /** A whole start from cells, every count worked out. */
  startFrom(cells: Int32Array): Float64Array;
}

/** A count on which a weight stands: its column and the least value it may have once the shifts are set. */
export interface Counted {
  readonly column: number;
  readonly least: (x: Float64Array) => number;
}

export interface Building {
  readonly grid: RotaGrid;
  readonly program: ProgramBuilder;
  readonly columns: Int32Array;
  readonly counted: Counted[];
  /** False leaves out what is dear to say and cheap to miss: the programme then gives a bound, a little lower, and no rota. */
  readonly exact: boolean;
  /** Columns of the warden's shifts on a day. */
  onDay(warden: number, day: number): Terms;
}

const never = Number.POSITIVE_INFINITY;
export const valueOf = (terms: Terms, x: Float64Array): number => terms.reduce((sum, [column, factor]) => sum + factor * (x[column] ?? 0), 0);
export const negative = (terms: Terms): Terms => terms.map(([column, factor]) => [column, -factor] as const);

export function programOf(grid: RotaGrid, exact: boolean): RotaProgram {
  const program = createProgram();
  const count = grid.shifts.length;
  const columns = Int32Array.from(grid.allowed, (allowed, at) => (allowed === 1 ? program.column(grid.wish[at] ?? 0, 1, true) : -1));
  const term = (warden: number, shift: number): Terms => ((columns[warden * count + shift] ?? -1) < 0 ? [] : [[columns[warden * count + shift] ?? 0, 1]]);
  const building: Building = { grid, program, columns, exact, counted: [], onDay: (warden, day) => (grid.ofDay[day] ?? []).flatMap((shift) => [...term(warden, shift)]) };
  for (let warden = 0; warden < grid.wardens; warden++) {
    dayRows(building, warden);
    restRows(building, warden, term);
    sevenDayRows(building, warden);
    contractRows(building, warden);
    patternRows(building, warden, term);
  }
  coverRows(building, term);
  pairRows(building, term);
  const { model, whole } = program.build();
  const startFrom = (cells: Int32Array): Float64Array => {
    const x = new Float64Array(model.cost.length);
    cells.forEach((shift, at) => { if (shift >= 0) x[columns[Math.floor(at / grid.days) * count + shift] ?? 0] = 1; });
    for (const { column, least } of building.counted) x[column] = Math.max(0, least(x));
    return x;
  };
  return { model, whole, base: grid.wishBase.reduce((sum, value) => sum + value, 0), columns, startFrom };
}

function dayRows({ grid, program, onDay }: Building, warden: number): void {
  for (let day = 0; day < grid.days; day++) {
    const terms = onDay(warden, day);
    if (terms.length > 1) program.row(-never, terms, 1);
  }
}

type TermOf = (warden: number, shift: number) => Terms;

/** Too little rest, as sets of which one may be worked: a shift, all that leave as little rest before what follows it, and what follows. */
function restRows({ grid, program, onDay }: Building, warden: number, term: TermOf): void {
  const count = grid.shifts.length;
  for (let day = 0; day + 1 < grid.days; day++) {
    for (const later of [day + 1, day + 2]) {
      const after = (before: number): number[] => (grid.ofDay[later] ?? []).filter((shift) => grid.clash[before * count + shift] === 1 && term(warden, shift).length > 0);
      const seen = new Set<string>();
      for (const before of grid.ofDay[day] ?? []) {
        const blocked = after(before);
        if (blocked.length === 0) continue;
        const like = (grid.ofDay[day] ?? []).filter((shift) => blocked.every((next) => grid.clash[shift * count + next] === 1));
        const key = `${like.join()}|${blocked.join()}`;
        const terms = [...like.flatMap((shift) => [...term(warden, shift)]), ...blocked.flatMap((shift) => [...term(warden, shift)])];
        if (!seen.has(key) && terms.length > 1) program.row(-never, terms, 1);
        seen.add(key);
      }
    }
    for (const before of grid.ofDay[day] ?? []) {
      const blocked = (grid.ofDay[day + 2] ?? []).filter((shift) => grid.clash[before * count + shift] === 2);
      if (blocked.length > 0 && term(warden, before).length > 0) program.row(-never, [...term(warden, before), ...blocked.flatMap((shift) => [...term(warden, shift)]), ...negative(onDay(warden, day + 1))], 1);
    }
  }
}

/** The limits on any seven days, with what is worked outside the rota. */
function sevenDayRows({ grid, program, onDay, columns }: Building, warden: number): void {
  const { shiftsInSevenDays, minutesInSevenDays } = grid.problem.rules;
  const outside = grid.outside.subarray(warden * (grid.days + 2 * edge), (warden + 1) * (grid.days + 2 * edge));
  const weigh = inMinutes(grid, columns);
  for (let from = -edge; from < grid.days; from++) {
    const days = Array.from({ length: 7 }, (_, later) => from + later);
    const terms = days.flatMap((day) => (day < 0 ? [] : [...onDay(warden, day)]));
    const around = days.map((day) => outside[day + edge] ?? 0);
    const shifts = around.filter((minutes) => minutes > 0).length;
    const room = shiftsInSevenDays.value - shifts;
    if (terms.length === 0) continue;
    if (room < 7) program.row(-never, terms, Math.max(0, room));
    const weighed = weigh(terms);
    const most = minutesInSevenDays.value - around.reduce((sum, minutes) => sum + minutes, 0);
    const longest = Math.max(...weighed.map(([, minutes]) => minutes));
    if (longest * Math.min(room, 7) > most) program.row(-never, weighed, Math.max(0, most));
  }
  for (const { from, to, most } of grid.windows[warden] ?? []) {
    program.row(-never, weigh(Array.from({ length: to - from }, (_, later) => from + later).flatMap((day) => [...onDay(warden, day)])), most);
  }
}

/** Shifts weighed by their minutes. */
export function inMinutes(grid: RotaGrid, columns: Int32Array): (terms: Terms) => Terms {
  const minutes = new Map<number, number>();
  columns.forEach((column, at) => { if (column >= 0) minutes.set(column, grid.minutes[at % grid.shifts.length] ?? 0); });
  return (terms) => terms.map(([column]) => [column, minutes.get(column) ?? 0] as const);
}

/** Whole shifts short of or over the contract. A second row says the same of the number of shifts, which a fraction of a shift cannot cheat. */
function contractRows({ grid, program, onDay, columns, counted }: Building, warden: number): void {
  const { weights, usualShiftMinutes: usual } = grid.problem;
  const shifts = Array.from({ length: grid.days }, (_, day) => onDay(warden, day)).flatMap((terms) => [...terms]);
  const minutes = inMinutes(grid, columns)(shifts);
  const owed = grid.owed[warden] ?? 0;
  const most = grid.mostMinutes[warden] ?? never;
  const least = grid.leastMinutes[warden] ?? 0;
  if (Number.isFinite(most) || least > 0) program.row(least > 0 ? least : -never, minutes, most);
  const perDay = (extra: (length: number) => number): number => Array.from({ length: grid.days }, (_, day) => Math.max(0, ...inMinutes(grid, columns)(onDay(warden, day)).map(([, length]) => extra(length / usual)))).reduce((sum, value) => sum + value, 0);
  for (const [weight, sign, extra] of [[weights.shortOfContract, 1, perDay((length) => length - 1)], [weights.overContract, -1, perDay((length) => 1 - length)]] as const) {
    if (weight === 0) continue;
    const column = program.column(weight, never, true);
    program.row((sign * owed) / usual - 0.5, [[column, 1], ...minutes.map(([at, length]) => [at, (sign * length) / usual] as const)], never);
    program.row(Math.ceil((sign * owed) / usual - 0.5 - extra - 1e-9), [[column, 1], ...shifts.map(([at]) => [at, sign] as const)], never);
    counted.push({ column, least: (x) => Math.ceil(sign * (owed - valueOf(minutes, x)) / usual - 0.5 - 1e-9) });
  }
}

/** Crews short, spare persons, and crews without anybody accredited. */
function coverRows({ grid, program, counted }: Building, term: TermOf): void {
  const { weights } = grid.problem;
  const everybody = Array.from({ length: grid.wardens }, (_, warden) => warden);
  grid.shifts.forEach(({ shift }, at) => {
    const { crews, crewSize } = shift.cover;
    const there = everybody.flatMap((warden) => [...term(warden, at)]);
    const short = program.column(shift.cover.underWeight ?? weights.underCover, crews, true);
    const spare = program.column(shift.cover.overWeight ?? weights.overCover, never, false);
    program.row(crews * crewSize, [...there, [short, crewSize], [spare, -1]], crews * crewSize);
    const formed = (x: Float64Array): number => Math.min(crews, Math.floor((valueOf(there, x) + 1e-6) / crewSize));
    counted.push({ column: short, least: (x) => crews - formed(x) }, { column: spare, least: (x) => valueOf(there, x) - formed(x) * crewSize });
    if (weights.noAccredited === 0) return;
    const without = program.column(weights.noAccredited, crews, false);
    const accredited = everybody.filter((warden) => grid.accredited[warden * grid.shifts.length + at] === 1).flatMap((warden) => [...term(warden, at)]);
    program.row(crews, [[without, 1], [short, 1], ...accredited], never);
    counted.push({ column: without, least: (x) => formed(x) - valueOf(accredited, x) });
  });
}

function pairRows({ grid, program, counted }: Building, term: TermOf): void {
  const index = new Map(grid.problem.wardens.map(({ id }, at) => [id, at]));
  for (const { kind, first, second } of grid.problem.pairs) {
    const [one, other] = [index.get(first), index.get(second)];
    if (one === undefined || other === undefined) continue;
    grid.shifts.forEach((_, at) => {
      const [a, b] = [term(one, at), term(other, at)];
      if (kind === 'must') return void (a.length > 0 && program.row(-never, [...a, ...negative(b)], 0));
      if (a.length === 0 || b.length === 0) return;
      if (kind === 'mustNot') return void program.row(-never, [...a, ...b], 1);
      const together = program.column(grid.problem.weights.shouldNotTogether, 1, false);
      program.row(-1, [[together, 1], ...negative(a), ...negative(b)], never);
      counted.push({ column: together, least: (x) => valueOf(a, x) + valueOf(b, x) - 1 });
    });
  }
}
