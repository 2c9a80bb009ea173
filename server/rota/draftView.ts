/** A draft as its page shows it: planned and owed hours, averages, breaches with the reasons they stand for. Pure. */
import { addDays, daysBetween } from '../patrols/calendar.ts';
import type { DraftBreach, DraftPreview, DraftShift, DraftWarden, RotaDraft } from './draftContract.ts';
import type { RotaRunRow } from './rows.ts';
import { averageMinutes } from './rotaCheckHours.ts';
import { type RotaBreach, type RotaCheck, workersOf } from './rotaCheck.ts';
import { averageWindows, contractMinutes, holdsOn, minutesOf } from './rotaFacts.ts';
import type { Worker } from './rotaPenalties.ts';
import type { Assignment, RotaProblem, RotaShift } from './rotaProblem.ts';

/** What names a breach while a draft is changed: rule, warden, day and shift. */
export const breachKey = ({ rule, wardenId, date, shiftId }: RotaBreach): string => [rule, wardenId, date, shiftId ?? ''].join('|');

export function breachesOut(check: RotaCheck, exceptions: readonly { readonly breach: string; readonly reason: string }[]): DraftBreach[] {
  const reasons = new Map(exceptions.map(({ breach, reason }) => [breach, reason]));
  const byKey = new Map(check.breaches.map((breach) => [breachKey(breach), breach]));
  return [...byKey].map(([key, breach]) => ({ key, regulation: breach.regulation, wardenId: breach.wardenId, day: breach.date, sentence: breach.sentence, reason: reasons.get(key) ?? null }));
}

/** The difference of two checks: what one finds that the other does not. A breach that stays and gets worse is said anew, and counts as no mending. */
export function previewOf(before: RotaCheck, after: RotaCheck): DraftPreview {
  const found = (check: RotaCheck): Map<string, RotaBreach> => new Map(check.breaches.map((breach) => [breachKey(breach), breach]));
  const [old, next] = [found(before), found(after)];
  const says = ({ sentence, regulation }: RotaBreach): DraftPreview['breaks'][number] => ({ sentence, regulation });
  return {
    breaks: [...next].filter(([key, { sentence }]) => old.get(key)?.sentence !== sentence).map(([, breach]) => says(breach)),
    mends: [...old].filter(([key]) => !next.has(key)).map(([, breach]) => says(breach)),
    adds: without(after.penalties, before.penalties), saves: without(before.penalties, after.penalties), costBefore: before.cost, costAfter: after.cost,
  };
}

type Priced = DraftPreview['adds'][number];

/** What a list has more than another. */
function without(list: readonly Priced[], other: readonly Priced[]): Priced[] {
  const key = ({ sentence, cost }: Priced): string => `${cost} ${sentence}`;
  const known = new Set(other.map(key));
  return list.filter((each) => !known.has(key(each))).map(({ sentence, cost }) => ({ sentence, cost }));
}

/** Persons wanted on a shift. */
export const coverOf = ({ cover }: RotaShift): number => cover.crews * cover.crewSize;

export function shiftsOut({ shifts }: RotaProblem): DraftShift[] {
  return shifts.map((shift) => ({
    id: shift.id, day: shift.date, code: shift.type, name: shift.name, startsAt: new Date(shift.startsAt).toISOString(), endsAt: new Date(shift.endsAt).toISOString(),
    minutes: minutesOf(shift), coverWanted: coverOf(shift),
  }));
}

export function wardensOut(problem: RotaProblem, assignments: readonly Assignment[]): DraftWarden[] {
  return workersOf(problem, { assignments }).map((worker) => wardenOut(problem, worker));
}

function wardenOut(problem: RotaProblem, worker: Worker): DraftWarden {
  const { warden, shifts } = worker;
  const days = Array.from({ length: problem.days }, (_, index) => addDays(problem.from, index));
  const window = averageWindows(problem, warden).at(-1);
  const contract = warden.contracts.findLast((each) => each.from <= (days.at(-1) ?? problem.from));
  return {
    id: warden.id, reference: warden.reference, contractMinutesPerWeek: contract?.minutesPerWeek ?? 0,
    plannedMinutes: shifts.reduce((sum, { minutes }) => sum + minutes, 0), owedMinutes: contractMinutes(problem, warden),
    averageMinutes: window ? averageMinutes(problem, worker, window) : 0, averageWeeks: window?.weeks ?? 0,
    optedOut: warden.optedOut.some((span) => days.some((day) => holdsOn(span, day))), noNights: warden.noNights,
    away: days.flatMap((day) => {
      const away = warden.away.find((span) => holdsOn(span, day));
      return away ? [{ day, reason: away.reason }] : [];
    }),
  };
}

/** Share of a cost above its bound; null without a bound. */
export function gapOf(cost: number, bound: number | null): number | null {
  if (bound === null) return null;
  return cost <= bound ? 0 : (cost - bound) / Math.max(1, Math.abs(bound));
}

export function runsOut(runs: readonly RotaRunRow[]): RotaDraft['runs'] {
  return runs.map(({ id, method, madeAt, cost, bound, seed, inputSha256, used }) => ({ id, method, madeAt, cost, bound, gap: gapOf(cost, bound), seed, inputSha256, used }));
}

/** Bank holidays among the days of a problem. */
export const holidaysWithin = (problem: RotaProblem, bankHolidays: readonly string[]): string[] =>
  bankHolidays.filter((day) => daysBetween(problem.from, day) >= 0 && daysBetween(problem.from, day) < problem.days);
