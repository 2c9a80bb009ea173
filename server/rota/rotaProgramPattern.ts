/** The rows of a rota's programme that look along one warden's days: weekends, isolated days, runs and breaks. */
import type { Terms } from './rotaColumns.ts';
import { edge } from './rotaGrid.ts';
import { type Building, negative, valueOf } from './rotaProgram.ts';

const never = Number.POSITIVE_INFINITY;

export function patternRows(building: Building, warden: number, term: (warden: number, shift: number) => Terms): void {
  weekendRows(building, warden);
  if (building.exact && building.grid.problem.weights.isolatedDay > 0) isolatedRows(building, warden);
  const pattern = building.grid.patterns[warden];
  if (!pattern) return;
  runRows(building, warden, pattern.shortestRun ?? 1, pattern.longestRun ?? never, pattern.shortestBreak ?? 1);
  for (const [type, most] of Object.entries(pattern.mostOfType ?? {})) {
    const terms = building.grid.shifts.flatMap(({ shift }, at) => (shift.type === type ? [...term(warden, at)] : []));
    if (terms.length > most) building.program.row(-never, terms, most);
  }
}

/** A column for each weekend worked, and one for each that is the third of four. */
function weekendRows({ grid, program, onDay, counted }: Building, warden: number): void {
  const { weekends, weekend } = grid;
  const mostWeekends = grid.patterns[warden]?.mostWeekends ?? never;
  const weight = grid.problem.weights.thirdWeekend;
  const daysOf = (week: number): Terms[] => Array.from(weekend).flatMap((of, day) => (of === week && onDay(warden, day).length > 0 ? [onDay(warden, day)] : []));
  // Worked weekends in order, those before the rota as 1 or 0: a column or a number each.
  const before = [0, 1, 2].map((at) => ({ terms: [] as Terms, known: grid.weekendsBefore[warden * 3 + at] ?? 0 }));
  const own = Array.from({ length: weekends }, (_, week) => {
    const days = daysOf(week);
    const column = program.column(0, 1, true);
    for (const terms of days) program.row(0, [[column, 1], ...negative(terms)], never);
    counted.push({ column, least: (x) => Math.max(0, ...days.map((terms) => valueOf(terms, x))) });
    return column;
  });
  if (Number.isFinite(mostWeekends)) program.row(-never, own.map((column) => [column, 1] as const), mostWeekends);
  if (weight === 0) return;
  const all = [...before, ...own.map((column, week) => ((grid.weekendBegun[warden * weekends + week] ?? 0) === 1 ? { terms: [] as Terms, known: 1 } : { terms: [[column, 1]] as Terms, known: 0 }))];
  const thirds = own.map((column, week) => {
    const earlier = all.slice(week, week + 3);
    const third = program.column(weight, 1, false);
    const pairs = [[0, 1], [0, 2], [1, 2]].map(([a = 0, b = 0]) => [earlier[a], earlier[b]] as const);
    for (const [a, b] of pairs) {
      const least = (a?.known ?? 0) + (b?.known ?? 0) - 2;
      if (least > -1 - (a?.terms.length ?? 0) - (b?.terms.length ?? 0)) program.row(least, [[third, 1], [column, -1], ...negative(a?.terms ?? []), ...negative(b?.terms ?? [])], never);
    }
    const workedOf = (x: Float64Array): number => earlier.reduce((sum, { terms, known }) => sum + known + valueOf(terms, x), 0);
    counted.push({ column: third, least: (x) => ((x[column] ?? 0) > 0.5 && workedOf(x) > 1.5 ? 1 : 0) });
    return third;
  });
  // Of four weekends in a row those worked beyond two are each a third: said once for all four it holds fractions tighter.
  thirds.forEach((third, week) => {
    if (week === 0) return;
    const four = all.slice(week, week + 4);
    program.row(four.reduce((sum, { known }) => sum + known, 0) - 2, [[third, 1], [thirds[week - 1]!, 1], ...four.flatMap(({ terms }) => [...negative(terms)])], never);
  });
}

function isolatedRows({ grid, program, onDay, counted }: Building, warden: number): void {
  const row = warden * (grid.days + 2 * edge) + edge;
  const outside = (day: number): number => ((grid.outside[row + day] ?? 0) > 0 ? 1 : 0);
  for (let day = 0; day + 1 < grid.days; day++) {
    const here = onDay(warden, day);
    if (here.length === 0 || (day === 0 && outside(-1) === 1)) continue;
    const beside = [...(day === 0 ? [] : onDay(warden, day - 1)), ...onDay(warden, day + 1)];
    const alone = program.column(grid.problem.weights.isolatedDay, 1, false);
    program.row(0, [[alone, 1], ...negative(here), ...beside], never);
    counted.push({ column: alone, least: (x) => valueOf(here, x) - valueOf(beside, x) });
  }
}

/** Runs at most so long, runs and breaks inside the rota at least so long. */
function runRows({ grid, program, onDay }: Building, warden: number, shortestRun: number, longestRun: number, shortestBreak: number): void {
  const row = warden * (grid.days + 2 * edge) + edge;
  for (let from = -edge; from + longestRun < grid.days; from++) {
    const days = Array.from({ length: longestRun + 1 }, (_, later) => from + later);
    const before = days.filter((day) => day < 0 && (grid.outside[row + day] ?? 0) > 0).length;
    if (days.filter((day) => day < 0).length === before) program.row(-never, days.flatMap((day) => (day < 0 ? [] : [...onDay(warden, day)])), longestRun - before);
  }
  for (let day = 1; day < grid.days; day++) {
    for (let later = 1; later < Math.max(shortestRun, shortestBreak) && day + later < grid.days; later++) {
      const starts = [...onDay(warden, day), ...negative(onDay(warden, day - 1)), ...negative(onDay(warden, day + later))];
      if (later < shortestRun) program.row(-never, starts, 0);
      if (later < shortestBreak) program.row(-1, starts, never);
    }
  }
}
