/** Checks a rota a second time, from instants alone and by other means than the service: clocks are read every quarter of an hour, rules are looked for, not walked. */
import type { RotaProblem, RotaShift, RotaWarden, Roster, Span } from '../../server/rota/rotaProblem.ts';

const hour = 3_600_000;
const dayLength = 86_400_000;
const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London', dateStyle: 'short', timeStyle: 'short' });
const dayNumber = (date: string): number => Date.parse(`${date}T12:00:00Z`) / dayLength - 0.5;
const dateOf = (day: number): string => new Date((day + 0.5) * dayLength).toISOString().slice(0, 10);
const within = (span: Span, date: string): boolean => dayNumber(date) >= dayNumber(span.from) && (span.to === null || dayNumber(date) < dayNumber(span.to));
const isWeekday = (day: number): boolean => ![0, 6].includes(new Date((day + 0.5) * dayLength).getUTCDay());
const weekOf = (day: number): number => Math.floor((day + 3) / 7);

interface Quarters {
  readonly dates: readonly string[];
  readonly nightMinutes: number;
}

const read = new Map<string, Quarters>();

/** The local dates a shift touches and its minutes between 23:00 and 06:00, read off the clock. */
function quartersOf(shift: RotaShift): Quarters {
  const key = `${shift.startsAt}-${shift.endsAt}`;
  const known = read.get(key);
  if (known) return known;
  const times = Array.from({ length: (shift.endsAt - shift.startsAt) / (hour / 4) }, (_, quarter) => clock.format(shift.startsAt + (quarter * hour) / 4));
  const made = { dates: [...new Set(times.map((time) => time.slice(0, 10)))], nightMinutes: 15 * times.filter((time) => Number(time.slice(11, 13)) >= 23 || Number(time.slice(11, 13)) < 6).length };
  read.set(key, made);
  return made;
}

interface Worked {
  readonly day: number;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly shift: RotaShift | null;
}

const length = ({ startsAt, endsAt }: { readonly startsAt: number; readonly endsAt: number }): number => (endsAt - startsAt) / 60_000;
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

function workOf(problem: RotaProblem, roster: Roster, warden: RotaWarden): Worked[] {
  const inside = roster.assignments.filter(({ wardenId }) => wardenId === warden.id).map(({ shiftId }): Worked => {
    const shift = problem.shifts.find(({ id }) => id === shiftId)!;
    return { day: dayNumber(shift.date), startsAt: shift.startsAt, endsAt: shift.endsAt, shift };
  });
  return [...inside, ...warden.worked.map((shift): Worked => ({ ...shift, day: dayNumber(shift.date), shift: null }))].toSorted((a, b) => a.startsAt - b.startsAt);
}

/** The names of the hard rules a roster breaks, one a warden and rule. */
export function brokenRules(problem: RotaProblem, roster: Roster): string[] {
  const first = dayNumber(problem.from);
  return problem.wardens.flatMap((warden) => {
    const all = workOf(problem, roster, warden);
    const own = all.filter(({ shift }) => shift !== null);
    const tests: Record<string, boolean> = {
      oneADay: own.some((one) => all.some((other) => other !== one && other.day === one.day)),
      rest: all.some((one, at) => all.slice(at + 1).some((later) => (one.shift !== null || later.shift !== null) && later.startsAt - one.endsAt < problem.rules.restMinutes.value * 60_000)),
      sevenDays: Array.from({ length: problem.days + 6 }, (_, back) => first - 6 + back).some((from) => {
        const seven = all.filter(({ day }) => day >= from && day < from + 7);
        return seven.some(({ shift }) => shift) && (seven.length > problem.rules.shiftsInSevenDays.value || sum(seven.map(length)) > problem.rules.minutesInSevenDays.value);
      }),
      mayWork: own.some(({ shift }) => !mayWork(problem, warden, shift!)),
      contract: own.length > 0 && sum(own.map(length)) > owedBy(problem, warden) + problem.rules.shiftsAboveContract.value * problem.usualShiftMinutes + 0.001,
      average: own.length > 0 && averageTooLong(problem, warden, own),
      weeklyRest: Array.from({ length: Math.floor(problem.days / 7) }, (_, week) => first + week * 7).some((from) => !restsFor(all, from, 7, 24) && !restsFor(all, from - ((from - first) % 14), 14, 48)),
      pairs: problem.pairs.some(({ kind, first: one, second }) => one === warden.id && kind !== 'shouldNot' && own.some(({ shift }) => roster.assignments.some(({ wardenId, shiftId }) => wardenId === second && shiftId === shift!.id) !== (kind === 'must'))),
    };
    return Object.entries(tests).filter(([, broken]) => broken).map(([name]) => `${warden.reference} ${name}`);
  });
}

function mayWork(problem: RotaProblem, warden: RotaWarden, shift: RotaShift): boolean {
  const { dates, nightMinutes } = quartersOf(shift);
  return dates.every((date) => within(warden.employed, date) && (warden.contracts.length === 0 || warden.contracts.some((contract) => within(contract, date))) && !warden.away.some((away) => within(away, date)) && problem.rules.clearances.every((kind) => warden.clearances.some((held) => held.kind === kind && within(held, date))))
    && !(warden.noNights && nightMinutes >= 180)
    && warden.unavailable.every((span) => span.endsAt <= shift.startsAt || span.startsAt >= shift.endsAt);
}

function owedBy(problem: RotaProblem, warden: RotaWarden): number {
  const first = dayNumber(problem.from);
  return Math.max(0, sum(Array.from({ length: problem.days }, (_, at) => {
    const date = dateOf(first + at);
    if (!within(warden.employed, date)) return 0;
    const week = sum(warden.contracts.filter((contract) => within(contract, date)).map(({ minutesPerWeek }) => minutesPerWeek));
    const paid = isWeekday(first + at) && warden.away.some((away) => away.paid && within(away, date));
    return week / 7 - (paid ? week / 5 : 0);
  })));
}

/** 48 hours a week over 17 weeks; night workers too with a written agreement, since 8 hours in 24 over six days are the same 48. */
function averageTooLong(problem: RotaProblem, warden: RotaWarden, own: readonly Worked[]): boolean {
  const first = dayNumber(problem.from);
  const nights = own.some(({ shift }) => quartersOf(shift!).nightMinutes >= 180);
  return Array.from({ length: Math.floor(problem.days / 7) }, (_, at) => at + 1).some((weeks) => {
    if (!nights && warden.optedOut.some((span) => within(span, dateOf(first + weeks * 7 - 1)))) return false;
    const before = warden.history.slice(0, 17 - weeks);
    const week = sum(warden.contracts.filter((contract) => within(contract, problem.from)).map(({ minutesPerWeek }) => minutesPerWeek));
    const inside = own.filter(({ day }) => day < first + weeks * 7);
    return sum(before.map(({ minutes, excludedDays }) => minutes + (excludedDays * week) / 7)) + sum(inside.map(length)) > 2880 * (weeks + before.length) && inside.length > 0;
  });
}

/** Whether hours off together begin somewhere: at the start of the days, or when a shift ends. */
function restsFor(all: readonly Worked[], from: number, days: number, hours: number): boolean {
  const [start, end] = [midnight(from), midnight(from + days)];
  return [start, ...all.map(({ endsAt }) => endsAt)].some((at) => at >= start && at + hours * hour <= end && all.every((one) => one.endsAt <= at || one.startsAt >= at + hours * hour));
}

function midnight(day: number): number {
  const utc = day * dayLength;
  return clock.format(utc).slice(11) === '00:00' ? utc : utc - hour;
}

/** What a roster costs, added up shift by shift and warden by warden. */
export function costOf(problem: RotaProblem, roster: Roster): number {
  return sum(problem.shifts.map((shift) => shiftCost(problem, roster, shift))) + sum(problem.wardens.map((warden) => wardenCost(problem, roster, warden)));
}

function shiftCost({ wardens, weights, rules, pairs }: RotaProblem, roster: Roster, shift: RotaShift): number {
  const there = wardens.filter(({ id }) => roster.assignments.some(({ wardenId, shiftId }) => wardenId === id && shiftId === shift.id));
  let crews = 0;
  while (crews < shift.cover.crews && (crews + 1) * shift.cover.crewSize <= there.length) crews++;
  const accredited = there.filter(({ clearances }) => quartersOf(shift).dates.every((date) => clearances.some((held) => held.kind === rules.accreditation && within(held, date)))).length;
  const together = pairs.filter(({ kind, first, second }) => kind === 'shouldNot' && [first, second].every((one) => there.some(({ id }) => id === one))).length;
  return (shift.cover.crews - crews) * (shift.cover.underWeight ?? weights.underCover) + (there.length - crews * shift.cover.crewSize) * (shift.cover.overWeight ?? weights.overCover)
    + (crews > accredited ? (crews - accredited) * weights.noAccredited : 0) + together * weights.shouldNotTogether;
}

function wardenCost(problem: RotaProblem, roster: Roster, warden: RotaWarden): number {
  const { weights } = problem;
  const first = dayNumber(problem.from);
  const all = workOf(problem, roster, warden);
  const own = all.filter(({ shift }) => shift !== null);
  const apart = (sum(own.map(length)) - owedBy(problem, warden)) / problem.usualShiftMinutes;
  let shifts = 0;
  while (Math.abs(apart) - shifts > 0.5 + 1e-6) shifts++;
  const weekends = [...new Set(own.filter(({ day }) => !isWeekday(day)).map(({ day }) => weekOf(day)))];
  const past = new Set(all.filter(({ day, shift }) => !isWeekday(day) && (shift !== null || day < first)).map(({ day }) => weekOf(day)));
  const third = weekends.filter((week) => [1, 2, 3].filter((back) => past.has(week - back)).length >= 2).length;
  const isolated = [...new Set(own.map(({ day }) => day))].filter((day) => day !== first + problem.days - 1 && !all.some((other) => Math.abs(other.day - day) === 1)).length;
  const wishes = warden.preferences.filter(({ date }) => dayNumber(date) >= first && dayNumber(date) < first + problem.days).map(({ date, type, wish, weight }) => {
    const works = own.some(({ shift }) => shift!.date === date && (type === null || type === shift!.type));
    if (wish === 'undesired') return works ? (weight ?? weights.undesired) : 0;
    return works ? 0 : (weight ?? weights.desiredMissed);
  });
  return shifts * (apart > 0 ? weights.overContract : weights.shortOfContract) + third * weights.thirdWeekend + isolated * weights.isolatedDay + sum(wishes);
}
