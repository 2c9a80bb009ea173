/** What dragging or a key does to a draft, as the changes that are sent. Pure. */
import type { RotaDraft } from '../../server/rota/draftContract.ts';

export interface Place {
  readonly wardenId: string;
  readonly day: string;
}

export interface Change {
  readonly wardenId: string;
  readonly shiftId: string;
  readonly on: boolean;
}

type Draft = Pick<RotaDraft, 'cells' | 'shifts'>;

/** The codes of the shifts a warden has on a day. */
export function codesAt({ cells }: Draft, { wardenId, day }: Place): string[] {
  return cells.filter((cell) => cell.wardenId === wardenId && cell.shiftId.startsWith(`${day}-`)).map(({ shiftId }) => shiftId.slice(11));
}

const hasShift = ({ shifts }: Draft, day: string, code: string): boolean => shifts.some((shift) => shift.day === day && shift.code === code);

/** Puts a warden on one shift of a day in place of any other; no code takes the warden off. */
export function setShift(draft: Draft, place: Place, code: string | null): Change[] {
  const now = codesAt(draft, place);
  const off = now.filter((each) => each !== code).map((each) => ({ wardenId: place.wardenId, shiftId: `${place.day}-${each}`, on: false }));
  const on = code !== null && !now.includes(code) && hasShift(draft, place.day, code) ? [{ wardenId: place.wardenId, shiftId: `${place.day}-${code}`, on: true }] : [];
  return [...off, ...on];
}

/** Moves what is at one place to another; what is there comes back in exchange. Empty where a day has no such shift. */
export function move(draft: Draft, from: Place, to: Place): Change[] {
  if (from.wardenId === to.wardenId && from.day === to.day) return [];
  const [mine] = codesAt(draft, from);
  const [theirs] = codesAt(draft, to);
  if (mine === undefined || !hasShift(draft, to.day, mine) || (theirs !== undefined && !hasShift(draft, from.day, theirs))) return [];
  return [...setShift(draft, from, theirs ?? null), ...setShift(draft, to, mine)];
}

/** The changes that take some back. */
export const undone = (changes: readonly Change[]): Change[] => changes.map((change) => ({ ...change, on: !change.on })).toReversed();

/** The Mondays of a rota's weeks, from its first day's week to its last day's. */
export function weeksOf(days: readonly string[], mondayOf: (day: string) => string): string[] {
  return [...new Set(days.map(mondayOf))];
}
