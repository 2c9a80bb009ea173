/** Weeks as people give them: from a Monday, and not too many at once. Pure. */
import { invalid } from '../errors.ts';
import { addDays, daysBetween, weekDates } from './calendar.ts';

const mostWeeks = 160;

/** Throws in words when a date is not a Monday, naming the Monday before it. */
export function checkMonday(field: string, date: string): void {
  try {
    weekDates(date);
  } catch (error) {
    throw invalid([{ field, message: (error as Error).message }]);
  }
}

/** The Mondays from one to another, both included; throws in words when they are none, or too many to show. */
export function checkWeekSpan(from: string, to: string): string[] {
  checkMonday('from', from);
  checkMonday('to', to);
  const weeks = daysBetween(from, to) / 7 + 1;
  if (weeks < 1) throw invalid([{ field: 'to', message: `${to} is before ${from}. Give a later Monday.` }]);
  if (weeks > mostWeeks) throw invalid([{ field: 'to', message: `${weeks} weeks are more than can be shown at once. Give at most ${mostWeeks}.` }]);
  return Array.from({ length: weeks }, (_, index) => addDays(from, index * 7));
}
