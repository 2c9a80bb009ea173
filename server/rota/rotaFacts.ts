/** What a rota problem says, worked out once: days, nights, who may work which shift and why not, and what each contract owes. */
import { addDays, daysBetween, localInstant, localTime, sayDate, weekdayOf } from '../patrols/calendar.ts';
import type { RotaProblem, RotaRules, RotaShift, RotaWarden, Span } from './rotaProblem.ts';

const minuteMs = 60_000;

export interface ShiftFacts {
  readonly shift: RotaShift;
  /** Day of the rota, 0 for its first. */
  readonly day: number;
  readonly minutes: number;
  readonly night: boolean;
  readonly weekend: boolean;
  /** The local days it touches. */
  readonly dates: readonly string[];
}

/** Why a warden may not work a shift: the rule, the regulation it stands in, and words that follow the warden's reference. */
export interface Refusal {
  readonly rule: 'employed' | 'cleared' | 'away' | 'unavailable' | 'noNights';
  readonly regulation: string;
  readonly because: string;
}

export const holdsOn = (span: Span, date: string): boolean => span.from <= date && (span.to === null || date < span.to);

export const inHours = (minutes: number): string => {
  const whole = Math.round(Math.abs(minutes));
  const hours = Math.floor(whole / 60);
  return `${minutes < 0 ? '−' : ''}${hours} h${whole % 60 === 0 ? '' : ` ${whole % 60} min`}`;
};

export const sayShift = (shift: RotaShift): string => `${shift.name} on ${sayDate(shift.date)}`;

const known = new WeakMap<RotaProblem, readonly ShiftFacts[]>();

/** The day, length and kind of every shift, in the order given; throws for a shift outside the rota's days or one that does not last. Worked out once for each problem: reading clocks is slow. */
export function factsOfShifts(problem: RotaProblem): readonly ShiftFacts[] {
  const made = known.get(problem) ?? readShifts(problem);
  known.set(problem, made);
  return made;
}

function readShifts(problem: RotaProblem): ShiftFacts[] {
  return problem.shifts.map((shift) => {
    const day = daysBetween(problem.from, shift.date);
    if (day < 0 || day >= problem.days) throw new RangeError(`${sayShift(shift)} lies outside the rota, which has ${problem.days} days from ${sayDate(problem.from)}. Change its date or the rota's days.`);
    const minutes = minutesOf(shift);
    if (!(minutes > 0)) throw new RangeError(`${sayShift(shift)} ends before it starts. Put its end after its start.`);
    const lastDate = localTime(shift.endsAt - minuteMs).date;
    const dates = Array.from({ length: daysBetween(shift.date, lastDate) + 1 }, (_, later) => addDays(shift.date, later));
    return { shift, day, minutes, night: isNight(shift, dates, problem.rules), weekend: weekdayOf(shift.date) >= 5, dates };
  });
}

export const minutesOf = (shift: { readonly startsAt: number; readonly endsAt: number }): number => (shift.endsAt - shift.startsAt) / minuteMs;

function isNight(shift: RotaShift, dates: readonly string[], { night }: RotaRules): boolean {
  const windows = [addDays(shift.date, -1), ...dates].map((date) => [localInstant(date, night.fromMinute), localInstant(night.toMinute <= night.fromMinute ? addDays(date, 1) : date, night.toMinute)] as const);
  const inside = windows.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, shift.endsAt) - Math.max(from, shift.startsAt)), 0);
  return inside >= night.minutes * minuteMs;
}

/** Why the warden may not work the shift, or null when nothing stands against it. */
export function refusalOf(problem: RotaProblem, warden: RotaWarden, facts: ShiftFacts): Refusal | null {
  const { rules } = problem;
  const outside = facts.dates.find((date) => !holdsOn(warden.employed, date));
  if (outside) return { rule: 'employed', regulation: 'Contract of employment', because: `is not employed on ${sayDate(outside)}` };
  const between = warden.contracts.length > 0 && facts.dates.find((date) => !warden.contracts.some((contract) => holdsOn(contract, date)));
  if (between) return { rule: 'employed', regulation: 'Contract of employment', because: `has no contract on ${sayDate(between)}` };
  for (const kind of rules.clearances) {
    const without = facts.dates.find((date) => !holdsClearance(warden, kind, date));
    if (without) return { rule: 'cleared', regulation: `Rota agreement: ${kind}`, because: `holds no ${kind} on ${sayDate(without)}` };
  }
  for (const away of warden.away) {
    const day = facts.dates.find((date) => holdsOn(away, date));
    if (day) return { rule: 'away', regulation: `Rota agreement: ${away.reason}`, because: `is away (${away.reason}) on ${sayDate(day)}` };
  }
  const { startsAt, endsAt } = facts.shift;
  if (warden.unavailable.some((span) => span.startsAt < endsAt && startsAt < span.endsAt)) return { rule: 'unavailable', regulation: 'Rota agreement: unavailable', because: 'is unavailable for a part of it' };
  if (warden.noNights && facts.night) return { rule: 'noNights', regulation: rules.night.regulation, because: 'works no nights' };
  return null;
}

export const holdsClearance = (warden: RotaWarden, kind: string, date: string): boolean => warden.clearances.some((held) => held.kind === kind && holdsOn(held, date));

/** Whether the warden holds the accreditation on every day the shift touches. */
export const isAccredited = (problem: RotaProblem, warden: RotaWarden, facts: ShiftFacts): boolean => facts.dates.every((date) => holdsClearance(warden, problem.rules.accreditation, date));

/** Minutes the contract owes on a day of the rota: a seventh of its week; 0 outside employment. */
const perDay = (warden: RotaWarden, date: string): number => (holdsOn(warden.employed, date) ? weeklyOn(warden, date) / 7 : 0);

const weeklyOn = (warden: RotaWarden, date: string): number => warden.contracts.reduce((sum, contract) => sum + (holdsOn(contract, date) ? contract.minutesPerWeek : 0), 0);

/** Minutes the warden owes over the rota: a seventh of the contract's week each day, less a fifth of it each Monday to Friday of paid leave or absence, never under 0. */
export function contractMinutes(problem: RotaProblem, warden: RotaWarden): number {
  let owed = 0;
  for (let day = 0; day < problem.days; day++) {
    const date = addDays(problem.from, day);
    owed += perDay(warden, date);
    if (weekdayOf(date) < 5 && warden.away.some((away) => away.paid && holdsOn(away, date))) owed -= (perDay(warden, date) * 7) / 5;
  }
  return Math.max(0, Math.round(owed * 1000) / 1000);
}

/** Whole shifts between what is worked and what is owed, half a shift counting as none: above 0 when worked is more. */
export function shiftsFromContract(minutes: number, owed: number, usualShiftMinutes: number): number {
  const apart = (minutes - owed) / usualShiftMinutes;
  return apart > 0 ? Math.max(0, Math.ceil(apart - 0.5 - 1e-9)) : 0 - Math.max(0, Math.ceil(-apart - 0.5 - 1e-9));
}

export interface AverageWindow {
  /** Weeks of the rota inside it. */
  readonly rotaWeeks: number;
  /** Its last day. */
  readonly endsOn: string;
  /** Weeks it spans in all. */
  readonly weeks: number;
  /** Minutes worked before the rota, with contract hours standing in for days of leave and sickness (regulation 4(6) lets later days stand in; those are not known yet). */
  readonly minutesBefore: number;
}

/** The spans over which the week's average is taken, one ending with each full week of the rota; shorter for a warden employed for less (regulation 4(4)). */
export function averageWindows(problem: RotaProblem, warden: RotaWarden): AverageWindow[] {
  const span = problem.rules.averageWeeks.value;
  return Array.from({ length: Math.floor(problem.days / 7) }, (_, index) => index + 1).map((rotaWeeks) => {
    const before = warden.history.slice(0, Math.max(0, span - rotaWeeks));
    const endsOn = addDays(problem.from, rotaWeeks * 7 - 1);
    let minutesBefore = before.reduce((sum, week) => sum + week.minutes + (week.excludedDays * weeklyOn(warden, problem.from)) / 7, 0);
    const inside = Math.min(rotaWeeks, span);
    for (let day = (rotaWeeks - inside) * 7; day < rotaWeeks * 7; day++) {
      const date = addDays(problem.from, day);
      if (warden.away.some((away) => away.reason !== 'unavailable' && holdsOn(away, date))) minutesBefore += perDay(warden, date);
    }
    return { rotaWeeks, endsOn, weeks: inside + before.length, minutesBefore };
  });
}

export const startOfDay = (date: string): number => localInstant(date, 0);
