/**
 * How figures are written on every screen. Inputs are what contracts carry: integer pence, whole minutes, ISO dates.
 * A figure that is not known is never written as 0: use `notAvailable` or `notStarted`, or `orMissing`.
 */

export const notAvailable = 'not available';
export const notStarted = 'not started';
const minus = '\u2212';

/** `orMissing(row.amountPence, money)` is the amount, or "not available" when it is null. */
export function orMissing<T>(value: T | null | undefined, write: (value: T) => string, missing: string = notAvailable): string {
  return value === null || value === undefined ? missing : write(value);
}

function grouped(whole: number | bigint): string {
  return whole.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** -123456 pence -> "−£1,234.56". Whole pence in, no rounding. */
export function money(pence: number): string {
  const size = Math.abs(pence);
  const sign = pence < 0 ? minus : '';
  return `${sign}£${grouped(Math.trunc(size / 100))}.${String(size % 100).padStart(2, '0')}`;
}

/** 123456 pence -> "£1,235": to the nearest pound, for headlines; write the exact amount beside or below. */
export function wholePounds(pence: number): string {
  const pounds = Math.round(Math.abs(pence) / 100);
  return `${pence < 0 && pounds > 0 ? minus : ''}£${grouped(pounds)}`;
}

/** 1,827,037 minutes -> "30,450 h 37 min"; 45 -> "0 h 45 min". Whole person-minutes in. */
export function hoursMinutes(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? minus : ''}${grouped(Math.trunc(size / 60))} h ${size % 60} min`;
}

/** 750 minutes -> "12.5 h", for axes and headlines. */
export function decimalHours(minutes: number, digits = 1): string {
  return `${decimal(minutes / 60, digits)} h`;
}

/** 1234 -> "1,234". */
export function count(value: number): string {
  return `${value < 0 ? minus : ''}${grouped(Math.round(Math.abs(value)))}`;
}

/** 1234.567 -> "1,234.6": a rate or any other number with a fixed number of decimals. */
export function decimal(value: number, digits = 1): string {
  const text = Math.abs(value).toFixed(digits);
  const [whole = '0', part] = text.split('.');
  const sign = value < 0 && Number(text) !== 0 ? minus : '';
  return `${sign}${grouped(BigInt(whole))}${part === undefined ? '' : `.${part}`}`;
}

/** 0.123 -> "12.3%". */
export function percent(share: number, digits = 1): string {
  return `${decimal(share * 100, digits)}%`;
}

/** 0.123 -> "+12.3%", -0.04 -> "−4.0%", 0 -> "0.0%": a change, always with its sign. */
export function change(share: number, digits = 1): string {
  const text = percent(share, digits);
  return text.startsWith(minus) || Number(text.replace('%', '').replaceAll(',', '')) === 0 ? text : `+${text}`;
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

function monthName(isoMonthText: string): string {
  return months[Number(isoMonthText.slice(5, 7)) - 1] ?? isoMonthText;
}

/** "2023-07-01" -> "1 July 2023". */
export function date(iso: string): string {
  return `${Number(iso.slice(8, 10))} ${monthName(iso)} ${iso.slice(0, 4)}`;
}

/** "2023-07-01" -> "1 Jul 2023", for tables. */
export function shortDate(iso: string): string {
  return `${Number(iso.slice(8, 10))} ${monthName(iso).slice(0, 3)} ${iso.slice(0, 4)}`;
}

/** "2023-07" (or any date in it) -> "July 2023". */
export function month(iso: string): string {
  return `${monthName(iso)} ${iso.slice(0, 4)}`;
}

/** "2023-07" -> "Jul 2023", for axes and tables. */
export function shortMonth(iso: string): string {
  return `${monthName(iso).slice(0, 3)} ${iso.slice(0, 4)}`;
}

/** "2023-04", "2024-03" -> "April 2023 to March 2024"; one month is written once. Works on dates too. */
export function period(from: string, to: string): string {
  if (from === to) return from.length > 7 ? date(from) : month(from);
  return from.length > 7 ? `${date(from)} to ${date(to)}` : `${month(from)} to ${month(to)}`;
}

function londonParts(iso: string): { day: string; clock: string } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/London', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }).formatToParts(new Date(iso));
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return { day: `${part('year')}-${part('month')}-${part('day')}`, clock: `${part('hour')}:${part('minute')}` };
}

/** An instant as people in Britain read it: "1 July 2023, 14:05". */
export function instant(iso: string): string {
  const { day, clock } = londonParts(iso);
  return `${date(day)}, ${clock}`;
}

/** "1 Jul 2023, 14:05", for tables. */
export function shortInstant(iso: string): string {
  const { day, clock } = londonParts(iso);
  return `${shortDate(day)}, ${clock}`;
}

/** The clock time of an instant in Britain: "14:05". */
export function clockTime(iso: string): string {
  return londonParts(iso).clock;
}
