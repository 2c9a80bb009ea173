/** Dates and times as files write them, by a local clock or with an offset. */

export type DateOrder = 'ymd' | 'dmy' | 'mdy';

export interface LocalTime {
  /** `2023-07-01 21:30:00`, the local clock; or with the offset it was given with. */
  readonly text: string;
  /** The local day, `YYYY-MM-DD`. */
  readonly day: string;
  /** False when only a day was given. */
  readonly hasTime: boolean;
}

const pattern = /^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

/** Reads a date with or without a time; undefined for what is no date in this order, or no date there is. `zone` names the local clock of a time with an offset. */
export function readTime(text: string, order: DateOrder, zone: string): LocalTime | undefined {
  const found = pattern.exec(text.trim());
  if (!found) return undefined;
  const [, first = '', second = '', third = '', hour, minute = '00', second60 = '00', offset] = found;
  const [year, month, day] = first.length === 4 || order === 'ymd' ? [first, second, third] : order === 'dmy' ? [third, second, first] : [third, first, second];
  if (year?.length !== 4 || !exists(Number(year), Number(month), Number(day)) || Number(hour ?? 0) > 23 || Number(minute) > 59 || Number(second60) > 59) return undefined;
  const date = `${year}-${(month ?? '').padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`;
  const clock = `${(hour ?? '0').padStart(2, '0')}:${minute}:${second60}`;
  if (offset === undefined) return { text: `${date} ${clock}`, day: date, hasTime: hour !== undefined };
  return { text: `${date} ${clock}${offset}`, day: localDay(`${date}T${clock}${withColon(offset)}`, zone), hasTime: true };
}

function exists(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1900;
}

const withColon = (offset: string): string => offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');

const formatters = new Map<string, Intl.DateTimeFormat>();

/** The day an instant falls on by a zone's clock. */
function localDay(instant: string, zone: string): string {
  const formatter = formatters.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formatters.set(zone, formatter);
  return formatter.format(new Date(instant));
}

/** The day after, `YYYY-MM-DD`. */
export function nextDay(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}
