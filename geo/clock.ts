/** Minutes that local clocks are ahead of UTC at an instant (milliseconds since 1970 UTC). */
export type ClockOffset = (utcMs: number) => number;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * Local clocks in Europe/London: an hour ahead from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October
 * (The Summer Time Order 2002; the same rule since 1996).
 */
export function londonOffset(utcMs: number): number {
  const year = new Date(utcMs).getUTCFullYear();
  return utcMs >= lastSunday(year, 2) + hourMs && utcMs < lastSunday(year, 9) + hourMs ? 60 : 0;
}

/** Midnight UTC of the last Sunday of a month (0 to 11) that has 31 days. */
function lastSunday(year: number, month: number): number {
  const last = Date.UTC(year, month, 31);
  return last - new Date(last).getUTCDay() * dayMs;
}

/** An instant made from a local clock time, and whether that time came once, twice or never on that day. */
export interface LocalInstant {
  utcMs: number;
  came: 'once' | 'twice' | 'never';
}

/**
 * The instant of a local clock time, itself given as milliseconds as if it were UTC (`Date.UTC(2023, 9, 29, 1, 30)`). A time that came twice
 * is taken the first time; one skipped in spring is moved on by the hour that was skipped.
 */
export function localInstant(localMs: number, offset: ClockOffset = londonOffset): LocalInstant {
  if (!Number.isFinite(localMs)) throw new RangeError(`A clock time of ${localMs} cannot be read: give milliseconds.`);
  const around = [offset(localMs - dayMs), offset(localMs + dayMs)];
  const fits = [...new Set(around)].map((minutes) => localMs - minutes * 60_000).filter((utcMs) => utcMs + offset(utcMs) * 60_000 === localMs);
  if (fits.length === 0) return { utcMs: localMs - (around[0] as number) * 60_000, came: 'never' };
  return { utcMs: Math.min(...fits), came: fits.length === 1 ? 'once' : 'twice' };
}

/** The hour of the local week an instant falls in: 0 is Monday 00:00, 167 Sunday 23:00. */
export function hourOfWeek(utcMs: number, offset: ClockOffset = londonOffset): number {
  const hours = Math.floor((utcMs + offset(utcMs) * 60_000) / hourMs);
  // 1 January 1970 was a Thursday: three days, 72 hours, into the week.
  return (((hours + 72) % 168) + 168) % 168;
}

/** The next instant after this one at which the local clock shows a full hour. */
export function nextFullHour(utcMs: number, offset: ClockOffset = londonOffset): number {
  const local = utcMs + offset(utcMs) * 60_000;
  return utcMs + hourMs - (((local % hourMs) + hourMs) % hourMs);
}
