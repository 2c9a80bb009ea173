/** Local agreements on the pattern of work: runs of days, breaks between them, weekends, kinds of shift and hours over the rota. */
import { addDays, daysBetween, sayDate } from '../patrols/calendar.ts';
import type { RotaBreach } from './rotaCheck.ts';
import { inHours } from './rotaFacts.ts';
import type { Worker } from './rotaPenalties.ts';
import type { RotaProblem } from './rotaProblem.ts';

interface Stretch {
  readonly working: boolean;
  readonly from: number;
  readonly length: number;
}

export function patternBreaches(problem: RotaProblem, worker: Worker): RotaBreach[] {
  const { pattern } = worker.warden;
  if (!pattern) return [];
  const breach = (day: number, shiftId: string | null, said: string): RotaBreach => ({
    rule: 'pattern', regulation: 'Rota agreement: pattern of work', wardenId: worker.warden.id, date: addDays(problem.from, Math.max(0, Math.min(problem.days - 1, day))), shiftId,
    sentence: `${worker.warden.reference} ${said}.`,
  });
  return [...stretchBreaches(problem, worker, breach), ...totalBreaches(worker, breach)];
}

type Say = (day: number, shiftId: string | null, said: string) => RotaBreach;

function stretchBreaches(problem: RotaProblem, worker: Worker, breach: Say): RotaBreach[] {
  const { shortestRun = 1, longestRun = Number.POSITIVE_INFINITY, shortestBreak = 1 } = worker.warden.pattern ?? {};
  return stretchesOf(problem, worker).flatMap(({ working, from, length }) => {
    const to = from + length - 1;
    // What touches an edge goes on outside the rota.
    const whole = from > 0 && to < problem.days - 1;
    const shiftId = worker.shifts.findLast(({ day }) => day <= Math.max(to, from))?.shift.id ?? null;
    const since = sayDate(addDays(problem.from, from));
    if (working && length > longestRun) return [breach(to, shiftId, `works ${length} days running from ${since}; ${longestRun} is the most`)];
    if (working && whole && length < shortestRun) return [breach(from, shiftId, `works ${length} running from ${since}; ${shortestRun} days is the least`)];
    if (!working && whole && length < shortestBreak) return [breach(from, worker.shifts.find(({ day }) => day > to)?.shift.id ?? null, `is off for ${length} from ${since}; ${shortestBreak} days is the least`)];
    return [];
  });
}

/** Runs of days worked and off over the rota, the first run counted from before the rota where shifts are known there. */
function stretchesOf(problem: RotaProblem, { warden, shifts }: Worker): Stretch[] {
  const worked = new Set([...shifts.map(({ day }) => day), ...warden.worked.map(({ date }) => daysBetween(problem.from, date))]);
  let first = 0;
  if (worked.has(0)) while (worked.has(first - 1)) first--;
  const found: Stretch[] = [];
  for (let day = first; day < problem.days; ) {
    let next = day;
    while (next < problem.days && worked.has(next) === worked.has(day)) next++;
    found.push({ working: worked.has(day), from: day, length: next - day });
    day = next;
  }
  return found;
}

function totalBreaches({ warden, shifts }: Worker, breach: Say): RotaBreach[] {
  const { mostWeekends = Number.POSITIVE_INFINITY, mostOfType = {}, leastMinutes = 0, mostMinutes = Number.POSITIVE_INFINITY } = warden.pattern ?? {};
  const last = shifts.at(-1);
  const weekendShifts = shifts.filter(({ weekend }) => weekend);
  // A Saturday and the Sunday after it share the Monday that follows them.
  const weekends = new Set(weekendShifts.map(({ shift }) => mondayAfter(shift.date))).size;
  const minutes = shifts.reduce((sum, shift) => sum + shift.minutes, 0);
  return [
    ...(weekends > mostWeekends ? [breach(weekendShifts.at(-1)?.day ?? 0, weekendShifts.at(-1)?.shift.id ?? null, `works ${weekends} weekends; ${mostWeekends} is the most`)] : []),
    ...Object.entries(mostOfType).flatMap(([type, most]) => {
      const own = shifts.filter(({ shift }) => shift.type === type);
      return own.length > most ? [breach(own.at(-1)?.day ?? 0, own.at(-1)?.shift.id ?? null, `works ${own.length} shifts of ${own[0]?.shift.name ?? type}; ${most} is the most`)] : [];
    }),
    ...(minutes > mostMinutes ? [breach(last?.day ?? 0, last?.shift.id ?? null, `works ${inHours(minutes)}; ${inHours(mostMinutes)} is the most`)] : []),
    ...(minutes < leastMinutes ? [breach(0, null, `works ${inHours(minutes)}; ${inHours(leastMinutes)} is the least`)] : []),
  ];
}

const mondayAfter = (date: string): number => Math.floor((daysBetween('1970-01-05', date) + 7) / 7);
