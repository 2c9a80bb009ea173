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

/** The day a return for a period is due by its rule; null where it is due as soon as it is known. First and last are days. */
export function deadlineOf({ workingDay, days, daysFromStart }: { workingDay?: number | undefined; days?: number | undefined; daysFromStart?: number | undefined }, period: { first: string; last: string }, bankHolidays: ReadonlySet<string>): string | null {
  if (workingDay !== undefined) return dueOn(period.last.slice(0, 7), workingDay, bankHolidays);
  if (days !== undefined) return dateOf(Date.parse(`${period.last}T00:00:00Z`) + days * dayMs);
  return daysFromStart === undefined ? null : dateOf(Date.parse(`${period.first}T00:00:00Z`) + daysFromStart * dayMs);
}

const periodMonths: Record<string, number> = { monthly: 1, quarterly: 3, 'half-yearly': 6, yearly: 12, 'on event': 1 };

/** First and last month of the period a month lies in; quarters, halves and years are those of a year from April. */
export function periodOf(month: string, frequency: string): { month: string; lastMonth: string; months: number } {
  const months = periodMonths[frequency] ?? 1;
  const first = addMonths(month, -((Number(month.slice(5, 7)) + 8) % months));
  return { month: first, lastMonth: addMonths(first, months - 1), months };
}

/** The month a moment lies in by the clock in Britain. */
export function localMonth(now: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', year: 'numeric', month: '2-digit' }).formatToParts(now);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}`;
}
