/** A rota problem as numbers in typed arrays, for the searches: wardens × days, with a shift or nothing in each cell. */
import { addDays, daysBetween, weekdayOf } from '../patrols/calendar.ts';
import { averageWindows, contractMinutes, factsOfShifts, holdsOn, isAccredited, minutesOf, refusalOf, type ShiftFacts } from './rotaFacts.ts';
import type { Pattern, RotaProblem, Roster, RotaWarden } from './rotaProblem.ts';

/** Days looked back on from the first and forward from the last. */
export const edge = 6;

/** At most `most` minutes from a day up to another. */
export interface HoursWindow {
  readonly from: number;
  readonly to: number;
  readonly most: number;
}

export interface RotaGrid {
  readonly problem: RotaProblem;
  readonly wardens: number;
  readonly days: number;
  readonly shifts: readonly ShiftFacts[];
  /** Per shift. */
  readonly day: Int32Array;
  readonly minutes: Float64Array;
  readonly type: Int32Array;
  readonly types: readonly string[];
  /** Shifts of each day. */
  readonly ofDay: readonly (readonly number[])[];
  /** Warden × shift. */
  readonly allowed: Uint8Array;
  readonly accredited: Uint8Array;
  /** Cost of a warden working a shift, wishes only; may be negative beside `wishBase`. */
  readonly wish: Float64Array;
  /** Per warden: what a roster of nothing costs in wishes. */
  readonly wishBase: Float64Array;
  /** Shift × shift: 1 where the second, later one leaves too little rest after the first; 2 where it does only with nothing in between. */
  readonly clash: Uint8Array;
  /** Warden × (edge + days + edge): minutes outside the rota, 0 inside. */
  readonly outside: Float64Array;
  /** Per warden: minutes owed, and the most there may be. */
  readonly owed: Float64Array;
  readonly mostMinutes: Float64Array;
  readonly leastMinutes: Float64Array;
  readonly windows: readonly (readonly HoursWindow[])[];
  /** Per day: which weekend it belongs to, or -1; and how many there are. */
  readonly weekend: Int32Array;
  readonly weekends: number;
  /** Warden × 3: whether the weekends 3, 2 and 1 before the rota's first were worked. A weekend that lies across its start counts inside. */
  readonly weekendsBefore: Uint8Array;
  /** Warden × weekends: 1 where days before the rota already make the weekend worked. */
  readonly weekendBegun: Uint8Array;
  readonly patterns: readonly (Pattern | null)[];
}

/** Builds the grid; throws what `factsOfShifts` throws. */
export function gridOf(problem: RotaProblem): RotaGrid {
  const shifts = factsOfShifts(problem);
  const types = [...new Set(shifts.map(({ shift }) => shift.type))];
  const first = daysBetween('1970-01-05', problem.from);
  const weekOf = (day: number): number => Math.floor((first + day) / 7) - Math.floor(first / 7);
  const weekend = Int32Array.from({ length: problem.days }, (_, day) => (weekdayOf(addDays(problem.from, day)) >= 5 ? weekOf(day) : -1));
  const weekends = Math.max(-1, ...weekend) + 1;
  const perWarden = <T>(value: (warden: RotaWarden) => T): T[] => problem.wardens.map(value);
  const fill = (value: (warden: RotaWarden, facts: ShiftFacts) => number): number[] => problem.wardens.flatMap((warden) => shifts.map((facts) => value(warden, facts)));
  const allowed = Uint8Array.from(fill((warden, facts) => (refusalOf(problem, warden, facts) === null && restsOutside(problem, warden, facts) ? 1 : 0)));
  return {
    problem, shifts, types, weekend, weekends, allowed,
    wardens: problem.wardens.length, days: problem.days,
    day: Int32Array.from(shifts, ({ day }) => day),
    minutes: Float64Array.from(shifts, ({ minutes }) => minutes),
    type: Int32Array.from(shifts, ({ shift }) => types.indexOf(shift.type)),
    ofDay: Array.from({ length: problem.days }, (_, day) => shifts.flatMap((facts, index) => (facts.day === day ? [index] : []))),
    accredited: Uint8Array.from(fill((warden, facts) => Number(isAccredited(problem, warden, facts)))),
    wish: Float64Array.from(fill((warden, facts) => wishOf(problem, warden, facts))),
    wishBase: Float64Array.from(perWarden((warden) => wishesOf(problem, warden).reduce((sum, { wish, weight }) => sum + (wish === 'desired' ? weight : 0), 0))),
    clash: clashesOf(problem, shifts),
    outside: Float64Array.from(perWarden((warden) => outsideOf(problem, warden)).flat()),
    owed: Float64Array.from(perWarden((warden) => contractMinutes(problem, warden))),
    mostMinutes: Float64Array.from(perWarden((warden) => Math.min(warden.pattern?.mostMinutes ?? Number.POSITIVE_INFINITY, contractMinutes(problem, warden) + problem.rules.shiftsAboveContract.value * problem.usualShiftMinutes))),
    leastMinutes: Float64Array.from(perWarden((warden) => warden.pattern?.leastMinutes ?? 0)),
    windows: perWarden((warden) => windowsOf(problem, warden, shifts)),
    weekendsBefore: Uint8Array.from(perWarden((warden) => [3, 2, 1].map((weeks) => Number(workedWeekend(problem, warden, weekOf(0) - weeks)))).flat()),
    weekendBegun: Uint8Array.from(perWarden((warden) => Array.from({ length: weekends }, (_, week) => Number(workedWeekend(problem, warden, week)))).flat()),
    patterns: perWarden((warden) => warden.pattern ?? null),
  };
}

/** Whether shifts before the rota fall on the weekend of a week, counted from the rota's first week. */
function workedWeekend(problem: RotaProblem, warden: RotaWarden, week: number): boolean {
  const first = daysBetween('1970-01-05', problem.from);
  return warden.worked.some(({ date }) => date < problem.from && weekdayOf(date) >= 5 && Math.floor(daysBetween('1970-01-05', date) / 7) - Math.floor(first / 7) === week);
}

/** Rest to the shifts around the rota: as in it, 24 hours where a day off lies between. */
function restsOutside({ rules }: RotaProblem, warden: RotaWarden, { shift }: ShiftFacts): boolean {
  return warden.worked.every((other) => {
    const [before, after] = other.startsAt < shift.startsAt ? [other, shift] : [shift, other];
    const rest = (after.startsAt - before.endsAt) / 60_000;
    return daysBetween(before.date, after.date) > 0 && rest >= (daysBetween(before.date, after.date) === 2 ? Math.max(rules.restMinutes.value, rules.weeklyRestMinutes.value) : rules.restMinutes.value);
  });
}

const wishesOf = (problem: RotaProblem, warden: RotaWarden) => {
  const last = addDays(problem.from, problem.days - 1);
  return warden.preferences.filter(({ date }) => date >= problem.from && date <= last).map((wish) => ({ ...wish, weight: wish.weight ?? (wish.wish === 'desired' ? problem.weights.desiredMissed : problem.weights.undesired) }));
};

function wishOf(problem: RotaProblem, warden: RotaWarden, { shift }: ShiftFacts): number {
  return wishesOf(problem, warden).filter(({ date, type }) => date === shift.date && (type === null || type === shift.type)).reduce((sum, { wish, weight }) => sum + (wish === 'desired' ? -weight : weight), 0);
}

/**
 * Too little rest between two shifts on different days. A single day off always has to give the week's rest: with two days off in seven
 * that keeps regulation 11 whole.
 */
function clashesOf({ rules }: RotaProblem, shifts: readonly ShiftFacts[]): Uint8Array {
  return Uint8Array.from(shifts.flatMap((before) => shifts.map((after) => {
    if (after.day <= before.day || after.day > before.day + 2) return 0;
    const rest = (after.shift.startsAt - before.shift.endsAt) / 60_000;
    if (rest < rules.restMinutes.value) return 1;
    return after.day === before.day + 2 && rest < rules.weeklyRestMinutes.value ? 2 : 0;
  })));
}

function outsideOf(problem: RotaProblem, warden: RotaWarden): number[] {
  const row = Array.from({ length: problem.days + 2 * edge }, () => 0);
  for (const shift of warden.worked) {
    const at = daysBetween(problem.from, shift.date) + edge;
    if (at in row && (at < edge || at >= edge + problem.days)) row[at] = (row[at] ?? 0) + minutesOf(shift);
  }
  return row;
}

/** The average week as limits on the rota's own minutes; those that the limit on seven days already keeps are left out. */
function windowsOf(problem: RotaProblem, warden: RotaWarden, shifts: readonly ShiftFacts[]): HoursWindow[] {
  const { rules } = problem;
  const mayWorkNights = shifts.some((facts) => facts.night && refusalOf(problem, warden, facts) === null);
  return averageWindows(problem, warden).flatMap((window) => {
    const optedOut = warden.optedOut.some((span) => holdsOn(span, window.endsOn));
    const perWeek = Math.min(optedOut ? Number.POSITIVE_INFINITY : rules.averageMinutesPerWeek.value, mayWorkNights ? rules.nightMinutesPerDay.value * 6 : Number.POSITIVE_INFINITY);
    const inside = Math.min(window.rotaWeeks, rules.averageWeeks.value);
    const most = perWeek * window.weeks - window.minutesBefore;
    if (most >= inside * rules.minutesInSevenDays.value) return [];
    return [{ from: (window.rotaWeeks - inside) * 7, to: window.rotaWeeks * 7, most: Math.max(0, most) }];
  });
}

/** A roster from cells (warden × day, the shift's index or -1). */
export function rosterOf({ problem, shifts, days }: RotaGrid, cells: Int32Array): Roster {
  const assignments = problem.wardens.flatMap((warden, index) => Array.from(cells.subarray(index * days, (index + 1) * days)).flatMap((shift) => (shift < 0 ? [] : [{ wardenId: warden.id, shiftId: shifts[shift]?.shift.id ?? '' }])));
  return { assignments };
}
