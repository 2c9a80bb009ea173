/** Differences, percentages, shares and rates as the papers print them: rounded half away from zero. Pure. */

/** Rounds half away from zero to some decimals; integers in, so that no binary fraction decides a half. */
export function ratioOf(part: number, whole: number, times: number, decimals = 0): number | null {
  if (whole === 0) return null;
  const scale = 10 ** decimals;
  const [top, bottom] = [2 * Math.abs(part) * times * scale + Math.abs(whole), 2 * Math.abs(whole)];
  const size = Math.floor(top / bottom) / scale;
  return size === 0 ? 0 : part < 0 !== whole < 0 ? -size : size;
}

/** Change from one count to another in whole per cent of the first; null from 0. */
export const percentChange = (before: number, now: number): number | null => ratioOf(now - before, before, 100);

const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2021-07` to `2021-09` -> "Jul – Sep 21". */
export function shortPeriod(from: string, to: string): string {
  const say = (month: string): string => names[Number(month.slice(5, 7)) - 1] ?? month;
  return from === to ? `${say(from)} ${from.slice(2, 4)}` : `${say(from)}${from.slice(0, 4) === to.slice(0, 4) ? '' : ` ${from.slice(2, 4)}`} – ${say(to)} ${to.slice(2, 4)}`;
}

/** The first month of the financial year a month is in. */
export const yearStart = (month: string): string => `${Number(month.slice(5, 7)) >= 4 ? month.slice(0, 4) : String(Number(month.slice(0, 4)) - 1)}-04`;

/** Stands on every report that hides counts: each is protected on its own, and two of them can be subtracted. */
export const hiddenElsewhere = 'Do not publish this beside the same table of overlapping months or on the wards of another day: by subtracting one from the other a hidden count could be worked out.';
