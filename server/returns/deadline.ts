/** When a return is due, and which months may be asked for. Dates are `YYYY-MM-DD` text, months `YYYY-MM`. */
import { addMonths } from '../hotspots/months.ts';

const dayMs = 86_400_000;

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The last day of a month. */
export function lastDayOf(month: string): string {
  return dateOf(Date.parse(`${addMonths(month, 1)}-01T00:00:00Z`) - dayMs);
}

/** The same date a year before; 29 February becomes 28 February. */
export function yearBefore(date: string): string {
  const earlier = `${String(Number(date.slice(0, 4)) - 1).padStart(4, '0')}${date.slice(4)}`;
  return earlier.endsWith('-02-29') ? earlier.replace(/29$/, '28') : earlier;
}

/**
 * The day a return for `month` is due: the nth working day of the month after it, where Saturdays, Sundays and the bank holidays given are not working days.
 * Throws a RangeError for a number below 1.
 */
export function dueOn(month: string, workingDay: number, bankHolidays: ReadonlySet<string>): string {
  if (!Number.isInteger(workingDay) || workingDay < 1) throw new RangeError(`${workingDay} is not a working day of a month; give 1 or more.`);
  let ms = Date.parse(`${addMonths(month, 1)}-01T00:00:00Z`) - dayMs;
  for (let left = workingDay; left > 0; ) {
    ms += dayMs;
    const weekend = [0, 6].includes(new Date(ms).getUTCDay());
    if (!weekend && !bankHolidays.has(dateOf(ms))) left -= 1;
  }
  return dateOf(ms);
}

/** The month a moment lies in by the clock in Britain. */
export function localMonth(now: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', year: 'numeric', month: '2-digit' }).formatToParts(now);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}`;
}
