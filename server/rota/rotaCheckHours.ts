/** The Working Time Regulations over weeks: the average week, a day's rest each week, and night work. */
import { addDays, sayDate } from '../patrols/calendar.ts';
import type { RotaBreach } from './rotaCheck.ts';
import { averageWindows, holdsOn, inHours, startOfDay, type AverageWindow } from './rotaFacts.ts';
import type { Worker } from './rotaPenalties.ts';
import type { RotaProblem } from './rotaProblem.ts';

/** Minutes a week on average over a window, the rota's own included. */
export function averageMinutes(problem: RotaProblem, worker: Worker, window: AverageWindow): number {
  const from = Math.max(0, window.rotaWeeks - problem.rules.averageWeeks.value) * 7;
  const inside = worker.shifts.filter(({ day }) => day >= from && day < window.rotaWeeks * 7).reduce((sum, { minutes }) => sum + minutes, 0);
  return (window.minutesBefore + inside) / window.weeks;
}

const lastShiftBefore = ({ shifts }: Worker, window: AverageWindow): string | null => shifts.findLast(({ day }) => day < window.rotaWeeks * 7)?.shift.id ?? null;

/** Regulation 4: 48 hours a week on average over 17 weeks, but for those with a written agreement. */
export function averageBreaches(problem: RotaProblem, worker: Worker): RotaBreach[] {
  const { value, regulation } = problem.rules.averageMinutesPerWeek;
  const { warden } = worker;
  return averageWindows(problem, warden).filter(({ endsOn }) => !warden.optedOut.some((span) => holdsOn(span, endsOn))).flatMap((window) => {
    const average = averageMinutes(problem, worker, window);
    if (average <= value + 1e-6) return [];
    return [{ rule: 'averageWeek', regulation, wardenId: warden.id, date: window.endsOn, shiftId: lastShiftBefore(worker, window), sentence: `${warden.reference} works ${inHours(average)} a week on average over the ${window.weeks} weeks to ${sayDate(window.endsOn)}; ${inHours(value)} is the most without a written agreement.` }];
  });
}

/** Regulation 6: a night worker's hours are at most 8 in 24 on average, one day of rest in seven left out; a written agreement to work over 48 hours does not lift it. */
export function nightBreaches(problem: RotaProblem, worker: Worker): RotaBreach[] {
  const { value, regulation } = problem.rules.nightMinutesPerDay;
  const { warden } = worker;
  if (!worker.shifts.some(({ night }) => night)) return [];
  return averageWindows(problem, warden).flatMap((window) => {
    const average = averageMinutes(problem, worker, window) / 6;
    if (average <= value + 1e-6) return [];
    return [{ rule: 'nightAverage', regulation, wardenId: warden.id, date: window.endsOn, shiftId: lastShiftBefore(worker, window), sentence: `${warden.reference} works nights and ${inHours(average)} in 24 hours on average over the ${window.weeks} weeks to ${sayDate(window.endsOn)}; ${inHours(value)} is the most.` }];
  });
}

/** Regulation 11: 24 hours off together in each week of the rota, or 48 hours (or twice 24) in its fortnight. Weeks are counted from the rota's first day. */
export function weeklyRestBreaches(problem: RotaProblem, worker: Worker): RotaBreach[] {
  const { weeklyRestMinutes, fortnightRestMinutes } = problem.rules;
  const { warden, shifts } = worker;
  const enough = (rests: readonly number[]): boolean => rests.some((rest) => rest >= fortnightRestMinutes.value) || rests.filter((rest) => rest >= weeklyRestMinutes.value).length >= 2;
  return Array.from({ length: Math.floor(problem.days / 7) }, (_, week) => week).flatMap((week) => {
    const rests = restsIn(problem, worker, week * 7, week * 7 + 7);
    const fortnight = Math.floor(week / 2) * 14;
    if (rests.some((rest) => rest >= weeklyRestMinutes.value)) return [];
    if (fortnight + 14 <= problem.days && enough(restsIn(problem, worker, fortnight, fortnight + 14))) return [];
    const last = shifts.findLast(({ day }) => day < week * 7 + 7);
    const longest = Math.max(0, ...rests);
    return [{ rule: 'weeklyRest', regulation: weeklyRestMinutes.regulation, wardenId: warden.id, date: addDays(problem.from, week * 7), shiftId: last?.shift.id ?? null, sentence: `${warden.reference} has at most ${inHours(longest)} off together in the week from ${sayDate(addDays(problem.from, week * 7))}; ${inHours(weeklyRestMinutes.value)} is the least.` }];
  });
}

/** Minutes of each rest between shifts from one day of the rota up to another, cut at both. */
function restsIn(problem: RotaProblem, { warden, shifts }: Worker, fromDay: number, toDay: number): number[] {
  const from = startOfDay(addDays(problem.from, fromDay));
  const to = startOfDay(addDays(problem.from, toDay));
  const turns = [...shifts.map(({ shift }) => shift), ...warden.worked].filter(({ startsAt, endsAt }) => endsAt > from && startsAt < to).toSorted((a, b) => a.startsAt - b.startsAt);
  const edges = [from, ...turns.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt]), to];
  return Array.from({ length: turns.length + 1 }, (_, index) => ((edges[index * 2 + 1] ?? to) - (edges[index * 2] ?? from)) / 60_000);
}
