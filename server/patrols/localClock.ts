/** Times as people write them, on the clock in Britain: what happens twice in autumn and never in spring is named, not guessed. */
import { localTime, londonZone } from './calendar.ts';

export type ReadTime = { readonly ok: true; readonly instantMs: number } | { readonly ok: false; readonly why: string };

const minuteMs = 60_000;
const shape = /^(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})\/(\d{1,2})\/(\d{4}))[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)? ?(Z|BST|GMT|UTC|[+-]\d{2}:?\d{2})?$/i;

/**
 * The instant (milliseconds of UTC) of a local date and time such as `2023-10-02 18:05` or `02/10/2023 18:05`, or of one with its offset
 * (`Z`, `+01:00`, `BST`, `GMT`). A time that Europe/London has twice or not at all on that day is refused with the way to write it.
 */
export function readLocalTime(text: string): ReadTime {
  const parts = shape.exec(text.trim());
  if (!parts) return refuse(`"${text}" is not a date and time. Write it as 2023-10-02 18:05.`);
  const [, year, month, day, britishDay, britishMonth, britishYear, hour = '', minute = '', second = '0', zone] = parts;
  const date = `${year ?? britishYear}-${pad(month ?? britishMonth)}-${pad(day ?? britishDay)}`;
  if (!isDay(date)) return refuse(`"${text}" names a day that does not exist. Check the day and month.`);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return refuse(`"${text}" names a time that does not exist. Hours go from 00 to 23, minutes from 00 to 59.`);
  const asUtc = Date.parse(`${date}T00:00:00Z`) + Number(hour) * 60 * minuteMs + Number(minute) * minuteMs + Number(second) * 1000;
  return zone ? { ok: true, instantMs: asUtc - offsetMinutes(zone) * minuteMs } : fromWallClock(text, date, asUtc);
}

/** Britain is at UTC or one hour ahead: a wall clock time is right for each of the two that shows it. */
function fromWallClock(text: string, date: string, asUtc: number): ReadTime {
  const minuteOfDay = Math.floor((asUtc - Date.parse(`${date}T00:00:00Z`)) / minuteMs);
  const shows = [60, 0].map((offset) => asUtc - offset * minuteMs).filter((instantMs) => {
    const local = localTime(instantMs, londonZone);
    return local.date === date && local.minuteOfDay === minuteOfDay;
  });
  const [first, second] = shows;
  if (first === undefined) return refuse(`"${text}" never happens: the clocks go forward that night from 01:00 to 02:00. Write the time the clock showed.`);
  if (second !== undefined) return refuse(`"${text}" happens twice: the clocks go back that night. Write ${text.trim()} BST for the first or ${text.trim()} GMT for the second.`);
  return { ok: true, instantMs: first };
}

/** An instant as the clock in Britain showed it: `2023-10-02 18:05`. */
export function writeLocalTime(instantMs: number): string {
  const { date, minuteOfDay } = localTime(instantMs, londonZone);
  return `${date} ${pad(String(Math.floor(minuteOfDay / 60)))}:${pad(String(minuteOfDay % 60))}`;
}

function offsetMinutes(zone: string): number {
  const word = zone.toUpperCase();
  if (word === 'BST') return 60;
  if (word === 'GMT' || word === 'UTC' || word === 'Z') return 0;
  const digits = word.slice(1).replace(':', '');
  return (word.startsWith('-') ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
}

function isDay(date: string): boolean {
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date);
}

const pad = (part: string | undefined): string => (part ?? '').padStart(2, '0');
const refuse = (why: string): ReadTime => ({ ok: false, why });
