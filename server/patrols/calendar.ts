/**
 * Days and weeks on the local clock, without a clock of its own: dates are `YYYY-MM-DD` text, instants are milliseconds of UTC.
 * A day in Europe/London has 23, 24 or 25 hours; what lasts is counted in real minutes, never in hours of the wall clock.
 */

export const londonZone = 'Europe/London';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const weekdayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
const monthNames = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December',
] as const;

/** The day as milliseconds of UTC midnight; throws a RangeError naming a text that is not a real `YYYY-MM-DD` date. */
function parseDate(date: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) {
    throw new RangeError(`"${date}" is not a date; write it as year-month-day, for example 2023-10-02.`);
  }
  return ms;
}

/** The date `days` later (earlier when negative); throws a RangeError for a text that is not a date. */
export function addDays(date: string, days: number): string {
  return new Date(parseDate(date) + days * dayMs).toISOString().slice(0, 10);
}

/** Whole days from one date to another, negative when `to` is earlier; throws a RangeError for a text that is not a date. */
export function daysBetween(from: string, to: string): number {
  return Math.round((parseDate(to) - parseDate(from)) / dayMs);
}

/** 0 for Monday to 6 for Sunday; throws a RangeError for a text that is not a date. */
export function weekdayOf(date: string): number {
  return (new Date(parseDate(date)).getUTCDay() + 6) % 7;
}

/** The Monday on or before a date; throws a RangeError for a text that is not a date. */
export function mondayOf(date: string): string {
  return addDays(date, -weekdayOf(date));
}

/** The seven dates of the week that starts on a Monday; throws a RangeError naming any other day and its Monday. */
export function weekDates(weekStart: string): string[] {
  const weekday = weekdayOf(weekStart);
  if (weekday !== 0) {
    throw new RangeError(`A week starts on a Monday; ${weekStart} is a ${weekdayNames[weekday]}. Use ${mondayOf(weekStart)}.`);
  }
  return Array.from({ length: 7 }, (_, day) => addDays(weekStart, day));
}

/** A date as people say it: `Friday 6 October`; throws a RangeError for a text that is not a date. */
export function sayDate(date: string): string {
  const ms = parseDate(date);
  return `${weekdayNames[weekdayOf(date)]} ${Number(date.slice(8))} ${monthNames[new Date(ms).getUTCMonth()]}`;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
  });
  clocks.set(zone, made);
  return made;
}

/** What the wall clock of a zone shows at an instant (milliseconds of UTC): the local date and the minute of the day, 0 to 1439. */
export function localTime(instantMs: number, zone: string = londonZone): { date: string; minuteOfDay: number } {
  if (!(instantMs >= firstKeptMs && instantMs <= lastKeptMs)) return readClock(instantMs, zone);
  const local = instantMs + keptOffset(Math.floor(instantMs / quarterMs), zone);
  const iso = new Date(local).toISOString();
  return { date: iso.slice(0, 10), minuteOfDay: Number(iso.slice(11, 13)) * 60 + Number(iso.slice(14, 16)) };
}

/** Since 1973, when the last zone with odd seconds went, zones change on quarters of an hour by quarters of an hour, so one reading of the clock serves fifteen minutes. */
const quarterMs = 15 * minuteMs;
const [firstKeptMs, lastKeptMs] = [Date.UTC(1973, 0, 1), Date.UTC(2200, 0, 1)];
const mostKept = 40_000;
const offsets = new Map<string, number>();

function keptOffset(quarter: number, zone: string): number {
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const local = readClock(quarter * quarterMs, zone);
  const offset = parseDate(local.date) + local.minuteOfDay * minuteMs - quarter * quarterMs;
  if (offsets.size >= mostKept) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

function readClock(instantMs: number, zone: string): { date: string; minuteOfDay: number } {
  const parts: Record<string, string> = {};
  for (const part of clockOf(zone).formatToParts(instantMs)) parts[part.type] = part.value;
  return { date: `${parts['year']}-${parts['month']}-${parts['day']}`, minuteOfDay: Number(parts['hour']) * 60 + Number(parts['minute']) };
}

function offsetMs(instantMs: number, zone: string): number {
  const local = localTime(instantMs, zone);
  return parseDate(local.date) + local.minuteOfDay * minuteMs - Math.floor(instantMs / minuteMs) * minuteMs;
}

/**
 * The instant (milliseconds of UTC) at which a zone's wall clock shows a date and minute of the day; minute 1440 is the next midnight.
 * A time that comes twice in autumn gives the first; one that spring leaves out gives the same distance after the change. Throws a RangeError for a text that is not a date.
 */
export function localInstant(date: string, minuteOfDay: number, zone: string = londonZone): number {
  const asUtc = parseDate(date) + minuteOfDay * minuteMs;
  const before = asUtc - offsetMs(asUtc - dayMs, zone);
  const after = asUtc - offsetMs(asUtc + dayMs, zone);
  return before + offsetMs(before, zone) === asUtc ? before : after + offsetMs(after, zone) === asUtc ? after : before;
}
