/** Rows of wardens, their terms and shifts -> the rota problem that is worked out and checked. Pure. */
import { addDays, daysBetween, localInstant, weekdayOf } from '../patrols/calendar.ts';
import { type AwayReason, capsFor, type Limit, type PairRule, type Preference, type RotaProblem, type RotaRules, type RotaShift, type RotaWarden, type RotaWeights, type Span, usualRotaRules, usualRotaWeights } from './rotaProblem.ts';
import { datedShifts, type ShiftType } from './rotaShifts.ts';

export type DatedShiftType = ShiftType & { readonly validFrom: string; readonly validTo: string | null };

export interface WardenRows {
  readonly id: string;
  readonly reference: string;
  readonly employed: Span;
  readonly contracts: RotaWarden['contracts'];
  readonly flags: readonly (Span & { readonly kind: 'no_nights' | 'opted_out_48' })[];
  readonly clearances: RotaWarden['clearances'];
  readonly absences: readonly { readonly kind: string; readonly firstDay: string; readonly lastDay: string; readonly fromMinute: number | null; readonly untilMinute: number | null }[];
  readonly wishes: readonly (Span & { readonly wanted: boolean; readonly weekday: number | null; readonly shiftCode: string | null })[];
}

export interface WorkedRow {
  readonly wardenId: string;
  readonly day: string;
  readonly startsAt: number;
  readonly endsAt: number;
}

export interface RotaRows {
  readonly startsOn: string;
  /** Included. */
  readonly endsOn: string;
  readonly seed: string;
  readonly types: readonly DatedShiftType[];
  readonly bankHolidays: readonly string[];
  readonly wardens: readonly WardenRows[];
  readonly pairs: readonly (Span & { readonly first: string; readonly second: string; readonly rule: 'cannot' | 'should_not' | 'first_beside' | 'second_beside' })[];
  /** Published shifts of other rotas, from the first day of the average to seven days after the rota. */
  readonly worked: readonly WorkedRow[];
  /** The first day of which any shift of the council is published. */
  readonly publishedFrom: string | null;
  /** Settings that begin with `rota_`, by name. */
  readonly settings: ReadonlyMap<string, unknown>;
  /** What a warden must hold to be planned. */
  readonly required: readonly string[];
}

/** Kinds of absence -> what the rota makes of them: paid ones count towards the contract. */
const awayAs: Readonly<Record<string, { readonly reason: AwayReason; readonly paid: boolean }>> = {
  annual_leave: { reason: 'leave', paid: true }, time_off_in_lieu: { reason: 'leave', paid: true }, other_leave: { reason: 'leave', paid: true },
  absent: { reason: 'absence', paid: true }, training: { reason: 'unavailable', paid: true }, other_duty: { reason: 'unavailable', paid: true },
};
const workedDaysBefore = 28;
const workedDaysAfter = 7;

/** The problem of a rota's rows: the same rows, the same problem. */
export function problemOf(rows: RotaRows): RotaProblem {
  const days = daysBetween(rows.startsOn, rows.endsOn) + 1;
  const rules = rulesOf(rows);
  const wardens = rows.wardens.map((warden) => wardenOf(rows, warden, rules.averageWeeks.value));
  return {
    from: rows.startsOn, days, usualShiftMinutes: numberOf(rows.settings, 'rota_usual_shift_minutes', 480), wardens,
    shifts: shiftsOf(rows, days),
    pairs: rows.pairs.filter((pair) => pair.from <= rows.endsOn && (pair.to === null || pair.to > rows.startsOn)).map(pairOf),
    rules, weights: weightsOf(rows.settings), seed: Number(rows.seed) || 0, caps: capsFor(wardens.length),
  };
}

function pairOf({ first, second, rule }: RotaRows['pairs'][number]): PairRule {
  if (rule === 'first_beside') return { kind: 'must', first, second };
  return rule === 'second_beside' ? { kind: 'must', first: second, second: first } : { kind: rule === 'cannot' ? 'mustNot' : 'shouldNot', first, second };
}

function shiftsOf({ types, startsOn, endsOn, bankHolidays }: RotaRows, days: number): RotaShift[] {
  const all = types.flatMap((type) => {
    const from = type.validFrom > startsOn ? type.validFrom : startsOn;
    const until = type.validTo !== null && type.validTo <= endsOn ? type.validTo : addDays(startsOn, days);
    return until > from ? datedShifts([type], from, daysBetween(from, until), bankHolidays) : [];
  });
  return all.toSorted((a, b) => a.startsAt - b.startsAt || (a.id < b.id ? -1 : 1));
}

function wardenOf(rows: RotaRows, warden: WardenRows, averageWeeks: number): RotaWarden {
  const { startsOn, endsOn, settings } = rows;
  const own = rows.worked.filter(({ wardenId }) => wardenId === warden.id);
  const from = addDays(startsOn, -workedDaysBefore);
  const to = addDays(endsOn, workedDaysAfter);
  return {
    id: warden.id, reference: warden.reference, employed: warden.employed, contracts: warden.contracts,
    noNights: warden.flags.some(({ kind, ...span }) => kind === 'no_nights' && span.from <= endsOn && (span.to === null || span.to > startsOn)),
    optedOut: warden.flags.filter(({ kind }) => kind === 'opted_out_48').map((span) => ({ from: span.from, to: span.to })),
    clearances: warden.clearances,
    away: warden.absences.filter(({ fromMinute }) => fromMinute === null).map(({ kind, firstDay, lastDay }) => ({ from: firstDay, to: addDays(lastDay, 1), ...(awayAs[kind] ?? { reason: 'unavailable', paid: false }) })),
    unavailable: warden.absences.flatMap(partsOfDays),
    preferences: wishesOf(warden, startsOn, endsOn),
    worked: own.filter(({ day }) => day >= from && day <= to).map(({ day, startsAt, endsAt }) => ({ date: day, startsAt, endsAt })),
    history: historyOf(rows, warden, own, averageWeeks - 1),
    ...(settings.has('rota_longest_run') ? { pattern: { longestRun: numberOf(settings, 'rota_longest_run', 0) } } : {}),
  };
}

function partsOfDays({ firstDay, lastDay, fromMinute, untilMinute }: WardenRows['absences'][number]): { startsAt: number; endsAt: number }[] {
  if (fromMinute === null || untilMinute === null) return [];
  return Array.from({ length: daysBetween(firstDay, lastDay) + 1 }, (_, index) => addDays(firstDay, index)).map((day) => ({ startsAt: localInstant(day, fromMinute), endsAt: localInstant(day, untilMinute) }));
}

function wishesOf({ wishes }: WardenRows, startsOn: string, endsOn: string): Preference[] {
  const days = Array.from({ length: daysBetween(startsOn, endsOn) + 1 }, (_, index) => addDays(startsOn, index));
  return wishes.flatMap(({ wanted, weekday, shiftCode, from, to }) => days
    .filter((day) => from <= day && (to === null || day < to) && (weekday === null || weekdayOf(day) === weekday - 1))
    .map((date): Preference => ({ date, type: shiftCode, wish: wanted ? 'desired' : 'undesired' })));
}

/** Weeks before the rota, the latest first: only those that a rota was published for, and in which the warden was employed. */
function historyOf({ startsOn, publishedFrom }: RotaRows, warden: WardenRows, own: readonly WorkedRow[], weeks: number): { minutes: number; excludedDays: number }[] {
  const history: { minutes: number; excludedDays: number }[] = [];
  for (let week = 1; week <= weeks; week++) {
    const from = addDays(startsOn, -7 * week);
    const to = addDays(from, 7);
    if (publishedFrom === null || from < publishedFrom || from < warden.employed.from) break;
    const minutes = own.filter(({ day }) => day >= from && day < to).reduce((sum, { startsAt, endsAt }) => sum + (endsAt - startsAt) / 60_000, 0);
    const excludedDays = Array.from({ length: 7 }, (_, index) => addDays(from, index))
      .filter((day) => warden.absences.some((away) => away.fromMinute === null && awayAs[away.kind]?.reason !== 'unavailable' && away.kind !== 'unavailable' && away.firstDay <= day && day <= away.lastDay)).length;
    history.push({ minutes, excludedDays });
  }
  return history;
}

const settingName = (key: string): string => `rota_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;

function numberOf(settings: ReadonlyMap<string, unknown>, name: string, otherwise: number): number {
  const value = settings.get(name);
  return typeof value === 'number' ? value : otherwise;
}

function rulesOf({ settings, required }: RotaRows): RotaRules {
  const limits = Object.entries(usualRotaRules).flatMap(([key, limit]: [string, unknown]): [string, Limit][] =>
    (isLimit(limit) ? [[key, { ...limit, value: numberOf(settings, settingName(key), limit.value) }]] : []));
  return { ...usualRotaRules, ...Object.fromEntries(limits), clearances: required };
}

const isLimit = (given: unknown): given is Limit => typeof given === 'object' && given !== null && 'value' in given;

function weightsOf(settings: ReadonlyMap<string, unknown>): RotaWeights {
  const weights = Object.entries(usualRotaWeights).map(([key, usual]: [string, number]) => [key, numberOf(settings, settingName(`weight_${key}`), usual)]);
  return { ...usualRotaWeights, ...Object.fromEntries(weights) as Partial<RotaWeights> };
}
