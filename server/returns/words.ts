/** Dates, months and changes in words, for workbooks and errors. */

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** "2023-10" -> "October 2023". */
export function sayMonth(month: string): string {
  return `${months[Number(month.slice(5, 7)) - 1] ?? month} ${month.slice(0, 4)}`;
}

/** "2023-10-02" -> "2 October 2023". */
export function sayDate(date: string): string {
  return `${Number(date.slice(8, 10))} ${sayMonth(date)}`;
}

/** "October 2023", or "October to December 2023". */
export function sayPeriod({ month, lastMonth = month }: { month: string; lastMonth?: string | undefined }): string {
  if (month === lastMonth) return sayMonth(month);
  const sameYear = month.slice(0, 4) === lastMonth.slice(0, 4);
  return `${sameYear ? sayMonth(month).slice(0, -5) : sayMonth(month)} to ${sayMonth(lastMonth)}`;
}
