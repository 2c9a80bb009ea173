/** What one warden's row of a rota costs and how many rules it breaks; written for speed, since the searches ask millions of times. */
import { edge, type RotaGrid } from './rotaGrid.ts';

export interface RowCost {
  soft: number;
  /** How far rules are broken, in shifts; 0 when none is. */
  hard: number;
}

/** The row's cost read off cells and minutes as they stand; the answer is one object, overwritten by the next call. */
export function createRow(grid: RotaGrid, cells: Int32Array, minutes: Float64Array): (warden: number) => RowCost {
  const answer: RowCost = { soft: 0, hard: 0 };
  return (warden) => {
    answer.soft = 0;
    answer.hard = 0;
    walkDays(grid, cells, minutes, warden, answer);
    totals(grid, cells, minutes, warden, answer);
    const pattern = grid.patterns[warden];
    if (pattern) stretches(grid, minutes, warden, pattern.shortestRun ?? 1, pattern.longestRun ?? 1e9, pattern.shortestBreak ?? 1, answer);
    return answer;
  };
}

/** Seven days, rest, isolated days and wishes. */
function walkDays(grid: RotaGrid, cells: Int32Array, minutes: Float64Array, warden: number, answer: RowCost): void {
  const { days, clash, wish, shifts } = grid;
  const { shiftsInSevenDays, minutesInSevenDays } = grid.problem.rules;
  const mostShifts = shiftsInSevenDays.value;
  const mostMinutes = minutesInSevenDays.value;
  const isolated = grid.problem.weights.isolatedDay;
  const row = warden * (days + 2 * edge);
  const count = shifts.length;
  let worked = 0;
  let sum = 0;
  for (let at = 0; at < edge; at++) {
    const length = minutes[row + at]!;
    if (length > 0) worked++;
    sum += length;
  }
  let last = -1;
  let lastBut1 = -1;
  let soft = grid.wishBase[warden]!;
  let hard = 0;
  for (let at = edge; at < days + 2 * edge; at++) {
    const length = minutes[row + at]!;
    sum += length;
    if (length > 0) worked++;
    if (at > edge) {
      const gone = minutes[row + at - edge - 1]!;
      sum -= gone;
      if (gone > 0) worked--;
    }
    if (worked > mostShifts) hard += worked - mostShifts;
    else if (sum > mostMinutes) hard++;
    if (at >= days + edge) continue;
    const shift = cells[warden * days + at - edge]!;
    if (shift >= 0) {
      soft += wish[warden * count + shift]!;
      if (last >= 0) { if (clash[last * count + shift] === 1) hard++; }
      else if (lastBut1 >= 0 && clash[lastBut1 * count + shift]! > 0) hard++;
      if (at < days + edge - 1 && minutes[row + at - 1] === 0 && minutes[row + at + 1] === 0) soft += isolated;
    }
    lastBut1 = last;
    last = shift;
  }
  answer.soft += soft;
  answer.hard += hard;
}

/** Hours against the contract, averages, weekends, kinds of shift. */
function totals(grid: RotaGrid, cells: Int32Array, minutes: Float64Array, warden: number, answer: RowCost): void {
  const { days, weekend, weekends, problem } = grid;
  const row = warden * (days + 2 * edge) + edge;
  let total = 0;
  let weekendBits = 0;
  for (let day = 0; day < days; day++) {
    const length = minutes[row + day]!;
    if (length === 0) continue;
    total += length;
    if (weekend[day]! >= 0) weekendBits |= 1 << weekend[day]!;
  }
  const usual = problem.usualShiftMinutes;
  const apart = (total - grid.owed[warden]!) / usual;
  if (apart > 0.5) answer.soft += Math.ceil(apart - 0.5 - 1e-9) * problem.weights.overContract;
  else if (apart < -0.5) answer.soft += Math.ceil(-apart - 0.5 - 1e-9) * problem.weights.shortOfContract;
  if (total > grid.mostMinutes[warden]! + 1e-6) answer.hard += Math.ceil((total - grid.mostMinutes[warden]! - 1e-6) / usual);
  if (total < grid.leastMinutes[warden]!) answer.hard += Math.ceil((grid.leastMinutes[warden]! - total) / usual);
  for (const { from, to, most } of grid.windows[warden]!) {
    let inside = 0;
    for (let day = from; day < to; day++) inside += minutes[row + day]!;
    if (inside > most + 1e-6) answer.hard += Math.ceil((inside - most) / usual);
  }
  let inWeekends = 0;
  let history = 0;
  for (let at = 0; at < 3; at++) history = (history << 1) | grid.weekendsBefore[warden * 3 + at]!;
  for (let week = 0; week < weekends; week++) {
    const here = (weekendBits >> week) & 1;
    inWeekends += here;
    if (here === 1 && (history & 1) + ((history >> 1) & 1) + ((history >> 2) & 1) >= 2) answer.soft += problem.weights.thirdWeekend;
    history = ((history << 1) | here | grid.weekendBegun[warden * weekends + week]!) & 7;
  }
  const pattern = grid.patterns[warden];
  if (!pattern) return;
  if (inWeekends > (pattern.mostWeekends ?? 1e9)) answer.hard += inWeekends - (pattern.mostWeekends ?? 0);
  if (pattern.mostOfType) answer.hard += tooManyOfType(grid, cells, warden, pattern.mostOfType);
}

function tooManyOfType(grid: RotaGrid, cells: Int32Array, warden: number, most: Readonly<Record<string, number>>): number {
  const counts = new Int32Array(grid.types.length);
  for (let day = 0; day < grid.days; day++) {
    const shift = cells[warden * grid.days + day]!;
    if (shift >= 0) counts[grid.type[shift]!]!++;
  }
  return grid.types.reduce((sum, type, at) => sum + Math.max(0, counts[at]! - (most[type] ?? 1e9)), 0);
}

/** Runs too long or too short and breaks too short; those at an edge may be shorter. */
function stretches(grid: RotaGrid, minutes: Float64Array, warden: number, shortestRun: number, longestRun: number, shortestBreak: number, answer: RowCost): void {
  const { days } = grid;
  const row = warden * (days + 2 * edge) + edge;
  let from = 0;
  while (from < days) {
    const working = minutes[row + from]! > 0;
    let to = from;
    while (to < days && minutes[row + to]! > 0 === working) to++;
    let length = to - from;
    if (working && from === 0) for (let before = -1; before >= -edge && minutes[row + before]! > 0; before--) length++;
    if (working && length > longestRun) answer.hard += length - longestRun;
    if (from > 0 && to < days) answer.hard += Math.max(0, (working ? shortestRun : shortestBreak) - length);
    from = to;
  }
}
