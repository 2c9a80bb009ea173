/** Looks a roster over: every rule it breaks, named with its regulation, and every penalty, so that its cost is the sum of what is listed. */
import { addDays, sayDate } from '../patrols/calendar.ts';
import { averageBreaches, nightBreaches, weeklyRestBreaches } from './rotaCheckHours.ts';
import { contractMinutes, factsOfShifts, inHours, minutesOf, refusalOf, sayShift, type ShiftFacts } from './rotaFacts.ts';
import { patternBreaches } from './rotaCheckPattern.ts';
import { penaltiesOf, type RotaPenalty, type Worker } from './rotaPenalties.ts';
import type { RotaProblem, Roster } from './rotaProblem.ts';

export type RotaRuleName =
  | 'oneShiftADay' | 'rest' | 'shiftsInSevenDays' | 'minutesInSevenDays' | 'aboveContract' | 'employed' | 'cleared' | 'away' | 'unavailable' | 'noNights'
  | 'pairMust' | 'pairMustNot' | 'averageWeek' | 'weeklyRest' | 'nightAverage' | 'pattern';

export interface RotaBreach {
  readonly rule: RotaRuleName;
  readonly regulation: string;
  readonly wardenId: string;
  /** The day it shows on. */
  readonly date: string;
  /** The shift that would have to go. */
  readonly shiftId: string | null;
  readonly sentence: string;
}

/** Something to see to, which is no breach. */
export interface RotaNote {
  readonly rule: 'break';
  readonly regulation: string;
  readonly sentence: string;
}

export interface RotaCheck {
  /** Rules broken; a rota is never made with one, and somebody who enters one by hand gives a reason. */
  readonly breaches: readonly RotaBreach[];
  readonly penalties: readonly RotaPenalty[];
  readonly notes: readonly RotaNote[];
  /** The sum of the penalties. */
  readonly cost: number;
}

/** Checks a roster against every rule of its problem; throws for a warden or a shift that the problem does not have. */
export function checkRota(problem: RotaProblem, roster: Roster): RotaCheck {
  const workers = workersOf(problem, roster);
  const penalties = penaltiesOf(problem, workers);
  return {
    breaches: [...workers.flatMap((worker) => breachesOf(problem, worker)), ...pairBreaches(problem, workers)].toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0)),
    penalties,
    notes: breakNotes(problem, workers),
    cost: penalties.reduce((sum, { cost }) => sum + cost, 0),
  };
}

/** The shifts of each warden, by their start; every warden of the problem is there. */
export function workersOf(problem: RotaProblem, roster: Roster): Worker[] {
  const facts = new Map(factsOfShifts(problem).map((shift) => [shift.shift.id, shift]));
  const shifts = new Map<string, ShiftFacts[]>(problem.wardens.map(({ id }) => [id, []]));
  for (const { wardenId, shiftId } of roster.assignments) {
    const shift = facts.get(shiftId);
    const own = shifts.get(wardenId);
    if (!shift) throw new RangeError(`The rota has no shift ${shiftId}. Name one of its shifts.`);
    if (!own) throw new RangeError(`The rota has no warden ${wardenId}. Name one of its wardens.`);
    own.push(shift);
  }
  return problem.wardens.map((warden) => ({ warden, shifts: (shifts.get(warden.id) ?? []).toSorted((a, b) => a.shift.startsAt - b.shift.startsAt) }));
}

function breachesOf(problem: RotaProblem, worker: Worker): RotaBreach[] {
  return [
    ...refusals(problem, worker), ...dayBreaches(worker), ...restBreaches(problem, worker), ...sevenDayBreaches(problem, worker), ...contractBreaches(problem, worker),
    ...averageBreaches(problem, worker), ...weeklyRestBreaches(problem, worker), ...nightBreaches(problem, worker), ...patternBreaches(problem, worker),
  ];
}

function refusals(problem: RotaProblem, { warden, shifts }: Worker): RotaBreach[] {
  return shifts.flatMap((facts) => {
    const refusal = refusalOf(problem, warden, facts);
    return refusal ? [{ rule: refusal.rule, regulation: refusal.regulation, wardenId: warden.id, date: facts.shift.date, shiftId: facts.shift.id, sentence: `${warden.reference} cannot work ${sayShift(facts.shift)}: ${refusal.because}.` }] : [];
  });
}

function dayBreaches({ warden, shifts }: Worker): RotaBreach[] {
  return shifts.flatMap((facts, index) => {
    const before = shifts[index - 1];
    if (before?.shift.date !== facts.shift.date) return [];
    return [{ rule: 'oneShiftADay', regulation: 'Rota agreement: one shift a day', wardenId: warden.id, date: facts.shift.date, shiftId: facts.shift.id, sentence: `${warden.reference} has ${before.shift.name} and ${facts.shift.name} on ${sayDate(facts.shift.date)}; one shift a day is the most.` }];
  });
}

interface Turn {
  readonly id: string | null;
  readonly said: string;
  readonly date: string;
  readonly startsAt: number;
  readonly endsAt: number;
}

/** The warden's shifts in and around the rota, by their start. */
function turnsOf({ warden, shifts }: Worker): Turn[] {
  const inside = shifts.map(({ shift }): Turn => ({ id: shift.id, said: sayShift(shift), date: shift.date, startsAt: shift.startsAt, endsAt: shift.endsAt }));
  const outside = warden.worked.map((shift): Turn => ({ id: null, said: `the shift on ${sayDate(shift.date)} outside this rota`, ...shift }));
  return [...inside, ...outside].toSorted((a, b) => a.startsAt - b.startsAt);
}

function restBreaches({ rules }: RotaProblem, worker: Worker): RotaBreach[] {
  const turns = turnsOf(worker);
  return turns.flatMap((turn, index) => {
    const before = turns[index - 1];
    if (!before || (before.id === null && turn.id === null)) return [];
    const rest = (turn.startsAt - before.endsAt) / 60_000;
    if (rest >= rules.restMinutes.value) return [];
    return [{ rule: 'rest', regulation: rules.restMinutes.regulation, wardenId: worker.warden.id, date: turn.date, shiftId: turn.id ?? before.id, sentence: `${worker.warden.reference} rests ${inHours(rest)} between ${before.said} and ${turn.said}; ${inHours(rules.restMinutes.value)} is the least.` }];
  });
}

/** Each span of seven days that ends on a day worked, or that begins in the rota and ends after it. */
function sevenDayBreaches({ rules }: RotaProblem, worker: Worker): RotaBreach[] {
  const turns = turnsOf(worker);
  return turns.flatMap((turn) => {
    const within = turns.filter(({ date }) => date <= turn.date && date > addDays(turn.date, -7));
    const last = within.findLast(({ id }) => id !== null);
    if (!last) return [];
    const minutes = within.reduce((sum, one) => sum + minutesOf(one), 0);
    const about = { wardenId: worker.warden.id, date: turn.date, shiftId: last.id };
    const said = `${worker.warden.reference} works`;
    const until = `in the seven days to ${sayDate(turn.date)}`;
    return [
      ...(within.length > rules.shiftsInSevenDays.value ? [{ ...about, rule: 'shiftsInSevenDays' as const, regulation: rules.shiftsInSevenDays.regulation, sentence: `${said} ${within.length} shifts ${until}; ${rules.shiftsInSevenDays.value} is the most.` }] : []),
      ...(minutes > rules.minutesInSevenDays.value ? [{ ...about, rule: 'minutesInSevenDays' as const, regulation: rules.minutesInSevenDays.regulation, sentence: `${said} ${inHours(minutes)} ${until}; ${inHours(rules.minutesInSevenDays.value)} is the most.` }] : []),
    ];
  });
}

function contractBreaches(problem: RotaProblem, { warden, shifts }: Worker): RotaBreach[] {
  const last = shifts.at(-1);
  const minutes = shifts.reduce((sum, shift) => sum + shift.minutes, 0);
  const owed = contractMinutes(problem, warden);
  const { value, regulation } = problem.rules.shiftsAboveContract;
  if (!last || minutes <= owed + value * problem.usualShiftMinutes + 1e-6) return [];
  return [{ rule: 'aboveContract', regulation, wardenId: warden.id, date: last.shift.date, shiftId: last.shift.id, sentence: `${warden.reference} is planned for ${inHours(minutes)} and owes ${inHours(owed)}; ${value} ${value === 1 ? 'shift' : 'shifts'} above contract is the most.` }];
}

function pairBreaches(problem: RotaProblem, workers: readonly Worker[]): RotaBreach[] {
  const byId = new Map(workers.map((worker) => [worker.warden.id, worker]));
  return problem.pairs.flatMap(({ kind, first, second }) => {
    const one = byId.get(first);
    const other = byId.get(second);
    if (!one || !other || kind === 'shouldNot') return [];
    return one.shifts.flatMap(({ shift }): RotaBreach[] => {
      const together = other.shifts.some((theirs) => theirs.shift.id === shift.id);
      if (together === (kind === 'must')) return [];
      const sentence = kind === 'must' ? `${one.warden.reference} works only beside ${other.warden.reference}, who is not on ${sayShift(shift)}.` : `${one.warden.reference} and ${other.warden.reference} must not work together: ${sayShift(shift)}.`;
      return [{ rule: kind === 'must' ? 'pairMust' : 'pairMustNot', regulation: 'Rota agreement: who works together', wardenId: first, date: shift.date, shiftId: shift.id, sentence }];
    });
  });
}

function breakNotes({ rules }: RotaProblem, workers: readonly Worker[]): RotaNote[] {
  const short = new Map<string, ShiftFacts>();
  for (const { shifts } of workers) for (const facts of shifts) if (facts.minutes > rules.breakAfterMinutes.value && facts.shift.breakMinutes < rules.breakMinutes.value) short.set(facts.shift.type, short.get(facts.shift.type) ?? facts);
  return [...short.values()].map(({ shift, minutes }) => ({ rule: 'break', regulation: rules.breakAfterMinutes.regulation, sentence: `${shift.name} lasts ${inHours(minutes)} with a break of ${shift.breakMinutes} min; over ${inHours(rules.breakAfterMinutes.value)} a break of ${rules.breakMinutes.value} min is due. Enter the break with the shift.` }));
}

/** Takes shifts out of a roster until it breaks no rule that taking out can mend. */
export function withoutBreaches(problem: RotaProblem, roster: Roster): Roster {
  let kept = roster;
  for (;;) {
    const breach = checkRota(problem, kept).breaches.find(({ shiftId }) => shiftId !== null);
    if (!breach) return kept;
    const at = kept.assignments.findLastIndex(({ wardenId, shiftId }) => wardenId === breach.wardenId && shiftId === breach.shiftId);
    kept = { assignments: kept.assignments.toSpliced(at, 1) };
  }
}

