/** Recording changes and gaps: which of them a comparison crosses. Pure. */
import type { Crossing, RecordingNote } from './qualityContract.ts';

export type HeldNote = Pick<RecordingNote, 'id' | 'kind' | 'source' | 'councilCode' | 'startsOn' | 'endsOn' | 'what'>;

/** What is compared or added up: all its months (`YYYY-MM`), the baseline's too; sources and councils by code. */
export interface Compared {
  readonly months: readonly string[];
  readonly sources: readonly string[];
  readonly councils: readonly string[];
}

/**
 * The notes that a comparison crosses, by their first day. A change is crossed by months on both sides of its day, a period recorded
 * otherwise by months inside and outside it, a gap by any month it touches; a note of another source or council by none.
 * A month cut in two by the day lies on both sides.
 */
export function crossedBy(notes: readonly HeldNote[], compared: Compared): Crossing[] {
  return notes
    .filter((note) => concerns(note, compared) && isCrossed(note, compared.months))
    .sort((a, b) => (a.startsOn < b.startsOn ? -1 : 1))
    .map((note) => ({ id: note.id, kind: note.kind, startsOn: note.startsOn, endsOn: note.endsOn, says: wordsOf(note) }));
}

function concerns({ source, councilCode }: HeldNote, { sources, councils }: Compared): boolean {
  return (source === null || sources.includes(source)) && (councilCode === '' || councils.includes(councilCode));
}

function isCrossed({ kind, startsOn, endsOn }: HeldNote, months: readonly string[]): boolean {
  const beforeStart = (month: string): boolean => `${month}-01` < startsOn;
  const afterStart = (month: string): boolean => month >= startsOn.slice(0, 7);
  if (kind === 'change' || endsOn === null) return months.some(beforeStart) && months.some(afterStart);
  // The end is the first day it is over: a month that begins on it lies outside.
  const touches = (month: string): boolean => afterStart(month) && `${month}-01` < endsOn;
  const wholly = (month: string): boolean => `${month}-01` >= startsOn && nextMonth(month) <= endsOn;
  return months.some(touches) && (kind === 'gap' || !months.every(wholly));
}

/** The first day of the month after, as the tables hold it. */
function nextMonth(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01-01` : `${year}-${String(number + 1).padStart(2, '0')}-01`;
}

const monthNames = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** `1 May 2023`. */
function dayWords(day: string): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return `${Number(date)} ${monthNames[Number(month) - 1] ?? month} ${year}`;
}

const kinds = { change: 'Recording change', period: 'Recorded otherwise', gap: 'Gap' } as const;

function wordsOf({ kind, startsOn, endsOn, what }: HeldNote): string {
  const when = endsOn === null || kind === 'change' ? `from ${dayWords(startsOn)} on` : `${dayWords(startsOn)} until before ${dayWords(endsOn)}`;
  return `${kinds[kind]}, ${when}: ${what}`;
}
