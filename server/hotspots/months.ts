/** Months as `YYYY-MM` text: counting, listing and writing them. */

/** The month so many months later (earlier when negative). */
export function addMonths(month: string, by: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + by;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
}

/** Every month from the first to the last, both included; none when the first is later. */
export function monthsBetween(from: string, to: string): string[] {
  const months: string[] = [];
  for (let month = from; month <= to; month = addMonths(month, 1)) months.push(month);
  return months;
}

/** The first day of a month, as the tables hold it. */
export const firstDay = (month: string): string => `${month}-01`;

/** The month of a date. */
export const monthOf = (date: string): string => date.slice(0, 7);

/** The day after a month's last one. */
export const dayAfter = (month: string): string => firstDay(addMonths(month, 1));

/** Months as stretches: `2023-01 to 2024-06, 2024-09`. */
export function monthStretches(months: readonly string[]): string {
  const stretches: [string, string][] = [];
  for (const month of [...months].sort()) {
    const last = stretches.at(-1);
    if (last && addMonths(last[1], 1) === month) last[1] = month;
    else if (last?.[1] !== month) stretches.push([month, month]);
  }
  return stretches.map(([from, to]) => (from === to ? from : `${from} to ${to}`)).join(', ');
}
