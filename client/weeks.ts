/** Days and weeks as addresses and forms carry them: `YYYY-MM-DD`, weeks from a Monday. Pure but for `today`. */

const dayMs = 86_400_000;

/** The date `days` later, earlier when negative. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** The Monday on or before a date. */
export function mondayOf(date: string): string {
  return addDays(date, -((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7));
}

/** The day it is in Britain. */
export function today(now: Date = new Date()): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(now);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** The 4-hour bands of a day, 0 to 5. */
export const bandNames = ['00–04', '04–08', '08–12', '12–16', '16–20', '20–24'] as const;
/** The days of a week, 1 to 7. */
export const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** The day or month nearest to the middle of some, whatever their order. */
export function nearestToMiddle(days: readonly string[]): string | undefined {
  const times = days.map((day) => Date.parse(day));
  const middle = (Math.min(...times) + Math.max(...times)) / 2;
  return days.toSorted((a, b) => Math.abs(Date.parse(a) - middle) - Math.abs(Date.parse(b) - middle))[0];
}
